"""Types of turns: what labels tell for sure comes before what a model finds likely."""

from __future__ import annotations

import numpy as np
import pytest

from stance.quotes.turn_types import told_in, types_told
from stance.quotes.voices import turns_told

CLASSES = ("quote", "report", "analysis")


def test_turns_come_before_probabilities() -> None:
    proba = np.array([[0.6, 0.1, 0.3], [0.1, 0.8, 0.1], [0.2, 0.5, 0.3], [0.9, 0.1, 0.0]])
    assert types_told(proba, CLASSES, {}).tolist() == [0, 1, 1, 0]
    assert types_told(proba, CLASSES, {0: False, 1: True, 2: False}).tolist() == [2, 0, 1, 0]


def test_turns_decide_nothing_where_no_class_or_no_other_is_a_quote() -> None:
    assert types_told(np.array([[0.4, 0.6]]), ("speech", "other"), {0: True}).tolist() == [1]
    assert types_told(np.array([[1.0]]), ("quote",), {0: False}).tolist() == [0]


@pytest.mark.parametrize(
    "labels",
    [
        *(("Q:", "A:"), ("Q.", "A."), (" Q .", "\tA (laughs)."), ("QUESTION.", "Answer.")),
        *(("Reporter.", "Mirela Tofan:"), ("Kestrel:", "Tofan (shrugs):"), ("Q", "A")),
    ],
)
def test_the_gate_lets_every_dialogue_through(labels: tuple[str, str]) -> None:
    said = ["Why now, Mirela Tofan?", "I was tired.", "And then?", "I slept.", "Well?", "I woke."]
    texts = [f"{labels[i % 2]} {text}" for i, text in enumerate(said)]
    assert told_in(texts) == turns_told(texts)
    assert bool(told_in(texts)) == (labels != ("Q", "A"))
