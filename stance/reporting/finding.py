"""Findings: what a figure shows, in one sentence made from its numbers."""

from __future__ import annotations

from stance.experiments.result import Cell, Headline, Reliability, Result
from stance.reporting.number import count, decimal, interval, metric_name

WELL_CALIBRATED = 0.02
"""Mean confidence and accuracy nearer than this are called the same."""

ENOUGH = 20
"""Passages that a label must have before its mistakes make the title of a figure."""


def headline_cell(result: Result) -> Cell:
    """The cell that the result's headline speaks of.

    Raises
    ------
    ValueError
        No cell has the headline's model, corpus and split.
    """
    wanted = result.headline
    key = (wanted.model, wanted.corpus, wanted.split)
    for cell in result.cells:
        if (cell.model, cell.corpus, cell.split) == key:
            return cell
    known = sorted({(cell.model, cell.corpus, cell.split) for cell in result.cells})
    raise ValueError(
        f"{result.name}: expected a cell for the headline's (model, corpus, split) {key!r}, "
        f"got cells {known}: the headline must name one of the cells"
    )


def comparison_finding(cell: Cell, headline: Headline) -> str:
    """How the headline model stands to its baseline.

    The sentence claims a difference only where the corrected p-value is below 0.05 and the
    interval leaves out zero.
    """
    found = cell.comparison
    if found is None:
        name = metric_name(headline.metric)
        spread = f" ({_range(headline)})" if headline.low is not None else ""
        return f"{cell.model} reaches {name} {decimal(headline.value)}{spread}"
    name, gap = metric_name(found.metric), found.difference
    spread = interval(gap, is_signed=True)
    size = f"{decimal(abs(gap.value))} {name}"
    if found.p_value >= 0.05 or (gap.low or 0) <= 0 <= (gap.high or 0):
        size = f"{decimal(gap.value, is_signed=True)} {name}"
        return f"{cell.model} and {found.against} cannot be told apart ({size}, {spread})"
    verb = "is ahead of" if gap.value > 0 else "falls behind"
    return f"{cell.model} {verb} {found.against} by {size} ({spread})"


def labels_finding(cell: Cell) -> str:
    """Which label is recognised best, and which worst, by F1."""
    scores = {label: cell.metrics[f"f1/{label}"].value for label in labels_with_f1(cell)}
    best = max(scores, key=lambda label: scores[label])
    worst = min(scores, key=lambda label: scores[label])
    if best == worst:
        return f"{_start(best)} is recognised with F1 {decimal(scores[best])}"
    return (
        f"{_start(best)} is recognised best (F1 {decimal(scores[best])}), "
        f"{worst} worst ({decimal(scores[worst])})"
    )


def confusion_finding(cell: Cell) -> str:
    """The mistake with the largest share of its true label, how often it is made.

    Labels with fewer than ``ENOUGH`` passages have their turn only where no other has a mistake:
    one wrong passage of three is no finding.

    Examples
    --------
    >>> cell = Cell("m", "c", "test", 0, "model", ("quote", "report"), {}, ((5, 1), (3, 9)))
    >>> confusion_finding(cell)
    'Report is most often mistaken for quote (3 of 12)'
    """
    rows = range(len(cell.labels))
    sizes = [sum(row) for row in cell.confusion]
    mistakes = [(i, j) for i in rows for j in rows if i != j and cell.confusion[i][j]]
    if not mistakes:
        total = count(sum(sizes))
        return f"No label is mistaken for another ({total} of {total} right)"
    i, j = max(
        mistakes,
        key=lambda at: (sizes[at[0]] >= ENOUGH, cell.confusion[at[0]][at[1]] / sizes[at[0]]),
    )
    n = f"{count(cell.confusion[i][j])} of {count(sizes[i])}"
    return f"{_start(cell.labels[i])} is most often mistaken for {cell.labels[j]} ({n})"


def reliability_finding(bins: Reliability) -> str:
    """Whether the model is surer than it is right, or less sure.

    Examples
    --------
    >>> reliability_finding(Reliability((0.6, 0.9), (0.5, 0.8), (10, 10)))
    'Overconfident: on average 75 % sure and 65 % right'
    """
    total = sum(bins.n)
    sure = sum(c * n for c, n in zip(bins.confidence, bins.n, strict=True)) / total
    right = sum(a * n for a, n in zip(bins.accuracy, bins.n, strict=True)) / total
    means = f"on average {100 * sure:.0f} % sure and {100 * right:.0f} % right"
    if abs(sure - right) < WELL_CALIBRATED:
        return f"As sure as it is right: {means}"
    return f"{'Overconfident' if sure > right else 'Underconfident'}: {means}"


def labels_with_f1(cell: Cell) -> tuple[str, ...]:
    """The labels that have an F1, in the cell's order."""
    return tuple(label for label in cell.labels if f"f1/{label}" in cell.metrics)


def _range(headline: Headline) -> str:
    return f"{decimal(headline.low)}–{decimal(headline.high)}"


def _start(label: str) -> str:
    return label[:1].upper() + label[1:]
