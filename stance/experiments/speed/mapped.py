"""Mapped: a contender labels a corpus as users of ``datasets`` do, from Parquet to Parquet.

``python -m stance.experiments.speed.mapped JOB`` does it in a process of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stance.experiments.speed.contenders import CONTENDERS, Contender
from stance.labelling.measuring import Measured, in_new_process, metered, tell_measured


def mapped(corpus: Path, out: Path, *, kind: str, model: Path, jobs: int = 1) -> Measured:
    """Label a corpus in a new process and tell what it cost; the output is replaced.

    Parameters
    ----------
    corpus, out : Path
        Parquet files; of the first the column ``text`` is read.
    kind : str
        Of the contender.
    model : Path
        Folder that it was saved in.
    jobs : int
        Processes, as ``num_proc`` of ``dataset.map``.

    Raises
    ------
    RuntimeError
        The process failed; the message is the last line that it wrote.
    """
    job = {"corpus": str(corpus), "out": str(out), "kind": kind, "model": str(model), "jobs": jobs}
    return in_new_process(__name__, job)


def _mapped(job: Mapping[str, Any]) -> Measured:
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    contender: Contender = CONTENDERS[job["kind"]]()
    contender.load(Path(job["model"]))

    def label(batch: Mapping[str, list[str]]) -> dict[str, list[str]]:
        return {"type": list(contender.predict(batch["text"]))}

    def run() -> int:
        with TemporaryDirectory() as cache:
            rows: Any = Dataset.from_parquet(job["corpus"], cache_dir=cache)
            jobs = job["jobs"] if job["jobs"] > 1 else None
            found = rows.map(label, batched=True, num_proc=jobs, remove_columns=rows.column_names)
            found.to_parquet(job["out"])
            return len(found)

    return metered(run)


if __name__ == "__main__":
    tell_measured(_mapped(json.loads(sys.argv[1])))
