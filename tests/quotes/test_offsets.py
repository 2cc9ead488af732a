"""Offsets into a text as it reads against those into the page it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.quotes.offsets import offsets_into, raw_span
from stance.reading.cleaning import clean


@pytest.mark.parametrize(
    ("raw", "offsets"),
    [
        ("abc", [0, 1, 2]),
        ("\n abc\n", [2, 3, 4]),
        ("a \t\n b", [0, 1, 5]),
        ("a\u00adb\u200b c", [0, 2, 4, 5]),
        ("", []),
    ],
)
def test_by_hand(raw: str, offsets: list[int]) -> None:
    assert list(offsets_into(raw, clean(raw))) == offsets


def test_spans_take_in_what_reading_left_out() -> None:
    raw = "It  gro\u00adaned."
    assert raw_span(offsets_into(raw, clean(raw)), Span(3, 10)) == Span(4, 12)
    assert raw_span(offsets_into(raw, clean(raw)), Span(3, 3)) == Span(4, 4)
    assert raw_span([], Span(0, 0)) == Span(0, 0)


def test_text_that_did_not_come_from_there() -> None:
    assert list(offsets_into("ab", "axb")) == [0, 2, 2]


RAW = st.text(st.sampled_from("ab ,\u00ad\u200b\n\t\r\x1c\x85\xa0\u2028\ufeff\x00é")) | st.text()


@given(RAW)
def test_every_character_is_found(raw: str) -> None:
    text = clean(raw)
    offsets = offsets_into(raw, text)
    assert len(offsets) == len(text)
    if not text:
        return
    for char, at, following in zip(text, offsets, [*offsets[1:], len(raw)], strict=True):
        assert at < following or (at < len(raw) and following == len(raw))
        assert raw[at] == char or (char == " " and raw[at].isspace())
    start, end = raw_span(offsets, Span(0, len(text)))
    assert clean(raw[start:end]) == text
