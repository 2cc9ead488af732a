"""Progress: where a run stands, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["started", "done", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a run stands.

    Parameters
    ----------
    what : str
        ``"corpus"``, a model (``"ngrams"``, ``"ngrams, seed 1"``), ``"scores"`` or ``"report"``.
    state : {"started", "done", "kept", "failed"}
        ``kept`` is a model that an earlier run had finished.
    number, total : int
        Models so far, this one included, and models in all; 0 for what is no model.
    seconds : float
        Since the step started.
    seconds_left : float or None
        Until the last model has finished, as far as one can tell; None where one cannot.
    """

    what: str
    state: State
    number: int = 0
    total: int = 0
    seconds: float = 0.0
    seconds_left: float | None = None


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """No progress is shown."""
