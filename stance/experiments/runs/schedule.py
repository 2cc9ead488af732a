"""Schedule: all configs of a folder that are not up to date, cheapest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.experiments.run import RunOutcome
from stance.experiments.runs.plan import Plan, config_files, plan_config

Run = Callable[[Path], RunOutcome]


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one config: a report, or the reason why there is none."""

    path: Path
    outcome: RunOutcome | None = None
    error: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether there is no report, or a model is missing from it."""
        return self.outcome is None or bool(self.outcome.failed)


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of a config, or the mistakes that leave it without one."""

    path: Path
    plan: Plan | None = None
    error: str = ""


def planned(folder: Path, *, overrides: Sequence[str] = ()) -> list[Planned]:
    """A plan for every config below a folder, cheapest first; those with mistakes at the end.

    Raises
    ------
    FileNotFoundError
        There is no config below the folder.
    """
    paths = config_files(folder)
    if not paths:
        raise FileNotFoundError(f"{folder}: expected configs (*.yaml), there are none below it")
    every = [_planned(path, overrides) for path in paths]
    return sorted(every, key=lambda one: (one.plan is None, one.plan.seconds if one.plan else 0.0))


def run_all(plans: Sequence[Planned], *, run: Run) -> Iterator[Turn]:
    """Run one config after the other; one that fails does not keep the next from its turn.

    Parameters
    ----------
    plans : sequence of Planned
    run : callable
        Runs the config at a path.
    """
    from stance.experiments.run import RunError
    from stance.experiments.runs.cluster import ClusterError

    for one in plans:
        if one.plan is None:
            yield Turn(one.path, error=one.error)
            continue
        try:
            yield Turn(one.path, run(one.path))
        except (ValueError, OSError, RunError, ClusterError) as error:
            yield Turn(one.path, error=str(error))


def _planned(path: Path, overrides: Sequence[str]) -> Planned:
    try:
        return Planned(path, plan_config(path, overrides=overrides))
    except (ValueError, OSError) as error:
        return Planned(path, error=str(error))
