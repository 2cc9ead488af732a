"""Scores of voices, by hand."""

from __future__ import annotations

import pytest

from stance.evaluation.voices import (
    VOICE_METRICS,
    Named,
    kind_of_source,
    mistake_of,
    voice_counts,
    voice_scores,
)


def test_scores_by_hand() -> None:
    true = [
        Named("Ola Berg"),
        Named("the council", ("the Argus",)),
        Named("author"),
        Named("Ida Lund", ("the Argus",)),
    ]
    given = [
        Named("Dr. Ola Berg"),  # a title does not matter
        Named("The Council"),  # right, but not through whom
        Named("Ida Lund"),
        Named("author", ("The Argus",)),
    ]
    types = ["quote", "quote", "report", "quote"]
    counts = voice_counts(true, given, types=types, groups=["a", "b", "b", "b"])
    assert counts.shape == (2, 5, 2)
    by_name = {k: float(v[0]) for k, v in voice_scores(counts.sum(axis=0)[None]).items()}
    assert by_name == pytest.approx(
        {
            "voice_accuracy": 2 / 3,
            "all_accuracy": 2 / 4,
            "chain_accuracy": 1 / 3,
            "via_accuracy": 1 / 2,
            "source_precision": 2 / 3,
        }
    )
    assert list(by_name) == list(VOICE_METRICS)


def test_lists_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match=r"expected as many entries each, got \[1, 0, 1, 1\]"):
        voice_counts([Named("a")], [], types=["quote"], groups=["a"])


@pytest.mark.parametrize(
    ("voice", "text", "kind"),
    [
        ("Ola Berg", "Mr Berg’s words", "named here"),
        ("Ola Berg", "“No,” he said.", "named, a pronoun here"),
        ("Ola Berg", "“No.”", "named, not mentioned here"),
        ("the harbour master", "", "role"),
        ("Berg’s assistant", "", "role"),
        ("two dockers", "", "unnamed"),
        ("dockers", "", "unnamed"),
        ("an unnamed driver", "", "unnamed"),
        ("the Tarn Valley Council", "", "organisation"),
        ("a study by the council", "", "document"),
    ],
)
def test_kinds_of_sources(voice: str, text: str, kind: str) -> None:
    assert kind_of_source(voice, text) == kind


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("Ola Berg", "right"),
        ("author", "author"),
        ("Berg", "part of the name"),
        ("Ida Lund", "another source"),
        ("Monday", "nobody quoted"),
    ],
)
def test_kinds_of_mistakes(given: str, kind: str) -> None:
    voices = ["Ola Berg", "Ida Lund"]
    assert mistake_of(Named("Ola Berg"), Named(given), voices=voices) == kind
