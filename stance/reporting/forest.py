"""Forest: points with intervals in rows, names at their left and figures at their right."""

from __future__ import annotations

from typing import Any

from stance.experiments.result import Estimate
from stance.reporting.drawing import WIDTH
from stance.reporting.number import decimal, interval
from stance.reporting.palette import INK, MUTED


def forest_axes(
    figure: Any,
    estimates: list[Estimate],
    *,
    heights: tuple[float, float],
    left: float = 1.95,
    right: float = 1.5,
) -> Any:
    """Axes with a row per estimate, names to their left, values to their right.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    estimates : list of Estimate, at least one
        What the axis must hold.
    heights : tuple of float
        Inches of the drawing, and of the whole figure, as ``canvas`` gives it.
    left, right : float
        Inches for the names, and for the figures.
    """
    height, total = heights
    bottom = 0.55
    box = (left / WIDTH, bottom / total, (WIDTH - left - right) / WIDTH, (height - 0.6) / total)
    axes = figure.add_axes(box)
    ends = [e for est in estimates for e in (est.value, est.low, est.high) if e is not None]
    pad = 0.06 * (max(ends) - min(ends)) or 0.05
    axes.set_xlim(min(ends) - pad, max(ends) + pad)
    axes.set_ylim(len(estimates) - 0.4, -0.6)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=4)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    return axes


def draw_interval(
    axes: Any,
    row: float,
    estimate: Estimate,
    *,
    colour: str,
    marker: str,
    is_signed: bool = False,
) -> None:
    """A point with its interval, and both in figures at the right."""
    if estimate.low is not None and estimate.high is not None:
        axes.plot([estimate.low, estimate.high], [row, row], color=colour, linewidth=1.6)
    axes.plot([estimate.value], [row], marker, color=colour, markersize=5.5)
    for text, up, size, tone in (
        (decimal(estimate.value, is_signed=is_signed), 0, 9, INK),
        (interval(estimate, is_signed=is_signed), 0, 7.5, MUTED),
    ):
        axes.annotate(
            text,
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(10 if size == 9 else 50 if is_signed else 44, up),
            textcoords="offset points",
            va="center",
            fontsize=size,
            color=tone,
        )


def draw_beside(
    axes: Any,
    row: float,
    text: str,
    *,
    colour: str = INK,
    size: float = 9,
    weight: str = "normal",
    up: float = 0,
    left: float = 10,
) -> None:
    """Words at the left of a row."""
    axes.annotate(
        text,
        (0, row),
        xycoords=("axes fraction", "data"),
        xytext=(-left, up),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=size,
        fontweight=weight,
        color=colour,
    )


def spoken(estimate: Estimate, *, is_signed: bool = False) -> str:
    """An estimate as a figure's description tells it."""
    spread = interval(estimate, is_signed=is_signed)
    return decimal(estimate.value, is_signed=is_signed) + (f" ({spread})" if spread else "")
