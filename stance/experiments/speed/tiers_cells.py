"""Tiers cells: from seconds, bytes and other reports' scores to the cells of a result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from stance.evaluation.timing import Spread, ratio, spread
from stance.experiments.configs.mistakes import nearest
from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Cell, Estimate, Result
from stance.experiments.speed.labelling_cells import line_name
from stance.experiments.speed.tiers_config import PanelConfig, TierConfig, TiersConfig
from stance.experiments.speed.tiers_measuring import Measured, Panel

METRIC = "passages_per_second"
"""Of the headline: by the clock on the wall."""

PAGE = "one page"
"""Corpus of the cells of cold starts; their split is the page."""


def score_cells(config: TiersConfig, root: Path) -> tuple[Cell, ...]:
    """A cell for each tier whose score stands in a report: macro-F1, its interval and test split.

    Parameters
    ----------
    config : TiersConfig
    root : Path
        The folder that the reports' paths start from.

    Raises
    ------
    ConfigError
        A report is not there, has no such cell, or is of another corpus; every mistake at once.
    """
    cells: list[Cell] = []
    mistakes: list[str] = []
    for panel in config.panels:
        for tier in panel.tiers:
            if tier.score is not None:
                try:
                    cells.append(_scored(panel, tier, root))
                except ValueError as error:
                    mistakes.append(f"{config.name}: tier {tier.name!r}: {error}")
    if mistakes:
        raise ConfigError(mistakes)
    return tuple(cells)


def tiers_cells(
    config: TiersConfig,
    panels: Sequence[Panel],
    measured: Measured,
    *,
    scores: Sequence[Cell],
    starts: Mapping[str, Sequence[float]],
) -> tuple[Cell, ...]:
    """A cell for each tier and number of cores, most cores first; then scores, then cold starts.

    Metrics are ``passages_per_second``, ``time_ratio`` (the baseline's time on as many cores over
    this, within a round), ``peak_bytes`` and ``model_bytes``; of scores ``macro_f1``; of starts
    ``start_seconds``. Ranges are those of the rounds; of scores, 95 % intervals.
    """
    cells = [
        _timed(config, panel, tier, cores, measured)
        for panel in panels
        for cores in sorted(config.cores, reverse=True)
        for tier in sorted(panel.config.tiers, key=lambda one: one.role != "model")
    ]
    kept = {(cell.corpus, cell.model.rpartition(",")[0]) for cell in cells}
    cells += [cell for cell in scores if (cell.corpus, cell.model) in kept]
    page = Path(config.starts.page).name if config.starts else ""
    cells += [
        _cell(name, PAGE, page, {"start_seconds": _estimate(spread(seconds))})
        for name, seconds in starts.items()
    ]
    return tuple(cells)


def _timed(
    config: TiersConfig, panel: Panel, tier: TierConfig, cores: int, measured: Measured
) -> Cell:
    corpus, n = panel.count.corpus, len(panel.passages)
    seconds = measured.seconds[corpus, tier.name, cores]
    metrics = {METRIC: _estimate(spread([n / one for one in seconds]))}
    base = measured.seconds.get((corpus, config.baseline, cores))
    if base is not None:
        metrics["time_ratio"] = _estimate(ratio(base, seconds))
    metrics["peak_bytes"] = _estimate(spread(measured.peak_bytes[corpus, tier.name, cores]))
    size = measured.model_bytes.get((corpus, tier.name))
    if size is not None:
        metrics["model_bytes"] = Estimate(float(size))
    name = line_name(tier.name, cores)
    return replace(_cell(name, corpus, panel.count.split, metrics), role=tier.role)


def _scored(panel: PanelConfig, tier: TierConfig, root: Path) -> Cell:
    if tier.score is None:
        raise ValueError("expected a score")
    folder, wanted = tier.score.report, tier.score.cell
    path = root / folder / "results.json"
    if not path.is_file():
        raise ValueError(f"score.report = {folder!r}: expected a report, found no {path}")
    try:
        result = Result.from_json(path.read_text(encoding="utf-8"))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: not a report's results.json ({error!r:.120})") from error
    known = [cell.model for cell in result.cells if "macro_f1" in cell.metrics]
    if wanted not in known:
        raise ValueError(
            f"score.cell = {wanted!r}, expected of {known} in {folder}{nearest(wanted, known)}"
        )
    found = next(
        cell for cell in result.cells if cell.model == wanted and "macro_f1" in cell.metrics
    )
    if found.corpus != panel.corpus.name:
        raise ValueError(
            f"score.report = {folder!r}: expected scores on {panel.corpus.name!r}, which is "
            f"labelled here, got {found.corpus!r}"
        )
    only = {"macro_f1": found.metrics["macro_f1"]}
    labelled = _cell(tier.name, found.corpus, found.split, only)
    return replace(labelled, role=tier.role, labels=found.labels, seed=found.seed)


def _cell(name: str, corpus: str, split: str, metrics: dict[str, Estimate]) -> Cell:
    return Cell(
        model=name,
        corpus=corpus,
        split=split,
        seed=0,
        role="variant",
        labels=(),
        metrics=metrics,
        confusion=(),
    )


def _estimate(found: Spread) -> Estimate:
    return Estimate(found.value, found.low, found.high)
