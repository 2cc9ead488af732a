"""95 % intervals by bootstrap over groups: articles are drawn again, never paragraphs.

Paragraphs of one article resemble each other, so an interval over paragraphs is too narrow. What is
drawn again are the sums that each article contributes (confusion counts, calibration terms); no
model is fitted again, so the intervals speak of the test set, not of the training.

References
----------
B. Efron and R. Tibshirani, 1993, "An Introduction to the Bootstrap", doi:10.1201/9780429246593
(percentile intervals). C. A. Field and A. H. Welsh, 2007, "Bootstrapping clustered data",
doi:10.1111/j.1467-9868.2007.00593.x. A. C. Cameron, J. B. Gelbach and D. L. Miller, 2008,
"Bootstrap-based improvements for inference with clustered errors", doi:10.1162/rest.90.3.414 (what
goes wrong with 5 to 30 groups).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sums = NDArray[Any]
Statistics = Callable[[Sums], Mapping[str, Floats]]

N_RESAMPLES = 10_000
FEW_GROUPS = 30
_CHUNK = 4_000_000  # weights held at a time: 32 MB


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % percentile interval; ``low`` and ``high`` are None where there is none.

    There is none with fewer than two groups, and where the value itself is undefined.
    """

    value: float
    low: float | None = None
    high: float | None = None


def bootstrap(
    sums: Sums, statistics: Statistics, *, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> dict[str, Interval]:
    """Interval of every statistic, all from the same resamples.

    Parameters
    ----------
    sums : ndarray, shape (n_groups, ...)
        What each group contributes, such as ``confusion_counts`` gives.
    statistics : callable
        From sums over groups, shape (n, ...), to arrays of shape (n,) by name. Undefined is NaN:
        resamples without a value are left out of that statistic's percentiles.
    n_resamples : int, at least 1
        10,000 keeps the ends of the interval stable in the third digit.
    seed : int

    Returns
    -------
    dict of str to Interval
        Statistics whose value is NaN are left out.

    Examples
    --------
    >>> from stance.evaluation.metrics import accuracy
    >>> counts = np.array([[[4, 0, 0], [1, 5, 0]], [[2, 2, 0], [0, 6, 0]]])
    >>> interval = bootstrap(counts, lambda sums: {"accuracy": accuracy(sums)})["accuracy"]
    >>> interval.value, interval.low, interval.high
    (0.85, 0.8, 0.9)
    """
    values = {name: float(v[0]) for name, v in statistics(sums.sum(axis=0)[None]).items()}
    known = {name: value for name, value in values.items() if not np.isnan(value)}
    if len(sums) < 2:
        return {name: Interval(value) for name, value in known.items()}
    replicates = statistics(resampled_sums(sums, n_resamples=n_resamples, seed=seed))
    return {
        name: Interval(value, *percentile_interval(replicates[name]))
        for name, value in known.items()
    }


def resampled_sums(sums: Sums, *, n_resamples: int = N_RESAMPLES, seed: int = 0) -> Floats:
    """Sums over groups that were drawn with replacement.

    Groups that contribute the same are interchangeable, so their number is drawn at once: passages
    without an article, thousands of groups of one, take no longer than a few dozen articles.

    Parameters
    ----------
    sums : ndarray, shape (n_groups, ...)
    n_resamples, seed : int

    Returns
    -------
    ndarray of float64, shape (n_resamples, ...)

    Raises
    ------
    ValueError
        There is no group, or ``n_resamples`` is below 1.
    """
    n_groups = len(sums)
    if n_groups == 0 or n_resamples < 1:
        raise ValueError(
            f"expected a group and a resample at least, got {n_groups} groups and "
            f"n_resamples={n_resamples}"
        )
    flat = np.asarray(sums, np.float64).reshape(n_groups, -1)
    rows, times = np.unique(flat, axis=0, return_counts=True)
    # A multinomial draw costs about 8 times as much per category as an index does per group.
    if len(rows) * 8 > n_groups:
        rows, times = flat, np.ones(n_groups, np.int64)
    generator = np.random.default_rng(seed)
    result = np.empty((n_resamples, flat.shape[1]))
    step = max(1, _CHUNK // n_groups)
    for start in range(0, n_resamples, step):
        n = min(step, n_resamples - start)
        result[start : start + n] = _weights(generator, times, n=n) @ rows
    return result.reshape(n_resamples, *sums.shape[1:])


def percentile_interval(replicates: Floats) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile, without the undefined (NaN) replicates.

    Examples
    --------
    >>> percentile_interval(np.arange(1001.0))
    (25.0, 975.0)
    """
    low, high = np.quantile(replicates[~np.isnan(replicates)], [0.025, 0.975])
    return float(low), float(high)


def few_groups_note(n_groups: int, *, unit: str = "articles") -> str | None:
    """What a reader must know of an interval over few groups; None with 30 or more.

    Examples
    --------
    >>> few_groups_note(12)
    'Intervals rest on 12 articles only: with fewer than 30 they tend to be too narrow.'
    """
    if n_groups < 2:
        return f"No intervals: they need two {unit} at least, and there is {n_groups}."
    if n_groups < FEW_GROUPS:
        return (
            f"Intervals rest on {n_groups} {unit} only: with fewer than {FEW_GROUPS} they tend to "
            "be too narrow."
        )
    return None


def _weights(generator: np.random.Generator, times: NDArray[np.int64], *, n: int) -> Floats:
    """How often each row is drawn, shape (n, n_rows); row i stands for ``times[i]`` groups."""
    n_rows, n_groups = len(times), int(times.sum())
    if n_rows < n_groups:
        return generator.multinomial(n_groups, times / n_groups, size=n).astype(np.float64)
    drawn = generator.integers(0, n_groups, size=(n, n_groups))
    drawn += np.arange(n)[:, None] * n_groups
    return np.bincount(drawn.ravel(), minlength=n * n_groups).reshape(n, -1).astype(np.float64)
