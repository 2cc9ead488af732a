"""Labels of one article decoded together: a linear chain over its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stance.passage import Passage

Floats = NDArray[np.float64]


def runs_of(passages: Sequence[Passage]) -> Iterator[NDArray[np.int64]]:
    """Positions of the passages that follow each other in an article, each run in reading order.

    Passages may come in any order; a gap in ``index`` ends a run, and a passage without a group
    is a run of its own.

    Examples
    --------
    >>> rows = [Passage("b", group="x", index=1), Passage("c"), Passage("a", group="x", index=0)]
    >>> [run.tolist() for run in runs_of(rows)]
    [[1], [2, 0]]
    """
    order = sorted(range(len(passages)), key=lambda i: (passages[i].group, passages[i].index, i))
    run: list[int] = []
    for i in order:
        before = passages[run[-1]] if run else None
        if before is not None and not _follows(before, passages[i]):
            yield np.array(run)
            run = []
        run.append(i)
    if run:
        yield np.array(run)


def transition_ratios(
    passages: Sequence[Passage], codes: NDArray[np.int64], *, n_classes: int, smoothing: float = 5.0
) -> Floats:
    """How much more often than by chance one label follows another.

    Parameters
    ----------
    passages : sequence of Passage
    codes : ndarray of int, shape (n_passages,)
        Labels as positions in ``classes_``.
    smoothing : float
        Pseudo-count, spread as chance would have it; above 0, or a label that never followed
        another is impossible there.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes)
        ``ratio[i, j] = P(j follows i) / P(j)``; ones where nothing follows anything.
    """
    counts = np.zeros((n_classes, n_classes))
    for run in runs_of(passages):
        np.add.at(counts, (codes[run[:-1]], codes[run[1:]]), 1)
    share = np.bincount(codes, minlength=n_classes) / max(1, len(codes))
    smoothed = counts + smoothing * share
    chance = smoothed.sum(axis=1, keepdims=True) * share
    ratios: Floats = np.divide(smoothed, chance, out=np.ones_like(counts), where=chance > 0)
    return ratios


def decode(probabilities: Floats, runs: Sequence[NDArray[np.int64]], ratios: Floats) -> Floats:
    """Marginal probabilities of each label given the whole article (forward–backward).

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_passages, n_classes)
        Of each passage by itself.
    runs : sequence of ndarray of int
        What ``runs_of`` gives.
    ratios : ndarray of float64, shape (n_classes, n_classes)
        Potentials between neighbours; all ones leave the probabilities as they are.

    Returns
    -------
    ndarray of float64, shape (n_passages, n_classes). Rows sum to 1.

    References
    ----------
    L. R. Rabiner (1989), A tutorial on hidden Markov models and selected applications in speech
    recognition, Proc. IEEE 77(2). doi:10.1109/5.18626

    Examples
    --------
    >>> p = np.array([[0.9, 0.1], [0.5, 0.5]])
    >>> stay = np.array([[1.5, 0.5], [0.5, 1.5]])
    >>> decode(p, [np.array([0, 1])], stay).round(2).tolist()
    [[0.9, 0.1], [0.7, 0.3]]
    """
    out = probabilities.copy()
    articles = sorted((run for run in runs if len(run) > 1), key=len, reverse=True)
    if articles:
        out[np.concatenate(articles)] = _marginals(probabilities, articles, ratios)
    return out


def _marginals(local: Floats, runs: Sequence[NDArray[np.int64]], ratios: Floats) -> Floats:
    """Marginals of the runs' passages, one run after the other; the longest run comes first.

    All runs take a step at once: one at a time, the steps' overhead was most of the time.
    """
    lengths = np.array([len(run) for run in runs])
    starts = np.cumsum(lengths) - lengths
    # Of the runs that are longer than t, the place of passage t: the first so many runs.
    steps = [starts[: np.count_nonzero(lengths > t)] + t for t in range(lengths[0])]
    forward = local[np.concatenate(runs)]
    after, backward = forward.copy(), np.ones_like(forward)  # after: local times backward
    for before, here in pairwise(steps):
        forward[here] *= _product(forward[before[: len(here)]], ratios)
        forward[here] /= forward[here].sum(axis=1, keepdims=True)
    for before, here in reversed(list(pairwise(steps))):
        found = _product(after[here], ratios.T)
        found /= found.sum(axis=1, keepdims=True)
        backward[before[: len(here)]] = found
        after[before[: len(here)]] *= found
    joint = forward * backward
    marginals: Floats = joint / joint.sum(axis=1, keepdims=True)
    return marginals


def _product(rows: Floats, ratios: Floats) -> Floats:
    """``rows @ ratios``, each row by itself: of BLAS, what else is there changes the last digit."""
    total: Floats = rows[:, :1] * ratios[0]
    for k in range(1, len(ratios)):
        total += rows[:, k : k + 1] * ratios[k]
    return total


def _follows(first: Passage, second: Passage) -> bool:
    return bool(first.group) and first.group == second.group and second.index == first.index + 1
