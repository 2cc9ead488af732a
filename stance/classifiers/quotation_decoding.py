"""From scores of first and last tokens to spans: the best stretches, whole and in pieces."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.features.token_stream import TokenStream
from stance.quotes.spans import AttributedSpans

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NOWHERE = -1
_BLOCK = 256
_LOW = np.float32(-1e9)
_LOOSE = frozenset(",.;:—–-―")


EVIDENCE = (
    "head",
    "start",
    "end",
    "length",
    "no source",
    "inside a content",
    "cue inside a content",
    "1",
)
"""What a probability rests on: columns of ``Found.evidence``."""


class Found(NamedTuple):
    """Attributions of an article as first and last tokens, both included.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 3, 2)
        Content, source, cue of each; a source may be ``NOWHERE``.
    evidence : ndarray of float32, shape (n, 8)
        Log-odds of the cue's head; log-probabilities of the content's first token, and of its last
        given the first; logarithm of the content's length in tokens; whether there is no source;
        the highest probability among cues whose contents hold this one, and this one's cue; 1.
    """

    spans: Ints
    evidence: Floats


def best_spans(logits: Floats, tokens: Ints, bounds: Ints) -> Ints:
    """The likeliest first and last token of source and cue, the last not before the first.

    Parameters
    ----------
    logits : ndarray of float32, shape (n_pairs, 4)
        Of source and cue: to be the first token, to be the last.
    tokens : ndarray of int64, shape (n_pairs,)
    bounds : ndarray of int64, shape (n_anchors + 1,)
        Anchor ``i`` has the pairs ``bounds[i]:bounds[i + 1]``; its first one stands for nowhere.

    Returns
    -------
    ndarray of int64, shape (2, n_anchors, 2)
        Of each role; ``NOWHERE`` for a source that is likelier not to be there.
    """
    counts, base = np.diff(bounds), bounds[:-1]
    n, width = len(counts), int(counts.max())
    places = np.arange(len(tokens)) + np.repeat(np.arange(n) * width - base, counts)
    flat = np.full((4, n * width), _LOW, np.float32)
    flat[:, places] = logits.T
    padded = flat.reshape(4, n, width)
    nowhere = padded[0, :, 0] + padded[1, :, 0]
    padded[:, :, 0] = _LOW
    first, last = padded[0::2], padded[1::2]
    reached = np.maximum.accumulate(first, axis=2)
    total = reached + last
    end = total.argmax(axis=2)
    high = np.take_along_axis(reached, end[..., None], axis=2)
    start = (first == high).argmax(axis=2)  # the first place that reaches what the end rests on
    best = np.take_along_axis(total[0], end[0][:, None], axis=1)[:, 0]
    found: Ints = np.stack([tokens.take(base + start), tokens.take(base + end)], axis=2)
    found[0][nowhere > best] = NOWHERE
    return found


def best_rows(logits: Floats, bounds: Ints) -> Ints:
    """The row with the highest logit of each run, the first of equals; shape (n_runs,)."""
    high = np.repeat(np.maximum.reduceat(logits, bounds[:-1]), np.diff(bounds))
    hits = np.flatnonzero(logits == high)
    found: Ints = hits.take(np.searchsorted(hits, bounds[:-1]))
    return found


def log_shares(logits: Floats, bounds: Ints) -> Floats:
    """Logarithm of each row's share among its run, shape (n_pairs,)."""
    counts = np.diff(bounds)
    logits = logits - np.repeat(np.maximum.reduceat(logits, bounds[:-1]), counts)
    sums = np.add.reduceat(np.exp(logits), bounds[:-1])
    found: Floats = logits - np.repeat(np.log(sums), counts)
    return found


def rivals(contents: Ints, anchors: Ints, proba: Floats) -> tuple[Floats, Floats]:
    """The highest probability among others whose contents hold a content, and its cue.

    Parameters
    ----------
    contents : ndarray of int64, shape (n, 2)
    anchors : ndarray of int64, shape (n,)
        Increasing.
    proba : ndarray of float32, shape (n,)
    """
    around, over = np.zeros(len(proba), np.float32), np.zeros(len(proba), np.float32)
    # In blocks, for a page of a hundred thousand words; rivals share a paragraph.
    for block in (slice(at, at + _BLOCK) for at in range(0, len(proba), _BLOCK)):
        first, last = contents[block].T
        weight = np.broadcast_to(proba[block], (len(first), len(first))).copy()
        np.fill_diagonal(weight, 0)
        holds = (first <= first[:, None]) & (last[:, None] <= last)
        around[block] = (weight * holds).max(axis=1)
        at = anchors[block][:, None]
        over[block] = (weight * ((first <= at) & (at <= last))).max(axis=1)
    return around, over


def apart(contents: Ints, proba: Floats) -> list[int]:
    """Which contents to keep so that no two overlap, the likelier of two that do; in order.

    PolNeAR's annotators hardly ever marked an attribution within a content: 113 pairs among the
    19,868 attributions of its train split.

    Examples
    --------
    >>> apart(np.array([[0, 5], [4, 9], [7, 8]]), np.array([0.8, 0.5, 0.4], np.float32))
    [0, 2]
    """
    kept: list[int] = []
    taken: list[tuple[int, int]] = []  # in order: a content can only meet its two neighbours there
    rows = contents.tolist()
    for i in np.argsort(-proba, kind="stable").tolist():
        start, end = rows[i]
        at = bisect_left(taken, (start, end))
        is_free_before = at == 0 or taken[at - 1][1] < start
        if is_free_before and (at == len(taken) or end < taken[at][0]):
            taken.insert(at, (start, end))
            kept.append(i)
    return sorted(kept)


def attributed(
    stream: TokenStream, spans: Ints, proba: Floats, paragraph: Ints
) -> list[tuple[AttributedSpans, ...]]:
    """Attributions of each paragraph.

    Parameters
    ----------
    stream : TokenStream
    spans : ndarray of int64, shape (n, 3, 2)
        As in ``Found``, in the order in which they shall come.
    proba : ndarray of float32, shape (n,)
    paragraph : ndarray of int64, shape (n,)
    """
    groups: list[list[AttributedSpans]] = [[] for _ in range(len(stream.borders) - 1)]
    places = paragraph.tolist()
    offsets = stream.offsets().take(paragraph)
    starts = stream.starts.take(spans[..., 0]) - offsets[:, None]
    stops = stream.stops.take(spans[..., 1]) - offsets[:, None]
    characters = np.stack([starts, stops], axis=2).tolist()
    rows = zip(spans.tolist(), characters, proba.tolist(), places, strict=True)
    for (content, source, cue), (said, who, by), p, place in rows:
        pieces: tuple[Span, ...] = (Span(*said),)
        if content[0] < cue[0] <= cue[1] < content[1]:
            low, high = _gap(stream, content, source, cue)
            pieces = _cut(stream, content, said, low, high)
        groups[place].append(
            AttributedSpans(pieces, (Span(*by),), () if source[0] == NOWHERE else (Span(*who),), p)
        )
    return [tuple(group) for group in groups]


def _cut(
    stream: TokenStream, content: list[int], said: list[int], low: int, high: int
) -> tuple[Span, ...]:
    """A content in two: up to the token ``low``, and from ``high`` on."""
    shift = said[0] - int(stream.starts[content[0]])
    return (
        Span(said[0], int(stream.stops[low]) + shift),
        Span(int(stream.starts[high]) + shift, said[1]),
    )


def _gap(
    stream: TokenStream, content: list[int], source: list[int], cue: list[int]
) -> tuple[int, int]:
    """Last token before and first after a cue in a content's midst, loose marks left out."""
    first, last = content
    low, high = cue
    if source[0] > first and source[1] < last:
        low, high = min(low, source[0]), max(high, source[1])
    low, high = low - 1, high + 1
    while low > first and stream.text(low) in _LOOSE:
        low -= 1
    while high < last and stream.text(high) in _LOOSE:
        high += 1
    return low, high
