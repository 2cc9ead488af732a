"""Pieces: the white-space separated pieces of a batch of texts, their words, n-grams and hashes.

numpy alone: labelling a page must not wait for scikit-learn.

A whole batch is one buffer of code points. Over that buffer stands one polynomial prefix sum modulo
2**64, so that the hash of any span (a piece, a word, an n-gram) is one subtraction and one product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Stands between texts. It is white space to `str.split`, so replacing a stray one by a blank
# changes nothing, and no letter composes with it.
_SEPARATOR = "\x1e"
_BLANK = 0x20
_ASCII_WORD = np.array([chr(i).isalnum() or chr(i) == "_" for i in range(128)])
# All white space, by str.isspace; the last place stands for every code above it.
_IS_BLANK = np.zeros(0x3002, bool)
_IS_BLANK[[*range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)]] = True
_IS_BLANK[[0x2028, 0x2029, 0x202F, 0x205F, 0x3000]] = True
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xBF58476D1CE4E5B9)
_ONE = np.uint64(1)


def fold(text: str) -> str:
    r"""Text in lower case and composed form: what looks the same becomes the same.

    NFC and not NFKC: NFC leaves the ellipsis, the no-break space and the trade mark of almost every
    news page alone, so that most texts pass the quick check and cost nothing; NFKC rewrites them.
    Case folding can undo the composition, hence the second round.

    Examples
    --------
    >>> fold("STRASSE") == fold("Straße"), fold("Cafe\u0301") == "café"
    (True, True)
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFC", text).casefold())


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of a batch, as spans of one buffer.

    Parameters
    ----------
    codes : ndarray of uint8 or uint32, shape (n_codes,)
        Folded code points. White space stands at both ends and between any two pieces.
    prefix : ndarray of uint64, shape (n_codes + 1,)
        Polynomial prefix sums of ``codes``.
    starts, stops : ndarray of int64, shape (n_pieces,)
        Half-open spans of the pieces in ``codes``.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` has the pieces ``bounds[i]:bounds[i + 1]``.
    """

    codes: NDArray[Any]
    prefix: U64
    starts: Ints
    stops: Ints
    bounds: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> Pieces:
        """Pieces of the folded texts.

        Examples
        --------
        >>> pieces = Pieces.of(["The port", "", "closed."])
        >>> pieces.bounds.tolist(), [pieces.text(i) for i in range(3)]
        ([0, 2, 2, 3], ['the', 'port', 'closed.'])
        """
        codes, breaks = _joined(texts)
        odd = _joining(codes)
        if len(odd):
            texts = list(texts)
            for i in np.unique(np.searchsorted(breaks, odd)).tolist():
                texts[i - 1] = fold(texts[i - 1])
            codes, breaks = _joined(texts)
        codes = _folded(codes)
        blank = _is_blank(codes)
        edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
        starts = edges[0::2]
        return cls(codes, _prefix(codes), starts, edges[1::2], np.searchsorted(starts, breaks))

    def text(self, i: int) -> str:
        """Piece ``i`` as folded text."""
        return decoded(self.codes[self.starts[i] : self.stops[i]])

    def hashes(self) -> U64:
        """Hash of every piece, shape (n_pieces,); never 0."""
        return self.span_hashes(self.starts, self.stops)

    def span_hashes(self, starts: Ints, stops: Ints) -> U64:
        """Hash of each span of ``codes``; equal code points give equal hashes anywhere."""
        return self._hashes(starts, stops)

    def _hashes(self, starts: Ints | slice, stops: Ints) -> U64:
        powers = _powers(len(self.prefix))[1]
        return _mixed((self.prefix.take(stops) - self.prefix[starts]) * powers[starts])

    def select(self, which: Ints) -> Pieces:
        """Only the pieces ``which``, copied side by side with one blank around each."""
        lengths = self.stops[which] - self.starts[which]
        stops = np.cumsum(lengths + 1)
        starts = stops - lengths
        codes = np.full(int(stops[-1]) + 1 if len(stops) else 1, _BLANK, self.codes.dtype)
        codes[ranges(starts, lengths)] = self.codes[ranges(self.starts[which], lengths)]
        bounds = np.array([0, len(starts)])
        return Pieces(codes, _prefix(codes), starts, stops, bounds)

    @classmethod
    def joined(cls, parts: Sequence[Pieces]) -> Pieces:
        """All pieces of several batches, as those of one text."""
        codes = np.concatenate([part.codes for part in parts])
        ends = np.cumsum([len(part.codes) for part in parts])
        shifts = [end - len(part.codes) for end, part in zip(ends, parts, strict=True)]
        shifted = list(zip(parts, shifts, strict=True))
        starts = np.concatenate([part.starts + shift for part, shift in shifted])
        stops = np.concatenate([part.stops + shift for part, shift in shifted])
        return cls(codes, _prefix(codes), starts, stops, np.array([0, len(starts)]))

    def words(self) -> tuple[Ints, Ints, Ints]:
        """Words of two or more characters, as scikit-learn's default pattern finds them.

        A combining mark counts as a word character where it follows one, which that pattern denies
        it: it would cut most words of Devanagari or Thai at every vowel sign.

        Returns
        -------
        owners, starts, stops : ndarray of int64, shape (n_words,)
            The piece each word stands in, and its span in ``codes``; in reading order.
        """
        word = _is_word(self.codes)
        edges = np.flatnonzero(word[1:] != word[:-1]) + 1
        starts, stops = edges[0::2], edges[1::2]
        long = stops - starts >= 2
        starts, stops = starts[long], stops[long]
        return np.searchsorted(self.starts, starts, side="right") - 1, starts, stops

    def char_ngrams(self, low: int, high: int) -> tuple[Ints, Ints, Ints]:
        """Character n-grams of every piece padded with one blank on either side.

        For pieces that ``select`` gave: in the buffer of a batch, any white space stands there.
        They are those of scikit-learn's ``char_wb``: a padded piece shorter than ``low`` counts
        once as a whole.

        Returns
        -------
        owners, starts, stops : ndarray of int64, shape (n_ngrams,)
            The piece each n-gram stands in, and its span in ``codes``; piece after piece.
        """
        lengths = self.stops - self.starts + 2
        places = ranges(self.starts - 1, lengths)
        left = np.repeat(self.stops + 1, lengths) - places  # codes from here to the piece's end
        counts = np.clip(left - low + 1, 0, high - low + 1)
        counts[np.cumsum(lengths)[lengths < low] - lengths[lengths < low]] = 1
        owners = np.repeat(np.repeat(np.arange(len(lengths)), lengths), counts)
        starts = np.repeat(places, counts)
        sizes = np.minimum(ranges(np.full(len(counts), low), counts), np.repeat(left, counts))
        return owners, starts, starts + sizes

    def char_hashes(self, low: int, high: int) -> Iterator[tuple[U64, Flags]]:
        """Hashes of what ``char_ngrams`` gives, length after length, without their spans.

        A third of the time: no n-gram needs an owner, a start and a stop of its own. Only for
        pieces that ``select`` gave.

        Yields
        ------
        hashes : ndarray of uint64, shape (n_places,)
            Of the n-gram at each place; piece ``i`` has the places from ``starts[i] - 1`` up to
            ``stops[i]``, which is the next piece's first one. Of length 1, the last blank is left
            out: its hash is that of the first.
        is_ngram : ndarray of bool, shape (n_places,)
        """
        n_places = len(self.codes) - 1
        lengths = self.stops - self.starts + 1
        places = np.arange(n_places)
        ends = np.repeat(self.stops + 1, lengths)
        left = ends - places
        for n in range(low, high + 1):
            is_ngram = left >= n
            if n == low:  # what is shorter counts once, as a whole
                is_ngram[self.starts - 1] = True
            stops = np.minimum(places + n, ends)
            yield self._hashes(slice(n_places), stops), is_ngram


def chunks(texts: Sequence[str], *, n_chars: int = 1 << 18) -> Iterator[Sequence[str]]:
    """Split texts into runs with about ``n_chars`` characters each: the buffers stay in the cache.

    Examples
    --------
    >>> [len(run) for run in chunks(["abc", "de", "f"], n_chars=4)]
    [2, 1]
    """
    lengths = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    start = 0
    while start < len(texts):
        before = int(lengths[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(lengths, before + n_chars, side="left")) + 1)
        yield texts[start:stop]
        start = stop


def pair_keys(first: U64, second: U64) -> U64:
    """Key of each ordered pair of word hashes; never 0."""
    return _mixed(first * _PAIR + second)


def buckets(hashes: U64, n_buckets: int) -> Ints:
    """Bucket of each hash; ``n_buckets`` is a power of two."""
    return (hashes >> np.uint64(65 - n_buckets.bit_length())).astype(np.int64)


def ranges(starts: Ints, counts: Ints) -> Ints:
    """``arange(start, start + count)`` of every pair, one after the other.

    Examples
    --------
    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - counts), counts) + np.arange(total)


def decoded(codes: NDArray[Any]) -> str:
    """Code points as text."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _joined(texts: Sequence[str]) -> tuple[NDArray[Any], Ints]:
    """Codes of all texts, a separator before and after each; and where the separators stand."""
    codes = _codes(_SEPARATOR.join(["", *texts, ""]))
    breaks = np.flatnonzero(codes == ord(_SEPARATOR))
    if len(breaks) == len(texts) + 1:
        return codes, breaks
    return _joined([text.replace(_SEPARATOR, " ") for text in texts])


def _folded(codes: NDArray[Any]) -> NDArray[Any]:
    """Codes of the folded text, each character by itself.

    Curly quotation marks and accents of almost all news are folded so, in a third of the time that
    ``str.casefold`` and two passes of ``normalize`` take.
    """
    capital = codes - codes.dtype.type(ord("A")) < 26  # below A, codes wrap round
    folded: NDArray[Any] = codes + capital * codes.dtype.type(32)
    if codes.dtype != np.uint8:
        wide = np.flatnonzero(codes > 127)
        distinct, inverse = np.unique(codes[wide], return_inverse=True)
        images = [_folded_code(code) or code for code in distinct.tolist()]
        folded[wide] = np.array(images, codes.dtype)[inverse]
    return folded


def _joining(codes: NDArray[Any]) -> Ints:
    """Where characters stand that do not fold each by itself."""
    wide = np.flatnonzero(codes > 127) if codes.dtype != np.uint8 else np.zeros(0, np.int64)
    distinct, inverse = np.unique(codes[wide], return_inverse=True)
    is_odd = np.array([_folded_code(code) == 0 for code in distinct.tolist()], bool)
    places: Ints = wide[is_odd[inverse]]
    return places


@lru_cache(maxsize=1 << 12)
def _folded_code(code: int) -> int:
    """Code of the folded character; 0 where it has several or may join with a neighbour.

    What joins with a letter before it is a mark or a conjoining jamo; beyond the Basic Multilingual
    Plane, newer versions of Unicode have other such characters.
    """
    folded = fold(chr(code))
    is_joining = category(chr(code)).startswith("M") or 0x1100 <= code <= 0x11FF
    return 0 if is_joining or code > 0xFFFF or len(folded) > 1 else ord(folded)


def _codes(text: str) -> NDArray[Any]:
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _prefix(codes: NDArray[Any]) -> U64:
    # + 1: a NUL has to count, or "a" and "a\0" would be one piece.
    prefix = np.zeros(len(codes) + 1, np.uint64)
    powers = _powers(len(prefix))[0]
    np.cumsum((codes + codes.dtype.type(1)) * powers[: len(codes)], out=prefix[1:])
    return prefix


def _mixed(hashes: U64) -> U64:
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(32)
    return hashes | _ONE  # 0 stands for nothing


def _powers(n: int) -> tuple[U64, U64]:
    bits = max(n, 1 << 12).bit_length()
    # Tables for one monstrous text are not kept: 16 bytes a character, for ever.
    return _power_tables(bits) if bits <= 20 else _power_tables.__wrapped__(bits)


@lru_cache(maxsize=4)
def _power_tables(bits: int) -> tuple[U64, U64]:
    """Powers of the base and of its inverse, shape (2**bits,) each."""
    tables = []
    for base in (_BASE, pow(_BASE, -1, 1 << 64)):
        table = np.full(1 << bits, base, np.uint64)
        table[0] = 1
        tables.append(np.cumprod(table))
    return tables[0], tables[1]


def _is_blank(codes: NDArray[Any]) -> Flags:
    if codes.dtype != np.uint8:
        codes = np.minimum(codes, len(_IS_BLANK) - 1)
    return _IS_BLANK.take(codes)


def _is_word(codes: NDArray[Any]) -> Flags:
    if codes.dtype == np.uint8:
        return _ASCII_WORD.take(codes)
    word: Flags = _ASCII_WORD.take(np.minimum(codes, 127))
    wide = np.flatnonzero(codes > 127)
    distinct, inverse = np.unique(codes[wide], return_inverse=True)
    word[wide] = np.array([chr(c).isalnum() for c in distinct], bool)[inverse]
    mark = np.array([category(chr(c)).startswith("M") for c in distinct], bool)[inverse]
    if mark.any():
        carrier = np.arange(len(codes))
        carrier[wide[mark]] = 0  # the buffer begins with a blank
        word = word[np.maximum.accumulate(carrier)]
    return word
