"""Hashed features of distinct tokens: form, ends, shape and word class, a whole array at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.hash_index import HashIndex
from stance.features.token_lexicon import word_classes
from stance.features.token_stream import (
    BOUNDARY,
    DIGIT,
    WORD,
    TokenStream,
    folded,
    mixed,
    span_hashes,
)
from stance.features.tokens import U64, Flags, Ints, ranges

N_FEATURES = 12
_MOST = 32  # a longer token counts as its first characters here
_BASE = np.uint64(1_000_003)
_POWERS = np.array([pow(1_000_003, i, 1 << 64) for i in range(5)], np.uint64)
_SEEDS = mixed(np.arange(1, N_FEATURES + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


@dataclass(frozen=True, slots=True, eq=False)
class HashedLexicon:
    """Word classes by hash, as a model keeps them: lists may grow after it was trained.

    Parameters
    ----------
    words : ndarray of uint64, shape (n_words,)
        Hashes of the listed words, folded; distinct.
    classes : ndarray of uint64, shape (n_words,)
        Hash of the names of each word's classes.
    """

    words: U64
    classes: U64
    index: HashIndex

    @classmethod
    def of(cls, words: U64, classes: U64) -> HashedLexicon:
        """Lexicon from its two columns."""
        return cls(words, classes, HashIndex(words))

    @classmethod
    def current(cls) -> HashedLexicon:
        """The package's lists as they are now."""
        listed = word_classes()
        names = ["/".join(sorted(names)) for names in listed.values()]
        # "isn't" and "isn’t" are one word here.
        words, first = np.unique(hashes_of(list(listed)), return_index=True)
        return cls.of(words, hashes_of(names)[first])

    def find(self, hashes: U64) -> U64:
        """Classes of each word, 0 where it is not listed."""
        ids = self.index.find(hashes)
        return np.where(ids < 0, np.uint64(0), self.classes.take(ids))


def token_features(
    stream: TokenStream, which: Ints, *, n_buckets: int, lexicon: HashedLexicon
) -> Ints:
    """Buckets of the features of tokens, shape (n, N_FEATURES).

    Two of the folded form (two hashes, so that two words seldom share both), endings of one to
    four characters, beginnings of one to three, the shape, the classes of the closed words and
    cues, and form with first capital.
    """
    sizes = stream.stops[which] - stream.starts[which]
    places = ranges(stream.starts[which], sizes)
    stops = np.cumsum(sizes)
    starts = stops - sizes
    codes = folded(stream.codes[places])
    whole = span_hashes(codes, starts, stops)
    lengths = np.minimum(sizes, _MOST)
    capital = codes != folded(stream.codes[places], case=True)
    shapes = _shapes(capital, stream.kinds[places], starts, stops)
    columns = np.empty((len(which), N_FEATURES), np.uint64)
    columns[:, 0] = columns[:, 1] = whole
    last, first = stops - 1, starts
    columns[:, 2:6] = _ngrams(
        [codes.take(last - np.minimum(i, lengths - 1)) for i in range(4)], lengths
    )
    columns[:, 6:9] = _ngrams(
        [codes.take(first + np.minimum(i, lengths - 1)) for i in range(3)], lengths, seed=16
    )
    columns[:, 9], columns[:, 10] = shapes, lexicon.find(whole)
    columns[:, 11] = whole * np.uint64(3) + (shapes & np.uint64(1))
    shift = np.uint64(65 - n_buckets.bit_length())
    return (mixed(columns * np.uint64(2) ^ _SEEDS) >> shift).astype(np.int64)


def _ngrams(codes: list[U64], lengths: Ints, *, seed: int = 0) -> U64:
    """Hashes of the first 1, 2, … of some codes, of all where a token has fewer."""
    found = np.empty((len(lengths), len(codes)), np.uint64)
    sums = np.zeros(len(lengths), np.uint64)
    for i, code in enumerate(codes):
        sums = np.where(lengths > i, sums * _BASE + code, sums)
        # What a token of this size makes of the seed, as if it had stood before the codes.
        found[:, i] = sums + np.uint64(i + 1 + seed) * _POWERS.take(np.minimum(lengths, i + 1))
    return found


def _shapes(capital: Flags, kinds: NDArray[np.uint8], starts: Ints, stops: Ints) -> U64:
    """First and all capitals, digits, joints, a word at all, and length up to 8: as one number."""
    digit = kinds == DIGIT
    n = stops - starts
    n_capital, n_digit, n_solid = (
        _sums(flags, starts, stops) for flags in (capital, digit, digit | (kinds == WORD))
    )
    begins = capital.take(starts).astype(np.int64)
    shape = begins * 2 + ((n_capital == n_solid) & (n_solid > 1))
    shape = shape * 3 + np.where(n_digit == 0, 0, np.where(n_digit == n_solid, 2, 1))
    shape = shape * 2 + ((n_solid < n) & (n_solid > 0))
    shape = shape * 2 + (n_solid > 0)
    shape = shape * 9 + np.minimum(n, 8)
    found: U64 = (shape * 2 + begins).astype(np.uint64)
    return found


def _sums(flags: Flags, starts: Ints, stops: Ints) -> Ints:
    total = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=total[1:])
    found: Ints = total.take(stops) - total.take(starts)
    return found


def hashes_of(words: list[str]) -> U64:
    """Hashes of lower-case words as ``token_features`` sees them."""
    text = BOUNDARY.join(["", *words, ""])
    codes: NDArray[Any] = np.frombuffer(text.encode("utf-32-le"), "<u4")
    edges = np.flatnonzero(codes == ord(BOUNDARY))
    return span_hashes(folded(codes), edges[:-1] + 1, edges[1:])
