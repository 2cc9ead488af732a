"""Slicing: the headline model's scores on the parts of the test set that a config names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from stance.evaluation.metrics import RELATIONS, SIDES, confusion_counts, group_codes
from stance.evaluation.significance import holm
from stance.evaluation.slices import position_names, quarters, slice_names, slice_scores
from stance.experiments.config import Config
from stance.experiments.configs.mistakes import nearest
from stance.experiments.runs.data import Data, DataError
from stance.experiments.runs.store import Answers
from stance.experiments.scores.estimate import estimate_of
from stance.experiments.scores.probes import Slice

KNOWN = ("length", "position", "label")
"""Slices that every corpus has: words of a passage, its place in the article, its true label."""


def check_slices(config: Config, data: Data) -> None:
    """Make sure that every slice can be cut and the metric told, before anything is trained.

    Raises
    ------
    DataError
        A slice is no column of the corpus, or the metric is one of sides that it does not have.
    """
    if config.metric == "f_avg" and data.labels[:2] != SIDES:
        raise DataError(
            f"metric = 'f_avg', expected the labels {', '.join(map(repr, SIDES))} to come first in "
            f"corpus {data.corpus!r}, got {list(data.labels)}"
        )
    if config.metric == "weighted_score" and data.labels != RELATIONS:
        raise DataError(
            f"metric = 'weighted_score', expected corpus {data.corpus!r} to have the labels "
            f"{list(RELATIONS)}, got {list(data.labels)}"
        )
    known = [*KNOWN, *(name for name in data.test.columns if name not in KNOWN)]
    for i, name in enumerate(config.slices):
        if name not in known:
            raise DataError(
                f"slices[{i}] = {name!r}, must be one of {', '.join(map(repr, known))} for corpus "
                f"{data.corpus!r}{nearest(name, known)}"
            )


def slice_values(data: Data, column: str) -> list[str]:
    """The slice of each test passage, by the values of a column or of what is known of all."""
    passages = data.test.passages
    if column == "length":
        return quarters([len(passage.text.split()) for passage in passages], unit="words")
    if column == "position":
        return position_names([(passage.index, passage.n_paragraphs) for passage in passages])
    if column == "label":
        return list(data.test.labels)
    return slice_names(data.test.columns[column])


def slices_of(config: Config, data: Data, answers: Answers) -> tuple[Slice, ...]:
    """Every slice that the config asks for, the worst score first.

    Slices of one kind are compared with the rest of the test set; p-values are corrected after Holm
    for all slices that are tested.
    """
    found: list[Slice] = []
    for column in config.slices:
        found += _column_slices(config, data, answers, column=column)
    tested = [i for i, one in enumerate(found) if one.p_value is not None]
    p_values = holm([found[i].p_value or 0.0 for i in tested]).tolist() if tested else []
    for i, p_value in zip(tested, p_values, strict=True):
        found[i] = _with_p(found[i], p_value)
    return tuple(sorted(found, key=lambda one: (one.score.value, one.column, one.value)))


def _column_slices(config: Config, data: Data, answers: Answers, *, column: str) -> list[Slice]:
    values = slice_values(data, column)
    names = list(dict.fromkeys(values))
    whole = _counts(data, answers, rows=range(len(values)))
    parts = [
        _counts(data, answers, rows=[i for i, value in enumerate(values) if value == name])
        for name in names
    ]
    is_macro = config.metric == "macro_f1" and column != "label"
    scores = slice_scores(
        whole,
        parts,
        is_macro=is_macro,
        n_resamples=config.bootstrap.n_resamples,
        seed=config.bootstrap.seed,
    )
    return [
        Slice(
            column=column,
            value=name,
            n_groups=one.n_groups,
            n_passages=one.n_passages,
            metric="macro_f1" if is_macro else "accuracy",
            score=estimate_of(one.score),
            accuracy=estimate_of(one.accuracy),
            difference=None if one.difference is None else estimate_of(one.difference),
            p_value=one.p_value,
        )
        for name, one in zip(names, scores, strict=True)
    ]


def _counts(data: Data, answers: Answers, *, rows: Sequence[int]) -> Any:
    """Confusion counts of some rows, with a place for every article of the test set."""
    codes = group_codes(data.test.groups)
    counts = np.zeros((int(codes.max()) + 1, len(data.labels), len(data.labels) + 1), np.int64)
    if len(rows):
        inside = codes[list(rows)].tolist()
        counts[list(dict.fromkeys(inside))] = confusion_counts(
            [data.test.labels[i] for i in rows],
            [answers.predicted[i] for i in rows],
            labels=data.labels,
            groups=inside,
        )
    return counts


def _with_p(one: Slice, p_value: float) -> Slice:
    return replace(one, p_value=p_value)
