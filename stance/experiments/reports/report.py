"""Report: a folder that a run left, read back."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.experiments.result import Result

if TYPE_CHECKING:
    import pyarrow as pa

NEEDED = ("results.json", "predictions.parquet", "config.yaml")
"""What a report must hold to be compared or reproduced."""


class ReportError(ValueError):
    """A folder that is no report, or one that is damaged."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report on disk.

    Parameters
    ----------
    folder : Path
    result : Result
    values : mapping
        ``results.json`` as it stands, whatever version of the package wrote it.
    config : mapping
        The resolved config, not checked: one of an older version may lack what is new.
    environment : mapping
        Empty where the file is missing.
    """

    folder: Path
    result: Result
    values: Mapping[str, Any]
    config: Mapping[str, Any]
    environment: Mapping[str, Any]

    def predictions(self) -> pa.Table:
        """``predictions.parquet``.

        Raises
        ------
        ReportError
            The file cannot be read as Parquet.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / "predictions.parquet"
        try:
            return pq.read_table(path)
        except (pa.ArrowException, OSError) as error:
            raise ReportError(f"{path}: cannot be read as Parquet: {error}") from error

    @property
    def corpus(self) -> tuple[str, str, str]:
        """Name, task and variant of what was tested on, defaults filled in from its card.

        Task and variant of a table of one's own are empty.
        """
        from stance.corpora import card, corpus_names

        split = self.config.get("split")
        other = (
            split.get("to") if isinstance(split, Mapping) else None
        )  # trained here, tested there
        asked = next((s for s in (other, self.config.get("corpus")) if isinstance(s, Mapping)), {})
        name, task, variant = (str(asked.get(key) or "") for key in ("name", "task", "variant"))
        if name not in corpus_names():
            return name, task, variant
        tasks = {one.name: one for one in card(name).tasks}
        task = task or next(iter(tasks))
        if not variant and task in tasks:
            variant = tasks[task].variants[0].name
        return name, task, variant


def read_report(folder: str | os.PathLike[str]) -> Report:
    """The report in a folder.

    Raises
    ------
    ReportError
        A file is missing, or is not what a run writes.
    """
    import yaml

    folder = Path(folder)
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise ReportError(
            f"{folder}: expected a report, a folder with {', '.join(NEEDED)}; "
            f"{', '.join(missing)} missing: `stance run` writes one"
        )
    text = _text(folder / "results.json")
    try:
        result, values = Result.from_json(text), json.loads(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{folder / 'results.json'}: no result of a run: {error}") from error
    try:
        config = yaml.safe_load(_text(folder / "config.yaml"))
    except (yaml.YAMLError, RecursionError) as error:
        raise ReportError(f"{folder / 'config.yaml'}: cannot be read as YAML: {error}") from error
    if not isinstance(config, dict):
        raise ReportError(f"{folder / 'config.yaml'}: expected keys and values, got {config!r:.80}")
    return Report(folder, result, values, config, _environment(folder / "environment.json"))


def _environment(path: Path) -> Mapping[str, Any]:
    try:
        values = json.loads(_text(path)) if path.is_file() else {}
    except ValueError as error:
        raise ReportError(f"{path}: cannot be read as JSON: {error}") from error
    return values if isinstance(values, dict) else {}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"{path}: cannot be read: {error}") from error
