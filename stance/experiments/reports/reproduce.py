"""Reproduce: a report's own config, run again from nothing, and what came out otherwise.

The config is copied into a folder of its own, whose store of answers is empty, so that every model
is trained anew. Then each value of ``results.json`` and each prediction is held against the
committed one, and every file's bytes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import zip_longest
from math import isfinite, isnan
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from stance.experiments.reports.report import Report, read_report
from stance.experiments.run import RunError, run_config
from stance.experiments.runs.fingerprint import file_digest
from stance.experiments.runs.progress import Progress, Step

SCHEMA_VERSION = 1
TOLERANCE = 1e-6
"""The last digit of ``results.json``: a value that lies between two may be rounded to either."""

ROWS = ("model", "seed", "corpus", "split", "id")
"""What names a prediction."""

_SLACK = 1e-12  # 0.000001 cannot be written in binary
_ENVIRONMENT = "environment.json"

FileState = Literal["identical", "different", "missing", "new"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A value that did not come out as it was committed.

    Parameters
    ----------
    path : str
        Place in ``results.json``, or row and column of the predictions.
    committed, now : scalar, list, dict or None
        None also where the one or the other has no such value.
    difference : float or None
        Now minus committed, between numbers.
    """

    path: str
    committed: Any
    now: Any
    difference: float | None = None


@dataclass(frozen=True, slots=True)
class FileCheck:
    """A file of the report: ``missing`` is not written now, ``new`` was not committed."""

    name: str
    state: FileState


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of running a report again.

    Parameters
    ----------
    folder : Path
        The committed report.
    tolerance : float
        Allowed between two floats, absolute.
    n_values, n_predictions : int
        Checked values of ``results.json``, and rows of predictions.
    moved_values, moved_predictions : tuple of Moved
        In ``results.json``; in the predictions, one for every column of a row.
    files : tuple of FileCheck
        But for ``environment.json``, which differs from run to run.
    changed : tuple of str
        What of data, code, versions and machine is not as it was: where to look for a cause.
    seconds : float
    """

    folder: Path
    tolerance: float
    n_values: int
    n_predictions: int
    moved_values: tuple[Moved, ...]
    moved_predictions: tuple[Moved, ...]
    files: tuple[FileCheck, ...]
    changed: tuple[str, ...]
    seconds: float

    @property
    def moved(self) -> tuple[Moved, ...]:
        """All that moved, values first."""
        return (*self.moved_values, *self.moved_predictions)

    @property
    def is_reproduced(self) -> bool:
        """Whether every value agrees; files may differ in bytes all the same."""
        return not self.moved

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON can hold it."""
        values = asdict(self) | {"folder": self.folder.as_posix()}
        return {
            "schema_version": SCHEMA_VERSION,
            "is_reproduced": self.is_reproduced,
            **values,
        }


def reproduce(
    folder: str | os.PathLike[str],
    *,
    tolerance: float = TOLERANCE,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Run a report's resolved config again and compare all that comes out.

    Parameters
    ----------
    folder : path
        The committed report; nothing in it is changed.
    tolerance : float, at least 0
        Absolute, for floats. Whole numbers, strings and predicted labels must be the same. Values
        under ``seconds`` or a key ending in ``_seconds`` are timings and are not compared.
    out : path, optional
        Folder that keeps the new report; by default it is thrown away.
    progress : callable, optional
        As ``run_config`` takes it.

    Raises
    ------
    ReportError
        The folder is no report.
    ConfigError
        Its config is none that this version can run.
    ValueError
        The tolerance is negative or no number; ``out`` is not empty; the corpus is not on this
        machine.
    RunError
        Every model failed.
    """
    if not (isfinite(tolerance) and tolerance >= 0):
        raise ValueError(f"tolerance = {tolerance!r}, must be a number >= 0")
    if out is not None and Path(out).exists() and any(Path(out).iterdir()):
        raise ValueError(f"{out}: expected a new or empty folder for what comes out")
    started = perf_counter()
    committed = read_report(folder)
    with _run_again(committed, out=out, progress=progress) as now:
        values = list(_checked(committed.values, now.values, "", tolerance))
        rows = tuple(_predictions_moved(committed, now, tolerance=tolerance))
        files = tuple(_files(committed.folder, now.folder))
    return Reproduction(
        folder=committed.folder,
        tolerance=tolerance,
        n_values=len(values),
        n_predictions=committed.predictions().num_rows,
        moved_values=tuple(moved for moved in values if moved is not None),
        moved_predictions=rows,
        files=files,
        changed=tuple(_changed(committed.environment, now.environment)),
        seconds=round(perf_counter() - started, 3),
    )


@contextmanager
def _run_again(
    committed: Report, *, out: str | os.PathLike[str] | None, progress: Progress | None
) -> Iterator[Report]:
    with tempfile.TemporaryDirectory(prefix="stance-reproduce-") as name:
        config = Path(name) / "experiments" / "report.yaml"
        config.parent.mkdir()
        config.write_bytes((committed.folder / "config.yaml").read_bytes())
        folder = Path(out) if out is not None else Path(name) / "report"
        run_config(config, out=folder, progress=_fresh_only(progress))
        yield read_report(folder)


def _fresh_only(progress: Progress | None) -> Progress:
    def told(step: Step) -> None:
        if step.state == "kept":
            raise RunError(f"{step.what} came from an earlier run: nothing was reproduced")
        if progress is not None:
            progress(step)

    return told


def _checked(committed: Any, now: Any, path: str, tolerance: float) -> Iterator[Moved | None]:
    """One item for every value: None where it agrees."""
    if isinstance(committed, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*committed, *now)):
            if not _is_of_the_run(key):
                place = f"{path}.{key}" if path else str(key)
                yield from _checked(committed.get(key), now.get(key), place, tolerance)
    elif isinstance(committed, list) and isinstance(now, list):
        for i, (old, new) in enumerate(zip_longest(committed, now)):
            yield from _checked(old, new, f"{path}[{i}]", tolerance)
    else:
        yield _moved(committed, now, path, tolerance)


def _moved(committed: Any, now: Any, path: str, tolerance: float) -> Moved | None:
    if not (_is_number(committed) and _is_number(now)):
        is_same = type(committed) is type(now) and committed == now
        return None if is_same else Moved(path, committed, now)
    if isnan(committed) or isnan(now):
        return None if isnan(committed) and isnan(now) else Moved(path, committed, now)
    is_float = isinstance(committed, float) or isinstance(now, float)
    if committed == now or (is_float and abs(now - committed) <= tolerance + _SLACK):
        return None
    return Moved(path, committed, now, round(now - committed, 9))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_of_the_run(key: str) -> bool:
    """Whether a value may differ from run to run: times, and answers that were there already."""
    return key in ("seconds", "usage") or key.endswith("_seconds")


def _predictions_moved(committed: Report, now: Report, *, tolerance: float) -> Iterator[Moved]:
    old, new = _rows(committed), _rows(now)
    for key in dict.fromkeys((*old, *new)):
        model, seed, *_, name, _ = key
        path = f"predictions: {model}, seed {seed}, {name}"
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            yield Moved(path, before, after)
            continue
        for column in dict.fromkeys((*before, *after)):
            values = before.get(column), after.get(column)
            if (moved := _moved(*values, f"{path}, {column}", tolerance)) is not None:
                yield moved


def _rows(report: Report) -> dict[tuple[Any, ...], dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in report.predictions().to_pylist():
        key = tuple(row.pop(name, None) for name in ROWS)
        n = 0
        while (*key, n) in found:  # an id that stands twice
            n += 1
        found[*key, n] = row
    return found


def _files(committed: Path, now: Path) -> Iterator[FileCheck]:
    names = {
        path.relative_to(folder).as_posix()
        for folder in (committed, now)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    for name in sorted(names - {_ENVIRONMENT}):
        before, after = file_digest(committed / name), file_digest(now / name)
        if before and after:
            yield FileCheck(name, "identical" if before == after else "different")
        else:
            yield FileCheck(name, "missing" if before else "new")


def _changed(committed: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if not committed:
        yield f"{_ENVIRONMENT} is missing: nobody knows what the report was made with"
        return
    for key, what in (("data", "data"), ("code", "code of the package")):
        then, today = (values.get("run", {}).get(key) for values in (committed, now))
        if then != today:
            yield f"{what}: {str(then)[:12]} → {str(today)[:12]}"
    old, new = committed.get("versions", {}), now.get("versions", {})
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name)} → {new.get(name)}"
    for key in ("platform", "machine"):
        if committed.get(key) != now.get(key):
            yield f"{key}: {committed.get(key)} → {now.get(key)}"
