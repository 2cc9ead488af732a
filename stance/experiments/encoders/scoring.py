"""Encoder scoring: from probabilities of validation passages to cells, task by task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import percentile_interval, resampled_sums
from stance.evaluation.metrics import METRICS, confusion_counts, scores
from stance.experiments.encoders.answers import FULL, SMALL, Proba
from stance.experiments.encoders.config import BASELINE, ENCODER, FLOAT, EncoderConfig
from stance.experiments.encoders.data import EncoderData, TaskData
from stance.experiments.result import Cell, Role
from stance.experiments.runs.job import Trained
from stance.experiments.scores.comparing import Compared, compared
from stance.experiments.scores.estimate import Estimate, estimate_of

if TYPE_CHECKING:
    import pyarrow as pa

METRIC = "macro_f1"


@dataclass(frozen=True, slots=True)
class Answered:
    """What one model says, and what it is called.

    Parameters
    ----------
    name : str
    role : str
    proba : mapping of str to ndarray
        Of each task.
    """

    name: str
    role: Role
    proba: Mapping[str, Proba]


def answered(trained: Sequence[Trained]) -> list[Answered]:
    """Every model of a report, the encoder that ships first."""
    found = {one.model.name: one.answers.proba for one in trained}
    models = []
    if ENCODER in found:
        models.append(Answered(ENCODER, "model", found[ENCODER][SMALL]))
        models.append(Answered(FLOAT, "variant", found[ENCODER][FULL]))
    if BASELINE in found:
        models.append(Answered(BASELINE, "baseline", found[BASELINE][SMALL]))
    return models


def encoder_cells(
    config: EncoderConfig, data: EncoderData, models: Sequence[Answered]
) -> tuple[Cell, ...]:
    """A cell for the mean over the tasks of each model, then one for each model and task."""
    tasks = [task for task in data.tasks if task.tested]
    counts = [[_counts(task, model.proba[task.name]) for task in tasks] for model in models]
    means = [
        _cell(
            config,
            model,
            where=mean_place(data),
            metrics={METRIC: _mean(config, [c.counts for c in own])},
        )
        for model, own in zip(models, counts, strict=True)
    ]
    found = [*means]
    for i, task in enumerate(tasks):
        found += _task_cells(config, task, models, [own[i] for own in counts])
    return tuple(found)


def mean_place(data: EncoderData) -> tuple[str, str]:
    """What the mean over the tasks is called, as corpus and split."""
    n = sum(bool(task.tested) for task in data.tasks)
    return f"mean of {n} task{'' if n == 1 else 's'}", "validation"


def predictions_table(data: EncoderData, models: Sequence[Answered]) -> pa.Table:
    """One row per model, task and labelled validation passage.

    Returns
    -------
    pyarrow.Table
        ``model``, ``role``, ``task``, ``corpus``, ``split``, ``id``, ``group``, ``label``,
        ``predicted``, ``probability``.
    """
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    for model in models:
        for task in filter(lambda one: one.tested, data.tasks):
            lesson, proba = task.lesson, model.proba[task.name]
            for i, row in zip(task.tested, proba, strict=True):
                rows.append(
                    {
                        "model": model.name,
                        "role": model.role,
                        "task": task.name,
                        "corpus": task.corpus,
                        "split": task.split,
                        "id": task.ids[i],
                        "group": lesson.validation.passages[i].group,
                        "label": lesson.validation.labels[i],
                        "predicted": lesson.task.classes[int(row.argmax())],
                        "probability": float(row.max()),
                    }
                )
    return pa.Table.from_pylist(rows)


@dataclass(frozen=True, slots=True)
class _Counted:
    counts: NDArray[np.int64]
    right: NDArray[np.bool_]
    groups: tuple[str, ...]


def _counts(task: TaskData, proba: Proba) -> _Counted:
    lesson, rows = task.lesson, task.tested
    truth = [str(lesson.validation.labels[i]) for i in rows]
    predicted = [lesson.task.classes[k] for k in proba.argmax(axis=1)]
    groups = tuple(lesson.validation.passages[i].group for i in rows)
    counts = confusion_counts(truth, predicted, labels=lesson.task.classes, groups=groups)
    return _Counted(counts, np.array(truth, object) == np.array(predicted, object), groups)


def _task_cells(
    config: EncoderConfig, task: TaskData, models: Sequence[Answered], counts: Sequence[_Counted]
) -> tuple[Cell, ...]:
    from stance.evaluation.bootstrap import bootstrap

    labels = task.lesson.task.classes
    statistics: Callable[[Any], Mapping[str, Any]] = lambda sums: scores(sums, labels)  # noqa: E731
    options = {"n_resamples": config.bootstrap.n_resamples, "seed": config.bootstrap.seed}
    cells = [
        _cell(
            config,
            model,
            where=(f"{task.name}: {task.corpus}", task.split),
            metrics={
                name: estimate_of(one)
                for name, one in bootstrap(own.counts, statistics, **options).items()
            },
            labels=labels,
            confusion=tuple(tuple(row[:-1]) for row in own.counts.sum(axis=0).tolist()),
        )
        for model, own in zip(models, counts, strict=True)
    ]
    by = Compared(
        metric=METRICS[METRIC],
        counts=[own.counts for own in counts],
        right=[own.right for own in counts],
        groups=counts[0].groups,
    )
    return compared(config, cells, by)


def _mean(config: EncoderConfig, counts: Sequence[NDArray[np.int64]]) -> Estimate:
    """Mean macro-F1 over tasks, the articles of each drawn again by themselves."""
    metric = METRICS[METRIC]
    value = float(np.mean([metric(own.sum(axis=0)[None])[0] for own in counts]))
    if any(len(own) < 2 for own in counts):
        return Estimate(value)
    n, seed = config.bootstrap.n_resamples, config.bootstrap.seed
    drawn = [
        metric(resampled_sums(own, n_resamples=n, seed=seed + i)) for i, own in enumerate(counts)
    ]
    return Estimate(value, *percentile_interval(np.mean(drawn, axis=0)))


def _cell(
    config: EncoderConfig,
    model: Answered,
    *,
    where: tuple[str, str],
    metrics: dict[str, Estimate],
    labels: tuple[str, ...] = (),
    confusion: tuple[tuple[int, ...], ...] = (),
) -> Cell:
    return Cell(
        model=model.name,
        corpus=where[0],
        split=where[1],
        seed=config.seeds[0],
        role=model.role,
        labels=labels,
        metrics=metrics,
        confusion=confusion,
    )
