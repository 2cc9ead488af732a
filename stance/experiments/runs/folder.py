"""Folder: what a run leaves on disk, and whether what lies there is whole."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.classifiers.saving import write_whole
from stance.experiments.configs.base import BaseConfig
from stance.experiments.result import Result
from stance.experiments.runs.fingerprint import code_digest, digest, file_digest, versions
from stance.experiments.runs.store import parquet_bytes

if TYPE_CHECKING:
    import pyarrow as pa

FILES = ("results.json", "predictions.parquet", "config.yaml")
"""Written by every run; the same bytes for the same config, data and versions."""


def write_folder(
    folder: Path,
    config: BaseConfig,
    result: Result,
    predictions: pa.Table,
    *,
    environment: dict[str, Any],
) -> None:
    """Write a report, all but ``environment.json``: that file says that the folder is whole.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    config, result, predictions
    environment : dict
        As ``environment_of`` gives it; gets the digests of the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "environment.json").unlink(missing_ok=True)
    text = config.to_yaml()
    contents = (result.to_json().encode(), parquet_bytes(predictions), text.encode())
    for name, content in zip(FILES, contents, strict=True):
        write_whole(folder / name, content)
    environment["run"]["files"] = {name: file_digest(folder / name) for name in FILES}
    from stance.reporting.report import write_report

    # Timings and digests of the run stay in environment.json, or no two pages would be alike.
    shown = {key: environment[key] for key in ("versions", "platform")}
    write_report(result, predictions, folder=folder, config=text, environment=shown)


def seal_folder(folder: Path, *, environment: dict[str, Any], root: Path) -> None:
    """Write ``environment.json``, the last file of a run."""
    text = json.dumps(environment, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / "environment.json", text.encode())
    mark = _mark(root, environment["run"]["key"])
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _mark(root: Path, key: str) -> Path:
    """The file that says that a run was made in this copy of the project."""
    return root / ".cache" / "runs" / digest(key)


def standing_result(folder: Path, key: str, *, root: Path, under: str = "key") -> Result | None:
    """The result that a folder holds, if it is this run's, made here, whole and untouched.

    A report that came with a clone was made elsewhere: whoever runs its config wants it run.

    Parameters
    ----------
    folder : Path
    root : Path
        The project's, whose ``.cache`` remembers what was run here.
    key : str
        Of the run: the digest of its config, data, code and versions.
    under : {"key", "stamp"}
        Where the folder has it: ``key`` is of the data as they were read, ``stamp`` of the files
        that they are read from.
    """
    try:
        run = json.loads((folder / "environment.json").read_text(encoding="utf-8"))["run"]
        is_ours = run[under] == key and not run["failed"] and _mark(root, run["key"]).is_file()
        if not is_ours or not all(file_digest(folder / f) == run["files"][f] for f in FILES):
            return None
        if not (folder / "report.html").is_file():
            return None
        return Result.from_json((folder / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def environment_of(
    key: str, data: str, *, stamp: str, seconds: dict[str, Any], failed: Sequence[str]
) -> dict[str, Any]:
    """Where and in what time a run was made: the one file that differs from run to run.

    Parameters
    ----------
    key, stamp : str
        As ``standing_result`` takes them; an empty stamp says that there is none.
    data : str
        Fingerprint of the data.
    seconds : dict
        Per phase and model; may be added to until the folder is sealed.
    failed : sequence of str
        Models that the result lacks.
    """
    return {
        "versions": versions(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "seconds": seconds,
        "run": {
            "key": key,
            "stamp": stamp,
            "data": data,
            "code": code_digest(),
            "failed": list(failed),
            "files": {},
        },
    }
