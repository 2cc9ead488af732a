"""Comparing: cells against the baseline, and variants against the headline model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.metrics import Metric
from stance.evaluation.power import detectable_difference, paired_standard_error, win_share
from stance.evaluation.significance import holm, mcnemar, paired_difference, permutation_test
from stance.experiments.configs.base import BaseConfig
from stance.experiments.result import Cell, Comparison
from stance.experiments.scores.estimate import estimate_of

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Compared:
    """What cells are compared by.

    Parameters
    ----------
    metric : callable
        From counts, shape (n, ...), to values, shape (n,); what the config's metric is.
    counts : sequence of ndarray, shape (n_groups, n_rows, n_columns)
        What each article contributes, cell by cell, articles in the same order.
    right : sequence of ndarray of bool, shape (n_passages,)
        Which passages each cell has right, for tests passage by passage; empty where an answer is
        not simply right or wrong.
    groups : sequence of str, length n_passages
        The article of each passage.
    """

    metric: Metric
    counts: Sequence[Counts]
    right: Sequence[NDArray[np.bool_]] = ()
    groups: Sequence[str] = ()


def compared(config: BaseConfig, cells: Sequence[Cell], by: Compared) -> tuple[Cell, ...]:
    """The cells, each with its comparison to the baseline's cell of the same seed, or its only one.

    Variants and controls are also held against the headline model, the config's first, where it is
    among the cells. Each of the two families of tests is corrected by itself.
    """
    found = list(cells)
    n_cells = range(len(cells))
    against = _cells_of(config.baseline, cells)
    others = [i for i in n_cells if cells[i].model != config.baseline]
    pairs = [(i, against.get(cells[i].seed, min(against.values()))) for i in others if against]
    for (i, _), test in zip(pairs, _tested(config, pairs, cells, by), strict=True):
        found[i] = replace(found[i], comparison=test)
    heads = _cells_of(config.models[0].name, cells)
    changed = [i for i in n_cells if cells[i].role in ("variant", "control")]
    pairs = [(i, heads.get(cells[i].seed, min(heads.values()))) for i in changed if heads]
    for (i, _), test in zip(pairs, _tested(config, pairs, cells, by), strict=True):
        found[i] = replace(found[i], ablation=test)
    return tuple(found)


def _cells_of(model: str, cells: Sequence[Cell]) -> dict[int, int]:
    return {cell.seed: i for i, cell in enumerate(cells) if cell.model == model}


def _tested(
    config: BaseConfig, pairs: Sequence[tuple[int, int]], cells: Sequence[Cell], by: Compared
) -> list[Comparison]:
    """Differences of pairs of cells, their p-values corrected together."""
    if not pairs:
        return []
    found = [_difference(config, pair, cells, by) for pair in pairs]
    p_values = holm([one.p_value for one in found]).tolist()
    second = [one.mcnemar_p for one in found if one.mcnemar_p is not None]
    corrected = holm(second).tolist() if second else [None] * len(found)
    return [
        replace(one, p_value=p, mcnemar_p=q)
        for one, p, q in zip(found, p_values, corrected, strict=True)
    ]


def _difference(
    config: BaseConfig, pair: tuple[int, int], cells: Sequence[Cell], by: Compared
) -> Comparison:
    """One cell against another, p-values not corrected yet."""
    i, j = pair
    n, seed, both = (
        config.bootstrap.n_resamples,
        config.bootstrap.seed,
        (by.counts[i], by.counts[j]),
    )
    test = permutation_test(*both, metric=by.metric, n_permutations=n, seed=seed)
    error = paired_standard_error(*both, metric=by.metric, n_resamples=n, seed=seed)
    gap = paired_difference(*both, metric=by.metric, n_resamples=n, seed=seed)
    second, wins = None, None
    if by.right:
        second = mcnemar(by.right[i], by.right[j]).p_value
        wins = win_share(by.right[i], by.right[j], groups=by.groups, n_resamples=n, seed=seed)
    return Comparison(
        against=cells[j].model,
        metric=config.metric,
        difference=estimate_of(gap),
        p_value=test.p_value,
        mcnemar_p=second,
        wins=None if wins is None else estimate_of(wins),
        detectable=None if np.isnan(error) else detectable_difference(error),
    )
