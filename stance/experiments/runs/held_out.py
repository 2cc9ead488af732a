"""Held out: how a model does on each value of a column that it had not seen."""

from __future__ import annotations

from collections.abc import Iterator

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.metrics import METRICS, confusion_counts
from stance.experiments.config import Config
from stance.experiments.runs.data import Data
from stance.experiments.runs.job import Trained


def held_out_notes(config: Config, data: Data, one: Trained) -> Iterator[str]:
    """A line per value that was held out, the worst first; nothing where none was.

    Parameters
    ----------
    config, data
    one : Trained
        The headline's model.
    """
    metric = METRICS[config.metric]
    name = {"macro_f1": "macro-F1"}.get(config.metric, config.metric)
    found = []
    for fold in data.folds:
        if not fold.held_out:
            continue
        rows = fold.rows.tolist()
        counts = confusion_counts(
            [data.test.labels[i] for i in rows],
            [one.answers.predicted[i] for i in rows],
            labels=data.labels,
            groups=[data.test.passages[i].group for i in rows],
        )
        interval = bootstrap(
            counts,
            lambda sums: {"held out": metric(sums)},
            n_resamples=config.bootstrap.n_resamples,
            seed=config.bootstrap.seed,
        )["held out"]
        spread = f"[{interval.low:.3f}, {interval.high:.3f}]" if interval.low is not None else ""
        text = f"{name} {interval.value:.3f} {spread}, {len(rows):,} {data.unit}s"
        found.append((interval.value, fold.held_out, text))
    for _, value, text in sorted(found):
        yield f"{one.model.name} on {value!r}, held out: {text}."
