"""Inflections of cue verbs, and their classes."""

from __future__ import annotations

import pytest

from stance.quotes.cues import VERBS, base_forms, cue_classes, cue_pattern, inflections, strong_cues


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("claim", "claim claims claimed claiming"),
        ("deny", "deny denies denied denying"),
        ("argue", "argue argues argued arguing"),
        ("confess", "confess confesses confessed confessing"),
        ("say", "say says said saying"),
        ("tell", "tell tells told telling"),
        ("admit", "admit admits admitted admitting"),
        ("submit", "submit submits submitted submitting"),
        ("write", "write writes wrote written writing"),
        ("forecast", "forecast forecasts forecast forecasting"),
    ],
)
def test_inflections(lemma, forms):
    assert inflections(lemma) == forms.split()


def test_every_form_has_a_class_of_the_table():
    assert set(cue_classes().values()) <= set(VERBS)
    assert cue_classes()["insists"] == "claim"
    assert cue_classes()["warned"] == "urge"


def test_strong_and_base_forms_are_cues():
    assert strong_cues() <= set(cue_classes())
    assert base_forms() <= set(cue_classes())
    assert "said" in strong_cues()
    assert "found" not in strong_cues()


def test_pattern_matches_whole_words():
    assert cue_pattern().findall("She SAID the saying was no hearsay.") == ["SAID", "saying"]
