"""From scores to spans: the best stretches, which to keep, and a content in two pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.classifiers.quotation_decoding import (
    NOWHERE,
    apart,
    attributed,
    best_rows,
    best_spans,
    log_shares,
    rivals,
)
from stance.features.token_stream import TokenStream


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(2, 7), min_size=1, max_size=4))
def test_best_spans_are_those_of_a_search_through_all(seed: int, counts: list[int]) -> None:
    bounds = np.cumsum([0, *counts])
    logits = np.random.default_rng(seed).standard_normal((int(bounds[-1]), 4)).astype(np.float32)
    tokens = np.arange(len(logits)) + 100
    found = best_spans(logits, tokens, bounds)
    for i, (low, high) in enumerate(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)):
        for role in range(2):
            first, last = logits[:, 2 * role], logits[:, 2 * role + 1]
            every = [(a, b) for a in range(low + 1, high) for b in range(a, high)]
            best = max(every, key=lambda pair: first[pair[0]] + last[pair[1]])
            if role == 0 and first[low] + last[low] > first[best[0]] + last[best[1]]:
                assert found[0, i].tolist() == [NOWHERE, NOWHERE]
            else:
                assert found[role, i].tolist() == [tokens[best[0]], tokens[best[1]]]


def test_best_rows_and_their_shares() -> None:
    logits = np.log(np.array([1, 3, 5, 2, 2], np.float32))
    bounds = np.array([0, 2, 3, 5])
    assert best_rows(logits, bounds).tolist() == [1, 2, 3]
    assert np.exp(log_shares(logits, bounds)) == pytest.approx([0.25, 0.75, 1, 0.5, 0.5])


def test_rivals_hold_contents_and_cues() -> None:
    contents = np.array([[5, 20], [8, 12], [30, 40]])
    anchors = np.array([3, 7, 29])
    around, over = rivals(contents, anchors, np.array([0.9, 0.5, 0.7], np.float32))
    assert around == pytest.approx([0, 0.9, 0]) and over == pytest.approx([0, 0.9, 0])


def test_rivals_of_a_long_page_are_found_in_blocks() -> None:
    n = 600
    contents = np.stack([np.arange(n) * 10, np.arange(n) * 10 + 5], axis=1)
    around, over = rivals(contents, contents[:, 0], np.full(n, 0.5, np.float32))
    assert not around.any() and not over.any()


def test_apart_keeps_the_likelier() -> None:
    contents = np.array([[0, 9], [2, 4], [6, 8], [10, 12]])
    assert apart(contents, np.array([0.5, 0.6, 0.7, 0.1], np.float32)) == [1, 2, 3]
    assert apart(contents, np.array([0.9, 0.6, 0.7, 0.1], np.float32)) == [0, 3]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6), st.floats(0, 1)), max_size=12))
def test_what_is_kept_is_apart_and_what_is_not_met_a_likelier(
    rows: list[tuple[int, int, float]],
) -> None:
    contents = np.array([(start, start + n) for start, n, _ in rows], np.int64).reshape(-1, 2)
    proba = np.array([p for *_, p in rows], np.float32)
    kept = apart(contents, proba)

    def meet(i: int, j: int) -> bool:
        low, high = np.maximum(contents[i], contents[j])[0], np.minimum(contents[i], contents[j])[1]
        return bool(low <= high)

    assert not any(meet(i, j) for i in kept for j in kept if i != j)
    for i in set(range(len(rows))) - set(kept):
        assert any(meet(i, j) and proba[j] >= proba[i] for j in kept)


def spans(text: str, *roles: tuple[str, str] | None) -> list[list[int]]:
    """First and last tokens by their text, the first such token each."""
    stream = TokenStream.of([text])
    words = [stream.text(i) for i in range(len(stream))]
    return [
        [NOWHERE, NOWHERE] if role is None else [words.index(word) for word in role]
        for role in roles
    ]


@pytest.mark.parametrize(
    ("text", "content", "source", "cue", "expected"),
    [
        ("It held, she said.", ("It", "held"), ("she",) * 2, ("said",) * 2, ["It held"]),
        (
            "“It held,” Berg said, “or did.”",
            ("“", "”"),
            ("Berg",) * 2,
            ("said",) * 2,
            ["“It held,”"],
        ),
        (
            "Prices, Berg said, will fall",
            ("Prices", "fall"),
            ("Berg",) * 2,
            ("said",) * 2,
            ["Prices", "will fall"],
        ),
        (
            "The plan was called absurd by Berg",
            ("The", "absurd"),
            ("Berg",) * 2,
            ("was", "called"),
            ["The plan", "absurd"],
        ),
        ("He was told to go", ("to", "go"), None, ("told",) * 2, ["to go"]),
    ],
)
def test_pieces_of_a_content(
    text: str,
    content: tuple[str, str],
    source: tuple[str, str] | None,
    cue: tuple[str, str],
    expected: list[str],
) -> None:
    row = np.array([spans(text, content, source, cue)])
    proba = np.array([0.5], np.float32)
    (found,) = attributed(TokenStream.of([text]), row, proba, np.array([0]))[0]
    assert [text[a:b] for a, b in found.content] == expected
    assert [text[a:b] for a, b in found.source] == ([] if source is None else [source[0]])
    assert found.probability == 0.5 and isinstance(found.cue[0], Span)
