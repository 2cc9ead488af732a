"""Coverage and risk: how often a model is wrong if it answers only where it is sure.

Passages are taken in the order of confidence, those of equal confidence together. Coverage is the
share that is answered so far, risk the share of wrong ones among them. Both are ratios of sums over
passages, so ``stance.evaluation.bootstrap`` takes them like confusion counts.

References
----------
R. El-Yaniv and Y. Wiener, 2010, "On the foundations of noise-free selective classification",
https://jmlr.org/papers/v11/el-yaniv10a.html. Y. Geifman and R. El-Yaniv, 2017, "Selective
classification for deep neural networks", https://arxiv.org/abs/1705.08500 (the curve).
Y. Geifman, G. Uziel and R. El-Yaniv, 2019, "Bias-reduced uncertainty estimation for deep neural
classifiers", https://arxiv.org/abs/1805.08206 (the area under it).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

N_LEVELS = 256
"""Levels of confidence that are told apart: more would cost memory, and the area is off by less
than 0.001 on thousands of passages."""


def confidence_levels(confidence: ArrayLike, *, n_levels: int = N_LEVELS) -> NDArray[np.int64]:
    """Level of each passage, 0 for the surest; equal confidence has one level.

    Parameters
    ----------
    confidence : array of float, shape (n_passages,)
    n_levels : int, at least 1
        Where there are more different values, neighbouring ones share a level, such that levels
        hold about as many passages each.

    Returns
    -------
    ndarray of int64, shape (n_passages,)
        Without gaps: every level from 0 to the highest holds a passage.

    Raises
    ------
    ValueError
        A confidence is not finite, or there is none.

    Examples
    --------
    >>> confidence_levels([0.9, 0.5, 0.9, 0.7]).tolist()
    [0, 2, 0, 1]
    >>> confidence_levels([0.9, 0.8, 0.7, 0.6], n_levels=2).tolist()
    [0, 0, 1, 1]
    """
    values = np.asarray(confidence, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError(f"expected a list of finite confidences, got {confidence!r:.80}")
    _, place, times = np.unique(-values, return_inverse=True, return_counts=True)
    if len(times) > n_levels:
        before = np.cumsum(times) - times
        place = (before * n_levels // len(values))[place]
        _, place = np.unique(place, return_inverse=True)
    return np.asarray(place, np.int64)


def coverage_terms(levels: NDArray[np.int64], is_right: ArrayLike) -> Floats:
    """What each passage adds: 1, and 1 if wrong, at its level; shape (n_passages, n_levels, 2)."""
    wrong = ~np.asarray(is_right, bool)
    if wrong.shape != levels.shape:
        raise ValueError(f"expected a level and an outcome each, got {levels.shape}, {wrong.shape}")
    terms = np.zeros((len(levels), int(levels.max(initial=-1)) + 1, 2))
    rows = np.arange(len(levels))
    terms[rows, levels, 0] = 1.0
    terms[rows, levels, 1] = wrong
    return terms


def coverage_risk(sums: NDArray[Any]) -> tuple[Floats, Floats]:
    """Coverage and risk after each level, both of shape (..., n_levels).

    Parameters
    ----------
    sums : ndarray, shape (..., n_levels, 2)
        Terms added up over passages.

    Returns
    -------
    coverage, risk : ndarray of float64, shape (..., n_levels)
        Risk is NaN where nothing is answered yet.

    Examples
    --------
    >>> terms = coverage_terms(confidence_levels([0.9, 0.8, 0.7, 0.6]), [True, False, True, True])
    >>> coverage, risk = coverage_risk(terms.sum(axis=0))
    >>> coverage.tolist(), risk.round(3).tolist()
    ([0.25, 0.5, 0.75, 1.0], [0.0, 0.5, 0.333, 0.25])
    """
    n, wrong = np.moveaxis(np.cumsum(sums, axis=-2, dtype=np.float64), -1, 0)
    total = n[..., -1:]
    coverage = np.divide(n, total, out=np.full_like(n, np.nan), where=total > 0)
    risk = np.divide(wrong, n, out=np.full_like(n, np.nan), where=n > 0)
    return coverage, risk


def risk_area(sums: NDArray[Any]) -> Floats:
    """Area under the coverage–risk curve, shape (...): the mean risk over all coverages.

    Every passage counts with the risk of all that are at least as sure. The overall error rate is
    what a confidence gives that says nothing; ``best_risk_area`` what a perfect one would.

    Examples
    --------
    >>> terms = coverage_terms(confidence_levels([0.9, 0.8]), [True, False])
    >>> float(risk_area(terms.sum(axis=0)))  # (0 + 1/2) / 2
    0.25
    """
    _, risk = coverage_risk(sums)
    n = np.asarray(sums[..., 0], np.float64)
    total = n.sum(axis=-1)
    area = (np.nan_to_num(risk) * n).sum(axis=-1)
    return np.asarray(np.divide(area, total, out=np.full_like(total, np.nan), where=total > 0))


def best_risk_area(n: int, n_wrong: int) -> float:
    """The area that the same answers would have if all wrong ones were the least sure.

    Examples
    --------
    >>> best_risk_area(4, 1)  # 0, 0, 0, then one of four
    0.0625
    """
    if not 0 <= n_wrong <= n or n < 1:
        raise ValueError(f"expected 0 <= n_wrong <= n and a passage, got n={n}, n_wrong={n_wrong}")
    wrong = np.arange(1, n_wrong + 1)
    return float((wrong / (n - n_wrong + wrong)).sum() / n)
