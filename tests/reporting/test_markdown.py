from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reporting.markdown import Markdown, escaped, fenced, markdown_table
from stance.reporting.table import Column, Entry, Row, Table


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a | b", "a \\| b"),
        ("# one\n- two", "\\# one - two"),
        ("- one", "\\- one"),
        ("12. March", "12\\. March"),
        ("<img onerror=x>", "&lt;img onerror=x&gt;"),
        ("&lt;", "&amp;lt;"),
        ("`x` *y* _z_ ~~w~~", "\\`x\\` \\*y\\* \\_z\\_ \\~\\~w\\~\\~"),
        (3, "3"),
    ],
)
def test_marks_are_shown_as_they_stand(text: object, safe: str) -> None:
    assert escaped(text) == safe


def test_markdown_is_not_escaped_twice() -> None:
    assert escaped(Markdown("**a**")) == "**a**"


@given(st.text())
def test_nothing_opens_a_tag_a_link_or_a_cell(text: str) -> None:
    safe = escaped(text)
    assert not set("<>\n\r") & set(safe)
    for mark in "|[]`*":
        assert safe.count(mark) == safe.count("\\" + mark)


@given(st.text(alphabet="`a\n"))
def test_code_cannot_close_its_fence(text: str) -> None:
    first, *body, last = fenced(text).split("\n")
    assert first == last
    assert all(last not in line for line in body)


def test_table_in_pipes() -> None:
    table = Table(
        "Two rows.",
        (Column("Model"), Column("F1", is_number=True)),
        (
            Row((Entry("a|b", "model"), Entry("0.5", "0.4–0.6")), is_headline=True),
            Row((Entry("c"), Entry("–"))),
        ),
    )
    assert markdown_table(table).split("\n") == [
        "| Model | F1 |",
        "| :--- | ---: |",
        "| **a\\|b** (model) | 0.5 (0.4–0.6) |",
        "| c | – |",
        "",
        "Two rows.",
    ]
