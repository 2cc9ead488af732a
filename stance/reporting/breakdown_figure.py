"""Breakdown figure: two models on parts of a test set, row by row, each part with its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stance.experiments.result import Estimate
from stance.reporting.drawing import Chart, canvas, rendered, shown
from stance.reporting.forest import draw_beside, draw_interval, forest_axes, spoken
from stance.reporting.number import count
from stance.reporting.palette import INK, MUTED

NAME = "breakdown"
_ROW = 0.36
_APART = 0.17


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a test set: what it is called, how large it is, how two models do on it.

    Parameters
    ----------
    group, name : str
        ``quotation`` and ``indirect``; parts of one group stand together.
    n : int
    first, second : Estimate or None
        Of the headline's model, and of the baseline.
    """

    group: str
    name: str
    n: int
    first: Estimate | None
    second: Estimate | None


def breakdown_chart(
    parts: Sequence[Part], *, finding: str, axis: str, models: tuple[str, str]
) -> Chart:
    """The parts under the names of their groups. To be called inside ``drawing_style``.

    Parameters
    ----------
    parts : sequence of Part, at least one
        Those of a group in a row.
    finding, axis : str
        Title and name of the axis.
    models : (str, str)
        For the description.
    """
    groups = list(dict.fromkeys(part.group for part in parts))
    n_rows = len(parts) + 0.9 * len(groups)
    height = _ROW * n_rows + 0.75
    figure, total = canvas(finding, height=height)
    known = [one for part in parts for one in (part.first, part.second) if one is not None]
    axes = forest_axes(figure, known, heights=(height, total), left=2.3)
    axes.set_ylim(n_rows - 0.4, -0.8)
    row = 0.0
    for group in groups:
        draw_beside(axes, row, shown(group, limit=34), weight="bold", size=8.5)
        row += 0.9
        for part in (part for part in parts if part.group == group):
            _draw(axes, row, part)
            row += 1
    axes.set_xlabel(axis)
    lines = [
        f"{part.group}, {part.name} (n {part.n}): {models[0]} "
        f"{spoken(part.first) if part.first else 'none'}, {models[1]} "
        f"{spoken(part.second) if part.second else 'none'}"
        for part in parts
    ]
    return rendered(
        figure, name=NAME, finding=finding, alt=f"{axis}: {'; '.join(lines)}.", height=height
    )


def _draw(axes: Any, row: float, part: Part) -> None:
    draw_beside(axes, row, shown(f"{part.name} · {count(part.n)}", limit=42), size=8.5)
    for estimate, colour, marker, up in (
        (part.first, INK, "o", -_APART),
        (part.second, MUTED, "s", _APART),
    ):
        if estimate is not None:
            draw_interval(axes, row + up, estimate, colour=colour, marker=marker)
