"""Labelling speed: a config with ``kind: labelling`` → its report folder. Never up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from stance.evaluation.timing import Task, interleaved
from stance.experiments.config import project_root
from stance.experiments.result import Cell, Result
from stance.experiments.runs.fingerprint import versions
from stance.experiments.runs.progress import Progress, Step, silent
from stance.experiments.speed.contenders import CONTENDERS
from stance.experiments.speed.corpora import Paragraphs, paragraphs_of, write_corpus
from stance.experiments.speed.data import labelled_texts
from stance.experiments.speed.labelling_cells import METRIC, Key, labelling_cells, line_name
from stance.experiments.speed.labelling_config import (
    LabellingConfig,
    SizeConfig,
    WayConfig,
    load_labelling_config,
)
from stance.experiments.speed.mapped import mapped
from stance.experiments.speed.run import SpeedOutcome, load_now, machine_now, write_report
from stance.labelling.measuring import Measured, measured

Runs = dict[Key, list[Measured]]


def run_labelling(
    path: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> SpeedOutcome:
    """Measure what labelling whole corpora costs, each run in a new process; write the report.

    Parameters
    ----------
    path : path
        The config; its report goes where those of other configs go.
    out : path, optional
        The report's folder, in place of the one that follows from ``path``.
    progress : callable, optional
        Called with a Step whenever something starts or ends.

    Raises
    ------
    ConfigError
        The config has mistakes.
    ValueError
        A corpus is not on this machine, or lacks what the config asks of it.
    RuntimeError
        A run failed.
    """
    path, tell, began = Path(path), progress or silent, perf_counter()
    config = load_labelling_config(path)
    folder = Path(out) if out is not None else project_root(path) / "reports" / config.name
    tell(Step("corpus", "started"))
    paragraphs = paragraphs_of(config.texts)
    tell(Step("corpus", "done", seconds=perf_counter() - began))
    before = load_now()
    runs = _runs(config, paragraphs, tell=lambda what: tell(Step(what, "started")))
    machine = machine_now() | {"load_before": before, "load_after": load_now()}
    cells = labelling_cells(config, paragraphs.name, runs)
    main = paragraphs.count(config.main_size.rows)
    result = Result(
        name=config.name,
        question=config.question,
        answer=_answer(config, cells),
        headline=cells[0].headline(METRIC, n_groups=main.n_groups, n_passages=main.n_passages),
        cells=cells,
        data=tuple(paragraphs.count(size.rows) for size in config.sizes),
        notes=_notes(config, paragraphs, machine),
    )
    seconds = {"total": round(perf_counter() - began, 1)}
    environment = {"versions": versions(), **machine, "seconds": seconds}
    write_report(folder, config, result, environment=environment)
    tell(Step("report", "done", seconds=perf_counter() - began))
    return SpeedOutcome(folder, result)


def _runs(config: LabellingConfig, paragraphs: Paragraphs, *, tell: Callable[[str], None]) -> Runs:
    runs: Runs = {}
    with TemporaryDirectory() as name:
        scratch = Path(name)
        for way in config.ways:
            if way.is_contender:
                tell(f"{way.name}: learns")
                _learn(config, way, scratch / way.name)
        for size in config.sizes:
            write_corpus(scratch / "corpus.parquet", paragraphs, rows=size.rows)
            interleaved(
                _tasks(config, size, scratch=scratch, runs=runs),
                n_rounds=size.n_rounds,
                tell=lambda n, key: tell(f"{key[2]:,} rows, round {n + 1}: {line_name(*key[:2])}"),
            )
    return runs


def _learn(config: LabellingConfig, way: WayConfig, folder: Path) -> None:
    train = labelled_texts(config.labelled, config.labelled.train)
    contender = CONTENDERS[way.model]()
    contender.fit(train.texts, train.labels)
    folder.mkdir()
    contender.save(folder)


def _tasks(
    config: LabellingConfig, size: SizeConfig, *, scratch: Path, runs: Runs
) -> dict[Key, Task]:
    """A task for each line; what a run measured of itself is put into ``runs``."""
    keys = {(way.name, n, size.rows): way for way in config.ways_for(size) for n in way.cores}
    runs.update((key, []) for key in keys)
    return {key: _task(way, key, scratch=scratch, found=runs[key]) for key, way in keys.items()}


def _task(way: WayConfig, key: Key, *, scratch: Path, found: list[Measured]) -> Task:
    corpus, out, jobs = scratch / "corpus.parquet", scratch / "labels.parquet", key[1]

    def run(_: Any) -> None:
        if way.is_contender:
            model = scratch / way.name
            found.append(mapped(corpus, out, kind=way.model, model=model, jobs=jobs))
        else:
            asked: dict[str, Any] = {"voices": way.voices, "targets": way.targets}
            found.append(measured(corpus, out, model=way.model, jobs=jobs, **asked))

    return Task(run)


def _answer(config: LabellingConfig, cells: Sequence[Cell]) -> str:
    """What a paragraph costs in each way, on the first number of cores."""
    split = cells[0].split
    costs = []
    for way in config.ways:
        name = line_name(way.name, way.cores[0])
        cell = next(c for c in cells if (c.model, c.split) == (name, split))
        metrics = cell.metrics
        costs.append(
            f"{name} {metrics['microseconds'].value:.0f} µs ({metrics[METRIC].value:,.0f} a second)"
        )
    return f"A paragraph costs, from file to file: {'; '.join(costs)}"


def _models(config: LabellingConfig) -> str:
    """What each way tells, by which model."""
    told = []
    for way in config.ways:
        asked = ["types", *(["voices"] if way.voices else [])]
        if way.targets:
            asked.append(f"stances toward {', '.join(way.targets)}")
        told.append(f"{way.name} tells {' and '.join(asked)} by {way.model}")
    return f"Models: {'; '.join(told)}."


def _notes(
    config: LabellingConfig, paragraphs: Paragraphs, machine: dict[str, Any]
) -> tuple[str, ...]:
    load = f"{machine['load_before'][0]:.1f} before and {machine['load_after'][0]:.1f} after"
    once = [f"{size.rows:,}" for size in config.sizes if size.n_rounds == 1]
    notes = [
        f"Measured on {machine['processor']}, {machine['cores']} cores; the machine's load was "
        f"{load} (mean of a minute), what is measured here included. Another machine, or other "
        "work on this one, gives other numbers.",
        f"The corpora are {len(paragraphs.texts):,} distinct paragraphs of "
        f"{paragraphs.n_words:.0f} words, repeated as often as their size asks: beyond that "
        "number no word is new, where a real corpus still brings some. Each copy of an article is "
        "an article of its own.",
        "The baseline writes the type alone; the package's own ways also write the row, its id and "
        "a probability for each type, and decode an article as a whole. Accuracy is not compared "
        "here.",
        f"{_models(config)} Stances are asked where a paragraph mentions a target: a corpus with "
        "more mentions costs more.",
        "Not measured: clusters, disks across a network, pages in place of paragraphs, languages "
        "other than English.",
    ]
    if once:
        notes.append(f"Corpora of {' and '.join(once)} paragraphs were labelled once: no range.")
    return tuple(notes)
