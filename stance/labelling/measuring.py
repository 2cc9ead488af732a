"""Measuring: what labelling a corpus costs, in a process of its own, from Parquet to Parquet.

A speed experiment calls ``measured`` in turns with what it compares to; each call starts a process
that has nothing loaded, so that memory and the first words of a corpus count as they do for users.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from stance.labelling.labeller import Labeller
from stance.labelling.run import label_corpus
from stance.targets import parse_targets


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run cost.

    Parameters
    ----------
    rows : int
        Labelled, or found to be no paragraph.
    wall_seconds : float
        From reading the first row to the output's last byte, the model loaded before.
    cpu_seconds : float
        Of all processes of the run, meanwhile.
    peak_bytes : int
        Most memory that the process held, its workers' not counted; 0 where the system does not
        tell.
    """

    rows: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int

    @property
    def per_second(self) -> float:
        """Rows a second, by the wall clock."""
        return self.rows / self.wall_seconds


def measured(
    corpus: Path,
    out: Path,
    *,
    model: str,
    voices: bool = True,
    targets: Sequence[str] = (),
    jobs: int = 1,
) -> Measured:
    """Label a corpus in a new process and tell what it cost; the output is replaced.

    Parameters
    ----------
    corpus, out : Path
    model : str
    voices : bool
    targets : sequence of str
        What stances are asked about, as ``parse_target`` reads it.
    jobs : int

    Raises
    ------
    RuntimeError
        The process failed; the message is the last line that it wrote.
    """
    places = {"corpus": str(corpus), "out": str(out)}
    asked = {"model": model, "voices": voices, "targets": list(targets), "jobs": jobs}
    return in_new_process(__name__, places | asked)


def in_new_process(module: str, job: dict[str, Any]) -> Measured:
    """What a module, run as a program with a job as its one argument, measured and printed.

    Parameters
    ----------
    module : str
        Its full name. It ends with ``tell_measured``.
    job : dict
        Values that JSON can hold; ``corpus`` is named in messages.

    Raises
    ------
    RuntimeError
        The process failed; the message is the last line that it wrote.
    """
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-m", module, json.dumps(job)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | alone,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"labelling {job['corpus']} failed: {last}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def metered(label: Callable[[], int]) -> Measured:
    """What a call cost that labels a corpus and returns how many rows it did."""
    wall, cpu = perf_counter(), process_time()
    rows = label()
    seconds = perf_counter() - wall, process_time() - cpu + _cpu_of_workers()
    return Measured(rows, *seconds, _peak_bytes())


def tell_measured(found: Measured) -> None:
    """Print it as ``in_new_process`` reads it."""
    sys.stdout.write(json.dumps(asdict(found)) + "\n")


def _measured(job: dict[str, Any]) -> Measured:
    targets = parse_targets(job["targets"])
    labeller = Labeller(job["model"], voices=job["voices"], targets=targets)
    labeller.schema()  # loads the models

    def label() -> int:
        done = label_corpus(
            job["corpus"], job["out"], labeller=labeller, jobs=job["jobs"], fresh=True
        )
        return done.n_labels + done.n_errors

    return metered(label)


def _cpu_of_workers() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _peak_bytes() -> int:
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii", errors="replace") if status.is_file() else ""
    peaks = [line.split()[1] for line in lines.splitlines() if line.startswith("VmHWM:")]
    return int(peaks[0]) * 1024 if peaks else 0


if __name__ == "__main__":
    tell_measured(_measured(json.loads(sys.argv[1])))
