from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.features import opinion
from stance.features.inflection import adjective_forms, plural, verb_forms
from stance.features.opinion_hits import RELATIONS, hits_of, polarity, relations_of
from stance.features.opinion_words import opinion_phrases, opinion_words, shifters
from stance.passage import Passage


def relation(text: str) -> dict[str, str]:
    """Relation of each opinion word of a text to Lund."""
    one = Passage(text, target="Lund")
    return {
        text[at:end]: relations_of(one, hit)[0].name
        for hit in hits_of(one)
        for at, end in [_place(one, hit.at, hit.end)]
    }


def _place(passage: Passage, first: int, last: int) -> tuple[int, int]:
    from stance.features.frame import frame_of

    frame = frame_of(passage)
    return frame.starts[first], frame.ends[last - 1]


def value(text: str, name: str) -> float:
    row = opinion.features([Passage(text, target="Lund")])[0]
    return float(row[opinion.NAMES.index(name)])


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("The council praised Lund.", "praised", "patient"),
        ("Lund praised the council.", "praised", "agent"),
        ("Lund has never praised the council.", "praised", "agent"),
        ("Lund was praised by the council.", "praised", "patient"),
        ("The council was praised by Lund.", "praised", "agent"),
        ("Aske criticised the stubborn Lund.", "stubborn", "holder"),
        ("Lund is stubborn.", "stubborn", "holder"),
        ("Lund’s courage saved them.", "courage", "holder"),
        ("There was criticism of Lund.", "criticism", "about"),
        ("There was criticism by Lund.", "criticism", "agent"),
        ("Lund left. The failure stayed.", "failure", "elsewhere"),
        ("Lund left, and Aske praised the pier.", "praised", "later"),
        ("Aske praised the pier when Lund left.", "praised", "earlier"),
    ],
)
def test_who_does_what_to_whom(text: str, word: str, name: str) -> None:
    assert relation(text)[word] == name
    assert name in RELATIONS


def test_praise_is_good_for_whom_it_is_said_of_only() -> None:
    assert value("The council praised Lund.", "opinion good patient") == 2
    assert value("Lund praised the council.", "opinion good agent") == 0


def test_negation_turns_and_weakens() -> None:
    assert value("The council never praised Lund.", "opinion bad patient") == pytest.approx(1.4)
    assert value("Lund is not corrupt.", "opinion good holder") == pytest.approx(2.1)


def test_degree_counts() -> None:
    assert value("Lund is very brave.", "opinion good holder") == 3
    assert value("Lund is somewhat brave.", "opinion good holder") == 1


def test_ending_what_is_bad_is_good() -> None:
    assert value("Lund ended the crisis.", "opinion good agent") == 2
    assert value("Lund caused the crisis.", "opinion bad agent") == 2


def test_without_a_target_words_stand_elsewhere() -> None:
    row = opinion.features([Passage("The council praised the pier.")])[0]
    assert row[opinion.NAMES.index("opinion good elsewhere")] == 2


def test_polarity_by_hand() -> None:
    one = Passage("Lund betrayed Aske.", target="Lund")
    (hit,) = hits_of(one)
    assert polarity(hit, "agent") == -3 and polarity(hit, "patient") == -1


def test_a_verb_and_a_noun_of_one_form_are_told_apart() -> None:
    kinds = {
        text: hits_of(Passage(text, target="Lund"))[0].word.kind
        for text in ("They support Lund.", "The support was broad.")
    }
    assert list(kinds.values()) == ["v", "n"]


def test_phrases_come_before_their_words() -> None:
    (hit,) = hits_of(Passage("Lund came under fire.", target="Lund"))
    assert hit.word.kind == "p" and hit.end - hit.at == 3


def test_lists_are_whole() -> None:
    words = opinion_words()
    assert len(words) > 8000
    assert words["praised"][0].object == 2 and words["racist"][-1].object == -3
    assert all(form == form.lower() and form for form in words)
    assert all(-3 <= word.subject <= 3 for group in words.values() for word in group)
    assert all(len(parts) >= 2 for group in opinion_phrases().values() for parts, _ in group[:1])
    assert shifters()["not"] == ("negator",)


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("ban", ["ban", "bans", "banned", "banning"]),
        ("deny", ["deny", "denies", "denied", "denying"]),
        ("free", ["free", "frees", "freed", "freeing"]),
        ("lie", ["lie", "lies", "lied", "lying"]),
        ("beat", ["beat", "beats", "beaten", "beating"]),
        ("develop", ["develop", "develops", "developed", "developing"]),
        ("admit", ["admit", "admits", "admitted", "admitting"]),
    ],
)
def test_verbs_are_inflected(lemma: str, forms: list[str]) -> None:
    assert verb_forms(lemma) == forms


def test_nouns_and_adjectives_are_inflected() -> None:
    assert [plural(word) for word in ("hero", "loss", "bully", "gunman")] == [
        "heroes",
        "losses",
        "bullies",
        "gunmen",
    ]
    assert adjective_forms("noble")[1] == "nobly" and adjective_forms("heroic")[1] == "heroically"


@given(
    st.text(alphabet=st.sampled_from("Lund praised not crisis ended ,.“”'s by the\n"), max_size=60)
)
def test_any_text_gives_finite_numbers(text: str) -> None:
    row = opinion.features([Passage(text, target="Lund")])[0]
    assert row.shape == (len(opinion.NAMES),) and np.isfinite(row).all()


def test_unknown_names_of_the_module_are_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'NAME'"):
        _ = opinion.NAME  # type: ignore[attr-defined]
