"""Cluster: shards labelled by the workers of a Dask cluster, with the same results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from stance.extras import ExtraMissingError, imported
from stance.labelling.labeller import Labelled, Labeller
from stance.labelling.manifest import library_versions, made_by
from stance.labelling.problem import LabellingError
from stance.labelling.workers import packed, unpacked

if TYPE_CHECKING:
    from stance.labelling.shards import Shard

CONNECT_SECONDS = 10.0

AHEAD = 2
"""Shards for each of the cluster's threads: one to label, one to go on with."""

MAX_FAILURES = 5
"""Times that the scheduler may give up on a shard (after four workers died over it, by default)."""


def on_cluster(
    labeller: Labeller, shards: Iterator[Shard], *, address: str
) -> Iterator[tuple[int, Labelled]]:
    """Label shards on a cluster. Workers have the package, and load its model once each.

    Rows go to the workers and labels come back over the network: they share no disk. A worker that
    dies has its shards labelled by others; where the last one dies, the run waits for a new one.

    Parameters
    ----------
    labeller : Labeller
    shards : iterator of Shard
    address : str
        Of the scheduler, ``tcp://host:8786``. Results travel as pickles: connect to clusters that
        you trust, no others.

    Yields
    ------
    (int, Labelled)
        As ``on_processes`` does.

    Raises
    ------
    LabellingError
        ``distributed`` is not installed, nobody answers, a worker has other code or libraries, or
        one shard's workers died again and again.
    """
    try:
        distributed = imported("distributed", extra="cluster")
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except ExtraMissingError as error:
        raise LabellingError(f"--cluster: {error}") from error
    except (OSError, ValueError, TimeoutError) as error:
        raise LabellingError(f"no Dask scheduler answers at {address!r}: {error}") from error
    with client:
        _check_workers(client, address)
        yield from _labelled(client, distributed, labeller, shards)


def label_packed(labeller: Labeller, data: bytes) -> tuple[bytes, bytes]:
    """What a worker does with a shard."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        labels, errors = labeller.label(unpacked(data))
    return packed(labels), packed(errors)


def worker_state() -> dict[str, str]:
    """What a worker's labels depend on."""
    return library_versions() | {"stance": made_by()}


def _labelled(
    client: Any, distributed: Any, labeller: Labeller, shards: Iterator[Shard]
) -> Iterator[tuple[int, Labelled]]:
    out: dict[Any, Shard] = {}
    deaths: dict[int, int] = {}
    done = distributed.as_completed(loop=client.loop)

    def submit(shard: Shard) -> None:
        future = client.submit(label_packed, labeller, packed(shard.table), pure=False)
        out[future] = shard
        done.add(future)

    while True:
        room = AHEAD * max(1, sum(client.nthreads().values())) - len(out)
        for shard in islice(shards, max(0, room)):
            submit(shard)
        if not out:
            return
        future = next(done)
        shard = out.pop(future)
        error = future.exception()
        if error is None:
            yield shard.number, Labelled(*map(unpacked, future.result()))
            continue
        deaths[shard.number] = deaths.get(shard.number, 0) + 1
        # The scheduler itself has tried some workers; machines that are taken back kill more.
        is_killed = isinstance(error, distributed.KilledWorker)
        if not is_killed or deaths[shard.number] == MAX_FAILURES:
            raise LabellingError(
                f"the cluster gave up on rows {shard.table['row'][0]} to {shard.table['row'][-1]}: "
                f"{type(error).__name__}: {error}; what is done is kept: start the same command "
                "again"
            ) from error
        submit(shard)


def _check_workers(client: Any, address: str) -> None:
    states = client.run(worker_state)
    if not states:
        raise LabellingError(f"the cluster at {address!r} has no workers: start one, dask worker")
    ours = worker_state()
    for worker, its in sorted(states.items()):
        other = [f"{k} {its.get(k)}, here {v}" for k, v in ours.items() if its.get(k) != v]
        if other:
            raise LabellingError(f"worker {worker} has {'; '.join(other)}: install the same there")
