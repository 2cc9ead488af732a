"""Quotation marks of every style, whole and broken."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.quotes.marks import ends_open, quoted_spans

MARKS = "“”„‟«»\"'‘’`,＂「」『』 .!aB\n"


def quoted(text, **settings):
    return [text[q.start : q.end] for q in quoted_spans(text, **settings)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We sail at six,” she said.", "“We sail at six,”"),
        ('"We sail at six," she said.', '"We sail at six,"'),
        ("''We sail at six,'' she said.", "''We sail at six,''"),
        ("``We sail at six,'' she said.", "``We sail at six,''"),
        ("«We sail at six», she said.", "«We sail at six»"),
        ("« We sail at six », she said.", "« We sail at six »"),
        ("»We sail at six«, she said.", "»We sail at six«"),
        ("„We sail at six“, she said.", "„We sail at six“"),
        ("„We sail at six”, she said.", "„We sail at six”"),
        ("”We sail at six,” she said.", "”We sail at six,”"),
        ("「We sail at six」 she said.", "「We sail at six」"),
        ("‘We sail at six,’ she said.", "‘We sail at six,’"),
        ("'We sail at six,' she said.", "'We sail at six,'"),
    ],
)
def test_every_style(text, expected):
    assert quoted(text) == [expected]
    assert not ends_open(text)


@pytest.mark.parametrize(
    "text",
    ["The bakers' oven isn't lit.", "The ’98 flood took Ola’s boat.", "It's the rowers' hut."],
)
def test_apostrophes_quote_nothing(text):
    assert quoted(text) == []


def test_single_marks_hold_apostrophes():
    assert quoted("‘We don’t sail,’ she said.") == ["‘We don’t sail,’"]


def test_several_in_a_row():
    assert quoted("“No,” he said. “Not yet.”") == ["“No,”", "“Not yet.”"]


def test_unclosed_ends_at_the_next_opening():
    spans = quoted_spans("“We left. “We came back.”")
    assert [span.is_closed for span in spans] == [False, True]


def test_unclosed_runs_to_the_end():
    text = "She said: “We left in the dark"
    (span,) = quoted_spans(text)
    assert (span.end, span.is_closed) == (len(text), False)
    assert ends_open(text)


def test_closing_mark_that_leans_right_opens():
    assert quoted("“We left. ”They stayed behind.”") == ["“We left.", "”They stayed behind.”"]


def test_unopened_reaches_back_to_its_sentence():
    (span,) = quoted_spans("The rain fell. We left early.” Then they slept.")
    assert (span.start, span.is_opened) == (15, False)


def test_open_paragraph_goes_on_from_its_start():
    assert quoted("The rain fell. We left.” So they did.", is_open=True) == [
        "The rain fell. We left.”"
    ]


def test_quotation_over_three_paragraphs():
    texts = ["“First we rowed.", "“Then we swam.", "“Then we walked.”"]
    assert [ends_open(text) for text in texts] == [True, True, False]


@given(st.text() | st.text(MARKS), st.booleans())
def test_spans_are_ordered_and_in_range(text, is_open):
    reach = 0
    for span in quoted_spans(text, is_open=is_open):
        assert reach <= span.start <= span.end <= len(text)
        reach = span.end


@pytest.mark.parametrize("unit", ["“We left, ", '"', "' a", "he left.” ", "„a“ ", "''"])
def test_time_is_linear(unit):
    begin = time.perf_counter()
    quoted_spans(unit * (100_000 // len(unit)))
    assert time.perf_counter() - begin < 3  # half a second on a slow day; quadratic took minutes
