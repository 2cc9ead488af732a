"""TokenStream: the paragraphs of an article as one stream of tokens, found with numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.tokens import U64, Flags, Ints

Codes = NDArray[Any]

BOUNDARY = "\x1e"
"""Stands before, between and after paragraphs, as a token of its own."""

# The joints of a word: "U.S", "vice-president", "and/or", "AT&T"; commas between digits only.
_JOINTS = frozenset("-./&@_‐‑")
_APOSTROPHES = frozenset("'’ʼ`")
BLANK, WORD, MARK, JOINT, APOSTROPHE, COMMA, DIGIT = range(7)
_SAME = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_SAME |= {"–": "—", "―": "—", "‐": "-", "‑": "-"}
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
MAX_HASHED = 48  # what differs later than this in a word is one word
_POWERS = np.cumprod(np.full(MAX_HASHED, 0x9E3779B97F4A7C15, np.uint64))


@dataclass(frozen=True, slots=True, eq=False)
class TokenStream:
    """Tokens of an article, boundaries between paragraphs among them.

    A word with its inner joints is one token, a clitic with its apostrophe one ("'s", "'t"), equal
    marks in a row one ("--"), any other mark one.

    Parameters
    ----------
    codes : ndarray of uint32, shape (n_codes,)
        Code points of all paragraphs, ``BOUNDARY`` around each.
    starts, stops : ndarray of int64, shape (n_tokens,)
        Half-open spans in ``codes``.
    borders : ndarray of int64, shape (n_paragraphs + 1,)
        Which tokens are boundaries: paragraph ``i`` has those between ``borders[i]`` and
        ``borders[i + 1]``, both left out.
    kinds : ndarray of uint8, shape (n_codes,)
        Class of each character.
    """

    codes: Codes
    starts: Ints
    stops: Ints
    borders: Ints
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, paragraphs: Sequence[str]) -> TokenStream:
        """Tokens of paragraphs.

        Examples
        --------
        >>> stream = TokenStream.of(["“No,” the co-op's head said.", "U.S. wheat: 1,200 t"])
        >>> [stream.text(i) for i in range(1, stream.borders[1])]
        ['“', 'No', ',', '”', 'the', 'co-op', "'s", 'head', 'said', '.']
        >>> [stream.text(i) for i in range(stream.borders[1] + 1, stream.borders[2])]
        ['U.S', '.', 'wheat', ':', '1,200', 't']
        """
        text = BOUNDARY.join(["", *(p.replace(BOUNDARY, " ") for p in paragraphs), ""])
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        kinds = _kinds(codes)
        inner = _inner(codes, kinds)
        starts, stops = _edges(codes, inner)
        borders = np.flatnonzero(codes.take(starts) == ord(BOUNDARY))
        return cls(codes, starts, stops, borders, kinds)

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, i: int) -> str:
        """Token ``i`` as it stands in its paragraph."""
        code = self.codes[self.starts[i] : self.stops[i]]
        return code.tobytes().decode("utf-32-le", "surrogatepass")

    def offsets(self) -> Ints:
        """Where each paragraph's text begins in ``codes``, shape (n_paragraphs,)."""
        found: Ints = self.stops[self.borders[:-1]]
        return found

    def hashes(self) -> U64:
        """Hash of every token as written, its marks made alike; shape (n_tokens,), never 0."""
        return span_hashes(folded(self.codes, case=True), self.starts, self.stops)


def span_hashes(codes: Codes, starts: Ints, stops: Ints) -> U64:
    """Hash of each span: equal codes, equal hash; never 0."""
    lengths = np.minimum(stops - starts, MAX_HASHED)
    ends = np.cumsum(lengths)
    begins = ends - lengths
    place = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(begins, lengths)
    terms = (codes.take(np.repeat(starts, lengths) + place) + np.uint64(1)) * _POWERS.take(place)
    return mixed(np.add.reduceat(terms, begins)) if len(begins) else np.zeros(0, np.uint64)


def mixed(hashes: U64) -> U64:
    """Hashes with their bits stirred; never 0."""
    hashes = hashes ^ (hashes >> _SHIFT)
    hashes = hashes * _MIX
    hashes ^= hashes >> _SHIFT
    return hashes | np.uint64(1)


def folded(codes: Codes, *, case: bool = False) -> U64:
    """Codes with quotation marks, dashes and apostrophes made alike; lower case but for ``case``.

    Character by character, so that offsets stay: what has no single lower-case form stays too.
    """
    known, image = _tables()
    small = np.minimum(codes, len(known) - 1)
    found: U64 = (known if case else image).take(small)
    wide = np.flatnonzero(codes >= len(known) - 1)
    if len(wide):
        distinct, inverse = np.unique(codes[wide], return_inverse=True)
        images = [_image(chr(code), case=case) for code in distinct.tolist()]
        found[wide] = np.array(images, np.uint64)[inverse]
    return found


def _image(character: str, *, case: bool) -> int:
    character = _SAME.get(character, character)
    lower = character if case else character.lower()
    return ord(lower) if len(lower) == 1 else ord(character)


@lru_cache(maxsize=1)
def _tables() -> tuple[U64, U64]:
    """Images of the first 0x3000 code points, with and without case."""
    kept = np.array([_image(chr(i), case=True) for i in range(0x3000)], np.uint64)
    lower = np.array([_image(chr(i), case=False) for i in range(0x3000)], np.uint64)
    return kept, lower


def _kind(character: str) -> int:
    if character.isdigit():
        return DIGIT
    if character.isalnum():
        return WORD
    if character.isspace() and character != BOUNDARY:
        return BLANK
    if character in _APOSTROPHES:
        return APOSTROPHE
    if character in _JOINTS:
        return JOINT
    return COMMA if character == "," else MARK


@lru_cache(maxsize=1)
def _kind_table() -> NDArray[np.uint8]:
    return np.array([_kind(chr(i)) for i in range(0x3000)], np.uint8)


def _kinds(codes: Codes) -> NDArray[np.uint8]:
    table = _kind_table()
    kinds = table.take(np.minimum(codes, len(table) - 1))
    wide = np.flatnonzero(codes >= len(table) - 1)
    if len(wide):
        distinct, inverse = np.unique(codes[wide], return_inverse=True)
        kinds[wide] = np.array([_kind(chr(c)) for c in distinct.tolist()], np.uint8)[inverse]
    return kinds


def _inner(codes: Codes, kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """0 blank, 1 word, 2 mark, 3 an apostrophe that begins a clitic."""
    word = (kinds == WORD) | (kinds == DIGIT)
    between = np.zeros(len(codes), bool)
    between[1:-1] = word[:-2] & word[2:]
    digits = kinds == DIGIT
    between_digits = np.zeros(len(codes), bool)
    between_digits[1:-1] = digits[:-2] & digits[2:]
    joined = (between & (kinds == JOINT)) | (between_digits & (kinds == COMMA))
    inner = np.full(len(codes), 2, np.uint8)
    inner[word | joined] = 1
    inner[kinds == BLANK] = 0
    inner[between & (kinds == APOSTROPHE)] = 3
    return inner


def _edges(codes: Codes, inner: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    begins: Flags = np.ones(len(codes), bool)
    same = inner[1:] == inner[:-1]
    same |= (inner[1:] == 1) & (inner[:-1] == 3)
    same &= (inner[1:] != 2) | (codes[1:] == codes[:-1])
    same &= codes[1:] != ord(BOUNDARY)
    begins[1:] = ~same
    firsts = np.flatnonzero(begins)
    ends = np.append(firsts[1:], len(codes))
    solid = inner.take(firsts) != 0
    return firsts[solid], ends[solid]
