from __future__ import annotations

import numpy as np
import pytest

from stance.evaluation.conformal import (
    conformal_sets,
    conformal_threshold,
    set_scores,
    set_terms,
)


def some_probabilities(n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet([1.0, 2.0, 0.5, 1.0], size=n)
    return proba, np.array([rng.choice(4, p=row) for row in proba])


def test_threshold_by_hand() -> None:
    # Nine scores 0.1 … 0.9; at level 0.9, k = ⌈10 · 0.9⌉ = 9: the greatest.
    truth = np.zeros(9, np.int64)
    proba = np.stack([1 - np.arange(1, 10) / 10, np.arange(1, 10) / 10], axis=1)
    assert conformal_threshold(proba, truth, level=0.9) == pytest.approx(0.9)
    assert conformal_threshold(proba, truth, level=0.5) == pytest.approx(0.5)
    assert conformal_threshold(proba, truth, level=0.95) == float("inf")


def test_threshold_is_numpys_higher_quantile_of_the_corrected_level() -> None:
    proba, truth = some_probabilities(333, seed=0)
    scores = 1 - proba[np.arange(333), truth]
    corrected = np.ceil(334 * 0.8) / 333
    expected = np.quantile(scores, corrected, method="inverted_cdf")
    assert conformal_threshold(proba, truth, level=0.8) == pytest.approx(float(expected))


@pytest.mark.parametrize("level", [0.6, 0.9])
def test_coverage_is_what_was_asked_for_over_many_draws(level: float) -> None:
    covered = []
    for seed in range(60):
        proba, truth = some_probabilities(400, seed=seed)
        threshold = conformal_threshold(proba[:200], truth[:200], level=level)
        terms = set_terms(conformal_sets(proba[200:], threshold), truth[200:])
        covered.append(float(set_scores(terms.sum(axis=0))["coverage"]))
    # The law says level to level + 1/(n + 1) on average; the mean of 60 draws has error 0.005.
    assert np.mean(covered) == pytest.approx(level + 0.0025, abs=0.015)


def test_coverage_holds_also_where_probabilities_are_wrong() -> None:
    proba, truth = some_probabilities(4000, seed=3)
    sharp = proba**4 / (proba**4).sum(axis=1, keepdims=True)
    threshold = conformal_threshold(sharp[:2000], truth[:2000], level=0.9)
    terms = set_terms(conformal_sets(sharp[2000:], threshold), truth[2000:])
    assert float(set_scores(terms.sum(axis=0))["coverage"]) == pytest.approx(0.9, abs=0.025)


def test_scores_of_sets_by_hand() -> None:
    sets = np.array([[True, False, False], [True, True, False], [False, False, False]])
    scores = set_scores(set_terms(sets, np.array([0, 2, 1])).sum(axis=0))
    assert float(scores["coverage"]) == pytest.approx(1 / 3)
    assert float(scores["size"]) == 1.0
    assert float(scores["single"]) == pytest.approx(1 / 3)
    assert [float(scores[f"coverage/{i}"]) for i in range(3)] == [1.0, 0.0, 0.0]


def test_infinite_threshold_takes_every_label_and_folds_have_their_own() -> None:
    proba = np.array([[0.8, 0.2], [0.8, 0.2]])
    assert conformal_sets(proba, float("inf")).all()
    assert conformal_sets(proba, np.array([0.5, 0.9])).tolist() == [[True, False], [True, True]]


def test_label_without_passages_has_no_coverage() -> None:
    scores = set_scores(set_terms(np.array([[True, False]]), np.array([0])).sum(axis=0))
    assert np.isnan(scores["coverage/1"])


def test_mistakes_are_told() -> None:
    proba, truth = some_probabilities(3, seed=0)
    with pytest.raises(ValueError, match=r"level = 1\.0, must be between 0 and 1"):
        conformal_threshold(proba, truth, level=1.0)
    with pytest.raises(ValueError, match=r"each of 2 passages, one at least, got shape \(3, 4\)"):
        conformal_threshold(proba, truth[:2], level=0.9)
