"""Plain-text pages fall into the stretches that a reader sees."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reading.blocks import blocks_of
from stance.reading.cleaning import clean

WRAPPED = """\
Storm closes the old port of
the capital

The harbour office closed the port on Monday morning after waves had
broken two of its cranes and carried a third one away, the harbour
master said in a statement that was read out at noon to the crews.

The ferries stayed where they were. Nobody was hurt, and the crews of
the two freighters in the roads were brought ashore by a pilot boat
before night fell.
"""


def texts(page: str) -> list[str]:
    return [block.text for block in blocks_of(page)]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\r\r", "\u2028", "\x85"])
def test_every_line_end_ends_a_block(gap: str) -> None:
    assert texts(gap.join(["Storm", "The port closed.", "It reopened."])) == [
        "Storm",
        "The port closed.",
        "It reopened.",
    ]


def test_a_wrapped_page_gives_its_paragraphs_back() -> None:
    found = texts(WRAPPED)
    assert len(found) == 3
    assert found[0] == "Storm closes the old port of the capital"
    assert found[2].startswith("The ferries stayed") and found[2].endswith("night fell.")


def test_what_cannot_be_seen_is_taken_out_of_the_text_but_not_of_the_page() -> None:
    page = "\ufeffThe co\u00adali\u200btion\u00a0said  so.\n"
    (block,) = blocks_of(page)
    assert block.text == "The coalition said so."
    assert page[block.start : block.end] == page.rstrip("\n")


def test_an_empty_page_has_no_blocks() -> None:
    assert blocks_of(" \n\u200b\n\x0c") == []


@given(st.text())
def test_blocks_hold_every_visible_character_in_order(page: str) -> None:
    blocks = blocks_of(page)
    assert all(block.text == clean(page[block.start : block.end]) for block in blocks)
    assert all(a.end <= b.start for a, b in pairwise(blocks))
    outside, position = "", 0
    for block in blocks:
        outside, position = outside + page[position : block.start], block.end
    assert not clean(outside + page[position:])
