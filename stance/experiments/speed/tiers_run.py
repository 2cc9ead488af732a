"""Tiers: a config with ``kind: tiers`` → its report folder. Measured anew each time it is run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from stance.experiments.config import project_root
from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Cell, Result
from stance.experiments.runs.fingerprint import versions
from stance.experiments.runs.progress import Progress, Step, silent
from stance.experiments.speed.labelling_cells import line_name
from stance.experiments.speed.run import SpeedOutcome, load_now, machine_now, write_report
from stance.experiments.speed.tiers_cells import METRIC, score_cells, tiers_cells
from stance.experiments.speed.tiers_config import TierConfig, TiersConfig, load_tiers_config
from stance.experiments.speed.tiers_measuring import (
    Panel,
    cpus,
    measure,
    place_of,
    prepared,
    start_seconds,
)

_PACKAGES = ("onnxruntime", "tokenizers", "torch", "transformers")


def run_tiers(
    path: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> SpeedOutcome:
    """Measure how fast each tier labels, join its accuracy from other reports, write the report.

    A tier that needs what is not installed is left out, and the report says so.

    Parameters
    ----------
    path : path
        The config; its report goes where those of other configs go, and the reports that it names
        start from the same folder.
    out : path, optional
        The report's folder, in place of the one that follows from ``path``.
    progress : callable, optional
        Called with a Step whenever something starts or ends.

    Raises
    ------
    ConfigError
        The config has mistakes, names reports or cells that are not there, or asks for more cores
        than there are; or the headline's tier cannot be run.
    ValueError
        A corpus is not on this machine, or lacks what the config asks of it.
    RuntimeError
        A process failed.
    """
    path, tell, began = Path(path), progress or silent, perf_counter()
    config, root = load_tiers_config(path), project_root(path)
    folder = Path(out) if out is not None else root / "reports" / config.name
    if max(config.cores) > len(cpus()):
        must_be = f"at most {len(cpus())}, the cores that this machine gives"
        raise ConfigError([f"{path}: cores = {list(config.cores)}, must be {must_be}"])
    scores = score_cells(config, root)
    present, missing = _installed(path, config)
    before = load_now()

    def started(what: str) -> None:
        tell(Step(what, "started"))

    with TemporaryDirectory() as name:
        scratch = Path(name)
        started("corpus")
        panels = [prepared(panel, scratch) for panel in present.panels]
        tell(Step("corpus", "done", seconds=perf_counter() - began))
        rounds: dict[str, Any] = {"cores": present.cores, "n_rounds": present.n_rounds}
        measured = measure(panels, **rounds, scratch=scratch, tell=started)
    starts = start_seconds(present.starts, root=root, tell=started) if present.starts else {}
    machine = machine_now() | {"load_before": before, "load_after": load_now()}
    cells = tiers_cells(present, panels, measured, scores=scores, starts=starts)
    result = Result(
        name=config.name,
        question=config.question,
        answer=_answer(present, cells),
        headline=cells[0].headline(
            METRIC, n_groups=panels[0].count.n_groups, n_passages=panels[0].count.n_passages
        ),
        cells=cells,
        data=tuple(panel.count for panel in panels),
        notes=(*missing, *_notes(present, panels, machine)),
    )
    seconds = {"total": round(perf_counter() - began, 1)}
    environment = {"versions": _versions(), **machine, "seconds": seconds}
    write_report(folder, config, result, environment=environment)
    tell(Step("report", "done", seconds=perf_counter() - began))
    return SpeedOutcome(folder, result)


def _installed(path: Path, config: TiersConfig) -> tuple[TiersConfig, list[str]]:
    """The config without the tiers that cannot be run, and the notes that say why."""
    notes: list[str] = []
    panels = []
    for panel in config.panels:
        lacks = {tier.name: _lacking(tier) for tier in panel.tiers}
        if panel is config.panels[0] and (why := lacks[config.main_tier.name]):
            raise ConfigError([f"{path}: tier {config.main_tier.name!r} cannot be run: {why}"])
        notes += [
            f"{name} is left out on {panel.corpus.name}: {why}."
            for name, why in lacks.items()
            if why
        ]
        kept = tuple(tier for tier in panel.tiers if not lacks[tier.name])
        panels.append(panel.model_copy(update={"tiers": kept}))
    return config.model_copy(update={"panels": tuple(panels)}), notes


def _lacking(tier: TierConfig) -> str:
    """Why a tier cannot be run; empty where it can."""
    from stance.classifiers.accurate import AccurateClassifier
    from stance.classifiers.encoder import EncoderClassifier

    needed = {"encoder": AccurateClassifier.lacking, "torch": EncoderClassifier.lacking}
    why = needed[tier.kind]() if tier.kind in needed else ""
    if why or tier.kind == "ngrams":
        return why
    try:
        place_of(tier)
    except ValueError as error:
        return str(error)
    return ""


def _answer(config: TiersConfig, cells: Sequence[Cell]) -> str:
    """Passages a second and macro-F1 of every tier that has both, on the most cores."""
    cores = max(config.cores)
    scores = {(c.corpus, c.model): c.metrics["macro_f1"] for c in cells if "macro_f1" in c.metrics}
    rates = {(c.corpus, c.model): c for c in cells if METRIC in c.metrics}
    told = []
    for panel in config.panels:
        corpus = panel.corpus.name
        each = []
        for tier in panel.tiers:
            rate = rates[corpus, line_name(tier.name, cores)].metrics
            score = scores.get((corpus, tier.name))
            if score is not None:
                each.append(f"{tier.name} {rate[METRIC].value:,.0f} at {score.value:.3f}")
        told.append(f"{panel.asks} {', '.join(each)}")
    unit = f"{cores} core{'s' if cores > 1 else ''}"
    return f"Passages a second on {unit}, at which macro-F1: {'; '.join(told)}{_lead(cells[0])}"


def _lead(cell: Cell) -> str:
    found = cell.metrics.get("time_ratio")
    return f"; {cell.model}: {found.value:.1f} times the baseline's speed" if found else ""


def _notes(
    config: TiersConfig, panels: Sequence[Panel], machine: dict[str, Any]
) -> tuple[str, ...]:
    load = f"{machine['load_before'][0]:.1f} before and {machine['load_after'][0]:.1f} after"
    texts = "; ".join(
        f"for {panel.config.asks}, {panel.count.n_passages:,} of {panel.count.corpus} "
        f"({panel.count.split}), {_words(panel):.0f} words each"
        for panel in panels
    )
    reports = "; ".join(
        f"{tier.name} on {panel.corpus.name}: {tier.score.report}, model {tier.score.cell}"
        for panel in config.panels
        for tier in panel.tiers
        if tier.score is not None
    )
    own = [
        tier.name
        for panel in config.panels
        for tier in panel.tiers
        if tier.kind == "shipped" and tier.score is not None
    ]
    notes = [
        f"Measured on {machine['processor']}, {machine['cores']} cores; the machine's load was "
        f"{load} (mean of a minute), what is measured here included. Another machine, or other "
        "work on this one, gives other numbers.",
        f"The same passages for every tier, each text once: {texts}.",
        f"macro-F1 and its 95 % interval are those of other reports, on their test splits, not of "
        f"the passages that are labelled here: {reports}.",
    ]
    if own:
        notes.append(
            f"The speed of {' and '.join(own)} is that of the model that ships; the macro-F1 is "
            "that of a model of the same kind that learned from the corpus's own training part, "
            "not of the one that ships, whose card says what it learned from."
        )
    if any(tier.kind == "torch" for panel in config.panels for tier in panel.tiers):
        notes.append(
            "The encoder in torch has the pretrained weights and heads that have not learned: its "
            "speed does not depend on what the weights are, and accuracy is not claimed for it."
        )
    return (*notes, "Not measured: accelerators, more cores, languages other than English.")


def _words(panel: Panel) -> float:
    return sum(len(one.text.split()) for one in panel.passages) / len(panel.passages)


def _versions() -> dict[str, str]:
    found = versions()
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
