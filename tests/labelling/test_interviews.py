"""Turns of an interview: a corpus tells what a single page does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Dataset
from pyarrow import parquet

from stance.analysis import label_article
from stance.labelling import Labeller, label_corpus, label_dataset
from stance.labelling import findings as module
from stance.quotes.rule_finder import RuleFinder

from .conftest import Label, paragraphs, rows_of

LEAD = "The keeper of the Skarv light, Elna Fossum, spoke in the boathouse on Sunday."
QUESTIONS = [
    "Your critics say that the lamp costs too much. Does it?",
    "I went hungry on that rock as a boy. Were you ever afraid out there?",
    "I could not have slept there. What will become of the tower?",
    "Thank you.",
]
ANSWERS = [
    "The lamp was lit in 1871 and costs 40 crowns a night.",
    "Winter closed the sound in January and the supply boat came in March.",
    "The county council sold the tower to a hotel chain last week for two million crowns.",
    "The boat leaves at four.",
]
TURNS = [text for pair in zip(QUESTIONS, ANSWERS, strict=True) for text in pair]
IS_ANSWER = [False, True] * 4
ASKED = (("Q:", "A:"), ("Q.", "A."), ("Skarv Post:", "Fossum:"))


def turns(labels: tuple[str, str]) -> list[str]:
    return [f"{labels[i % 2]} {text}" for i, text in enumerate(TURNS)]


def page(labels: tuple[str, str], *, byline: str = "") -> str:
    return "\n\n".join(["Keeper of the light", *([byline] if byline else []), LEAD, *turns(labels)])


def told(row: Any) -> tuple[Any, ...]:
    """Type, probability, voice: of a row, or of a part."""
    if isinstance(row, dict):
        return row["type"], row["probability"], row["voice"]
    return row.type, row.probability, row.voice


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of interviews and of one article that is none."""
    folder = tmp_path / "pages"
    folder.mkdir()
    texts = [page(labels) for labels in ASKED]
    # Who asks has a person's name here: only the byline tells that it is the outlet's.
    texts.append(page(("Ove Lind:", "Elna Fossum:"), byline="By Ove Lind"))
    texts.append("The mill is sold\n\n" + "\n\n".join(paragraphs(9)["text"]))
    for i, text in enumerate(texts):
        (folder / f"{i}.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_of_pages_has_the_labels_of_single_pages(pages: Path, label: Label) -> None:
    rows = rows_of(label(pages).labels)
    for path in sorted(pages.iterdir()):
        parts = label_article(path, finder=RuleFinder()).parts
        mine = [row for row in rows if row["id"] == path.name]
        assert [told(row) for row in mine] == [told(part) for part in parts]
        if path.name != "4.txt":
            found = [row for row in mine if row["part"] == "paragraph"][1:]
            assert [row["type"] == "quote" for row in found] == IS_ANSWER
            assert [row["voice"] for row in found] == ["author", "Elna Fossum"] * 4
    types = rows_of(label(pages, "types.parquet", labeller=Labeller(voices=False)).labels)
    assert [row["type"] for row in types] == [row["type"] for row in rows]


@pytest.mark.parametrize("labels", ASKED)
def test_rows_of_a_group_have_the_labels_of_their_article(
    labels: tuple[str, str], tmp_path: Path, label: Label
) -> None:
    texts = [LEAD, *turns(labels)]
    columns = {"text": texts, "headline": ["Keeper of the light"] * len(texts)}
    grouped = columns | {"group": ["a"] * len(texts)}
    corpus = tmp_path / "rows.parquet"
    parquet.write_table(pa.table(grouped), corpus)
    rows = rows_of(label(corpus).labels)
    parts = label_article(page(labels), finder=RuleFinder()).paragraphs
    assert [told(row) for row in rows] == [told(part) for part in parts]
    of_a_dataset = label_dataset(Dataset.from_dict(grouped))
    assert [told(row) for row in of_a_dataset] == [told(row) for row in rows]
    assert [told(row) for row in _alike(Labeller()(grouped))] == [told(row) for row in rows]


def _alike(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_probability_is_that_of_the_type_and_not_the_highest(pages: Path, label: Label) -> None:
    rows = [row for row in rows_of(label(pages).labels) if row["part"] == "paragraph"]
    names = [name for name in rows[0] if name.startswith("probability_")]
    assert all(row["probability"] == row[f"probability_{row['type']}"] for row in rows)
    overruled = [row for row in rows if row["probability"] < max(row[name] for name in names)]
    assert {row["type"] == "quote" for row in overruled} == {True, False}
    assert not any(row["id"] == "4.txt" for row in overruled)


def test_rows_without_a_group_are_no_interview() -> None:
    found = Labeller()({"text": turns(("Q:", "A:"))})
    alone = [Labeller()({"text": [text]})["type"][0] for text in turns(("Q:", "A:"))]
    assert found["type"] == alone != ["quote" if is_it else "report" for is_it in IS_ANSWER]


def test_same_bytes_with_one_process_and_with_two(pages: Path, tmp_path: Path) -> None:
    files = [label_corpus(pages, tmp_path / f"{jobs}.parquet", jobs=jobs).labels for jobs in (1, 2)]
    one, two = (path.read_bytes() for path in files)
    assert one == two


def test_turns_that_break_take_no_other_article_along(monkeypatch: pytest.MonkeyPatch) -> None:
    def told_in(texts: list[str], **_: Any) -> dict[int, bool]:
        if texts[0] == LEAD:
            raise ArithmeticError("no turns")
        return {}

    monkeypatch.setattr(module, "told_in", told_in)
    found = Labeller()(
        {"text": [LEAD, "Q: Why?", "It rained.", "It cleared."], "group": [1, 1, 2, 2]}
    )
    assert found["error"] == ["type: ArithmeticError: no turns"] * 2 + [None] * 2
    assert [kind is None for kind in found["type"]] == [True, True, False, False]
