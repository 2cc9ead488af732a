from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.calibration import (
    calibration_scores,
    calibration_terms,
    reliability_bins,
    reliability_scores,
)


def some_probabilities(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    proba = rng.dirichlet([1.0, 2.0, 0.5], size=n)
    truth = np.array([rng.choice(3, p=row) for row in proba])
    return proba, truth


def test_brier_and_log_loss_are_those_of_scikit_learn() -> None:
    proba, truth = some_probabilities()
    scores = calibration_scores(calibration_terms(proba, truth, proba.argmax(axis=1)).sum(axis=0))
    assert scores["log_loss"] == pytest.approx(log_loss(truth, proba))
    assert scores["brier"] == pytest.approx(brier_score_loss(truth, proba))


def test_calibration_error_by_hand() -> None:
    # Bin 0.6-0.7 holds two passages of confidence 0.6, one right; bin 0.9-1 one of 1.0, right.
    proba = np.array([[0.6, 0.4], [0.4, 0.6], [1.0, 0.0]])
    terms = calibration_terms(proba, np.array([0, 0, 0]), np.array([0, 1, 0]))
    assert calibration_scores(terms.sum(axis=0))["ece"] == pytest.approx((2 * 0.1 + 0.0) / 3)
    bins = reliability_bins(terms.sum(axis=0))
    assert bins.confidence == pytest.approx((0.6, 1.0))
    assert bins.accuracy == (0.5, 1.0)
    assert bins.n == (2, 1)


def test_true_probabilities_are_calibrated_and_sharpened_ones_are_not() -> None:
    proba, truth = some_probabilities(4000)
    sharp = proba**4 / (proba**4).sum(axis=1, keepdims=True)
    honest, loud = (
        float(calibration_scores(calibration_terms(p, truth, p.argmax(axis=1)).sum(axis=0))["ece"])
        for p in (proba, sharp)
    )
    assert honest < 0.03
    assert loud > 0.1


def test_label_the_model_does_not_know_costs_much_but_not_infinitely() -> None:
    terms = calibration_terms(np.array([[1.0, 0.0]]), np.array([1]), np.array([0]))
    assert float(calibration_scores(terms[0])["log_loss"]) == pytest.approx(34.5, abs=0.1)


def test_terms_can_be_resampled() -> None:
    proba, truth = some_probabilities()
    terms = calibration_terms(proba, truth, proba.argmax(axis=1))
    interval = bootstrap(terms, calibration_scores, n_resamples=500)["brier"]
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low < interval.value < interval.high


def test_what_is_no_probability_is_named() -> None:
    right = np.array([0, 1])
    with pytest.raises(ValueError, match=r"proba\[1\] = \[0.7, 0.7\], expected probabilities"):
        calibration_terms(np.array([[0.5, 0.5], [0.7, 0.7]]), right, right)
    with pytest.raises(ValueError, match=r"each of 2 passages, got shape \(1, 2\)"):
        calibration_terms(np.array([[0.5, 0.5]]), right, right)


def test_bins_have_the_interval_of_their_own_accuracy() -> None:
    proba, truth = some_probabilities()
    predicted = proba.argmax(axis=1)
    terms = calibration_terms(proba, truth, predicted)
    found = bootstrap(terms, reliability_scores, n_resamples=4000)
    bins = reliability_bins(terms.sum(axis=0))
    assert tuple(one.value for one in found.values()) == pytest.approx(bins.accuracy)
    largest = max(range(len(bins.n)), key=lambda i: bins.n[i])
    interval = list(found.values())[largest]
    right, n = bins.accuracy[largest], bins.n[largest]
    half = 1.96 * (right * (1 - right) / n) ** 0.5
    assert interval.low == pytest.approx(right - half, abs=0.02)
    assert interval.high == pytest.approx(right + half, abs=0.02)
