"""Scoring: from what models said of a test set to cells with intervals and comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.calibration import (
    calibration_scores,
    calibration_terms,
    reliability_bins,
    reliability_scores,
)
from stance.evaluation.metrics import METRICS, confusion_counts, group_codes, label_codes, scores
from stance.experiments.config import Config
from stance.experiments.result import Cell, Mistake, Reliability
from stance.experiments.runs.data import Data
from stance.experiments.runs.job import Trained
from stance.experiments.runs.store import Answers
from stance.experiments.scores.comparing import Compared, compared
from stance.experiments.scores.estimate import estimate_of

N_MISTAKES = 10
WITHOUT_DUPLICATES = "without_duplicates"
"""``macro_f1/without_duplicates``: the metric on the passages that were not in training."""


def scored_cells(
    config: Config, data: Data, trained: Sequence[Trained], *, is_leaked: NDArray[np.bool_]
) -> tuple[Cell, ...]:
    """A cell for every trained model, compared with the config's baseline.

    Parameters
    ----------
    config, data, trained
    is_leaked : ndarray of bool, shape (n_test,)
        As ``leaked_rows`` gives it.
    """
    cells = [_cell(config, data, one, is_leaked) for one in trained]
    truth = np.array(data.test.labels, object)
    by = Compared(
        metric=METRICS[config.metric],
        counts=[_counts(data, one.answers) for one in trained],
        right=[np.array(one.answers.predicted, object) == truth for one in trained],
        groups=data.test.groups,
    )
    return compared(config, cells, by)


def confident_mistakes(data: Data, answers: Answers) -> tuple[Mistake, ...]:
    """The wrong answers that a model was surest of, with text only where it may be shown."""
    if answers.proba is None:
        return ()
    sure = answers.proba.max(axis=1)
    wrong = [
        Mistake(
            id=data.test.ids[i],
            label=data.test.labels[i],
            predicted=label or "",
            probability=float(sure[i]),
            text=data.test.passages[i].text if data.may_show_text else None,
        )
        for i, label in enumerate(answers.predicted)
        if label != data.test.labels[i]
    ]
    return tuple(sorted(wrong, key=lambda m: (-m.probability, m.id))[:N_MISTAKES])


def has_calibration(data: Data, answers: Answers) -> bool:
    """Whether a model's probabilities can be scored: for labels of the corpus, and of all rows."""
    if answers.proba is None or any(label not in data.labels for label in answers.predicted):
        return False
    return bool((np.abs(answers.proba.sum(axis=1) - 1) < 1e-3).all())


def _cell(config: Config, data: Data, one: Trained, is_leaked: NDArray[np.bool_]) -> Cell:
    counts = _counts(data, one.answers)
    terms = _calibration(data, one.answers)
    columns = [counts.reshape(len(counts), -1)] + ([terms] if terms is not None else [])
    n_counts, shape = columns[0].shape[1], counts.shape[1:]

    def statistics(sums: NDArray[Any]) -> Mapping[str, NDArray[np.float64]]:
        table = scores(sums[:, :n_counts].reshape(-1, *shape), data.labels)
        return table if terms is None else table | calibration_scores(sums[:, n_counts:])

    options = {"n_resamples": config.bootstrap.n_resamples, "seed": config.bootstrap.seed}
    intervals = bootstrap(np.concatenate(columns, axis=1), statistics, **options)
    if is_leaked.any() and not is_leaked.all():
        name = f"{config.metric}/{WITHOUT_DUPLICATES}"
        metric = METRICS[config.metric]
        fresh = _counts(data, one.answers, rows=np.flatnonzero(~is_leaked))
        intervals |= bootstrap(fresh, lambda sums: {name: metric(sums)}, **options)
    total = counts.sum(axis=0)
    return Cell(
        model=one.model.name,
        corpus=data.corpus,
        split=data.split,
        seed=one.seed,
        role=one.model.role,
        labels=data.labels,
        metrics={name: estimate_of(interval) for name, interval in intervals.items()},
        confusion=tuple(tuple(row[:-1]) for row in total.tolist()),
        reliability=None if terms is None else _reliability(config, terms),
    )


def _counts(
    data: Data, answers: Answers, *, rows: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    chosen = range(len(data.test)) if rows is None else rows.tolist()
    groups = data.test.groups
    return confusion_counts(
        [data.test.labels[i] for i in chosen],
        [answers.predicted[i] for i in chosen],
        labels=data.labels,
        groups=[groups[i] for i in chosen],
    )


def _calibration(data: Data, answers: Answers) -> NDArray[np.float64] | None:
    """Calibration terms of each group, shape (n_groups, n_terms)."""
    if answers.proba is None or not has_calibration(data, answers):
        return None
    truth = label_codes(data.test.labels, data.labels)
    predicted = label_codes(answers.predicted, data.labels)
    terms = calibration_terms(answers.proba.astype(np.float64), truth, predicted)
    codes = group_codes(data.test.groups)
    sums = np.zeros((codes.max() + 1, terms.shape[1]))
    np.add.at(sums, codes, terms)
    return sums


def _reliability(config: Config, terms: NDArray[np.float64]) -> Reliability:
    bins = reliability_bins(terms.sum(axis=0))
    found = bootstrap(
        terms,
        reliability_scores,
        n_resamples=config.bootstrap.n_resamples,
        seed=config.bootstrap.seed,
    )
    return Reliability(
        bins.confidence,
        bins.accuracy,
        bins.n,
        low=tuple(one.low for one in found.values()),
        high=tuple(one.high for one in found.values()),
    )
