"""Labels of one article decoded together: a linear chain over its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    for run in runs:
        if len(run) > 1:
            out[run] = _marginals(probabilities[run], ratios)
    return out


def _marginals(local: Floats, ratios: Floats) -> Floats:
    forward, backward = local.copy(), np.ones_like(local)
    for t in range(1, len(local)):
        forward[t] *= forward[t - 1] @ ratios
        forward[t] /= forward[t].sum()
    for t in range(len(local) - 2, -1, -1):
        backward[t] = ratios @ (local[t + 1] * backward[t + 1])
        backward[t] /= backward[t].sum()
    joint = forward * backward
    marginals: Floats = joint / joint.sum(axis=1, keepdims=True)
    return marginals


def _follows(first: Passage, second: Passage) -> bool:
    return bool(first.group) and first.group == second.group and second.index == first.index + 1
