"""TokenEncoder: a row of numbers for every token of an article, by the words around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.quotation_arrays import SECOND
from stance.features.hash_index import HashIndex
from stance.features.token_context import TokenContext
from stance.features.token_features import HashedLexicon, token_features
from stance.features.token_stream import TokenStream
from stance.features.tokens import Ints

Floats = NDArray[np.float32]

_SECOND_PLACES = np.array(SECOND)
_MEMO = 1 << 15


class TokenEncoder:
    """Rows of tokens: the first window reads the words, the second the rows of the first.

    A word's share of the rows of its neighbours is a constant of the word: it is computed when the
    word is first met and kept in a bounded memo. Safe to share between threads.

    Parameters
    ----------
    rows : mapping of str to ndarray of float32
        ``words``, ``window``, ``states``, ``hidden``, ``squeeze``, ``window2``, ``hidden2``.
    lexicon : HashedLexicon
        The word classes that the model was trained with.
    """

    def __init__(self, rows: Mapping[str, Floats], lexicon: HashedLexicon) -> None:
        self._rows, self._lexicon = rows, lexicon
        self._states = rows["states"] + rows["hidden"]
        width, self._n_near = rows["words"].shape[1], rows["hidden"].shape[1]
        half = len(rows["window"]) // width // 2
        self._offsets = range(-half, half + 1)
        # (n_word, n_offsets * n_near): a word's vector times this is all it gives its neighbours.
        by_offset = rows["window"].reshape(2 * half + 1, width, self._n_near)
        self._spread = np.ascontiguousarray(by_offset.transpose(1, 0, 2).reshape(width, -1))
        self._lock = Lock()
        self._index = HashIndex()
        self._memo = np.zeros((0, 0), np.float32)
        self._forget()

    def encoded(self, stream: TokenStream, context: TokenContext) -> Floats:
        """A row for each token, by the words around it, near and farther; shape (n_tokens, n)."""
        rows, first = self._rows, self._n_near
        spread = self._spreads(stream)
        hidden = np.empty((len(stream), first + rows["hidden2"].shape[1]), np.float32)
        near = self._states.take(context.states, axis=0)
        for k, (to, at) in _shifts(len(stream), self._offsets):
            near[to] += spread[at, k * first : (k + 1) * first]
        np.maximum(near, 0, out=hidden[:, :first])
        edge = max(SECOND)
        narrow = np.zeros((len(stream) + 2 * edge, rows["squeeze"].shape[1]), np.float32)
        np.matmul(hidden[:, :first], rows["squeeze"], out=narrow[edge : edge + len(stream)])
        places = np.arange(edge, edge + len(stream))[:, None] + _SECOND_PLACES
        wide = narrow.take(places.ravel(), axis=0).reshape(len(stream), -1)
        far = wide @ rows["window2"]
        far += rows["hidden2"]
        np.maximum(far, 0, out=hidden[:, first:])
        return hidden

    def _spreads(self, stream: TokenStream) -> Floats:
        """What each token gives to the tokens around it, shape (n_tokens, n_offsets * n_near)."""
        hashes = stream.hashes()
        with self._lock:
            if len(self._index) > _MEMO:
                self._forget()
            known = len(self._index)
            try:
                ids, fresh = self._index.intern(hashes)
                if len(fresh):
                    self._learn(stream, fresh, known)
            except BaseException:  # interrupted: known by name, but its row may still be empty
                self._forget()
                raise
            return self._memo.take(ids, axis=0)

    def _learn(self, stream: TokenStream, fresh: Ints, known: int) -> None:
        words = self._rows["words"]
        features = token_features(stream, fresh, n_buckets=len(words), lexicon=self._lexicon)
        vectors = words.take(features, axis=0).sum(axis=1)
        need = known + len(fresh)
        if need > len(self._memo):
            extra = max(need, 2 * len(self._memo)) - len(self._memo)
            self._memo = np.pad(self._memo, ((0, extra), (0, 0)))
        # As many products of one row: in one of many, a row's last bits depend on their number.
        self._memo[known:need] = np.matmul(vectors[:, None], self._spread)[:, 0]

    def _forget(self) -> None:
        self._index = HashIndex()
        self._memo = np.zeros((1 << 10, self._spread.shape[1]), np.float32)


def _shifts(n: int, offsets: Sequence[int]) -> Iterator[tuple[int, tuple[slice, slice]]]:
    """Number of each offset, the rows that have a neighbour there, and the neighbours."""
    for k, offset in enumerate(offsets):
        low = min(n, max(0, -offset))
        high = max(low, min(n, n - offset))
        if high > low:
            yield k, (slice(low, high), slice(low + offset, high + offset))
