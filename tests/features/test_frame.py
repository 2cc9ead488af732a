from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.features.frame import TARGET, VOICE, content_words, find_name, frame_of, mentions_of
from stance.passage import Passage


def test_mentions_become_one_token_each() -> None:
    text = "Mr. Ida Lund’s critics say Lund lied."
    frame = frame_of(Passage(text, target="Ida Lund", mentions=(Span(0, 12), Span(27, 31))))
    assert frame.words == (TARGET, "'s", "critics", "say", TARGET, "lied", ".")
    assert frame.targets == (0, 4)
    assert text[frame.starts[0] : frame.ends[0]] == "Mr. Ida Lund"


def test_a_mention_inside_a_word_takes_the_word() -> None:
    frame = frame_of(Passage("Republicans won.", target="Republican", mentions=(Span(0, 10),)))
    assert frame.words == (TARGET, "won", ".")


def test_voice_is_found_and_never_covers_the_target() -> None:
    frame = frame_of(Passage("Per Aske met Ida Lund.", target="Ida Lund", voice="Per Aske"))
    assert frame.words == (VOICE, "met", TARGET, ".") and frame.voices == (0,)
    frame = frame_of(Passage("Lund left.", target="Lund", voice="Lund"))
    assert frame.voices == () and frame.targets == (0,)


def test_the_author_is_nobody_in_the_text() -> None:
    frame = frame_of(Passage("The author left Lund.", target="Lund", voice="author"))
    assert frame.voices == ()


def test_sentences_and_clauses_are_counted() -> None:
    frame = frame_of(Passage("Dr. Lund came, but Aske left. “It rained.” Fine."))
    at = {word: i for i, word in enumerate(frame.words)}
    assert frame.sentences[at["left"]] == 0 and frame.sentences[at["rained"]] == 1
    assert frame.sentences[at["fine"]] == 2
    assert frame.clauses[at["came"]] < frame.clauses[at["left"]] < frame.clauses[at["rained"]]
    assert frame.is_quoted[at["rained"]] and not frame.is_quoted[at["fine"]]


def test_around_stops_at_the_sentence() -> None:
    frame = frame_of(Passage("It rained. We like Lund a lot. It stopped.", target="Lund"))
    low, high = frame.around(frame.targets[0], 10)
    assert frame.words[low:high] == ("we", "like", TARGET, "a", "lot", ".")
    low, high = frame.around(frame.targets[0], 1)
    assert frame.words[low:high] == ("like", TARGET, "a")


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Ida Lund", "IDA  LUND and Lund", [Span(0, 9)]),
        ("Ida Lund", "Lund left", [Span(0, 4)]),
        ("ferry tax", "a tax", []),
        ("Lund", "Lundby", []),
        ("U.S.", "the U.S. army", [Span(4, 7)]),
        (None, "text", []),
        ("…", "text…", []),
    ],
)
def test_names_are_found_as_whole_words(name: str | None, text: str, found: list[Span]) -> None:
    assert find_name(name, text) == found


def test_given_mentions_beyond_the_text_are_left_out() -> None:
    assert mentions_of(Passage("Hi", target="x", mentions=(Span(0, 2), Span(5, 9)))) == [Span(0, 2)]


def test_content_words_leave_small_words_out() -> None:
    assert content_words("The Mayor of the City’s park") == ["mayor", "city", "park"]
    assert content_words(None) == []


@given(st.text(max_size=80), st.text(max_size=12), st.text(max_size=12))
def test_any_text_has_a_frame(text: str, target: str, voice: str) -> None:
    frame = frame_of(Passage(text, target=target, voice=voice))
    n = len(frame.words)
    assert n == len(frame.starts) == len(frame.clauses) == len(frame.is_quoted)
    assert all(a < b for a, b in zip(frame.starts, frame.ends, strict=True))
    assert list(frame.sentences) == sorted(frame.sentences)
    assert all(frame.words[i] == TARGET for i in frame.targets)
