"""TfidfClassifier: scikit-learn's n-grams and a linear model, the field's standard baseline."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from annotated_types import Ge, Gt
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import LinearSVC
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.passage import as_passages

Solver = Literal["logistic", "svm"]
NgramRange = tuple[Annotated[int, Ge(1)], Annotated[int, Ge(1)]]


def _is_logistic(classifier: Any) -> bool:
    if classifier.solver == "logistic":
        return True
    raise AttributeError("predict_proba needs solver='logistic': a linear SVM has no probabilities")


class TfidfClassifier(ClassifierMixin, BaseEstimator):
    """Word and in-word character n-grams weighted by TF-IDF, then a linear model.

    Nothing but scikit-learn, with settings that the field uses for texts of a sentence or a
    paragraph. It sees the passage's text alone and knows nothing of its neighbours: what a better
    classifier must beat.

    Parameters
    ----------
    solver : {"logistic", "svm"}
        ``svm`` learns several times as fast and gives no probabilities.
    C : float, > 0
        Inverse strength of regularisation. Of 0.1 to 10, 1 did best or nearly so on the validation
        splits of the sample corpus and of newsdiscourse.
    class_weight : {"balanced"} or None
    word_range, char_range : pair of int
        Shortest and longest n-gram.
    min_df : int
        Passages that an n-gram must occur in to be kept.
    max_iter : int
        Steps of the logistic solver.
    random_state : int or None
        Order in which the SVM's solver visits passages; the logistic one draws nothing.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order.
    pipeline_ : sklearn.pipeline.Pipeline
        Fitted.

    Examples
    --------
    >>> texts = ["He said so.", "She said no.", "The port closed.", "The port is shut."]
    >>> classifier = TfidfClassifier(min_df=1).fit(texts, ["quote", "quote", "report", "report"])
    >>> classifier.predict(["They said it.", "A port"]).tolist()
    ['quote', 'report']
    """

    def __init__(
        self,
        *,
        solver: Solver = "logistic",
        C: Annotated[float, Gt(0)] = 1.0,
        class_weight: Literal["balanced"] | None = "balanced",
        word_range: NgramRange = (1, 2),
        char_range: NgramRange = (2, 5),
        min_df: Annotated[int, Ge(1)] = 2,
        max_iter: Annotated[int, Ge(1)] = 1000,
        random_state: int | None = None,
    ) -> None:
        self.solver = solver
        self.C = C
        self.class_weight = class_weight
        self.word_range = word_range
        self.char_range = char_range
        self.min_df = min_df
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> TfidfClassifier:
        """Learn from passages and their labels.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, a label is missing, there is one class only, or the solver is
            unknown.
        """
        texts = _texts(X)
        labels = checked_labels(y, n=len(texts))
        self.pipeline_ = make_pipeline(self._features(), self._linear()).fit(texts, labels)
        self.classes_ = self.pipeline_.classes_
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Label of each passage, shape (n_passages,)."""
        check_is_fitted(self)
        texts = _texts(X)
        # scikit-learn's models refuse to answer nothing with nothing.
        labels: NDArray[Any] = self.pipeline_.predict(texts) if texts else self.classes_[:0]
        return labels

    @available_if(_is_logistic)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of each label, shape (n_passages, n_classes). Rows sum to 1."""
        check_is_fitted(self)
        texts = _texts(X)
        if not texts:
            return np.empty((0, len(self.classes_)))
        proba: NDArray[np.float64] = self.pipeline_.predict_proba(texts)
        return proba

    def _features(self) -> FeatureUnion:
        shared = {"sublinear_tf": True, "min_df": self.min_df, "dtype": np.float64}
        words = TfidfVectorizer(ngram_range=tuple(self.word_range), **shared)
        chars = TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(self.char_range), **shared)
        return FeatureUnion([("words", words), ("chars", chars)])

    def _linear(self) -> LogisticRegression | LinearSVC:
        shared = {"C": self.C, "class_weight": self.class_weight}
        if self.solver == "logistic":
            return LogisticRegression(max_iter=self.max_iter, **shared)
        if self.solver == "svm":
            return LinearSVC(random_state=self.random_state, **shared)
        raise ValueError(f"solver = {self.solver!r}, must be 'logistic' or 'svm'")


def _texts(X: Any) -> list[str]:
    return [passage.text for passage in as_passages(X)]
