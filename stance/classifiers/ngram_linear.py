"""NgramClassifier: a linear classifier over word and character n-grams, the package's fast path."""

from __future__ import annotations

from typing import Any, Literal
from warnings import catch_warnings, filterwarnings

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.features.ngrams import NgramFeatures, texts_of
from stance.features.scorer import NgramScorer
from stance.passage import as_passages

Floats = NDArray[np.float32]


class NgramClassifier(ClassifierMixin, BaseEstimator):
    """Linear support vectors, one class against the rest, over the n-grams of ``NgramFeatures``.

    Only the text of a passage is used. ``fit`` also compiles the model, so that prediction runs
    through the word memo of ``NgramScorer``: the same labels as the matrix product, some forty
    times as fast as scikit-learn's vectorisers.

    Parameters
    ----------
    C : float
        Inverse strength of regularisation.
    class_weight : dict, "balanced" or None
        As scikit-learn's ``LinearSVC`` takes it.
    word_range, char_range, min_df, n_buckets, word_weight
        As ``NgramFeatures`` takes them.
    tol : float
        Where the solver stops. 0.5 takes a quarter less time than 0.1; in cross-validation on
        nine-way news sentences macro-F1 was 0.46 with either.
    memo_size : int
        Pieces of text that the compiled scorer remembers between calls.
    random_state : int, RandomState instance or None
        Order in which the solver visits passages.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order; the only order there is.
    features_ : NgramFeatures
        Fitted.
    coef_ : ndarray of float32, shape (n_outputs, n_features)
        Rounded such that ``idf * coef`` is what the scorer stores in float16. Two classes have one
        output, positive for the second.
    intercept_ : ndarray of float32, shape (n_outputs,)

    Examples
    --------
    >>> texts = ["He said so.", "She said no.", "The port closed.", "The port is shut."]
    >>> classifier = NgramClassifier().fit(texts, ["quote", "quote", "report", "report"])
    >>> classifier.predict(["They said it.", "A port"]).tolist()
    ['quote', 'report']
    """

    def __init__(
        self,
        *,
        C: float = 0.5,
        class_weight: dict[str, float] | Literal["balanced"] | None = None,
        word_range: tuple[int, int] | None = (1, 2),
        char_range: tuple[int, int] | None = (2, 5),
        min_df: int = 2,
        n_buckets: int = 2**16,
        word_weight: float = 2.0,
        tol: float = 0.5,
        memo_size: int = 2**18,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.C = C
        self.class_weight = class_weight
        self.word_range = word_range
        self.char_range = char_range
        self.min_df = min_df
        self.n_buckets = n_buckets
        self.word_weight = word_weight
        self.tol = tol
        self.memo_size = memo_size
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> NgramClassifier:
        """Learn from passages and their labels.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, there is one class only, or a parameter is out of range.
        """
        texts = texts_of(X)
        labels = checked_labels(y, n=len(texts))
        self.classes_ = np.unique(labels)
        self.features_ = self._features()
        matrix = self.features_.fit_transform(texts)
        coef, intercept = self._solve(matrix.astype(np.float64), labels, self.classes_)
        idf = self.features_.idf_
        weights = (coef * idf).astype(np.float16)
        self.coef_ = weights.astype(np.float32) / idf
        self.intercept_ = intercept.astype(np.float32)
        self.scorer_ = self._compiled(weights)
        return self

    def decision_function(self, X: Any) -> Floats:
        """Decision values, by the compiled scorer.

        Returns
        -------
        ndarray of float32, shape (n_passages, n_classes), or (n_passages,) for two classes
        """
        check_is_fitted(self)
        scores = self.scorer_.scores(texts_of(X))
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: Any) -> NDArray[Any]:
        """Label of each passage, shape (n_passages,)."""
        scores = self.decision_function(X)
        best = (scores > 0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)
        labels: NDArray[Any] = self.classes_[best]
        return labels

    def compile(self) -> NgramScorer:
        """Scorer that needs numpy alone; the one that this classifier predicts with."""
        check_is_fitted(self)
        return self.scorer_

    def cross_fit_scores(
        self,
        X: Any,
        y: Any,
        groups: Any = None,
        *,
        n_splits: int = 5,
        random_state: int | None = 0,
    ) -> Floats:
        """Decision value of each passage by a model that saw no label of its group.

        The passages are cut into n-grams once; only the solver runs again for each fold. Vocabulary
        and idf are therefore those of all passages: counts of n-grams, without labels. No label of
        a held-out passage reaches its score. The classifier stays as it was, fitted or not.

        Parameters
        ----------
        X, y
            As in ``fit``.
        groups : sequence, shape (n_passages,), or None
            Passages of one group are never on both sides. None takes ``Passage.group``, where an
            empty one stands for a passage alone.
        n_splits : int
            Folds, stratified by label.
        random_state : int or None
            Of the split into folds.

        Returns
        -------
        ndarray of float32, shape (n_passages, n_outputs)
            Columns as in ``NgramScorer.scores``. A class that a fold's training part lacks gets -1
            there, the margin of a sure no.

        Raises
        ------
        ValueError
            X, y and groups differ in length, or there are fewer groups than folds.
        """
        if groups is None:
            X = as_passages(X)
            groups = [passage.group or ("alone", i) for i, passage in enumerate(X)]
        texts = texts_of(X)
        labels = checked_labels(y, n=len(texts), n_classes=1)
        codes = _group_codes(groups, n=len(texts))
        if codes.max(initial=-1) + 1 < n_splits:
            raise ValueError(f"expected {n_splits} groups or more, got {codes.max(initial=-1) + 1}")
        matrix = self._features().fit_transform(texts).astype(np.float64)
        classes = np.unique(labels)
        folds = StratifiedGroupKFold(n_splits, shuffle=True, random_state=random_state)
        scores = np.empty((len(texts), _n_outputs(classes)), np.float32)
        with catch_warnings():
            # A class rarer than n_splits is no reason to stop: see Returns.
            filterwarnings("ignore", message="The least populated class", category=UserWarning)
            parts = list(folds.split(texts, labels, codes))
        for train, test in parts:
            coef, intercept = self._solve(matrix[train], labels[train], classes)
            scores[test] = matrix[test] @ coef.T + intercept
        return scores

    def _features(self) -> NgramFeatures:
        names = ("word_range", "char_range", "min_df", "n_buckets", "word_weight")
        return NgramFeatures(**{name: getattr(self, name) for name in names})

    def _solve(
        self, matrix: csr_matrix, labels: NDArray[Any], classes: NDArray[Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Coefficients (n_outputs, n_features) and intercepts for ``classes``, present or not."""
        present = np.unique(labels)
        coef = np.zeros((_n_outputs(classes), matrix.shape[1]))
        intercept = np.full(len(coef), -1.0)
        rows = np.searchsorted(classes, present)
        if len(present) == 1:
            intercept[rows if len(coef) > 1 else 0] = 1.0 if len(coef) > 1 or rows[0] else -1.0
            return coef, intercept
        solver = LinearSVC(
            C=self.C,
            class_weight=self.class_weight,
            tol=self.tol,
            dual=True,
            random_state=self.random_state,
        ).fit(matrix, labels)
        if len(present) == 2 < len(classes):
            signs = np.array([-1.0, 1.0])
            coef[rows], intercept[rows] = signs[:, None] * solver.coef_, signs * solver.intercept_
        elif len(coef) == 1:
            coef[:], intercept[:] = solver.coef_, solver.intercept_
        else:
            coef[rows], intercept[rows] = solver.coef_, solver.intercept_
        return coef, intercept

    def _compiled(self, weights: NDArray[np.float16]) -> NgramScorer:
        features = self.features_
        n_buckets = self.n_buckets if self.char_range is not None else 0
        chars, words = features.columns_[:n_buckets], features.columns_[self.n_buckets :]
        seen = chars >= 0
        char_idf = np.zeros(n_buckets, np.float16)
        char_idf[seen] = features.idf_[chars[seen]]
        char_weights = np.zeros((n_buckets, len(weights)), np.float16)
        char_weights[seen] = weights.T[chars[seen]]
        arrays = {
            "word_keys": features.word_keys_,
            "word_idf": features.idf_[words].astype(np.float16),
            "word_weights": np.ascontiguousarray(weights.T[words]),
            "char_idf": char_idf,
            "char_weights": char_weights,
            "intercept": self.intercept_,
        }
        settings = {
            "version": 1,
            "word_range": self.word_range,
            "char_range": self.char_range,
            "memo_size": self.memo_size,
        }
        return NgramScorer.from_arrays(arrays, settings)


def _n_outputs(classes: NDArray[Any]) -> int:
    return 1 if len(classes) == 2 else len(classes)


def _group_codes(groups: Any, *, n: int) -> NDArray[np.int64]:
    """Groups as 0, 1, 2 …, by first appearance."""
    number: dict[Any, int] = {}
    codes = [number.setdefault(group, len(number)) for group in groups]
    if len(codes) != n:
        raise ValueError(f"expected one group for each of {n} passages, got {len(codes)}")
    return np.array(codes, np.int64)
