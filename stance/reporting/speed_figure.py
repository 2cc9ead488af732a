"""Speed figure: accuracy against speed, the contenders that no other beats in both joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stance.experiments.result import Cell, Estimate, Result
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.number import decimal, interval
from stance.reporting.palette import INK, MUTED, ROLE_MARKERS

NAME = "speed"
_HEIGHT = 3.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contender stands: how fast it labels and how often it is right."""

    cell: Cell
    speed: Estimate
    score: Estimate


def places(result: Result) -> tuple[Place, ...]:
    """Every contender that has both a speed on the headline's corpus and a macro-F1.

    Parameters
    ----------
    result : Result
        Of a speed experiment.
    """
    scores = {cell.model: cell.metrics["macro_f1"] for cell in result.cells if cell.labels}
    return tuple(
        Place(cell, cell.metrics["per_second"], scores[cell.model])
        for cell in result.cells
        if cell.corpus == result.headline.corpus and not cell.labels and cell.model in scores
    )


def front(found: Sequence[Place]) -> tuple[Place, ...]:
    """The places that no other beats in one respect and equals in the other, slowest first."""
    best = [
        one
        for one in found
        if not any(
            other.speed.value >= one.speed.value
            and other.score.value >= one.score.value
            and (other.speed.value, other.score.value) != (one.speed.value, one.score.value)
            for other in found
        )
    ]
    return tuple(sorted(best, key=lambda one: one.speed.value))


def finding(result: Result) -> str:
    """Who is fastest, by how much, and what it gives up in macro-F1, if anything."""
    found = places(result)
    fastest = max(found, key=lambda one: one.speed.value)
    best = max(found, key=lambda one: one.score.value)
    base = next(one.cell.model for one in found if one.cell.role == "baseline")
    times = fastest.cell.metrics["predict_ratio"].value
    lead = f"{fastest.cell.model} label {times:.0f} times as fast as {base}"
    if best is fastest:
        return f"{lead} and have the highest macro-F1 ({decimal(best.score.value)})"
    gap = best.score.value - fastest.score.value
    return f"{lead}, {decimal(gap)} macro-F1 below {best.cell.model}"


def speed_chart(result: Result) -> Chart:
    """Macro-F1 against paragraphs a second. The same result gives the same bytes."""
    found = places(result)
    title = finding(result)
    with drawing_style():
        figure, total = canvas(title, height=_HEIGHT)
        box = (0.75 / WIDTH, 0.55 / total, (WIDTH - 1.0) / WIDTH, (_HEIGHT - 0.7) / total)
        axes = figure.add_axes(box)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")  # not as a power: no mathtext
        _limits(axes, found)
        line = front(found)
        axes.plot(
            [one.speed.value for one in line],
            [one.score.value for one in line],
            color=MUTED,
            linewidth=0.9,
            linestyle=(0, (2, 2)),
        )
        for one in found:
            _mark(axes, one, is_headline=one.cell.model == result.headline.model)
        axes.set_xlabel("paragraphs labelled in a second, one core (logarithmic)")
        axes.set_ylabel("macro-F1")
        axes.grid(which="major")
        return rendered(figure, name=NAME, finding=title, alt=_alt(found), height=_HEIGHT)


def _limits(axes: Any, found: Sequence[Place]) -> None:
    speeds = [one.speed.value for one in found]
    scores = [end for one in found for end in (one.score.low, one.score.high) if end is not None]
    scores += [one.score.value for one in found]
    axes.set_xlim(min(speeds) / 1.6, max(speeds) * 1.6)
    pad = 0.08 * (max(scores) - min(scores)) or 0.02
    axes.set_ylim(min(scores) - pad, max(scores) + 2 * pad)


def _mark(axes: Any, one: Place, *, is_headline: bool) -> None:
    colour = INK if is_headline else MUTED
    x, y = one.speed.value, one.score.value
    if one.score.low is not None and one.score.high is not None:
        axes.plot([x, x], [one.score.low, one.score.high], color=colour, linewidth=1.2)
    if one.speed.low is not None and one.speed.high is not None:
        axes.plot([one.speed.low, one.speed.high], [y, y], color=colour, linewidth=1.2)
    axes.plot([x], [y], ROLE_MARKERS[one.cell.role], color=colour, markersize=6)
    low, high = axes.get_xlim()
    is_right = x * x > low * high  # beyond the middle of a logarithmic axis
    top = y if one.score.high is None else one.score.high
    axes.annotate(
        shown(one.cell.model, limit=32),
        (x, top),
        (4 if is_right else -4, 4),
        textcoords="offset points",
        ha="right" if is_right else "left",
        fontsize=8.5,
        fontweight="bold" if is_headline else "normal",
        color=INK,
    )


def _alt(found: Sequence[Place]) -> str:
    lines = [
        f"{one.cell.model} {one.speed.value:,.0f} a second, macro-F1 {decimal(one.score.value)}"
        + (f" ({interval(one.score)})" if one.score.low is not None else "")
        for one in found
    ]
    return "Macro-F1 against paragraphs labelled in a second: " + "; ".join(lines) + "."
