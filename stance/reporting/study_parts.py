"""StudyParts: what a report of one kind of experiment tells, before it is a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stance.experiments.result import Cell, Estimate, Result
from stance.reporting.drawing import Chart
from stance.reporting.figures import setting_of
from stance.reporting.method import Reference
from stance.reporting.number import MISSING, count, metric_name, p_value, share
from stance.reporting.sections import Section
from stance.reporting.table import Column, Entry, Row, Table, estimated


@dataclass(frozen=True, slots=True)
class StudyParts:
    """What stands on the page.

    Parameters
    ----------
    summary : Table
        Under the answer.
    charts : tuple of Chart
        Those that the sections name.
    sections : tuple of Section
    method : tuple of str
        Paragraphs; numbers in brackets count ``references`` from one.
    references : tuple of Reference
    """

    summary: Table
    charts: tuple[Chart, ...]
    sections: tuple[Section, ...]
    method: tuple[str, ...]
    references: tuple[Reference, ...]


def score_table(
    result: Result, metrics: Sequence[str], *, caption: str, is_compared: bool = False
) -> Table:
    """A row for each cell: some of its metrics, and its difference to the baseline.

    Parameters
    ----------
    result : Result
    metrics : sequence of str
    caption : str
    is_compared : bool
        Whether the difference in the headline's metric and its p-value stand beside.
    """
    columns = [Column("Model"), *(Column(metric_name(name), is_number=True) for name in metrics)]
    if is_compared:
        against = {cell.comparison.against for cell in result.cells if cell.comparison is not None}
        to = f" to {against.pop()}" if len(against) == 1 else ""
        columns += [Column(f"Difference{to}", is_number=True), Column("p", is_number=True)]
    rows = []
    for cell in result.cells:
        entries = [Entry(cell.model, setting_of(cell, among=result.cells))]
        entries += [estimated(cell.metrics.get(name)) for name in metrics]
        if is_compared:
            entries += _compared(cell)
        rows.append(Row(tuple(entries), is_headline=cell is result.cells[0]))
    return Table(caption, tuple(columns), tuple(rows))


def count_table(
    kinds: Mapping[str, Mapping[str, int]], *, heading: str, whole: Mapping[str, int], caption: str
) -> Table:
    """A row for each kind, a column for each model: how many, and of all how much.

    Parameters
    ----------
    kinds : mapping of str to (mapping of str to int)
        Kind → model → number.
    heading : str
        Of the first column.
    whole : mapping of str to int
        Kind → what its numbers are shares of; 0 for none.
    """
    models = list(dict.fromkeys(model for n in kinds.values() for model in n))
    rows = tuple(
        Row(
            (
                Entry(kind),
                *(
                    Entry(count(n[model]), share(n[model], whole[kind]) if whole[kind] else "")
                    for model in models
                ),
            )
        )
        for kind, n in kinds.items()
    )
    columns = (Column(heading), *(Column(model, is_number=True) for model in models))
    return Table(caption, columns, rows)


def estimate_entry(estimates: Mapping[str, Estimate], model: str) -> Entry:
    """A model's estimate; a dash where it has none."""
    found = estimates.get(model)
    return Entry(MISSING) if found is None else estimated(found)


def _compared(cell: Cell) -> list[Entry]:
    one = cell.comparison
    gap = estimated(one.difference if one else None, is_signed=True)
    return [gap, Entry(p_value(one.p_value if one else None))]
