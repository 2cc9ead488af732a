"""QuotationScorer: a trained quotation tagger, ready to find attributions with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from stance.classifiers.quotation_arrays import LEXICON, checked_arrays
from stance.classifiers.quotation_decoding import (
    EVIDENCE,
    NOWHERE,
    Found,
    apart,
    attributed,
    best_rows,
    best_spans,
    log_shares,
    rivals,
)
from stance.classifiers.quotation_encoder import TokenEncoder
from stance.features.token_context import NULL, TokenContext
from stance.features.token_features import HashedLexicon
from stance.features.token_stream import TokenStream
from stance.features.tokens import Flags, Ints
from stance.quotes.spans import AttributedSpans

Floats = NDArray[np.float32]

FORMAT_VERSION = 1
PARAGRAPH_COLUMNS = ("content share", "attributed share", "max probability", "attributions")
_BLOCK = 512
_SURE = 80.0  # log-odds beyond which float32 overflows; only damaged weights give such
_LEAST = -1.2  # log-odds of a cue's head below which nothing else is asked


@cache
def _threads() -> ThreadpoolController:
    """The libraries whose threads wait for each other longer than they work.

    Products of an article are small: with a thread per core, finding took 2.4 times the CPU time.
    """
    return ThreadpoolController()


class QuotationScorer:
    """Attributions of an article's paragraphs: content, cue and source.

    Three steps over all tokens of the article at once. ``TokenEncoder`` gives each token a row, by
    the words around it, and the row the probability of being the head of a cue. For each likely
    head the first and last token of content, source and cue are chosen among the tokens of its
    paragraph, by both tokens' rows, their distance, and what lies between them: marks, commas,
    sentences, other heads. Last, the end of the content is chosen anew, given where it begins.

    This is no chain over labels, as a CRF is: a chain is walked token by token, and the choices
    here are a few operations on whole arrays.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As ``arrays`` gives them.
    threshold : float, 0–1
        Least probability of an attribution that ``find`` gives.
    """

    classes = ("content", "cue", "source")

    def __init__(self, arrays: Mapping[str, NDArray[Any]], *, threshold: float = 0.5) -> None:
        self._arrays = checked_arrays(arrays)
        if not 0 < threshold < 1:
            raise ValueError(f"threshold = {threshold!r}, must be between 0 and 1")
        self.threshold = threshold
        lexicon = HashedLexicon.of(*(self._arrays[name] for name in LEXICON))
        tables = self._arrays.keys() - set(LEXICON)
        rows = {name: np.asarray(self._arrays[name], np.float32) for name in tables}
        self._rows = rows
        self._encoder = TokenEncoder(rows, lexicon)
        self._between = {
            "": _crossed(rows["between"], rows["heads"]),
            "end": _crossed(rows["end_between"], rows["end_heads"]),
            "end_cue": _crossed(rows["end_between_cue"], rows["end_heads_cue"]),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._arrays, self.threshold)

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        """Attributions of each paragraph of one article, in the order of their cues' heads.

        Parameters
        ----------
        paragraphs : sequence of str

        Returns
        -------
        list of tuple of AttributedSpans, one per paragraph
            A content in two pieces stands around its cue; contents do not overlap.
            ``probability`` is calibrated.
        """
        with _threads().limit(limits=1, user_api="blas"):
            stream, context, found = self._kept(paragraphs, least=self.threshold)
            proba = self._proba(found)
        place = context.paragraph.take(found.spans[:, 2, 0])
        return attributed(stream, found.spans, proba, place)

    def shares(self, paragraphs: Sequence[str]) -> Floats:
        """What of each paragraph is attributed, weighed by probability.

        Returns
        -------
        ndarray of float32, shape (n_paragraphs, 4)
            ``PARAGRAPH_COLUMNS``: expected share (0–1) of the paragraph's tokens in a content, in a
            content, cue or source, the highest probability of an attribution, and the expected
            number of attributions. Also those less likely than ``threshold`` count.
        """
        with _threads().limit(limits=1, user_api="blas"):
            stream, context, found = self._kept(paragraphs, least=0.0)
        table = np.zeros((len(paragraphs), len(PARAGRAPH_COLUMNS)), np.float32)
        if not len(found.spans):
            return table
        proba = self._proba(found)
        content, any_role = np.zeros((2, len(stream)), np.float32)
        for row, p in zip(found.spans.tolist(), proba.tolist(), strict=True):
            for first, last in row:
                if first != NOWHERE:
                    part = slice(first, last + 1)
                    any_role[part] = np.maximum(any_role[part], p)
            content[row[0][0] : row[0][1] + 1] = p
        borders = stream.borders
        n_tokens = np.maximum(np.diff(borders) - 1, 1)
        table[:, 0] = np.add.reduceat(content, borders[:-1]) / n_tokens
        table[:, 1] = np.add.reduceat(any_role, borders[:-1]) / n_tokens
        place = context.paragraph.take(found.spans[:, 2, 0])
        np.maximum.at(table[:, 2], place, proba)
        np.add.at(table[:, 3], place, proba)
        return table

    def candidates(self, paragraphs: Sequence[str]) -> tuple[TokenStream, Found]:
        """All attributions that are at all likely, overlapping ones too, and the evidence for them.

        What ``QuotationTagger`` learns probabilities from.
        """
        stream, _, found = self._found(paragraphs)
        return stream, found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, for saving."""
        return dict(self._arrays)

    def settings(self) -> dict[str, Any]:
        """Everything that is no array, fit for JSON."""
        return {
            "kind": "quotations",
            "format_version": FORMAT_VERSION,
            "classes": list(self.classes),
            "threshold": self.threshold,
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any]
    ) -> QuotationScorer:
        """Scorer from what ``arrays`` and ``settings`` gave.

        Raises
        ------
        ValueError
            An array or setting is missing, or of the wrong shape, type or value.
        """
        threshold = settings.get("threshold")
        if not isinstance(threshold, float):
            raise ValueError(f"setting 'threshold': expected a number, got {threshold!r:.80}")
        return cls(arrays, threshold=threshold)

    def _kept(
        self, paragraphs: Sequence[str], *, least: float
    ) -> tuple[TokenStream, TokenContext, Found]:
        """Attributions of at least that probability whose contents do not overlap."""
        stream, context, found = self._found(paragraphs)
        proba = self._proba(found)
        likely = np.flatnonzero(proba >= least)
        kept = likely[apart(found.spans[likely, 0], proba[likely])]
        return stream, context, Found(found.spans[kept], found.evidence[kept])

    def _proba(self, found: Found) -> Floats:
        """That an attribution's content lies about there, shape (n,)."""
        odds = found.evidence @ self._rows["confidence"]
        proba: Floats = 1 / (1 + np.exp(-np.clip(odds[:, 0], -_SURE, _SURE)))
        return proba

    def _found(self, paragraphs: Sequence[str]) -> tuple[TokenStream, TokenContext, Found]:
        if isinstance(paragraphs, str):
            raise TypeError("expected a sequence of paragraphs, got one str: put it in a list")
        stream = TokenStream.of(paragraphs)
        context = TokenContext.of(stream)
        hidden = self._encoder.encoded(stream, context)
        odds = (hidden @ self._rows["anchor"])[:, 0] + self._rows["anchor_bias"][0, 0]
        odds[stream.borders] = -np.inf
        anchors = np.flatnonzero(odds > _LEAST)
        if not len(anchors):
            nothing = Found(np.zeros((0, 3, 2), np.int64), np.zeros((0, len(EVIDENCE)), np.float32))
            return stream, context, nothing
        tokens = _Tokens(stream, context, hidden, odds > 0)
        # In blocks: a page of a million characters in one paragraph must not fill the memory.
        blocks = [anchors[at : at + _BLOCK] for at in range(0, len(anchors), _BLOCK)]
        parts = [self._choices(tokens, block) for block in blocks]
        spans, shares = (np.concatenate(column) for column in zip(*parts, strict=True))
        odds = odds.take(anchors)
        content = spans[:, 0]
        around, over = rivals(content, anchors, 1 / (1 + np.exp(-np.clip(odds, -_SURE, _SURE))))
        lengths = np.log(content[:, 1] - content[:, 0] + 1)
        is_lone = spans[:, 1, 0] == NOWHERE
        columns = [odds, *shares.T, lengths, is_lone, around, over, np.ones(len(anchors))]
        return stream, context, Found(spans, np.stack(columns, axis=1, dtype=np.float32))

    def _choices(self, tokens: _Tokens, anchors: Ints) -> tuple[Ints, Floats]:
        """Spans of each head, and the log-probabilities of its content's start and end."""
        stream, context = tokens.stream, tokens.context
        near = _Pairs(anchors, *context.pairs(stream, anchors))
        roles = self._role_logits(tokens, near)
        roles[near.bounds[:-1], 0] = -np.inf  # a content is somewhere
        first = best_rows(roles[:, 0], near.bounds)
        starts = near.tokens.take(first)
        after = _Pairs(anchors, *context.tails(stream, starts))
        ends = self._end_logits(tokens, after, starts)
        last = best_rows(ends, after.bounds)
        content = np.stack([starts, after.tokens.take(last)], axis=1)
        others = best_spans(roles[:, 2:], near.tokens, near.bounds)
        shares = [
            log_shares(roles[:, 0], near.bounds).take(first),
            log_shares(ends, after.bounds).take(last),
        ]
        return np.stack([content, *others], axis=1), np.stack(shares, axis=1)

    def _role_logits(self, tokens: _Tokens, near: _Pairs) -> Floats:
        """To be the first or last token of each role, shape (n_pairs, 6)."""
        rows, hidden, heads = self._rows, tokens.hidden, tokens.is_head
        counts = np.diff(near.bounds)
        owners = np.repeat(near.anchors, counts)
        distance, between = tokens.context.between_and_heads(owners, near.tokens, heads=heads)
        distance[near.bounds[:-1]] = NULL
        pair: Floats = (hidden @ rows["token"]).take(near.tokens, axis=0)
        pair += np.repeat(hidden.take(near.anchors, axis=0) @ rows["cue"], counts, axis=0)
        pair += rows["distance"].take(distance, axis=0)
        pair += self._between[""].take(between, axis=0)
        np.maximum(pair, 0, out=pair)
        logits: Floats = pair @ rows["roles"]
        return logits

    def _end_logits(self, tokens: _Tokens, after: _Pairs, starts: Ints) -> Floats:
        """To be the last token of the content that begins at the start, shape (n_pairs,)."""
        rows, hidden, heads = self._rows, tokens.hidden, tokens.is_head
        counts = np.diff(after.bounds)
        fixed = hidden.take(after.anchors, axis=0) @ rows["end_cue"]
        fixed += hidden.take(starts, axis=0) @ rows["end_start"]
        pair: Floats = (hidden @ rows["end_token"]).take(after.tokens, axis=0)
        pair += np.repeat(fixed, counts, axis=0)
        for origin, suffix in ((starts, ""), (after.anchors, "_cue")):
            owners = np.repeat(origin, counts)
            distance, between = tokens.context.between_and_heads(owners, after.tokens, heads=heads)
            pair += rows[f"end_distance{suffix}"].take(distance, axis=0)
            pair += self._between[f"end{suffix}"].take(between, axis=0)
        np.maximum(pair, 0, out=pair)
        logits: Floats = (pair @ rows["end"])[:, 0]
        return logits


def _restored(arrays: dict[str, NDArray[Any]], threshold: float) -> QuotationScorer:
    return QuotationScorer(arrays, threshold=threshold)


class _Tokens(NamedTuple):
    """An article's tokens and what is known of them."""

    stream: TokenStream
    context: TokenContext
    hidden: Floats
    is_head: Flags


class _Pairs(NamedTuple):
    """Anchors, and for each the tokens that may be part of its attribution."""

    anchors: Ints
    tokens: Ints
    bounds: Ints


def _crossed(between: Floats, heads: Floats) -> Floats:
    """Sums of each row of the one and each of the other, so that one look-up finds both."""
    found: Floats = (between[:, None] + heads[None]).reshape(-1, between.shape[1])
    return found
