"""Speed tables: what a speed experiment measured, each number with the range of its rounds."""

from __future__ import annotations

from collections.abc import Callable

from stance.experiments.result import Cell, Estimate, Result
from stance.reporting.number import MISSING, decimal, interval, p_value
from stance.reporting.table import Column, Entry, Row, Table, estimated

Writer = Callable[[float], str]


def summary_table(result: Result) -> Table:
    """A row for each contender: speed, learning, accuracy, size."""
    columns = (
        "Paragraphs a second",
        "Ratio",
        "Ratio, new words",
        "Learning, s",
        "Ratio",
        "macro-F1",
        "Difference",
        "p",
    )
    rows = []
    for cell in _labelled(result):
        speed = _cell(result, cell.model, result.headline.corpus)
        gap = cell.comparison
        entries = (
            Entry(cell.model, cell.role),
            measured_entry(speed, "per_second", whole),
            measured_entry(speed, "predict_ratio", tenth),
            measured_entry(speed, "predict_ratio/cold", tenth),
            measured_entry(cell, "fit_seconds", hundredth),
            measured_entry(cell, "fit_ratio", tenth),
            estimated(cell.metrics["macro_f1"]),
            estimated(gap.difference if gap else None, is_signed=True),
            Entry(p_value(gap.p_value if gap else None)),
        )
        rows.append(Row(entries, is_headline=cell.model == result.headline.model))
    caption = (
        f"Speed on {result.headline.corpus}; seconds are of a processor, one thread. Ratios are to "
        "the baseline, of the same round: median and range of the rounds. New words: from an empty "
        "word table. F1 and its difference to the baseline with 95 % intervals over articles, p "
        "two-sided and corrected for the number of comparisons."
    )
    return Table(caption, number_columns("Contender", columns), tuple(rows))


def texts_table(result: Result, corpus: str) -> Table:
    """Paragraphs a second on one corpus, and how near that is to merely splitting at blanks."""
    cells = [cell for cell in result.cells if cell.corpus == corpus and not cell.labels]
    columns = (
        "Paragraphs a second",
        "Ratio",
        "Time that splitting takes",
        "With new words, a second",
        "Ratio",
        "Time that splitting takes",
    )
    rows = [
        Row(
            (
                Entry(cell.model, cell.role),
                measured_entry(cell, "per_second", whole),
                measured_entry(cell, "predict_ratio", tenth),
                measured_entry(cell, "split_share", percent),
                measured_entry(cell, "per_second/cold", whole),
                measured_entry(cell, "predict_ratio/cold", tenth),
                measured_entry(cell, "split_share/cold", percent),
            ),
            is_headline=cell.model == result.headline.model,
        )
        for cell in cells
    ]
    caption = f"{corpus}, all paragraphs in one call: median and range of the rounds."
    return Table(caption, number_columns("Contender", columns), tuple(rows))


def batch_table(result: Result) -> Table | None:
    """Paragraphs a second by the size of the batch; None where no batches were timed."""
    cells = [cell for cell in result.cells if cell.corpus == result.headline.corpus]
    names = [name for cell in cells for name in cell.metrics if name.startswith("per_second/batch")]
    sizes = list(dict.fromkeys(name.rpartition("/")[2] for name in names))
    if not sizes:
        return None
    rows = []
    for cell in cells:
        if f"per_second/batch/{sizes[0]}" not in cell.metrics:
            continue
        entries = [Entry(cell.model, cell.role)]
        for size in sizes:
            entries.append(measured_entry(cell, f"per_second/batch/{size}", whole))
            entries.append(measured_entry(cell, f"predict_ratio/batch/{size}", tenth))
        rows.append(Row(tuple(entries), is_headline=cell.model == result.headline.model))
    columns = [name for size in sizes for name in (f"Batches of {size}, a second", "Ratio")]
    caption = f"{result.headline.corpus}, labelled batch by batch, words known."
    return Table(caption, number_columns("Contender", columns), tuple(rows))


def cost_table(result: Result) -> Table:
    """Size on disk, loading, a start from nothing, memory."""
    names = {
        "model_bytes": ("Model, MB", megabytes),
        "load_seconds": ("Loading, s", thousandth),
        "start_seconds": ("From start to first label, s", hundredth),
        "peak_bytes/fit": ("Peak memory, learning, MB", megabytes),
        "peak_bytes/predict": ("Peak memory, labelling, MB", megabytes),
    }
    rows = [
        Row(
            (
                Entry(cell.model, cell.role),
                *(measured_entry(cell, name, how) for name, (_, how) in names.items()),
            ),
            is_headline=cell.model == result.headline.model,
        )
        for cell in _labelled(result)
    ]
    caption = (
        "Each in processes of its own. Loading is without imports. A start is a new process that "
        "imports, loads and labels one paragraph, by the clock on the wall; memory is all that the "
        "process held at once, Python, libraries and texts included: the training texts, or those "
        f"of {result.headline.corpus}."
    )
    return Table(caption, number_columns("Contender", [n for n, _ in names.values()]), tuple(rows))


def whole(value: float) -> str:
    """A rate with three digits that count.

    Examples
    --------
    >>> whole(94006.3), whole(4495.8), whole(61.4)
    ('94,000', '4,500', '61')
    """
    return f"{float(f'{value:.3g}'):,.0f}"


def tenth(value: float) -> str:
    """A ratio: one digit after the point below 10, none above.

    Examples
    --------
    >>> tenth(5.24), tenth(52.4)
    ('5.2', '52')
    """
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def hundredth(value: float) -> str:
    """Seconds with two digits after the point."""
    return f"{value:.2f}"


def thousandth(value: float) -> str:
    """Seconds with three digits after the point."""
    return decimal(value)


def percent(value: float) -> str:
    """A share.

    Examples
    --------
    >>> percent(0.613)
    '61 %'
    """
    return f"{100 * value:.0f} %"


def megabytes(value: float) -> str:
    """Bytes in units of a million.

    Examples
    --------
    >>> megabytes(3_140_000), megabytes(181_000_000)
    ('3.1', '181')
    """
    return tenth(value / 1e6)


def _labelled(result: Result) -> list[Cell]:
    return [cell for cell in result.cells if cell.labels]


def _cell(result: Result, model: str, corpus: str) -> Cell:
    return next(
        cell
        for cell in result.cells
        if (cell.model, cell.corpus) == (model, corpus) and not cell.labels
    )


def measured_entry(cell: Cell, metric: str, how: Writer) -> Entry:
    """A metric of a cell with the range of its rounds; a dash where it was not measured."""
    found = cell.metrics.get(metric)
    return Entry(MISSING) if found is None else Entry(how(found.value), _range(found, how))


def _range(estimate: Estimate, how: Writer) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = how(estimate.low), how(estimate.high)
    return interval(estimate) if how is thousandth else f"{low}–{high}"


def number_columns(first: str, names: tuple[str, ...] | list[str]) -> tuple[Column, ...]:
    """A column of names, then columns of numbers."""
    return (Column(first), *(Column(name, is_number=True) for name in names))
