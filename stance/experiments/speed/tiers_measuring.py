"""Tiers measuring: every tier on every number of cores, in interleaved rounds; and cold starts."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from stance.evaluation.timing import Task, interleaved
from stance.experiments.result import SplitCount
from stance.experiments.runs.data import Part, chosen, count_of, part_of
from stance.experiments.speed.tier_process import Job, Workers
from stance.experiments.speed.tiers_config import PanelConfig, StartsConfig, TierConfig
from stance.passage import Passage

Key = tuple[str, str, int]
"""Corpus, tier, cores."""

Tell = Callable[[str], None]

THREADED = ("encoder", "torch")
"""Kinds that share out the work among threads of one process."""

_TORCH_FILES = ("model.safetensors", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of all tiers.

    Parameters
    ----------
    seconds : mapping of Key to tuple of float, length n_rounds
        By the clock on the wall.
    peak_bytes : mapping of Key to list of float, length n_rounds
        Most memory that all processes of a run held.
    model_bytes : mapping of (str, str) to int
        Size on disk, by corpus and tier; what is not on this disk is left out.
    """

    seconds: Mapping[Key, tuple[float, ...]]
    peak_bytes: Mapping[Key, list[float]]
    model_bytes: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel with its passages and where the models of its tiers lie."""

    config: PanelConfig
    passages: tuple[Passage, ...]
    count: SplitCount
    places: Mapping[str, Path]


def prepared(config: PanelConfig, scratch: Path) -> Panel:
    """The passages of a panel and its models; n-grams learn.

    Raises
    ------
    ValueError
        The corpus is not on this machine, or lacks what the config asks of it.
    """
    part = _distinct(part_of(config.corpus, config.split), config.max_passages)
    places = {}
    for tier in config.tiers:
        at = scratch / f"{config.corpus.name}-{tier.name}.pickle"
        if tier.kind == "ngrams":
            _learn(config, at)
        places[tier.name] = at if tier.kind == "ngrams" else place_of(tier)
    (scratch / f"{config.corpus.name}.pickle").write_bytes(pickle.dumps(part.passages))
    count = count_of(config.corpus.name, config.split, part)
    return Panel(config, part.passages, count, places)


def place_of(tier: TierConfig) -> Path:
    """The folder of a tier's model; of one on the hub, its id.

    Raises
    ------
    ValueError
        There is no such model.
    """
    from stance import models
    from stance.encoders.pretrained import encoder_place

    if tier.kind == "torch":
        return Path(encoder_place(tier.model))
    if tier.kind == "shipped" or tier.model in models.names() or os.sep not in tier.model:
        return models.folder(tier.model)
    return Path(tier.model).resolve()


def measure(
    panels: Sequence[Panel],
    *,
    cores: Sequence[int],
    n_rounds: int,
    scratch: Path,
    tell: Tell,
) -> Measured:
    """Seconds and memory of every tier on every number of cores.

    Parameters
    ----------
    panels : sequence of Panel
        As ``prepared`` makes them; all that their tiers need is installed.
    cores : sequence of int
    n_rounds : int
    scratch : Path
        The folder that ``prepared`` was given.
    tell : callable
        Called with what begins, in words.

    Raises
    ------
    RuntimeError
        A process failed; the message is the last line that it wrote.
    """
    tasks: dict[Key, Task] = {}
    peaks: dict[Key, list[float]] = {}
    running: list[Workers] = []
    for panel in panels:
        for tier in panel.config.tiers:
            for n in cores:
                key = (panel.count.corpus, tier.name, n)
                peaks[key] = []
                jobs = _jobs(panel, tier, n, scratch)
                tasks[key] = _task(jobs, scratch, running=running, peaks=peaks[key])
    try:
        seconds = interleaved(
            tasks,
            n_rounds=n_rounds,
            clock=perf_counter,
            tell=lambda n, key: tell(f"round {n + 1}: {key[0]}, {key[1]}, cores: {key[2]}"),
        )
    finally:
        _end(running)
    sizes = {
        (panel.count.corpus, tier.name): found
        for panel in panels
        for tier in panel.config.tiers
        if (found := _size(tier, panel.places[tier.name]))
    }
    return Measured(seconds, peaks, sizes)


def start_seconds(config: StartsConfig, *, root: Path, tell: Tell) -> dict[str, tuple[float, ...]]:
    """Seconds from the start of ``stance label PAGE --model NAME`` to its end, by model.

    Raises
    ------
    RuntimeError
        The command failed; the message is the last line that it wrote.
    """
    tasks = {name: Task(_start(root / config.page, name)) for name in config.models}
    return interleaved(
        tasks,
        n_rounds=config.n_rounds,
        clock=perf_counter,
        tell=lambda n, name: tell(f"start {n + 1}: {name}"),
    )


def cpus() -> tuple[int, ...]:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return tuple(sorted(os.sched_getaffinity(0)))
    return tuple(range(os.cpu_count() or 1))


def shares(groups: Sequence[str], n: int) -> list[tuple[int, int]]:
    """First and last row, excluded, of n shares of like size; articles stay whole where they can.

    Examples
    --------
    >>> shares(["a", "a", "a", "b", "b"], 2), shares(["", "", "", ""], 2), shares(["a"], 2)
    ([(0, 3), (3, 5)], [(0, 2), (2, 4)], [(0, 1)])
    """
    edges = [i for i in range(1, len(groups)) if not groups[i] or groups[i] != groups[i - 1]]
    cuts = {0, len(groups)}
    for k in range(1, n):
        wanted = len(groups) * k / n
        if edges:
            cuts.add(min(edges, key=lambda edge: abs(edge - wanted)))
    ends = sorted(cuts)
    return list(pairwise(ends))


def _distinct(part: Part, most: int) -> Part:
    """The first passages of different texts: a tier that remembers gains nothing by it."""
    import numpy as np

    first: dict[str, int] = {}
    for i, passage in enumerate(part.passages):
        first.setdefault(passage.text, i)
    return chosen(part, np.array(list(first.values())[:most], np.int64))


def _learn(config: PanelConfig, at: Path) -> None:
    from stance.classifiers.tfidf import TfidfClassifier

    train = part_of(config.corpus, config.train)
    model = TfidfClassifier(random_state=0).fit(train.passages, train.labels)
    at.write_bytes(pickle.dumps(model, protocol=5))


def _jobs(panel: Panel, tier: TierConfig, cores: int, scratch: Path) -> list[Job]:
    is_threaded = tier.kind in THREADED
    groups = [passage.group for passage in panel.passages]
    name = panel.places[tier.name]
    return [
        Job(
            kind=tier.kind,
            model=tier.model if tier.kind in ("shipped", "torch") else str(name),
            task=tier.task,
            asks=panel.config.asks,
            passages=str(scratch / f"{panel.count.corpus}.pickle"),
            first=first,
            last=last,
            threads=cores if is_threaded else 1,
            cpus=cpus()[:cores] if hasattr(os, "sched_setaffinity") else (),
        )
        for first, last in shares(groups, 1 if is_threaded else cores)
    ]


def _task(
    jobs: Sequence[Job], scratch: Path, *, running: list[Workers], peaks: list[float]
) -> Task:
    def prepare() -> Workers:
        _end(running)
        running.append(Workers(jobs, scratch))
        return running[-1]

    return Task(lambda workers: peaks.append(workers.label()), prepare)


def _end(running: list[Workers]) -> None:
    while running:
        running.pop().finish()


def _start(page: Path, model: str) -> Callable[[object], None]:
    code = "from stance.cli import main; main()"
    command = [sys.executable, "-c", code, "label", str(page), "--model", model]

    def run(_: object) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise RuntimeError(f"stance label --model {model} failed: {last}")

    return run


def _size(tier: TierConfig, place: Path) -> int:
    """Bytes on disk; 0 where they are not known."""
    files = [place] if place.is_file() else list(place.glob("*"))
    if tier.kind == "torch":
        files = [place / name for name in _TORCH_FILES]
    return sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".md")
