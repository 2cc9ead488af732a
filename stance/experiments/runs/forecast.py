"""Forecast: how long a model will take, from what models of its kind took on this machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stance.classifiers.saving import write_whole

if TYPE_CHECKING:
    from stance.experiments.runs.job import Job

DEFAULT_RATE = 2.0
"""Seconds per 1,000 passages learned from, for a kind that was never timed here."""

REPORT_SECONDS = 5.0
"""For intervals, tests, figures and pages, where no earlier run of the config says it."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds per 1,000 passages learned from, for every kind that was timed.

    Parameters
    ----------
    path : Path
        ``.cache/seconds.json`` of the project; may be deleted at any time.
    """

    path: Path

    def seconds(self, job: Job) -> float:
        """What a job will take."""
        rate = self._rates().get(job.kind, DEFAULT_RATE)
        return rate * job.n_learned / 1000

    def learn(self, timed: Sequence[tuple[Job, float]]) -> None:
        """Keep what jobs took, in place of what their kinds took before."""
        sums: dict[str, list[float]] = {}
        for job, seconds in timed:
            total = sums.setdefault(job.kind, [0.0, 0.0])
            total[0] += seconds
            total[1] += job.n_learned / 1000
        rates = {kind: round(spent / n, 4) for kind, (spent, n) in sums.items() if n}
        if rates:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self._rates() | rates, indent=1, sort_keys=True) + "\n"
            write_whole(self.path, text.encode())

    def _rates(self) -> dict[str, float]:
        try:
            rates = json.loads(self.path.read_text(encoding="utf-8"))
            return {str(kind): float(rate) for kind, rate in rates.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def report_seconds(folder: Path) -> float:
    """What everything but the models took when a report was last written."""
    try:
        seconds = json.loads((folder / "environment.json").read_text(encoding="utf-8"))["seconds"]
        return sum(float(seconds[phase]) for phase in ("corpus", "scores", "report"))
    except (OSError, ValueError, KeyError, TypeError):
        return REPORT_SECONDS


def spelled_seconds(seconds: float) -> str:
    """A time as people say it.

    Examples
    --------
    >>> spelled_seconds(0.4), spelled_seconds(75), spelled_seconds(7320)
    ('1 s', '1 min 15 s', '2 h 2 min')
    """
    whole = max(1, round(seconds))
    minutes, hours = whole // 60, whole // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
