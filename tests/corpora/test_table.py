"""The catalogue as rows and a card as text."""

from __future__ import annotations

import json

import pytest

from stance.corpora import card, catalogue
from stance.corpora.table import COLUMNS, catalogue_table, show_dict, show_text, table_cells


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_CORPORA", raising=False)
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))


def test_rows_count_every_task():
    rows = catalogue_table()
    assert len(rows) == sum(len(corpus.tasks) for corpus in catalogue())
    row = next(row for row in rows if row["task"] == "type-paragraphs")
    assert row["splits"] == {"train": 7_681, "validation": 1_834, "test": 3_315}
    assert row["labels"]["test"] == {
        "quote": 926,
        "analysis": 620,
        "report": 1_502,
        "furniture": 267,
    }
    assert (row["is_available"], row["may_train_shipped"]) == (False, True)


def test_cells_sum_labels_over_splits():
    (row,) = catalogue_table([card("gwsd")])
    cells = dict(zip(COLUMNS, table_cells(row), strict=True))
    assert cells["examples"] == "train 1,850, test 200"
    assert cells["labels"] == "favor 777, against 400, neutral 873"
    assert cells["here"] == "no"


@pytest.mark.parametrize("corpus", catalogue(), ids=lambda corpus: corpus.name)
def test_cards_are_json_and_text(corpus):
    shown = json.loads(json.dumps(show_dict(corpus)))
    assert shown["name"] == corpus.name
    assert shown["is_available"] == (corpus.name == "sample")
    text = show_text(corpus)
    for task in corpus.tasks:
        assert f"Task {task.name}: " in text
    assert corpus.licence.name in text and corpus.citation.strip() in text
    body = text.replace(corpus.citation, "")
    assert all(len(line) <= 88 or "https://" in line for line in body.splitlines()[3:])


def test_files_that_the_user_fetches_are_named():
    text = show_text(card("semeval2016_t6"))
    assert all(f"  {file.path}\n" in text for file in card("semeval2016_t6").access.files)
