"""Stance maps: words counted by voice, outlet and month, sides and directions by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from stance.map import grouped_map, stance_map


@dataclass(frozen=True)
class Side:
    target: str
    stance: str
    probabilities: dict[str, float] | None = None


@dataclass(frozen=True)
class Part:
    index: int
    text: str
    voice: str | None
    stances: tuple[Side, ...] = ()
    kind: str = "paragraph"


@dataclass(frozen=True)
class Labelled:
    id: str
    parts: tuple[Part, ...] = field(default=())


TOLL, MAYOR = "the toll", "the mayor"
ARTICLE = Labelled(
    "a",
    (
        Part(0, "A headline of five words", None, kind="headline"),
        Part(1, "one two three", "Ida Lund", (Side(TOLL, "against"),)),
        Part(2, "one two three four five six", "author", (Side(TOLL, "neutral"),)),
        Part(3, "one", "Ida Lund", (Side(TOLL, "favor"), Side(MAYOR, "favor"))),
        Part(4, "one two", "Bo Ek"),
        Part(5, "one two three four five six seven", "Ann Berg", (Side(MAYOR, "not_addressed"),)),
    ),
)


def test_words_of_each_voice_by_side() -> None:
    found = stance_map(ARTICLE)
    assert found.kind == "voice"
    assert dict(found.rows) == {"author": 6, "Ann Berg": 7, "Ida Lund": 4, "Bo Ek": 2}
    assert list(found.rows) == ["author", "Ann Berg", "Ida Lund", "Bo Ek"]
    assert found.targets == (TOLL, MAYOR)
    cell = found.cell("Ida Lund", TOLL)
    assert cell is not None
    assert (cell.n_words, cell.stance) == (4, "against")
    assert cell.shares == {"favor": 0.25, "against": 0.75, "neutral": 0.0}
    assert cell.direction == pytest.approx((1 - 3) / 4)
    assert cell.parts == (("a", 1), ("a", 3))
    assert [(c.row, c.target) for c in found.cells] == [
        ("author", TOLL),
        ("Ida Lund", TOLL),
        ("Ida Lund", MAYOR),
    ]


def test_a_row_without_a_side_has_no_cell() -> None:
    found = stance_map(ARTICLE)
    assert found.cell("Bo Ek", TOLL) is None
    assert found.cell("Ann Berg", MAYOR) is None  # no label of ours


def test_direction_knows_how_sure_the_labels_are() -> None:
    side = Side(TOLL, "against", {"favor": 0.1, "against": 0.6, "neutral": 0.3})
    cell = stance_map(Labelled("a", (Part(0, "one", "Ida", (side,)),))).cells[0]
    assert cell.direction == pytest.approx(-0.5)
    assert cell.shares == side.probabilities


def test_unsure_paragraphs_tell_more_together_than_their_labels() -> None:
    sure = Side(TOLL, "against", {"favor": 0.1, "against": 0.8, "neutral": 0.1})
    unsure = Side(TOLL, "favor", {"favor": 0.4, "against": 0.3, "neutral": 0.3})
    parts = (Part(0, "one", "Ida", (sure,)), Part(1, "one", "Ida", (unsure,)))
    assert stance_map(Labelled("a", parts)).cells[0].stance == "against"


def test_equal_shares_are_neutral() -> None:
    parts = (
        Part(0, "one", "Ida", (Side(TOLL, "favor"),)),
        Part(1, "one", "Ida", (Side(TOLL, "against"),)),
    )
    assert stance_map(Labelled("a", parts)).cells[0].stance == "neutral"


def test_same_voice_in_several_articles_is_one_row() -> None:
    other = Labelled("b", (Part(0, "one two", "Ida Lund", (Side(TOLL, "against"),)),))
    cell = stance_map([ARTICLE, other]).cell("Ida Lund", TOLL)
    assert cell is not None
    assert cell.n_words == 6
    assert cell.parts == (("a", 1), ("a", 3), ("b", 0))


def test_outlets_and_months() -> None:
    other = Labelled("b", (Part(0, "one two", "Ida Lund", (Side(TOLL, "favor"),)),))
    outlets = grouped_map([ARTICLE, other], ["Post", "Herald"], kind="outlet")
    assert dict(outlets.rows) == {"Post": 19, "Herald": 2}
    months = grouped_map([ARTICLE, other], ["2021-03", "2020-12"], kind="period")
    assert list(months.rows) == ["2020-12", "2021-03"]
    assert dict(grouped_map([ARTICLE, other], [None, "Herald"], kind="outlet").rows) == {
        "Herald": 2
    }


def test_values_for_json() -> None:
    values = stance_map(ARTICLE).to_dict()
    assert values["rows"][0] == {"name": "author", "n_words": 6}
    assert values["cells"][1] == {
        "row": "Ida Lund",
        "target": TOLL,
        "n_words": 4,
        "stance": "against",
        "direction": -0.5,
        "shares": {"favor": 0.25, "against": 0.75, "neutral": 0.0},
        "parts": [["a", 1], ["a", 3]],
    }


def test_nothing_to_map() -> None:
    found = stance_map(Labelled("a", (Part(0, "one", "author"),)))
    assert found.cells == () and found.targets == ()
