"""Tier process: a tier loads in a process of its own, waits for the word, labels, and tells.

``python -m stance.experiments.speed.tier_process JOB`` reads the file JOB.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from stance.experiments.speed.probe import ONE_THREAD, peak_bytes
from stance.passage import Passage

Label = Callable[[Sequence[Passage]], object]

WARM = 8
"""Passages that each process labels before the clock starts: what happens only once is over."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one process does.

    Parameters
    ----------
    kind, model, task, asks : str
        As in the config; of n-grams, ``model`` is the file that they were saved in.
    passages : str
        A file that ``pickle`` wrote, in a folder that nobody else can reach.
    first, last : int
        Which of them are labelled, the last excluded.
    threads : int
    cpus : tuple of int
        The processors that the process keeps to; empty where the system cannot say that.
    """

    kind: str
    model: str
    task: str
    asks: str
    passages: str
    first: int
    last: int
    threads: int
    cpus: tuple[int, ...]


class Workers:
    """Processes that are ready to label.

    Parameters
    ----------
    jobs : sequence of Job
    scratch : Path

    Raises
    ------
    RuntimeError
        A process failed; the message is the last line that it wrote.
    """

    def __init__(self, jobs: Sequence[Job], scratch: Path) -> None:
        self._started = [_started(job, scratch / f"job-{i}.json") for i, job in enumerate(jobs)]
        try:
            self._answers()
        except RuntimeError:
            self.finish()
            raise

    def label(self) -> float:
        """Have all of them label their passages, and wait for the last one.

        Returns
        -------
        float
            The most bytes of memory that each has held, added up; 0 where the system does not tell.

        Raises
        ------
        RuntimeError
            A process failed; the message is the last line that it wrote.
        """
        for process, _ in self._started:
            _pipe(process.stdin).write("go\n")
            _pipe(process.stdin).flush()
        return float(sum(json.loads(line)["peak_bytes"] for line in self._answers()))

    def finish(self) -> None:
        """End the processes."""
        for process, errors in self._started:
            process.communicate()
            errors.close()

    def _answers(self) -> list[str]:
        lines = []
        for process, errors in self._started:
            line = _pipe(process.stdout).readline()
            if not line:
                process.wait()
                errors.seek(0)
                told = errors.read().strip().splitlines() or ["no message"]
                raise RuntimeError(f"a tier's process failed: {told[-1]}")
            lines.append(line)
        return lines


def _started(job: Job, path: Path) -> tuple[subprocess.Popen[str], IO[str]]:
    values = {name: getattr(job, name) for name in Job.__slots__}
    path.write_text(json.dumps(values), encoding="utf-8")
    errors = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed with the process)
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env=os.environ | dict.fromkeys(ONE_THREAD, str(job.threads)),
    )
    return process, errors


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("expected a process with pipes")
    return pipe


def labeller(job: Mapping[str, Any]) -> Label:
    """What labels passages as a job says, loaded.

    Raises
    ------
    ValueError
        The model cannot be used.
    ExtraMissingError
        A library is not installed.
    """
    kinds = {"ngrams": _ngrams, "shipped": _shipped, "encoder": _encoder, "torch": _torch}
    return kinds[job["kind"]](job)


def _ngrams(job: Mapping[str, Any]) -> Label:
    label: Label = pickle.loads(Path(job["model"]).read_bytes()).predict
    return label


def _shipped(job: Mapping[str, Any]) -> Label:
    from stance.models import load

    label: Label = load(job["model"]).predict_proba
    return label


def _encoder(job: Mapping[str, Any]) -> Label:
    from stance.encoders.accurate import AccurateModel

    # Nothing is kept: what was read to warm up is read again.
    model = AccurateModel.load(job["model"], threads=job["threads"], cache_bytes=0)
    label: Label = model.task(job["task"]).predict_proba
    return label


def _torch(job: Mapping[str, Any]) -> Label:
    from stance.encoders.batches import Labelled, read
    from stance.encoders.network import Task, new_network
    from stance.encoders.pretrained import EXTRA
    from stance.encoders.running import Machine, all_logits
    from stance.encoders.tokens import Tokens
    from stance.extras import imported

    imported("torch", extra=EXTRA).set_num_threads(job["threads"])
    is_stance = job["asks"] == "stances"
    task = Task("asked", "stance" if is_stance else "type", ("a", "b", "c"))
    network = new_network(job["model"], [task])
    tokens = Tokens.from_json(network.tokenizer)

    def label(passages: Sequence[Passage]) -> object:
        asked = Labelled(tuple(passages), (None,) * len(passages))
        return all_logits(network, read(task, asked, tokens), Machine("cpu", False))

    return label


def _work(job: Mapping[str, Any]) -> None:
    if job["cpus"]:
        os.sched_setaffinity(0, job["cpus"])
    label = labeller(job)
    passages = pickle.loads(Path(job["passages"]).read_bytes())[job["first"] : job["last"]]
    label(passages[:WARM])
    _tell("ready")
    if sys.stdin.readline():  # else whoever started this is gone
        label(passages)
        _tell(json.dumps({"peak_bytes": peak_bytes()}))


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _work(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
