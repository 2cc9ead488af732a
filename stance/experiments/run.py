"""Run: a config → its report folder. What is done is not done again.

A model's answers are kept in ``.cache/cells`` of the project as soon as it has finished, under a
key of all that they depend on: the classifier and its parameters, the seed, the data, the code that
comes before scoring, the versions of the libraries. An interrupted run goes on from there; a config
that was run before, and whose files stand untouched, is not run at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from stance.experiments.config import REPORT_NAME, checked_config, project_root, read_config
from stance.experiments.configs.base import BaseConfig
from stance.experiments.configs.source import Source
from stance.experiments.result import Result
from stance.experiments.runs.cells import called, trained_cells
from stance.experiments.runs.fingerprint import code_digest, digest, versions
from stance.experiments.runs.folder import (
    environment_of,
    seal_folder,
    standing_result,
    write_folder,
)
from stance.experiments.runs.forecast import Forecast
from stance.experiments.runs.job import Failure, Job, Trained
from stance.experiments.runs.progress import Progress, Step, silent
from stance.experiments.runs.stamp import packages_of, source_stamp
from stance.experiments.runs.store import Store
from stance.experiments.study import Prepared, study_of


class RunError(RuntimeError):
    """No model of a config could be trained, so there is nothing to report."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run leaves.

    Parameters
    ----------
    folder : Path
        The report's.
    result : Result
    was_up_to_date : bool
        Nothing was computed: the folder holds the result of this very config, data and code.
    failed : tuple of Failure
        Models that the result lacks.
    """

    folder: Path
    result: Result
    was_up_to_date: bool
    failed: tuple[Failure, ...] = ()

    @property
    def answer(self) -> str:
        """The sentence that answers the config's question."""
        return self.result.answer


def run_config(
    path: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    n_jobs: int = 1,
    cluster: str | None = None,
) -> RunOutcome:
    """Run an experiment, or go on with it where it stopped.

    Parameters
    ----------
    path : path
        The config. Its report goes to ``reports/<name>/`` beside the ``experiments/`` folder that
        holds it, or beside the config itself where there is none.
    overrides : sequence of str
        ``"models.ngrams.classifier.C=1"``: values that replace those of the file.
    out : path, optional
        The report's folder, in place of the one that follows from ``path``.
    progress : callable, optional
        Called with a Step whenever something starts or ends.
    n_jobs : int
        Models trained at the same time, each in a process; results are the same with any number.
    cluster : str, optional
        Address of a Dask scheduler, whose workers train in place of processes here.

    Returns
    -------
    RunOutcome
        With ``failed`` where some model failed and others did not.

    Raises
    ------
    ConfigError
        The config has mistakes; all of them are told.
    ValueError
        The corpus lacks what the config asks of it (``DataError``), or is not on this machine.
    RunError
        Every model failed.
    ClusterError
        The cluster cannot be reached, or its workers would compute something else.
    KeyboardInterrupt
        The user stopped the run; models that had finished are kept for the next one.
    """
    started = perf_counter()
    tell = progress or silent
    source, root = read_config(Path(path), overrides=overrides), project_root(Path(path))
    stamp = source_stamp(source.value)
    standing = standing_report(source, stamp, root=root, out=out)
    if standing is not None:
        return standing
    config, study = checked_config(source), study_of(source.value)
    folder = Path(out) if out is not None else root / "reports" / config.name
    seconds: dict[str, Any] = {}
    with _phase("corpus", seconds, tell):
        prepared = study.prepared(config)
    key = run_key(config, prepared)
    result = standing_result(folder, key, root=root)
    if result is not None:
        return RunOutcome(folder, result, was_up_to_date=True)
    jobs, cache = study.jobs(config, prepared), root / ".cache"
    store, forecast = Store(cache / "cells", of=study.answers), Forecast(cache / "seconds.json")
    trained, failed = trained_cells(
        jobs, store=store, forecast=forecast, tell=tell, n_jobs=n_jobs, cluster=cluster
    )
    seconds["models"] = _model_seconds(jobs, trained)
    with _phase("scores", seconds, tell):
        found = study.scored(config, prepared, trained, failed, store=store, tell=tell)
    if found is None:
        reasons = "; ".join(f"{one.model}: {one.message}" for one in failed)
        raise RunError(f"{path}: every model failed ({reasons})")
    result, predictions = found
    environment = environment_of(
        key,
        prepared.fingerprint,
        stamp=stamp,
        seconds=seconds,
        failed=[one.model for one in failed],
    )
    with _phase("report", seconds, tell):
        write_folder(folder, config, result, predictions, environment=environment)
        study.ship(config, prepared, result, root=root)
    seconds["total"] = _since(started)
    seal_folder(folder, environment=environment, root=root)
    return RunOutcome(folder, result, was_up_to_date=False, failed=tuple(failed))


def run_key(config: BaseConfig, prepared: Prepared) -> str:
    """Digest of all that a report depends on: config, data, code, versions."""
    packages = list(packages_of(config.model_dump(mode="json")))
    fingerprints = list(prepared.fingerprints)
    return digest([config.to_yaml(), packages, fingerprints, code_digest(), versions()])


def standing_report(
    source: Source, stamp: str, *, root: Path, out: str | os.PathLike[str] | None
) -> RunOutcome | None:
    """The report that stands, where neither the config nor a byte of its corpora has changed.

    Told before anything heavy is imported or any passage is read.
    """
    name = source.value.get("name")
    if not stamp or not isinstance(name, str) or not re.match(REPORT_NAME, name):
        return None
    folder = Path(out) if out is not None else root / "reports" / name
    result = standing_result(folder, stamp, root=root, under="stamp")
    return None if result is None else RunOutcome(folder, result, was_up_to_date=True)


def _model_seconds(jobs: Sequence[Job], trained: Sequence[Trained]) -> dict[str, Any]:
    """What each model took, by the name that it is called by."""
    names = {(job.model.name, job.seed): called(job, jobs) for job in jobs}
    return {
        names[one.model.name, one.seed]: {
            "fit": one.answers.fit_seconds,
            "predict": one.answers.predict_seconds,
        }
        for one in trained
    }


@contextmanager
def _phase(what: str, seconds: dict[str, Any], tell: Progress) -> Iterator[None]:
    """Tell that a phase starts and ends, and note its seconds."""
    tell(Step(what, "started"))
    begun = perf_counter()
    yield
    seconds[what] = _since(begun)
    tell(Step(what, "done", seconds=seconds[what]))


def _since(begun: float) -> float:
    return round(perf_counter() - begun, 3)
