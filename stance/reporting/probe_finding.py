"""Probe findings: what the figures of the probes show, each in one sentence from its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from stance.evaluation.slices import MIN_GROUPS
from stance.experiments.result import Cell, Result
from stance.experiments.scores.probes import (
    Conformal,
    CoverageRisk,
    LearningCurve,
    Perturbation,
    Slice,
)
from stance.reporting.finding import ENOUGH, headline_cell
from stance.reporting.number import decimal, interval, metric_name, per_cent

ROBUST = 0.05
"""Share of failing labels below which a perturbation is called withstood."""


def slices_finding(slices: Sequence[Slice]) -> str:
    """Which slice is told apart from the rest as worse; else the lowest, with that reservation.

    Slices of few passages or articles have their turn only where there are no others.
    """
    seen = [s for s in slices if s.p_value is not None and s.p_value < 0.05 and _is_worse(s)]
    if seen:
        worst = min(seen, key=lambda one: one.score.value)
        gap = worst.difference
        size = "" if gap is None else f", {decimal(abs(gap.value))} below the rest"
        return (
            f"Worst on {slice_name(worst)}: {metric_name(worst.metric)} "
            f"{decimal(worst.score.value)}{size}"
        )
    large = [s for s in slices if s.n_passages >= ENOUGH and s.n_groups >= MIN_GROUPS]
    lowest = min(large or slices, key=lambda one: one.score.value)
    return (
        f"No slice is told apart from the rest; lowest is {slice_name(lowest)} "
        f"({metric_name(lowest.metric)} {decimal(lowest.score.value)}, n {lowest.n_passages})"
    )


def slice_name(one: Slice) -> str:
    """A slice as a sentence names it.

    Examples
    --------
    >>> from stance.experiments.result import Estimate
    >>> slice_name(Slice("genre", "wire", 2, 40, "accuracy", Estimate(0.9), Estimate(0.9)))
    'genre “wire”'
    """
    return f"{one.column.replace('_', ' ')} “{one.value}”"


def coverage_finding(curve: CoverageRisk) -> str:
    """How far mistakes fall when the least sure fifth gets no answer.

    Examples
    --------
    >>> from stance.experiments.result import Estimate
    >>> coverage_finding(CoverageRisk((0.9, 0.5), (0.8, 1.0), (Estimate(0.02), Estimate(0.1)),
    ...                               Estimate(0.03), 0.1, 0.005))
    'Answering only the surest 80 % cuts mistakes from 10.0 % to 2.0 %'
    """
    at = min(range(len(curve.coverage)), key=lambda i: (abs(curve.coverage[i] - 0.8), i))
    risk, whole = curve.risk[at].value, curve.risk[-1].value
    part = f"{100 * curve.coverage[at]:.0f} %"
    if risk >= whole:
        return f"Abstaining does not help: the surest {part} are wrong as often as all"
    return (
        f"Answering only the surest {part} cuts mistakes from {per_cent(whole)} to {per_cent(risk)}"
    )


def conformal_finding(sets: Conformal) -> str:
    """Whether sets hold the true label as often as asked for, and at what size."""
    wanted, found = f"{100 * sets.level:g} %", sets.coverage
    has_interval = found.low is not None and found.high is not None
    size = f"{sets.size.value:.2f} labels on average"
    share = f"{per_cent(found.value)}"
    if has_interval and (found.high or 0) < sets.level:
        return f"Sets meant to hold the truth in {wanted} do so in {share} only, with {size}"
    return f"Sets meant to hold the truth in {wanted} of cases do so in {share}, with {size}"


def perturbations_finding(found: Sequence[Perturbation]) -> str:
    """Which change of the text fails most often."""
    worst = max(found, key=lambda one: one.failed.value)
    share = per_cent(worst.failed.value)
    verb = "change" if worst.expected == "stay" else "stay, though they should change,"
    if worst.failed.value < ROBUST:
        return f"No change moves more than {share} of labels (most: {worst.what})"
    return f"Most fragile: {worst.what}, {share} of labels {verb}"


def learning_finding(curve: LearningCurve) -> str:
    """Whether more articles still help."""
    name, last = metric_name(curve.metric), curve.points[-1]
    if curve.gain is None or len(curve.points) < 2:
        return f"{name} {decimal(last.score.value)} with {last.n_groups:.0f} articles"
    before, gain = curve.points[-2], curve.gain
    step = f"from {before.n_groups:.0f} to {last.n_groups:.0f} articles"
    size = f"{decimal(gain.value, is_signed=True)}, {interval(gain, is_signed=True)}"
    if gain.low is not None and gain.low > 0:
        return f"Still rising: {step}, {name} gains {decimal(gain.value)} ({size.split(', ')[1]})"
    return f"Levelling off: {step}, {name} moves by {size}"


def ablation_finding(cells: Sequence[Cell]) -> str:
    """Which variant or control costs most against the headline model."""
    tested = [cell for cell in cells if cell.ablation is not None]
    worst = min(tested, key=lambda c: c.ablation.difference.value if c.ablation else 0.0)
    found = worst.ablation
    if found is None:
        return ""
    gap = decimal(found.difference.value, is_signed=True)
    if found.p_value >= 0.05:
        return f"No variant can be told apart from {found.against} (largest loss: {gap})"
    return f"{worst.model} costs most: {gap} {metric_name(found.metric)} against {found.against}"


def power_words(result: Result) -> str:
    """What the test set can show, and whether the two tests of the headline model agree."""
    found = headline_cell(result).comparison
    if found is None or found.detectable is None:
        return ""
    name = metric_name(found.metric)
    text = (
        f"A true difference of {decimal(found.detectable)} {name} to {found.against} would be "
        "found four times of five on a test set of this size; smaller ones may go unseen."
    )
    if found.mcnemar_p is None:
        return text
    if (found.mcnemar_p < 0.05) == (found.p_value < 0.05):
        return f"{text} McNemar's test, as a second opinion, agrees."
    return f"{text} McNemar's test disagrees: it looks at accuracy, and at passages alone."


def _is_worse(one: Slice) -> bool:
    return one.difference is not None and one.difference.value < 0
