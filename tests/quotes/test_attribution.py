"""Attributions of one paragraph, and how much of it they cover."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.quotes.attribution import speech_of
from stance.quotes.cues import VERBS

CLASSES = {*VERBS, "according", "label"}
WORDS = st.sampled_from(
    "said told the mayor Ola Berg , . : “ ” ' \" in of by who she according to her view that"
    " writes citing it — ( ) \x01 report reports Al-Hisn ..".split(" ")
)


def sources(text):
    return [text[a.source.start : a.source.end] for a in speech_of(text).attributions]


@pytest.mark.parametrize(
    ("text", "source", "cue_class"),
    [
        ("The dam will hold, the mayor said.", "the mayor", "say"),
        ("“The dam will hold,” said Ola Berg.", "Ola Berg", "say"),
        ("Ola Berg denied that the dam had moved.", "Ola Berg", "deny"),
        ("According to two divers, the dam moved.", "two divers", "according"),
        ("The dam, in her view, should go.", "her", "according"),
        ("That was folly, was the answer of the Tarn Board.", "the Tarn Board", "according"),
        ("Ola Berg: The dam was built by my mother.", "Ola Berg", "label"),
        ("She was blunter: “Nobody asked the people downstream.”", "She", "label"),
        ("“The dam has never been safer,” crows Tarn Water.", "Tarn Water", "say"),
        ("The dam, a survey by the guild found last year, leaks.", "a survey by the guild", "find"),
        ("The Argus, citing a diver, writes that it leaks.", "The Argus", "write"),
        ("“We warned them twice, Ola Berg told the board.", "Ola Berg", "say"),
        ("The dam leaked, according to figures the port released.", "the port", "according"),
    ],
)
def test_source_and_class(text, source, cue_class):
    (attribution,) = speech_of(text).attributions
    assert text[attribution.source.start : attribution.source.end] == source
    assert attribution.cue_class == cue_class


@pytest.mark.parametrize(
    "text",
    [
        "The dam was finished in May and painted green.",
        "I say that we should go, and we think so too.",  # the author
        "One might say that it holds.",
        "Everyone was told that it holds.",
        "The mayor's remarks were brief.",
        "The guild holds a licence for two boats.",
        "Correction: the dam is in Tarn, not in Lund.",
    ],
)
def test_nothing_attributed(text):
    assert sources(text) == []
    assert speech_of(text).share < 0.5


def test_inner_source_and_relay():
    (first,) = speech_of("The Argus, quoting two divers, reported that it leaks.").attributions
    assert first.inner == "two divers"
    (second,) = speech_of("A diver told the newspaper Argus that it leaks.").attributions
    assert second.relay == "the newspaper Argus"


def test_share_counts_words_once():
    # "It leaks, she said." are 4 words, all of them speech; "It rains." are 2 that are not.
    assert speech_of("It leaks, she said. It rains.").share == pytest.approx(4 / 6)
    assert speech_of("“It leaks a little bit every day,” she said.").share == pytest.approx(1)


def test_titles_and_scare_quotes_do_not_count():
    assert speech_of("The “green” dam stars in the film “Tarn at Night”.").share == 0


def test_empty():
    assert speech_of("").share == 0


@given(st.text() | st.lists(WORDS).map(" ".join), st.booleans())
def test_any_text_gives_spans_in_range(text, is_open):
    speech = speech_of(text, is_open=is_open)
    assert 0 <= speech.share <= 1
    reach = 0
    for q in speech.quoted:
        assert reach <= q.start <= q.end <= len(text)
        reach = q.end
    for a in speech.attributions:
        assert a.cue_class in CLASSES
        for start, end in (a.cue, a.source, *a.contents):
            assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "“Go,” he said. ",
        "said the mayor, ",
        "according to ",
        "in her ",
        "who said ",
        "citing Ola, ",
        "“the big Xx's ",
        "A: ",
        "Ola Berg ",
        "he left.” ",
        "it, she told ",
        "plan of ",
    ],
)
def test_time_is_linear(unit):
    begin = time.perf_counter()
    speech_of(unit * (100_000 // len(unit)))
    assert time.perf_counter() - begin < 5  # under half a second where nothing else runs
