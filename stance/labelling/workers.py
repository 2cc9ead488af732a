"""Workers: shards labelled in processes of this machine; one that dies is replaced."""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from stance.labelling.labeller import Labelled, Labeller
from stance.labelling.problem import LabellingError

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.labelling.shards import Shard

AHEAD = 2
"""Shards that a worker has at a time: one to label, one to go on with."""

_NEW_OBJECTS = 100_000  # containers made and not freed before Python looks for circles

MAX_DEATHS = 3
"""Workers that may die over one shard before the run gives up."""


def in_this_process(labeller: Labeller, shards: Iterator[Shard]) -> Iterator[tuple[int, Labelled]]:
    """Label shards one after the other."""
    with _rarely_collected():
        for shard in shards:
            yield shard.number, labeller.label(shard.table)


def on_processes(
    labeller: Labeller, shards: Iterator[Shard], *, jobs: int
) -> Iterator[tuple[int, Labelled]]:
    """Label shards in several processes.

    Workers are started anew (spawn), not forked: they begin with nothing of this process, and end
    by themselves when it is killed.

    Parameters
    ----------
    labeller : Labeller
    shards : iterator of Shard
        Read no further ahead than workers need.
    jobs : int
        How many processes.

    Yields
    ------
    (int, Labelled)
        A shard's number and what became of it, in the order in which they are done.

    Raises
    ------
    LabellingError
        One shard's workers died again and again.
    """
    again: deque[Shard] = deque()
    deaths: dict[int, int] = {}
    workers: list[_Worker] = []
    try:
        while True:
            _feed(workers, again, shards, labeller, jobs=jobs)
            busy = {worker.pipe: worker for worker in workers if worker.has}
            if not busy:
                return
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                labelled = worker.result()
                if labelled is not None:
                    yield worker.has.popleft().number, labelled
                    continue
                _count_death(worker, deaths)
                again.extend(worker.has)
                worker.stop()
                workers.remove(worker)
    finally:
        for worker in workers:
            worker.stop()


def packed(table: pa.Table) -> bytes:
    """A table as bytes, to be sent."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def unpacked(data: bytes) -> pa.Table:
    """The table that ``packed`` made bytes of."""
    import pyarrow as pa

    return pa.ipc.open_stream(data).read_all()


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    has: deque[Shard] = field(default_factory=deque)

    @classmethod
    def started(cls, labeller: Labeller) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, labeller), daemon=True)
        process.start()
        theirs.close()  # or its end would not be noticed
        return cls(process, ours)

    def give(self, shard: Shard) -> None:
        self.has.append(shard)
        with suppress(OSError):  # dead already: its result says so
            self.pipe.send_bytes(packed(shard.table))

    def result(self) -> Labelled | None:
        """What the worker found about its first shard; None where it is dead."""
        try:
            return Labelled(*(unpacked(self.pipe.recv_bytes()) for _ in range(2)))
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _feed(
    workers: list[_Worker],
    again: deque[Shard],
    shards: Iterator[Shard],
    labeller: Labeller,
    *,
    jobs: int,
) -> None:
    """Give every worker what to do, and one that is not there yet a beginning."""
    for depth in range(1, AHEAD + 1):
        for slot in range(jobs):
            if slot < len(workers) and len(workers[slot].has) >= depth:
                continue
            shard = again.popleft() if again else next(shards, None)
            if shard is None:
                return
            if slot == len(workers):
                workers.append(_Worker.started(labeller))
            workers[slot].give(shard)


def _count_death(worker: _Worker, deaths: dict[int, int]) -> None:
    first = worker.has[0]  # a worker takes its shards in turn: this one it was at
    deaths[first.number] = deaths.get(first.number, 0) + 1
    if deaths[first.number] < MAX_DEATHS:
        return
    worker.process.join(1)  # or its exit code may not be known yet
    rows = first.table["row"]
    raise LabellingError(
        f"rows {rows[0]} to {rows[-1]}: {MAX_DEATHS} workers died over them (exit code "
        f"{worker.process.exitcode}): is there enough memory? What is done is kept; start the same "
        "command again with fewer --jobs"
    )


def _work(pipe: Any, labeller: Labeller) -> None:
    """What a worker does, until nobody is at the other end of the pipe."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent sees to that
    shards: Queue[bytes | None] = Queue()
    # A thread of its own takes what comes: parent and worker would wait for each other where both
    # send more than the pipe holds.
    Thread(target=_receive, args=(pipe, shards), daemon=True).start()
    quiet = suppress(BrokenPipeError, ConnectionResetError)
    with threadpool_limits(1), _rarely_collected(), quiet:
        while (data := shards.get()) is not None:
            for table in labeller.label(unpacked(data)):
                pipe.send_bytes(packed(table))


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for circles of garbage rarely: labelling makes none, and the search took 8 % of it."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _receive(pipe: Any, shards: Queue[bytes | None]) -> None:
    try:
        while True:
            shards.put(pipe.recv_bytes())
    except (EOFError, OSError):
        shards.put(None)
