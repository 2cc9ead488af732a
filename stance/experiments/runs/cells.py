"""Cells: the models of a config, each trained once for every seed, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from stance.experiments.runs.forecast import Forecast
from stance.experiments.runs.job import Failure, Job, Trained
from stance.experiments.runs.progress import Progress, State, Step, silent
from stance.experiments.runs.store import Kept, Store

__all__ = ["Failure", "Job", "Result", "Trained", "called", "finished", "timed", "trained_cells"]

Result = tuple[int, "Kept | str", float]
"""Place of a job, its answers or what failed, and the seconds it took."""


def finished(job: Job) -> Kept | str:
    """A job's answers, or what it failed with: whatever is raised must not cost the others."""
    try:
        return job.answers()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def timed(job: Job) -> tuple[Kept | str, float]:
    """What ``finished`` gives, and the seconds that it took."""
    begun = perf_counter()
    return finished(job), round(perf_counter() - begun, 3)


def trained_cells(
    jobs: Sequence[Job],
    *,
    store: Store,
    forecast: Forecast,
    tell: Progress,
    n_jobs: int = 1,
    cluster: str | None = None,
) -> tuple[list[Trained], list[Failure]]:
    """Every model from the store or fresh, in the order of the jobs; and what failed.

    Parameters
    ----------
    jobs : sequence of Job
    store, forecast
        Get each job's answers and its time as soon as it has finished.
    tell : callable
        Called with a Step when a model starts (with one process only) and when it ends.
    n_jobs : int
        Processes at the same time; answers are the same with any number.
    cluster : str, optional
        Address of a Dask scheduler whose workers train, in place of processes here.
    """
    # Processes and workers cannot take along whoever is told.
    told = tell if n_jobs <= 1 and cluster is None else silent
    jobs = [job.within(store.folder.parent, told) for job in jobs]
    desk = _Desk(jobs, store=store, forecast=forecast, tell=tell, n_at_once=max(1, n_jobs))
    todo = desk.take_kept()
    for i, answers, seconds in _running(desk, todo, n_jobs=n_jobs, cluster=cluster):
        desk.take(i, answers, seconds)
    done = [(job, desk.answers.get(i)) for i, job in enumerate(jobs)]
    trained = [Trained(job.model, job.seed, a) for job, a in done if not isinstance(a, str)]
    failed = [Failure(job.model.name, job.seed, a) for job, a in done if isinstance(a, str)]
    return trained, failed


def called(job: Job, jobs: Sequence[Job]) -> str:
    """A job's name among others."""
    is_alone = len({other.seed for other in jobs}) == 1
    return job.model.name if is_alone else f"{job.model.name}, seed {job.seed}"


def _running(
    desk: _Desk, todo: Sequence[int], *, n_jobs: int, cluster: str | None
) -> Iterator[Result]:
    if cluster is not None and todo:
        from stance.experiments.runs.cluster import on_cluster

        return on_cluster(desk.jobs, todo, address=cluster)
    if n_jobs > 1 and len(todo) > 1:
        return _on_processes(desk.jobs, todo, n_jobs=n_jobs)
    return _in_turn(desk.jobs, todo, started=desk.start)


def _in_turn(
    jobs: Sequence[Job], todo: Sequence[int], *, started: Callable[[int], None]
) -> Iterator[Result]:
    for i in todo:
        started(i)
        yield i, *timed(jobs[i])


def _on_processes(jobs: Sequence[Job], todo: Sequence[int], *, n_jobs: int) -> Iterator[Result]:
    from joblib import Parallel, delayed  # type: ignore[import-untyped]

    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    yield from parallel(delayed(_placed)(i, jobs[i]) for i in todo)


def _placed(i: int, job: Job) -> Result:
    return i, *timed(job)


class _Desk:
    """What has come back, and what is still out."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        store: Store,
        forecast: Forecast,
        tell: Progress,
        n_at_once: int,
    ) -> None:
        self.jobs = jobs
        self.answers: dict[int, Kept | str] = {}
        self._keys = [job.key for job in jobs]
        self._store = store
        self._forecast = forecast
        self._tell = tell
        self._expected = [forecast.seconds(job) for job in jobs]
        self._timed: list[tuple[Job, float]] = []
        self._n_at_once = n_at_once
        self._begun = perf_counter()

    def take_kept(self) -> list[int]:
        """Take what earlier runs have finished; the places of what is left to do."""
        for i, key in enumerate(self._keys):
            kept = self._store.get(key)
            if kept is not None:
                self.answers[i] = kept
        for number, i in enumerate(self.answers, start=1):
            what, left = called(self.jobs[i], self.jobs), self._left()
            self._tell(Step(what, "kept", number, len(self.jobs), seconds_left=left))
        return [i for i in range(len(self.jobs)) if i not in self.answers]

    def start(self, i: int) -> None:
        """A job begins."""
        number = len(self.answers) + 1
        what = called(self.jobs[i], self.jobs)
        self._tell(Step(what, "started", number, len(self.jobs), seconds_left=self._left()))

    def take(self, i: int, answers: Kept | str, seconds: float) -> None:
        """A job has ended: keep what it found before anything else may happen."""
        self.answers[i] = answers
        if isinstance(answers, str):
            self._say(i, "failed", seconds)
            return
        self._store.put(self._keys[i], answers)
        self._timed.append((self.jobs[i], seconds))
        self._forecast.learn(self._timed)
        self._say(i, "done", seconds)

    def _say(self, i: int, state: State, seconds: float) -> None:
        what, number = called(self.jobs[i], self.jobs), len(self.answers)
        self._tell(Step(what, state, number, len(self.jobs), seconds, self._left()))

    def _left(self) -> float:
        """Seconds for what is out, at the pace at which the rest came in."""
        done = [i for i in self.answers if any(self.jobs[i] is job for job, _ in self._timed)]
        out = sum(self._expected[i] for i in range(len(self.jobs)) if i not in self.answers)
        expected = sum(self._expected[i] for i in done)
        if not expected:
            return out / self._n_at_once
        return out * (perf_counter() - self._begun) / expected
