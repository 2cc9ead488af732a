"""Processes killed at any moment: the run, its workers, the workers of a cluster."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
import pyarrow as pa
import pytest
from pyarrow import parquet

from stance.labelling import Labeller, LabellingError, cluster, label_corpus
from stance.targets import parse_targets

from .conftest import SMALL, Label, paragraphs
from .test_run import files

RUN = """
import sys
from pathlib import Path
from stance.labelling import label_corpus
from stance.labelling.shards import Size

if __name__ == "__main__":
    corpus, out, jobs, rows = sys.argv[1:]
    label_corpus(corpus, out, jobs=int(jobs), size=Size(rows=int(rows)))
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "run.py"
    path.write_text(RUN, encoding="utf-8")
    return path


def begun(script: Path, corpus: Path, *, jobs: int, rows: int = 20) -> subprocess.Popen[bytes]:
    out = script.parent / "labels.parquet"
    run = [sys.executable, script, corpus, out, str(jobs), str(rows)]
    return subprocess.Popen(list(map(str, run)), stderr=subprocess.PIPE)


def workers_of(run: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Its labelling processes; the one that watches over semaphores is none."""
    children = psutil.Process(run.pid).children()
    return [one for one in children if "multiprocessing.spawn" in " ".join(one.cmdline())]


def wait_for(ready: object, *, seconds: float = 60.0) -> None:
    end = monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert monotonic() < end, "took too long"
        sleep(0.005)


def n_shards(folder: Path) -> int:
    return len(list((folder / "labels.parquet.parts").glob("*/[0-9]*.arrow")))


def killed_again_and_again(
    script: Path, corpus: Path, *, jobs: int, seed: int, most: int, rows: int = 20
) -> int:
    """Start a run until one ends; kill all before at random moments. Gives how many were killed."""
    chance = random.Random(seed)
    n = 0
    while True:
        run = begun(script, corpus, jobs=jobs, rows=rows)
        before = n_shards(script.parent)
        if n < most:
            goal = before + chance.randint(0, 3)
            # Some before they have done anything, some between shards, some in the middle of one.
            wait_for(lambda: run.poll() is not None or n_shards(script.parent) >= goal)  # noqa: B023
            sleep(chance.random() * 0.05)
            run.kill()
        _, said = run.communicate()
        if run.returncode == 0:
            return n
        assert run.returncode == -signal.SIGKILL, said.decode()
        n += 1


def test_killed_run_goes_on_to_the_same_bytes(
    script: Path, corpus: Path, label: Label, tmp_path: Path
) -> None:
    label(corpus)
    whole = files(tmp_path)
    for path in tmp_path.glob("labels*"):
        path.unlink()
    assert killed_again_and_again(script, corpus, jobs=1, seed=0, most=2) > 0
    assert files(tmp_path) == whole
    assert not (tmp_path / "labels.parquet.parts").exists()


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_many_times(script: Path, tmp_path: Path, jobs: int) -> None:
    corpus = tmp_path / "corpus.parquet"
    parquet.write_table(pa.table(paragraphs(1000, seed=jobs)), corpus)
    label_corpus(corpus, tmp_path / "labels.parquet", size=SMALL)
    whole = files(tmp_path)
    for path in tmp_path.glob("labels*"):
        path.unlink()
    assert killed_again_and_again(script, corpus, jobs=jobs, seed=jobs, most=8) > 0
    assert files(tmp_path) == whole


@pytest.mark.slow
def test_worker_that_is_killed_is_replaced(script: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.parquet"
    parquet.write_table(pa.table(paragraphs(2000)), corpus)
    label_corpus(corpus, tmp_path / "labels.parquet", size=SMALL)
    whole = files(tmp_path)
    for path in tmp_path.glob("labels*"):
        path.unlink()
    run = begun(script, corpus, jobs=2)
    for goal in (2, 20):
        wait_for(lambda: n_shards(tmp_path) >= goal)  # noqa: B023
        workers_of(run)[0].kill()
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said.decode()
    assert files(tmp_path) == whole


@pytest.mark.slow
def test_workers_end_when_their_run_is_killed(script: Path, corpus: Path, tmp_path: Path) -> None:
    run = begun(script, corpus, jobs=2, rows=5)
    wait_for(lambda: n_shards(tmp_path) >= 1 and len(workers_of(run)) == 2)
    workers = workers_of(run)
    run.kill()
    run.communicate()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive


DEADLY = """
import os, signal, sys
from stance.labelling import labeller
from stance.labelling.workers import on_processes
from stance.labelling.shards import Shard
import pyarrow as pa

class Deadly(labeller.Labeller):
    def label(self, table):
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    shard = Shard(0, pa.table({"row": [40, 41], "text": ["a", "b"]}), 1.0)
    try:
        list(on_processes(Deadly(), iter([shard]), jobs=1))
    except ValueError as error:
        sys.stdout.write(str(error))
"""


@pytest.mark.slow
def test_rows_that_kill_every_worker_are_named(tmp_path: Path) -> None:
    path = tmp_path / "deadly.py"
    path.write_text(DEADLY, encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, check=True, timeout=120)
    assert done.stdout.decode().startswith("rows 40 to 41: 3 workers died over them (exit code -9)")


@pytest.fixture
def dask() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process of its own."""
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    start = [sys.executable, "-m", "distributed.cli."]
    settings = os.environ | {"DASK_LOGGING__DISTRIBUTED": "error"}

    def began(what: str, *options: str) -> subprocess.Popen[bytes]:
        run = [*start[:-1], f"{start[-1]}{what}", *options, "--no-dashboard"]
        return subprocess.Popen(run, env=settings, **quiet)  # type: ignore[call-overload, no-any-return]

    running = [began("dask_scheduler", "--host", "127.0.0.1", "--port", str(port))]
    worker = (address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
    running += [began("dask_worker", *worker) for _ in range(2)]
    try:
        import distributed

        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_cluster_gives_the_same_bytes_also_when_a_worker_dies(
    dask: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = dask
    corpus = tmp_path / "corpus.parquet"
    parquet.write_table(pa.table(paragraphs(1000)), corpus)
    settings: Any = {"size": SMALL, "labeller": Labeller(targets=parse_targets(["the dam"]))}
    label_corpus(corpus, tmp_path / "labels.parquet", **settings)
    whole = files(tmp_path)
    settings |= {"cluster": address, "fresh": True}
    label_corpus(corpus, tmp_path / "labels.parquet", **settings)
    assert files(tmp_path) == whole

    def kill(step: object) -> None:
        if n_shards(tmp_path) == 10:
            workers[0].kill()

    label_corpus(corpus, tmp_path / "labels.parquet", tell=kill, **settings)
    assert workers[0].wait() == -signal.SIGKILL
    assert files(tmp_path) == whole


def test_cluster_that_does_not_answer(
    corpus: Path, label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.2)
    with pytest.raises(
        LabellingError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"
    ):
        label(corpus, cluster="tcp://127.0.0.1:9")
    with pytest.raises(LabellingError, match="no Dask scheduler answers at 'nonsense://x'"):
        label(corpus, cluster="nonsense://x")
