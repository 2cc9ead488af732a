"""The span baseline: marks, the nearest name, the nearest verb."""

from __future__ import annotations

import pytest

from stance.classifiers.baselines_spans import NearestSpans
from stance.classifiers.textacy_spans import TextacySpans


def words(text: str) -> list[tuple[str, str, str]]:
    return [
        tuple(" … ".join(text[a:b] for a, b in role) for role in (one.content, one.cue, one.source))
        for one in NearestSpans().find([text])[0]
    ]  # type: ignore[return-value]


def test_the_nearest_name_and_verb_are_taken_on_either_side() -> None:
    text = 'Ola Berg was late. "It held all night," said Ida Lund, and left.'
    assert words(text) == [('"It held all night,"', "said", "Ida Lund")]
    text = "Ola Berg told us: “It held all night” long before Ida Lund came and said no."
    assert words(text) == [("“It held all night”", "told", "Ola Berg")]


def test_names_and_verbs_inside_the_marks_do_not_count() -> None:
    assert words("“Berg said it held,” said nobody.") == [("“Berg said it held,”", "said", "")]


def test_short_quotations_and_indirect_speech_are_not_found() -> None:
    assert words("He saw “The Tempest” and said that it rained.") == []
    assert len(NearestSpans(min_words=1).find(["He saw “The Tempest”."])[0]) == 1


def test_a_mark_that_never_closes_runs_to_the_end() -> None:
    assert words("Berg says “it was a long night")[0][0] == "“it was a long night"


def test_every_paragraph_has_an_answer() -> None:
    assert NearestSpans().find(["", "“It held all night,” Berg said."])[0] == ()
    assert NearestSpans().find([]) == []


def test_textacy_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.classifiers.textacy_spans.find_spec", lambda name: None)
    assert TextacySpans.lacking() == "the package textacy is not installed"
    with pytest.raises(RuntimeError, match="not installed: pip install textacy"):
        TextacySpans().find(["“It held,” Berg said."])
    monkeypatch.setattr(
        "stance.classifiers.textacy_spans.find_spec",
        lambda name: name if name == "textacy" else None,
    )
    assert TextacySpans.lacking().startswith("no spaCy pipeline is installed, none of en_core")


@pytest.mark.skipif(bool(TextacySpans.lacking()), reason=TextacySpans.lacking())
@pytest.mark.filterwarnings("ignore")
def test_textacy_finds_a_direct_quotation() -> None:
    text = "“It held,” said the mayor, Ola Berg."
    found, none = TextacySpans().find([text, "“Odd marks, he said."])
    ((one,), none_found) = found, none
    assert [text[a:b] for a, b in (*one.content, *one.cue, *one.source)] == [
        "“It held,”",
        "said",
        "mayor",
    ]
    assert none_found == ()
