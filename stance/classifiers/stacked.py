"""StackedClassifier: several classifiers, their probabilities mixed by one more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from warnings import catch_warnings, filterwarnings

import numpy as np
from annotated_types import Ge, Gt, Le, Lt
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit, StratifiedGroupKFold
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.passage import Passage, as_passages

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_LEAST = 1e-6  # a member that is sure and wrong shall not outweigh all the others


class StackedClassifier(ClassifierMixin, BaseEstimator):
    """Several classifiers of one thing; a multinomial logistic regression mixes what they say.

    It reads the logarithms of their probabilities for passages that they have not seen: by default
    of every article from members fitted on the others, after which all are fitted anew on
    everything. (scikit-learn's ``StackingClassifier`` hands numbers to its members where labels
    have names, which some of them need to know.)

    A member whose weights come from elsewhere (``AccurateClassifier``) learns nothing in ``fit``.
    If it was trained on these very passages, no part of them is unseen: it looks better than it is,
    and gets more than its share. Then give ``weights`` that were found on other passages.

    Parameters
    ----------
    members : sequence of estimators
        Each with ``predict_proba``.
    weights : sequence of float, optional
        One for each member, 0 or more. Nothing is mixed by regression then: probabilities are
        the members' own to the power of their weights, multiplied, and divided by their sum.
    balance : float
        Mixed probabilities are divided by each class's share of the labels to this power, and then
        by their sum: macro-F1 counts rare classes like common ones, and what learns from labels as
        they come tells the rare ones too seldom. 0 leaves them; 1 takes all classes for as likely.
    held_out : float
        Share of the articles that only the mix is fitted on, while members are fitted on the rest
        and never anew. 0 for folds: every passage serves both, at the cost of ``n_splits`` fits.
    n_splits : int
        Folds.
    C : float
        Inverse strength of the regression's penalty.
    random_state : int or None

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
    members_ : list of fitted estimators
    shares_ : ndarray of float64, shape (n_classes,)
        Of the labels.
    mix_ : LogisticRegression, or None where ``weights`` are given

    References
    ----------
    D. H. Wolpert, 1992, "Stacked generalization", Neural Networks 5(2),
    doi:10.1016/S0893-6080(05)80023-1.
    A. K. Menon, S. Jayasumana, A. S. Rawat, H. Jain, A. Veit and S. Kumar, 2021, "Long-tail
    learning via logit adjustment", ICLR, doi:10.48550/arXiv.2007.07314 (``balance``).

    Examples
    --------
    >>> from stance.classifiers.baselines import MajorityClassifier
    >>> both = StackedClassifier([MajorityClassifier(), MajorityClassifier()], weights=[1, 1])
    >>> both.fit(["a", "b", "c"], ["x", "x", "y"]).predict_proba(["d"]).round(2).tolist()
    [[0.8, 0.2]]
    """

    def __init__(
        self,
        members: Sequence[Any],
        *,
        weights: Sequence[Annotated[float, Ge(0)]] | None = None,
        balance: Annotated[float, Ge(0), Le(1)] = 0.0,
        held_out: Annotated[float, Ge(0), Lt(1)] = 0.0,
        n_splits: Annotated[int, Ge(2)] = 5,
        C: Annotated[float, Gt(0)] = 0.1,
        random_state: int | None = 0,
    ) -> None:
        self.members = members
        self.weights = weights
        self.balance = balance
        self.held_out = held_out
        self.n_splits = n_splits
        self.C = C
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> StackedClassifier:
        """Fit the members, and what mixes them.

        Raises
        ------
        ValueError
            X and y differ in length, there is one class only, a parameter is out of range, or there
            are too few articles to hold any out.
        """
        passages = as_passages(X)
        labels = checked_labels(y, n=len(passages))
        self._check()
        self.classes_, counts = np.unique(labels, return_counts=True)
        self.shares_ = counts / counts.sum()
        everything = np.arange(len(passages))
        self.mix_: LogisticRegression | None = None
        if self.weights is not None:
            self.members_ = self._fitted(passages, labels, everything)
            return self
        articles = [passage.group or f"\0{i}" for i, passage in enumerate(passages)]
        if self.held_out:
            rest, held = self._cut(articles)
            self.members_ = self._fitted(passages, labels, rest)
            inputs = self._inputs(self.members_, [passages[i] for i in held])
            self.mix_ = self._mixed(inputs, labels[held])
            return self
        inputs = np.zeros((len(passages), len(self.members) * len(self.classes_)))
        for train, test in self._folds(labels, articles):
            members = self._fitted(passages, labels, train)
            inputs[test] = self._inputs(members, [passages[i] for i in test])
        self.mix_ = self._mixed(inputs, labels)
        self.members_ = self._fitted(passages, labels, everything)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1; columns follow classes_."""
        check_is_fitted(self)
        passages = as_passages(X)
        n = len(self.classes_)
        if not passages:
            return np.zeros((0, n))
        inputs = self._inputs(self.members_, passages)
        if self.mix_ is not None:
            logits = np.full((len(passages), n), -np.inf)
            columns = np.searchsorted(self.classes_, self.mix_.classes_)
            logits[:, columns] = self.mix_.predict_log_proba(inputs)
        else:
            logits = np.tensordot(
                inputs.reshape(len(passages), -1, n), np.array(self.weights, float), axes=(1, 0)
            )
        logits = logits - self.balance * np.log(self.shares_)
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        proba: Floats = raised / raised.sum(axis=1, keepdims=True)
        return proba

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each passage, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def _check(self) -> None:
        if not self.members:
            raise ValueError("members: expected classifiers, got none")
        lacking = [type(m).__name__ for m in self.members if not hasattr(m, "predict_proba")]
        if lacking:
            raise ValueError(f"members: expected probabilities of each, {lacking[0]} gives none")
        weights = self.weights
        if weights is not None and (
            len(weights) != len(self.members) or min(weights) < 0 or not sum(weights) > 0
        ):
            raise ValueError(
                f"weights: expected {len(self.members)} numbers, 0 or more and not all 0, "
                f"got {list(weights)!r:.80}"
            )
        if not 0 <= self.balance <= 1:
            raise ValueError(f"balance = {self.balance!r}, must be >= 0 and <= 1")
        if not 0 <= self.held_out < 1:
            raise ValueError(f"held_out = {self.held_out!r}, must be >= 0 and < 1")
        if self.n_splits < 2:
            raise ValueError(f"n_splits = {self.n_splits!r}, must be >= 2")

    def _fitted(self, passages: Sequence[Passage], labels: NDArray[Any], rows: Rows) -> list[Any]:
        some = [passages[i] for i in rows]
        return [clone(member).fit(some, labels[rows]) for member in self.members]

    def _inputs(self, members: Sequence[Any], passages: Sequence[Passage]) -> Floats:
        """Logarithms of the members' probabilities, shape (n_passages, n_members * n_classes)."""
        parts = []
        for member in members:
            found = np.zeros((len(passages), len(self.classes_)))
            # A fold may lack a class that is rare.
            columns = np.searchsorted(self.classes_, member.classes_)
            found[:, columns] = member.predict_proba(passages)
            parts.append(np.log(np.maximum(found, _LEAST)))
        return np.hstack(parts)

    def _mixed(self, inputs: Floats, labels: NDArray[Any]) -> LogisticRegression:
        return LogisticRegression(C=self.C, max_iter=1000).fit(inputs, labels)

    def _cut(self, articles: Sequence[str]) -> tuple[Rows, Rows]:
        if len(set(articles)) < 2:
            raise ValueError("held_out: expected two articles or more, to hold one of them out")
        cut = GroupShuffleSplit(1, test_size=self.held_out, random_state=self.random_state)
        rest, held = next(cut.split(articles, groups=articles))
        return rest, held

    def _folds(self, labels: NDArray[Any], articles: Sequence[str]) -> list[tuple[Rows, Rows]]:
        commonest = int(np.unique(labels, return_counts=True)[1].max())
        n_splits = min(self.n_splits, len(set(articles)), commonest)
        if n_splits < 2:
            raise ValueError(
                "expected two articles or more, to fit the mix on passages that members have not "
                "seen; give weights instead"
            )
        cut = StratifiedGroupKFold(n_splits, shuffle=True, random_state=self.random_state)
        with catch_warnings():
            filterwarnings("ignore", message="The least populated class", category=UserWarning)
            return list(cut.split(labels, labels, articles))
