"""Test set: what several reports were tested on, and whether it is the same thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stance.experiments.configs.mistakes import nearest
from stance.experiments.reports.report import Report
from stance.experiments.reports.rulers import Ruler, ruler_of
from stance.experiments.result import Cell, Estimate

_SAME = 1e-5  # results.json has six digits

_COLUMNS = ("model", "seed", "corpus", "split", "id", "group", "label", "predicted")

Key = tuple[str, int]
"""A passage's id, and how many rows of this id stand before."""


class CompareError(ValueError):
    """Reports that cannot stand on one leaderboard; the message says why, one reason a line."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A model's answers to a test set, all cells of a comparison in the same order.

    Parameters
    ----------
    model, role : str
    seed : int
    reports : tuple of str
    estimate : Estimate
        Of the metric that is compared.
    labels : tuple of str
    rows : tuple of mapping
        Of ``predictions.parquet``.
    """

    model: str
    role: str
    seed: int
    reports: tuple[str, ...]
    estimate: Estimate
    labels: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def predicted(self) -> tuple[str | None, ...]:
        """The answers."""
        return tuple(row["predicted"] for row in self.rows)

    def joined(self, other: Answered) -> Answered:
        """The same answers, standing in the other's reports too."""
        return replace(self, reports=tuple(dict.fromkeys((*self.reports, *other.reports))))


@dataclass(frozen=True, slots=True)
class Entrant:
    """A report with the answers of its models on the headline's test set.

    Parameters
    ----------
    name : str
        How messages call the report.
    report : Report
    rows : mapping of (model, seed) to rows of ``predictions.parquet``
    """

    name: str
    report: Report
    rows: Mapping[tuple[str, int], Mapping[Key, dict[str, Any]]]

    @property
    def ruler(self) -> Ruler:
        """What the report's kind is measured by."""
        return ruler_of(self.report.config)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The report's cells on this test set."""
        return tuple(cell for cell in self.report.result.cells if self.has(cell))

    def has(self, cell: Cell) -> bool:
        """Whether a cell was tested on the headline's test set."""
        head = self.report.result.headline
        return (cell.corpus, cell.split) == (head.corpus, head.split)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label set, in the headline cell's order."""
        return next((cell.labels for cell in self.cells), ())

    @property
    def passages(self) -> dict[Key, tuple[str, str]]:
        """Label and article of every test passage."""
        rows = next(iter(self.rows.values()), {})
        return {key: (row["label"], row["group"]) for key, row in rows.items()}


def entrant(report: Report, name: str) -> Entrant:
    """A report with its predictions on the headline's test set.

    Raises
    ------
    CompareError
        The predictions lack a column.
    ReportError
        They cannot be read.
    """
    import pyarrow.compute as pc

    head, table = report.result.headline, report.predictions()
    columns = [*_COLUMNS, *ruler_of(report.config).columns]
    if lacking := [column for column in columns if column not in table.column_names]:
        raise CompareError(f"{name}: predictions.parquet has no columns {lacking}")
    is_ours = pc.and_(pc.equal(table["corpus"], head.corpus), pc.equal(table["split"], head.split))
    found: dict[tuple[str, int], dict[Key, dict[str, Any]]] = {}
    seen: Counter[tuple[str, int, str]] = Counter()
    for row in table.select(columns).filter(is_ours).to_pylist():
        # The second row of an id is the second in every report.
        place = (row["model"], row["seed"], row["id"])
        found.setdefault(place[:2], {})[row["id"], seen[place]] = row
        seen[place] += 1
    return Entrant(name, report, found)


def check_same_test(every: Sequence[Entrant], *, metric: str | None = None) -> str:
    """The metric by which reports can be compared, once it is certain that they can be.

    Parameters
    ----------
    every : sequence of Entrant, at least one
    metric : str, optional
        By default that of the first report's headline, which the others must share.

    Raises
    ------
    CompareError
        With every difference in corpus, task, variant, split, metric, labels and test passages.
    """
    first, reasons = every[0], []
    for other in every[1:]:
        found = list(_other_data(first, other, metric=metric))
        found = found or list(_other_passages(first, other))
        reasons += [f"{other.name} cannot be compared with {first.name}: {why}" for why in found]
    if reasons:
        raise CompareError("\n".join(reasons))
    metric = metric or first.report.result.headline.metric
    metrics = list(first.ruler.metrics)
    if metric not in metrics:
        known, near = ", ".join(map(repr, metrics)), nearest(metric, metrics)
        raise CompareError(f"metric = {metric!r}, must be one of {known}{near}")
    return metric


def answered_cells(every: Sequence[Entrant], *, metric: str) -> tuple[list[Answered], list[str]]:
    """Every cell of the reports on their common test set, and notes on cells that are left out.

    Raises
    ------
    CompareError
        A cell's predictions do not give the number that ``results.json`` has for it.
    """
    cells: list[Answered] = []
    notes: list[str] = []
    order = tuple(every[0].passages)
    for one in every:
        for cell in one.report.result.cells:
            what = f"{cell.model} (seed {cell.seed}) of {one.name} is left out:"
            if not one.has(cell):
                notes.append(f"{what} tested on another set, {cell.corpus}, {cell.split}.")
            elif (cell.model, cell.seed) not in one.rows or metric not in cell.metrics:
                notes.append(f"{what} the report has no predictions or no {metric} of it.")
            else:
                cells.append(_answered(cell, one, order=order, metric=metric))
    return cells, notes


def training_notes(every: Sequence[Entrant]) -> Iterator[str]:
    """What models of different reports did not have in common before the test."""
    for key in ("split", "corpus"):
        first = every[0].report.config.get(key)
        for other in every[1:]:
            section = other.report.config.get(key)
            if isinstance(first, dict) and isinstance(section, dict):
                for name in dict.fromkeys((*first, *section)):
                    if first.get(name) != section.get(name):
                        yield (
                            f"Not the same before the test: {key}.{name} is "
                            f"{_told(section.get(name))} in {other.name}, "
                            f"{_told(first.get(name))} in {every[0].name}."
                        )


def _told(value: Any) -> str:
    return "not set" if value is None else repr(value)


def _other_data(first: Entrant, other: Entrant, *, metric: str | None) -> Iterator[str]:
    one, two = first.report.result.headline, other.report.result.headline
    _, task, variant = first.report.corpus
    _, other_task, other_variant = other.report.corpus
    kinds = [str(e.report.config.get("kind", "labels")) for e in (other, first)]
    told = [
        ("kind", *kinds),
        ("corpus", two.corpus, one.corpus),
        ("task", other_task, task),
        ("variant", other_variant if other_task == task else variant, variant),
        ("split", two.split, one.split),
    ]
    for what, got, wanted in told:
        if got != wanted:
            yield f"its {what} is {got!r}, not {wanted!r}"
    if metric is None and two.metric != one.metric:
        yield f"its metric is {two.metric!r}, not {one.metric!r}: ask for one of them by name"
    if set(other.labels) != set(first.labels):
        yield f"its labels are {sorted(other.labels)}, not {sorted(first.labels)}"


def _other_passages(first: Entrant, other: Entrant) -> Iterator[str]:
    wanted, got = first.passages, other.passages
    missing, strange = wanted.keys() - got.keys(), got.keys() - wanted.keys()
    for keys, what in ((missing, "are missing from its test set"), (strange, "are in it alone")):
        if keys:
            yield f"{len(keys):,} test passages {what} (one is {min(keys)[0]!r})"
    for place, what in ((0, "label"), (1, "article")):
        moved = sorted(k for k in wanted.keys() & got.keys() if wanted[k][place] != got[k][place])
        if moved:
            key = moved[0]
            yield (
                f"{len(moved):,} test passages have another {what} "
                f"({key[0]!r}: {got[key][place]!r}, not {wanted[key][place]!r})"
            )


def _answered(cell: Cell, one: Entrant, *, order: Sequence[Key], metric: str) -> Answered:
    by_key = one.rows[cell.model, cell.seed]
    if by_key.keys() != set(order):
        raise CompareError(
            f"{one.name}: {cell.model} answered {len(by_key):,} passages of the {len(order):,} of "
            "the test set: the report is not whole, `stance reproduce` tells more"
        )
    rows = [by_key[key] for key in order]
    found = Answered(
        model=cell.model,
        role=cell.role,
        seed=cell.seed,
        reports=(one.name,),
        estimate=cell.metrics[metric],
        labels=cell.labels,
        rows=tuple(rows),
    )
    try:
        counts = one.ruler.counts(rows, found.labels)
    except ValueError as error:
        raise CompareError(f"{one.name}: predictions of {cell.model}: {error}") from error
    value = float(one.ruler.metrics[metric](counts.sum(axis=0)))
    if abs(value - found.estimate.value) > _SAME:
        raise CompareError(
            f"{one.name}: the predictions of {cell.model} give {metric} {value:.6f}, results.json "
            f"has {found.estimate.value:.6f}: one was changed, `stance reproduce` tells which"
        )
    return found
