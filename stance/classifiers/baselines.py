"""Baselines every model stands beside: the commonest type, and the codebook's cues as rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.features.lexicon import LISTS
from stance.labels import FURNITURE, ParagraphType
from stance.passage import Passage, as_passages
from stance.quotes.attribution import speech_of
from stance.quotes.marks import ends_open
from stance.reading.furniture import furniture_reason

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ABOUT_ARTICLE = re.compile(
    r"\b(?:this|the) (?:article|story|text|interview|report|page|version|column|piece|translation"
    r"|recording|blog)\b.{0,60}"
    r"\b(?:was|were|is|has been|have been|first appeared|contains?|does not)\b"
    r"|\bviews? (?:expressed|set out)|\ball rights reserved\b|\b(?:additional|further) reporting\b"
    r"|\b(?:editor.?s?|publisher.?s?) note\b|\bcorrection\b|\bclarification\b|\bcopyright\b|©"
    r"|\b(?:not|nor) (?:been )?(?:independently )?(?:verif|check|confirm)\w+\b"
    r"|\btranslated (?:from|by)\b|\bearlier version\b|\bsponsored by\b"
    r"|\bfunded by\b.*\bno (?:say|part)",
    re.IGNORECASE,
)
_JUDGEMENT = frozenset(
    word
    for name in ("modal", "future", "hedge", "cause", "evaluation")
    for word in LISTS[name].split()
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
        """Count the labels.

        Raises
        ------
        ValueError
            There is not one label for each passage, or no passage.
        """
        labels = checked_labels(y, n=len(as_passages(X)), n_classes=1)
        self.classes_, counts = np.unique(labels, return_counts=True)
        self.shares_ = counts / counts.sum()
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """The labels' shares in training, once per passage, shape (n_passages, n_classes)."""
        check_is_fitted(self)
        return np.tile(self.shares_, (len(as_passages(X)), 1))

    def predict(self, X: Any) -> NDArray[Any]:
        """The commonest label, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels


class CueRuleClassifier(ClassifierMixin, BaseEstimator):
    """The codebook's questions as rules, asked in its order; nothing is learnt but the label set.

    Disclaimer where the words are about the article; quote where more than half is quoted or
    attributed; analysis where judging, hedging and forward-looking words are dense; else report.
    With "furniture" among the labels, lines that pages carry around come first. The rule of a label
    that is not among them is silent. What no rule claims is a report; without that label it is the
    one that has no rule ("other"), and where all have one, the last of them.

    Examples
    --------
    >>> rules = CueRuleClassifier().fit(["a", "b"], ["quote", "report"])
    >>> rules.predict(["“We left because we had to,” she said.", "It rained."]).tolist()
    ['quote', 'report']
    """

    def fit(self, X: Any, y: Any) -> CueRuleClassifier:
        """Remember which labels there are.

        Raises
        ------
        ValueError
            There is not one label for each passage, no passage, or no label has a rule.
        """
        labels = checked_labels(y, n=len(as_passages(X)), n_classes=1)
        if not set(_WITH_RULE).intersection(labels.tolist()):
            raise ValueError(
                f"expected labels of {list(_WITH_RULE)}, got {np.unique(labels).tolist()}: "
                "the codebook's cues tell no others"
            )
        self.classes_ = np.unique(labels)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Label by the first rule that fits, shape (n_passages,)."""
        check_is_fitted(self)
        classes = self.classes_.tolist()
        known = [label for label in _WITH_RULE if label in classes]
        if ParagraphType.REPORT.value not in classes:
            known += [label for label in classes if label not in _WITH_RULE][:1]
        found = [_type_of(passage, known) for passage in as_passages(X)]
        return np.array(found, dtype=self.classes_.dtype)


def _type_of(passage: Passage, known: list[str]) -> str:
    return next((label for label in known[:-1] if _RULES[label](passage)), known[-1])


def _is_furniture(passage: Passage) -> bool:
    return furniture_reason(passage.text) is not None


def _is_disclaimer(passage: Passage) -> bool:
    return _ABOUT_ARTICLE.search(passage.text) is not None


def _is_quote(passage: Passage) -> bool:
    is_open = bool(passage.previous) and ends_open(passage.previous)
    return speech_of(passage.text, is_open=is_open).share > 0.5


def _is_analysis(passage: Passage) -> bool:
    words = [word.lower() for word in _WORD.findall(passage.text)]
    return sum(word in _JUDGEMENT for word in words) > _MIN_JUDGEMENT * len(words)


_RULES: dict[str, Callable[[Passage], bool]] = {
    FURNITURE: _is_furniture,
    ParagraphType.DISCLAIMER.value: _is_disclaimer,
    ParagraphType.QUOTE.value: _is_quote,
    ParagraphType.ANALYSIS.value: _is_analysis,
}
# In the order in which they are asked; what no rule claims is a report.
_WITH_RULE = (*_RULES, ParagraphType.REPORT.value)
