"""Counts figure: how often two models made each kind of error, as bars beside each other."""

from __future__ import annotations

from collections.abc import Mapping

from stance.reporting.drawing import WIDTH, Chart, canvas, rendered, shown
from stance.reporting.forest import draw_beside
from stance.reporting.number import count
from stance.reporting.palette import INK, MUTED, RULE

NAME = "errors"
_ROW = 0.36
_BAR = 0.34


def counts_chart(
    kinds: Mapping[str, tuple[int, int]], *, finding: str, models: tuple[str, str]
) -> Chart:
    """A row for each kind with the number of each model. To be called inside ``drawing_style``.

    Parameters
    ----------
    kinds : mapping of str to (int, int), at least one
        Kind → how often the headline's model and the baseline made it.
    finding : str
    models : (str, str)
    """
    height = _ROW * len(kinds) + 0.75
    figure, total = canvas(finding, height=height)
    left, right = 1.75, 0.65
    box = (left / WIDTH, 0.55 / total, (WIDTH - left - right) / WIDTH, (height - 0.6) / total)
    axes = figure.add_axes(box)
    rows = range(len(kinds))
    for k, colour in enumerate((INK, RULE)):
        places = [row + (k - 0.5) * _BAR for row in rows]
        values = [n[k] for n in kinds.values()]
        axes.barh(places, values, height=_BAR, color=colour, edgecolor=MUTED, linewidth=0.5)
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                count(value),
                (value, place),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=7.5,
            )
    for row, kind in zip(rows, kinds, strict=True):
        draw_beside(axes, row, shown(kind, limit=34), size=8.5)
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=4)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel(f"number; dark {shown(models[0])}, pale {shown(models[1])}")
    lines = [
        f"{kind}: {models[0]} {count(a)}, {models[1]} {count(b)}" for kind, (a, b) in kinds.items()
    ]
    alt = f"How often each kind of error was made: {'; '.join(lines)}."
    return rendered(figure, name=NAME, finding=finding, alt=alt, height=height)
