"""Articles and their attributions as arrays, and batches of them for the quotation network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from stance.article import Span
from stance.classifiers.quotation_arrays import N_ROLES
from stance.classifiers.quotation_network import Batch, Pairs, one_hot
from stance.features.token_context import (
    MAX_REACH,
    N_BETWEEN,
    N_DISTANCES,
    N_STATES,
    NULL,
    TokenContext,
)
from stance.features.token_features import HashedLexicon, token_features
from stance.features.token_stream import TokenStream, folded, span_hashes
from stance.features.tokens import U64, Ints
from stance.quotes.spans import AttributedSpans

_PAD = 12  # empty rows between articles: no window reaches from one into the next


def _nothing() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(slots=True, eq=False)
class Prepared:
    """An article as arrays, and what is to be found in it.

    Parameters
    ----------
    stream : TokenStream
    context : TokenContext
    spans : ndarray of int64, shape (n_attributions, 6)
        First and last token of content, source, cue; -1 where there is none.
    words : ndarray of int64, shape (n_tokens,)
        Numbers of the tokens among the distinct ones of all articles.
    anchors : ndarray of int64, shape (n_attributions,)
        The cue's head of each attribution, increasing.
    """

    stream: TokenStream
    context: TokenContext
    spans: Ints
    words: Ints = field(default_factory=_nothing)
    anchors: Ints = field(default_factory=_nothing)


def prepared(
    articles: Sequence[Sequence[str]],
    spans: Sequence[Sequence[Sequence[AttributedSpans]]],
    *,
    n_buckets: int,
    lexicon: HashedLexicon,
) -> tuple[list[Prepared], Ints]:
    """Articles as arrays, and the features of their distinct tokens, shape (n_distinct, n)."""
    found = []
    for paragraphs, wanted in zip(articles, spans, strict=True):
        stream = TokenStream.of(paragraphs)
        found.append(Prepared(stream, TokenContext.of(stream), _token_spans(stream, wanted)))
    features = _number(found, n_buckets=n_buckets, lexicon=lexicon)
    _set_anchors(found)
    return found, features


def batch_of(articles: Sequence[Prepared], features: Ints, *, n_buckets: int) -> Batch:
    """Articles one after the other, empty rows between them."""
    gap = np.full(_PAD, -1)
    words, states, heads = [gap], [gap], [np.zeros(_PAD, np.float32)]
    near, after = _Runs(n_roles=N_ROLES), _Runs(n_roles=1)
    at = _PAD
    for one in articles:
        words += [one.words, gap]
        states += [one.context.states, gap]
        is_head = np.zeros(len(one.stream) + _PAD, np.float32)
        is_head[one.anchors] = 1
        heads.append(is_head)
        if len(one.anchors):
            _add_near(near, one, at)
            _add_after(after, one, at)
        at += len(is_head)
    distinct, inverse = np.unique(np.concatenate(words), return_inverse=True)
    return Batch(
        features=_sums(features[distinct[1:]], n_buckets),
        words=one_hot(inverse - 1, len(distinct) - 1),
        states=one_hot(np.concatenate(states), N_STATES),
        is_head=np.concatenate(heads)[:, None],
        near=near.pairs(at),
        after=after.pairs(at),
    )


def _token_spans(stream: TokenStream, wanted: Sequence[Sequence[AttributedSpans]]) -> Ints:
    """Attributions as first and last tokens; those without a cue cannot be learnt from."""
    rows = []
    for offset, attributions in zip(stream.offsets().tolist(), wanted, strict=True):
        for one in attributions:
            if one.cue:
                roles = (one.content, one.source, one.cue)
                rows.append([at for role in roles for at in _tokens(stream, role, offset)])
    return np.array(rows, np.int64).reshape(-1, N_ROLES)


def _tokens(stream: TokenStream, spans: Sequence[Span], offset: int) -> tuple[int, int]:
    """First and last token that a role touches, from the first span to the last."""
    if not spans:
        return -1, -1
    start, end = spans[0][0] + offset, spans[-1][1] + offset
    first = int(np.searchsorted(stream.stops, start, side="right"))
    return first, max(first, int(np.searchsorted(stream.starts, end, side="left")) - 1)


def _number(articles: Sequence[Prepared], *, n_buckets: int, lexicon: HashedLexicon) -> Ints:
    """Number the distinct tokens of all articles; their features."""
    table: dict[int, int] = {}
    features: list[Ints] = []
    for one in articles:
        hashes = one.stream.hashes()
        distinct, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        rows = token_features(one.stream, first, n_buckets=n_buckets, lexicon=lexicon)
        numbers = np.empty(len(distinct), np.int64)
        for i, key in enumerate(distinct.tolist()):
            numbers[i] = table.setdefault(key, len(table))
            if numbers[i] == len(features):
                features.append(rows[i])
        one.words = numbers[inverse]
    return np.array(features)


def _set_anchors(articles: Sequence[Prepared]) -> None:
    """Choose each cue's head: the word of it that is most often part of a cue.

    Of two attributions with one head, the first is learnt from.
    """
    everywhere: Counter[int] = Counter()
    in_cues: Counter[int] = Counter()
    lower = [_lower_hashes(one.stream) for one in articles]
    for one, hashes in zip(articles, lower, strict=True):
        everywhere.update(hashes.tolist())
        for first, last in one.spans[:, 4:].tolist():
            in_cues.update(hashes[first : last + 1].tolist())
    share = {word: n / (everywhere[word] + 3) for word, n in in_cues.items()}
    for one, hashes in zip(articles, lower, strict=True):
        weight = np.array([share.get(word, 0.0) for word in hashes.tolist()])
        cues = one.spans[:, 4:].tolist()
        heads = [last - int(weight[first : last + 1][::-1].argmax()) for first, last in cues]
        one.anchors, kept = np.unique(np.array(heads, np.int64), return_index=True)
        one.spans = one.spans[kept]


def _lower_hashes(stream: TokenStream) -> U64:
    return span_hashes(folded(stream.codes), stream.starts, stream.stops)


class _Runs:
    """Collects the choices of several articles."""

    def __init__(self, *, n_roles: int) -> None:
        self._places: list[list[Ints]] = [[_nothing()] for _ in range(3)]
        self._between: list[list[Ints]] = [[_nothing()] for _ in range(4)]
        self._bounds: list[Ints] = [np.zeros(1, np.int64)]
        self._chosen: list[Ints] = [np.zeros((0, n_roles), np.int64)]
        self._n = 0

    def add(
        self, places: Sequence[Ints], between: Sequence[Ints], *, bounds: Ints, chosen: Ints
    ) -> None:
        """Choices of one article: token, head and start of each pair, what lies between."""
        for into, values in zip(self._places, places, strict=True):
            into.append(values)
        # The first choice knows no start yet: two columns of four stay empty.
        for into, values in zip(self._between, between, strict=False):
            into.append(values)
        self._bounds.append(bounds[1:] + self._n)
        self._chosen.append(np.where(chosen >= 0, chosen + self._n, -1))
        self._n += int(bounds[-1])

    def pairs(self, n_tokens: int) -> Pairs:
        """All of them, as the network reads them."""
        token, anchor, start = (np.concatenate(parts) for parts in self._places)
        between = [np.concatenate(parts) for parts in self._between]
        return Pairs(
            token=token,
            anchor=anchor,
            start=start,
            n_tokens=n_tokens,
            distance=tuple(one_hot(column, N_DISTANCES) for column in between[0::2]),
            between=tuple(one_hot(column, N_BETWEEN) for column in between[1::2]),
            bounds=np.concatenate(self._bounds),
            chosen=np.concatenate(self._chosen),
        )


def _add_near(runs: _Runs, one: Prepared, at: int) -> None:
    tokens, bounds = one.context.pairs(one.stream, one.anchors)
    owners = np.repeat(one.anchors, np.diff(bounds))
    distance, between = one.context.between(owners, tokens)
    distance[bounds[:-1]] = NULL
    border = one.stream.borders.take(one.context.paragraph.take(one.anchors))
    low = np.maximum(border + 1, one.anchors - MAX_REACH)[:, None]
    base, counts = bounds[:-1, None], np.diff(bounds)[:, None]
    place = one.spans - low + 1
    chosen = np.where((place > 0) & (place < counts), place + base, -1)
    chosen = np.where(one.spans < 0, base, chosen)
    places = (tokens + at, owners + at, owners + at)
    runs.add(places, (distance, between), bounds=bounds, chosen=chosen)


def _add_after(runs: _Runs, one: Prepared, at: int) -> None:
    starts = one.spans[:, 0]
    tokens, bounds = one.context.tails(one.stream, starts)
    counts = np.diff(bounds)
    begins, owners = np.repeat(starts, counts), np.repeat(one.anchors, counts)
    place = one.spans[:, 1] - starts
    chosen = np.where((place >= 0) & (place < counts), place + bounds[:-1], -1)
    between = (*one.context.between(begins, tokens), *one.context.between(owners, tokens))
    places = (tokens + at, owners + at, begins + at)
    runs.add(places, between, bounds=bounds, chosen=chosen[:, None])


def _sums(features: NDArray[np.int64], n_buckets: int) -> Any:
    """Sparse rows that add up the rows of a token's features."""
    n, m = features.shape
    ones = np.ones(n * m, np.float32)
    return sparse.csr_matrix((ones, features.ravel(), np.arange(n + 1) * m), shape=(n, n_buckets))
