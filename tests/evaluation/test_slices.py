from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.metrics import accuracy
from stance.evaluation.slices import position_names, quarters, slice_names, slice_scores


def test_rare_values_are_put_together_and_missing_ones_are_none() -> None:
    values = ["wire"] * 12 + ["op-ed"] * 10 + ["court"] * 3 + ["sport"] * 2 + [None, ""]
    names = slice_names(values)
    assert {name: names.count(name) for name in names} == {
        "wire": 12,
        "op-ed": 10,
        "other": 5,
        "none": 2,
    }


def test_single_rare_value_keeps_its_name() -> None:
    assert slice_names(["wire"] * 12 + ["court"] * 3)[-1] == "court"


def test_numbers_are_cut_into_quarters_and_few_ones_are_kept() -> None:
    names = slice_names(list(range(100)))
    assert [names[i] for i in (0, 30, 60, 99)] == ["up to 24", "25 to 49", "50 to 74", "75 or more"]
    assert len(set(names)) == 4
    assert set(slice_names([2001] * 10 + [2002] * 10)) == {"2001", "2002"}


def test_equal_numbers_stand_in_one_quarter() -> None:
    names = quarters([5] * 9 + [7], unit="words")
    assert names == ["up to 5 words"] * 9 + ["7 words or more"]


def test_every_paragraph_has_a_position() -> None:
    names = position_names([(i, 11) for i in range(11)])
    assert names == [
        "first paragraph",
        *["first third"] * 3,
        *["middle third"] * 4,
        *["last third"] * 2,
        "last paragraph",
    ]


def some_data(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, size=600)
    predicted = np.where(rng.uniform(size=600) < 0.8, truth, rng.integers(0, 3, size=600))
    return truth, predicted, np.repeat(np.arange(40), 15), rng.uniform(size=600) < 0.3


def counts_of(truth: np.ndarray, predicted: np.ndarray, groups: np.ndarray) -> np.ndarray:
    counts = np.zeros((40, 3, 4), np.int64)
    np.add.at(counts, (groups, truth, predicted), 1)
    return counts


def test_score_accuracy_and_difference_are_those_of_the_parts() -> None:
    truth, predicted, groups, inside = some_data()
    whole = counts_of(truth, predicted, groups)
    part = counts_of(truth[inside], predicted[inside], groups[inside])
    (found,) = slice_scores(whole, [part], n_resamples=500)
    own = f1_score(truth[inside], predicted[inside], average="macro")
    rest = f1_score(truth[~inside], predicted[~inside], average="macro")
    assert found.score.value == pytest.approx(own)
    assert found.accuracy.value == pytest.approx((truth == predicted)[inside].mean())
    assert found.difference is not None
    assert found.difference.value == pytest.approx(own - rest)
    assert (found.n_passages, found.n_groups) == (int(inside.sum()), len(set(groups[inside])))


def test_intervals_are_those_of_the_same_bootstrap_whatever_the_batch() -> None:
    truth, predicted, groups, inside = some_data()
    whole = counts_of(truth, predicted, groups)
    part = counts_of(truth[inside], predicted[inside], groups[inside])
    alone = bootstrap(part, lambda sums: {"accuracy": accuracy(sums)}, n_resamples=500)
    several = slice_scores(whole, [part] * 300, n_resamples=500, is_macro=False)
    assert several[0].accuracy == several[-1].score == alone["accuracy"]


def test_label_that_does_not_occur_in_the_slice_costs_nothing_but_the_mistake() -> None:
    counts = np.zeros((6, 2, 3), np.int64)
    counts[:, 0] = [9, 1, 0]
    counts[:, 1, 1] = 5
    part = counts.copy()
    part[:, 1] = 0  # passages of the first label only; one of ten is called the second
    (found,) = slice_scores(counts, [part], n_resamples=100)
    assert found.score.value == pytest.approx(2 * 0.9 / 1.9)


def test_worse_slice_is_told_apart_and_an_equal_one_is_not() -> None:
    truth, predicted, groups, inside = some_data(4)
    worse = predicted.copy()
    worse[inside] = np.where(np.arange(inside.sum()) % 2, truth[inside], 0)
    found = [
        slice_scores(
            counts_of(truth, answers, groups),
            [counts_of(truth[inside], answers[inside], groups[inside])],
            n_resamples=2000,
        )[0]
        for answers in (predicted, worse)
    ]
    assert found[0].p_value is not None
    assert found[1].p_value is not None
    assert found[0].p_value > 0.05
    assert found[1].p_value == pytest.approx(2 / 2001)


def test_slice_in_few_articles_has_neither_interval_nor_test() -> None:
    counts = np.zeros((8, 1, 2), np.int64)
    counts[:, 0, 0] = 4
    part = np.zeros_like(counts)
    part[:4] = counts[:4]
    (found,) = slice_scores(counts, [part], n_resamples=100)
    assert (found.n_groups, found.p_value) == (4, None)
    assert found.score.low is None
    assert found.score.value == 1.0


def test_slice_of_everything_has_nothing_to_differ_from() -> None:
    counts = np.ones((8, 1, 2), np.int64)
    (found,) = slice_scores(counts, [counts], n_resamples=100)
    assert found.difference is None
    assert found.p_value is None


def test_empty_slice_is_refused() -> None:
    counts = np.ones((8, 1, 2), np.int64)
    with pytest.raises(ValueError, match=r"slices\[1\]: expected counts of shape \(8, 1, 2\)"):
        slice_scores(counts, [counts, 0 * counts])
