"""Speed probe: one contender in a process of its own, to see what memory and a start cost.

``python -m stance.experiments.speed.probe VERB JOB`` reads the file JOB and writes one line of JSON
to standard output. It imports nothing that the contender does not need.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from stance.experiments.speed.contenders import CONTENDERS, Contender

Verb = Literal["fit", "predict", "start"]


def probed(verb: Verb, job: Path) -> dict[str, float]:
    """What a new process found.

    Parameters
    ----------
    verb : {"fit", "predict", "start"}
        Learn; load and label the texts; the same with as little else as can be.
    job : Path
        JSON: ``kind``, ``parameters``, ``model`` (a folder), ``texts``, ``labels``.

    Returns
    -------
    dict
        ``peak_bytes``: most memory that the process held at once, Python, libraries and texts
        included; ``load_seconds``, of ``predict``, imports not counted; ``wall_seconds``, from the
        process's start to its end.

    Raises
    ------
    RuntimeError
        The process failed; the message is the last line that it wrote.
    """
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", __name__, verb, str(job)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    wall = perf_counter() - began
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"speed probe {verb!r} failed: {last}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found | {"wall_seconds": wall}


ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables that keep numerical libraries to one thread."""


def peak_bytes() -> int:
    """Most memory that this process has held at once, in bytes; 0 where the system does not tell.

    On Linux not by ``getrusage``: its maximum outlives ``exec``, so that a small child of a large
    parent would report the parent.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measured(verb: str, job: Mapping[str, Any]) -> dict[str, float]:
    """What ``probed`` gives, but for the wall-clock, of this process."""
    contender: Contender = CONTENDERS[job["kind"]](**job["parameters"])
    if verb == "fit":
        contender.fit(job["texts"], job["labels"])
        return {"peak_bytes": peak_bytes()}
    folder = Path(job["model"])
    contender.load(folder)
    contender.predict(job["texts"])
    found: dict[str, float] = {"peak_bytes": peak_bytes()}
    if verb == "predict":  # now that all is imported
        began = perf_counter()
        contender.load(folder)
        found["load_seconds"] = perf_counter() - began
    return found


if __name__ == "__main__":
    job = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(measured(sys.argv[1], job)) + "\n")
