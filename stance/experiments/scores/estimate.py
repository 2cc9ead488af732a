"""Estimate: a number and its interval, as every file of a report has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.evaluation.bootstrap import Interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; ``low`` and ``high`` are None where none was computed."""

    value: float
    low: float | None = None
    high: float | None = None


def estimate_of(interval: Interval) -> Estimate:
    """The estimate that an interval is.

    Examples
    --------
    >>> from stance.evaluation.bootstrap import Interval
    >>> estimate_of(Interval(0.5, 0.4, 0.6))
    Estimate(value=0.5, low=0.4, high=0.6)
    """
    return Estimate(interval.value, interval.low, interval.high)
