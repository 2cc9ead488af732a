"""Tokens of an article: where they lie in the text, and what their hashes tell apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.features.token_stream import BOUNDARY, TokenStream, folded


def words(text: str) -> list[str]:
    stream = TokenStream.of([text])
    return [stream.text(i) for i in range(1, len(stream) - 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The port shut.", ["The", "port", "shut", "."]),
        ("“No,” she said", ["“", "No", ",", "”", "she", "said"]),
        ("the co-op's U.S. arm", ["the", "co-op", "'s", "U.S", ".", "arm"]),
        ("don’t pay 1,200, or 3.5%", ["don", "’t", "pay", "1,200", ",", "or", "3.5", "%"]),
        ("''Go'' -- now...", ["''", "Go", "''", "--", "now", "..."]),
        ("towns' fees", ["towns", "'", "fees"]),
        ("", []),
        (" \t\u00a0", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_paragraphs_lie_between_borders() -> None:
    paragraphs = ["One.", "", f"Two{BOUNDARY}three."]
    stream = TokenStream.of(paragraphs)
    assert stream.borders.tolist() == [0, 3, 4, 8]  # a stray boundary is a blank
    assert [stream.text(i) for i in range(5, 8)] == ["Two", "three", "."]
    assert stream.offsets().tolist() == [1, 6, 7]


def test_no_paragraphs() -> None:
    stream = TokenStream.of([])
    assert len(stream.borders) == 1 and len(stream.offsets()) == 0


@given(st.lists(st.text(max_size=40), max_size=4))
def test_tokens_cover_everything_but_blanks(paragraphs: list[str]) -> None:
    stream = TokenStream.of(paragraphs)
    assert len(stream.borders) == len(paragraphs) + 1
    assert (stream.starts[1:] >= stream.stops[:-1]).all() and (stream.stops > stream.starts).all()
    for i, text in enumerate(paragraphs):
        first, last = int(stream.borders[i]) + 1, int(stream.borders[i + 1])
        offset = int(stream.offsets()[i])
        pieces = [
            text[a - offset : b - offset]
            for a, b in zip(
                stream.starts[first:last].tolist(), stream.stops[first:last].tolist(), strict=True
            )
        ]
        kept = text.replace(BOUNDARY, " ")
        assert "".join(pieces) == "".join(kept.split())


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_equal_words_have_equal_hashes(one: str, other: str) -> None:
    stream = TokenStream.of([f"{one} x {other}", f"{other} y {one}"])
    by_text: dict[str, int] = {}
    for i, key in enumerate(stream.hashes().tolist()):
        assert key != 0
        assert by_text.setdefault(stream.text(i), key) == key


def test_marks_are_made_alike_and_case_is_kept() -> None:
    stream = TokenStream.of(['“Port” "port" PORT it’s it\'s'])
    keys = dict(zip([stream.text(i) for i in range(len(stream))], stream.hashes(), strict=True))
    assert keys["“"] == keys['"'] and keys["’s"] == keys["'s"]
    assert len({int(keys[word]) for word in ("Port", "port", "PORT")}) == 3


def test_folding_keeps_places() -> None:
    codes = np.array([ord(c) for c in "AÉİ“𝐀Z"], np.uint32)
    assert folded(codes).tolist() == [ord(c) for c in 'aéİ"𝐀z']  # "İ" has two lower-case codes
    assert folded(codes, case=True).tolist() == [ord(c) for c in 'AÉİ"𝐀Z']
