"""What is no person, body or document has no voice, and what was not said is not quoted."""

from __future__ import annotations

import pytest

from stance.labels import AUTHOR
from stance.quotes.listener import UNKNOWN
from stance.quotes.quotation import quotations_of
from stance.quotes.voices import voices_of

INTRO = "Ola Berg, the skipper of the Rose, met Nils Hale, a baker from Lund. It rained."


def heard(text):
    """Voices of the quotations in a paragraph, and of the paragraph, if it is typed quote."""
    quotations = [one for one in quotations_of([INTRO, text]) if one.content[0].part]
    voice = voices_of([INTRO, text], ["report", "quote"])[1].name
    return [one.voice for one in quotations], voice


@pytest.mark.parametrize(
    "text",
    [
        "The row shows how little the council knows about its port.",
        "The dispute exposed how little the ministry had planned.",
        "The move signals that the government is ready to talk.",
        "The decision suggests that the bank expects prices to fall.",
        "The trend underlines that cheap credit has ended.",
        "The figures show that exports fell by a third.",
        "His resignation shows that the party is divided.",
        "The satellite pictures show that the wall has cracked.",
        "Experience shows that dams leak.",
        "That shows how weak the dam is.",
        "Nothing suggests that the dam will hold.",
        "The views expressed here say nothing of what the board thinks.",
        "An earlier version of this article said that the dam leaks.",
        "This article was first printed in Lund and says that it was shortened.",
        "FILE PHOTO: The port of Lund is seen from the tower that the guild built.",
        "Regarding the Danish claims that the dam leaks, nobody answered.",
        "The guild rowed home in its home state of Lund.",
    ],
)
def test_events_things_and_boilerplate_say_nothing(text):
    assert heard(text)[0] == []
    assert heard(text)[1] in (AUTHOR, UNKNOWN)


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("The ministry's statement said that the dam will hold.", "The ministry's statement"),
        ("A Norpress report said that the dam will hold.", "A Norpress report"),
        ("The study found that the dam will hold.", "The study"),
        ("The study shows that the dam will hold.", "The study"),
        ("The committee suggests that the dam be drained.", "The committee"),
        ("The opposition suggests that the dam be drained.", "The opposition"),
        ("Hale suggests that the dam be drained.", "Nils Hale"),
        ("The treasury's figures show that exports fell.", "The treasury's figures"),
        ("Exports fell by a third, figures show.", "figures"),
        ("About half of voters say that the dam leaks.", "voters"),
    ],
)
def test_people_bodies_and_documents_speak(text, voice):
    assert heard(text) == ([voice], voice)


@pytest.mark.parametrize(
    "text",
    [
        "Hale did not say when the dam would open.",
        "Hale didn’t say whether the dam would open.",
        "Hale would not say how many people were hurt.",
        "Hale refused to say why the dam was closed.",
        "Hale declined to specify what the ships carried.",
        "Hale has never said who will pay for it.",
    ],
)
def test_a_question_left_open_is_no_quotation(text):
    assert heard(text)[0] == []


def test_who_only_leaves_a_question_open_has_no_paragraph():
    assert heard("Hale did not say when the dam would open.")[1] == AUTHOR
    assert heard("Hale did not say when. It leaks, the guild said.")[1] == "the guild"


def test_who_leaves_a_question_open_may_speak_next():
    texts = [INTRO, "Hale did not say when the dam would open.", "“Soon enough for us,” he said."]
    assert voices_of(texts, ["report", "quote", "quote"])[2].name == "Nils Hale"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hale, who had left early, said Thursday that the dam leaks.", "Nils Hale"),
        ("Two divers, who came late, said the unit was alight before they left.", "Two divers"),
        ("Hale answered calmly: “The dam has leaked since the day it was built.”", "Nils Hale"),
        ("“The dam leaks,” said May.", "Nora May"),
    ],
)
def test_whoever_speaks_is_not_what_is_spoken_of(text, name):
    texts = [INTRO, "Nora May, the mayor, came too.", text]
    assert voices_of(texts, ["report", "report", "quote"])[2].name == name


@pytest.mark.parametrize("word", ["that", "Wednesday", "what"])
def test_words_that_only_refer_are_no_voice(word):
    text = f"The dam, {word} said, will hold for a hundred years."
    assert word not in (heard(text)[1], *heard(text)[0])
