"""NgramScorer: a trained linear n-gram model as tables, scoring texts with numpy alone.

A ``char_wb`` n-gram never leaves its white-space separated piece, so the weighted sum over the
n-grams and words of a piece is a constant of that piece. It is computed when the piece is first met
and kept in a bounded memo; then a text costs one row addition per piece and one per known bigram.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.hash_index import HashIndex
from stance.features.tokens import U64, Ints, Pieces, buckets, chunks, pair_keys

Floats = NDArray[np.float32]
_VERSION = 1
_ARRAYS = ("char_idf", "char_weights", "intercept", "word_idf", "word_keys", "word_weights")
_SETTINGS = ("char_range", "memo_size", "version", "word_range")


@dataclass(slots=True, eq=False)
class _Memo:
    """What is known of the pieces met so far; rows are written once and never changed."""

    index: HashIndex
    rows: Floats  # (capacity, n_outputs + 1): weighted sums, then the sum of squared idf
    first: U64  # (capacity,): hash of a piece's first and last word, 0 where it has none
    last: U64

    @classmethod
    def empty(cls, width: int) -> _Memo:
        n = 1 << 10
        rows = np.zeros((n, width), np.float32)
        return cls(HashIndex(), rows, np.zeros(n, np.uint64), np.zeros(n, np.uint64))

    def reserve(self, n: int) -> None:
        """Room for ``n`` pieces. New arrays: another thread may be reading the old ones."""
        if n > len(self.rows):
            extra = max(n, 2 * len(self.rows)) - len(self.rows)
            self.rows = np.pad(self.rows, ((0, extra), (0, 0)))
            self.first, self.last = np.pad(self.first, (0, extra)), np.pad(self.last, (0, extra))


class NgramScorer:
    """Decision values of a linear model over word and ``char_wb`` n-grams.

    Made by ``NgramClassifier.compile`` or ``from_arrays``. The score of a text is
    ``sum(idf * weight) / sqrt(sum(idf ** 2)) + intercept``, both sums over all occurrences of all
    known n-grams. A text without any gets the intercept.

    The tables hold hashes, never text: words and bigrams by exact 64-bit key, character n-grams by
    bucket. Safe to share between threads. The memo keeps at most ``memo_size`` pieces between calls
    (about 100 bytes each with four outputs) and starts anew when they are exceeded, so that it
    follows a stream of changing vocabulary.

    Examples
    --------
    One word (the key is its hash), two outputs, no character n-grams:

    >>> from stance.features.tokens import Pieces
    >>> scorer = NgramScorer.from_arrays(
    ...     {"word_keys": Pieces.of(["port"]).hashes(), "word_idf": np.array([2.0], np.float16),
    ...      "word_weights": np.array([[3.0, -1.0]], np.float16),
    ...      "char_idf": np.zeros(0, np.float16), "char_weights": np.zeros((0, 2), np.float16),
    ...      "intercept": np.array([0.5, 0.0], np.float32)},
    ...     {"version": 1, "word_range": [1, 1], "char_range": None, "memo_size": 1000})
    >>> scorer.scores(["The port.", ""]).tolist()  # 3 / sqrt(2 ** 2) + 0.5
    [[2.0, -0.5], [0.5, 0.0]]
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any]) -> None:
        self._arrays = _checked_arrays(arrays)
        self._settings = _checked_settings(settings, n_buckets=len(self._arrays["char_idf"]))
        self._index = HashIndex(self._arrays["word_keys"])
        self._rows = _rows(self._arrays["word_weights"], self._arrays["word_idf"])
        # One more row, of zeros, for what is no n-gram.
        self._char_rows = np.pad(
            _rows(self._arrays["char_weights"], self._arrays["char_idf"]), ((0, 1), (0, 0))
        )
        self._intercept = np.asarray(self._arrays["intercept"])
        self._lock = Lock()
        self._memo = _Memo.empty(self._rows.shape[1])

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any]
    ) -> NgramScorer:
        """Scorer from what ``arrays`` and ``settings`` gave.

        Parameters
        ----------
        arrays : mapping of str to ndarray
            May be memory-mapped and read-only.
        settings : mapping
            As ``settings`` gave it, also after a round trip through JSON.

        Raises
        ------
        ValueError
            An array or setting is missing, unknown, of wrong dtype, shape or range, or not finite.
        """
        return cls(arrays, settings)

    def __reduce__(self) -> tuple[Any, ...]:
        return NgramScorer, (self._arrays, self._settings)

    @property
    def n_outputs(self) -> int:
        """Columns of ``scores``: the number of classes, or 1 for two classes."""
        return len(self._intercept)

    @property
    def n_remembered(self) -> int:
        """Pieces in the memo, at most ``memo_size``."""
        return len(self._memo.index)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All tables by name, to be saved.

        Returns
        -------
        dict
            ``word_keys`` uint64 (n_words,), increasing; ``word_weights`` float16 (n_words,
            n_outputs), idf times coefficient; ``word_idf`` float16 (n_words,); ``char_weights``
            float16 (n_buckets, n_outputs); ``char_idf`` float16 (n_buckets,), 0 where unseen;
            ``intercept`` float32 (n_outputs,).
        """
        return dict(self._arrays)

    def settings(self) -> dict[str, Any]:
        """Everything that is no array, fit for JSON."""
        return dict(self._settings)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Decision values.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ndarray of float32, shape (n_texts, n_outputs)
            One column per class; for two classes one, positive for the second. A text's row does
            not depend on the others.
        """
        if isinstance(texts, str):
            raise TypeError("expected a sequence of texts, got one str: put it in a list")
        parts = [self._score(run) for run in chunks(texts)]
        return np.concatenate(parts) if parts else np.empty((0, self.n_outputs), np.float32)

    def _score(self, texts: Sequence[str]) -> Floats:
        pieces = Pieces.of(texts)
        with self._lock:
            try:
                ids = self._ids(pieces)
            except BaseException:  # interrupted: known by name, but its row may still be empty
                self._memo = _Memo.empty(self._rows.shape[1])
                raise
            rows, first, last = self._memo.rows, self._memo.first, self._memo.last
            if len(self._memo.index) > self._settings["memo_size"]:
                self._memo = _Memo.empty(rows.shape[1])
        totals = _segment_sums(rows.take(ids, axis=0), pieces.bounds)
        if self._settings["word_range"] is not None and self._settings["word_range"][1] == 2:
            self._add_bigrams(totals, first.take(ids), last.take(ids), pieces.bounds)
        norms = np.sqrt(totals[:, -1:])
        norms[norms == 0] = 1
        scores: Floats = totals[:, :-1] / norms + self._intercept
        return scores

    def _ids(self, pieces: Pieces) -> Ints:
        hashes = pieces.hashes()
        known = len(self._memo.index)
        ids, fresh = self._memo.index.intern(hashes)
        if known and len(self._memo.index) > self._settings["memo_size"]:
            self._memo = _Memo.empty(self._rows.shape[1])
            return self._ids(pieces)
        if len(fresh):
            self._learn(pieces.select(fresh), known)
        return ids

    def _learn(self, pieces: Pieces, at: int) -> None:
        """Enter the constants of new pieces into the memo, from row ``at`` on."""
        memo, n = self._memo, len(pieces.starts)
        memo.reserve(at + n)
        rows = memo.rows[at : at + n]
        if self._settings["char_range"] is not None:
            rows += self._char_sums(pieces)
        if self._settings["word_range"] is not None:
            owners, starts, stops = pieces.words()
            words = pieces.span_hashes(starts, stops)
            memo.last[at + owners] = words  # of several, the last is written last
            memo.first[at + owners[::-1]] = words[::-1]
            self._add_words(rows, owners, words)

    def _char_sums(self, pieces: Pieces) -> Floats:
        """Sum of the character n-grams of each piece, shape (n_pieces, n_outputs + 1)."""
        low, high = self._settings["char_range"]
        n_buckets = len(self._char_rows) - 1
        sums = np.zeros((len(pieces.codes) - 1, self._char_rows.shape[1]), np.float32)
        for n, (hashes, is_ngram) in enumerate(pieces.char_hashes(low, high), start=low):
            bucket = buckets(hashes, n_buckets)
            bucket[~is_ngram] = n_buckets
            rows = self._char_rows.take(bucket, axis=0)
            sums += rows
            if n == 1:  # the blank after each piece
                sums[pieces.starts - 1] += rows[pieces.starts - 1]
        found: Floats = np.add.reduceat(sums, pieces.starts - 1, axis=0)
        return found

    def _add_words(self, rows: Floats, owners: Ints, words: U64) -> None:
        """Add the words of each piece, and the bigrams inside it ("well-known")."""
        low, high = self._settings["word_range"]
        if low == 1:
            self._add_known(rows, owners, words)
        if high == 2:
            inside = np.flatnonzero(owners[1:] == owners[:-1])
            self._add_known(rows, owners[inside], pair_keys(words[inside], words[inside + 1]))

    def _add_known(self, rows: Floats, owners: Ints, keys: U64) -> None:
        """Add to row ``owners[i]`` the row of ``keys[i]`` where it is known; owners are sorted."""
        ids = self._index.find(keys)
        hits = np.flatnonzero(ids >= 0)
        bounds = np.searchsorted(owners[hits], np.arange(len(rows) + 1))
        rows += _segment_sums(self._rows.take(ids[hits], axis=0), bounds)

    def _add_bigrams(self, totals: Floats, first: U64, last: U64, bounds: Ints) -> None:
        """Add the bigrams that stand across two pieces, over pieces without a word."""
        worded = np.flatnonzero(first)
        ids = self._index.find(pair_keys(last[worded[:-1]], first[worded[1:]]))
        bounds = np.searchsorted(worded, bounds)
        across = bounds[(bounds > 0) & (bounds <= len(ids))] - 1
        ids[across] = -1  # from one text into the next
        hits = np.flatnonzero(ids >= 0)
        rows = self._rows.take(ids[hits], axis=0)
        totals += _segment_sums(rows, np.searchsorted(hits, bounds))


def _rows(weights: NDArray[Any], idf: NDArray[Any]) -> Floats:
    """Weights and squared idf side by side, shape (n, n_outputs + 1)."""
    rows = np.empty((len(idf), weights.shape[1] + 1), np.float32)
    rows[:, :-1] = weights
    np.square(idf, out=rows[:, -1], dtype=np.float32)
    return rows


def _segment_sums(rows: Floats, bounds: Ints) -> Floats:
    """Each sum of rows ``bounds[i]:bounds[i + 1]``, which cover all rows; 0 where there are none.

    Row after row in order, so that a sum does not depend on what else is in the batch.
    """
    sums = np.zeros((len(bounds) - 1, rows.shape[1]), np.float32)
    full = bounds[1:] > bounds[:-1]
    if full.any():  # reduceat gives an empty segment its first row instead of 0
        sums[full] = np.add.reduceat(rows, bounds[:-1][full], axis=0)
    return sums


def _checked_arrays(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    if sorted(arrays) != sorted(_ARRAYS):
        raise ValueError(f"expected the arrays {list(_ARRAYS)}, got {sorted(arrays)}")
    tables = {name: np.asarray(arrays[name]) for name in _ARRAYS}
    n_outputs = tables["intercept"].size
    n_words, n_buckets = tables["word_keys"].size, tables["char_idf"].size
    for name, dtypes, shape in (
        ("intercept", "f", (n_outputs,)),
        ("word_keys", "u", (n_words,)),
        ("word_idf", "ef", (n_words,)),
        ("word_weights", "ef", (n_words, n_outputs)),
        ("char_idf", "ef", (n_buckets,)),
        ("char_weights", "ef", (n_buckets, n_outputs)),
    ):
        _check_array(name, tables[name], dtypes="L" if dtypes == "u" else dtypes, shape=shape)
    for name in ("word_idf", "char_idf"):
        if (tables[name] < 0).any():
            raise ValueError(f"array {name!r}: expected no negative value")
    keys = tables["word_keys"]
    if n_words and (keys[0] == 0 or not (keys[1:] > keys[:-1]).all()):
        raise ValueError("array 'word_keys': expected increasing keys above 0")
    if n_outputs == 0 or (n_buckets and n_buckets & (n_buckets - 1)):
        raise ValueError(
            f"expected 1 output or more and 2**i buckets, got {n_outputs}, {n_buckets}"
        )
    return tables


def _check_array(name: str, array: NDArray[Any], *, dtypes: str, shape: tuple[int, ...]) -> None:
    wanted = [np.dtype(char) for char in dtypes]
    if array.dtype not in wanted:
        names = " or ".join(str(dtype) for dtype in wanted)
        raise ValueError(f"array {name!r}: expected dtype {names}, got {array.dtype}")
    if array.shape != shape:
        raise ValueError(f"array {name!r}: expected shape {shape}, got {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"array {name!r}: expected finite values, got NaN or infinity")


def _checked_settings(settings: Mapping[str, Any], *, n_buckets: int) -> dict[str, Any]:
    if sorted(settings) != sorted(_SETTINGS):
        raise ValueError(f"expected the settings {list(_SETTINGS)}, got {sorted(settings)}")
    if settings["version"] != _VERSION:
        raise ValueError(f"setting 'version': expected {_VERSION}, got {settings['version']!r}")
    checked = dict(settings)
    memo_size = settings["memo_size"]
    if type(memo_size) is not int or memo_size < 1:
        raise ValueError(f"setting 'memo_size': expected an int >= 1, got {memo_size!r}")
    for name, highest in (("word_range", 2), ("char_range", 16)):
        checked[name] = checked_range(settings[name], name=name, highest=highest)
    if (checked["char_range"] is None) != (n_buckets == 0):
        raise ValueError(f"char_range is {checked['char_range']} with {n_buckets} char buckets")
    return checked


def checked_range(value: Any, *, name: str, highest: int) -> list[int] | None:
    """N-gram lengths [low, high], or None for none.

    Raises
    ------
    ValueError
        Not two ints with ``1 <= low <= high <= highest``.
    """
    if value is None:
        return None
    fine = isinstance(value, list | tuple) and len(value) == 2
    if not fine or any(type(n) is not int for n in value):
        raise ValueError(f"{name}: expected None or two ints, got {value!r}")
    low, high = value
    if not 1 <= low <= high <= highest:
        raise ValueError(f"{name}: expected 1 <= low <= high <= {highest}, got {value!r}")
    return [low, high]
