"""Answer: the sentence that answers a config's question, and what must be known beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.experiments.config import Config
from stance.experiments.result import Cell
from stance.experiments.runs.data import Data
from stance.experiments.runs.job import Trained
from stance.experiments.scores.scoring import WITHOUT_DUPLICATES, has_calibration
from stance.experiments.scores.words import (
    METRIC_NAMES,
    difference_told,
    interval_notes,
    rivals_told,
    seed_notes,
    sentence,
    spread,
)


def answer_sentence(config: Config, data: Data, cells: Sequence[Cell]) -> str:
    """One sentence with the headline, its rivals and its difference to the baseline.

    Parameters
    ----------
    config, data
    cells : sequence of Cell
        The headline's first; those of one model stand together, the first seed first.
    """
    head, wanted = cells[0], config.models[0].name
    failed = "" if head.model == wanted else f"{wanted}, the model asked about, failed; "
    where = f"on {_split(data)} of {data.corpus} ({_size(data)})"
    reached = f"{METRIC_NAMES[config.metric]} {spread(head.metrics[config.metric])}"
    parts = [
        f"{failed}{where}, {head.model} reaches {reached}",
        rivals_told(config, cells),
        difference_told(head),
    ]
    return sentence(parts, is_capital=not failed)


def notes(
    config: Config,
    data: Data,
    cells: Sequence[Cell],
    *,
    trained: Sequence[Trained],
    is_leaked: NDArray[np.bool_],
) -> tuple[str, ...]:
    """What a reader must know to trust the numbers as far as they go, and no farther."""
    return (
        *data.notes,
        *_leak_notes(config, data, cells, is_leaked),
        *interval_notes(config, cells, n_groups=data.test.n_groups, unit=_group_unit(data)),
        *seed_notes(config, cells),
        *(note for one in trained for note in _model_notes(data, one)),
        f"Tested on {data.corpus} alone: nothing here says how the models do on texts of other "
        "outlets, times or languages.",
    )


def _leak_notes(
    config: Config, data: Data, cells: Sequence[Cell], is_leaked: NDArray[np.bool_]
) -> Iterator[str]:
    n, total = int(is_leaked.sum()), len(data.test)
    if not n:
        yield f"No test {data.unit} stands, equal or nearly equal, among those learned from."
        return
    text = (
        f"{n:,} of {total:,} test {data.unit}s stand, equal or nearly equal, among those learned "
        "from"
    )
    without = cells[0].metrics.get(f"{config.metric}/{WITHOUT_DUPLICATES}")
    if without is not None:
        name = METRIC_NAMES[config.metric]
        text += f"; without them {cells[0].model} has {name} {spread(without)}"
    yield f"{text}."


def _model_notes(data: Data, one: Trained) -> Iterator[str]:
    name, answers = one.model.name, one.answers
    n_missing = sum(label not in data.labels for label in answers.predicted)
    if n_missing:
        yield (
            f"{name} gave {n_missing:,} of {len(data.test):,} test {data.unit}s no label of the "
            "corpus: they count as wrong, and stand in no column of its confusion matrix."
        )
    if answers.proba is not None and not has_calibration(data, answers):
        yield f"{name}: calibration is not scored, its probabilities are of other labels too."
    yield from (f"{name}: {warning}" for warning in answers.warnings)


def _split(data: Data) -> str:
    return data.split if len(data.folds) > 1 else f"the {data.split} split"


def _size(data: Data) -> str:
    n, n_groups = len(data.test), data.test.n_groups
    return f"{n:,} {data.unit}s" if n == n_groups else f"{n_groups:,} articles, {n:,} {data.unit}s"


def _group_unit(data: Data) -> str:
    return f"{data.unit}s" if data.test.n_groups == len(data.test) else "articles"
