"""Run: a config → its report folder. What is done is not done again.

A model's answers are kept in ``.cache/cells`` of the project as soon as it has finished, under a
key of all that they depend on: the classifier and its parameters, the seed, the data, the code that
comes before scoring, the versions of the libraries. An interrupted run goes on from there; a config
that was run before, and whose files stand untouched, is not run at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from stance.experiments.config import Config, ModelConfig, load_config, project_root
from stance.experiments.data import Data, leaked_rows, load_data
from stance.experiments.fingerprint import code_digest, digest, prediction_digest, versions
from stance.experiments.folder import (
    environment_of,
    seal_folder,
    standing_result,
    write_folder,
)
from stance.experiments.result import Cell, Headline, Result
from stance.experiments.shipping import ship
from stance.experiments.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.experiments.scoring import Trained

State = Literal["started", "done", "kept", "failed"]


class RunError(RuntimeError):
    """No model of a config could be trained, so there is nothing to report."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a run stands, for whoever shows progress.

    Parameters
    ----------
    what : str
        ``"corpus"``, a model (``"ngrams"``, ``"ngrams, seed 1"``), ``"scores"`` or ``"report"``.
    state : {"started", "done", "kept", "failed"}
        ``kept`` is a model that an earlier run had finished.
    number, total : int
        Models so far, this one included, and models in all; 0 for what is no model.
    seconds : float
        Since the step started.
    """

    what: str
    state: State
    number: int = 0
    total: int = 0
    seconds: float = 0.0


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A model that could not be trained or did not answer, and why."""

    model: str
    seed: int
    message: str


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
    KeyboardInterrupt
        The user stopped the run; models that had finished are kept for the next one.
    """
    started = perf_counter()
    tell = progress or _silent
    path = Path(path)
    config = load_config(path, overrides=overrides)
    root = project_root(path)
    folder = Path(out) if out is not None else root / "reports" / config.name
    tell(Step("corpus", "started"))
    data = load_data(config)
    seconds: dict[str, Any] = {"corpus": _since(started)}
    tell(Step("corpus", "done", seconds=seconds["corpus"]))
    key = digest([config.to_yaml(), data.fingerprint, code_digest(), versions()])
    standing = standing_result(folder, key)
    if standing is not None:
        return RunOutcome(folder, standing, was_up_to_date=True)
    trained, failed = _trained(config, data, Store(root / ".cache" / "cells"), tell)
    if not trained:
        reasons = "; ".join(f"{one.model}: {one.message}" for one in failed)
        raise RunError(f"{path}: every model failed ({reasons})")
    seconds["models"] = {
        _called(one.model, one.seed, config): {
            "fit": one.answers.fit_seconds,
            "predict": one.answers.predict_seconds,
        }
        for one in trained
    }
    tell(Step("scores", "started"))
    begun = perf_counter()
    result, predictions = _result(config, data, trained, failed)
    seconds["scores"] = _since(begun)
    tell(Step("scores", "done", seconds=seconds["scores"]))
    tell(Step("report", "started"))
    begun = perf_counter()
    environment = environment_of(key, data, seconds=seconds, failed=[one.model for one in failed])
    write_folder(folder, config, result, predictions, environment=environment)
    ship(config, data, result, root=root)
    seconds |= {"report": _since(begun), "total": _since(started)}
    seal_folder(folder, environment=environment)
    tell(Step("report", "done", seconds=seconds["report"]))
    return RunOutcome(folder, result, was_up_to_date=False, failed=tuple(failed))


def _trained(
    config: Config, data: Data, store: Store, tell: Progress
) -> tuple[list[Trained], list[Failure]]:
    """Every model with every seed that matters, from the store or fresh; and what failed."""
    from stance.experiments.scoring import Trained
    from stance.experiments.training import seeds_of, trained_answers

    jobs = [(model, seed) for model in config.models for seed in seeds_of(model, config.seeds)]
    trained: list[Trained] = []
    failed: list[Failure] = []
    for i, (model, seed) in enumerate(jobs, start=1):
        what, begun = _called(model, seed, config), perf_counter()
        key = _cell_key(model, data, seed=seed)
        answers = store.get(key)
        if answers is not None:
            tell(Step(what, "kept", i, len(jobs)))
            trained.append(Trained(model, seed, answers))
            continue
        tell(Step(what, "started", i, len(jobs)))
        try:
            answers = trained_answers(model, data, seed=seed)
        except Exception as error:  # whatever a classifier raises must not cost the others
            failed.append(Failure(model.name, seed, f"{type(error).__name__}: {error}"))
            tell(Step(what, "failed", i, len(jobs), _since(begun)))
            continue
        store.put(key, answers)
        trained.append(Trained(model, seed, answers))
        tell(Step(what, "done", i, len(jobs), _since(begun)))
    return trained, failed


def _cell_key(model: ModelConfig, data: Data, *, seed: int) -> str:
    classifier = model.classifier.model_dump(mode="json")
    return digest(
        [classifier, seed, data.labels, data.fingerprint, prediction_digest(), versions()]
    )


def _result(
    config: Config, data: Data, trained: Sequence[Trained], failed: Sequence[Failure]
) -> tuple[Result, pa.Table]:
    from stance.experiments.answer import answer_sentence, notes
    from stance.experiments.predictions import predictions_table
    from stance.experiments.scoring import confident_mistakes, scored_cells

    is_leaked = leaked_rows(data)
    cells = scored_cells(config, data, trained, is_leaked=is_leaked)
    about = notes(config, data, cells, trained=trained, is_leaked=is_leaked)
    result = Result(
        name=config.name,
        question=config.question,
        answer=answer_sentence(config, data, cells),
        headline=_headline(config, data, cells[0]),
        cells=cells,
        data=data.counts,
        mistakes=confident_mistakes(data, trained[0].answers),
        notes=(*(_failure_note(one, data) for one in failed), *about),
    )
    return result, predictions_table(data, trained, is_leaked=is_leaked)


def _headline(config: Config, data: Data, cell: Cell) -> Headline:
    estimate = cell.metrics[config.metric]
    return Headline(
        metric=config.metric,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        model=cell.model,
        corpus=cell.corpus,
        split=cell.split,
        n_groups=data.test.n_groups,
        n_passages=len(data.test),
    )


def _failure_note(failure: Failure, data: Data) -> str:
    """Messages may quote what the model was given, so they stay out where text must."""
    kind = failure.message.partition(":")[0]
    reason = failure.message if data.may_show_text else kind
    return f"{failure.model} (seed {failure.seed}) failed and is left out: {reason:.300}"


def _called(model: ModelConfig, seed: int, config: Config) -> str:
    return model.name if len(config.seeds) == 1 else f"{model.name}, seed {seed}"


def _since(begun: float) -> float:
    return round(perf_counter() - begun, 3)


def _silent(step: Step) -> None:
    """No progress is shown."""
