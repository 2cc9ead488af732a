"""Shuffling: how a model does that has learned from labels in random order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from stance.experiments.config import Config
from stance.experiments.result import Cell
from stance.experiments.runs.controlled import LABELS_SHUFFLED
from stance.experiments.runs.data import Data
from stance.experiments.scores.words import METRIC_NAMES


def shuffle_notes(config: Config, data: Data, cells: Sequence[Cell]) -> Iterator[str]:
    """A line per control of shuffled labels: its scores, the headline's, and how sure that is.

    The p-value is the share of trainings on shuffled labels that score as high as the headline,
    the headline itself counted among them.

    Parameters
    ----------
    config, data
    cells : sequence of Cell
        The headline's first.

    References
    ----------
    M. Ojala and G. C. Garriga, 2010, "Permutation tests for studying classifier performance",
    Journal of Machine Learning Research 11, 1833-1863, definition 1,
    https://www.jmlr.org/papers/v11/ojala10a.html.
    """
    head = cells[0]
    if head.model != config.models[0].name:
        return
    commonest = max(Counter(data.test.labels).values()) / len(data.test)
    for model in config.models:
        found = [cell for cell in cells if cell.model == model.name and cell.split == head.split]
        if model.control == LABELS_SHUFFLED and found:
            yield _told(config.metric, head, found, commonest=commonest)


def _told(metric: str, head: Cell, found: Sequence[Cell], *, commonest: float) -> str:
    scores = [cell.metrics[metric].value for cell in found]
    right = [cell.metrics["accuracy"].value for cell in found]
    aim, n = head.metrics[metric].value, len(found)
    n_reached = sum(score >= aim for score in scores)
    orders = f"{n} random orders" if n > 1 else "a random order"
    return (
        f"{found[0].model}, which learned from the training labels in {orders}: "
        f"{METRIC_NAMES[metric]} {_span(scores)}, {head.model} {aim:.3f}; accuracy {_span(right)}, "
        f"the commonest label alone {commonest:.3f}. {n_reached} of {n} as high as {head.model}: "
        f"permutation p {(n_reached + 1) / (n + 1):.3f}, the least possible "
        f"{1 / (n + 1):.3f} (more seeds, more orders)."
    )


def _span(values: Sequence[float]) -> str:
    low, high = f"{min(values):.3f}", f"{max(values):.3f}"
    return low if low == high else f"{low} to {high}"
