"""Conformal sets: label sets that hold the true label as often as was asked for.

A passage's score is one minus the probability of its true label. The threshold is a quantile of
the scores of passages that the model has not learned from; a set takes every label whose score
does not exceed it. If test passages are drawn like those behind the threshold, sets miss no more
often than asked. Passages of one article are alike, which the theory leaves out: the guarantee then
holds over articles on average, and the measured coverage says what came of it.

References
----------
V. Vovk, A. Gammerman and G. Shafer, 2005, "Algorithmic Learning in a Random World",
doi:10.1007/b106715. M. Sadinle, J. Lei and L. Wasserman, 2019, "Least ambiguous set-valued
classifiers with bounded error levels", doi:10.1080/01621459.2017.1395341 (this score: the smallest
sets on average). V. Vovk, 2015, "Cross-conformal predictors", doi:10.1007/s10472-013-9368-4 (scores
by cross-validation). R. Dunn, L. Wasserman and A. Ramdas, 2023, "Distribution-free prediction sets
for two-layer hierarchical models", doi:10.1080/01621459.2022.2060112 (groups).
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def conformal_threshold(proba: Floats, truth: NDArray[np.int64], *, level: float) -> float:
    """The greatest score that a label of a set may have.

    Parameters
    ----------
    proba : ndarray of float, shape (n_passages, n_labels)
        Of passages that the model has not learned from.
    truth : ndarray of int64, shape (n_passages,)
        Column of the true label.
    level : float in (0, 1)
        How often a set shall hold the true label.

    Returns
    -------
    float
        The k-th smallest score, k = ⌈(n + 1) · level⌉; infinite where n is too small for the level,
        so that every set then holds every label.

    Raises
    ------
    ValueError
        The level is not between 0 and 1, or the shapes do not fit.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    >>> truth = np.array([0, 0, 0, 0])  # scores 0.1, 0.2, 0.7, 0.4; k = ⌈5 · 0.6⌉ = 3
    >>> round(conformal_threshold(proba, truth, level=0.6), 6)
    0.4
    """
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}, must be between 0 and 1")
    scores = np.sort(1.0 - _of_truth(proba, truth))
    # Without the rounding, (9 + 1) · 0.9 is a hair more than 9 on some levels and k one too many.
    k = ceil(round((len(scores) + 1) * level, 9))
    return float(scores[k - 1]) if k <= len(scores) else float("inf")


def conformal_sets(proba: Floats, threshold: float | NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which labels each set holds, shape (n_passages, n_labels).

    Parameters
    ----------
    proba : ndarray of float, shape (n_passages, n_labels)
    threshold : float or ndarray, shape (n_passages,)
        As ``conformal_threshold`` gives it; one for all, or one each (per fold).

    Examples
    --------
    >>> conformal_sets(np.array([[0.55, 0.45], [0.9, 0.1], [0.5, 0.5]]), 0.5).sum(axis=1).tolist()
    [1, 1, 2]
    """
    limit = np.asarray(threshold, np.float64).reshape(-1, 1)
    # 1e-12: 1 - 0.6 and 0.4 differ in the last bit, and a score equal to the threshold is inside.
    inside: NDArray[np.bool_] = 1.0 - np.asarray(proba, np.float64) <= limit + 1e-12
    return inside


def set_terms(sets: NDArray[np.bool_], truth: NDArray[np.int64]) -> Floats:
    """What each passage adds to the sums of which ``set_scores`` is made.

    Returns
    -------
    ndarray of float64, shape (n_passages, 4 + 2 * n_labels)
        1, hit, size, 1 if the set is a single label; then for each label 1 and hit where it is the
        true one.
    """
    n, n_labels = sets.shape
    rows = np.arange(n)
    hit = sets[rows, truth]
    terms = np.zeros((n, 4 + 2 * n_labels))
    terms[:, 0] = 1.0
    terms[:, 1] = hit
    terms[:, 2] = sets.sum(axis=1)
    terms[:, 3] = terms[:, 2] == 1
    terms[rows, 4 + 2 * truth] = 1.0
    terms[rows, 5 + 2 * truth] = hit
    return terms


def set_scores(sums: Floats) -> dict[str, Floats]:
    """``coverage``, ``size``, ``single`` and ``coverage/<column>`` from sums of terms.

    - coverage: share of sets that hold the true label, over all and per true label (NaN: none).
    - size: mean number of labels in a set.
    - single: share of sets with one label, the passages on which nothing is left open.

    Examples
    --------
    >>> terms = set_terms(np.array([[True, False], [True, True]]), np.array([0, 1]))
    >>> {name: float(value) for name, value in set_scores(terms.sum(axis=0)).items()}
    {'coverage': 1.0, 'size': 1.5, 'single': 0.5, 'coverage/0': 1.0, 'coverage/1': 1.0}
    """
    n = sums[..., 0]
    table = {"coverage": sums[..., 1] / n, "size": sums[..., 2] / n, "single": sums[..., 3] / n}
    for i, at in enumerate(range(4, sums.shape[-1], 2)):
        whole = sums[..., at]
        undefined = np.full(np.shape(whole), np.nan)
        table[f"coverage/{i}"] = np.divide(sums[..., at + 1], whole, out=undefined, where=whole > 0)
    return table


def _of_truth(proba: Floats, truth: NDArray[np.int64]) -> Floats:
    given = np.asarray(proba, np.float64)
    if given.ndim != 2 or len(given) != len(truth) or not len(truth):
        raise ValueError(
            f"expected a row of probabilities for each of {len(truth)} passages, one at least, "
            f"got shape {given.shape}"
        )
    return np.asarray(given[np.arange(len(truth)), truth])
