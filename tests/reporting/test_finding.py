from __future__ import annotations

from dataclasses import replace

import pytest

from stance.experiments.result import Cell, Comparison, Estimate, Reliability, Result
from stance.reporting.finding import (
    comparison_finding,
    confusion_finding,
    labels_finding,
    reliability_finding,
)


@pytest.mark.parametrize(
    ("gap", "p", "finding"),
    [
        (Estimate(0.05, 0.02, 0.08), 0.01, "is ahead of b by 0.050 macro-F1 (+0.020 to +0.080)"),
        (Estimate(-0.05, -0.08, -0.02), 0.01, "falls behind b by 0.050 macro-F1"),
        (Estimate(0.05, -0.01, 0.11), 0.01, "and b cannot be told apart (+0.050 macro-F1"),
        (Estimate(0.05, 0.02, 0.08), 0.07, "and b cannot be told apart"),
    ],
)
def test_difference_is_claimed_only_where_interval_and_test_agree(
    result: Result, gap: Estimate, p: float, finding: str
) -> None:
    cell = replace(result.cells[0], comparison=Comparison("b", "macro_f1", gap, p))
    assert comparison_finding(cell, result.headline).startswith(f"ngram-linear {finding}")


def test_without_a_comparison_the_value_is_the_finding(result: Result) -> None:
    cell = replace(result.cells[0], comparison=None)
    assert (
        comparison_finding(cell, result.headline)
        == "ngram-linear reaches macro-F1 0.812 (0.788–0.836)"
    )


def test_best_and_worst_label(result: Result) -> None:
    assert (
        labels_finding(result.cells[0])
        == "Quote is recognised best (F1 0.893), analysis worst (0.700)"
    )


def cell_of(confusion: tuple[tuple[int, ...], ...]) -> Cell:
    labels = ("quote", "report", "analysis")[: len(confusion)]
    return Cell("m", "c", "test", 0, "model", labels, {}, confusion)


@pytest.mark.parametrize(
    ("confusion", "finding"),
    [
        (
            ((900, 100, 0), (0, 50, 0), (0, 30, 20)),
            "Analysis is most often mistaken for report (30",
        ),
        (((900, 100, 0), (0, 50, 0), (0, 2, 1)), "Quote is most often mistaken for report (100 of"),
        (((5, 0), (0, 1200)), "No label is mistaken for another (1,205 of 1,205 right)"),
        (((0, 0), (0, 0)), "No label is mistaken for another (0 of 0 right)"),
    ],
)
def test_most_frequent_mistake(confusion: tuple[tuple[int, ...], ...], finding: str) -> None:
    assert confusion_finding(cell_of(confusion)).startswith(finding)


@pytest.mark.parametrize(
    ("accuracy", "finding"),
    [(0.5, "Overconfident"), (0.9, "Underconfident"), (0.71, "As sure as it is right")],
)
def test_confidence_against_accuracy(accuracy: float, finding: str) -> None:
    assert reliability_finding(Reliability((0.7,), (accuracy,), (10,))).startswith(finding)
