"""Map view: a stance map as rows and cells, ready for a page's template."""

from __future__ import annotations

from dataclasses import dataclass

from stance.map import MapCell, StanceMap
from stance.reporting.map_figure import is_divided, map_finding, row_name, side_words
from stance.reporting.number import count
from stance.reporting.palette import LabelStyle, style_of

_RADIUS = 17.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One cell as it is shown: a circle and what it says.

    Parameters
    ----------
    radius : float
        Pixels; the area is in proportion to the number of words.
    style : LabelStyle
    opacity : float, 0–1
        Paler where the voice only leans to its side.
    is_ring : bool
        Whether the voice says both.
    side, words : str
    parts : tuple of (str, int)
        Ids of articles and indexes of the parts that were counted.
    """

    radius: float
    style: LabelStyle
    opacity: float
    is_ring: bool
    side: str
    words: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class MapRow:
    """A voice with its cells, one per target; None where it does not address the target."""

    name: str
    words: str
    dots: tuple[Dot | None, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """A stance map as a page shows it: a finding, and under it a table."""

    kind: str
    finding: str
    targets: tuple[str, ...]
    rows: tuple[MapRow, ...]


def map_view(found: StanceMap) -> MapView | None:
    """The map as a template draws it; None where no row addresses a target."""
    if not found.cells:
        return None
    most = max(cell.n_words for cell in found.cells)
    by_place = {(cell.row, cell.target): _dot(cell, most=most) for cell in found.cells}
    speaking = {cell.row for cell in found.cells}
    rows = tuple(
        MapRow(
            row_name(row, found.kind),
            f"{count(n)} words",
            tuple(by_place.get((row, target)) for target in found.targets),
        )
        for row, n in found.rows.items()
        if row in speaking
    )
    return MapView(found.kind, map_finding(found), found.targets, rows)


def _dot(cell: MapCell, *, most: int) -> Dot:
    style = style_of("neutral" if is_divided(cell) else cell.stance)
    strength = 0.5 if style.name == "neutral" else min(1.0, 0.35 + abs(cell.direction))
    return Dot(
        round(max(3.0, _RADIUS * (cell.n_words / most) ** 0.5), 1),
        style,
        round(1.0 if is_divided(cell) else strength, 2),
        is_divided(cell),
        side_words(cell),
        f"{count(cell.n_words)} words",
        cell.parts,
    )
