"""Speed cells: from seconds, answers and bytes to the cells of a result."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.metrics import confusion_counts, scores
from stance.evaluation.significance import holm, paired_difference, permutation_test
from stance.evaluation.timing import Spread, ratio, spread
from stance.experiments.result import Cell, Comparison
from stance.experiments.scores.estimate import Estimate, estimate_of
from stance.experiments.speed.config import ContenderConfig, SpeedConfig
from stance.experiments.speed.data import PlainTexts, SpeedData
from stance.experiments.speed.measuring import COLD, FIT, PREDICT, SPLITTING, Measured

METRIC = "predict_ratio"
"""Of the headline: how many times as many texts a second as the baseline, in a long run."""


def speed_cells(config: SpeedConfig, data: SpeedData, measured: Measured) -> tuple[Cell, ...]:
    """A cell for each contender on each corpus of texts and on the labelled split.

    Metrics of texts are ``per_second``, ``predict_ratio`` (to the baseline), ``split_share`` (of
    the time, what merely splitting the texts into words would take) and the same with ``/cold``
    (the first time, where later ones are faster) and ``/batch/n``. Those of the labelled split are
    scores, ``fit_seconds``, ``fit_ratio``, ``model_bytes``, ``load_seconds``, ``start_seconds``,
    ``peak_bytes/fit`` and ``peak_bytes/predict``. Ranges are those of the rounds; of scores, 95 %
    intervals over articles.
    """
    cells = []
    for part in data.texts:
        cells += [_text_cell(config, part, one, measured) for one in config.contenders]
        cells.append(_splitting_cell(part, measured))
    return (*cells, *_labelled_cells(config, data, measured))


def _text_cell(
    config: SpeedConfig, part: PlainTexts, one: ContenderConfig, measured: Measured
) -> Cell:
    corpus = part.count.corpus
    split = measured.seconds[SPLITTING, PREDICT, corpus]
    metrics: dict[str, Estimate] = {}
    for (name, what, where), seconds in measured.seconds.items():
        if (name, where) != (one.name, corpus):
            continue
        end = "" if what == PREDICT else f"/{what}"
        n = measured.n_texts[name, what, where]
        metrics[f"per_second{end}"] = _estimate(spread([n / s for s in seconds]))
        base = measured.seconds[config.baseline, PREDICT if what == COLD else what, corpus]
        metrics[f"{METRIC}{end}"] = _estimate(ratio(base, seconds))
        if what in (PREDICT, COLD):
            metrics[f"split_share{end}"] = _estimate(ratio(split, seconds))
    return _cell(one.name, part, metrics, config=one)


def _splitting_cell(part: PlainTexts, measured: Measured) -> Cell:
    key = (SPLITTING, PREDICT, part.count.corpus)
    n = measured.n_texts[key]
    per_second = _estimate(spread([n / s for s in measured.seconds[key]]))
    return _cell(SPLITTING, part, {"per_second": per_second})


def _cell(
    name: str,
    part: PlainTexts,
    metrics: dict[str, Estimate],
    *,
    config: ContenderConfig | None = None,
) -> Cell:
    return Cell(
        model=name,
        corpus=part.count.corpus,
        split=part.count.split,
        seed=0,
        role=config.role if config else "control",
        labels=(),
        metrics=metrics,
        confusion=(),
    )


def _labelled_cells(config: SpeedConfig, data: SpeedData, measured: Measured) -> list[Cell]:
    counts = {
        name: confusion_counts(
            data.test.labels, predicted, labels=data.labels, groups=data.test.groups
        )
        for name, predicted in measured.predicted.items()
    }
    comparisons = _comparisons(config.baseline, counts)
    cells = []
    for one in config.contenders:
        table = counts[one.name]
        intervals = bootstrap(table, lambda sums: scores(sums, data.labels))
        cells.append(
            Cell(
                model=one.name,
                corpus=data.test.count.corpus,
                split=data.test.count.split,
                seed=0,
                role=one.role,
                labels=data.labels,
                metrics={name: estimate_of(found) for name, found in intervals.items()}
                | _costs(config, one.name, measured),
                confusion=tuple(tuple(row[:-1]) for row in table.sum(axis=0).tolist()),
                comparison=comparisons.get(one.name),
            )
        )
    return cells


def _costs(config: SpeedConfig, name: str, measured: Measured) -> dict[str, Estimate]:
    fit, base = measured.seconds[name, FIT, ""], measured.seconds[config.baseline, FIT, ""]
    starts = measured.probes[name, "start"]
    return {
        "fit_seconds": _estimate(spread(fit)),
        "fit_ratio": _estimate(ratio(base, fit)),
        "model_bytes": Estimate(float(measured.model_bytes[name])),
        "load_seconds": Estimate(measured.probes[name, "predict"][0]["load_seconds"]),
        "start_seconds": _estimate(spread([found["wall_seconds"] for found in starts])),
        "peak_bytes/fit": Estimate(float(measured.probes[name, "fit"][0]["peak_bytes"])),
        "peak_bytes/predict": Estimate(float(measured.probes[name, "predict"][0]["peak_bytes"])),
    }


def _comparisons(baseline: str, counts: Mapping[str, NDArray[np.int64]]) -> dict[str, Comparison]:
    """Macro-F1 of each contender minus the baseline's, p-values corrected by Holm's method."""
    others = [name for name in counts if name != baseline]
    p_values = holm([permutation_test(counts[n], counts[baseline]).p_value for n in others])
    return {
        name: Comparison(
            against=baseline,
            metric="macro_f1",
            difference=estimate_of(paired_difference(counts[name], counts[baseline])),
            p_value=float(p),
        )
        for name, p in zip(others, p_values, strict=True)
    }


def _estimate(found: Spread) -> Estimate:
    return Estimate(found.value, found.low, found.high)
