from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import auc

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.coverage import (
    best_risk_area,
    confidence_levels,
    coverage_risk,
    coverage_terms,
    risk_area,
)


def some_answers(n: int = 200, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.3, 1.0, size=n)
    return confidence, rng.uniform(size=n) < confidence


def test_curve_by_hand_with_equal_confidence_taken_together() -> None:
    # 0.9 twice (one wrong), then 0.6 (right), then 0.5 (wrong).
    levels = confidence_levels([0.6, 0.9, 0.5, 0.9])
    sums = coverage_terms(levels, [True, True, False, False]).sum(axis=0)
    coverage, risk = coverage_risk(sums)
    assert coverage.tolist() == [0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 2])
    assert float(risk_area(sums)) == pytest.approx((2 * 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_curve_and_area_are_those_of_the_definition() -> None:
    confidence, right = some_answers()
    sums = coverage_terms(confidence_levels(confidence), right).sum(axis=0)
    coverage, risk = coverage_risk(sums)
    risks = []
    for threshold in sorted(confidence, reverse=True):
        answered = confidence >= threshold
        risks.append(float((~right[answered]).mean()))
    assert risk.tolist() == pytest.approx(risks)
    assert float(risk_area(sums)) == pytest.approx(np.mean(risks))
    # The trapezoidal area of scikit-learn leaves out half of the first step only.
    assert float(risk_area(sums)) == pytest.approx(auc(coverage, risk), abs=0.01)


def test_levels_are_merged_evenly_where_there_are_many() -> None:
    confidence, right = some_answers(5000)
    few = confidence_levels(confidence, n_levels=50)
    assert np.bincount(few).tolist() == [100] * 50
    exact = coverage_terms(confidence_levels(confidence, n_levels=5000), right).sum(axis=0)
    merged = coverage_terms(confidence_levels(confidence), right).sum(axis=0)
    assert float(risk_area(merged)) == pytest.approx(float(risk_area(exact)), abs=1e-3)


def test_informative_confidence_lies_between_best_and_error() -> None:
    confidence, right = some_answers(1000)
    area = float(risk_area(coverage_terms(confidence_levels(confidence), right).sum(axis=0)))
    best = best_risk_area(1000, int((~right).sum()))
    assert best < area < 1 - right.mean()
    perfect = coverage_terms(confidence_levels(right.astype(float) + confidence / 9), right)
    exact = float(risk_area(perfect.sum(axis=0)))
    assert exact == pytest.approx(best, abs=2e-3)


def test_terms_can_be_resampled_and_nothing_answered_has_no_risk() -> None:
    confidence, right = some_answers()
    terms = coverage_terms(confidence_levels(confidence), right)
    interval = bootstrap(terms, lambda sums: {"area": risk_area(sums)}, n_resamples=300)["area"]
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low < interval.value < interval.high
    _, risk = coverage_risk(np.array([[0.0, 0.0], [2.0, 1.0]]))
    assert np.isnan(risk[0])
    assert risk[1] == 0.5


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match=r"finite confidences, got \[0\.5, nan\]"):
        confidence_levels([0.5, float("nan")])
    with pytest.raises(ValueError, match=r"an outcome each, got \(2,\), \(1,\)"):
        coverage_terms(np.array([0, 1]), [True])
    with pytest.raises(ValueError, match="got n=2, n_wrong=3"):
        best_risk_area(2, 3)
