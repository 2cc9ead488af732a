from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from stance.evaluation.bootstrap import (
    bootstrap,
    few_groups_note,
    percentile_interval,
    resampled_sums,
)
from stance.evaluation.metrics import accuracy, macro_f1, scores

Ints = NDArray[np.int64]


def some_counts(n_groups: int, *, seed: int = 0, high: int = 6) -> Ints:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, high, size=(n_groups, 3, 4))
    counts[:, range(3), range(3)] += rng.integers(0, 9, size=(n_groups, 3))
    return np.asarray(counts, np.int64)


def brute_force(counts: Ints, *, n: int, seed: int) -> tuple[float, float]:
    """The definition: draw articles, add up their counts, score, again and again."""
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(n):
        total = sum(counts[i] for i in rng.integers(0, len(counts), size=len(counts)))
        values.append(float(macro_f1(np.asarray(total))))
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


@pytest.mark.parametrize("n_groups", [8, 60])
def test_interval_is_that_of_a_brute_force_loop(n_groups: int) -> None:
    counts = some_counts(n_groups)
    interval = bootstrap(counts, lambda sums: {"macro_f1": macro_f1(sums)})["macro_f1"]
    low, high = brute_force(counts, n=4000, seed=1)
    width = high - low
    assert interval.value == pytest.approx(float(macro_f1(counts.sum(axis=0))))
    assert interval.low == pytest.approx(low, abs=0.06 * width)
    assert interval.high == pytest.approx(high, abs=0.06 * width)


def test_passages_alone_are_resampled_as_the_binomial_law_says() -> None:
    # 400 passages, 280 of them right, no articles: resampled accuracy is binomial(400, 0.7) / 400.
    counts = np.zeros((400, 1, 2), np.int64)
    counts[:280, 0, 0] = 1
    counts[280:, 0, 1] = 1
    interval = bootstrap(counts, lambda sums: {"accuracy": accuracy(sums)})["accuracy"]
    expected = stats.binom(400, 0.7).ppf([0.025, 0.975]) / 400
    assert [interval.low, interval.high] == pytest.approx(expected.tolist(), abs=0.003)


def test_interchangeable_and_distinct_groups_have_the_same_law() -> None:
    counts = np.zeros((300, 2, 3), np.int64)
    counts[:200, 0, 0] = 2
    counts[200:, 1, 0] = 1
    marked = np.concatenate([counts.reshape(300, -1), np.arange(300)[:, None]], axis=1)
    fast = accuracy(resampled_sums(counts, seed=3))
    slow = accuracy(resampled_sums(marked, seed=4)[:, :-1].reshape(-1, 2, 3))
    assert percentile_interval(fast) == pytest.approx(percentile_interval(slow), abs=0.004)


def test_every_resample_draws_as_many_groups_as_there_are() -> None:
    for sums in (np.ones((40, 1)), np.arange(40.0)[:, None] ** 0 * np.arange(40)[:, None] + 1):
        with_one = np.concatenate([np.ones((40, 1)), sums], axis=1)
        assert (resampled_sums(with_one, n_resamples=50)[:, 0] == 40).all()


def test_all_metrics_come_from_the_same_resamples() -> None:
    counts = some_counts(40)
    together = bootstrap(counts, lambda sums: scores(sums, ["a", "b", "c"]))
    alone = bootstrap(counts, lambda sums: {"accuracy": accuracy(sums)})
    assert together["accuracy"] == alone["accuracy"]
    assert bootstrap(counts, lambda sums: scores(sums, ["a", "b", "c"])) == together
    other = bootstrap(counts, lambda sums: scores(sums, ["a", "b", "c"]), seed=1)
    assert other["macro_f1"].low != together["macro_f1"].low


def test_rare_label_has_an_interval_from_the_resamples_that_hold_it() -> None:
    counts = np.zeros((20, 2, 3), np.int64)
    counts[:, 0, 0] = 5
    counts[0, 1, 1] = 1  # label b stands in one article of twenty
    table = bootstrap(counts, lambda sums: scores(sums, ["a", "b"]))
    assert table["f1/b"].value == table["f1/b"].low == table["f1/b"].high == 1.0


def test_undefined_metric_is_left_out() -> None:
    counts = np.zeros((4, 2, 3), np.int64)
    counts[:, 0, 0] = 1
    assert "f1/b" not in bootstrap(counts, lambda sums: scores(sums, ["a", "b"]))


def test_one_group_has_a_value_but_no_interval() -> None:
    interval = bootstrap(some_counts(1), lambda sums: {"accuracy": accuracy(sums)})["accuracy"]
    assert interval.low is None
    assert interval.high is None
    assert interval.value > 0


def test_few_groups_are_said() -> None:
    assert few_groups_note(30) is None
    assert "12 articles only" in str(few_groups_note(12))
    assert "need two speeches" in str(few_groups_note(1, unit="speeches"))


def test_no_group_is_refused() -> None:
    with pytest.raises(ValueError, match="got 0 groups and n_resamples=10000"):
        resampled_sums(np.zeros((0, 2, 3)))
    with pytest.raises(ValueError, match="n_resamples=0"):
        resampled_sums(np.zeros((2, 2, 3)), n_resamples=0)
