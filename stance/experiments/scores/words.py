"""Words: numbers of a result as sentences tell them, alike in every kind of experiment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from stance.evaluation.bootstrap import few_groups_note
from stance.experiments.configs.base import BaseConfig
from stance.experiments.result import Cell, Estimate

METRIC_NAMES = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "f_avg": "F_avg",
    "weighted_score": "weighted score",
    "content_f1": "content F1",
    "attribution_f1": "attribution F1",
    "voice_accuracy": "share of right voices",
    "all_accuracy": "share of right voices of all paragraphs",
    "chain_accuracy": "share of right voices and go-betweens",
}

MAX_RIVALS = 6
"""Models that a sentence can hold beside the headline's."""


def spread(estimate: Estimate, *, sign: str = "") -> str:
    """A number with its interval.

    Examples
    --------
    >>> spread(Estimate(0.5, 0.4, 0.6)), spread(Estimate(0.5))
    ('0.500 [0.400, 0.600]', '0.500')
    """
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:{sign}.3f}"
    return f"{estimate.value:{sign}.3f} [{estimate.low:{sign}.3f}, {estimate.high:{sign}.3f}]"


def rivals_told(config: BaseConfig, cells: Sequence[Cell]) -> str:
    """The metric of the models beside the first cell's; empty where there are none.

    Dozens of variants are for the table; the best of them is picked on the test set, so no rival.
    """
    firsts = list({cell.model: cell for cell in reversed(cells)}.values())[::-1]
    others = [cell for cell in firsts if cell.model != cells[0].model]
    rivals = [c for c in others if c.role != "variant" or len(others) <= MAX_RIVALS]
    if not rivals:
        return ""
    told = [f"{cell.model} {spread(cell.metrics[config.metric])}" for cell in rivals]
    told += [f"{len(others) - len(rivals)} variants in the table"] * (len(rivals) < len(others))
    return ", ".join(told)


def difference_told(head: Cell) -> str:
    """A cell's difference to the baseline; empty where it has none."""
    found = head.comparison
    if found is None:
        return ""
    gap = found.difference
    size = f"{spread(gap, sign='+')}, {_p(found.p_value)}"
    is_seen = found.p_value < 0.05 and not (gap.low or 0) <= 0 <= (gap.high or 0)
    if is_seen:
        return f"its difference to {found.against} is {size}"
    return f"it cannot be told apart from {found.against} ({size})"


def sentence(parts: Sequence[str], *, is_capital: bool = True) -> str:
    """Parts that are not empty as one sentence, its first letter a capital."""
    text = "; ".join(part for part in parts if part)
    return f"{text[0].upper() + text[1:] if is_capital else text}."


def interval_notes(
    config: BaseConfig, cells: Sequence[Cell], *, n_groups: int, unit: str = "articles"
) -> Iterator[str]:
    """What intervals and p-values are, and whether they rest on enough."""
    n = f"{config.bootstrap.n_resamples:,}"
    n_compared = sum(cell.comparison is not None for cell in cells)
    text = f"Intervals are the middle 95 % of {n} bootstrap resamples of {unit}"
    if n_compared:
        text += (
            f"; p-values come from swapping two models' answers to {unit} ({n} permutations, all "
            f"of them where there are fewer), corrected after Holm for "
            f"{n_compared} comparison{'' if n_compared == 1 else 's'}"
        )
    yield f"{text}."
    few = few_groups_note(n_groups, unit=unit)
    if few is not None:
        yield few
    if not n_compared:
        yield f"Nothing was compared with the baseline {config.baseline}."


def seed_notes(config: BaseConfig, cells: Sequence[Cell]) -> Iterator[str]:
    """The range over the seeds of every model that has several."""
    for name in dict.fromkeys(cell.model for cell in cells):
        values = [cell.metrics[config.metric].value for cell in cells if cell.model == name]
        if len(values) > 1:
            yield (
                f"{name} was trained with {len(values)} seeds: {METRIC_NAMES[config.metric]} "
                f"{min(values):.3f} to {max(values):.3f}, mean {np.mean(values):.3f}; the sentence "
                "above gives the first."
            )


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
