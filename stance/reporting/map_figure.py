"""Map figure: a stance map as a picture, and the sentence that says what it shows.

A circle's area is the number of words, its colour the side, paler where the voice only leans to
it; a ring is a voice that says both. Colour alone would need a legend and is lost on a grey print,
so the side and the number are also written under every circle.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from stance.map import MapCell, StanceMap
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.number import count
from stance.reporting.palette import INK, LABELS, MUTED, PAPER, RULE, mixed

MAX_ROWS, MAX_TARGETS = 14, 6
"""What a reader takes in at once; the table beside the figure has the rest."""

_PLAIN = 0.5
_DIVIDED = 0.35
_ROW_HEIGHT = 0.66
_LABELS_WIDTH = 1.75


def map_finding(found: StanceMap) -> str:
    """The map in one sentence: who is most plainly on which side.

    Examples
    --------
    >>> map_finding(StanceMap("voice", {"author": 10}, (), ()))
    'No voice addresses a target.'
    """
    sided = [cell for cell in found.cells if cell.stance != "neutral"]
    if not found.cells:
        return f"No {found.kind} addresses a target."
    if not sided:
        return f"No {found.kind} takes a side."
    # A side that is only leant to is no finding where another one is plain.
    plain = [cell for cell in sided if abs(cell.direction) >= _PLAIN] or sided
    plain.sort(key=lambda cell: -abs(cell.direction) * cell.n_words)
    said: dict[str, list[str]] = {}
    for cell in plain[:3]:
        said.setdefault(cell.row, []).append(f"{_toward(cell)} {shown(cell.target, limit=40)}")
    sentences = [
        f"{row_name(row, found.kind)} {_verb(row)} {' and '.join(sides)}"
        for row, sides in said.items()
    ]
    text = "; ".join(sentences) + "."
    return text[0].upper() + text[1:]


def _toward(cell: MapCell) -> str:
    """A cell's side in words, as it stands before the target."""
    if is_divided(cell):
        return "divided on"
    return side_words(cell) + (" of" if cell.stance == "favor" else "")


def _verb(row: str) -> str:
    """Officials are, the ministry is: a voice without a name of its own may be several."""
    last = row.rsplit(" ", 1)[-1]
    return "are" if last.islower() and last.endswith("s") and not last.endswith("ss") else "is"


def map_chart(found: StanceMap, *, name: str = "stance-map") -> Chart:
    """Circles on a grid of rows and targets.

    Parameters
    ----------
    found : StanceMap
        Its first ``MAX_ROWS`` rows that address a target and ``MAX_TARGETS`` targets are drawn.
    name : str
        The figure's name.

    Returns
    -------
    Chart
        The same map gives the same bytes.
    """
    rows, targets = drawn(found)
    cells = [cell for cell in found.cells if cell.row in rows and cell.target in targets]
    height = _ROW_HEIGHT * max(1, len(rows)) + 0.75
    with drawing_style():
        figure, total = canvas(map_finding(found), height=height)
        axes = _axes(figure, height / total, total, n_rows=len(rows), n_targets=len(targets))
        for i, row in enumerate(rows):
            words = f"{count(found.rows[row])} words"
            _row_label(axes, i, shown(row_name(row, found.kind), limit=26), words)
        for j, target in enumerate(targets):
            name_lines = "\n".join(
                textwrap.wrap(shown(target, limit=36), 54 // len(targets), break_on_hyphens=False)
            )
            axes.text(j, -0.56, name_lines, ha="center", va="bottom", fontsize=8.5)
        most = max((cell.n_words for cell in cells), default=1)
        for cell in cells:
            _circle(axes, targets.index(cell.target), rows.index(cell.row), cell, most=most)
        return rendered(
            figure, name=name, finding=map_finding(found), alt=_alt(found, cells), height=height
        )


def drawn(found: StanceMap) -> tuple[list[str], list[str]]:
    """The rows and targets that fit a figure, in the map's order."""
    speaking = {cell.row for cell in found.cells}
    return [row for row in found.rows if row in speaking][:MAX_ROWS], list(
        found.targets[:MAX_TARGETS]
    )


def colour_of(cell: MapCell) -> str:
    """The colour of a cell: its side's in the palette, paler where it only leans to it."""
    style = LABELS["neutral" if is_divided(cell) else cell.stance]
    if is_divided(cell):
        return style.colour
    strength = 0.5 if cell.stance == "neutral" else min(1.0, 0.35 + abs(cell.direction))
    return mixed(style.colour, PAPER, share=strength)


def is_divided(cell: MapCell) -> bool:
    """Whether much is said both for and against: more than a guess among three sides gives each."""
    return min(cell.shares["favor"], cell.shares["against"]) > _DIVIDED


def side_words(cell: MapCell) -> str:
    """A cell's side in words: "against", "rather in favor", "neutral", "divided"."""
    if is_divided(cell):
        return "divided"
    if cell.stance == "neutral":
        return "neutral"
    side = "in favor" if cell.stance == "favor" else "against"
    return side if abs(cell.direction) >= _PLAIN else f"rather {side}"


def _axes(figure: Any, share: float, total: float, *, n_rows: int, n_targets: int) -> Any:
    left = _LABELS_WIDTH / WIDTH
    axes = figure.add_axes((left, 0.05 / total, 1 - left - 0.02, share - 0.1 / total))
    axes.set_xlim(-0.5, max(1, n_targets) - 0.5)
    axes.set_ylim(max(1, n_rows) - 0.48, -1.05)
    axes.axis("off")
    for i in range(n_rows):
        axes.axhline(i - 0.5, color=RULE, linewidth=0.6)
    return axes


def _row_label(axes: Any, row: int, name: str, words: str) -> None:
    at = axes.get_yaxis_transform()
    axes.text(-0.03, row - 0.08, name, ha="right", va="center", transform=at, fontsize=8.5)
    axes.text(
        -0.03, row + 0.25, words, ha="right", va="center", transform=at, fontsize=7, color=MUTED
    )


def _circle(axes: Any, x: int, y: int, cell: MapCell, *, most: int) -> None:
    colour = colour_of(cell)
    axes.scatter(
        [x],
        [y - 0.16],
        s=[420 * cell.n_words / most + 14],
        facecolors=["none" if is_divided(cell) else colour],
        edgecolors=[colour],
        linewidths=1.6 if is_divided(cell) else 0,
        zorder=3,
    )
    n = f"{count(cell.n_words)} words"
    axes.text(x, y + 0.28, side_words(cell), ha="center", va="center", fontsize=7, color=INK)
    axes.text(x, y + 0.42, n, ha="center", va="center", fontsize=6, color=MUTED)


def _alt(found: StanceMap, cells: Sequence[MapCell]) -> str:
    lines = [
        f"{row_name(cell.row, found.kind)} on {cell.target}: {side_words(cell)}, "
        f"{count(cell.n_words)} words"
        for cell in cells
    ]
    return f"A grid of circles, {found.kind}s by targets. " + "; ".join(lines) + "."


def row_name(row: str, kind: str) -> str:
    """A row's name in a sentence."""
    return "the author" if kind == "voice" and row == "author" else row
