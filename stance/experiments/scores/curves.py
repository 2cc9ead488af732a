"""Curves: the headline model on shares of the training articles, and over its seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import resampled_sums
from stance.evaluation.learning_curve import group_share, mean_score
from stance.evaluation.metrics import METRICS, confusion_counts
from stance.experiments.config import Config
from stance.experiments.runs.data import Data, Fold, chosen
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.job import Trained
from stance.experiments.runs.store import Answers
from stance.experiments.scores.asking import Ask
from stance.experiments.scores.estimate import estimate_of
from stance.experiments.scores.probes import LearningCurve, LearningPoint, SeedSpread

Counts = NDArray[np.int64]


def learning_curve_of(
    config: Config, data: Data, answers: Answers, *, ask: Ask
) -> LearningCurve | None:
    """The config's metric by share of the training articles; None where it does not ask."""
    if not config.learning_curve:
        return None
    metric = METRICS[config.metric]
    n, seed = config.bootstrap.n_resamples, config.bootstrap.seed
    points, before = [], []
    latest: list[Counts] = []
    for share in sorted(config.learning_curve):
        parts = [reduced_data(data, share=share, draw=draw) for draw in _draws(config, share)]
        before = latest
        latest = [
            _counts(data, answers if share == 1 else ask(_told(share, draw), part))
            for draw, part in enumerate(parts)
        ]
        sizes = [(fold.train.n_groups, len(fold.train)) for part in parts for fold in part.folds]
        points.append(
            LearningPoint(
                share=share,
                n_groups=float(np.mean([size[0] for size in sizes])),
                n_passages=float(np.mean([size[1] for size in sizes])),
                score=estimate_of(mean_score(latest, metric=metric, n_resamples=n, seed=seed)),
                draws=tuple(float(metric(counts.sum(axis=0))) for counts in latest),
            )
        )
    gain = None
    if before:
        step = mean_score(latest, other=before, metric=metric, n_resamples=n, seed=seed)
        gain = estimate_of(step)
    return LearningCurve(config.metric, tuple(points), gain)


def reduced_data(data: Data, *, share: float, draw: int) -> Data:
    """The same test set, with a share of the training articles to learn from."""
    folds = tuple(_reduced(fold, share=share, draw=draw) for fold in data.folds)
    return replace(data, folds=folds, fingerprint=digest(["share", data.fingerprint, share, draw]))


def seed_spreads(config: Config, data: Data, trained: Sequence[Trained]) -> Iterator[SeedSpread]:
    """Every model that was trained with several seeds."""
    metric = METRICS[config.metric]
    for name in dict.fromkeys(one.model.name for one in trained):
        own = [one for one in trained if one.model.name == name]
        if len(own) < 2:
            continue
        counts = [_counts(data, one.answers) for one in own]
        values = [float(metric(part.sum(axis=0))) for part in counts]
        yield SeedSpread(
            model=name,
            metric=config.metric,
            seeds=tuple(one.seed for one in own),
            values=tuple(values),
            mean=float(np.mean(values)),
            deviation=float(np.std(values, ddof=1)),
            sampling_error=_sampling_error(config, counts[0]),
        )


def _sampling_error(config: Config, counts: Counts) -> float | None:
    if len(counts) < 2:
        return None
    options = {"n_resamples": config.bootstrap.n_resamples, "seed": config.bootstrap.seed}
    return float(np.nanstd(METRICS[config.metric](resampled_sums(counts, **options)), ddof=1))


def _draws(config: Config, share: float) -> range:
    """All articles can be drawn in one way only."""
    return range(1 if share == 1 else config.learning_draws)


def _reduced(fold: Fold, *, share: float, draw: int) -> Fold:
    if share == 1:
        return fold
    rows = group_share(fold.train.groups, share=share, draw=draw)
    return replace(fold, train=chosen(fold.train, rows))


def _counts(data: Data, answers: Answers) -> Counts:
    return confusion_counts(
        data.test.labels, answers.predicted, labels=data.labels, groups=data.test.groups
    )


def _told(share: float, draw: int) -> str:
    return f"{100 * share:g} % of the articles, draw {draw + 1}"
