"""Labelling cells: from the costs of runs to the cells of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stance.evaluation.timing import Spread, ratio, spread
from stance.experiments.result import Cell, Estimate
from stance.experiments.speed.corpora import split_name
from stance.experiments.speed.labelling_config import LabellingConfig, SizeConfig, WayConfig
from stance.labelling.measuring import Measured

METRIC = "per_second"
"""Of the headline: paragraphs a second, by the clock on the wall."""

Key = tuple[str, int, int]
"""Name of the way, processes, rows."""


def line_name(way: str, cores: int) -> str:
    """How reports name a way on some cores.

    Examples
    --------
    >>> line_name("types", 1), line_name("types", 2)
    ('types, 1 core', 'types, 2 cores')
    """
    return f"{way}, {cores} core{'s' if cores > 1 else ''}"


def labelling_cells(
    config: LabellingConfig, corpus: str, runs: Mapping[Key, Sequence[Measured]]
) -> tuple[Cell, ...]:
    """A cell for each way, number of cores and size, those of the headline's size first.

    Metrics are ``per_second``, ``microseconds`` and ``cpu_microseconds`` for a paragraph,
    ``time_ratio`` (the baseline's time on as many cores, over this) and, on one core,
    ``peak_bytes``. Ranges are those of the rounds; a size that has one round has none.
    """
    main = config.main_size
    sizes = (main, *(size for size in config.sizes if size != main))
    return tuple(
        _cell(config, way, cores, size, corpus=corpus, runs=runs)
        for size in sizes
        for way in config.ways_for(size)
        for cores in way.cores
    )


def _cell(
    config: LabellingConfig,
    way: WayConfig,
    cores: int,
    size: SizeConfig,
    *,
    corpus: str,
    runs: Mapping[Key, Sequence[Measured]],
) -> Cell:
    found = runs[way.name, cores, size.rows]
    metrics = {
        METRIC: _estimate(spread([one.per_second for one in found])),
        "microseconds": _estimate(spread([1e6 * one.wall_seconds / one.rows for one in found])),
        "cpu_microseconds": _estimate(spread([1e6 * one.cpu_seconds / one.rows for one in found])),
    }
    base = runs.get((config.baseline, cores, size.rows))
    if base is not None:
        walls = [[one.wall_seconds for one in some] for some in (base, found)]
        metrics["time_ratio"] = _estimate(ratio(*walls))
    if cores == 1:
        metrics["peak_bytes"] = _estimate(spread([float(one.peak_bytes) for one in found]))
    return Cell(
        model=line_name(way.name, cores),
        corpus=corpus,
        split=split_name(size.rows),
        seed=0,
        role=way.role,
        labels=(),
        metrics=metrics
        if size.n_rounds > 1
        else {k: Estimate(v.value) for k, v in metrics.items()},
        confusion=(),
    )


def _estimate(found: Spread) -> Estimate:
    return Estimate(found.value, found.low, found.high)
