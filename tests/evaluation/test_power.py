from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.power import zt_ind_solve_power

from stance.evaluation.metrics import accuracy
from stance.evaluation.power import detectable_difference, paired_standard_error, win_share
from stance.evaluation.significance import paired_difference


def single_counts(right: np.ndarray) -> np.ndarray:
    """Counts of passages alone, of one label: right or not."""
    counts = np.zeros((len(right), 1, 2), np.int64)
    counts[np.arange(len(right)), 0, (~right).astype(int)] = 1
    return counts


@pytest.mark.parametrize(("power", "level"), [(0.8, 0.05), (0.9, 0.01), (0.5, 0.1)])
def test_detectable_difference_is_that_of_statsmodels(power: float, level: float) -> None:
    # One sample of 100 differences with deviation 1: standard error 0.1.
    expected = zt_ind_solve_power(nobs1=100, alpha=level, power=power, ratio=0)
    found = detectable_difference(0.1, power=power, level=level)
    assert found == pytest.approx(expected, abs=2e-4)


def test_standard_error_is_that_of_paired_differences() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.uniform(size=400) < 0.8, rng.uniform(size=400) < 0.7
    gaps = first.astype(float) - second
    found = paired_standard_error(single_counts(first), single_counts(second), metric=accuracy)
    assert found == pytest.approx(gaps.std() / 20, rel=0.03)


def test_standard_error_agrees_with_the_interval() -> None:
    rng = np.random.default_rng(1)
    first = rng.integers(0, 9, size=(60, 3, 4))
    second = rng.integers(0, 9, size=(60, 3, 4))
    error = paired_standard_error(first, second)
    interval = paired_difference(first, second)
    assert interval.low is not None
    assert interval.high is not None
    assert error == pytest.approx((interval.high - interval.low) / (2 * 1.96), rel=0.05)


def test_difference_of_the_detectable_size_is_found_four_times_of_five() -> None:
    rng = np.random.default_rng(2)
    error = 0.02
    seen = rng.normal(detectable_difference(error), error, size=20_000)
    assert (np.abs(seen) > 1.96 * error).mean() == pytest.approx(0.8, abs=0.01)


def test_win_share_by_hand() -> None:
    first = [True, True, True, False, True, False]
    second = [True, False, False, True, True, False]
    found = win_share(first, second, groups=["a", "a", "b", "b", "c", "c"])
    assert found is not None
    assert found.value == pytest.approx(2 / 3)  # two of the three that only one gets right
    assert win_share(first, first, groups=["a"] * 6) is None


def test_one_group_has_no_standard_error() -> None:
    one = single_counts(np.array([True]))
    assert np.isnan(paired_standard_error(one, one, metric=accuracy))


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match=r"power = 1, must be between 0 and 1"):
        detectable_difference(0.1, power=1)
    with pytest.raises(ValueError, match="lists of equal length, got 1, 2, 1"):
        win_share([True], [True, False], groups=["a"])
    with pytest.raises(ValueError, match="counts of one shape"):
        paired_standard_error(np.zeros((2, 1, 2)), np.zeros((3, 1, 2)))
