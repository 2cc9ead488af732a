"""Teller: what gives probabilities of classes, whatever it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stance.passage import Passage


class Teller(Protocol):
    """A trained model: ``TypeScorer``, ``StanceScorer``, or a task of ``AccurateModel``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the columns of probabilities."""

    def predict_proba(self, passages: Sequence[Passage]) -> NDArray[np.float64]:
        """Probabilities, shape (n_passages, n_classes)."""
