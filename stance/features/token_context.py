"""What surrounds a token: quotation marks, sentences, and what lies between it and another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stance.features.token_stream import BLANK, BOUNDARY, TokenStream
from stance.features.tokens import Flags, Ints, ranges

N_STATES = 24
N_DISTANCES = 46
N_BETWEEN = 2 * 5 * 4 * 4 * 3
N_HEADS = 6
MAX_REACH = 160  # tokens to either side of an anchor that may belong to its attribution
_ENDS, _MARKS, _HEADS, _FIELD = 16, 32, 48, 0xFFFF
_FARTHEST = 2 * MAX_REACH
NULL = 0  # the distance that stands for "nowhere"

_OPEN, _CLOSE, _STRAIGHT, _STOP, _COMMA, _UPPER, _BORDER, _LEANING, _VOWEL = (
    1 << i for i in range(9)
)
_CLASSES = {
    _OPEN: "“„«‟「『",
    _CLOSE: "”»」』",
    _STRAIGHT: '"＂',
    _STOP: ".?!…",
    _COMMA: ",;:()—–―",
    _UPPER: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    _BORDER: BOUNDARY,
    _VOWEL: "aeiouy",
    _LEANING: " \t\n\xa0([—–-" + BOUNDARY,
}
_APOSTROPHES = np.array([ord(c) for c in "'`’‘"])


@dataclass(frozen=True, slots=True, eq=False)
class TokenContext:
    """Per token: state, and running counts from which what lies between two tokens is read.

    Parameters
    ----------
    states : ndarray of int64, shape (n_tokens,)
        Below ``N_STATES``.
    paragraph : ndarray of int64, shape (n_tokens,)
    counts : ndarray of int64, shape (4, n_tokens)
        Commas, sentence ends, quotation marks and boundaries up to and with each token.
    packed : ndarray of int64, shape (n_tokens,)
        The first three counts in fields of 16 bits, to be looked up at once. They may run over: it
        is their differences within a paragraph that count.
    """

    states: Ints
    paragraph: Ints
    counts: Ints
    packed: Ints

    @classmethod
    def of(cls, stream: TokenStream) -> TokenContext:
        """Context of every token of a stream."""
        marks = _character_classes(stream)
        opens, closes = _quotes(stream, marks)
        is_border = (marks & _BORDER) != 0
        ends = _sentence_ends(stream, marks)
        commas = (marks & _COMMA) != 0
        inside = _inside(opens, closes, is_border)
        counts = np.empty((4, len(marks)), np.int64)
        for row, flags in zip(counts, (commas, ends, opens | closes, is_border), strict=True):
            np.cumsum(flags, out=row)
        states = _states(inside, is_border, ends, counts, stream.borders)
        packed = counts[0] + (counts[1] << _ENDS) + (counts[2] << _MARKS)
        return cls(states, counts[3] - 1, counts, packed)

    def pairs(self, stream: TokenStream, anchors: Ints) -> tuple[Ints, Ints]:
        """Candidates of each anchor: a place that stands for nowhere, then its paragraph's tokens.

        Returns
        -------
        tokens : ndarray of int64, shape (n_pairs,)
            Of the place that stands for nowhere, the anchor itself.
        bounds : ndarray of int64, shape (n_anchors + 1,)
        """
        p = self.paragraph.take(anchors)
        low = np.maximum(stream.borders.take(p) + 1, anchors - MAX_REACH)
        high = np.minimum(stream.borders.take(p + 1), anchors + MAX_REACH + 1)
        counts = high - low + 1
        tokens = ranges(low - 1, counts)
        bounds = np.zeros(len(anchors) + 1, np.int64)
        np.cumsum(counts, out=bounds[1:])
        tokens[bounds[:-1]] = anchors
        return tokens, bounds

    def tails(self, stream: TokenStream, starts: Ints) -> tuple[Ints, Ints]:
        """Each start and the tokens after it in its paragraph; and bounds, as in ``pairs``."""
        high = stream.borders.take(self.paragraph.take(starts) + 1)
        counts = np.minimum(high - starts, 2 * MAX_REACH)
        bounds = np.zeros(len(starts) + 1, np.int64)
        np.cumsum(counts, out=bounds[1:])
        return ranges(starts, counts), bounds

    def between(self, anchors: Ints, tokens: Ints) -> tuple[Ints, Ints]:
        """Numbers of the distance of each pair, and of what lies between its two tokens.

        Parameters
        ----------
        anchors, tokens : ndarray of int64, shape (n_pairs,)
        """
        distance, _, code = self._between(self.packed, anchors, tokens)
        return distance, code

    def between_and_heads(self, anchors: Ints, tokens: Ints, *, heads: Flags) -> tuple[Ints, Ints]:
        """As ``between``, the second number times ``N_HEADS`` and that of ``heads_between`` added.

        In one pass: a scorer asks for both of thousands of pairs.
        """
        packed = self.packed + (np.cumsum(heads, dtype=np.int64) << _HEADS)
        distance, n_heads, code = self._between(packed, anchors, tokens)
        side = (tokens >= anchors) * np.int64(3)
        return distance, code * N_HEADS + np.minimum(n_heads, 2) + side

    def _between(self, packed: Ints, anchors: Ints, tokens: Ints) -> tuple[Ints, Ints, Ints]:
        low, high = np.minimum(anchors, tokens), np.maximum(anchors, tokens) - 1
        gap = packed.take(np.maximum(low, high)) - packed.take(low)
        marks = (gap >> _MARKS) & _FIELD
        quoted = self.states & 1
        code = (tokens >= anchors) * np.int64(5) + np.minimum(gap & _FIELD, 4)
        code = code * 4 + np.minimum((gap >> _ENDS) & _FIELD, 3)
        code = code * 4 + np.where(marks > 3, 2 + (marks & 1), marks)
        code = code * 3 + np.where(quoted.take(anchors), 2, quoted.take(tokens))
        steps = np.clip(tokens - anchors, -_FARTHEST, _FARTHEST) + _FARTHEST
        return _distances().take(steps), gap >> _HEADS, code


def heads_between(heads: Flags, left: Ints, right: Ints) -> Ints:
    """Number (0 to 5) of how many heads stand strictly between two tokens, and on which side.

    Examples
    --------
    >>> heads = np.array([True, False, True, False])
    >>> heads_between(heads, np.array([0, 0, 3]), np.array([3, 1, 0])).tolist()
    [4, 3, 1]
    """
    counts = np.zeros(len(heads) + 1, np.int64)
    np.cumsum(heads, out=counts[1:])
    low, high = np.minimum(left, right), np.maximum(left, right)
    n = counts.take(high) - counts.take(np.minimum(low + 1, high))
    found: Ints = np.minimum(n, 2) + 3 * (right >= left)
    return found


@lru_cache(maxsize=1)
def _distances() -> Ints:
    """Number of each distance: 1 to 45, exact up to 10 tokens, then coarser and coarser."""
    steps = np.arange(-_FARTHEST, _FARTHEST + 1)
    size = np.abs(steps)
    far = 10 + np.ceil(np.log2(np.maximum(size, 10) / 10) * 3).astype(np.int64)
    level = np.minimum(np.where(size <= 10, size, far), 22)
    found: Ints = 23 + np.sign(steps) * level
    return found


@lru_cache(maxsize=1)
def _class_table() -> NDArray[np.uint16]:
    """Classes of the first 0x3010 characters, as bits."""
    table = np.zeros(0x3010, np.uint16)
    for bit, characters in _CLASSES.items():
        for code in map(ord, characters):
            if code < len(table):
                table[code] |= bit
    return table


def _character_classes(stream: TokenStream) -> NDArray[np.uint16]:
    """Classes of each token's first character; a dash of two hyphens is a dash."""
    table = _class_table()
    first = stream.codes.take(stream.starts)
    found = table.take(np.minimum(first, len(table) - 1))
    double = np.flatnonzero((stream.stops - stream.starts == 2) & (found & _UPPER == 0))
    at = stream.starts.take(double)
    same = double[stream.codes.take(at) == stream.codes.take(at + 1)]
    codes = first.take(same)
    found[same[codes == ord("-")]] |= _COMMA
    found[same[np.isin(codes, _APOSTROPHES)]] |= _STRAIGHT
    return found


def _quotes(stream: TokenStream, marks: NDArray[np.uint16]) -> tuple[Flags, Flags]:
    """Which tokens open and which close a quotation, by shape and by the blank beside them."""
    opens, closes = (marks & _OPEN) != 0, (marks & _CLOSE) != 0
    straight = np.flatnonzero(marks & _STRAIGHT)
    if len(straight):
        table, codes = _class_table(), stream.codes
        before = codes.take(stream.starts.take(straight) - 1)
        after = codes.take(stream.stops.take(straight))
        leans = (table.take(np.minimum(before, len(table) - 1)) & _LEANING) != 0
        leans &= stream.kinds.take(stream.stops.take(straight)) != BLANK
        leans &= after != ord(BOUNDARY)
        opens[straight[leans]] = True
        closes[straight[~leans]] = True
    return opens, closes


def _inside(opens: Flags, closes: Flags, is_border: Flags) -> Flags:
    """Whether a token stands in a quotation, marks included; one may begin in an earlier paragraph.

    By the nearest mark before it in the paragraph; where there is none, by the nearest after it.
    """
    events = np.flatnonzero(opens | closes | is_border)
    counts = np.diff(events, append=len(opens))
    opened = opens.take(events)
    carried = is_border.take(events) & np.append(closes.take(events)[1:], False)
    inside = np.repeat(opened | carried, counts)
    # A closing mark still belongs to what it closes, whatever comes after it.
    inside[events[1:]] = (opened | carried)[:-1]
    inside[events[opened]] = True
    inside[is_border] = False
    return inside


def _sentence_ends(stream: TokenStream, marks: NDArray[np.uint16]) -> Flags:
    """Full stops and their like before a capital or a mark, but after no short capitalised word."""
    table = _class_table()
    ends = np.zeros(len(marks), bool)
    at = np.flatnonzero(marks & _STOP)
    at = at[at + 1 < len(marks)]
    following = marks.take(at + 1)
    is_last = (following & _BORDER) != 0
    goes = (following & (_UPPER | _OPEN | _CLOSE | _STRAIGHT | _BORDER)) != 0
    before = at - 1
    # "J.", "Gen.", "St.": no vowel at its end, unlike "No." and "We."
    short = stream.stops.take(before) - stream.starts.take(before) <= 3
    short &= (marks.take(before) & _UPPER) != 0
    last = table.take(np.minimum(stream.codes.take(stream.stops.take(before) - 1), len(table) - 1))
    short &= (last & _VOWEL) == 0
    short &= stream.codes.take(stream.starts.take(at)) == ord(".")
    ends[at[goes & (is_last | ~short)]] = True
    return ends


def _states(inside: Flags, is_border: Flags, ends: Flags, counts: Ints, borders: Ints) -> Ints:
    """Inside marks (the lowest bit), marks or not in the paragraph, number of the sentence."""
    place = np.maximum(counts[3] - 1, 0)
    n_marks = np.append(np.diff(counts[2].take(borders)), 0)
    n_ends = np.append(np.diff(counts[1].take(borders)), 0)
    sentence = counts[1] - counts[1].take(borders).take(place) - ends
    level = np.minimum(sentence, 2)
    level[(n_ends <= 1).take(place) & (sentence == 0)] = 3
    found: Ints = (np.minimum(n_marks, 2).take(place) * 4 + level) * 2 + inside
    return found
