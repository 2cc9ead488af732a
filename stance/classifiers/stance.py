"""StanceClassifier: which side a passage is on, toward one target."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import compress
from numbers import Integral
from typing import Any, Literal, get_args
from warnings import catch_warnings, filterwarnings

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.calibration import Method, calibrated, untouched
from stance.classifiers.explanation import Explanation
from stance.classifiers.labels import checked_labels, likely_sets
from stance.classifiers.ngram_linear import NgramClassifier
from stance.classifiers.stance_decision import macro_f1_worth
from stance.classifiers.stance_explanation import explain
from stance.classifiers.stance_head import HeadMaker, Kind
from stance.classifiers.stance_scorer import StanceScorer, softmax
from stance.features.addressing import is_addressed
from stance.features.scorer import NgramScorer
from stance.features.stance import group, learnt_by, read
from stance.features.views import view
from stance.passage import Passage, as_passages

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

GROUPS = ("target", "opinion")
VIEWS = ("text", "right", "clause", "near", "patterns")
_N_CALIBRATION = 3


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Sides toward a target, from n-grams of several views of a passage and dense features.

    ``fit`` learns in three steps. Linear models over the n-grams of each view score each passage;
    for the next step the scores of training passages come from models that did not see their
    article. A head reads these scores and the dense features. Scores of heads that did not see
    the article then tell how sure the head may be. Any label set will do.

    Parameters
    ----------
    groups : sequence of str
        Dense features that take part (``stance.features.stance.GROUPS``).
    views : sequence of str
        Texts that n-gram models read (``stance.features.views.VIEWS``).
    head : {"trees", "linear", "mean"}
        Boosted trees, multinomial logistic regression, or the mean of their log-odds.
    n_rounds : int, >= 1
        Boosting rounds, one tree per class each.
    learning_rate : float, > 0
        Share of each tree that is kept.
    C : float, > 0
        Inverse strength of the linear head's regularisation.
    ngram_C : float, > 0
        Inverse strength of the n-gram models' regularisation.
    score_weight : float, > 0
        How much more the linear head takes of an n-gram score than of a dense feature. On posts
        about five known targets, 3 gave 0.8 points of F_avg over 1 in cross-validation.
    calibration : {"vector", "temperature", "none"}
    also : sequence of str
        Corpora of the catalogue whose training split of the task ``stance`` is learned from beside
        what ``fit`` is given, as far as the labels are among the given ones.
    n_splits : int, >= 2
        Folds behind the held-out n-gram scores; fewer where there are fewer articles. A passage
        without a group is in the fold of all passages with its text.
    class_weight : dict, "balanced" or None
        With weights, probabilities are those of passages weighted so.
    utility : "macro_f1", square matrix of float, or None
        What an answer is worth: row i, column j for answering ``classes_[j]`` where
        ``classes_[i]`` is true. ``"macro_f1"`` finds what a right answer of each class has to be
        worth for the best macro-F1 of held-out scores; probabilities stay what they are. None
        answers what is likeliest.
    random_state : int or None

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order.
    calibration_ : Calibration
        Fitted on held-out scores; with log-loss and calibration error before and after.
    utility_ : ndarray of float64, shape (n_classes, n_classes)
    scorer_ : StanceScorer
        What predicts, with numpy alone; ``stance.classifiers.saving`` writes and reads it.

    Examples
    --------
    >>> who = ["Voters", "Critics", "Farmers", "Nurses", "Drivers", "Pupils"]
    >>> passages = [Passage(f"{one} {verb} Lund.", target="Lund")
    ...             for verb in ("admire", "despise") for one in who]
    >>> classifier = StanceClassifier().fit(passages, ["favor"] * 6 + ["against"] * 6)
    >>> classifier.predict([Passage("Many despise Aske.", target="Aske")]).tolist()
    ['against']
    """

    def __init__(
        self,
        *,
        groups: Sequence[str] = GROUPS,
        views: Sequence[str] = VIEWS,
        head: Kind = "linear",
        n_rounds: int = 150,
        learning_rate: float = 0.05,
        C: float = 0.003,
        ngram_C: float = 0.2,
        score_weight: float = 1.0,
        calibration: Method = "vector",
        also: Sequence[str] = (),
        n_splits: int = 5,
        class_weight: dict[str, float] | Literal["balanced"] | None = None,
        utility: Sequence[Sequence[float]] | Literal["macro_f1"] | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.groups = groups
        self.views = views
        self.head = head
        self.n_rounds = n_rounds
        self.learning_rate = learning_rate
        self.C = C
        self.ngram_C = ngram_C
        self.score_weight = score_weight
        self.calibration = calibration
        self.also = also
        self.n_splits = n_splits
        self.class_weight = class_weight
        self.utility = utility
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> StanceClassifier:
        """Learn from passages, each with its target, and their labels.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, a label is missing, there is one class only, or a parameter is
            out of range.
        CorpusMissingError
            A corpus of ``also`` is not on this machine.
        """
        self._check()
        passages = as_passages(X)
        labels = checked_labels(y, n=len(passages))
        passages, labels = self._with_more(passages, labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        articles = [passage.group or f"\0{passage.text}" for passage in passages]
        learnt = learnt_by(self.groups, passages)
        texts, dense = read(passages, views=self.views, groups=self.groups, learnt=learnt)
        scorers, scores = self._scored(texts, labels, articles)
        inputs = np.hstack([*scores, dense]).astype(np.float64)
        weights = self._weights(labels)
        maker = HeadMaker(
            self.head,
            self.n_rounds,
            self.learning_rate,
            self.C,
            self.random_state,
            n_scores=inputs.shape[1] - dense.shape[1],
            score_weight=self.score_weight,
        )
        head = maker.fit(inputs, codes, weights)
        held_out, halves = self._held_out(maker, inputs, codes, weights, articles)
        self.calibration_ = (
            untouched(len(self.classes_))
            if held_out is None
            else calibrated(held_out, codes, halves, method=self.calibration, weights=weights)
        )
        self.utility_ = self._worth(codes, held_out)
        self.scorer_ = StanceScorer(
            scorers,
            groups=tuple(self.groups),
            classes=[str(label) for label in self.classes_.tolist()],
            trees=head.trees,
            linear=head.linear,
            calibration=self.calibration_.arrays(),
            learnt=learnt,
        )
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1; columns follow classes_."""
        check_is_fitted(self)
        return self.scorer_.predict_proba(as_passages(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Side of each passage, shape (n_passages,): the likeliest, or that of most utility."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[(self.predict_proba(X) @ self.utility_).argmax(axis=1)]
        return labels

    def predict_set(self, X: Any, *, coverage: float = 0.9) -> list[tuple[str, ...]]:
        """The likeliest sides that together reach ``coverage``: one where the model is sure.

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

    def is_addressed(self, X: Any) -> NDArray[np.bool_]:
        """Whether each passage addresses its target, shape (n_passages,).

        Where it does not, no side means anything. A rule tells, not the model: see
        ``stance.features.addressing``.
        """
        return np.array([is_addressed(passage) for passage in as_passages(X)], bool)

    def explain(self, passage: Passage | str, *, label: str | None = None) -> Explanation:
        """What moved the decision: each word, by how much the odds change without it.

        Raises
        ------
        ValueError
            The label is not among ``classes_``.
        """
        check_is_fitted(self)
        return explain(self.scorer_, as_passages([passage])[0], label=label)

    def compile(self) -> StanceScorer:
        """The scorer that this classifier predicts with."""
        check_is_fitted(self)
        return self.scorer_

    def _check(self) -> None:
        for name, lowest in (("n_rounds", 1), ("n_splits", 2)):
            value = getattr(self, name)
            if not isinstance(value, Integral) or not int(value) >= lowest:
                raise ValueError(f"{name} = {value!r}, must be a whole number >= {lowest}")
        for name in ("learning_rate", "C", "ngram_C", "score_weight"):
            value = getattr(self, name)
            if not 0 < value < np.inf:
                raise ValueError(f"{name} = {value!r}, must be > 0 and finite")
        for name, known in (("head", get_args(Kind)), ("calibration", get_args(Method))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} = {getattr(self, name)!r}, must be of {list(known)}")
        for name in ("groups", "views", "also"):
            value = getattr(self, name)
            if isinstance(value, str) or len(set(value)) < len(value):
                raise ValueError(f"{name} = {value!r}, must be different names")
        if not self.groups and not self.views:
            raise ValueError("groups and views are both empty: there is nothing to learn from")
        for one in self.groups:
            group(one)
        for one in self.views:
            view(one)

    def _with_more(
        self, passages: list[Passage], labels: NDArray[Any]
    ) -> tuple[list[Passage], NDArray[Any]]:
        """The passages, and behind them those of other corpora."""
        from stance.corpora import corpus_names, load

        known = set(labels.tolist())
        for name in self.also:
            if name not in corpus_names():
                close = get_close_matches(name, corpus_names(), n=1)
                hint = f"; did you mean {close[0]!r}?" if close else ""
                raise ValueError(
                    f"also: unknown corpus {name!r}, expected one of the catalogue{hint}"
                )
            more = load(name, split="train", task="stance")
            found = [label in known for label in more["label"]]
            passages = passages + list(compress(as_passages(more), found))
            labels = np.concatenate([labels, list(compress(more["label"], found))])
        return passages, labels

    def _scored(
        self, texts_of: dict[str, list[str]], labels: NDArray[Any], articles: list[str]
    ) -> tuple[dict[str, NgramScorer], list[NDArray[np.float32]]]:
        """The n-gram models of all views, and each passage's scores by models that saw it not."""
        scorers: dict[str, NgramScorer] = {}
        scores: list[NDArray[np.float32]] = []
        n_splits = self._n_folds(labels, articles, self.n_splits)
        for name in self.views:
            one, texts = view(name), texts_of[name]
            model = NgramClassifier(
                C=self.ngram_C,
                word_range=one.word_range,
                char_range=one.char_range,
                min_df=min(2, len(texts) // 20 + 1),
                random_state=self.random_state,
            )
            scorers[name] = model.fit(texts, labels).compile()
            if n_splits < 2:  # too little to hold anything out
                scores.append(scorers[name].scores(texts))
            else:
                scores.append(
                    model.cross_fit_scores(
                        texts, labels, articles, n_splits=n_splits, random_state=self.random_state
                    )
                )
        return scorers, scores

    def _held_out(
        self,
        maker: HeadMaker,
        inputs: Floats,
        codes: Codes,
        weights: Floats | None,
        articles: list[str],
    ) -> tuple[Floats | None, NDArray[np.bool_]]:
        """Scores by heads that did not see the article, and a half of the passages, articles whole.

        None where there is too little to hold anything out.
        """
        halves = np.zeros(len(codes), bool)
        n_splits = self._n_folds(codes, articles, _N_CALIBRATION)
        if n_splits < 2:
            return None, halves
        logits = np.zeros((len(codes), len(self.classes_)))
        for i, (train, test) in enumerate(self._folds(codes, articles, n_splits)):
            halves[test] = i % 2 == 0
            present = np.unique(codes[train])
            part = None if weights is None else weights[train]
            if len(present) == len(self.classes_):
                logits[test] = maker.fit(inputs[train], codes[train], part).logits(inputs[test])
        return logits, halves

    def _folds(self, codes: Codes, articles: list[str], n_splits: int) -> list[tuple[Any, Any]]:
        cut = StratifiedGroupKFold(n_splits, shuffle=True, random_state=self.random_state)
        with catch_warnings():
            filterwarnings("ignore", message="The least populated class", category=UserWarning)
            return list(cut.split(codes, codes, articles))

    def _n_folds(self, labels: NDArray[Any], articles: list[str], most: int) -> int:
        commonest = int(np.unique(labels, return_counts=True)[1].max())
        return min(most, len(set(articles)), commonest)

    def _worth(self, codes: Codes, held_out: Floats | None) -> Floats:
        n = len(self.classes_)
        if held_out is not None:
            held_out = softmax(held_out * self.calibration_.scale + self.calibration_.bias)
        if self.utility is None:
            return np.eye(n)
        if isinstance(self.utility, str):
            if self.utility != "macro_f1":
                raise ValueError(f"utility = {self.utility!r}, must be 'macro_f1' or a matrix")
            return np.diag(macro_f1_worth(held_out, codes)) if held_out is not None else np.eye(n)
        worth = np.asarray(self.utility, np.float64)
        if worth.shape != (n, n) or not np.isfinite(worth).all():
            raise ValueError(
                f"utility: expected {n} rows of {n} finite numbers, one for each of "
                f"{self.classes_.tolist()}, got shape {worth.shape}"
            )
        return worth

    def _weights(self, labels: NDArray[Any]) -> Floats | None:
        if self.class_weight is None:
            return None
        weight: Any = "balanced"
        if isinstance(self.class_weight, dict):
            weight = dict.fromkeys(self.classes_.tolist(), 1.0) | self.class_weight
        weights: Floats = compute_sample_weight(weight, labels)
        return weights
