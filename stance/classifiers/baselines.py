"""Baselines every model stands beside: the commonest type, and the codebook's cues as rules."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stance.features.lexicon import LISTS
from stance.labels import FURNITURE, ParagraphType
from stance.passage import Passage, as_passages
from stance.quotes.attribution import speech_of
from stance.quotes.marks import ends_open
from stance.reading.furniture import furniture_reason

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ABOUT_ARTICLE = re.compile(
    r"\b(?:this|the) (?:article|story|text|interview|report|page|version|column|piece|translation"
    r"|recording|blog)\b.{0,60}\b(?:was|were|is|has been|have been|first appeared|contains?|does not)\b"
    r"|\bviews? (?:expressed|set out)|\ball rights reserved\b|\b(?:additional|further) reporting\b"
    r"|\b(?:editor.?s?|publisher.?s?) note\b|\bcorrection\b|\bclarification\b|\bcopyright\b|©"
    r"|\b(?:not|nor) (?:been )?(?:independently )?(?:verif|check|confirm)\w+\b"
    r"|\btranslated (?:from|by)\b|\bearlier version\b|\bsponsored by\b|\bfunded by\b.*\bno (?:say|part)",
    re.IGNORECASE,
)
_JUDGEMENT = frozenset(
    word for name in ("modal", "future", "hedge", "cause", "evaluation") for word in LISTS[name].split()
)
_MIN_JUDGEMENT = 0.12


class MajorityClassifier(ClassifierMixin, BaseEstimator):
    """Predicts the commonest label of the training passages; probabilities are their shares.

    Examples
    --------
    >>> MajorityClassifier().fit(["a", "b", "c"], ["x", "x", "y"]).predict(["d"]).tolist()
    ['x']
    """

    def fit(self, X: Any, y: Any) -> MajorityClassifier:
        """Count the labels."""
        as_passages(X)
        self.classes_, counts = np.unique(np.asarray(y), return_counts=True)
        self.shares_ = counts / counts.sum()
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """The labels' shares in training, once per passage, shape (n_passages, n_classes)."""
        check_is_fitted(self)
        return np.tile(self.shares_, (len(as_passages(X)), 1))

    def predict(self, X: Any) -> NDArray[Any]:
        """The commonest label, shape (n_passages,)."""
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels


class CueRuleClassifier(ClassifierMixin, BaseEstimator):
    """The codebook's questions as rules, asked in its order; nothing is learnt but the label set.

    Disclaimer where the words are about the article; quote where more than half is quoted or
    attributed; analysis where judging, hedging and forward-looking words are dense; else report.
    With "furniture" among the labels, lines that pages carry around come first; without
    "disclaimer", that rule is silent.

    Examples
    --------
    >>> rules = CueRuleClassifier().fit(["a", "b"], ["quote", "report"])
    >>> rules.predict(["“We left because we had to,” she said.", "It rained."]).tolist()
    ['quote', 'report']
    """

    def fit(self, X: Any, y: Any) -> CueRuleClassifier:
        """Remember which labels there are."""
        as_passages(X)
        self.classes_ = np.unique(np.asarray(y))
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Label by the first rule that fits, shape (n_passages,)."""
        check_is_fitted(self)
        known = set(self.classes_.tolist())
        return np.array([_type_of(passage, known) for passage in as_passages(X)], dtype=object)


def _type_of(passage: Passage, known: set[str]) -> str:
    text = passage.text
    if FURNITURE in known and furniture_reason(text) is not None:
        return FURNITURE
    if ParagraphType.DISCLAIMER in known and _ABOUT_ARTICLE.search(text):
        return ParagraphType.DISCLAIMER.value
    is_open = bool(passage.previous) and ends_open(passage.previous)
    if speech_of(text, is_open=is_open).share > 0.5:
        return ParagraphType.QUOTE.value
    words = [word.lower() for word in _WORD.findall(text)]
    if sum(word in _JUDGEMENT for word in words) > _MIN_JUDGEMENT * len(words):
        return ParagraphType.ANALYSIS.value
    return ParagraphType.REPORT.value
