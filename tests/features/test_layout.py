from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.features.layout import NAMES, layout_features
from stance.passage import Passage


def named(passage: Passage) -> dict[str, float]:
    return dict(zip(NAMES, layout_features([passage])[0].tolist(), strict=True))


def test_place_in_the_article() -> None:
    rows = [named(Passage("It rained.", index=i, n_paragraphs=5)) for i in range(5)]
    assert [row["place first"] for row in rows] == [1, 0, 0, 0, 0]
    assert [row["place last"] for row in rows] == [0, 0, 0, 0, 1]
    assert [row["place relative"] for row in rows] == [0, 0.25, 0.5, 0.75, 1]
    assert [row["place from start"] for row in rows] == pytest.approx(
        [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    )
    assert [row["place from end"] for row in rows] == pytest.approx([1 / 5, 1 / 4, 1 / 3, 1 / 2, 1])


def test_a_passage_alone_is_neither_first_nor_last() -> None:
    row = named(Passage("It rained."))
    assert (row["place first"], row["place last"], row["place relative"]) == (0, 0, 0)


def test_lengths_by_hand() -> None:
    row = named(Passage("It rained. Nobody came!", previous="a b c", following="a b"))
    assert row["length words"] == pytest.approx(log(5) / 5)
    assert row["length sentences"] == pytest.approx(log(3) / 2)
    assert row["length previous"] == pytest.approx(log(3) / 5)
    assert row["length following"] == pytest.approx(log(2) / 5)
    assert row["length short"] == 1
    assert named(Passage("one two three " * 4))["length short"] == 0


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("“Go,” she said.", {"quoted"}),
        ("«Go», she said.", {"quoted"}),
        ("and so it went.", {"lower"}),
        ("(A correction was made.)", {"bracketed", "page"}),
        ("Rain and wind", {"unended"}),
        ("Weather: rain and wind.", {"labelled"}),
        ("Will it rain?", {"question"}),
        ("“Will it rain?”", {"question", "quoted"}),
        ("Write to desk@example.org today, and the desk will answer.", {"page"}),
        ("It rained.", set()),
        ("", {"unended"}),
    ],
)
def test_looks(text: str, looks: set[str]) -> None:
    row = named(Passage(text))
    shapes = ("quoted", "lower", "bracketed", "unended", "labelled", "question", "page")
    assert {shape for shape in shapes if row[f"looks {shape}"]} == looks


def test_overlap_counts_the_longer_words_of_the_other() -> None:
    row = named(
        Passage("The ferry sank off the pier.", headline="Ferry sank in gale", previous="The ferry")
    )
    # ferry, sank, gale: two of three; "in" and "the" are too short to count.
    assert row["headline overlap"] == pytest.approx(2 / 3)
    assert row["previous overlap"] == 1
    assert named(Passage("The ferry", headline="The"))["headline overlap"] == 0


def test_what_pages_carry_around_looks_like_furniture() -> None:
    assert named(Passage("Read also: Storm closes port"))["looks furniture"] == 1
    assert (
        named(Passage("The port closed on Monday, the harbour office said."))["looks furniture"]
        == 0
    )


@given(st.text(), st.text(), st.integers(0, 50), st.integers(0, 50))
def test_any_passage_gives_finite_numbers(text: str, other: str, index: int, n: int) -> None:
    passage = Passage(text, headline=other, previous=other, index=index, n_paragraphs=n)
    row = layout_features([passage])[0]
    assert row.shape == (len(NAMES),) and row.dtype == np.float32
    assert np.isfinite(row).all() and (row >= 0).all()
