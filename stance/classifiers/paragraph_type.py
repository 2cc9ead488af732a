"""ParagraphTypeClassifier: what kind of thing a paragraph says, learnt from labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from stance.classifiers.calibration import Calibration, calibrated, untouched
from stance.classifiers.chain import transition_ratios
from stance.classifiers.explanation import Explanation, explain
from stance.classifiers.labels import checked_labels, likely_sets
from stance.classifiers.ngram_linear import NgramClassifier
from stance.classifiers.trees import Trees
from stance.classifiers.type_scorer import TypeScorer
from stance.features.paragraph import GROUPS, paragraph_features
from stance.passage import Passage, as_passages

Floats = NDArray[np.float64]

# Below, threads wait for each other longer than they work: on two busy cores, growing the same
# trees from 90 passages took 0.84 s with two threads and 0.12 s with one, from 5,000 2.3 and 0.4 s.
_MANY = 10_000

N_CALIBRATION = 3
"""Folds behind the temperature."""


class ParagraphTypeClassifier(ClassifierMixin, BaseEstimator):
    """Paragraph types from n-grams, speech, layout and word classes, decoded over the article.

    ``fit`` learns in three steps. A linear model over n-grams scores each passage; for the next
    step the scores of training passages come from models that did not see their article. Then
    boosted trees read these scores and the dense features. Their probabilities are made as sure as
    they should be by a temperature, fitted on articles that the trees have not seen. A chain weighs
    what follows what in an article.

    Parameters
    ----------
    n_rounds : int, >= 1
        Boosting rounds, one tree per class each.
    learning_rate : float, > 0
        Share of each tree that is kept.
    ngram_C : float
        Inverse strength of the n-gram model's regularisation.
    ngrams : bool
        Whether the n-gram model takes part.
    groups : sequence of {"layout", "speech", "lexicon"}
        Dense features that take part.
    chain_weight : float
        Exponent of the chain's potentials, 0 for passages by themselves. Calibrated probabilities
        know much of what neighbours tell: 1, the textbook's chain, counts it twice.
    n_splits : int
        Folds behind the held-out n-gram scores; fewer where there are fewer articles.
    calibration : {"temperature", "none"}
        Whether a temperature is fitted. It costs growing the trees ``N_CALIBRATION`` times more.
    class_weight : dict, "balanced" or None
    random_state : int or None

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order. Whole numbers work too; ``scorer_`` and what is saved call them by their
        digits.
    calibration_ : Calibration
        The temperature, and log-loss and ECE on held-out articles before and after.
    scorer_ : TypeScorer
        What predicts, with numpy alone; ``stance.classifiers.saving`` writes and reads it.

    Examples
    --------
    >>> texts = ["“It held,” she said.", "“It broke,” he said.", "The dam is old.", "It is long."]
    >>> classifier = ParagraphTypeClassifier().fit(texts, ["quote", "quote", "report", "report"])
    >>> classifier.predict(["“So what?” they said."]).tolist()
    ['quote']
    """

    def __init__(
        self,
        *,
        n_rounds: int = 150,
        learning_rate: float = 0.05,
        ngram_C: float = 0.2,
        ngrams: bool = True,
        groups: Sequence[str] = tuple(GROUPS),
        chain_weight: float = 0.2,
        n_splits: int = 5,
        calibration: Literal["temperature", "none"] = "temperature",
        class_weight: dict[str, float] | Literal["balanced"] | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.n_rounds = n_rounds
        self.learning_rate = learning_rate
        self.ngram_C = ngram_C
        self.ngrams = ngrams
        self.groups = groups
        self.chain_weight = chain_weight
        self.n_splits = n_splits
        self.calibration = calibration
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> ParagraphTypeClassifier:
        """Learn from passages and their types.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, a label is missing, there is one class only, or a parameter is
            out of range.
        """
        self._check()
        passages = as_passages(X)
        labels = checked_labels(y, n=len(passages))
        self.classes_, codes = np.unique(labels, return_inverse=True)
        inputs = [paragraph_features(passages, self.groups).astype(np.float64)]
        scorer = None
        if self.ngrams:
            model = NgramClassifier(C=self.ngram_C, random_state=self.random_state)
            scorer = model.fit(passages, labels).compile()
            inputs.insert(0, self._held_out(model, passages, labels))
        columns = np.hstack(inputs)
        self.calibration_ = self._calibrated(columns, codes, passages)
        trees = self._grown(columns, codes).scaled(self.calibration_.scale[0])
        ratios = transition_ratios(passages, codes, n_classes=len(self.classes_))
        names = [str(label) for label in self.classes_.tolist()]
        self.scorer_ = TypeScorer(
            scorer,
            trees=trees,
            ratios=(ratios**self.chain_weight).astype(np.float32),
            classes=names,
            groups=tuple(self.groups),
        )
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1; columns follow classes_."""
        check_is_fitted(self)
        return self.scorer_.predict_proba(as_passages(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Type of each passage, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def predict_set(self, X: Any, *, coverage: float = 0.9) -> list[tuple[str, ...]]:
        """The likeliest types that together reach ``coverage``: one where the model is sure.

        Parameters
        ----------
        coverage : float, 0–1
            Probability that the set shall hold.

        Raises
        ------
        ValueError
            ``coverage`` is not within 0 and 1.
        """
        return likely_sets(self.predict_proba(X), self.classes_, coverage=coverage)

    def explain(self, passage: Passage | str, *, label: str | None = None) -> Explanation:
        """What moved the decision: columns of the head, and the words behind its n-grams.

        Raises
        ------
        ValueError
            The label is not among ``classes_``.
        """
        check_is_fitted(self)
        return explain(self.scorer_, as_passages([passage])[0], label=label)

    def compile(self) -> TypeScorer:
        """The scorer that this classifier predicts with."""
        check_is_fitted(self)
        return self.scorer_

    def _check(self) -> None:
        for name, lowest in (("n_rounds", 1), ("n_splits", 2), ("chain_weight", 0)):
            value = getattr(self, name)
            if not value >= lowest:
                raise ValueError(f"{name} = {value!r}, must be >= {lowest}")
            if name.startswith("n_") and not isinstance(value, Integral):
                raise ValueError(f"{name} = {value!r}, must be a whole number")
        if not 0 < self.learning_rate < np.inf:
            raise ValueError(f"learning_rate = {self.learning_rate!r}, must be > 0 and finite")
        if self.calibration not in ("temperature", "none"):
            raise ValueError(f"calibration = {self.calibration!r}, must be 'temperature' or 'none'")
        if isinstance(self.groups, str) or len(set(self.groups)) < len(self.groups):
            raise ValueError(f"groups = {self.groups!r}, must be different names of {list(GROUPS)}")
        if not self.ngrams and not self.groups:
            raise ValueError("ngrams is False and groups is empty: there is nothing to learn from")

    def _held_out(
        self, model: NgramClassifier, passages: list[Passage], labels: NDArray[Any]
    ) -> Floats:
        """N-gram scores by models that saw no label of the passage's article."""
        groups = [passage.group or f"\0{i}" for i, passage in enumerate(passages)]
        commonest = int(np.unique(labels, return_counts=True)[1].max())
        n_splits = min(self.n_splits, len(set(groups)), commonest)
        if n_splits < 2:  # too little to hold anything out
            return model.compile().scores([p.text for p in passages]).astype(np.float64)
        scores = model.cross_fit_scores(
            passages, labels, groups, n_splits=n_splits, random_state=self.random_state
        )
        return scores.astype(np.float64)

    def _grown(self, inputs: Floats, codes: NDArray[np.int64]) -> Trees:
        model = HistGradientBoostingClassifier(
            learning_rate=self.learning_rate,
            max_iter=self.n_rounds,
            max_leaf_nodes=8,
            # Few passages allow no leaf of 40; the rest was flat in cross-validation.
            min_samples_leaf=int(np.clip(len(codes) // 40, 1, 40)),
            l2_regularization=3.0,
            max_features=0.2,
            early_stopping=False,
            random_state=self.random_state,
        )
        weights = None
        if self.class_weight is not None:
            weights = compute_sample_weight(self._named_weight(), self.classes_[codes])
        with threadpool_limits(1 if len(codes) < _MANY else None, user_api="openmp"):
            return Trees.of(model.fit(inputs, codes, sample_weight=weights))

    def _calibrated(
        self, columns: Floats, codes: NDArray[np.int64], passages: list[Passage]
    ) -> Calibration:
        """The temperature that suits trees grown without the passage's article."""
        n_classes = len(self.classes_)
        groups = np.unique(
            [p.group or f"\0{i}" for i, p in enumerate(passages)], return_inverse=True
        )[1]
        n_splits = min(N_CALIBRATION, int(groups.max()) + 1, int(np.bincount(codes).min()))
        if self.calibration == "none" or n_splits < 2:
            return untouched(n_classes)
        folds = StratifiedGroupKFold(n_splits, shuffle=True, random_state=self.random_state)
        logits, half = np.zeros((len(codes), n_classes)), np.zeros(len(codes), bool)
        for i, (train, held_out) in enumerate(folds.split(columns, codes, groups)):
            if len(np.unique(codes[train])) < n_classes:  # nothing to learn a class from
                return untouched(n_classes)
            logits[held_out] = self._grown(columns[train], codes[train]).logits(columns[held_out])
            half[held_out] = i % 2 == 1
        return calibrated(logits, codes, half, method="temperature")

    def _named_weight(self) -> dict[Any, float] | str:
        """Weights for every class: those not named weigh 1."""
        if not isinstance(self.class_weight, dict):
            return "balanced"
        return dict.fromkeys(self.classes_.tolist(), 1.0) | self.class_weight
