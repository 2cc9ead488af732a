"""Perturbing: the headline model's answers to changed test passages, from one training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stance.evaluation.perturbation import (
    PERTURBATIONS,
    expected_of,
    flip_score,
    is_asked,
    perturbed,
)
from stance.experiments.config import Config
from stance.experiments.runs.data import Data, Part
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.store import Answers
from stance.experiments.scores.asking import Ask
from stance.experiments.scores.estimate import Estimate, estimate_of
from stance.experiments.scores.probes import LabelFlips, Perturbation
from stance.passage import Passage


def perturbations_of(
    config: Config, data: Data, answers: Answers, *, ask: Ask
) -> tuple[Perturbation, ...]:
    """Every perturbation of the config, in its order; one that changes no passage is left out."""
    if not config.perturbations:
        return ()
    names = config.perturbations
    copies = [perturbed(data.test.passages, name) for name in names]
    given = ask("perturbed passages", _stacked(data, copies))
    n = len(data.test)
    found = []
    for i, (name, copy) in enumerate(zip(names, copies, strict=True)):
        after = given.predicted[i * n : (i + 1) * n]
        found.append(_scored(config, data, answers, name=name, copy=copy, after=after))
    return tuple(one for one in found if one is not None)


def _stacked(data: Data, copies: list[list[Passage]]) -> Data:
    """All copies as one test set, each article apart from its other copies."""
    n = len(data.test)
    passages = [
        replace(passage, group=f"{i}|{passage.group}" if passage.group else "")
        for i, copy in enumerate(copies)
        for passage in copy
    ]
    test = Part(
        passages=tuple(passages),
        labels=data.test.labels * len(copies),
        ids=tuple(f"{i}|{name}" for i in range(len(copies)) for name in data.test.ids),
    )
    shifts = n * np.arange(len(copies))[:, None]
    folds = tuple(replace(fold, rows=(fold.rows + shifts).ravel()) for fold in data.folds)
    texts = [[repr(passage) for passage in passages], data.fingerprint]
    return replace(data, test=test, folds=folds, fingerprint=digest(["perturbed", texts]))


def _scored(
    config: Config,
    data: Data,
    answers: Answers,
    *,
    name: str,
    copy: list[Passage],
    after: tuple[str | None, ...],
) -> Perturbation | None:
    expected = expected_of(name, data.labels)
    asked = is_asked(data.test.passages, copy, answers.predicted, expected=expected)
    rows = np.flatnonzero(asked).tolist()
    if not rows:
        return None
    score = flip_score(
        [answers.predicted[i] for i in rows],
        [after[i] for i in rows],
        [data.test.labels[i] for i in rows],
        groups=[data.test.groups[i] for i in rows],
        n_resamples=config.bootstrap.n_resamples,
        seed=config.bootstrap.seed,
    )
    flips = [LabelFlips(label, n, estimate_of(e)) for label, (e, n) in score.labels.items()]
    sign = -1 if expected == "stay" else 1
    changed = estimate_of(score.changed)
    return Perturbation(
        name=name,
        what=PERTURBATIONS[name],
        expected=expected,
        n_groups=score.n_groups,
        n_passages=score.n_passages,
        failed=changed if expected == "stay" else _complement(changed),
        before=estimate_of(score.before),
        after=estimate_of(score.after),
        labels=tuple(sorted(flips, key=lambda one: (sign * one.changed.value, one.label))),
    )


def _complement(estimate: Estimate) -> Estimate:
    low, high = estimate.low, estimate.high
    return Estimate(
        1 - estimate.value, None if high is None else 1 - high, None if low is None else 1 - low
    )
