"""Several trained models asked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.article import Span
from stance.classifiers.pooled import PooledTeller
from stance.classifiers.stance_explanation import explain
from stance.passage import Passage

SIDES = ("against", "favor", "neutral")


@dataclass(frozen=True)
class Words:
    """In favor the more often a text has a word; as sure as ``strength`` says."""

    word: str
    strength: float = 1.0
    classes: tuple[str, ...] = SIDES

    def predict_proba(self, passages: Sequence[Passage]) -> NDArray[np.float64]:
        n = np.array([passage.text.split().count(self.word) for passage in passages], float)
        odds = np.exp(np.stack([0 * n, self.strength * n, 0 * n], axis=1))
        shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares


@dataclass(frozen=True)
class Sure:
    """Of one class altogether."""

    at: int
    classes: tuple[str, ...] = SIDES

    def predict_proba(self, passages: Sequence[Passage]) -> NDArray[np.float64]:
        return np.eye(3)[np.full(len(passages), self.at)]


PASSAGES = [Passage("good fine"), Passage("fine fine"), Passage("nothing")]


def test_odds_are_multiplied() -> None:
    one, other = Words("good"), Words("fine", 2.0)
    proba = PooledTeller((one, other), (1.0, 0.5)).predict_proba(PASSAGES)
    told = one.predict_proba(PASSAGES) * other.predict_proba(PASSAGES) ** 0.5
    assert proba == pytest.approx(told / told.sum(axis=1, keepdims=True))
    assert proba[2] == pytest.approx([1 / 3] * 3)


def test_one_that_is_sure_is_outvoted_by_two() -> None:
    pool = PooledTeller((Sure(0), Sure(1), Sure(1)), (1.0, 1.0, 1.0))
    proba = pool.predict_proba(PASSAGES)
    assert np.isfinite(proba).all() and (proba.argmax(axis=1) == 1).all()
    assert proba.sum(axis=1) == pytest.approx(np.ones(3))


def test_of_one_member_nothing_changes() -> None:
    alone = Words("fine")
    pool = PooledTeller((alone,), (1.0,))
    assert pool.classes == SIDES
    assert pool.predict_proba(PASSAGES) == pytest.approx(alone.predict_proba(PASSAGES))
    assert pool.predict_proba([]).shape == (0, 3)


def test_every_member_has_its_reasons() -> None:
    pool = PooledTeller((Words("good"), Words("fine")), (1.0, 0.5))
    passage = Passage("good but fine", target="Lund", mentions=(Span(5, 8),))
    found = explain(pool, passage)
    assert found.label == "favor"
    weights = {reason.name: reason.weight for reason in found.reasons}
    assert weights["good"] == pytest.approx(1.0) and weights["fine"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("members", "weights", "message"),
    [
        ((Sure(0), Sure(1)), (1.0,), "expected 2 numbers above 0"),
        ((Sure(0), Sure(1)), (1.0, 0.0), "expected 2 numbers above 0"),
        ((Sure(0), Sure(1, ("a", "b", "c"))), (1.0, 1.0), "models of the same classes"),
    ],
)
def test_mistakes(members: tuple[Sure, ...], weights: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PooledTeller(members, weights)
