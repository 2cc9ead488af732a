"""Asking: the headline model, trained on other data than the test's, through the run's store."""

from __future__ import annotations

from collections.abc import Callable

from stance.experiments.runs.data import Data
from stance.experiments.runs.store import Answers

Ask = Callable[[str, Data], Answers]
"""From what is asked, for whoever shows progress, and the data to the headline model's answers."""
