"""Figures of a report: models, labels, confusion, reliability. Each title is a finding."""

from __future__ import annotations

from typing import Any

from stance.experiments.result import Cell, Reliability, Result
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.finding import (
    comparison_finding,
    confusion_finding,
    headline_cell,
    labels_finding,
    labels_with_f1,
    reliability_finding,
)
from stance.reporting.forest import draw_beside, draw_interval, forest_axes, spoken
from stance.reporting.number import count, metric_name, share
from stance.reporting.palette import INK, MUTED, PAPER, ROLE_MARKERS, SHADE, WHITE, style_of
from stance.reporting.probe_figures import PROBE_NAMES, probe_charts

NAMES = ("models", "labels", "confusion", "reliability", *PROBE_NAMES)
"""Every figure that a report can have, in the order in which they stand."""


def charts_of(result: Result) -> tuple[Chart, ...]:
    """The figures of a report; one whose numbers the result lacks is left out.

    Parameters
    ----------
    result : Result

    Returns
    -------
    tuple of Chart
        Named among ``NAMES``. The same result gives the same bytes.

    Raises
    ------
    ValueError
        The headline names no cell.
    """
    cell = headline_cell(result)
    with drawing_style():
        charts = [models_chart(result, cell)]
        if labels_with_f1(cell):
            charts.append(_labels(cell))
        if cell.labels:
            charts.append(_confusion(cell))
        if cell.reliability is not None and sum(cell.reliability.n) > 0:
            charts.append(_reliability(cell.reliability))
        charts += probe_charts(result)
    return tuple(charts)


def setting_of(cell: Cell, *, among: tuple[Cell, ...]) -> str:
    """What tells a cell from others of its model: role, and corpus, split, seed where they vary."""
    words: list[str] = [cell.role]
    for name in ("corpus", "split"):
        if len({getattr(other, name) for other in among}) > 1:
            words.append(getattr(cell, name))
    if len({other.seed for other in among}) > 1:
        words.append(f"seed {cell.seed}")
    return " · ".join(words)


def models_chart(result: Result, chosen: Cell) -> Chart:
    """The headline metric of every model. To be called inside ``drawing_style``."""
    metric = result.headline.metric
    cells = [cell for cell in result.cells if metric in cell.metrics]
    estimates = [cell.metrics[metric] for cell in cells]
    height = 0.44 * len(cells) + 0.75
    finding = comparison_finding(chosen, result.headline)
    figure, total = canvas(finding, height=height)
    axes = forest_axes(figure, estimates, heights=(height, total))
    for row, (cell, estimate) in enumerate(zip(cells, estimates, strict=True)):
        is_chosen = cell is chosen
        colour = INK if is_chosen else MUTED
        draw_interval(axes, row, estimate, colour=colour, marker=ROLE_MARKERS[cell.role])
        setting = shown(setting_of(cell, among=result.cells), limit=34)
        weight = "bold" if is_chosen else "normal"
        draw_beside(axes, row, shown(cell.model), weight=weight, up=4.5)
        draw_beside(axes, row, setting, colour=MUTED, size=7.5, up=-5.5)
    _baseline(axes, cells, chosen, metric=metric)
    axes.set_xlabel(f"{metric_name(metric)}, point and 95 % interval")
    lines = [
        f"{cell.model} ({setting_of(cell, among=result.cells)}) {spoken(estimate)}"
        for cell, estimate in zip(cells, estimates, strict=True)
    ]
    alt = f"{metric_name(metric)} of each model with its 95 % interval: " + "; ".join(lines) + "."
    return rendered(figure, name="models", finding=finding, alt=alt, height=height)


def _labels(cell: Cell) -> Chart:
    labels = labels_with_f1(cell)
    estimates = [cell.metrics[f"f1/{label}"] for label in labels]
    height = 0.34 * len(labels) + 0.75
    finding = labels_finding(cell)
    figure, total = canvas(finding, height=height)
    axes = forest_axes(figure, estimates, heights=(height, total))
    for row, (label, estimate) in enumerate(zip(labels, estimates, strict=True)):
        style = style_of(label)
        draw_interval(axes, row, estimate, colour=style.colour, marker=style.marker)
        draw_beside(axes, row, shown(label))
    axes.set_xlabel("F1, point and 95 % interval")
    lines = [f"{label} {spoken(e)}" for label, e in zip(labels, estimates, strict=True)]
    alt = f"F1 of {cell.model} for each label with its 95 % interval: " + "; ".join(lines) + "."
    return rendered(figure, name="labels", finding=finding, alt=alt, height=height)


def _baseline(axes: Any, cells: list[Cell], chosen: Cell, *, metric: str) -> None:
    """A line down from the model that the headline model is compared with."""
    if chosen.comparison is None:
        return
    for cell in cells:
        is_same_test = (cell.corpus, cell.split) == (chosen.corpus, chosen.split)
        if cell.model == chosen.comparison.against and is_same_test:
            value = cell.metrics[metric].value
            axes.axvline(value, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0)
            return


def _confusion(cell: Cell) -> Chart:
    k = len(cell.labels)
    left, right, top, bottom = 1.45, 0.25, 0.36, 0.15
    side_x, side_y = (WIDTH - left - right) / k, max(0.3, min(0.62, 6 / k))
    height = top + bottom + side_y * k
    finding = confusion_finding(cell)
    figure, total = canvas(finding, height=height)
    axes = figure.add_axes(
        (left / WIDTH, bottom / total, (WIDTH - left - right) / WIDTH, side_y * k / total)
    )
    axes.set(xlim=(0, k), ylim=(k, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    for i, row in enumerate(cell.confusion):
        for j, n in enumerate(row):
            _square(axes, (i, j), n, whole=sum(row), size=min(10, 60 * side_x / 4))
    _label_axes(axes, cell.labels, limit=max(4, int(side_x * 13)))
    lines = [
        f"{true}: "
        + ", ".join(f"{n} as {label}" for label, n in zip(cell.labels, row, strict=True))
        for true, row in zip(cell.labels, cell.confusion, strict=True)
    ]
    alt = "True labels in rows, predicted labels in columns. " + "; ".join(lines) + "."
    return rendered(figure, name="confusion", finding=finding, alt=alt, height=height)


def _square(axes: Any, place: tuple[int, int], n: int, *, whole: int, size: float) -> None:
    from matplotlib.patches import Rectangle

    i, j = place
    depth = n / whole if whole else 0.0
    axes.add_patch(
        Rectangle((j + 0.015, i + 0.02), 0.97, 0.96, facecolor=SHADE, alpha=depth, linewidth=0)
    )
    colour = WHITE if depth > 0.5 else INK
    weight = "bold" if i == j else "normal"
    at = {"ha": "center", "color": colour}
    axes.text(j + 0.5, i + 0.48, count(n), fontsize=size, fontweight=weight, va="bottom", **at)
    axes.text(j + 0.5, i + 0.56, share(n, whole), fontsize=0.75 * size, va="top", **at)


def _label_axes(axes: Any, labels: tuple[str, ...], *, limit: int) -> None:
    for place, label in enumerate(labels):
        style = style_of(label)
        draw_beside(axes, place + 0.5, shown(label, limit=16), left=16)
        axes.annotate(
            shown(label, limit=limit),
            (place + 0.5, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
        axes.plot(
            [-0.02],
            [1 - (place + 0.5) / len(labels)],
            style.marker,
            color=style.colour,
            markersize=5,
            transform=axes.transAxes,
            clip_on=False,
        )


def _reliability(bins: Reliability) -> Chart:
    finding = reliability_finding(bins)
    height = 4.3
    figure, total = canvas(finding, height=height)
    ends = (*bins.confidence, *bins.accuracy, *(end for end in bins.low if end is not None))
    low = max(0.0, min(ends) // 0.1 / 10)
    left, wide = 0.75, 4.6
    curve = figure.add_axes((left / WIDTH, 1.4 / total, wide / WIDTH, 2.8 / total))
    curve.plot([0, 1], [0, 1], color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    for x, low_end, high_end in zip(bins.confidence, bins.low, bins.high, strict=False):
        if low_end is not None and high_end is not None:
            curve.plot([x, x], [low_end, high_end], color=MUTED, linewidth=1.4)
    curve.plot(
        bins.confidence,
        bins.accuracy,
        "-o",
        color=INK,
        linewidth=1.4,
        markersize=6,
        markeredgecolor=PAPER,
    )
    curve.set(xlim=(low, 1.01), ylim=(low, 1.03), ylabel="share that is right")
    curve.tick_params(labelbottom=False)
    curve.grid()
    sizes = figure.add_axes((left / WIDTH, 0.5 / total, wide / WIDTH, 0.7 / total))
    sizes.vlines(bins.confidence, 0, bins.n, color=MUTED, linewidth=7)
    for x, n in zip(bins.confidence, bins.n, strict=True):
        sizes.annotate(
            count(n), (x, n), (0, 2), textcoords="offset points", ha="center", fontsize=7
        )
    sizes.set(xlim=(low, 1.01), ylim=(0, 1.25 * max(bins.n)), yticks=[])
    sizes.set(xlabel="probability of the predicted label (bin mean)")
    sizes.set_ylabel("n", rotation=0, va="center", labelpad=8)
    sizes.spines["left"].set_visible(False)
    rows = zip(bins.confidence, bins.accuracy, bins.n, strict=True)
    lines = [f"{100 * c:.0f} % sure, {100 * a:.0f} % right, n {n}" for c, a, n in rows]
    alt = "Accuracy against confidence by bin: " + "; ".join(lines) + "."
    return rendered(figure, name="reliability", finding=finding, alt=alt, height=height)
