"""Classes of cues, and whether they are denied, asked, or yet to come."""

from __future__ import annotations

import pytest

from stance.quotes.cues import FURTHER_VERBS, NOMINAL, VERBS, further_classes, nominal_classes
from stance.quotes.manner import cue_class, manner


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("said", "say"),
        ("has repeatedly DENIED", "deny"),
        ("did not say", "say"),
        ("According to", "according"),
        ("quoted as saying", "say"),
        ("a warning from", "urge"),
        ("scoffed", "deny"),
        ("snapping", "say"),
        (":", "label"),
        ("waved", None),
        ("", None),
    ],
)
def test_class_of_the_words_that_attribute(words: str, name: str | None) -> None:
    assert cue_class(words) == name


def test_further_cues_are_of_the_known_classes() -> None:
    assert set(FURTHER_VERBS) <= set(VERBS) and set(NOMINAL) <= set(VERBS)
    assert set(further_classes().values()) == set(FURTHER_VERBS)
    assert nominal_classes()["queries"] == "ask"


@pytest.mark.parametrize(
    ("lead", "cue", "sentence", "flags"),
    [
        ("did not", "say", "He did not say so.", ("negated",)),
        ("didn’t", "say", "He didn’t say so.", ("negated",)),
        ("not only", "said", "He not only said so.", ()),
        ("", "refused to say", "He refused to say so.", ("negated",)),
        ("may not", "say", "He may not say so.", ("negated", "hypothetical")),
        ("He’ll", "say", "He’ll say so.", ("hypothetical",)),
        ("Has", "said", "Has he said so?", ("question",)),
        ("", "said", "He said: is it so?", ()),
    ],
)
def test_manner(lead: str, cue: str, sentence: str, flags: tuple[str, ...]) -> None:
    assert manner(lead, cue, sentence) == flags
