"""What surrounds a token: marks, sentences, and what lies between it and another."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.features.token_context import (
    MAX_REACH,
    N_BETWEEN,
    N_DISTANCES,
    N_STATES,
    TokenContext,
    heads_between,
)
from stance.features.token_stream import TokenStream


def read(*paragraphs: str) -> tuple[TokenStream, TokenContext]:
    stream = TokenStream.of(paragraphs)
    return stream, TokenContext.of(stream)


def quoted(*paragraphs: str) -> list[str]:
    stream, context = read(*paragraphs)
    return [stream.text(i) for i in np.flatnonzero(context.states & 1)]


def test_tokens_inside_marks() -> None:
    assert quoted("“No,” she said.") == ["“", "No", ",", "”"]
    assert quoted('He said: "No." We left.') == ['"', "No", ".", '"']
    assert quoted("''No,'' it's said") == ["''", "No", ",", "''"]


def test_a_clitic_is_no_mark() -> None:
    assert quoted("It’s the towns’ own, they’re told.") == []


def test_a_quotation_runs_over_paragraphs() -> None:
    first, second = "“We went.", "And so on,” she said."
    assert quoted(first, second) == ["“", "We", "went", ".", "And", "so", "on", ",", "”"]
    assert quoted("No marks.", "None here.") == []


def test_sentences_end_before_capitals_and_not_after_initials() -> None:
    stream, context = read("Gen. J. Berg of the U.S. left. He said no. It is 3 p.m. now.")
    ends = np.flatnonzero(np.diff(context.counts[1], prepend=0))
    assert [stream.text(i - 1) for i in ends] == ["left", "no", "now"]


def test_pairs_are_the_paragraph_after_a_place_for_nowhere() -> None:
    stream, context = read("One two.", "She said so.")
    tokens, bounds = context.pairs(stream, np.array([6]))
    assert stream.text(6) == "said"
    assert tokens.tolist() == [6, 5, 6, 7, 8] and bounds.tolist() == [0, 5]


def test_pairs_reach_so_far() -> None:
    stream, context = read("word " * 1000)
    tokens, bounds = context.pairs(stream, np.array([500]))
    assert tokens[1:].tolist() == list(range(500 - MAX_REACH, 500 + MAX_REACH + 1))
    assert bounds.tolist() == [0, 2 * MAX_REACH + 2]


def test_tails_run_to_the_paragraph_s_end() -> None:
    stream, context = read("One two.", "She said so.")
    tokens, bounds = context.tails(stream, np.array([2, 7]))
    assert [stream.text(i) for i in tokens] == ["two", ".", "so", "."]
    assert bounds.tolist() == [0, 2, 4]


def test_what_lies_between_tells_commas_sentences_and_marks_apart() -> None:
    stream, context = read("He said a, b. C “d” e f")
    said = np.full(10, 2)
    assert stream.text(2) == "said"
    tokens = np.arange(3, 13)
    _, between = context.between(said, tokens)
    texts = [stream.text(i) for i in tokens]
    code = dict(zip(texts, between.tolist(), strict=True))
    assert code["a"] == code[","] and code["e"] == code["f"]
    assert len({code[t] for t in ("a", "b", "C", "d", "e")}) == 5


def test_distances_grow_coarser() -> None:
    _, context = read("word " * 400)
    steps = np.array([0, 1, -1, 10, 11, 12, 150, 151, -151])
    distance, _ = context.between(np.full(9, 160), 160 - steps)
    assert len(set(distance[:5].tolist())) == 5
    assert distance[4] == distance[5] and distance[6] == distance[7] != distance[8]
    assert distance.min() > 0 and distance.max() < N_DISTANCES


@given(st.lists(st.booleans(), min_size=2, max_size=12), st.data())
def test_heads_between_counts_strictly_between(flags: list[bool], data: st.DataObject) -> None:
    place = st.integers(0, len(flags) - 1)
    left, right = data.draw(place), data.draw(place)
    low, high = min(left, right), max(left, right)
    expected = min(sum(flags[low + 1 : high]), 2) + 3 * (right >= left)
    found = heads_between(np.array(flags), np.array([left]), np.array([right]))
    assert found.tolist() == [expected]


@given(st.lists(st.text("aB.,“”\"'’ !?\u2014", max_size=30), max_size=4))
def test_any_text_has_a_context(paragraphs: list[str]) -> None:
    stream, context = read(*paragraphs)
    assert context.states.min() >= 0 and context.states.max() < N_STATES
    for i in range(len(paragraphs)):
        first, last = stream.borders[i] + 1, stream.borders[i + 1]
        assert (context.paragraph[first:last] == i).all()
    anchors = np.flatnonzero(np.diff(stream.borders) > 1)
    if len(anchors):
        at = stream.borders[anchors] + 1
        tokens, bounds = context.pairs(stream, at)
        owners = np.repeat(at, np.diff(bounds))
        distance, between = context.between(owners, tokens)
        assert distance.min() >= 0 and distance.max() < N_DISTANCES
        assert between.min() >= 0 and between.max() < N_BETWEEN
