"""Noun phrases around a cue."""

from __future__ import annotations

import pytest

from stance.quotes.phrases import phrase_starting
from stance.quotes.sources import source_after, source_before, subject
from stance.quotes.tokens import tokens_of


def before(text, cue):
    tokens = tokens_of(text)
    at = [token.text for token in tokens].index(cue)
    span = source_before(tokens, at)
    return span and text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("Ola Berg said so.", "said", "Ola Berg"),
        ("On Monday Ola Berg said so.", "said", "Ola Berg"),
        ("The captain, Ola Berg, said so.", "said", "Ola Berg"),
        ("Ola Berg, the captain, said so.", "said", "Ola Berg"),
        ("Ola Berg, 44, who left early, also said so.", "said", "Ola Berg"),
        ("In his turn Ola Berg, the cook of the ship, said so.", "said", "Ola Berg"),
        ("A pilot at the Tarn Yard, Dr. Ola Berg, said so.", "said", "Dr. Ola Berg"),
        ("Ola bin Hasan al-Berg never said so.", "said", "Ola bin Hasan al-Berg"),
        ("In a note to the port its new head, Ola Berg, said so.", "said", "Ola Berg"),
        ("In May a survey commissioned by the port found it.", "found", None),
        ("Two pilots with knowledge of the plan said so.", "said", None),
        ("Two men who have seen the papers said so.", "said", None),
        ("Four shepherds close to the herd said so.", "said", None),
        ("The Rope-Makers' Guild of Lund said so.", "said", "The Rope-Makers' Guild of Lund"),
        ("The mayor left, but then she said so.", "said", "she"),
        ("The port, which owns the quay, said so.", "said", "The port"),
    ],
)
def test_before(text, cue, source):
    if source is None:  # everything up to the cue, what leads up to it left out
        source = text[: text.index(f" {cue}")].removeprefix("In May ")
    assert before(text, cue) == source


@pytest.mark.parametrize("text", ["Quickly said.", "said", "And then said so.", ", said"])
def test_before_finds_nobody(text):
    assert before(text, "said") is None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("said Ola Berg on Monday.", "Ola Berg"),
        ("said the mayor.", "the mayor"),
        ("said she.", "she"),
        ("said the cook, Ola Berg.", "Ola Berg"),
        ("says a pilot who calls himself Old Nils, and who", "a pilot who calls himself Old Nils"),
        ("wrote a reader in Tarn Lane.", "a reader in Tarn Lane"),
        ("said a guest at the wedding on Tuesday.", "a guest at the wedding"),
        ("says the guild's yearly report on page four.", "the guild's yearly report"),
    ],
)
def test_after(text, source):
    span = source_after(tokens_of(text), 0)
    assert text[span.start : span.end] == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "But a note by the brokers Hale & Lunt puts it at nine.",
            "a note by the brokers Hale & Lunt",
        ),
        ("On Friday, the Tarn party called for calm.", "the Tarn party"),
        ("Sheep farmers in the two vales put it well.", "Sheep farmers in the two vales"),
        ("She left.", "She"),
    ],
)
def test_subject(text, source):
    span = subject(tokens_of(text))
    assert text[span.start : span.end] == source


def test_phrases_need_a_noun():
    assert phrase_starting(tokens_of("quickly and well"), 0) is None


def test_deep_nesting_comes_to_an_end():
    text = "plan of " * 5000 + "said so, " + "in May, " * 5000 + "saying so."
    tokens = tokens_of(text)
    assert source_before(tokens, 10_000) is None
    assert subject(tokens_of("in May, " * 5000)) is None
