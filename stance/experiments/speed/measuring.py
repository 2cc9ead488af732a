"""Speed measuring: everything that a speed experiment times, in one interleaved run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stance.evaluation.timing import Task, interleaved
from stance.experiments.speed.config import ContenderConfig, SpeedConfig
from stance.experiments.speed.contenders import Contender
from stance.experiments.speed.data import SpeedData
from stance.experiments.speed.probe import Verb, probed

SPLITTING = "str.split"
"""Name of what is no contender: the texts cut into words by Python, the least one can do."""

FIT, PREDICT, COLD = "fit", "predict", "cold"

Key = tuple[str, str, str]
"""Contender, what was timed, corpus of the texts (empty for ``FIT``)."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of all contenders.

    Parameters
    ----------
    seconds : mapping of Key to tuple of float, length n_rounds
        Seconds on a processor. ``(name, "batch/20", corpus)`` is of ``n_texts`` in batches of 20.
    n_texts : mapping of Key to int
        How many texts each timing labels, or learns from.
    predicted : mapping of str to tuple of str
        Each contender's labels of the labelled test split.
    model_bytes : mapping of str to int
        Size on disk.
    probes : mapping of (str, str) to tuple of dict
        By contender and verb, what ``probed`` gave.
    """

    seconds: Mapping[Key, tuple[float, ...]]
    n_texts: Mapping[Key, int]
    predicted: Mapping[str, tuple[str, ...]]
    model_bytes: Mapping[str, int]
    probes: Mapping[tuple[str, Verb], tuple[dict[str, float], ...]]


def measure(config: SpeedConfig, data: SpeedData, *, tell: Tell) -> Measured:
    """Everything, single-threaded.

    Parameters
    ----------
    config : SpeedConfig
        All of its contenders can be imported.
    data : SpeedData
    tell : callable
        Called with what begins, in words.

    Raises
    ------
    RuntimeError
        A contender failed in a process of its own.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    contenders = {one.name: one.built() for one in config.contenders}
    with threadpool_limits(limits=1), TemporaryDirectory() as scratch:
        for name, contender in contenders.items():  # also what a library does only once
            tell(f"{name}: learns")
            contender.fit(data.train.texts, data.train.labels)
        predicted = {
            name: tuple(contender.predict(data.test.texts))
            for name, contender in contenders.items()
        }
        folder = Path(scratch)
        sizes = {name: _saved(one, folder / name) for name, one in contenders.items()}
        tasks, n_texts = _tasks(config, data, contenders)
        seconds = interleaved(
            tasks, n_rounds=config.n_rounds, tell=lambda n, key: tell(f"round {n + 1}: {key[0]}")
        )
        probes = _probes(config, data, folder, tell=tell)
    return Measured(seconds, n_texts, predicted, sizes, probes)


def _saved(contender: Contender, folder: Path) -> int:
    folder.mkdir()
    contender.save(folder)
    return sum(path.stat().st_size for path in folder.iterdir())


def _tasks(
    config: SpeedConfig, data: SpeedData, contenders: Mapping[str, Contender]
) -> tuple[dict[Key, Task], dict[Key, int]]:
    tasks: dict[Key, Task] = {}
    n_texts: dict[Key, int] = {}
    for one in config.contenders:
        tasks[one.name, FIT, ""] = _fit_task(one, data)
        n_texts[one.name, FIT, ""] = len(data.train.texts)
    for i, part in enumerate(data.texts):
        corpus, texts = part.count.corpus, part.texts
        tasks[SPLITTING, PREDICT, corpus] = _splitting_task(texts)
        n_texts[SPLITTING, PREDICT, corpus] = len(texts)
        for name, contender in contenders.items():
            batches = {PREDICT: [texts]}
            if i == 0:
                batches |= {f"batch/{n}": _batches(config, texts, size=n) for n in config.batches}
            for what, runs in batches.items():
                tasks[name, what, corpus] = _predict_task(contender, runs)
                n_texts[name, what, corpus] = sum(map(len, runs))
            if contender.has_memo:
                tasks[name, COLD, corpus] = _cold_task(contender, texts)
                n_texts[name, COLD, corpus] = len(texts)
    return tasks, n_texts


def _splitting_task(texts: list[str]) -> Task:
    return Task(lambda _: [text.split() for text in texts])


def _fit_task(one: ContenderConfig, data: SpeedData) -> Task:
    return Task(lambda fresh: fresh.fit(data.train.texts, data.train.labels), one.built)


def _cold_task(contender: Contender, texts: list[str]) -> Task:
    return Task(lambda _: contender.predict(texts), contender.forget)


def _predict_task(contender: Contender, batches: Sequence[list[str]]) -> Task:
    """Label all batches; a contender that remembers words has met these."""

    def run(_: Any) -> None:
        for batch in batches:
            contender.predict(batch)

    return Task(run, (lambda: run(None)) if contender.has_memo else lambda: None)


def _batches(config: SpeedConfig, texts: list[str], *, size: int) -> list[list[str]]:
    n = max(1, min(config.max_batches, config.batch_texts // size))
    return [texts[i : i + size] for i in range(0, min(n * size, len(texts)), size)]


def _probes(
    config: SpeedConfig, data: SpeedData, folder: Path, *, tell: Tell
) -> dict[tuple[str, Verb], tuple[dict[str, float], ...]]:
    found: dict[tuple[str, Verb], list[dict[str, float]]] = {}
    starts: list[Verb] = ["start"] * config.n_starts
    verbs: list[Verb] = ["fit", "predict", *starts]
    texts: dict[Verb, list[str]] = {
        "fit": data.train.texts,
        "predict": data.texts[0].texts,
        "start": data.test.texts[:1],
    }
    for verb in verbs:
        for one in config.contenders:
            tell(f"{one.name}: {verb} in a process of its own")
            job = {
                "kind": one.kind,
                "parameters": one.parameters,
                "model": str(folder / one.name),
                "texts": texts[verb],
                "labels": data.train.labels if verb == "fit" else [],
            }
            path = folder / "job.json"
            path.write_text(json.dumps(job), encoding="utf-8")
            found.setdefault((one.name, verb), []).append(probed(verb, path))
    return {key: tuple(values) for key, values in found.items()}
