"""Compare: the models of several reports on one leaderboard, with what tells them apart.

Models are compared by their answers to the same passages, joined by id, never by the overlap of
their intervals. Reports that were not tested on the same passages with the same labels are refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import N_RESAMPLES, bootstrap
from stance.evaluation.metrics import Metric
from stance.evaluation.significance import holm, permutation_test
from stance.experiments.reports.report import Report, read_report
from stance.experiments.reports.same_test import (
    Answered,
    CompareError,
    answered_cells,
    check_same_test,
    entrant,
    training_notes,
)
from stance.experiments.reports.ties import tie_letters
from stance.experiments.result import Estimate
from stance.experiments.scores.estimate import estimate_of

SCHEMA_VERSION = 1
LEVEL = 0.05

Against = Literal["all", "best"]

__all__ = ["LEVEL", "CompareError", "Leaderboard", "Pair", "Standing", "compare"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A test of two standings.

    Parameters
    ----------
    first, second : int
        Places on the leaderboard, counted from 0; the first stands higher.
    difference : Estimate
        First minus second; interval by paired bootstrap over groups, not corrected.
    p_value, corrected : float
        Two-sided, as it is and after Holm.
    """

    first: int
    second: int
    difference: Estimate
    p_value: float
    corrected: float

    @property
    def is_different(self) -> bool:
        """Whether the corrected p-value is below ``LEVEL``."""
        return self.corrected < LEVEL


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the leaderboard: one model, trained once.

    Parameters
    ----------
    rank : int
        1, and 1 more for every model that was shown to be better.
    group : str
        Tie letters: two models that share one were not told apart. Entrant against the best alone,
        ``"a"`` for the best and its equals, empty for the others.
    model, role : str
    seed : int
    reports : tuple of str
        Where it stands; several where they hold the same model with the same answers.
    estimate : Estimate
        The metric with its 95 % interval, as the report has it.
    accuracy : float or None
        None where answers are not simply right or wrong.
    """

    rank: int
    group: str
    model: str
    role: str
    seed: int
    reports: tuple[str, ...]
    estimate: Estimate
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Every model of some reports on one test set, the best first.

    Parameters
    ----------
    metric, corpus, task, split : str
        ``task`` is empty for a table of one's own.
    n_groups, n_passages : int
    labels : tuple of str
    reports : tuple of str
    against : {"all", "best"}
        Which pairs were tested: every two, or each with the best.
    n_permutations : int
    standings : tuple of Standing
    pairs : tuple of Pair
    notes : tuple of str
        What was left out, and why.
    """

    metric: str
    corpus: str
    task: str
    split: str
    n_groups: int
    n_passages: int
    labels: tuple[str, ...]
    reports: tuple[str, ...]
    against: Against
    n_permutations: int
    standings: tuple[Standing, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()

    def to_best(self, place: int) -> Pair | None:
        """The test of a standing against the best; None for the best itself."""
        return next((pair for pair in self.pairs if (pair.first, pair.second) == (0, place)), None)

    def to_dict(self) -> dict[str, Any]:
        """The leaderboard as JSON can hold it; ``pairs`` tell whether they are different."""
        values: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "correction": "holm",
            "level": LEVEL,
            **asdict(self),
        }
        for shown, pair in zip(values["pairs"], self.pairs, strict=True):
            shown["is_different"] = pair.is_different
        return values


def compare(
    folders: Sequence[str | os.PathLike[str]],
    *,
    metric: str | None = None,
    against: Against = "all",
    n_permutations: int = N_RESAMPLES,
    seed: int = 0,
) -> Leaderboard:
    """The leaderboard of some reports.

    Parameters
    ----------
    folders : sequence of path
        Reports of the same test set. One is enough: its own models are then compared.
    metric : str, optional
        One of the kind's: ``macro_f1`` and ``accuracy`` of labels. By default that of the reports'
        headlines, which must then be the same.
    against : {"all", "best"}
        ``all`` tests every two models and corrects for as many tests. ``best`` tests each against
        the best alone: fewer tests, more power, but the best was chosen by the same numbers, so its
        lead looks a little surer than it is.
    n_permutations, seed : int
        Of the paired permutation test over groups, and resamples of the difference's interval.

    Raises
    ------
    CompareError
        The reports differ in corpus, task, split, test passages, their labels, or metric; a
        report's predictions are not those of its numbers; or there is only one model.
    ReportError
        A folder is no report.
    """
    reports = [read_report(folder) for folder in _distinct(folders)]
    names = _names(reports)
    every = [entrant(report, name) for report, name in zip(reports, names, strict=True)]
    metric = check_same_test(every, metric=metric)
    cells, notes = answered_cells(every, metric=metric)
    cells = sorted(_merged(cells), key=lambda c: (-c.estimate.value, c.model, c.seed, c.reports))
    if len(cells) < 2:
        raise CompareError(f"expected two models at least, got {[cell.model for cell in cells]}")
    ruler = every[0].ruler
    counts = [ruler.counts(cell.rows, cells[0].labels) for cell in cells]
    by = ruler.metrics[metric]
    pairs = _pairs(counts, metric=by, against=against, n=n_permutations, seed=seed)
    head = reports[0].result.headline
    return Leaderboard(
        metric=metric,
        corpus=head.corpus,
        task=reports[0].corpus[1],
        split=head.split,
        n_groups=len(counts[0]),
        n_passages=len(cells[0].rows),
        labels=cells[0].labels,
        reports=tuple(names),
        against=against,
        n_permutations=n_permutations,
        standings=_standings(
            cells, counts, pairs, against=against, accuracy=ruler.metrics.get("accuracy")
        ),
        pairs=pairs,
        notes=(*notes, *training_notes(every)),
    )


def _distinct(folders: Sequence[str | os.PathLike[str]]) -> list[Path]:
    found = list({Path(folder).resolve(): Path(folder) for folder in folders}.values())
    if not found:
        raise CompareError("expected a report's folder at least, got none")
    return found


def _names(reports: Sequence[Report]) -> list[str]:
    """The reports' own names; their folders where two have the same."""
    names = [report.result.name for report in reports]
    return [
        report.folder.as_posix() if names.count(name) > 1 else name
        for report, name in zip(reports, names, strict=True)
    ]


def _merged(cells: Sequence[Answered]) -> list[Answered]:
    """Cells with the same model, seed and answers as one: a baseline that several reports share."""
    found: dict[Any, Answered] = {}
    for cell in cells:
        key = (cell.model, cell.seed, cell.predicted)
        found[key] = found[key].joined(cell) if key in found else cell
    return list(found.values())


def _pairs(
    counts: Sequence[NDArray[np.int64]], *, metric: Metric, against: Against, n: int, seed: int
) -> tuple[Pair, ...]:
    every = combinations(range(len(counts)), 2)
    chosen = [pair for pair in every if against == "all" or pair[0] == 0]
    tests = [
        permutation_test(counts[i], counts[j], metric=metric, n_permutations=n, seed=seed).p_value
        for i, j in chosen
    ]
    differences = _differences(counts, chosen, metric=metric, n=n, seed=seed)
    return tuple(
        Pair(i, j, difference, p, corrected)
        for (i, j), difference, p, corrected in zip(
            chosen, differences, tests, holm(tests).tolist(), strict=True
        )
    )


def _differences(
    counts: Sequence[NDArray[np.int64]],
    chosen: Sequence[tuple[int, int]],
    *,
    metric: Metric,
    n: int,
    seed: int,
) -> list[Estimate]:
    """What ``paired_difference`` gives for each pair, all from the same resamples."""

    def statistics(sums: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
        values = metric(sums)
        return {f"{i} {j}": values[:, i] - values[:, j] for i, j in chosen}

    found = bootstrap(np.stack(counts, axis=1), statistics, n_resamples=n, seed=seed)
    return [estimate_of(found[f"{i} {j}"]) for i, j in chosen]


def _standings(
    cells: Sequence[Answered],
    counts: Sequence[NDArray[np.int64]],
    pairs: Sequence[Pair],
    *,
    against: Against,
    accuracy: Metric | None,
) -> tuple[Standing, ...]:
    different = [(pair.first, pair.second) for pair in pairs if pair.is_different]
    behind = [sum(second == i for _, second in different) for i in range(len(cells))]
    if against == "all":
        groups = tie_letters(len(cells), different)
    else:
        groups = tuple("" if n else "a" for n in behind)
    return tuple(
        Standing(
            rank=1 + behind[i],
            group=groups[i],
            model=cell.model,
            role=cell.role,
            seed=cell.seed,
            reports=cell.reports,
            estimate=cell.estimate,
            accuracy=None if accuracy is None else float(accuracy(counts[i].sum(axis=0))),
        )
        for i, cell in enumerate(cells)
    )
