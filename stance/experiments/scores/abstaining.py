"""Abstaining: what the headline model's probabilities are good for, by threshold and by set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.conformal import conformal_sets, conformal_threshold, set_scores, set_terms
from stance.evaluation.coverage import (
    best_risk_area,
    confidence_levels,
    coverage_risk,
    coverage_terms,
    risk_area,
)
from stance.evaluation.metrics import group_codes, label_codes
from stance.experiments.config import Config
from stance.experiments.runs.data import Data, Fold, Part, chosen
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.store import Answers
from stance.experiments.scores.asking import Ask
from stance.experiments.scores.estimate import estimate_of
from stance.experiments.scores.probes import Conformal, CoverageRisk
from stance.experiments.scores.scoring import has_calibration

Floats = NDArray[np.float64]

N_POINTS = 20
N_SPLITS = 5


def coverage_risk_of(config: Config, data: Data, answers: Answers) -> CoverageRisk | None:
    """The coverage–risk curve; None where the probabilities cannot be scored."""
    if answers.proba is None or not has_calibration(data, answers):
        return None
    predicted = label_codes(answers.predicted, data.labels)
    confidence = answers.proba[np.arange(len(predicted)), predicted].astype(np.float64)
    levels = confidence_levels(confidence)
    is_right = predicted == label_codes(data.test.labels, data.labels)
    terms = coverage_terms(levels, is_right)
    sums = _by_group(data, terms)
    total = sums.sum(axis=0)
    coverage, _ = coverage_risk(total)
    places = _places(coverage)

    def statistics(drawn: Floats) -> dict[str, Floats]:
        _, risk = coverage_risk(drawn)
        return {"area": risk_area(drawn)} | {f"{at}": risk[..., at] for at in places}

    found = bootstrap(
        sums, statistics, n_resamples=config.bootstrap.n_resamples, seed=config.bootstrap.seed
    )
    return CoverageRisk(
        threshold=tuple(float(confidence[levels <= at].min()) for at in places),
        coverage=tuple(float(coverage[at]) for at in places),
        risk=tuple(estimate_of(found[f"{at}"]) for at in places),
        area=estimate_of(found["area"]),
        error=float(1 - is_right.mean()),
        best_area=best_risk_area(len(is_right), int((~is_right).sum())),
    )


def conformal_of(config: Config, data: Data, answers: Answers, *, ask: Ask) -> Conformal | None:
    """Conformal sets at the config's level; None where there are no fit probabilities.

    In cross-validation a fold's threshold comes from the articles of all other folds. Else the
    model is trained on folds of the training articles, and the probabilities of those that it left
    out give the threshold.
    """
    if config.coverage is None or answers.proba is None or not has_calibration(data, answers):
        return None
    truth = label_codes(data.test.labels, data.labels)
    proba = answers.proba.astype(np.float64)
    if len(data.folds) > 1:
        thresholds = np.zeros(len(truth))
        for fold in data.folds:
            rest = np.setdiff1d(np.arange(len(truth)), fold.rows)
            thresholds[fold.rows] = conformal_threshold(
                proba[rest], truth[rest], level=config.coverage
            )
        held = data.test
    else:
        inner = held_out_data(data)
        given = ask("calibration by cross-validation", inner)
        if given.proba is None or not has_calibration(inner, given):
            return None
        codes = label_codes(inner.test.labels, data.labels)
        thresholds = np.full(
            len(truth),
            conformal_threshold(given.proba.astype(np.float64), codes, level=config.coverage),
        )
        held = inner.test
    return _measured(config, data, proba, thresholds=thresholds, held=held)


def held_out_data(data: Data) -> Data:
    """The training articles as a test set of their own, in folds."""
    from sklearn.model_selection import StratifiedGroupKFold

    train = data.folds[0].train
    codes = group_codes(train.groups)
    cut = StratifiedGroupKFold(max(2, min(N_SPLITS, train.n_groups)), shuffle=True, random_state=0)
    folds = tuple(
        Fold(chosen(train, learned), np.asarray(rows, np.int64))
        for learned, rows in cut.split(train.ids, train.labels, codes)
    )
    fingerprint = digest(["held out", data.fingerprint, [fold.rows for fold in folds]])
    return replace(data, test=train, folds=folds, fingerprint=fingerprint)


def _measured(
    config: Config, data: Data, proba: Floats, *, thresholds: Floats, held: Part
) -> Conformal:
    sets = conformal_sets(proba, thresholds)
    terms = set_terms(sets, label_codes(data.test.labels, data.labels))
    found = bootstrap(
        _by_group(data, terms),
        set_scores,
        n_resamples=config.bootstrap.n_resamples,
        seed=config.bootstrap.seed,
    )
    mean = float(thresholds.mean())
    return Conformal(
        level=config.coverage or 0.0,
        threshold=mean if np.isfinite(mean) else None,
        n_calibration=len(held),
        n_calibration_groups=held.n_groups,
        coverage=estimate_of(found["coverage"]),
        size=estimate_of(found["size"]),
        single=estimate_of(found["single"]),
        labels={
            label: estimate_of(found[f"coverage/{i}"])
            for i, label in enumerate(data.labels)
            if f"coverage/{i}" in found
        },
    )


def _by_group(data: Data, terms: Floats) -> Floats:
    codes = group_codes(data.test.groups)
    sums = np.zeros((int(codes.max()) + 1, *terms.shape[1:]))
    np.add.at(sums, codes, terms)
    return sums


def _places(coverage: Floats) -> list[int]:
    """Levels nearest above each twentieth of the passages, without repetition."""
    wanted = np.arange(1, N_POINTS + 1) / N_POINTS
    at = np.minimum(np.searchsorted(coverage, wanted - 1e-9), len(coverage) - 1)
    return sorted(set(at.tolist()))
