"""Usage table: what models say of their own work, a row for each."""

from __future__ import annotations

from collections.abc import Sequence

from stance.experiments.result import ModelUsage
from stance.reporting.number import MISSING, count
from stance.reporting.table import Column, Entry, Row, Table

_WORDS = {
    "n_answered": "answered",
    "n_failed": "not answered",
    "n_refused": "refused",
    "n_cached": "answered before",
    "n_requests": "requests",
    "n_retries": "tries again",
    "prompt_tokens": "tokens in",
    "completion_tokens": "tokens out",
    "cost": "cost",
}


def usage_table(usage: Sequence[ModelUsage]) -> Table:
    """A row for each model and a column for each number that any of them gives.

    Numbers that this module has no words for stand under their own names.
    """
    names = list(dict.fromkeys(name for one in usage for name in one.numbers))
    columns = [Column(_WORDS.get(name, name.replace("_", " ")), is_number=True) for name in names]
    several = {one.model for one in usage if sum(one.model == two.model for two in usage) > 1}
    rows = tuple(
        Row(
            (
                Entry(one.model, f"seed {one.seed}" if one.model in several else ""),
                *(Entry(quantity(one.numbers.get(name))) for name in names),
            )
        )
        for one in usage
    )
    caption = "Cost in the currency of the prices; a dash where a model does not say."
    return Table(caption, (Column("Model"), *columns), rows)


def quantity(value: float | None) -> str:
    """Whole numbers as they are, others with three digits that count, at least two decimals.

    Examples
    --------
    >>> quantity(12_000), quantity(0.001626), quantity(1234.5), quantity(None)
    ('12,000', '0.00163', '1,234.50', '–')
    """
    if value is None:
        return MISSING
    if float(value).is_integer():
        return count(int(value))
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.3g}"
