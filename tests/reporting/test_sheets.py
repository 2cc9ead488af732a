from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.experiments.result import Result
from stance.reporting.sheets import confusion_sheet, csv_text, data_sheet, label_sheet, model_sheet


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "＝1", " =1", "\t=1", "\n=1", "−2"]
)
def test_text_that_would_be_a_formula_is_quoted(text: str) -> None:
    [[cell]] = list(csv.reader(io.StringIO(csv_text([text], []), newline="")))
    assert cell == f"'{text}"


def test_line_ends_of_other_systems_do_not_end_a_row() -> None:
    assert csv_text(["a"], [["x\ry\r\nz"]]) == 'a\n"x\ny\nz"\n'


def test_numbers_stay_numbers_and_what_is_missing_is_empty() -> None:
    assert csv_text(["a", "b", "c"], [[-0.25, 3, None]]) == "a,b,c\n-0.25,3,\n"


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\x00\r", codec="utf-8"))))
def test_reading_gives_the_text_back_but_for_the_apostrophe(texts: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["x"], [[t] for t in texts]), newline="")))
    for text, row in zip(texts, rows[1:], strict=True):
        cell = row[0] if row else ""
        assert cell in (text, f"'{text}")
        assert not cell.lstrip().startswith(tuple("=+-@"))


def test_models_have_a_column_per_number(result: Result) -> None:
    rows = rows_of(model_sheet(result))
    assert [row["model"] for row in rows] == [cell.model for cell in result.cells]
    first = rows[0]
    assert (first["macro_f1"], first["macro_f1_low"], first["macro_f1_high"]) == (
        "0.8124",
        "0.7884",
        "0.8364",
    )
    assert (first["against"], first["difference"], first["p_value"]) == (
        "tf-idf + SVM",
        "0.0312",
        "0.0124",
    )
    assert rows[3]["difference"] == "-0.3401"
    assert rows[2]["against"] == ""
    assert rows[4]["ece"] == ""
    assert not any(name.endswith("/quote") for name in first)


def test_labels_confusion_and_data_hold_every_count(result: Result) -> None:
    labels = rows_of(label_sheet(result))
    assert len(labels) == 5 * 4
    assert (labels[1]["label"], labels[1]["n"], labels[1]["f1"]) == ("quote", "443", "0.8934")
    confusion = rows_of(confusion_sheet(result))
    assert len(confusion) == 5 * 16
    assert sum(int(row["n"]) for row in confusion[:16]) == 2004
    data = rows_of(data_sheet(result))
    assert {(row["split"], row["label"]): row["n"] for row in data}["test", "quote"] == "443"


def test_model_that_is_named_like_a_formula_is_quoted(result: Result) -> None:
    cell = replace(result.cells[0], model="=HYPERLINK(1)")
    assert rows_of(model_sheet(replace(result, cells=(cell,))))[0]["model"] == "'=HYPERLINK(1)"
