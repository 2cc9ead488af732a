"""Sides toward targets: which paragraphs are asked, with whose voice, and where the words stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from stance.analysis import label_article
from stance.passage import Passage, chained
from stance.reading import read_text
from stance.sides import N_AUTO, chosen_targets, sides_of
from stance.targets import Target, TargetError


class Blamer:
    """Says against where a text blames; remembers what it was asked."""

    classes = ("against", "favor", "neutral")

    def __init__(self) -> None:
        self.asked: list[Passage] = []

    def predict_proba(self, passages: Sequence[Passage]) -> Any:
        self.asked += passages
        blames = np.array(["blame" in passage.text for passage in passages])
        return np.where(blames[:, None], [[0.7, 0.1, 0.2]], [[0.1, 0.3, 0.6]])


PAGE = (
    "Harbour board closes pier\n\n"
    "The Harbour Board closed the pier on Monday.\n\n"
    "“We blame the  Harbour Board,” said fisher Ida Lund. “It slept.”\n\n"
    "Rain fell all week on the coast, and nobody went out."
)
BOARD = Target("Harbour Board")


def test_only_paragraphs_that_mention_the_target_have_a_side() -> None:
    texts = ["Ida Lund blames the Harbour Board.", "It rained.", "Ida Lund went home."]
    model: Any = Blamer()
    found = sides_of(list(chained(texts)), [BOARD, Target("Ida Lund")], model)
    assert [[(s.target, s.stance) for s in row] for row in found] == [
        [("Harbour Board", "against"), ("Ida Lund", "against")],
        [],
        [("Ida Lund", "neutral")],
    ]
    assert [p.target for p in model.asked] == ["Harbour Board", "Ida Lund", "Ida Lund"]
    assert all(p.text[m.start : m.end] == p.target for p in model.asked for m in p.mentions)


def test_an_article_s_sides_stand_on_its_page() -> None:
    model: Any = Blamer()
    article = label_article(read_text(PAGE), targets=["Harbour Board"], stance_model=model)
    by_index = {part.index: part for part in article.parts}
    (side,) = by_index[2].stances
    assert (side.stance, side.probability) == ("against", 0.7)
    assert side.probabilities == {"against": 0.7, "favor": 0.1, "neutral": 0.2}
    assert side.mention is not None and side.mention.part == 2
    assert article.text[side.mention.start : side.mention.end] == "Harbour Board"
    (word,) = side.words
    assert article.text[word.start : word.end] == "blame"
    assert {p.voice for p in model.asked if "blame" in p.text} == {"Ida Lund"}
    assert by_index[1].stances[0].stance == "neutral" and by_index[3].stances == ()


def test_words_can_be_left_out() -> None:
    model: Any = Blamer()
    article = label_article(read_text(PAGE), targets=[BOARD], stance_model=model, with_words=False)
    assert all(side.words == () for part in article.parts for side in part.stances)
    assert len(model.asked) == 2


def test_targets_of_every_kind() -> None:
    article = read_text(PAGE)
    assert chosen_targets((), article) == ()
    assert chosen_targets(["Board=Harbour Board", BOARD], article) == (
        Target("Board", ("Harbour Board",)),
        BOARD,
    )
    auto = chosen_targets("auto", article)
    assert 0 < len(auto) <= N_AUTO and any("Harbour Board" in one.names for one in auto)


def test_wrong_targets_are_told() -> None:
    article = read_text(PAGE)
    with pytest.raises(TypeError, match="expected a list of targets or 'auto', got 'Russia'"):
        chosen_targets("Russia", article)  # type: ignore[arg-type]
    with pytest.raises(TargetError):
        chosen_targets([""], article)
