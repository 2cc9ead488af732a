"""NgramFeatures: word and ``char_wb`` n-grams of passages as a sparse tf-idf matrix.

Character n-grams never leave their white-space separated piece, so the count matrix is T · F:
texts by distinct pieces times distinct pieces by n-grams. Each distinct piece is cut up only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from stance.features.hash_index import HashIndex
from stance.features.scorer import checked_range
from stance.features.tokens import (
    U64,
    Ints,
    Pieces,
    buckets,
    chunks,
    decoded,
    pair_keys,
    ranges,
)
from stance.passage import as_passages


def texts_of(X: Any) -> list[str]:
    """Texts of anything that ``as_passages`` takes; a list of str stays as it is.

    Examples
    --------
    >>> texts_of([{"text": "The port closed."}])
    ['The port closed.']
    """
    if isinstance(X, list) and all(type(text) is str for text in X):
        return X  # a Passage each would cost a tenth of the time that scoring takes
    return [passage.text for passage in as_passages(X)]


class NgramFeatures(TransformerMixin, BaseEstimator):
    """Tf-idf of word 1–2-grams and ``char_wb`` 2–5-grams, with the additive norm.

    A passage's row is ``tf * idf / sqrt(sum(tf * idf ** 2))``. The Euclidean norm squares ``tf``,
    and no sum over words can give that; the additive norm is what lets a compiled ``NgramScorer``
    add up one constant per word. It is used in training as well: used in prediction alone, it
    costs up to 2.6 points of macro-F1. With ``word_weight`` it scored as two Euclidean norms did,
    one for words and one for characters.

    Words and bigrams have exact 64-bit keys (hashing them into buckets costs 0.9 points), character
    n-grams share hashed buckets. N-grams not seen in training have idf 0. Columns are ordered by
    falling document frequency, which halves the time of a linear solver: what is used most lies
    together in the cache.

    Parameters
    ----------
    word_range, char_range : tuple of two int, or None
        Lengths of the n-grams, both ends included; None for none. Words are scikit-learn's default
        (two or more word characters); ``word_range`` reaches to 2.
    min_df : int
        Passages an n-gram (or bucket) has to occur in.
    n_buckets : int
        Buckets of character n-grams, a power of two. 2**16 scored as well as 2**18.
    word_weight : float
        Factor on the idf of words and bigrams: a word stands against some twenty character n-grams,
        and under a common norm it would be drowned.
    keep_names : bool
        Keep a readable name of every column in ``readable_names_``, for explanations in the same
        process. A model to be saved does without.

    Attributes
    ----------
    word_keys_ : ndarray of uint64, shape (n_words,)
        Keys of the known words and bigrams, increasing.
    columns_ : ndarray of int32, shape (n_buckets + n_words,)
        Column of each bucket and then of each word; -1 for none.
    idf_ : ndarray of float32, shape (n_features,)
        By column; rounded to what float16 holds, as the compiled scorer stores it.
    readable_names_ : list of str
        By column, where ``keep_names``; of a bucket, one of the n-grams in it.

    Examples
    --------
    >>> features = NgramFeatures(min_df=1, char_range=None)
    >>> features.fit_transform(["The port closed.", "The port"]).toarray().round(2)
    array([[0.38, 0.38, 0.38, 0.53, 0.53],
           [0.58, 0.58, 0.58, 0.  , 0.  ]], dtype=float32)
    """

    def __init__(
        self,
        *,
        word_range: tuple[int, int] | None = (1, 2),
        char_range: tuple[int, int] | None = (2, 5),
        min_df: int = 2,
        n_buckets: int = 2**16,
        word_weight: float = 2.0,
        keep_names: bool = False,
    ) -> None:
        self.word_range = word_range
        self.char_range = char_range
        self.min_df = min_df
        self.n_buckets = n_buckets
        self.word_weight = word_weight
        self.keep_names = keep_names

    def fit(self, X: Any, y: Any = None) -> NgramFeatures:
        """Learn vocabulary and idf from anything that ``as_passages`` takes."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> csr_matrix:
        """Learn vocabulary and idf, and give the matrix of the same passages.

        Returns
        -------
        csr_matrix of float32, shape (n_passages, n_features)

        Raises
        ------
        ValueError
            A parameter is out of range, or no n-gram occurs in ``min_df`` passages.
        """
        self._check()
        corpus = _Corpus.of(texts_of(X))
        owners, occurrences = corpus.words(self.word_range)
        keys, at = np.unique(occurrences, return_inverse=True)
        raw = self._raw(corpus, owners, at, n_words=len(keys))
        columns = self._learn(raw, keys)
        if self.keep_names:
            self.readable_names_ = self._readable(corpus)
        return self._weighted(raw, columns)

    def transform(self, X: Any) -> csr_matrix:
        """Matrix of passages.

        Returns
        -------
        csr_matrix of float32, shape (n_passages, n_features)
        """
        check_is_fitted(self)
        corpus = _Corpus.of(texts_of(X))
        owners, keys = corpus.words(self.word_range)
        at = HashIndex(self.word_keys_).find(keys)
        raw = self._raw(corpus, owners, at, n_words=len(self.word_keys_))
        return self._weighted(raw, self.columns_)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names such as ``char#1234`` and ``word#00c0ffee00c0ffee``, which hold no text."""
        check_is_fitted(self)
        names = np.empty(len(self.idf_), object)
        raw = [f"char#{bucket}" for bucket in range(self.n_buckets)]
        raw += [f"word#{key:016x}" for key in self.word_keys_.tolist()]
        for name, column in zip(raw, self.columns_.tolist(), strict=True):
            if column >= 0:
                names[column] = name
        return names

    def _check(self) -> None:
        lengths = [
            checked_range(self.word_range, name="word_range", highest=2),
            checked_range(self.char_range, name="char_range", highest=16),
        ]
        if lengths == [None, None]:
            raise ValueError("word_range and char_range are both None: there is nothing to count")
        if self.min_df < 1:
            raise ValueError(f"min_df = {self.min_df!r}, must be >= 1")
        if self.n_buckets < 2 or self.n_buckets & (self.n_buckets - 1):
            raise ValueError(f"n_buckets = {self.n_buckets!r}, must be a power of two above 1")
        if not 0 < self.word_weight < 100:
            raise ValueError(f"word_weight = {self.word_weight!r}, must be above 0 and below 100")

    def _learn(self, raw: csr_matrix, keys: U64) -> NDArray[np.int32]:
        """Set vocabulary and idf; the new column of every raw one."""
        df = np.bincount(raw.indices, minlength=raw.shape[1])
        kept = np.argsort(-df, kind="stable")[: np.count_nonzero(df >= self.min_df)]
        if not len(kept):
            raise ValueError(
                f"no n-gram occurs in min_df = {self.min_df} of the {raw.shape[0]} passages"
            )
        idf = np.log((1 + raw.shape[0]) / (1 + df[kept])) + 1
        idf[kept >= self.n_buckets] *= self.word_weight
        self.idf_ = idf.astype(np.float16).astype(np.float32)
        columns = np.full(raw.shape[1], -1, np.int32)
        columns[kept] = np.arange(len(kept))
        known = columns[self.n_buckets :] >= 0
        self.word_keys_ = keys[known]
        self.columns_ = columns[np.concatenate([np.ones(self.n_buckets, bool), known])]
        return columns

    def _raw(self, corpus: _Corpus, owners: Ints, at: Ints, *, n_words: int) -> csr_matrix:
        """All counts, shape (n_texts, n_buckets + n_words); words at -1 are left out."""
        known = at >= 0
        ones = np.ones(np.count_nonzero(known), np.float32)
        shape = (corpus.n_texts, n_words)
        words = csr_matrix((ones, (owners[known], at[known])), shape=shape)
        return hstack([corpus.chars(self.char_range, self.n_buckets), words], format="csr")

    def _weighted(self, raw: csr_matrix, columns: NDArray[np.int32]) -> csr_matrix:
        """Columns renamed, the unknown ones dropped, weighted by idf and norm."""
        new = columns[raw.indices]
        known = new >= 0
        indptr = np.concatenate([[0], np.cumsum(known)])[raw.indptr].astype(np.int32)
        new, data = new[known], raw.data[known]
        X = csr_matrix((data, new, indptr), shape=(raw.shape[0], len(self.idf_)))
        norms = np.sqrt(X @ np.square(self.idf_))
        norms[norms == 0] = 1
        X.data = data * self.idf_[new] / np.repeat(norms, np.diff(indptr))
        return X.tocsc().tocsr()  # sorts the indices in half the time of sort_indices

    def _readable(self, corpus: _Corpus) -> list[str]:
        by_bucket = corpus.char_texts(self.char_range, self.n_buckets)
        by_key = corpus.word_texts()
        names = [""] * len(self.idf_)
        for bucket in np.flatnonzero(self.columns_[: self.n_buckets] >= 0).tolist():
            names[self.columns_[bucket]] = by_bucket[bucket]
        words = self.columns_[self.n_buckets :]
        for key, column in zip(self.word_keys_.tolist(), words.tolist(), strict=True):
            names[column] = by_key[key]
        return names


@dataclass(frozen=True, slots=True, eq=False)
class _Corpus:
    """Texts as runs of piece types: text ``i`` is ``ids[bounds[i]:bounds[i + 1]]``."""

    types: Pieces
    ids: Ints
    bounds: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Corpus:
        index = HashIndex()
        types, ids, sizes = [Pieces.of([])], [np.zeros(0, np.int64)], [np.zeros(1, np.int64)]
        for run in chunks(texts, n_chars=1 << 18):
            pieces = Pieces.of(run)
            found, fresh = index.intern(pieces.hashes())
            types.append(pieces.select(fresh))
            ids.append(found)
            sizes.append(np.diff(pieces.bounds))
        return cls(Pieces.joined(types), np.concatenate(ids), np.cumsum(np.concatenate(sizes)))

    @property
    def n_texts(self) -> int:
        return len(self.bounds) - 1

    def chars(self, char_range: tuple[int, int] | None, n_buckets: int) -> csr_matrix:
        """All counts of character n-grams, shape (n_texts, n_buckets): T · F."""
        if char_range is None:
            return csr_matrix((self.n_texts, n_buckets), dtype=np.float32)
        n_types = len(self.types.starts)
        owners, starts, stops = self.types.char_ngrams(*char_range)
        bucket = buckets(self.types.span_hashes(starts, stops), n_buckets)
        ones = np.ones(max(len(owners), len(self.ids)), np.float32)
        F = csr_matrix((ones[: len(owners)], (owners, bucket)), shape=(n_types, n_buckets))
        T = csr_matrix(
            (ones[: len(self.ids)], self.ids, self.bounds), shape=(self.n_texts, n_types)
        )
        return T @ F

    def words(self, word_range: tuple[int, int] | None) -> tuple[Ints, U64]:
        """Text and key of every word and bigram; shape (n_occurrences,) each."""
        low, high = word_range or (3, 0)
        owners, words = self._tokens()
        pairs = np.flatnonzero(owners[1:] == owners[:-1])
        found = {1: (owners, words), 2: (owners[pairs], pair_keys(words[pairs], words[pairs + 1]))}
        parts = [found[n] for n in range(low, high + 1)] or [(owners[:0], words[:0])]
        return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])

    def _tokens(self) -> tuple[Ints, U64]:
        """Text and hash of every word occurrence, in reading order."""
        owners, starts, stops = self.types.words()
        words = self.types.span_hashes(starts, stops)
        counts = np.bincount(owners, minlength=len(self.types.starts))
        tokens = words[ranges((np.cumsum(counts) - counts)[self.ids], counts[self.ids])]
        texts = np.repeat(np.arange(self.n_texts), np.diff(self.bounds))
        return np.repeat(texts, counts[self.ids]), tokens

    def char_texts(self, char_range: tuple[int, int] | None, n_buckets: int) -> dict[int, str]:
        """One n-gram of each bucket."""
        if char_range is None:
            return {}
        _, starts, stops = self.types.char_ngrams(*char_range)
        bucket, at = np.unique(
            buckets(self.types.span_hashes(starts, stops), n_buckets), return_index=True
        )
        return {
            int(b): decoded(self.types.codes[starts[i] : stops[i]])
            for b, i in zip(bucket, at, strict=True)
        }

    def word_texts(self) -> dict[int, str]:
        """Every word and bigram by its key."""
        _, starts, stops = self.types.words()
        keys = self.types.span_hashes(starts, stops)
        texts = {
            int(key): decoded(self.types.codes[starts[i] : stops[i]]) for i, key in enumerate(keys)
        }
        owners, words = self._tokens()
        pairs = np.flatnonzero(owners[1:] == owners[:-1])
        keys, at = np.unique(pair_keys(words[pairs], words[pairs + 1]), return_index=True)
        for key, i in zip(keys.tolist(), pairs[at].tolist(), strict=True):
            texts[key] = f"{texts[int(words[i])]} {texts[int(words[i + 1])]}"
        return texts
