"""QuotationTagger: learns to find who says what by which words, from labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.quotation_batch import prepared
from stance.classifiers.quotation_confidence import learnt_confidence, plain_confidence
from stance.classifiers.quotation_network import Shape
from stance.classifiers.quotation_scorer import QuotationScorer
from stance.classifiers.quotation_training import Schedule, trained
from stance.features.token_features import HashedLexicon
from stance.quotes.spans import AttributedSpans

_WHOLE = "n_buckets n_word n_near n_far n_squeezed n_pair reach n_epochs batch_size".split()

Wanted = Sequence[Sequence[Sequence[AttributedSpans]]]


class QuotationTagger(BaseEstimator):
    """Attributions in the paragraphs of news: direct, indirect and mixed, and beliefs.

    A small network over hashed words, trained by backpropagation with numpy and scipy alone. See
    ``QuotationScorer`` for how it finds.

    Parameters
    ----------
    n_buckets : int, a power of two
        Rows of the table of hashed word features.
    n_word, n_near, n_far, n_squeezed, n_pair : int, >= 1
        Widths of the network, as in ``Shape``.
    reach : int, >= 1
        Words to either side in the first window.
    n_epochs : int, >= 1
        Rounds over all articles.
    learning_rate : float, > 0
        Adam's, falling to 0 over the rounds.
    dropout : float, 0–1
        Share of inputs and hidden values left out at each step.
    averaging : float, 0–1
        What the average of the parameters keeps at each step.
    batch_size : int, >= 1
        Articles a step.
    held_out : float, 0–1
        Share of the articles that is kept back to learn from how sure the tagger may be. Where
        they hold too little, the probability is that of the cue's head.
    threshold : float, 0–1
        Least probability of an attribution that ``find`` gives.
    random_state : int or None

    Attributes
    ----------
    scorer_ : QuotationScorer
        What finds, with numpy alone; ``stance.classifiers.saving`` writes and reads it.

    Examples
    --------
    >>> from stance.article import Span
    >>> text = "“It held,” she said."
    >>> said = AttributedSpans((Span(0, 10),), (Span(15, 19),), (Span(11, 14),))
    >>> tagger = QuotationTagger(n_buckets=1024, n_epochs=40, learning_rate=0.02, dropout=0.0)
    >>> (found,) = tagger.fit([[text]], [[[said]]]).find([text])[0]
    >>> [text[start:end] for start, end in (*found.content, *found.source, *found.cue)]
    ['“It held,”', 'she', 'said']
    """

    def __init__(
        self,
        *,
        n_buckets: int = 1 << 15,
        n_word: int = 40,
        n_near: int = 64,
        n_far: int = 48,
        n_squeezed: int = 16,
        n_pair: int = 64,
        reach: int = 3,
        n_epochs: int = 8,
        learning_rate: float = 2e-3,
        dropout: float = 0.2,
        averaging: float = 0.99,
        batch_size: int = 6,
        held_out: float = 0.08,
        threshold: float = 0.5,
        random_state: int | None = 0,
    ) -> None:
        self.n_buckets = n_buckets
        self.n_word = n_word
        self.n_near = n_near
        self.n_far = n_far
        self.n_squeezed = n_squeezed
        self.n_pair = n_pair
        self.reach = reach
        self.n_epochs = n_epochs
        self.learning_rate = learning_rate
        self.dropout = dropout
        self.averaging = averaging
        self.batch_size = batch_size
        self.held_out = held_out
        self.threshold = threshold
        self.random_state = random_state

    def fit(self, articles: Sequence[Sequence[str]], spans: Wanted) -> QuotationTagger:
        """Learn from articles and their attributions.

        Parameters
        ----------
        articles : sequence of sequence of str
            Paragraphs of each article.
        spans : sequence, parallel to ``articles``
            Attributions of each paragraph. One without a cue is not learnt from.

        Raises
        ------
        ValueError
            Articles and spans differ in number, there is no attribution with a cue, or a parameter
            is out of range.
        """
        self._check(articles, spans)
        random = np.random.default_rng(self.random_state)
        lexicon = HashedLexicon.current()
        ready, features = prepared(articles, spans, n_buckets=self.n_buckets, lexicon=lexicon)
        if not any(len(one.anchors) for one in ready):
            raise ValueError("expected attributions with a cue, got none: nothing to learn from")
        n_held_out = int(self.held_out * len(ready))
        order = random.permutation(len(ready)).tolist()
        held_out, rest = order[:n_held_out], order[n_held_out:]
        params = trained(
            [ready[i] for i in rest],
            features,
            self._shape(),
            schedule=self._schedule(),
            random=random,
        )
        arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in params.items()}
        arrays |= {"lexicon_words": lexicon.words, "lexicon_classes": lexicon.classes}
        arrays["confidence"] = plain_confidence()
        arrays["confidence"] = learnt_confidence(
            QuotationScorer(arrays),
            [articles[i] for i in held_out],
            [ready[i] for i in held_out],
        )
        self.scorer_ = QuotationScorer(arrays, threshold=self.threshold)
        return self

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        """Attributions of each paragraph of one article, in reading order."""
        check_is_fitted(self)
        return self.scorer_.find(paragraphs)

    def compile(self) -> QuotationScorer:
        """The scorer that this tagger finds with."""
        check_is_fitted(self)
        return self.scorer_

    def _shape(self) -> Shape:
        return Shape(
            n_buckets=self.n_buckets,
            n_word=self.n_word,
            reach=self.reach,
            n_near=self.n_near,
            n_far=self.n_far,
            n_squeezed=self.n_squeezed,
            n_pair=self.n_pair,
        )

    def _schedule(self) -> Schedule:
        return Schedule(
            n_epochs=self.n_epochs,
            batch_size=self.batch_size,
            rate=self.learning_rate,
            dropout=self.dropout,
            averaging=self.averaging,
        )

    def _check(self, articles: Sequence[Sequence[str]], spans: Wanted) -> None:
        for name in _WHOLE:
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < 1:
                raise ValueError(f"{name} = {value!r}, must be a whole number >= 1")
        if self.n_buckets & (self.n_buckets - 1):
            raise ValueError(f"n_buckets = {self.n_buckets!r}, must be a power of two")
        for name in ("dropout", "averaging", "held_out"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise ValueError(f"{name} = {value!r}, must be >= 0 and < 1")
        if not 0 < self.learning_rate < np.inf:
            raise ValueError(f"learning_rate = {self.learning_rate!r}, must be > 0 and finite")
        if not 0 < self.threshold < 1:
            raise ValueError(f"threshold = {self.threshold!r}, must be between 0 and 1")
        if len(articles) != len(spans):
            raise ValueError(
                f"expected spans for each of {len(articles)} articles, got {len(spans)}"
            )
        for i, (paragraphs, wanted) in enumerate(zip(articles, spans, strict=True)):
            if isinstance(paragraphs, str):
                raise ValueError(f"articles[{i}]: expected a list of paragraphs, got one str")
            if len(paragraphs) != len(wanted):
                raise ValueError(
                    f"article {i}: expected spans for each of {len(paragraphs)} paragraphs, "
                    f"got {len(wanted)}"
                )
