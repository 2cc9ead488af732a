"""Comparing: cells against the baseline, and variants against the headline model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.metrics import METRICS
from stance.evaluation.power import detectable_difference, paired_standard_error, win_share
from stance.evaluation.significance import holm, mcnemar, paired_difference, permutation_test
from stance.experiments.config import Config
from stance.experiments.result import Cell, Comparison
from stance.experiments.runs.data import Data
from stance.experiments.scores.estimate import estimate_of

Counts = NDArray[np.int64]


def compared(
    config: Config,
    data: Data,
    cells: Sequence[Cell],
    *,
    counts: Sequence[Counts],
    predicted: Sequence[Sequence[str | None]],
) -> tuple[Cell, ...]:
    """The cells, each with its comparison to the baseline's cell of the same seed, or its only one.

    Variants and controls are also held against the headline model, the config's first, where it is
    among the cells. Each of the two families of tests is corrected by itself.

    Parameters
    ----------
    config, data, cells
    counts : sequence of ndarray
        Confusion counts of each cell, as ``confusion_counts`` gives them.
    predicted : sequence of sequences
        Answers of each cell.
    """
    found = list(cells)
    n_cells = range(len(cells))
    against = _cells_of(config.baseline, cells)
    others = [i for i in n_cells if cells[i].model != config.baseline]
    pairs = [(i, against.get(cells[i].seed, min(against.values()))) for i in others if against]
    tests = _tested(config, data, pairs, cells=cells, counts=counts, predicted=predicted)
    for (i, _), test in zip(pairs, tests, strict=True):
        found[i] = replace(found[i], comparison=test)
    heads = _cells_of(config.models[0].name, cells)
    changed = [i for i in n_cells if cells[i].role in ("variant", "control")]
    pairs = [(i, heads.get(cells[i].seed, min(heads.values()))) for i in changed if heads]
    tests = _tested(config, data, pairs, cells=cells, counts=counts, predicted=predicted)
    for (i, _), test in zip(pairs, tests, strict=True):
        found[i] = replace(found[i], ablation=test)
    return tuple(found)


def _cells_of(model: str, cells: Sequence[Cell]) -> dict[int, int]:
    return {cell.seed: i for i, cell in enumerate(cells) if cell.model == model}


def _tested(
    config: Config,
    data: Data,
    pairs: Sequence[tuple[int, int]],
    *,
    cells: Sequence[Cell],
    counts: Sequence[Counts],
    predicted: Sequence[Sequence[str | None]],
) -> list[Comparison]:
    """Differences of pairs of cells, their p-values corrected together."""
    if not pairs:
        return []
    metric, n, seed = METRICS[config.metric], config.bootstrap.n_resamples, config.bootstrap.seed
    truth = np.array(data.test.labels, object)
    right = [np.array(answers, object) == truth for answers in predicted]
    p_values, second, found = [], [], []
    for i, j in pairs:
        both = counts[i], counts[j]
        p_values.append(permutation_test(*both, metric=metric, n_permutations=n, seed=seed).p_value)
        second.append(mcnemar(right[i], right[j]).p_value)
        error = paired_standard_error(*both, metric=metric, n_resamples=n, seed=seed)
        wins = win_share(right[i], right[j], groups=data.test.groups, n_resamples=n, seed=seed)
        gap = paired_difference(*both, metric=metric, n_resamples=n, seed=seed)
        found.append(
            Comparison(
                against=cells[j].model,
                metric=config.metric,
                difference=estimate_of(gap),
                p_value=1.0,
                wins=None if wins is None else estimate_of(wins),
                detectable=None if np.isnan(error) else detectable_difference(error),
            )
        )
    corrected = zip(found, holm(p_values).tolist(), holm(second).tolist(), strict=True)
    return [replace(one, p_value=p, mcnemar_p=q) for one, p, q in corrected]
