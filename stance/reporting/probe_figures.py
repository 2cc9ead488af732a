"""Figures of the probes: slices, coverage and risk, sets, perturbations, learning, ablation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.experiments.result import Cell, Estimate, Headline, Result
from stance.experiments.scores.probes import (
    Conformal,
    CoverageRisk,
    LearningCurve,
    Perturbation,
    Probes,
    Slice,
)
from stance.reporting.drawing import WIDTH, Chart, canvas, rendered, shown
from stance.reporting.forest import draw_beside, draw_interval, forest_axes, spoken
from stance.reporting.number import count, metric_name, per_cent
from stance.reporting.palette import INK, MUTED, PAPER, ROLE_MARKERS, SHADE, style_of
from stance.reporting.probe_finding import (
    ablation_finding,
    conformal_finding,
    coverage_finding,
    learning_finding,
    perturbations_finding,
    slices_finding,
)

PROBE_NAMES = ("ablation", "coverage", "sets", "slices", "perturbations", "learning")
"""Every figure that probes can have, in the order in which they stand."""

MAX_SLICES = 40
_ROW = 0.27


def probe_charts(result: Result) -> tuple[Chart, ...]:
    """The figures of a result's probes; one whose numbers it lacks is left out.

    To be called inside ``drawing_style``.
    """
    charts = []
    if any(cell.ablation is not None for cell in result.cells):
        charts.append(_ablation(result))
    probes = result.probes or Probes("", 0)
    if probes.coverage_risk is not None:
        charts.append(_coverage(probes.coverage_risk))
    if probes.conformal is not None:
        charts.append(_sets(probes.conformal))
    if probes.slices:
        charts.append(_slices(probes.slices, whole=result.headline))
    if probes.perturbations:
        charts.append(_perturbations(probes.perturbations))
    if probes.learning_curve is not None:
        charts.append(_learning(probes.learning_curve))
    return tuple(charts)


def _slices(slices: Sequence[Slice], *, whole: Headline) -> Chart:
    """Slices by column, each column's worst first; the worst of all where there are too many."""
    drawn = sorted(slices, key=lambda one: one.score.value)[:MAX_SLICES]
    columns = sorted(
        {one.column for one in drawn},
        key=lambda name: min(one.score.value for one in drawn if one.column == name),
    )
    n_rows = len(drawn) + 1.2 * len(columns)
    height = _ROW * n_rows + 0.75
    finding = slices_finding(slices)
    figure, total = canvas(finding, height=height)
    axes = forest_axes(figure, [one.score for one in drawn], heights=(height, total), left=2.25)
    axes.set_ylim(n_rows - 0.4, -0.8)
    axes.axvline(whole.value, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0)
    row = 0.0
    for column in columns:
        metric = next(one.metric for one in drawn if one.column == column)
        title = f"{column.replace('_', ' ')} ({metric_name(metric)})"
        draw_beside(axes, row, shown(title, limit=32), weight="bold", size=8.5)
        row += 1
        for one in (one for one in drawn if one.column == column):
            is_seen = one.p_value is not None and one.p_value < 0.05
            colour = INK if is_seen else MUTED
            marker = "o" if one.p_value is not None else "D"
            draw_interval(axes, row, one.score, colour=colour, marker=marker)
            draw_beside(axes, row, shown(one.value, limit=26), size=8.5, left=40)
            draw_beside(axes, row, f"n {count(one.n_passages)}", size=7.5, colour=MUTED)
            row += 1
        row += 0.2
    axes.set_xlabel("score, point and 95 % interval")
    lines = [
        f"{one.column} {one.value} {metric_name(one.metric)} {spoken(one.score)}, "
        f"n {one.n_passages}"
        for one in drawn
    ]
    alt = "Score of each slice with its 95 % interval, worst first: " + "; ".join(lines) + "."
    return rendered(figure, name="slices", finding=finding, alt=alt, height=height)


def _coverage(curve: CoverageRisk) -> Chart:
    finding = coverage_finding(curve)
    height = 3.3
    figure, total = canvas(finding, height=height)
    axes = figure.add_axes((0.75 / WIDTH, 0.55 / total, 4.6 / WIDTH, (height - 0.7) / total))
    x = [100 * value for value in curve.coverage]
    lows, highs = _ends(curve.risk)
    axes.fill_between(x, lows, highs, color=SHADE, alpha=0.18, linewidth=0)
    axes.plot(x, [100 * one.value for one in curve.risk], "-o", color=INK, linewidth=1.4)
    axes.lines[0].set(markersize=4, markeredgecolor=PAPER, clip_on=False)
    axes.axhline(100 * curve.error, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        "all answered",
        (0, 100 * curve.error),
        (3, 3),
        textcoords="offset points",
        fontsize=7.5,
        color=MUTED,
    )
    axes.set(xlim=(0, 100), xlabel="answered, % of passages (the surest first)")
    axes.set_ylim(0, 1.12 * max(*highs, 100 * curve.error, 1.0))
    axes.set_ylabel("wrong, % of the answered")
    axes.grid()
    lines = [
        f"{100 * c:.0f} % answered, {per_cent(risk.value)} wrong"
        for c, risk in zip(curve.coverage, curve.risk, strict=True)
    ]
    alt = "Share of wrong answers by share of answered passages: " + "; ".join(lines) + "."
    return rendered(figure, name="coverage", finding=finding, alt=alt, height=height)


def _sets(sets: Conformal) -> Chart:
    names = ["all", *sets.labels]
    estimates = [sets.coverage, *sets.labels.values()]
    height = 0.34 * len(names) + 0.75
    finding = conformal_finding(sets)
    figure, total = canvas(finding, height=height)
    level = Estimate(sets.level)
    axes = forest_axes(figure, [*estimates, level], heights=(height, total))
    axes.set_ylim(len(names) - 0.4, -0.6)
    for row, (name, estimate) in enumerate(zip(names, estimates, strict=True)):
        style = style_of(name)
        colour, marker = (INK, "o") if row == 0 else (style.colour, style.marker)
        draw_interval(axes, row, estimate, colour=colour, marker=marker)
        weight = "bold" if row == 0 else "normal"
        draw_beside(axes, row, shown(name), weight=weight)
    axes.axvline(sets.level, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    axes.set_xlabel("share of sets that hold the true label, 95 % interval")
    lines = [f"{name} {spoken(one)}" for name, one in zip(names, estimates, strict=True)]
    alt = f"Coverage of sets at level {sets.level:g}, by true label: " + "; ".join(lines) + "."
    return rendered(figure, name="sets", finding=finding, alt=alt, height=height)


def _perturbations(found: Sequence[Perturbation]) -> Chart:
    drawn = sorted(found, key=lambda one: -one.failed.value)
    height = 0.44 * len(drawn) + 0.75
    finding = perturbations_finding(found)
    figure, total = canvas(finding, height=height)
    axes = forest_axes(figure, [one.failed for one in drawn], heights=(height, total), left=2.35)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    for row, one in enumerate(drawn):
        marker = "o" if one.expected == "stay" else "^"
        draw_interval(axes, row, one.failed, colour=INK, marker=marker)
        draw_beside(axes, row, f"{one.name}, n {count(one.n_passages)}", up=4.5)
        draw_beside(axes, row, shown(one.what, limit=42), colour=MUTED, size=7, up=-5.5)
    axes.set_xlabel("share of labels that fail, 95 % interval")
    lines = [
        f"{one.name} ({one.what}; labels should {one.expected}) {spoken(one.failed)}, "
        f"n {one.n_passages}"
        for one in drawn
    ]
    alt = "Share of labels that fail after each change of the text: " + "; ".join(lines) + "."
    return rendered(figure, name="perturbations", finding=finding, alt=alt, height=height)


def _learning(curve: LearningCurve) -> Chart:
    finding = learning_finding(curve)
    height = 3.3
    figure, total = canvas(finding, height=height)
    axes = figure.add_axes((0.75 / WIDTH, 0.55 / total, 4.6 / WIDTH, (height - 0.7) / total))
    x = [point.n_groups for point in curve.points]
    y = [point.score.value for point in curve.points]
    for point in curve.points:
        if point.score.low is not None and point.score.high is not None:
            ends = [point.score.low, point.score.high]
            axes.plot([point.n_groups] * 2, ends, color=INK, linewidth=1.6)
        axes.plot([point.n_groups] * len(point.draws), point.draws, "_", color=MUTED, markersize=11)
    axes.plot(x, y, "-o", color=INK, linewidth=1.4, markersize=6, markeredgecolor=PAPER)
    axes.set_xscale("log", base=2)
    axes.set_xticks(x, [f"{value:.0f}" for value in x])
    axes.minorticks_off()
    axes.set_xlim(x[0] / 1.25, x[-1] * 1.25)
    axes.set(xlabel="training articles (log scale)", ylabel=metric_name(curve.metric))
    axes.grid()
    lines = [f"{point.n_groups:.0f} articles {spoken(point.score)}" for point in curve.points]
    alt = f"{metric_name(curve.metric)} by training articles: " + "; ".join(lines) + "."
    return rendered(figure, name="learning", finding=finding, alt=alt, height=height)


def _ablation(result: Result) -> Chart:
    # One seed says what a part is worth; the others stand in the table.
    firsts = {cell.model: cell for cell in reversed(result.cells) if cell.ablation is not None}
    cells = sorted(firsts.values(), key=lambda cell: _gap(cell).value)
    height = 0.4 * len(cells) + 0.75
    finding = ablation_finding(cells)
    figure, total = canvas(finding, height=height)
    gaps = [_gap(cell) for cell in cells]
    axes = forest_axes(figure, [*gaps, Estimate(0.0)], heights=(height, total), right=1.85)
    axes.set_ylim(len(cells) - 0.4, -0.6)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0)
    for row, (cell, gap) in enumerate(zip(cells, gaps, strict=True)):
        is_seen = cell.ablation is not None and cell.ablation.p_value < 0.05
        colour, marker = (INK if is_seen else MUTED), ROLE_MARKERS[cell.role]
        draw_interval(axes, row, gap, colour=colour, marker=marker, is_signed=True)
        draw_beside(axes, row, shown(cell.model))
    metric = cells[0].ablation.metric if cells[0].ablation else ""
    axes.set_xlabel(f"{metric_name(metric)} against the headline model, 95 % interval")
    lines = [
        f"{cell.model} {spoken(gap, is_signed=True)}" for cell, gap in zip(cells, gaps, strict=True)
    ]
    alt = f"Difference in {metric_name(metric)} to the headline model: " + "; ".join(lines) + "."
    return rendered(figure, name="ablation", finding=finding, alt=alt, height=height)


def _gap(cell: Cell) -> Estimate:
    return cell.ablation.difference if cell.ablation is not None else Estimate(0.0)


def _ends(estimates: Sequence[Estimate]) -> tuple[Any, Any]:
    """Ends of intervals in per cent; the values themselves where there are none."""
    lows = [100 * (one.value if one.low is None else one.low) for one in estimates]
    highs = [100 * (one.value if one.high is None else one.high) for one in estimates]
    return lows, highs
