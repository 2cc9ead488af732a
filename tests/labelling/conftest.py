from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from stance.labelling import Outcome, label_corpus
from stance.labelling.shards import Size

SMALL = Size(rows=20)
"""Shards of a test: a corpus of a few hundred rows has many."""

_NAMES = "Ida Lund|Ola Berg|Mara Quist|Tom Hale|Vera Stone|Jon Falk".split("|")
_THINGS = "the harbour|the old bridge|the dam|the night train|the school|the mill".split("|")
_FORMS = (
    "{thing} was closed on Monday after a storm, and repairs took {n} days.",
    "“We will not give up {thing},” said {name}, who has worked there for {n} years.",
    "{name} told reporters that {thing} needed {n} million crowns.",
    "Closing {thing} may well be the wrong answer, because nobody asked those who live by it.",
    "Correction: an earlier version of this article misstated the age of {thing}.",
    "“It is {n} years too late,” she said.",
)


def paragraphs(n: int, *, seed: int = 0) -> dict[str, list[Any]]:
    """Rows of articles of one to nine paragraphs."""
    chance = random.Random(seed)
    groups: list[str] = []
    while len(groups) < n:
        groups += [f"article-{len(groups)}"] * chance.randint(1, 9)
    texts = []
    for _ in range(n):
        text = chance.choice(_FORMS).format(
            thing=chance.choice(_THINGS), name=chance.choice(_NAMES), n=chance.randint(2, 400)
        )
        texts.append(text[0].upper() + text[1:])
    return {"id": [f"p{i}" for i in range(n)], "group": groups[:n], "text": texts}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A Parquet file of 300 paragraphs."""
    path = tmp_path / "corpus.parquet"
    parquet.write_table(pa.table(paragraphs(300)), path)
    return path


Label = Callable[..., Outcome]


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """Labels a corpus in small shards: ``label(corpus, "name.parquet")``."""

    def labelled(corpus: Path, name: str = "labels.parquet", **settings: Any) -> Outcome:
        return label_corpus(corpus, tmp_path / name, **({"size": SMALL} | settings))

    return labelled


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows
