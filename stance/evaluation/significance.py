"""Is one model better than another on the same passages? Paired tests, and their corrections.

References
----------
E. W. Noreen, 1989, "Computer-Intensive Methods for Testing Hypotheses" (approximate randomisation).
A. Yeh, 2000, "More accurate tests for the statistical significance of result differences",
doi:10.3115/992730.992783 (why F1 needs them). B. Phipson and G. K. Smyth, 2010, "Permutation
p-values should never be zero", doi:10.2202/1544-6115.1585.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.evaluation.bootstrap import N_RESAMPLES, Interval, bootstrap
from stance.evaluation.metrics import Counts, Floats, Metric, macro_f1

_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test's outcome: ``is_exact`` where every possibility was counted, none drawn."""

    __test__ = False  # pytest would take the name for a test's

    statistic: float
    p_value: float
    is_exact: bool


def permutation_test(
    counts: Counts,
    other: Counts,
    *,
    metric: Metric = macro_f1,
    n_permutations: int = N_RESAMPLES,
    seed: int = 0,
) -> TestResult:
    """Two-sided paired test of a metric's difference, by swapping two models' answers per group.

    Were the models alike, it would not matter which of them gave which answers to an article. The
    p-value is the share of swaps with a difference at least as large as the one that was seen; all
    swaps are counted where there are no more than ``n_permutations``, else that many are drawn and
    the one that was seen is added to them.

    Parameters
    ----------
    counts, other : ndarray, shape (n_groups, n_labels, n_labels + 1)
        Confusion counts of the two models, group by group in the same order.
    metric : callable
        From counts of shape (n, n_labels, n_labels + 1) to values of shape (n,).
    n_permutations, seed : int

    Returns
    -------
    TestResult
        ``statistic`` is the first model's value minus the other's.

    Raises
    ------
    ValueError
        The counts differ in shape.

    Examples
    --------
    >>> one = np.array([[[3, 0, 0], [0, 3, 0]]] * 3)
    >>> two = np.array([[[0, 3, 0], [0, 3, 0]]] * 3)
    >>> permutation_test(one, two).p_value  # 2 of the 8 swaps
    0.25
    """
    _check_paired(counts, other)
    change = (other - counts).reshape(len(counts), -1).astype(np.float64)
    # Groups whose answers change the sums alike are interchangeable: only how many of them are
    # swapped matters, and a group with the same answers from both does not matter at all.
    rows, times = np.unique(change[change.any(axis=1)], axis=0, return_counts=True)
    first, second = counts.sum(axis=0), other.sum(axis=0)
    seen = float(metric(first[None])[0] - metric(second[None])[0])
    if not len(rows):
        return TestResult(seen, 1.0, is_exact=True)
    is_exact = int(times.sum()) < 64 and 2 ** int(times.sum()) <= n_permutations
    generator = np.random.default_rng(seed)
    n_extreme = n_total = 0.0
    for swaps, weights in _swaps(generator, times, n=n_permutations, is_exact=is_exact):
        moved = (swaps @ rows).reshape(-1, *first.shape)
        differences = metric(first + moved) - metric(second - moved)
        n_extreme += weights[np.abs(differences) >= abs(seen) - 1e-12].sum()
        n_total += weights.sum()
    if not is_exact:
        n_extreme, n_total = n_extreme + 1, n_total + 1
    return TestResult(seen, float(n_extreme / n_total), is_exact)


def paired_difference(
    counts: Counts,
    other: Counts,
    *,
    metric: Metric = macro_f1,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The first model's metric minus the other's, with its interval by paired bootstrap.

    Both models meet the same resampled groups, so what makes an article hard for both cancels out.

    Parameters
    ----------
    counts, other : ndarray, shape (n_groups, n_labels, n_labels + 1)
        As ``permutation_test`` takes them.

    Examples
    --------
    >>> one = np.array([[[3, 0, 0], [0, 3, 0]], [[2, 1, 0], [0, 3, 0]]])
    >>> paired_difference(one, one)
    Interval(value=0.0, low=0.0, high=0.0)
    """
    _check_paired(counts, other)
    return bootstrap(
        np.stack([counts, other], axis=1),
        lambda sums: {"difference": metric(sums[:, 0]) - metric(sums[:, 1])},
        n_resamples=n_resamples,
        seed=seed,
    )["difference"]


def mcnemar(is_right: ArrayLike, is_other_right: ArrayLike) -> TestResult:
    """Exact two-sided McNemar test of accuracy, passage by passage.

    It takes passages for independent, so it is too sure of itself where they share articles; the
    permutation test over groups is the one that reports use.

    Parameters
    ----------
    is_right, is_other_right : array of bool, shape (n_passages,)

    Returns
    -------
    TestResult
        ``statistic`` is the difference in accuracy.

    References
    ----------
    Q. McNemar, 1947, "Note on the sampling error of the difference between correlated proportions
    or percentages", doi:10.1007/BF02295996

    Examples
    --------
    >>> mcnemar([True] * 6 + [False], [False] * 6 + [True]).p_value  # 1 + 7 of 64, twice
    0.125
    """
    from scipy.stats import binomtest  # a second to import

    first, second = np.asarray(is_right, bool), np.asarray(is_other_right, bool)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"expected two lists of equal length, got {first.shape}, {second.shape}")
    wins, losses = int((first & ~second).sum()), int((second & ~first).sum())
    n = wins + losses
    p_value = float(binomtest(wins, n).pvalue) if n else 1.0
    return TestResult((wins - losses) / max(1, len(first)), p_value, is_exact=True)


def holm(p_values: Sequence[float]) -> Floats:
    """p-values corrected such that the chance of any false alarm stays below the level.

    References
    ----------
    S. Holm, 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6, 65-70, https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected


def benjamini_hochberg(p_values: Sequence[float]) -> Floats:
    """p-values corrected such that the expected share of false alarms stays below the level.

    References
    ----------
    Y. Benjamini and Y. Hochberg, 1995, "Controlling the false discovery rate",
    doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(6).tolist()
    [0.03, 0.04, 0.04]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")[::-1]
    steps = p[order] * len(p) / np.arange(len(p), 0, -1)
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.minimum.accumulate(steps), 1.0)
    return corrected


def _swaps(
    generator: np.random.Generator, times: NDArray[np.int64], *, n: int, is_exact: bool
) -> Iterator[tuple[Floats, Floats]]:
    """Chunks of (how many groups of each kind are swapped, number of ways to do so)."""
    if is_exact:
        grid = np.indices([t + 1 for t in times]).reshape(len(times), -1).T
        ways = np.ones(len(grid))
        for column, t in enumerate(times):
            ways *= np.array([comb(int(t), k) for k in range(t + 1)], np.float64)[grid[:, column]]
        yield grid.astype(np.float64), ways
        return
    step = max(1, _CHUNK // len(times))
    for start in range(0, n, step):
        size = (min(step, n - start), len(times))
        yield generator.binomial(times, 0.5, size=size).astype(np.float64), np.ones(size[0])


def _check_paired(counts: Counts, other: Counts) -> None:
    if counts.shape != other.shape or counts.ndim != 3:
        raise ValueError(
            "expected counts of two models on the same groups and labels, got shapes "
            f"{counts.shape} and {other.shape}"
        )


def _checked(p_values: Sequence[float]) -> Floats:
    p = np.asarray(p_values, np.float64)
    wrong = np.flatnonzero(~((p >= 0) & (p <= 1)))
    if p.ndim != 1 or len(wrong):
        where = f"p_values[{wrong[0]}] = {p[wrong[0]]}" if p.ndim == 1 else f"shape {p.shape}"
        raise ValueError(f"expected a list of p-values between 0 and 1, got {where}")
    return p
