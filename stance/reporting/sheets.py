r"""Sheets: a result as CSV, for spreadsheets and for programs that draw a paper's own figures.

Numbers stand as ``results.json`` has them, in columns of their own; what was not computed is empty.
A cell of text that a spreadsheet would take for a formula, because its first visible character is
``=``, ``+``, ``-`` or ``@``, or because it begins with a tab or line break, is quoted as text: an
apostrophe stands before it. Numbers, negative ones too, are left alone. UTF-8, lines end in ``\n``.

References
----------
OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from stance.experiments.result import Cell, Estimate, Result

Value = str | int | float | None

# The full-width twins count too: some programs fold them.
_FORMULA = tuple("=+-@\N{MINUS SIGN}＝＋－＠")
_BREAKS = ("\t", "\n")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    r"""A table as CSV that no spreadsheet computes anything from.

    Examples
    --------
    >>> print(csv_text(["label", "gap"], [["=1+1", -0.25], ["quote, open", None]]))
    label,gap
    '=1+1,-0.25
    "quote, open",
    <BLANKLINE>
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_safe(name) for name in header])
    writer.writerows([_safe(value) for value in row] for row in rows)
    return text.getvalue()


def model_sheet(result: Result) -> str:
    """A row per cell: every metric that is no label's own, and the difference to the baseline."""
    names = list(
        dict.fromkeys(
            name
            for cell in result.cells
            for name in cell.metrics
            if name.partition("/")[2] not in cell.labels
        )
    )
    header = [*_WHO, *(column for name in names for column in _columns(name))]
    header += ["against", *_columns("difference"), "p_value"]
    rows = []
    for cell in result.cells:
        row = [*_who(cell), *(v for name in names for v in _values(cell.metrics.get(name)))]
        if cell.comparison is None:
            row += [None] * 5
        else:
            found = cell.comparison
            row += [found.against, *_values(found.difference), round(found.p_value, 6)]
        rows.append(row)
    return csv_text(header, rows)


def label_sheet(result: Result) -> str:
    """A row per cell and label: how many passages, precision, recall and F1."""
    names = ("precision", "recall", "f1")
    rows = [
        [
            *_who(cell),
            label,
            sum(cell.confusion[i]),
            *(v for name in names for v in _values(cell.metrics.get(f"{name}/{label}"))),
        ]
        for cell in result.cells
        for i, label in enumerate(cell.labels)
    ]
    columns = (column for name in names for column in _columns(name))
    return csv_text([*_WHO, "label", "n", *columns], rows)


def confusion_sheet(result: Result) -> str:
    """A row per cell, true and predicted label: how many passages."""
    rows = [
        [*_who(cell), true, predicted, cell.confusion[i][j]]
        for cell in result.cells
        for i, true in enumerate(cell.labels)
        for j, predicted in enumerate(cell.labels)
    ]
    return csv_text([*_WHO, "label", "predicted", "n"], rows)


def data_sheet(result: Result) -> str:
    """A row per corpus, split and label: how many passages, and how many in the whole split."""
    rows: list[list[Value]] = [
        [split.corpus, split.split, split.n_groups, split.n_passages, label, n]
        for split in result.data
        for label, n in split.labels.items()
    ]
    return csv_text(["corpus", "split", "n_groups", "n_passages", "label", "n"], rows)


_WHO = ("model", "role", "corpus", "split", "seed")


def _who(cell: Cell) -> list[Value]:
    return [cell.model, cell.role, cell.corpus, cell.split, cell.seed]


def _columns(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _values(estimate: Estimate | None) -> list[Value]:
    if estimate is None:
        return [None, None, None]
    ends = (estimate.value, estimate.low, estimate.high)
    return [None if end is None else round(end, 6) for end in ends]


def _safe(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # bare, no writer quotes it
    is_formula = text.lstrip().startswith(_FORMULA) or text.startswith(_BREAKS)
    return f"'{text}" if is_formula else text
