"""Plan: what a run of a config would do, and how long that would take."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.experiments.config import checked_config, project_root, read_config
from stance.experiments.configs.extends import KEY as EXTENDS
from stance.experiments.configs.source import ConfigError, read_source
from stance.experiments.run import run_key, standing_report
from stance.experiments.runs.folder import standing_result
from stance.experiments.runs.forecast import Forecast, report_seconds
from stance.experiments.runs.stamp import source_stamp
from stance.experiments.runs.store import Store
from stance.experiments.study import ELSEWHERE, study_of


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do.

    Parameters
    ----------
    path : Path
        The config.
    folder : Path
        The report's.
    is_up_to_date : bool
        Nothing would be computed; all counts below are then 0.
    n_models, n_kept : int
        Models with each seed that matters; those of them that an earlier run has finished.
    n_learned, n_tested : int
        Passages that models learn from, all folds together and models of other data left aside,
        and that they are tested on.
    seconds : float
        What the run will take with one process, from what models of the same kinds took on this
        machine. Probes (learning curve, conformal sets) are counted only as far as the last
        report of this config had them.
    """

    path: Path
    folder: Path
    is_up_to_date: bool
    n_models: int = 0
    n_kept: int = 0
    n_learned: int = 0
    n_tested: int = 0
    seconds: float = 0.0


def plan_config(
    path: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    out: str | os.PathLike[str] | None = None,
) -> Plan:
    """Check a config, its corpora and its models, and see what there is to do; train nothing.

    Raises
    ------
    ConfigError
        The config has mistakes; all of them are told.
    ValueError
        The corpus lacks what the config asks of it, or is not on this machine.
    """
    path = Path(path)
    source, root = read_config(path, overrides=overrides), project_root(path)
    standing = standing_report(source, source_stamp(source.value), root=root, out=out)
    if standing is not None:
        return Plan(path, standing.folder, is_up_to_date=True)
    config, study = checked_config(source), study_of(source.value)
    folder = Path(out) if out is not None else root / "reports" / config.name
    prepared = study.prepared(config)
    if standing_result(folder, run_key(config, prepared), root=root) is not None:
        return Plan(path, folder, is_up_to_date=True)
    store, forecast = Store(root / ".cache" / "cells"), Forecast(root / ".cache" / "seconds.json")
    jobs = study.jobs(config, prepared)
    todo = [job for job in jobs if not store.has(job.key)]
    return Plan(
        path,
        folder,
        is_up_to_date=False,
        n_models=len(jobs),
        n_kept=len(jobs) - len(todo),
        n_learned=prepared.n_learned,
        n_tested=prepared.n_tested,
        seconds=sum(map(forecast.seconds, todo)) + report_seconds(folder),
    )


def config_files(folder: Path) -> list[Path]:
    """The configs below a folder, in the order of their paths, without those that are mere bases.

    A base is a file that asks no question and that another one extends. Files of a ``kind`` that is
    measured anew each time (speed) are left out.
    """
    paths = sorted(path for path in folder.rglob("*.y*ml") if path.suffix in (".yaml", ".yml"))
    paths = [path for path in paths if _value(path).get("kind") not in ELSEWHERE]
    bases = {base for path in paths for base in _bases_of(path)}
    return [path for path in paths if not (path.resolve() in bases and not _asks(path))]


def _bases_of(path: Path) -> Iterator[Path]:
    given = _value(path).get(EXTENDS)
    for name in [given] if isinstance(given, str) else given if isinstance(given, list) else []:
        yield (path.parent / str(name)).resolve()


def _asks(path: Path) -> bool:
    return "question" in _value(path)


def _value(path: Path) -> dict[str, object]:
    """What a file says; nothing where it cannot be read, which its run will tell."""
    try:
        return read_source(path).value
    except ConfigError:
        return {}
