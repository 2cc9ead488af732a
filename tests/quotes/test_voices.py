"""The voice of every paragraph: canonical names and chains of sources."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import read_article
from stance.corpora import load
from stance.quotes.names import same_voice
from stance.quotes.voices import Voice, speech_in, voices_of

INTRO = "Ola Berg, the skipper of the Rose, lost her hat. Nils Hale, a baker, found it."


def voices(*texts, types=None, headline=""):
    return voices_of(texts, types or ["quote"] * len(texts), headline=headline)


def second(text, intro=INTRO):
    return voices(intro, text, types=["report", "quote"])[1]


def test_author_has_every_other_paragraph():
    assert voices(INTRO, "It rained.", types=["report", "analysis"]) == [Voice(), Voice()]


@pytest.mark.parametrize(
    "text",
    [
        "“It was new,” Berg said.",
        "It was new, said the skipper.",
        "“It was new,” she said.",
        "Berg is not amused. The hat, she says, was new.",
        "Berg put it bluntly: “Nobody else would have wanted that hat.”",
        "In Berg's view the hat was worth a boat.",
        "“It was new, Berg told the board. It cost a fortune.",
    ],
)
def test_a_person_under_many_names(text):
    intro = "Ola Berg, the skipper of the Rose, lost her hat."
    assert second(text, intro).name == "Ola Berg"


def test_quotation_goes_on_without_a_name():
    got = voices(INTRO, "“It was new,” said Hale.", "“It was also wet.", "“And green.”",
                 types=["report", "quote", "quote", "quote"])  # fmt: skip
    assert [voice.name for voice in got[1:]] == ["Nils Hale"] * 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Two divers who saw the wreck said that it was old.", "Two divers who saw the wreck"),
        ("It was old, according to a diver who asked to stay unnamed.", "a diver"),
        ("A survey published in May found that it was old.", "A survey"),
        ("In a poll by the guild, six in ten called it “far too old”.", "a poll by the guild"),
        ("A letter from the Tarn Guild says that it is old.", "Tarn Guild"),
        ("Hale's team found that it was old.", "Nils Hale"),
    ],
)  # fmt: skip
def test_unnamed_sources_and_documents(text, name):
    assert same_voice(second(text).name, name)


def test_bodies_get_their_full_name():
    intro = "The Rope and Tar Directorate met Hale Water, a company from Lund."
    assert second("The Directorate said that it agreed.", intro).name == "Rope and Tar Directorate"
    assert second("“We agree to all of it,” Hale said.", intro).name == "Hale Water"


@pytest.mark.parametrize(
    ("text", "name", "via"),
    [
        ("The newspaper Argus, quoting two divers, said it leaks.", "two divers", "Argus"),
        ("The Argus quotes a diver as saying that it leaks.", "a diver", "Argus"),
        ("Two divers told the newspaper Argus that it leaks.", "two divers", "Argus"),
        ("Two divers, says the Argus, regard it as old.", "two divers", "Argus"),
        ("The port, quoted by the newspaper Argus, spoke of “a mere leak”.", "the port", "Argus"),
        ("The Argus said, on the authority of two divers, that it leaks.", "two divers", "Argus"),
    ],
)  # fmt: skip
def test_chains(text, name, via):
    voice = second(text, "The newspaper Argus came out late. It rained.")
    assert same_voice(voice.name, name)
    assert [same_voice(one, via) for one in voice.via] == [True]


def test_interview_with_labels():
    got = voices(
        "Argus: Why the sea?", "Berg: Because it was there.", "Argus: And then?",
        "My mother said that it was cold.", "Argus: Was it?", "Yes.",
        types=["report", "quote"] * 3, headline="Ola Berg: the sea and I",
    )  # fmt: skip
    assert [voice.name for voice in got] == ["author", "Ola Berg"] * 3


def test_interview_without_labels():
    texts = [INTRO, "Why the sea?", "I liked it.", "And the hat?", "I lost it in my boat.", "Sad?",
             "My dog wept. I wept too."]  # fmt: skip
    got = voices(*texts, types=["report"] + ["report", "quote"] * 3, headline="Ola Berg’s hat")
    assert [voice.name for voice in got[2::2]] == ["Ola Berg"] * 3


def test_nobody_to_be_found():
    assert voices("“Out.”")[0].name == "unnamed source"


@given(st.lists(st.tuples(st.text(), st.sampled_from(["quote", "report"]))))
def test_any_article_gets_one_voice_a_paragraph(paragraphs):
    texts, types = [text for text, _ in paragraphs], [kind for _, kind in paragraphs]
    got = voices_of(texts, types, speeches=speech_in(texts))
    assert len(got) == len(texts)
    assert all(got[i] == Voice() for i, kind in enumerate(types) if kind == "report")


# What the rules reach (train 0.928, validation 0.880; shares 0.817 and 0.827 of quotes found,
# 0.023 and 0.013 of the rest taken for quotes), less two points.
@pytest.mark.parametrize(("split", "floor"), [("train", 0.908), ("validation", 0.86)])
def test_quality_floor(split, floor, tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    articles: dict[str, list[dict]] = {}
    for row in load("sample", split=split, task="type"):
        articles.setdefault(row["group"], []).append(row)
    good, found, false, n_quotes, n_others = 0, 0, 0, 0, 0
    for rows in articles.values():
        texts, types = [row["text"] for row in rows], [row["label"] for row in rows]
        speeches = speech_in(texts)
        got = voices_of(texts, types, headline=rows[0]["headline"], speeches=speeches)
        for row, speech, voice in zip(rows, speeches, got, strict=True):
            is_quote = row["label"] == "quote"
            n_quotes, n_others = n_quotes + is_quote, n_others + (not is_quote)
            good += is_quote and same_voice(row["voice"], voice.name)
            found += is_quote and speech.share > 0.5
            false += not is_quote and speech.share > 0.5
    assert good / n_quotes >= floor
    assert found / n_quotes >= 0.79
    assert false / n_others <= 0.045


def test_voices_of_a_page_from_the_web():
    folder = Path(os.environ.get("STANCE_CORPORA", "/nonexistent")).parent / "articles"
    if not (folder / "al-tanf.txt").is_file():
        pytest.skip(f"al-tanf.txt not found in {folder}: set STANCE_CORPORA to the corpora mirror")
    parts = json.loads((folder / "al-tanf.labels.json").read_text(encoding="utf-8"))["parts"]
    gold = [part for part in parts if part["part"] == "paragraph"]
    article = read_article(folder / "al-tanf.txt")
    texts = [part.text for part in article.paragraphs]
    got = voices_of(texts, [part["type"] for part in gold], headline=article.headline)
    assert len(got) == 16
    for part, voice in zip(gold, got, strict=True):
        assert same_voice(part["voice"], voice.name), part["line"]
