"""Standoff that brat can open: offsets that hold, names that are safe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stance.analysis import AnalysedArticle, label_article
from stance.quotes.quotation import Piece
from stance.quotes.rule_finder import RuleFinder
from stance.reporting.brat import CONFIGURATION, brat_files

PAGE = """Ferry to Skarholm sinks at its pier

The old ferry sank on Monday night, police said.

“It groaned like an ox,” said deckhand Ida Lund. “Nobody was on board at all.
"""


@pytest.fixture
def article() -> AnalysedArticle:
    return label_article(PAGE, id="ferry", finder=RuleFinder())


def lines_of(article: AnalysedArticle, name: str = "ferry") -> list[list[str]]:
    return [line.split("\t") for line in brat_files([article])[f"{name}.ann"].decode().splitlines()]


def test_files_of_a_collection(article: AnalysedArticle) -> None:
    files = brat_files([article])
    assert sorted(files) == [CONFIGURATION, "ferry.ann", "ferry.txt"]
    assert files["ferry.txt"].decode() == PAGE
    sections = [line for line in files[CONFIGURATION].decode().splitlines() if line[:1] == "["]
    assert sections == ["[entities]", "[relations]", "[events]", "[attributes]"]


def test_stretches_are_where_they_say(article: AnalysedArticle) -> None:
    lines = lines_of(article)
    stretches = [line for line in lines if line[0].startswith("T")]
    assert [line[1].split()[0] for line in stretches] == ["Content", "Cue", "Source"] * 2
    for _, place, text in stretches:
        spans = [tuple(map(int, pair.split())) for pair in place.split(" ", 1)[1].split(";")]
        assert " ".join(PAGE[start:end] for start, end in spans) == text
    assert stretches[3][2] == "“It groaned like an ox,” “Nobody was on board at all."


def test_relations_attributes_and_notes(article: AnalysedArticle) -> None:
    lines = ["\t".join(line) for line in lines_of(article)]
    assert "R3\tCued Arg1:T4 Arg2:T5" in lines and "R4\tSourced Arg1:T4 Arg2:T6" in lines
    assert any(line.endswith("\tKind T4 direct") for line in lines)
    assert any(line.endswith("\tUnclosed T4") for line in lines)
    assert any("AnnotatorNotes T4\tvoice: Ida Lund; probability: 0." in line for line in lines)
    names = [line.split("\t")[0] for line in lines]
    assert len(names) == len(set(names))


def test_stretch_over_lines_is_given_in_pieces() -> None:
    text = "“It rained\n\tand rained,” she said."
    whole = Piece(0, 0, 24, "“It rained and rained,”")
    article = label_article("Rain\n\n" + PAGE, finder=RuleFinder())
    one = replace(article.quotations[0], content=(whole,), cue=(), source=(), inside=None)
    found = lines_of(replace(article, id="rain", text=text, quotations=(one,)), "rain")[0]
    assert found == ["T1", "Content 0 10;12 24", "“It rained and rained,”"]


def test_offsets_hold_whatever_the_text(article: AnalysedArticle) -> None:
    text = "a\r\nb\x00\ud800\x85\u2028c"
    plain = brat_files([replace(article, text=text, quotations=())])["ferry.txt"].decode()
    assert plain == "a \nb \ufffd  c" and len(plain) == len(text)


def test_names_of_files_are_safe_and_single(article: AnalysedArticle) -> None:
    ids = ["../../etc/passwd", "https://x.example/a?b", "", "A", "a", "..."]
    files = brat_files([replace(article, id=name) for name in ids])
    names = sorted(name.removesuffix(".ann") for name in files if name.endswith(".ann"))
    assert names == sorted(
        ["etc-passwd", "https-x.example-a-b", "article", "A", "a-2", "article-2"]
    )
