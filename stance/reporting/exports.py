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
from stance.reporting.table import Table

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
        "models": model_table(result, chosen=chosen),
        "labels": label_table(chosen),
        "confusion": confusion_table(chosen),
        "data": data_table(result),
    }
    csv = {
        "models": sheets.model_sheet(result),
        "labels": sheets.label_sheet(result),
        "confusion": sheets.confusion_sheet(result),
        "data": sheets.data_sheet(result),
    }
    return exports_with(result, config, environment, tables=tables, csv=csv)


def exports_with(
    result: Result,
    config: Mapping[str, Any],
    environment: Mapping[str, Any],
    *,
    tables: Mapping[str, Table],
    csv: Mapping[str, str],
) -> Exports:
    """The exports of a result with the tables of its own kind.

    Parameters
    ----------
    result, config, environment
        As ``exports_of`` takes them.
    tables, csv : mapping of str to Table, of str to str
        By name: what becomes LaTeX, and sheets.
    """
    files = {
        f"tables/{name}.tex": latex_table(table, label=f"{result.name}-{name}")
        for name, table in tables.items()
    }
    files |= {f"tables/{name}.csv": sheet for name, sheet in csv.items()}
    pieces = methods_pieces(result, config, environment)
    bibtex = bibliography(entries_for(result, environment), cited(pieces))
    files |= {
        "methods.md": f"{as_markdown(pieces)}\n",
        "methods.tex": f"{as_latex(pieces)}\n",
        "references.bib": bibtex,
    }
    encoded = {name: text.encode("utf-8", "replace") for name, text in files.items()}
    return Exports(as_plain(pieces), bibtex, encoded)


def plain_values(config: str) -> dict[str, Any]:
    """The values of a config; none where it is no map."""
    import yaml

    values = yaml.safe_load(config)
    return values if isinstance(values, dict) else {}
