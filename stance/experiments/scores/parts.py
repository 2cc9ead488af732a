"""Parts: a report's models by what they are tested on, scored and put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.experiments.config import Config
from stance.experiments.result import Cell
from stance.experiments.runs.data import Data, leaked_rows
from stance.experiments.runs.job import Trained
from stance.experiments.scores.scoring import scored_cells

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.experiments.runs.cells import Job


@dataclass(slots=True)
class TestedTogether:
    """Models that were tested on the same passages, and so can be compared one by one.

    Parameters
    ----------
    data : Data
    trained : list of Trained
    is_leaked : ndarray of bool, shape (n_test,)
    notes : list of str
        What a reader must know of other data than the config's.
    """

    __test__ = False

    data: Data
    trained: list[Trained]
    is_leaked: NDArray[np.bool_]
    notes: list[str] = field(default_factory=list)


def parts_of(
    data: Data, trained: Sequence[Trained], *, jobs: Sequence[Job]
) -> list[TestedTogether]:
    """The trained models by their test sets, that of the config first.

    Models that learned from other data, or saw other parts of the passages, stand with the others
    as long as the passages, their labels and the label set are the same.
    """
    of = {(job.model.name, job.seed): job.data for job in jobs}
    parts = [TestedTogether(data, [], leaked_rows(data))]
    for one in trained:
        own = of[one.model.name, one.seed]
        part = next((part for part in parts if _is_same(part.data, own)), None)
        if part is None:
            part = TestedTogether(own, [], leaked_rows(own))
            parts.append(part)
        part.trained.append(one)
    for part in parts[1:]:
        names = ", ".join(dict.fromkeys(one.model.name for one in part.trained))
        told = [note for note in part.data.notes if note not in data.notes]
        about = (
            f"{names}: tested on other passages than the rest ({part.data.corpus}, "
            f"{part.data.split}: {len(part.data.test):,}), so not compared with the baseline."
        )
        part.notes.append(" ".join([about, *told]))
    return [part for part in parts if part.trained]


def scored_parts(
    config: Config, parts: Sequence[TestedTogether]
) -> tuple[tuple[Cell, ...], pa.Table]:
    """The cells of all parts, and their predictions in one table."""
    import pyarrow as pa

    from stance.experiments.scores.predictions import predictions_table

    cells: list[Cell] = []
    tables = []
    for part in parts:
        cells += scored_cells(config, part.data, part.trained, is_leaked=part.is_leaked)
        tables.append(predictions_table(part.data, part.trained, is_leaked=part.is_leaked))
    return tuple(cells), pa.concat_tables(tables, promote_options="default")


def _is_same(data: Data, other: Data) -> bool:
    if data is other:
        return True
    return (
        data.labels == other.labels
        and data.test.ids == other.test.ids
        and data.test.labels == other.test.labels
        and data.test.groups == other.test.groups
        and data.corpus == other.corpus
    )
