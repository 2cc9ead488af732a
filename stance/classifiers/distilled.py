"""DistilledClassifier: a fast classifier that also learns what a slow one says of other texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.passage import Passage, as_passages

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def _student_has(name: str) -> Any:
    def has(classifier: DistilledClassifier) -> bool:
        getattr(getattr(classifier, "student_", classifier.student), name)
        return True

    return has


class DistilledClassifier(ClassifierMixin, BaseEstimator):
    """A student that learns from labelled passages and from those that a teacher labels for it.

    What answers is the student, as fast as ever; the teacher is asked in ``fit`` only. The student
    gets the teacher's likeliest label where its probability is high enough. Soft labels, as
    Hinton and others have them, would need a student that takes them; none of the package does.

    A teacher whose weights come from elsewhere (``AccurateClassifier``) learns nothing in ``fit``,
    and has seen the labels of what it was trained on: of these passages it says little that the
    labels do not. Whatever it was trained on, the student has learnt from too.

    It need not help: ``reports/accurate/distilled-newsmtsc-rw`` and ``-mt`` tell what the accurate
    model's labels brought ``StanceClassifier``.

    Parameters
    ----------
    student, teacher : estimator
        The teacher with ``predict_proba``. Both are fitted on the labelled passages, the student
        on the teacher's as well.
    corpora : sequence of str
        Corpora of the catalogue whose passages the teacher labels
        (``stance.classifiers.unlabelled``): sentences about names where the labelled passages have
        targets, paragraphs where they have none. Where no corpus is named, the teacher labels the
        labelled passages once more, and the student learns both labels.
    n_passages : int, >= 1
        How many passages the teacher is asked about at most.
    min_confidence : float, 0–1
        The probability that a label of the teacher's must have.
    keep_shares : bool
        Whether as many of the teacher's labels are left out, at random, as it takes for each
        class to have its share among the labels given. Sure labels are mostly the commonest.
    random_state : int or None
        Which passages are asked about and left out. The estimators have their own.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
    student_, teacher_ : fitted estimators
    n_taught_ : int
        How many of the teacher's labels the student learnt from.

    References
    ----------
    C. Bucilă, R. Caruana and A. Niculescu-Mizil, 2006, "Model compression", KDD,
    doi:10.1145/1150402.1150464.
    G. Hinton, O. Vinyals and J. Dean, 2015, "Distilling the knowledge in a neural network",
    arXiv:1503.02531.

    Examples
    --------
    >>> from stance.classifiers.tfidf import TfidfClassifier
    >>> texts = ["He said so.", "She said no.", "The port closed.", "The port is shut."]
    >>> pupil, master = TfidfClassifier(min_df=1), TfidfClassifier(min_df=1)
    >>> both = DistilledClassifier(pupil, master, min_confidence=0.5)
    >>> both.fit(texts, ["quote", "quote", "report", "report"]).predict(["A port"]).tolist()
    ['report']
    >>> both.n_taught_
    4
    """

    def __init__(
        self,
        student: Any,
        teacher: Any,
        *,
        corpora: Sequence[str] = (),
        n_passages: Annotated[int, Ge(1)] = 20_000,
        min_confidence: Annotated[float, Ge(0), Le(1)] = 0.8,
        keep_shares: bool = False,
        random_state: int | None = 0,
    ) -> None:
        self.student = student
        self.teacher = teacher
        self.corpora = corpora
        self.n_passages = n_passages
        self.min_confidence = min_confidence
        self.keep_shares = keep_shares
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> DistilledClassifier:
        """Fit the teacher, let it label, and fit the student on all labels.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, there is one class only, a parameter is out of range, or there
            is no such corpus.
        CorpusMissingError
            A corpus is not on this machine.
        """
        self._check()
        passages = as_passages(X)
        labels = checked_labels(y, n=len(passages))
        self.classes_ = np.unique(labels)
        self.teacher_ = clone(self.teacher).fit(passages, labels)
        asked = self._asked(passages)
        proba = self.teacher_.predict_proba(asked)
        told = self.teacher_.classes_[proba.argmax(axis=1)]
        rows = np.flatnonzero(proba.max(axis=1) >= self.min_confidence)
        if self.keep_shares:
            rows = self._in_shares(rows, told, labels)
        self.n_taught_ = len(rows)
        self.student_ = clone(self.student).fit(
            passages + [asked[i] for i in rows], np.concatenate([labels, told[rows]])
        )
        return self

    @available_if(_student_has("predict_proba"))  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Floats:
        """The student's probabilities, shape (n_passages, n_classes)."""
        check_is_fitted(self)
        proba: Floats = self.student_.predict_proba(X)
        return proba

    def predict(self, X: Any) -> NDArray[Any]:
        """The student's label of each passage, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.student_.predict(X)
        return labels

    def _check(self) -> None:
        if not hasattr(self.teacher, "predict_proba"):
            raise ValueError(
                f"teacher: expected probabilities, {type(self.teacher).__name__} gives none"
            )
        if self.n_passages < 1:
            raise ValueError(f"n_passages = {self.n_passages!r}, must be >= 1")
        if isinstance(self.corpora, str):
            raise ValueError(f"corpora = {self.corpora!r}, must be a list of names")
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence = {self.min_confidence!r}, must be within 0 and 1")

    def _asked(self, passages: list[Passage]) -> list[Passage]:
        """What the teacher labels."""
        if self.corpora:
            from stance.classifiers.unlabelled import unlabelled

            return unlabelled(
                self.corpora,
                n=self.n_passages,
                with_targets=any(passage.target for passage in passages),
                random_state=self.random_state,
            )
        n = min(self.n_passages, len(passages))
        drawn = np.random.default_rng(self.random_state).permutation(len(passages))[:n]
        return [passages[i] for i in np.sort(drawn)]  # a teacher may look at neighbours

    def _in_shares(self, rows: Rows, told: NDArray[Any], labels: NDArray[Any]) -> Rows:
        """As many rows as can be kept, classes in the shares that they have among ``labels``."""
        shuffled = np.random.default_rng(self.random_state).permutation(rows)
        by_class = [shuffled[told[shuffled] == label] for label in self.classes_]
        shares = np.array([(labels == label).mean() for label in self.classes_])
        n = min(len(one) / share for one, share in zip(by_class, shares, strict=True))
        kept = [one[: int(n * s + 1e-9)] for one, s in zip(by_class, shares, strict=True)]
        return np.sort(np.concatenate(kept))
