"""Sentences of monstrous paragraphs: the same as of small ones, in time that grows with length."""

from __future__ import annotations

from time import process_time

from stance.quotes.sentences import sentences


def test_a_long_text_is_cut_where_a_short_one_would_be() -> None:
    one = "The dam held, he said. "
    text = one * 3_000
    assert sentences(text, []) == [
        (i * len(one), min(len(text), (i + 1) * len(one))) for i in range(3_000)
    ]


def test_a_sentence_longer_than_a_window_is_one() -> None:
    text = "ice " * 10_000 + "is gone. They left."
    assert sentences(text, []) == [(0, len(text) - 10), (len(text) - 10, len(text))]


def test_marks_that_never_close_take_no_time_as_their_square() -> None:
    text = "said “" * 50_000  # over 2.5 s where looked at at once
    began = process_time()
    assert sentences(text, []) == [(0, len(text))]
    assert process_time() - began < 2
