"""Answer: the sentence that answers a config's question, and what must be known beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import few_groups_note
from stance.experiments.config import Config
from stance.experiments.result import Cell, Estimate
from stance.experiments.runs.data import Data
from stance.experiments.scores.scoring import WITHOUT_DUPLICATES, Trained, has_calibration

MAX_RIVALS = 6
"""Models that a sentence can hold beside the headline's."""

_METRIC_NAMES = {"macro_f1": "macro-F1", "accuracy": "accuracy"}


def answer_sentence(config: Config, data: Data, cells: Sequence[Cell]) -> str:
    """One sentence with the headline, its rivals and its difference to the baseline.

    Parameters
    ----------
    config, data
    cells : sequence of Cell
        The headline's first; those of one model stand together, the first seed first.
    """
    head = cells[0]
    firsts = list({cell.model: cell for cell in reversed(cells)}.values())[::-1]
    wanted = config.models[0].name
    failed = "" if head.model == wanted else f"{wanted}, the model asked about, failed; "
    where = f"on {_split(data)} of {data.corpus} ({_size(data)})"
    parts = [
        f"{failed}{where}, {head.model} reaches {_METRIC_NAMES[config.metric]} "
        f"{_spread(head.metrics[config.metric])}"
    ]
    others = [cell for cell in firsts if cell.model != head.model]
    # Dozens of variants are for the table; the best of them is picked on the test set, so no rival.
    rivals = [c for c in others if c.role != "variant" or len(others) <= MAX_RIVALS]
    if rivals:
        told = [f"{cell.model} {_spread(cell.metrics[config.metric])}" for cell in rivals]
        told += [f"{len(others) - len(rivals)} variants in the table"] * (len(rivals) < len(others))
        parts.append(", ".join(told))
    if head.comparison is not None:
        parts.append(_difference(head))
    text = "; ".join(parts)
    return f"{text if failed else text[0].upper() + text[1:]}."


def notes(
    config: Config,
    data: Data,
    cells: Sequence[Cell],
    *,
    trained: Sequence[Trained],
    is_leaked: NDArray[np.bool_],
) -> tuple[str, ...]:
    """What a reader must know to trust the numbers as far as they go, and no farther."""
    return (
        *data.notes,
        *_leak_notes(config, data, cells, is_leaked),
        *_interval_notes(config, data, cells),
        *_seed_notes(config, cells),
        *(note for one in trained for note in _model_notes(data, one)),
        f"Tested on {data.corpus} alone: nothing here says how the models do on texts of other "
        "outlets, times or languages.",
    )


def _leak_notes(
    config: Config, data: Data, cells: Sequence[Cell], is_leaked: NDArray[np.bool_]
) -> Iterator[str]:
    n, total = int(is_leaked.sum()), len(data.test)
    if not n:
        yield f"No test {data.unit} stands, equal or nearly equal, among those learned from."
        return
    text = (
        f"{n:,} of {total:,} test {data.unit}s stand, equal or nearly equal, among those learned "
        "from"
    )
    without = cells[0].metrics.get(f"{config.metric}/{WITHOUT_DUPLICATES}")
    if without is not None:
        name = _METRIC_NAMES[config.metric]
        text += f"; without them {cells[0].model} has {name} {_spread(without)}"
    yield f"{text}."


def _interval_notes(config: Config, data: Data, cells: Sequence[Cell]) -> Iterator[str]:
    n = f"{config.bootstrap.n_resamples:,}"
    unit = _group_unit(data)
    n_compared = sum(cell.comparison is not None for cell in cells)
    text = f"Intervals are the middle 95 % of {n} bootstrap resamples of {unit}"
    if n_compared:
        text += (
            f"; p-values come from swapping two models' answers to {unit} ({n} permutations, all "
            f"of them where there are fewer), corrected after Holm for "
            f"{n_compared} comparison{'' if n_compared == 1 else 's'}"
        )
    yield f"{text}."
    few = few_groups_note(data.test.n_groups, unit=unit)
    if few is not None:
        yield few
    if not n_compared:
        yield f"Nothing was compared with the baseline {config.baseline}."


def _seed_notes(config: Config, cells: Sequence[Cell]) -> Iterator[str]:
    for name in dict.fromkeys(cell.model for cell in cells):
        values = [cell.metrics[config.metric].value for cell in cells if cell.model == name]
        if len(values) > 1:
            yield (
                f"{name} was trained with {len(values)} seeds: {_METRIC_NAMES[config.metric]} "
                f"{min(values):.3f} to {max(values):.3f}, mean {np.mean(values):.3f}; the sentence "
                "above gives the first."
            )


def _model_notes(data: Data, one: Trained) -> Iterator[str]:
    name, answers = one.model.name, one.answers
    n_missing = sum(label not in data.labels for label in answers.predicted)
    if n_missing:
        yield (
            f"{name} gave {n_missing:,} of {len(data.test):,} test {data.unit}s no label of the "
            "corpus: they count as wrong, and stand in no column of its confusion matrix."
        )
    if answers.proba is not None and not has_calibration(data, answers):
        yield f"{name}: calibration is not scored, its probabilities are of other labels too."
    yield from (f"{name}: {warning}" for warning in answers.warnings)


def _difference(head: Cell) -> str:
    found = head.comparison
    if found is None:
        return ""
    gap = found.difference
    size = f"{gap.value:+.3f}{_interval(gap, sign='+')}, {_p(found.p_value)}"
    is_seen = found.p_value < 0.05 and not (gap.low or 0) <= 0 <= (gap.high or 0)
    if is_seen:
        return f"its difference to {found.against} is {size}"
    return f"it cannot be told apart from {found.against} ({size})"


def _spread(estimate: Estimate) -> str:
    return f"{estimate.value:.3f}{_interval(estimate)}"


def _interval(estimate: Estimate, *, sign: str = "") -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f" [{estimate.low:{sign}.3f}, {estimate.high:{sign}.3f}]"


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _split(data: Data) -> str:
    return data.split if len(data.folds) > 1 else f"the {data.split} split"


def _size(data: Data) -> str:
    n, n_groups = len(data.test), data.test.n_groups
    return f"{n:,} {data.unit}s" if n == n_groups else f"{n_groups:,} articles, {n:,} {data.unit}s"


def _group_unit(data: Data) -> str:
    return f"{data.unit}s" if data.test.n_groups == len(data.test) else "articles"
