"""Exports: what a paper takes from a report: tables, bibliography, a paragraph on methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stance.experiments.result import Result
from stance.reporting import sheets
from stance.reporting.bibliography import bibliography
from stance.reporting.cited import as_latex, as_markdown, as_plain, cited
from stance.reporting.finding import headline_cell
from stance.reporting.latex import latex_table
from stance.reporting.methods import entries_for, methods_pieces
from stance.reporting.result_tables import confusion_table, data_table, label_table, model_table

TABLES = ("models", "labels", "confusion", "data")
"""Every table that a report exports."""

FILES = (
    *(f"tables/{name}.{ending}" for name in TABLES for ending in ("tex", "csv")),
    "methods.md",
    "methods.tex",
    "references.bib",
)
"""Every file of ``Exports``, relative to the report's folder."""


@dataclass(frozen=True, slots=True)
class Exports:
    """Files for a paper, and the paragraph as a page shows it.

    Parameters
    ----------
    methods : str
        With citation keys in brackets.
    bibtex : str
    files : mapping of str to bytes
        By path in the report's folder; the same bytes for the same result, config and versions.
    """

    methods: str
    bibtex: str
    files: Mapping[str, bytes]


def exports_of(
    result: Result, config: Mapping[str, Any], environment: Mapping[str, Any]
) -> Exports:
    """The exports of a result.

    LaTeX tables are those of the page: headline cell, three digits, intervals in brackets. CSV
    tables hold every cell with six digits and a column per number; text that a spreadsheet would
    take for a formula is quoted (see ``stance.reporting.sheets``).

    Parameters
    ----------
    result, config, environment
        As ``stance.reporting.methods.methods_pieces`` takes them.

    Raises
    ------
    ValueError
        The headline names no cell.
    """
    chosen = headline_cell(result)
    tables = {
        "models": (model_table(result, chosen=chosen), sheets.model_sheet(result)),
        "labels": (label_table(chosen), sheets.label_sheet(result)),
        "confusion": (confusion_table(chosen), sheets.confusion_sheet(result)),
        "data": (data_table(result), sheets.data_sheet(result)),
    }
    files = {}
    for name, (table, sheet) in tables.items():
        files[f"tables/{name}.tex"] = latex_table(table, label=f"{result.name}-{name}")
        files[f"tables/{name}.csv"] = sheet
    pieces = methods_pieces(result, config, environment)
    bibtex = bibliography(entries_for(result, environment), cited(pieces))
    files |= {
        "methods.md": f"{as_markdown(pieces)}\n",
        "methods.tex": f"{as_latex(pieces)}\n",
        "references.bib": bibtex,
    }
    encoded = {name: text.encode("utf-8", "replace") for name, text in files.items()}
    return Exports(as_plain(pieces), bibtex, encoded)
