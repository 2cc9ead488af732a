"""Table: rows of a report as text, drawn alike by the page and by the Markdown file."""

from __future__ import annotations

from dataclasses import dataclass

from stance.experiments.result import Estimate
from stance.reporting.number import decimal, interval

BAR_WIDTH = 96
_BAR_EDGE = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; figures stand right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval as a line with a point, in the units of a box ``BAR_WIDTH`` wide.

    Parameters
    ----------
    low, value, high : float
        Places from the left edge of the box.
    """

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in a table.

    Parameters
    ----------
    text : str
    note : str
        Smaller, after or under the text: an interval, a share, a role.
    bar : Bar or None
    label : str or None
        The label whose swatch stands before the text.
    """

    text: str
    note: str = ""
    bar: Bar | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row; the one that the report is about stands out."""

    entries: tuple[Entry, ...]
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, headings, and rows of as many entries."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """The stretch of numbers that the bars of one column share."""

    low: float
    high: float

    def bar(self, estimate: Estimate) -> Bar | None:
        """The bar of an estimate; None where it has no interval.

        Examples
        --------
        >>> Scale(0.0, 1.0).bar(Estimate(0.5, 0.25, 1.0))
        Bar(low=26.5, value=48.0, high=91.0)
        """
        if estimate.low is None or estimate.high is None:
            return None
        return Bar(*map(self._place, (estimate.low, estimate.value, estimate.high)))

    def _place(self, value: float) -> float:
        width = (self.high - self.low) or 1.0
        return round(_BAR_EDGE + (BAR_WIDTH - 2 * _BAR_EDGE) * (value - self.low) / width, 1)


def scale_of(estimates: list[Estimate]) -> Scale:
    """The scale on which all of some estimates can be drawn."""
    ends = [e for x in estimates for e in (x.value, x.low, x.high) if e is not None]
    return Scale(min(ends, default=0.0), max(ends, default=1.0))


def estimated(
    estimate: Estimate | None, *, scale: Scale | None = None, is_signed: bool = False
) -> Entry:
    """A number with its interval beside it, and its bar where a scale is given."""
    if estimate is None:
        return Entry(decimal(None))
    return Entry(
        decimal(estimate.value, is_signed=is_signed),
        interval(estimate, is_signed=is_signed),
        scale.bar(estimate) if scale else None,
    )
