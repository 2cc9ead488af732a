"""Heads of the stance classifier: what reads n-gram scores and dense features and decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from stance.classifiers.stance_scorer import mean_logits
from stance.classifiers.trees import Trees

Floats = NDArray[np.float64]
Kind = Literal["trees", "linear", "mean"]
# Values this many deviations away are outliers that one coefficient would multiply.
_MOST = 5.0


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted head.

    Parameters
    ----------
    trees : Trees or None
    linear : dict of str to ndarray, or None
        ``coef`` (n_columns, n_classes) and ``intercept`` (n_classes,).
    """

    trees: Trees | None
    linear: dict[str, NDArray[np.float32]] | None

    def logits(self, inputs: Floats) -> Floats:
        """Mean log-odds, shape (n_rows, n_classes)."""
        parts = [] if self.trees is None else [self.trees.logits(inputs)]
        if self.linear is not None:
            parts.append(inputs @ self.linear["coef"] + self.linear["intercept"])
        return mean_logits(parts)


@dataclass(frozen=True, slots=True)
class HeadMaker:
    """How a head is fitted; parameters as ``StanceClassifier`` has them.

    The first ``n_scores`` columns are n-gram scores. In the linear head they are held back less
    than others: a column times w has a penalty w² times smaller.
    """

    kind: Kind
    n_rounds: int
    learning_rate: float
    C: float
    random_state: int | None
    n_scores: int = 0
    score_weight: float = 1.0

    def fit(self, inputs: Floats, codes: NDArray[np.int64], weights: Floats | None) -> Head:
        """Head that has learnt ``codes``, all of 0 to n_classes - 1 among them."""
        with threadpool_limits(1):
            trees = self._trees(inputs, codes, weights) if self.kind != "linear" else None
            linear = self._linear(inputs, codes, weights) if self.kind != "trees" else None
        return Head(trees, linear)

    def _trees(self, inputs: Floats, codes: NDArray[np.int64], weights: Floats | None) -> Trees:
        model = HistGradientBoostingClassifier(
            learning_rate=self.learning_rate,
            max_iter=self.n_rounds,
            max_leaf_nodes=8,
            min_samples_leaf=int(np.clip(len(codes) // 40, 1, 40)),
            l2_regularization=3.0,
            max_features=0.2,
            early_stopping=False,
            random_state=self.random_state,
        )
        return Trees.of(model.fit(inputs, codes, sample_weight=weights))

    def _linear(
        self, inputs: Floats, codes: NDArray[np.int64], weights: Floats | None
    ) -> dict[str, NDArray[np.float32]]:
        mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
        scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 1e-9)
        standard = np.clip((inputs - mean) * scale, -_MOST, _MOST)
        weighed = np.ones(len(scale))
        weighed[: self.n_scores] = self.score_weight
        standard *= weighed
        model: Any = LogisticRegression(C=self.C, max_iter=500, tol=1e-3)
        model.fit(standard, codes, sample_weight=weights)
        coef, intercept = model.coef_, model.intercept_
        if len(coef) == 1:  # two classes have one row, that of the second
            coef, intercept = np.vstack([-coef, coef]) / 2, np.array([-1, 1]) * intercept / 2
        coef = coef * weighed * scale
        return {
            "coef": coef.T.astype(np.float32),
            "intercept": (intercept - coef @ mean).astype(np.float32),
        }
