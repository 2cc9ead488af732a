"""The whole job on one page."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.analysis import (
    AnalysedArticle,
    AnalysedPart,
    TargetStance,
    articles_json,
    label_article,
)
from stance.article import Article, Part
from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.quotes.rule_finder import RuleFinder
from stance.reading import PageError, read_article

PAGE = """Ferry to Skarholm sinks at its pier

Read also: Winter timetable

The old car ferry sank at its pier on Monday night, and nobody was hurt, police said.

“It groaned like an ox and went down in ten minutes,” said deckhand Ida Lund.

The loss may well prove the end of the route, because a new ferry is hard to pay for.

This article was translated from the Danish edition and edited for length.
"""
KEYS = ["index", "part", "reason", "start", "end", "text"]
LABELS = ["type", "probability", "probabilities", "voice", "via", "stances", "quoted"]
TYPES = {"report", "quote", "analysis", "disclaimer"}


@pytest.fixture(scope="module")
def analysed() -> AnalysedArticle:
    return label_article(PAGE, id="ferry", source="ferry.txt")


def parts_of(document: Any) -> Iterator[dict[str, Any]]:
    return (part for article in document["articles"] for part in article["parts"])


def test_every_part_is_there_with_its_place(analysed: AnalysedArticle) -> None:
    assert [part.index for part in analysed.parts] == list(range(len(analysed.parts)))
    assert "".join(analysed.text[p.start : p.end] for p in analysed.parts) == PAGE
    assert analysed.headline == "Ferry to Skarholm sinks at its pier"
    assert [part.kind for part in analysed.parts][:2] == ["headline", "furniture"]
    assert len(analysed.paragraphs) == 4


def test_only_paragraphs_are_labelled(analysed: AnalysedArticle) -> None:
    for part in analysed.parts:
        is_paragraph = part.kind == "paragraph"
        found = (part.type, part.probability, part.probabilities, part.voice)
        assert all((value is not None) == is_paragraph for value in found)
        assert (part.reason is not None) == (part.kind == "furniture")


def test_type_is_the_most_probable(analysed: AnalysedArticle) -> None:
    for part in analysed.paragraphs:
        assert part.probabilities is not None and part.type is not None
        assert set(part.probabilities) == TYPES
        assert part.probability == part.probabilities[part.type] == max(part.probabilities.values())
        assert sum(part.probabilities.values()) == pytest.approx(1, abs=2e-4)


def test_who_speaks(analysed: AnalysedArticle) -> None:
    quote = analysed.paragraphs[1]
    assert (quote.type, quote.voice, quote.via) == ("quote", "Ida Lund", ())
    assert analysed.paragraphs[3].voice == "author"


def test_same_page_same_labels(analysed: AnalysedArticle, tmp_path: Path) -> None:
    path = tmp_path / "ferry.txt"
    path.write_text(PAGE, encoding="utf-8")
    for page in (PAGE, PAGE.encode(), path, str(path), read_article(PAGE)):
        found = label_article(page)
        assert found.parts == analysed.parts
    assert label_article(path).id == "ferry" and label_article(path).source == str(path)


def test_a_model_of_ones_own() -> None:
    texts = ["“It held,” she said.", "“It broke,” he said.", "The dam is old.", "It is long."]
    labels = ["speech", "speech", "other", "other"]
    model = ParagraphTypeClassifier().fit(texts, labels).compile()
    found = label_article(PAGE, model=model)
    assert {part.type for part in found.paragraphs} <= {"speech", "other"}
    assert set(found.paragraphs[0].probabilities or {}) == {"speech", "other"}


# Interviews

QUESTIONS = ["Your critics say that the tariff was drawn up in a hurry. Was it?",
             "The Orthodox Church has called it a tax on the poor.",
             "Will the price rise again next year?"]  # fmt: skip
ANSWERS = [
    "No. We began in March with the meters of nine thousand households.",
    "The Orthodox Church blessed the new pumps and the bishop drank the first glass.",
    "The price will rise when the pipes burst, and the pipes burst every winter.",
]


def interview(asker: str, guest: str, *, is_bold: bool = False) -> str:
    form = "<p><strong>{}</strong> {}</p>" if is_bold else "{} {}\n\n"
    turns = "".join(
        form.format(f"{label}:" if label else "", text)
        for pair in zip(QUESTIONS, ANSWERS, strict=True)
        for label, text in zip((asker, guest), pair, strict=True)
    )
    lead = "The head of the Tarn water board, Mirela Tofan, spoke in her office on Monday."
    if is_bold:
        head = "<h1>The price of water</h1><p>By Jonas Reed</p>"
        return f"<html><body><article>{head}<p>{lead}</p>{turns}</article></body></html>"
    return f"The price of water\n\nBy Jonas Reed\n\n{lead}\n\n{turns}"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (interview("Q", "A"), "interviewer"),
        (interview("Kestrel", "Tofan"), "Kestrel"),
        (interview("JR", "MT"), "Jonas Reed"),
        (interview("Jonas Reed", "Mirela Tofan"), "Jonas Reed"),
        (interview("Reed", "Tofan", is_bold=True), "Jonas Reed"),
        (interview("Kestrel", ""), "Kestrel"),
    ],
)
def test_interview_has_one_voice_for_labels_and_quotations(page: str, name: str) -> None:
    found = label_article(page)
    turns = found.paragraphs[1:]
    assert [part.voice for part in turns] == ["author", "Mirela Tofan"] * 3
    assert [part.type == "quote" for part in turns] == [False, True] * 3
    spoken = [one.voice for one in found.quotations if "dialogue" in one.flags]
    assert spoken == [name, "Mirela Tofan"] * 3
    for part in turns:  # the type is told by the turn, its probability by the model
        assert part.probabilities is not None and part.type is not None
        assert part.probability == part.probabilities[part.type]


def test_turns_decide_nothing_for_a_model_that_knows_no_quotes() -> None:
    texts = ["“It held,” she said.", "“It broke,” he said.", "The dam is old.", "It is long."]
    model = ParagraphTypeClassifier().fit(texts, ["speech", "speech", "other", "other"]).compile()
    found = label_article(interview("Q", "A"), model=model)
    assert {part.type for part in found.paragraphs} <= {"speech", "other"}


# JSON


def test_json_is_as_documented(analysed: AnalysedArticle) -> None:
    document = json.loads(analysed.to_json())
    assert list(document) == ["schema_version", "articles"] and document["schema_version"] == 1
    (article,) = document["articles"]
    assert list(article) == ["id", "source", "parts", "quotations", "voices"]
    assert (article["id"], article["source"]) == ("ferry", "ferry.txt")
    for part in article["parts"]:
        assert list(part) == [*KEYS, *LABELS]
        assert part["stances"] is None
        if part["part"] == "paragraph":
            assert part["reason"] is None and part["via"] == []
            assert part["type"] in TYPES and set(part["probabilities"]) == TYPES
            assert isinstance(part["probability"], float) and isinstance(part["voice"], str)
        else:
            assert [part[key] for key in LABELS] == [None] * len(LABELS)
            assert isinstance(part["reason"], str) == (part["part"] == "furniture")


def test_quotations_and_voices_in_json(analysed: AnalysedArticle) -> None:
    (article,) = json.loads(analysed.to_json())["articles"]
    for one in article["quotations"]:
        assert list(one) == [
            "kind", "content", "cue", "source", "cue_class", "voice", "via", "probability",
            "flags", "inside",
        ]  # fmt: skip
        for piece in (*one["content"], *one["cue"], *one["source"]):
            assert list(piece) == ["part", "start", "end", "text"]
            assert PAGE[piece["start"] : piece["end"]] == piece["text"]
    for voice in article["voices"]:
        assert list(voice) == ["name", "n_words", "share", "n_quotations"]
    assert sum(voice["share"] for voice in article["voices"]) == pytest.approx(1, abs=1e-3)


def test_who_says_what() -> None:
    found = label_article(PAGE, finder=RuleFinder())
    said = [(one.kind, one.voice, one.content[0].part) for one in found.quotations]
    assert said == [("indirect", "police", 2), ("direct", "Ida Lund", 3)]
    assert [(voice.name, voice.n_quotations) for voice in found.voices][:1] == [("author", 0)]
    assert found.voices[0].n_words + sum(v.n_words for v in found.voices[1:]) == 63


def test_json_tells_through_whom_words_came_and_on_which_side() -> None:
    part = AnalysedPart(
        0,
        "paragraph",
        None,
        0,
        2,
        "It",
        type="quote",
        probability=1.0,
        probabilities={"quote": 1.0},
        voice="Ida Lund",
        via=("Radio Skar",),
        stances=(TargetStance("the ferry", "favor", 0.75),),
    )
    (found,) = parts_of(json.loads(AnalysedArticle("a", "", "It", (part,)).to_json()))
    assert found["via"] == ["Radio Skar"]
    side = {"target": "the ferry", "stance": "favor", "probability": 0.75}
    unknown = {"probabilities": None, "mention": None, "words": []}
    assert found["stances"] == [side | unknown]


def test_several_articles_in_one_document(analysed: AnalysedArticle) -> None:
    document = json.loads(articles_json([analysed, analysed]))
    assert [article["id"] for article in document["articles"]] == ["ferry", "ferry"]
    assert json.loads(articles_json([])) == {"schema_version": 1, "articles": []}


def test_json_of_hostile_text_is_inert_and_keeps_its_value() -> None:
    text = "\x1b[31mred \x9b31m \u202egnp.exe \ud800 “fine” \U000e0041"
    part = AnalysedPart(0, "headline", None, 0, len(text), text)
    printed = AnalysedArticle("a", text, text, (part,)).to_json()
    assert printed.replace("\n", "").isprintable() and "“fine”" in printed
    assert next(parts_of(json.loads(printed)))["text"] == text
    printed.encode("utf-8")


# Tables and notebooks


def test_frame_has_a_row_per_part(analysed: AnalysedArticle) -> None:
    frame = analysed.to_frame()
    assert frame.columns.tolist() == ["article", "source", *KEYS, *LABELS]
    assert frame["text"].tolist() == [part.text for part in analysed.parts]
    assert frame.loc[frame["part"] == "paragraph", "type"].tolist() == [
        part.type for part in analysed.paragraphs
    ]
    assert frame["type"].isna().sum() == len(analysed.parts) - len(analysed.paragraphs)


def test_dataset_has_a_row_per_part(analysed: AnalysedArticle) -> None:
    dataset = analysed.to_dataset()
    assert dataset.column_names == ["article", "source", *KEYS, *LABELS]
    expected = json.loads(analysed.to_json())["articles"][0]["parts"]
    assert [{key: row[key] for key in (*KEYS, *LABELS)} for row in dataset] == expected


def test_notebook_shows_the_article(analysed: AnalysedArticle) -> None:
    shown = analysed._repr_html_()
    assert "Ida Lund" in shown and "quote" in shown and "<script" not in shown
    hostile = label_article("Storm <script>alert(1)</script>\n\nThe <b>port</b> shut, they said.")
    assert "<script>" not in hostile._repr_html_() and "<b>port" not in hostile._repr_html_()


def test_stances_are_shown() -> None:
    part = AnalysedPart(
        0, "paragraph", None, 0, 2, "It", type="quote", stances=(TargetStance("ferry", "favor"),)
    )
    assert re.search("favor: .*ferry", AnalysedArticle("a", "", "It", (part,))._repr_html_())


# Pages with little on them


def test_page_of_headline_and_furniture_only() -> None:
    parts = (
        Part("headline", 0, 6, "Storm"),
        Part("furniture", 6, 15, "Read also", reason="related link"),
    )
    found = label_article(Article("storm", "Storm\nRead also", parts))
    assert found.paragraphs == () and len(found.parts) == 2
    assert [part["type"] for part in parts_of(json.loads(found.to_json()))] == [None, None]
    assert found.to_frame()["voice"].tolist() == [None, None]
    assert found.to_dataset().num_rows == 2
    assert "Read also" in found._repr_html_()


@pytest.mark.parametrize("page", ["", "  \n ", b"", b"\x89PNG\r\n\x1a\n", b"\0\1\2\3" * 50])
def test_what_is_no_page(page: str | bytes) -> None:
    with pytest.raises(PageError, match="expected"):
        label_article(page)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"nothing\.txt: .*No such file"):
        label_article(tmp_path / "nothing.txt")


CHARACTERS = st.characters(codec=None, exclude_categories=())
PIECES = st.sampled_from(
    [
        *(
            "“",
            "”",
            '"',
            "‘",
            "’",
            "«",
            "»",
            "(",
            ")",
            ": ",
            "; ",
            ", ",
            ". ",
            "… ",
            "— ",
            "\n",
            "\n\n",
        ),
        *(
            " said ",
            " told ",
            "according to ",
            " Ida Lund ",
            " the mayor ",
            "The ",
            "she ",
            "that ",
        ),
        *(" Ministry of Ice ", "Read also: ", "© 2024 ", "http://x.example ", "12 ", "al-", "Mr. "),
        *(
            "<p>",
            "</p>",
            "<html>",
            "<h1>",
            "</h1>",
            "<!--",
            "<script>",
            "&amp;",
            "&#xD800;",
            "\x1b[",
        ),
    ]
)


def check(page: str | bytes) -> None:
    """Labels that hold together, or PageError; nothing else."""
    try:
        found = label_article(page)
    except PageError:
        return
    assert "".join(found.text[p.start : p.end] for p in found.parts) == found.text
    for part in found.paragraphs:
        assert part.type in TYPES and part.voice
        assert part.probability == pytest.approx(max((part.probabilities or {}).values()))
    json.loads(found.to_json())


@given(st.text(CHARACTERS, max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_text_is_labelled_or_refused(text: str) -> None:
    check(f"{text}\n\n")


@given(st.lists(st.one_of(PIECES, st.text(CHARACTERS, max_size=4)), max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_scraps_of_a_page_are_labelled_or_refused(text: str) -> None:
    check(f"{text}\n\n")


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_labelled_or_refused(data: bytes) -> None:
    check(data)


# A page of the public, where it lies beside the corpora


def article_folder() -> Path:
    corpora = os.environ.get("STANCE_CORPORA")
    if not corpora:
        pytest.skip("STANCE_CORPORA is not set: no page of the public to try")
    folder = Path(corpora).parent / "articles"
    if not (folder / "al-tanf.txt").is_file():
        pytest.skip(f"{folder} holds no al-tanf.txt: no page of the public to try")
    return folder


def bare(voice: str | None) -> str:
    return re.sub("^the ", "", voice or "", flags=re.IGNORECASE).casefold()


def test_a_real_page() -> None:
    folder = article_folder()
    truth = json.loads((folder / "al-tanf.labels.json").read_text(encoding="utf-8"))["parts"]
    found = label_article(folder / "al-tanf.txt").parts
    assert [part.kind for part in found] == [part["part"] for part in truth]
    for part, expected in zip(found, truth, strict=True):
        assert part.text.startswith(expected["begins"])
    pairs = [pair for pair in zip(found, truth, strict=True) if pair[0].kind == "paragraph"]
    assert len(pairs) == 16
    assert sum(part.type == expected["type"] for part, expected in pairs) >= 15
    assert sum(bare(part.voice) == bare(expected["voice"]) for part, expected in pairs) >= 14
