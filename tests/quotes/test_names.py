"""Names: titles, casts, kinds of source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.quotes.cast import cast_of, people_in
from stance.quotes.names import last_name, same_voice, without_titles
from stance.quotes.roles import can_speak, source_kind


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Dr. Ola Berg", "Ola Berg"),
        ("Deputy Energy Minister Ola Berg", "Ola Berg"),
        ("Sheikh Ola of Tarn", "Ola of Tarn"),
        ("Ola Berg", "Ola Berg"),
        ("Captain", "Captain"),
    ],
)
def test_titles_come_off(name, bare):
    assert without_titles(name) == bare


def test_last_name_leaves_the_article_out():
    assert last_name("Ola al-Berg") == last_name("Berg") == "berg"


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("The Tarn Board", "the Tarn Board", True),
        ("a diver", "A diver", True),
        ("General Ola Berg", "Ola Berg", True),
        ("Nils’ guild", "Nils' guild", True),
        ("Ola Berg", "Nils Berg", False),
    ],
)
def test_same_voice(first, second, is_same):
    assert same_voice(first, second) is is_same


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("the paper", "outlet"),
        ("her paper of May", "document"),
        ("the Tarn Post", "outlet"),
        ("a poll", "document"),
        ("three divers", "people"),
        ("the Ministry of Rope", "body"),
        ("the diver", "person"),
    ],
)
def test_kinds(words, kind):
    assert source_kind(words) == kind


def test_what_can_speak():
    assert can_speak("two divers") and can_speak("the skipper") and can_speak("the board")
    assert not can_speak("nobody") and not can_speak("the weather") and not can_speak("")


def test_cast_knows_people_by_last_name_and_role():
    cast = cast_of(["Ola Berg, the skipper of the Tarn Rose, waited.", "Berg had lost her hat."])
    person = cast.person("Berg")
    assert person.name == "Ola Berg"
    assert "skipper" in person.roles
    assert [p.name for _, p in people_in("It was Berg who waited.", cast)] == ["Ola Berg"]


def test_bodies_by_first_word_last_word_and_initials():
    cast = cast_of(["The Rope and Tar Directorate met the Union of Bakers. Hale Water paid."])
    assert cast.body("the Directorate") == "Rope and Tar Directorate"
    assert cast.body("the union") == "Union of Bakers"
    assert cast.body("Hale") == "Hale Water"


def test_outlets_are_recognised():
    cast = cast_of(["Argus, the daily of the north, is late.", "The newspaper Skald came first."])
    assert cast.outlets == {"Argus", "Skald"}


@given(st.lists(st.text()))
def test_any_text_has_a_cast(texts):
    cast = cast_of(texts)
    for text in texts:
        for at, person in people_in(text, cast):
            assert 0 <= at < len(text)
            assert person.name
