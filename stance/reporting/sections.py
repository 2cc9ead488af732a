"""Sections: what a report tells of its headline model beside its scores, one section a probe."""

from __future__ import annotations

from dataclasses import dataclass

from stance.experiments.result import Result
from stance.experiments.scores.probes import Probes
from stance.reporting.probe_finding import power_words
from stance.reporting.probe_tables import (
    coverage_table,
    differences_table,
    learning_table,
    perturbations_table,
    seeds_table,
    sets_table,
    slices_table,
)
from stance.reporting.table import Table
from stance.reporting.usage_table import usage_table


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure, by its name and how to read it, with the table of its numbers.

    Parameters
    ----------
    chart : str
        Empty where there is a table alone.
    how : str
        Under the figure; before the table where there is none.
    table : Table or None
    """

    chart: str
    how: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a report: the anchor, the heading, what stands below it."""

    id: str
    title: str
    exhibits: tuple[Exhibit, ...]


def sections_of(result: Result) -> tuple[Section, ...]:
    """The sections that a result has numbers for, in the order in which they stand."""
    probes = result.probes or Probes("", 0)
    found = (
        Section("differences", "Differences", _differences(result, probes)),
        Section("unsure", "Where it is unsure", _unsure(probes)),
        Section("slices", "Slices", _slices(probes)),
        Section("perturbations", "Perturbations", _perturbations(probes)),
        Section("learning", "Learning curve", _learning(probes)),
        Section("usage", "Usage", _usage(result)),
    )
    return tuple(section for section in found if section.exhibits)


def _differences(result: Result, probes: Probes) -> tuple[Exhibit, ...]:
    found = []
    table = differences_table(result)
    if table is not None:
        found.append(Exhibit("", power_words(result), table))
    table = differences_table(result, is_ablation=True)
    if table is not None:
        how = (
            "Left of zero: worse than the headline model. Dark where the corrected p is below "
            "0.05; diamonds are variants, triangles controls. Of several seeds, the first is drawn."
        )
        found.append(Exhibit("ablation", how, table))
    if probes.seeds:
        how = "How far trainings with other seeds differ, apart from the test set's sampling error."
        found.append(Exhibit("", how, seeds_table(probes.seeds)))
    return tuple(found)


def _unsure(probes: Probes) -> tuple[Exhibit, ...]:
    found = []
    if probes.coverage_risk is not None:
        how = (
            "From right to left, ever more passages whose predicted label has a low probability go "
            "unanswered. The band is the 95 % interval over articles."
        )
        found.append(Exhibit("coverage", how, coverage_table(probes.coverage_risk)))
    if probes.conformal is not None:
        how = (
            "Conformal sets: instead of one label, all that are likely enough. The dashed line is "
            "the share that was asked for; it is promised over all labels, not for each."
        )
        found.append(Exhibit("sets", how, sets_table(probes.conformal)))
    return tuple(found)


def _slices(probes: Probes) -> tuple[Exhibit, ...]:
    how = (
        "Each kind of slice with its worst value first. Dark where a slice differs from the rest "
        "(corrected p below 0.05); diamonds are slices in too few articles to be tested. The "
        "dotted line is the headline's value on all passages."
    )
    return (Exhibit("slices", how, slices_table(probes.slices)),) if probes.slices else ()


def _perturbations(probes: Probes) -> tuple[Exhibit, ...]:
    how = (
        "Whole articles were changed, context included. Circles: labels should stay; triangles: "
        "labels should change."
    )
    found = probes.perturbations
    return (Exhibit("perturbations", how, perturbations_table(found)),) if found else ()


def _learning(probes: Probes) -> tuple[Exhibit, ...]:
    how = (
        "Points are means over draws of training articles, with the test set's 95 % interval; "
        "dashes are the draws."
    )
    curve = probes.learning_curve
    return (Exhibit("learning", how, learning_table(curve)),) if curve is not None else ()


def _usage(result: Result) -> tuple[Exhibit, ...]:
    how = (
        "What models say of their own work on the test passages, all folds together, in the run "
        "that asked; what probes asked beside is not counted."
    )
    return (Exhibit("", how, usage_table(result.usage)),) if result.usage else ()
