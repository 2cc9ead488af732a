from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.labelling.rows import MAX_ARTICLE, MAX_CHARS, article_starts, runs_in, values_of


def reason(text: Any, **cells: Any) -> str:
    runs, rejected = runs_in({"text": [text], **{name: [cell] for name, cell in cells.items()}})
    assert len(runs) + len(rejected) == 1
    return rejected[0].reason if rejected else ""


@pytest.mark.parametrize(
    ("text", "cells", "words"),
    [
        (None, {}, "text: nothing there (null)"),
        (7, {}, "text: expected text, got int"),
        ("", {}, "text: no visible character"),
        (" \u200b\t", {}, "text: no visible character"),
        (b"caf\xe9", {}, "text: broken encoding, byte 3 is not UTF-8"),
        ("x" * (MAX_CHARS + 1), {}, "text: 100,001 characters, the limit is 100,000: split it"),
        ("Rain.", {"index": -1}, "index: expected a whole number, 0 or more, got -1"),
        ("Rain.", {"index": 0.5}, "index: expected a whole number, 0 or more, got 0.5"),
        ("Rain.", {"headline": 3}, "headline: expected text, got int"),
        ("Rain.", {"problem": "line: not JSON"}, "line: not JSON"),
        ("Rain.", {"index": 2.0, "headline": None}, ""),
        ("x" * MAX_CHARS, {}, ""),
    ],
)
def test_row_that_cannot_be_labelled_says_why(text: Any, cells: Any, words: str) -> None:
    assert reason(text, **cells) == words


def test_place_in_the_article_follows_from_the_order_of_rows() -> None:
    runs, _ = runs_in({"text": ["A", "B", "C", "D"], "group": [7, 7, 7, 8]})
    assert [run.at for run in runs] == [(0, 1, 2), (3,)]
    assert [(p.previous, p.following, p.index, p.n_paragraphs) for p in runs[0].passages] == [
        ("", "B", 0, 3),
        ("A", "C", 1, 3),
        ("B", "", 2, 3),
    ]


def test_columns_of_the_table_come_before_what_follows_from_its_order() -> None:
    columns = {
        "text": ["B", "A"],
        "group": ["g", "g"],
        "index": [1, 0],
        "n_paragraphs": [9, None],
        "headline": ["H", None],
        "previous": [None, "before"],
    }
    (run,), _ = runs_in(columns)
    first, second = run.passages
    assert run.at == (1, 0)
    assert (first.text, first.index, first.previous, first.n_paragraphs) == ("A", 0, "before", 2)
    assert (second.text, second.headline, second.n_paragraphs) == ("B", "H", 9)


def test_row_that_cannot_be_labelled_leaves_a_gap() -> None:
    (run,), (bad,) = runs_in({"text": ["A", None, "C"], "group": ["g"] * 3})
    assert (run.at, bad.at) == ((0, 2), 1)
    assert [(p.index, p.previous, p.following) for p in run.passages] == [(0, "", ""), (2, "", "")]


def test_long_article_is_cut() -> None:
    starts = article_starts(["g"] * (MAX_ARTICLE + 1))
    assert [i for i, is_start in enumerate(starts) if is_start] == [0, MAX_ARTICLE]


def test_one_group_in_two_places_is_two_articles() -> None:
    runs, _ = runs_in({"text": ["A", "B", "C"], "group": ["g", "h", "g"]})
    names = {passage.group for run in runs for passage in run.passages}
    assert len(runs) == 3
    assert len(names) == 3 or names == {""}


@given(st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b"])), max_size=30), st.data())
def test_articles_are_the_same_however_rows_are_split(groups: list[Any], data: Any) -> None:
    cut = data.draw(st.integers(0, len(groups)))
    starts = article_starts(groups)
    length = 0
    for is_start in starts[:cut]:
        length = 1 if is_start else length + 1
    before = groups[cut - 1] if cut else None
    assert starts[:cut] + article_starts(groups[cut:], before, length) == starts


CELLS = st.one_of(st.none(), st.integers(-3, 3), st.floats(), st.text(max_size=5), st.binary())


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_every_row_ends_in_a_passage_or_in_a_reason(rows: list[tuple[Any, ...]]) -> None:
    names = ("text", "group", "index", "headline")
    columns = {
        name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    }
    runs, rejected = runs_in(columns)
    at = sorted([i for run in runs for i in run.at] + [one.at for one in rejected])
    assert at == list(range(len(rows)))
    assert all(one.reason for one in rejected)


def test_text_column_that_is_not_utf8_comes_row_by_row() -> None:
    raw = pa.array([b"fine", b"caf\xe9", None], pa.binary())
    broken = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    assert values_of(pa.chunked_array([broken])) == ["fine", b"caf\xe9", None]
