"""Headline, standfirst, paragraphs and furniture, as a reader would tell them apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.reading import PageError, read_text
from stance.reading.cleaning import clean

LEAD = (
    "The harbour office closed the port on Monday after waves had broken two of its cranes and "
    "carried a third away, the harbour master said."
)
MORE = (
    "Ferries stayed where they were, and the crews of two freighters in the roads were brought "
    "ashore by a pilot boat before night fell."
)


def parts(*lines: str) -> list[tuple[str, str | None]]:
    return [(part.kind, part.reason) for part in read_text("\n\n".join(lines))]


def reasons(*lines: str) -> list[str | None]:
    return [reason for _, reason in parts(*lines)]


def test_a_plain_page_is_headline_and_paragraphs() -> None:
    assert parts("Storm closes port", LEAD, MORE) == [
        ("headline", None),
        ("paragraph", None),
        ("paragraph", None),
    ]


@pytest.mark.parametrize("between", ["By Ada Lowick", "Ada Lowick", "8 May, 16:40", "4 min read"])
def test_a_standfirst_is_set_apart_by_the_line_after_it(between: str) -> None:
    dek = "The town waits for its ferries and counts its cranes."
    article = read_text("\n\n".join(("Storm closes port", dek, between, LEAD, MORE)))
    assert article.standfirst == dek
    assert len(article.paragraphs) == 2


def test_a_first_paragraph_is_no_standfirst() -> None:
    assert read_text("\n\n".join(("Storm closes port", LEAD, MORE))).standfirst == ""


@pytest.mark.parametrize(
    "note",
    [
        "(Adds comment from the harbour master in paragraph three)",
        "This page was closed at noon and has been put into order.",
        "Editor's note: the names of two sailors were changed.",
    ],
)
def test_a_note_below_the_headline_is_a_paragraph(note: str) -> None:
    assert parts("Storm closes port", note, "8 May, 16:40", LEAD)[1] == ("paragraph", None)


def test_the_repeated_line_is_the_headline() -> None:
    found = parts("Gazette of the coast", "Storm closes port", "STORM CLOSES PORT", LEAD)
    assert found[0] == ("furniture", "logo")
    assert found[1] == ("headline", None)
    assert found[2] == ("furniture", "repeated headline")


def test_place_tells_what_words_do_not() -> None:
    found = reasons(
        "The Gazette", "Storm closes port", "Ada Lowick", LEAD, "What happens next", MORE, "***",
        LEAD, "“brought ashore by a pilot boat”", MORE,
        "Ada Lowick writes on ships and keeps a boat of her own.", "storm, port, cranes",
    )  # fmt: skip
    assert found == [
        "logo", None, "byline", None, "sub-heading", None, "ornament",
        None, "pull quote", None, "author box", "keywords",
    ]  # fmt: skip


def test_columns_of_words_are_a_menu() -> None:
    assert reasons("Storm closes port", LEAD, "Harbour  Town  Tides", MORE)[2] == "menu"


@pytest.mark.parametrize(
    "line",
    [
        "Gazette Wire, with a contribution from Ada Lowick",
        "“You will hear that the room was chaos",
        "He declined to comment.",
    ],
)
def test_a_short_paragraph_stays_one(line: str) -> None:
    assert parts("Storm closes port", LEAD, line, MORE)[2] == ("paragraph", None)


def test_a_page_without_headline_is_read() -> None:
    assert parts(LEAD, MORE) == [("paragraph", None)] * 2


@settings(max_examples=300)
@given(
    st.text()
    | st.lists(
        st.text(max_size=30) | st.sampled_from(["Storm", LEAD, "By Ada Lowick", "“so”", "<p>a"])
    ).map("\n".join)
)
def test_the_parts_cover_the_page_exactly(page: str) -> None:
    try:
        article = read_text(page)
    except PageError:
        return
    assert article.parts[0].start == 0
    assert article.parts[-1].end == len(article.text)
    assert all(a.end == b.start for a, b in pairwise(article.parts))
    for part in article.parts:
        assert part.text and part.text == clean(article.text[part.start : part.end])
        assert (part.kind == "furniture") == (part.reason is not None)
