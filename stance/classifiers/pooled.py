"""PooledTeller: several trained models of one thing, asked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.classifiers.stance_explanation import probabilities_without
from stance.classifiers.teller import Teller
from stance.passage import Passage

Floats = NDArray[np.float64]

_LEAST = 1e-6  # a member that is sure and wrong shall not outweigh all the others


@dataclass(frozen=True, slots=True)
class PooledTeller:
    """Probabilities of several models to the power of their weights, multiplied.

    What ``StackedClassifier`` does with ``weights``, for models that are trained and need neither
    scikit-learn nor labels.

    Parameters
    ----------
    members : tuple of Teller
        Each tells the same classes, in the same order.
    weights : tuple of float
        One for each member, above 0.

    Raises
    ------
    ValueError
        The members tell different classes, or there is not one weight above 0 for each.

    References
    ----------
    C. Genest and J. V. Zidek, 1986, "Combining Probability Distributions: A Critique and an
    Annotated Bibliography", Statistical Science 1(1), doi:10.1214/ss/1177013825 (logarithmic
    pools).
    """

    members: tuple[Teller, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.members) or not all(w > 0 for w in self.weights):
            raise ValueError(
                f"weights: expected {len(self.members)} numbers above 0, got {self.weights!r:.80}"
            )
        if len({member.classes for member in self.members}) != 1:
            raise ValueError(
                "members: expected models of the same classes, got "
                f"{[list(member.classes) for member in self.members]!r:.200}"
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the columns of probabilities."""
        return self.members[0].classes

    def predict_proba(self, passages: Sequence[Passage]) -> Floats:
        """Probabilities, shape (n_passages, n_classes)."""
        return self._pooled([member.predict_proba(passages) for member in self.members])

    def predict_without(self, passage: Passage, spans: Sequence[Span]) -> Floats:
        """Probabilities of a passage when some of its words are hidden, each member in its way.

        Returns
        -------
        ndarray of float64, shape (2 + n_spans, n_classes)
            As ``stance.encoders.tasks.StanceTask.predict_without``.
        """
        return self._pooled([probabilities_without(one, passage, spans) for one in self.members])

    def _pooled(self, told: Sequence[Floats]) -> Floats:
        logs = sum(
            weight * np.log(np.maximum(proba, _LEAST))
            for weight, proba in zip(self.weights, told, strict=True)
        )
        shares = np.exp(logs - np.max(logs, axis=1, keepdims=True))
        pooled: Floats = shares / shares.sum(axis=1, keepdims=True)
        return pooled
