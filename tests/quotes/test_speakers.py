"""Who speaks in an interview: one answer for the voices of paragraphs and for quotations."""

from __future__ import annotations

import time

import pytest

from stance.article import Article, Part
from stance.labels import AUTHOR
from stance.quotes.cast import cast_of
from stance.quotes.dialogue import turns_in
from stance.quotes.quotation import quotations_of, quoting_of
from stance.quotes.speakers import Speaker, speakers_in
from stance.quotes.voices import turns_told, voices_of

INTRO = "The head of the Tarn water board, Mirela Tofan, met us on Monday."
QUESTIONS = [
    "Your critics say that the tariff was drawn up in a hurry. Was it?",
    "The Orthodox Church has called it a tax on the poor.",
    "Will the price rise again?",
]
ANSWERS = [
    "No. The meters came first, and nobody was in a hurry.",
    "The Orthodox Church blessed the new pumps, and the bishop drank the first glass.",
    "The price will rise when the pipes burst.",
]


def interview(asker, guest, *, intro=INTRO):
    """An introduction, then questions and answers, each behind its label."""
    asked = [f"{asker}: {text}" for text in QUESTIONS]
    told = [f"{guest}: {text}" if guest else text for text in ANSWERS]
    return [intro, *(text for pair in zip(asked, told, strict=True) for text in pair)]


def article_of(texts, byline):
    page, parts = "", []
    for kind, reason, text in [("furniture", "byline", byline)] + [
        ("paragraph", None, text) for text in texts
    ]:
        parts.append(Part(kind, len(page), len(page) + len(text) + 1, text, reason))
        page += text + "\n"
    return Article("a", page, tuple(parts))


SHAPES = [
    ("Q", "A", "", "interviewer"),
    ("Question", "Answer", "", "interviewer"),
    ("Kestrel", "Tofan", "", "Kestrel"),
    ("KESTREL", "TOFAN", "", "KESTREL"),
    ("Tarn Post", "Mirela Tofan", "", "Tarn Post"),
    ("JR", "MT", "By Jonas Reed", "Jonas Reed"),
    ("KR", "MT", "", "KR"),
    ("Jonas Reed", "Mirela Tofan", "By Jonas Reed", "Jonas Reed"),
    ("Reed", "Tofan", "Jonas Reed, water reporter", "Jonas Reed"),
    ("Host", "Tofan", "", "Host"),
    ("Kestrel", "", "", "Kestrel"),
]


@pytest.mark.parametrize(("asker", "guest", "byline", "name"), SHAPES)
def test_answers_are_the_guests_and_questions_the_authors(asker, guest, byline, name):
    article = article_of(interview(asker, guest), byline)
    quoting = quoting_of(article, types=["report"] + ["report", "quote"] * 3)
    assert [voice.name for voice in quoting.voices] == [AUTHOR] + [AUTHOR, "Mirela Tofan"] * 3
    turns = [one.voice for one in quoting.quotations if "dialogue" in one.flags]
    assert turns == [name, "Mirela Tofan"] * 3


@pytest.mark.parametrize(("asker", "guest", "byline", "name"), SHAPES)
def test_turns_tell_what_is_a_quote(asker, guest, byline, name):
    texts = interview(asker, guest)
    told = turns_told(texts, bylines=[byline] if byline else [])
    assert told == {1: False, 2: True, 3: False, 4: True, 5: False, 6: True}


def test_a_question_typed_quote_stays_the_authors_unless_it_gives_the_words_of_others():
    texts = interview("Kestrel", "Tofan")
    texts[3] = "Kestrel: The port ministry said that prices fell by a third last year. True?"
    voices = voices_of(texts, ["report"] + ["quote"] * 6)
    assert [voice.name for voice in voices[1:]] == [
        AUTHOR, "Mirela Tofan", "The port ministry", "Mirela Tofan", AUTHOR, "Mirela Tofan",
    ]  # fmt: skip
    assert turns_told(texts) == {1: False, 2: True, 4: True, 5: False, 6: True}


def test_critics_in_a_question_are_its_source_without_the_label():
    quotations = quotations_of(interview("Jonas Reed", "Mirela Tofan"))
    nested = [one for one in quotations if one.inside is not None]
    assert [piece.text for piece in nested[0].source] == ["Your critics"]
    assert (nested[0].voice, nested[0].inside) == ("Your critics", 0)


def test_a_first_person_in_a_turn_is_no_quotation_within_it():
    texts = interview("Q", "A")
    texts[2] = "A: I think that the pumps will hold."
    inner = [one for one in quotations_of(texts) if one.inside is not None]
    assert all(piece.text != "I" for one in inner for piece in one.source)


def test_what_leads_up_to_an_interview_is_no_answer():
    texts = interview("Kestrel", "")
    found = quotations_of(texts, types=["quote"] + ["report", "quote"] * 3)
    assert 0 not in {one.content[0].part for one in found}


def test_interviewer_named_in_the_text():
    texts = [*interview("Jonas Reed", "Mirela Tofan"), "The questions were put by Jonas Reed."]
    assert turns_told(texts)[1] is False


def test_people_who_talk_are_sources_all_of_them():
    intro = "Mirela Tofan and the baker Nils Hale met the press in Tarn."
    texts = [
        intro,
        "TOFAN: Who closed the valve?",
        "HALE: You did.",
        "TOFAN: Why not?",
        "HALE: No.",
    ]
    assert turns_told(texts) == {1: True, 2: True, 3: True, 4: True}
    voices = voices_of(texts, ["report"] + ["quote"] * 4)
    assert [voice.name for voice in voices[1:]] == ["Mirela Tofan", "Nils Hale"] * 2


@pytest.mark.parametrize(
    "texts",
    [
        ["Berg: 547.", "Hale: 46.", "Ola Berg leads Nils Hale.", "Berg: 2,316.", "Hale: 1,547."],
        ["Gauge: 6.4 metres.", "It rained.", "Gauge: 6.6 metres.", "It went on.", "Gauge: 6.1."],
        ["GRAPHIC: Prices - ex.am/1", "It rained.", "GRAPHIC: Rates - ex.am/2", "GRAPHIC: Rain."],
        ["Rain fell.", "Monday: Sun.", "Tuesday: Rain.", "Monday: Fog."],
    ],
)
def test_lists_are_no_interviews(texts):
    assert turns_told(texts) == {}
    assert all("dialogue" not in one.flags for one in quotations_of(texts))


def test_a_role_is_not_the_outlet():
    texts = ["Nils Hale, a baker, was heard.", "Judge: Why?", "Hale: It burnt.", "Judge: When?",
             "Hale: At six.", "Judge: And then?"]  # fmt: skip
    turns = turns_in(texts)
    found = speakers_in(texts, turns, headline="", cast=cast_of(texts))
    assert set(found.values()) == {Speaker("Nils Hale", is_sure=False)}


def test_nobody_known_answers():
    assert [voice.name for voice in voices_of(["Q: Why?", "A: So.", "Q: And?", "A: No."],
                                              ["report", "quote"] * 2)] == [
        AUTHOR, "interviewee", AUTHOR, "interviewee",
    ]  # fmt: skip


def test_many_labels_cost_no_time():
    texts = [f"Name{chr(97 + i % 26)}{i}: Why would I be here?" for i in range(3000)] * 2
    begin = time.perf_counter()
    turns_told(texts)
    assert time.perf_counter() - begin < 5  # a fraction of a second where nothing else runs
