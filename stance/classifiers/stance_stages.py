"""TwoStageStanceClassifier: whether a text is about its target at all, and only then its side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.calibration import Method
from stance.classifiers.labels import checked_labels
from stance.classifiers.stance import StanceClassifier
from stance.classifiers.stance_head import Kind
from stance.passage import Passage, as_passages

Floats = NDArray[np.float64]

_ELSE = "else"
_APART = "apart"


class TwoStageStanceClassifier(ClassifierMixin, BaseEstimator):
    """One label told from all others first, the others among what is left.

    For pairs of texts of which most have nothing to do with each other. The first stage learns
    from all pairs, the second from those that are about the same thing: fewer, so that n-grams of
    long texts are affordable, and not swamped by texts that say nothing of the target.

    What is not apart joins text and target to topics: articles with a target in common, targets
    with an article in common, and so on. The second stage holds out whole topics where it scores
    its own training passages. By article alone, other articles on the same target would tell it
    the answer.

    Parameters
    ----------
    apart : str
        The label that the first stage tells.
    gate_groups : sequence of str
        Dense features of the first stage; it reads no n-grams. On held-out topics of fnc1 it told
        as much by "relation" alone as with "reporting".
    groups, views : sequence of str
        Dense features and n-gram views of the second stage.
    head, n_rounds, learning_rate, C, ngram_C, calibration, n_splits, random_state
        Of both stages, as ``StanceClassifier`` takes them.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order.
    gate_, side_ : StanceClassifier
        The two stages, fitted.

    Examples
    --------
    >>> rows = [("The dam broke.", "Dam breaks", "agree"), ("No dam broke.", "Dam breaks", "deny"),
    ...         ("Bread is dear.", "Dam breaks", "unrelated"), ("It rained.", "War", "unrelated")]
    >>> passages = [Passage(text, target=target) for text, target, _ in rows]
    >>> classifier = TwoStageStanceClassifier(apart="unrelated", views=())
    >>> proba = classifier.fit(passages, [label for *_, label in rows]).predict_proba(passages)
    >>> classifier.classes_.tolist(), proba.sum(axis=1).round(6).tolist()
    (['agree', 'deny', 'unrelated'], [1.0, 1.0, 1.0, 1.0])
    """

    def __init__(
        self,
        *,
        apart: str = "unrelated",
        gate_groups: Sequence[str] = ("relation",),
        groups: Sequence[str] = ("relation", "reporting"),
        views: Sequence[str] = ("words",),
        head: Kind = "trees",
        n_rounds: int = 150,
        learning_rate: float = 0.05,
        C: float = 0.003,
        ngram_C: float = 0.2,
        calibration: Method = "none",
        n_splits: int = 5,
        random_state: int | None = 0,
    ) -> None:
        self.apart = apart
        self.gate_groups = gate_groups
        self.groups = groups
        self.views = views
        self.head = head
        self.n_rounds = n_rounds
        self.learning_rate = learning_rate
        self.C = C
        self.ngram_C = ngram_C
        self.calibration = calibration
        self.n_splits = n_splits
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> TwoStageStanceClassifier:
        """Learn from pairs of a text and its target, and their labels.

        Raises
        ------
        ValueError
            X and y differ in length, ``apart`` is not among the labels, there are fewer than two
            others, or a parameter is out of range.
        """
        passages = as_passages(X)
        labels = checked_labels(y, n=len(passages), n_classes=3)
        order = _by_text(passages)
        passages, labels = [passages[i] for i in order], labels[order]
        self.classes_ = np.unique(labels)
        is_apart = labels == self.apart
        if not is_apart.any():
            raise ValueError(
                f"apart = {self.apart!r}, expected one of the labels {self.classes_.tolist()}"
            )
        first = np.where(is_apart, _APART, _ELSE)
        self.gate_ = self._stage(self.gate_groups, ()).fit(passages, first)
        rest = [passage for passage, apart in zip(passages, is_apart, strict=True) if not apart]
        topics = [
            replace(passage, group=topic)
            for passage, topic in zip(rest, topics_of(rest), strict=True)
        ]
        self.side_ = self._stage(self.groups, self.views).fit(topics, labels[~is_apart])
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1; columns follow classes_."""
        check_is_fitted(self)
        given = as_passages(X)
        order = _by_text(given)
        passages = [given[i] for i in order]
        apart = self.gate_.predict_proba(passages)[:, [0]]  # "apart" comes before "else"
        is_apart = self.classes_ == self.apart
        found = np.empty((len(passages), len(self.classes_)))
        found[:, is_apart] = apart
        found[:, ~is_apart] = (1 - apart) * self.side_.predict_proba(passages)
        out = np.empty_like(found)
        out[order] = found
        return out

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest label of each pair, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def _stage(self, groups: Sequence[str], views: Sequence[str]) -> StanceClassifier:
        return StanceClassifier(
            groups=groups,
            views=views,
            head=self.head,
            n_rounds=self.n_rounds,
            learning_rate=self.learning_rate,
            C=self.C,
            ngram_C=self.ngram_C,
            calibration=self.calibration,
            n_splits=self.n_splits,
            random_state=self.random_state,
        )


def topics_of(passages: Sequence[Passage]) -> list[str]:
    """Topic of each passage: what is joined by an article or a target in common.

    Examples
    --------
    >>> rows = [("a", "x"), ("b", "x"), ("b", "y"), ("c", "z")]
    >>> topics_of([Passage("…", target=target, group=group) for group, target in rows])
    ['0', '0', '0', '3']
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    articles: dict[str, int] = {}
    targets: dict[str, int] = {}
    rows = [articles.setdefault(p.group or f"\0{p.text}", len(articles)) for p in passages]
    columns = [
        targets.setdefault(p.target or f"\0{i}", len(targets)) for i, p in enumerate(passages)
    ]
    n = len(articles) + len(targets)
    at = np.array(columns) + len(articles)
    graph = coo_matrix((np.ones(len(rows)), (rows, at)), shape=(n, n))
    of_node = connected_components(graph, directed=False)[1]
    first: dict[int, int] = {}
    return [str(first.setdefault(int(of_node[row]), i)) for i, row in enumerate(rows)]


def _by_text(passages: Sequence[Passage]) -> list[int]:
    """An order in which pairs of one text come in turn: what is known of long texts is kept short.

    Features of likeness took 47 s for 50,000 pairs of 1,683 articles so; they remember 256 texts.
    """
    return sorted(range(len(passages)), key=lambda i: passages[i].text)
