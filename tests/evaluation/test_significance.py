from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from stance.evaluation.metrics import accuracy, confusion_counts, macro_f1
from stance.evaluation.significance import (
    benjamini_hochberg,
    holm,
    mcnemar,
    paired_difference,
    permutation_test,
)

LABELS = ["a", "b", "c"]
Ints = NDArray[np.int64]


def two_models(n_groups: int, *, size: int = 5, seed: int = 0) -> tuple[Ints, Ints]:
    """Counts of a good and a middling model on the same passages."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(LABELS, size=n_groups * size)
    groups = np.repeat(np.arange(n_groups), size).tolist()
    counts = []
    for share in (0.8, 0.6):
        answers = np.where(rng.random(len(truth)) < share, truth, rng.choice(LABELS, len(truth)))
        counts.append(
            confusion_counts(truth.tolist(), answers.tolist(), labels=LABELS, groups=groups)
        )
    return counts[0], counts[1]


def scipy_p_value(first: Ints, second: Ints, *, n: float) -> float:
    """scipy's paired permutation test on the places of the two models' counts."""
    table = np.stack([first, second])
    groups = np.arange(len(first))

    def difference(left: NDArray[np.int64], right: NDArray[np.int64]) -> float:
        one, two = table[left, groups].sum(axis=0), table[right, groups].sum(axis=0)
        return float(macro_f1(one) - macro_f1(two))

    zeros, ones = np.zeros(len(first), np.int64), np.ones(len(first), np.int64)
    test = stats.permutation_test(
        (zeros, ones),
        difference,
        permutation_type="samples",
        vectorized=False,
        n_resamples=n,
        rng=np.random.default_rng(0),
    )
    return float(test.pvalue)


def test_exact_test_is_that_of_scipy() -> None:
    first, second = two_models(9)
    result = permutation_test(first, second)
    assert result.is_exact
    assert result.p_value == pytest.approx(scipy_p_value(first, second, n=np.inf))
    assert result.statistic == pytest.approx(
        float(macro_f1(first.sum(axis=0)) - macro_f1(second.sum(axis=0)))
    )


def test_drawn_test_is_close_to_that_of_scipy() -> None:
    first, second = two_models(25, size=4, seed=5)
    result = permutation_test(first, second)
    assert not result.is_exact
    assert 0.001 < result.p_value < 0.5
    expected = scipy_p_value(first, second, n=4000)
    assert result.p_value == pytest.approx(expected, abs=4 * np.sqrt(expected / 4000))


def test_interchangeable_groups_are_counted_with_their_multiplicity() -> None:
    # Ten passages alone: nine right for the first model only, one for the second only. Accuracy
    # then makes the test a two-sided binomial one: (1 + 10) / 1024, twice.
    first, second = np.zeros((2, 10, 1, 2), np.int64)
    first[:9, 0, 0] = second[9:, 0, 0] = 1
    first[9:, 0, 1] = second[:9, 0, 1] = 1
    result = permutation_test(first, second, metric=accuracy)
    assert result.is_exact
    assert result.p_value == pytest.approx(22 / 1024)


def test_models_that_answer_alike_do_not_differ() -> None:
    first, _ = two_models(6)
    assert permutation_test(first, first).p_value == 1.0
    assert paired_difference(first, first).value == 0.0


def test_p_value_is_never_zero_and_the_same_each_time() -> None:
    first, second = two_models(200)
    result = permutation_test(first, second, n_permutations=999)
    assert result.p_value == pytest.approx(1 / 1000)
    assert permutation_test(first, second, n_permutations=999) == result


def test_under_the_null_p_values_are_spread_evenly() -> None:
    rng = np.random.default_rng(2)
    p_values = []
    for seed in range(60):
        first, second = two_models(40, seed=seed)
        swap = rng.random(40) < 0.5
        mixed = np.where(swap[:, None, None], second, first)
        other = np.where(swap[:, None, None], first, second)
        p_values.append(permutation_test(mixed, other, n_permutations=400, seed=seed).p_value)
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_paired_interval_is_narrower_than_the_models_apart_and_holds_the_difference() -> None:
    first, second = two_models(80)
    interval = paired_difference(first, second)
    assert interval.low is not None
    assert interval.high is not None
    assert 0 < interval.low < interval.value < interval.high
    swapped = paired_difference(second, first)
    assert swapped.value == pytest.approx(-interval.value)
    assert swapped.low == pytest.approx(-interval.high, abs=0.01)


def test_unpaired_counts_are_refused() -> None:
    first, second = two_models(5)
    with pytest.raises(ValueError, match=r"same groups and labels, got shapes \(5, 3, 4\) and \(4"):
        permutation_test(first, second[1:])
    with pytest.raises(ValueError, match="same groups and labels"):
        paired_difference(first, second[1:])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_mcnemar_is_that_of_statsmodels(pairs: list[tuple[bool, bool]]) -> None:
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    table = [
        [int((first & second).sum()), int((first & ~second).sum())],
        [int((~first & second).sum()), int((~first & ~second).sum())],
    ]
    if table[0][1] + table[1][0] == 0:
        assert mcnemar(first, second).p_value == 1.0
    else:
        expected = statsmodels_mcnemar(table, exact=True).pvalue
        assert mcnemar(first, second).p_value == pytest.approx(float(expected))


def test_mcnemar_refuses_unequal_lengths() -> None:
    with pytest.raises(ValueError, match=r"equal length, got \(2,\), \(1,\)"):
        mcnemar([True, False], [True])


# statsmodels takes 80 ms a call.
p_value_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@settings(max_examples=15)
@given(p_value_lists)
def test_corrections_are_those_of_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values).tolist() == pytest.approx(
        multipletests(p_values, method="holm")[1].tolist()
    )
    assert benjamini_hochberg(p_values).tolist() == pytest.approx(
        multipletests(p_values, method="fdr_bh")[1].tolist()
    )


def test_corrections_name_what_is_no_p_value() -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1, got p_values\[1\] = 1.5"):
        holm([0.1, 1.5])
    with pytest.raises(ValueError, match=r"got p_values\[0\] = nan"):
        benjamini_hochberg([float("nan")])
    assert holm([]).tolist() == []
