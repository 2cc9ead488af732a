"""Measuring: what labelling a corpus costs, in a process of its own, from Parquet to Parquet.

A speed experiment calls ``measured`` in turns with what it compares to; each call starts a process
that has nothing loaded, so that memory and the first words of a corpus count as they do for users.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from stance.labelling.labeller import Labeller
from stance.labelling.run import label_corpus


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
    corpus: Path, out: Path, *, model: str, voices: bool = True, jobs: int = 1
) -> Measured:
    """Label a corpus in a new process and tell what it cost; the output is replaced.

    Parameters
    ----------
    corpus, out : Path
    model : str
    voices : bool
    jobs : int

    Raises
    ------
    RuntimeError
        The process failed; the message is the last line that it wrote.
    """
    job = {"corpus": str(corpus), "out": str(out), "model": model, "voices": voices, "jobs": jobs}
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps(job)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | alone,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"labelling {corpus} failed: {last}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _measured(job: dict[str, Any]) -> Measured:
    labeller = Labeller(job["model"], voices=job["voices"])
    labeller.schema()  # loads the model
    wall, cpu = perf_counter(), process_time()
    done = label_corpus(job["corpus"], job["out"], labeller=labeller, jobs=job["jobs"], fresh=True)
    seconds = perf_counter() - wall, process_time() - cpu + _cpu_of_workers()
    return Measured(done.n_labels + done.n_errors, *seconds, _peak_bytes())


def _cpu_of_workers() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _peak_bytes() -> int:
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii", errors="replace") if status.is_file() else ""
    peaks = [line.split()[1] for line in lines.splitlines() if line.startswith("VmHWM:")]
    return int(peaks[0]) * 1024 if peaks else 0


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measured(json.loads(sys.argv[1])))) + "\n")
