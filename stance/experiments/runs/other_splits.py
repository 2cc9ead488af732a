"""Other splits: a target or an outlet held out, or learning from one corpus to test on another."""

from __future__ import annotations

from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from stance.experiments.configs.data_config import CorpusConfig, LeaveOneGroupOut, Transfer
from stance.experiments.runs.data import (
    Data,
    DataError,
    Fold,
    Part,
    chosen,
    count_of,
    data_of,
    part_of,
    seen,
)
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.relabelling import relabel_notes
from stance.passage import Passage

MAX_VALUES = 200
"""A model is trained for each value that is held out; more of them are a slip or take a day."""

ALL = "all"
"""What a report calls the split of a file that is learned from or tested on as a whole."""

_FIELDS = tuple(field.name for field in fields(Passage))


def held_out_in_turn(corpus: CorpusConfig, split: LeaveOneGroupOut) -> Data:
    """One fold for every value of a column, in the order of the values.

    Raises
    ------
    DataError
        There is no such column, or it has one value, or too many.
    """
    whole = part_of(corpus, "+".join(split.pool) or None)
    values = _values(whole, split.column, corpus)
    found = sorted(set(values) - {""})
    if not 2 <= len(found) <= MAX_VALUES:
        raise DataError(
            f"corpus {corpus.name!r}: column {split.column!r} has {len(found)} values, expected 2 "
            f"to {MAX_VALUES} to hold each out in turn"
        )
    tested = np.flatnonzero([value != "" for value in values])
    test = chosen(whole, tested)
    of_row = [values[i] for i in tested]
    folds = tuple(_fold(whole, values, of_row, value) for value in found)
    name = f"leave-one-{split.column}-out"
    notes = [
        f"Every {split.column} was predicted by a model that had not seen it ({len(found)} in "
        "turn, pooled); articles that are tested are not learned from."
    ]
    if len(tested) < len(whole):
        notes.append(
            f"{len(whole) - len(tested)} passages have no {split.column}: learned from, not tested."
        )
    return data_of(
        corpus,
        test,
        digest([name, seen(whole), values]),
        split=name,
        folds=folds,
        counts=[count_of(corpus.name, name, test)],
        notes=notes,
    )


def transferred(corpus: CorpusConfig, split: Transfer) -> Data:
    """Learned from a corpus, tested on another one, on the labels that both have.

    Raises
    ------
    DataError
        The corpora have fewer than two labels in common.
    """
    other = CorpusConfig(**split.to.model_dump(), hide=corpus.hide)
    learned, tested = _splits(corpus, "+".join(split.train)), _splits(other, split.test)
    train, test = part_of(corpus, learned), part_of(other, tested)
    common = set(train.labels) & set(test.labels)
    if len(common) < 2:
        raise DataError(
            f"corpora {corpus.name!r} and {other.name!r} have {len(common)} labels in common "
            f"({', '.join(sorted(common)) or 'none'}), expected 2 or more: "
            f"{_listed(train)} against {_listed(test)}"
        )
    notes = [
        f"Learned from {corpus.name} ({learned or 'all of it'}), tested on {other.name}; labels of "
        f"both: {', '.join(sorted(common))}.",
        *relabel_notes(corpus),
    ]
    parts = []
    for part, name, done in ((train, corpus.name, "learned from"), (test, other.name, "tested on")):
        rows = np.flatnonzero([label in common for label in part.labels])
        parts.append(replace(chosen(part, rows), n_unlabelled=part.n_unlabelled))
        if len(rows) < len(part):
            lost = sorted(set(part.labels) - common)
            notes.append(
                f"{len(part) - len(rows)} passages of {name} are not {done}: the other corpus has "
                f"no {', '.join(lost)}."
            )
    train, test = parts
    return data_of(
        other,
        test,
        digest(["transfer", seen(train), seen(test)]),
        split=tested or ALL,
        folds=(Fold(train, np.arange(len(test))),),
        counts=[
            count_of(corpus.name, learned or ALL, train),
            count_of(other.name, tested or ALL, test),
        ],
        notes=notes,
    )


def _splits(corpus: CorpusConfig, names: str) -> str | None:
    """The splits to load; None for a file, which has none."""
    return None if Path(corpus.name).is_file() else names


def _fold(whole: Part, values: list[str], of_row: list[str], value: str) -> Fold:
    """Training without a value, and without the articles in which it stands."""
    articles = {p.group for p, v in zip(whole.passages, values, strict=True) if v == value} - {""}
    train = [
        i
        for i, passage in enumerate(whole.passages)
        if values[i] != value and passage.group not in articles
    ]
    if not train:
        raise DataError(f"nothing is left to learn from when {value!r} is held out")
    rows = np.flatnonzero([one == value for one in of_row])
    return Fold(chosen(whole, np.asarray(train, np.int64)), rows, held_out=value)


def _values(part: Part, column: str, corpus: CorpusConfig) -> list[str]:
    """A value per passage; empty where it has none."""
    known = [*_FIELDS, *part.columns]
    if column in part.columns:
        values: list[Any] = list(part.columns[column])
    elif column in _FIELDS:
        values = [getattr(passage, column) for passage in part.passages]
    else:
        close = get_close_matches(column, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise DataError(
            f"corpus {corpus.name!r} has no column {column!r}, expected one of {known}{hint}"
        )
    return ["" if value is None else str(value) for value in values]


def _listed(part: Part) -> str:
    return ", ".join(sorted(set(part.labels)))
