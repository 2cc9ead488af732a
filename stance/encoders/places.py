"""Places: where passages stand in their articles, and which of them are neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stance.passage import Passage

N_PLACES = 8
"""Numbers that ``places`` gives of each passage."""


def neighbours(
    passages: Sequence[Passage],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the passages before and after each one are among them, -1 where they are not.

    Neighbours are of the same group, which is not empty, and one apart in their index; passages may
    come in any order.

    Examples
    --------
    >>> rows = [Passage("", group="a", index=i, n_paragraphs=9) for i in (4, 3, 6)]
    >>> before, after = neighbours(rows)
    >>> before.tolist(), after.tolist()
    ([1, -1, -1], [-1, 0, -1])
    """
    key = [(passage.group, passage.index, i) for i, passage in enumerate(passages)]
    order = np.array(sorted(range(len(passages)), key=key.__getitem__), np.int64)
    follows = np.flatnonzero(following([passages[i] for i in order]))
    before, after = (np.full(len(passages), -1, np.int64) for _ in range(2))
    before[order[follows + 1]], after[order[follows]] = order[follows], order[follows + 1]
    return before, after


def following(passages: Sequence[Passage]) -> NDArray[np.bool_]:
    """Whether each passage stands right before the next one given, in the same article.

    Examples
    --------
    >>> rows = [Passage("", group="a", index=i, n_paragraphs=9) for i in (3, 4, 6)]
    >>> following(rows).tolist()
    [True, False, False]
    """
    found = np.zeros(len(passages), np.bool_)
    for i, (one, other) in enumerate(pairwise(passages)):
        found[i] = bool(one.group) and one.group == other.group and one.index + 1 == other.index
    return found


def places(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Where passages stand, shape (n_passages, 8).

    First? second? last? previous one given? next one given? (1 or 0), share of the article before
    it, and the logarithms of its index and of the article's length, ``log1p(n) / 5``.

    Examples
    --------
    >>> places([Passage("", index=1, n_paragraphs=4)])[0].astype(float).round(3).tolist()
    [0.0, 1.0, 0.0, 0.0, 0.0, 0.25, 0.139, 0.322]
    """
    before, after = neighbours(passages)
    rows = np.zeros((len(passages), N_PLACES), np.float32)
    for i, passage in enumerate(passages):
        index, n = passage.index, max(1, passage.n_paragraphs, passage.index + 1)
        rows[i, :3] = index == 0, index == 1, index == n - 1
        rows[i, 3:5] = before[i] >= 0, after[i] >= 0
        rows[i, 5:] = index / n, np.log1p(index) / 5, np.log1p(n) / 5
    return rows
