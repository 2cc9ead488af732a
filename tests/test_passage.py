"""Passages from whatever a user has, and what is said where it is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset

from stance.article import Article, Part, Span
from stance.passage import Passage, as_passages, chained, passages_of

ROWS: list[dict[str, Any]] = [
    {"text": "The pier is shut.", "target": "pier", "mentions": [[4, 8]], "group": "a"},
    {"text": "It opens in May.", "target": None, "mentions": [], "group": "a"},
]
PASSAGES = [
    Passage("The pier is shut.", target="pier", mentions=(Span(4, 8),), group="a"),
    Passage("It opens in May.", group="a"),
]
TEXTS = [passage.text for passage in PASSAGES]
MAPPED = [row | {"mentions": [{"start": s, "end": e} for s, e in row["mentions"]]} for row in ROWS]
LISTED = [
    row
    | {"mentions": {"start": [s for s, _ in row["mentions"]], "end": [8] * len(row["mentions"])}}
    for row in ROWS
]


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        MAPPED,
        LISTED,
        tuple(ROWS),
        (row for row in ROWS),
        PASSAGES,
        [ROWS[0], PASSAGES[1]],
        {name: [row[name] for row in ROWS] for name in ROWS[0]},
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS, index=[7, 7]),
        Dataset.from_list(ROWS),
        Dataset.from_list(MAPPED),
        Dataset.from_list(LISTED),
        Dataset.from_list(ROWS).to_pandas(),
        Dataset.from_list(ROWS).with_format("numpy"),
    ],
    ids=lambda rows: type(rows).__name__,
)
def test_rows_of_every_kind_give_the_same_passages(rows: Any) -> None:
    assert as_passages(rows) == PASSAGES


@pytest.mark.parametrize(
    "texts",
    [TEXTS, tuple(TEXTS), np.array(TEXTS), np.array(TEXTS, object), pd.Series(TEXTS, index=[5, 3])],
    ids=lambda texts: type(texts).__name__,
)
def test_bare_texts(texts: Any) -> None:
    found = as_passages(texts)
    assert found == [Passage(text) for text in TEXTS]
    assert {type(passage.text) for passage in found} == {str}


def test_gaps_of_a_data_frame_are_defaults() -> None:
    frame = pd.DataFrame(
        {
            "text": ["one", "two"],
            "voice": ["author", np.nan],
            "headline": ["H", None],
            "index": [3, np.nan],
            "n_paragraphs": pd.array([4, None], dtype="Int64"),
            "group": [12, None],
            "mentions": [None, [(0, 3)]],
            "label": ["not looked at", 5],
        }
    )
    assert as_passages(frame) == [
        Passage("one", voice="author", headline="H", index=3, n_paragraphs=4, group="12"),
        Passage("two", mentions=(Span(0, 3),)),
    ]


def test_places_are_plain_numbers_and_mentions_are_spans() -> None:
    (found,) = as_passages(pd.DataFrame({"text": ["a"], "index": [1], "n_paragraphs": [2]}))
    assert (type(found.index), type(found.n_paragraphs)) == (int, int)
    (found,) = as_passages([{"text": "a pier", "mentions": np.array([[2, 6]])}])
    assert found.text[slice(*found.mentions[0])] == "pier" and found.mentions[0].start == 2


def test_nothing_gives_nothing() -> None:
    assert (
        as_passages([])
        == as_passages({"text": []})
        == as_passages(pd.DataFrame({"text": []}))
        == []
    )


def test_only_the_columns_of_a_passage_are_read() -> None:
    class Table:
        column_names = ("text", "picture")

        def __getitem__(self, name: str) -> list[str]:
            assert name == "text", f"column {name!r} was read"
            return ["one"]

    assert as_passages(Table()) == [Passage("one")]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ("The pier is shut.", "expected a sequence of passages, got one str: put it in a list"),
        (b"The pier", "expected a sequence of passages, got one bytes"),
        (Passage("The pier"), "expected a sequence of passages, got one Passage: put it in a list"),
        (
            {"text": "The pier"},
            "expected columns of equal length, got one mapping: put it in a list",
        ),
        (None, "expected a sequence of passages, got None"),
        (3, "expected a sequence of passages, got 3"),
        (["fine", 7], "row 1: expected str, Passage or mapping, got 7"),
        (pd.Series(["fine", None]), "row 1: expected str, Passage or mapping, got nan|got None"),
        (np.array([["a", "b"]]), "row 0: expected str, Passage or mapping, got array"),
        ([{"text": "a"}, {"text": "b", "voice": 4}], "row 1: expected 'voice' to be a str, got 4"),
        (
            [{"text": "a", "index": "first"}],
            "row 0: expected 'index' to be a whole number, got 'fi",
        ),
        ([{"text": "a", "index": 0.5}], "row 0: expected 'index' to be a whole number, got 0.5"),
        ([{"text": "a", "n_paragraphs": True}], "row 0: expected 'n_paragraphs' to be a whole"),
        ([{"text": "a", "group": 1.5}], "row 0: expected 'group' to be a str, got 1.5"),
        (
            [{"text": "a", "mentions": [3]}],
            r"row 0: expected mentions as pairs \(start, end\), got 3",
        ),
        (
            [{"text": "a", "mentions": 3}],
            r"row 0: expected mentions as pairs \(start, end\), got 3",
        ),
        ([{"text": "a", "mentions": ["on"]}], "row 0: expected mentions as pairs"),
        ([{"text": "a", "mentions": [{"begin": 3}]}], "row 0: expected mentions as pairs.*begin"),
        ([{"text": "a", "mentions": [(0, 1, 2)]}], "row 0: expected mentions as pairs"),
        ({"text": ["a"], "voice": 3}, "column 'voice': expected a value per row, got 3"),
        (
            {"text": ["a"], "voice": "author"},
            "column 'voice': expected a value per row, got 'author'",
        ),
    ],
)
def test_wrong_type(X: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        as_passages(X)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([{"text": "a"}, {"txt": "b"}], "row 1: expected 'text' to be a str, got None"),
        (pd.DataFrame({"text": ["a", np.nan]}), "row 1: expected 'text' to be a str, got nan"),
        (Dataset.from_dict({"text": ["a", None]}), "row 1: expected 'text' to be a str, got None"),
        (pd.DataFrame({"body": ["a"]}), r"expected a column 'text', got columns \['body'\]"),
        (pd.DataFrame([["a"]]), r"expected a column 'text', got columns \['0'\]"),
        (Dataset.from_dict({"body": ["a"]}), r"expected a column 'text', got columns \['body'\]"),
        ({"body": ["a"]}, r"expected a column 'text', got columns \['body'\]"),
        (pd.DataFrame([["a", "b"]], columns=["text", "text"]), "expected every column once"),
        ({"text": ["a"], "voice": []}, "expected columns of equal length, got .*'voice': 0"),
        ([{"text": "a", "index": -1}], "row 0: expected 'index' to be 0 or more, got -1"),
        ([{"text": "a", "mentions": [(3, 1)]}], r"row 0: expected a mention with 0 <= .*\(3, 1\)"),
    ],
)
def test_wrong_value(X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_passages(X)


def test_passages_of_an_article_know_their_neighbours() -> None:
    kinds = ("headline", "paragraph", "furniture", "paragraph", "paragraph")
    parts = tuple(Part(kind, i, i + 1, "HAxBC"[i]) for i, kind in enumerate(kinds))  # type: ignore[arg-type]
    found = passages_of(Article("storm", "HAxBC", parts))
    assert [(p.text, p.previous, p.following, p.index) for p in found] == [
        ("A", "", "B", 0),
        ("B", "A", "C", 1),
        ("C", "B", "", 2),
    ]
    assert {(p.headline, p.group, p.n_paragraphs) for p in found} == {("H", "storm", 3)}


def test_no_paragraph_no_passage() -> None:
    assert passages_of(Article("storm", "H", (Part("headline", 0, 1, "H"),))) == []
    assert list(chained([])) == []
