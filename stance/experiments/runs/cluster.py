"""Cluster: the cells of an experiment on the workers of a Dask cluster, with the same results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from stance.experiments.runs.fingerprint import prediction_digest, versions

if TYPE_CHECKING:
    from stance.experiments.runs.cells import Job, Result


CONNECT_SECONDS = 10.0

# Warnings are caught for the whole process: a worker's threads would take each other's.
_ONE_AT_A_TIME = Lock()


class ClusterError(RuntimeError):
    """A cluster that cannot be reached, or that would compute something else."""


def on_cluster(jobs: Sequence[Job], todo: Sequence[int], *, address: str) -> Iterator[Result]:
    """Train some of the jobs on a cluster, one at a time on each worker.

    Parameters
    ----------
    jobs : sequence of Job
    todo : sequence of int
        Places of the jobs to train.
    address : str
        Of the scheduler, ``tcp://host:8786``. Jobs travel as pickles: connect to clusters that you
        trust, no others.

    Yields
    ------
    Result
        As jobs end. What is still out is cancelled when the iterator is closed.

    Raises
    ------
    ClusterError
        ``distributed`` is not installed, nobody answers at the address, or a worker has other code
        or other versions of the libraries, and so might give other results.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address!r}: {error}") from error
    with client:
        _check_workers(client, address)
        data = {id(jobs[i].data): jobs[i].data for i in todo}
        sent = {key: client.scatter(one, hash=False) for key, one in data.items()}
        futures = {
            client.submit(
                _timed_with,
                type(jobs[i]),
                jobs[i].model,
                jobs[i].seed,
                sent[id(jobs[i].data)],
                pure=False,
            ): i
            for i in todo
        }
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                i = futures[future]
                answers, seconds = _result(future)
                yield i, answers, seconds
        finally:
            client.cancel(list(futures))


def _timed_with(job: type[Job], model: Any, seed: int, data: Any) -> Any:
    from stance.experiments.runs.cells import timed

    with _ONE_AT_A_TIME:
        return timed(job(model, seed, data))


def worker_state() -> tuple[str, dict[str, str]]:
    """What a worker's answers depend on beside the job: the code, and the versions."""
    return prediction_digest(), versions()


def _check_workers(client: Any, address: str) -> None:
    states = client.run(worker_state)
    if not states:
        raise ClusterError(f"the cluster at {address!r} has no workers: start one, dask worker")
    code, ours = worker_state()
    for worker, (its_code, its) in sorted(states.items()):
        other = [
            f"{name} {its.get(name)}, here {v}" for name, v in ours.items() if its.get(name) != v
        ]
        if its_code != code and not other:
            other = ["other code of stance"]
        if other:
            raise ClusterError(f"worker {worker} has {'; '.join(other)}: install the same there")


def _result(future: Any) -> tuple[Any, float]:
    """A worker that dies is a model that failed."""
    error = future.exception()
    if error is not None:
        return f"{type(error).__name__}: {error}", 0.0
    answers, seconds = future.result()
    return answers, seconds


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise ClusterError(
            "--cluster needs distributed: pip install 'stance-lab[cluster]'"
        ) from error
    return distributed
