"""Study report: results of other kinds than labels → report.html, report.md, figures, tables.

What stands on the page comes from the kind's own module, in ``StudyParts``; how it stands there is
alike for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stance.classifiers.saving import write_whole
from stance.experiments.result import Result
from stance.reporting.encoder_report import encoder_parts
from stance.reporting.exports import exports_with, plain_values
from stance.reporting.figures import setting_of
from stance.reporting.markdown import markdown_pages
from stance.reporting.page import document
from stance.reporting.result_tables import data_table, environment_table, metric_table
from stance.reporting.sections import Section
from stance.reporting.sheets import data_sheet, model_sheet
from stance.reporting.span_report import span_parts
from stance.reporting.study_parts import StudyParts
from stance.reporting.table import Table
from stance.reporting.voice_report import voice_parts

FIGURES = ("models", "breakdown", "errors", "training")
"""Every figure that such a report can have."""


def study_parts(result: Result) -> StudyParts | None:
    """What a report of this result's kind tells; None where its labels are told by ``report``."""
    if result.spans is not None:
        return span_parts(result, result.spans)
    if result.voices is not None:
        return voice_parts(result, result.voices)
    if result.encoder is not None:
        return encoder_parts(result, result.encoder)
    return None


def write_study_report(
    result: Result,
    parts: StudyParts,
    *,
    folder: Path,
    config: str,
    environment: Mapping[str, object],
    told: Mapping[str, str],
) -> None:
    """Write the report's pages, figures and tables into a folder.

    Parameters
    ----------
    result : Result
    parts : StudyParts
    folder : Path
        Made where it is missing; each file is written beside and then moved into place, and a
        figure of an earlier report that this one does not have is taken away.
    config : str
        The resolved config, as YAML.
    environment : mapping
        Versions and machine of the run.
    told : mapping
        ``n_predictions`` and ``prediction_columns``, as the page names them.
    """
    exports = exports_with(
        result,
        plain_values(config),
        environment,
        tables=_tables(result, parts),
        csv={"models": model_sheet(result), "data": data_sheet(result)},
    )
    values = {
        "exports": exports,
        "result": result,
        "summary": parts.summary,
        "sections": parts.sections,
        "charts": {chart.name: chart for chart in parts.charts},
        "method": parts.method,
        "references": parts.references,
        "data": data_table(result),
        "cells": [
            {
                "model": cell.model,
                "setting": setting_of(cell, among=result.cells),
                "metrics": metric_table(cell),
            }
            for cell in result.cells
        ],
        "environment": environment_table(environment),
        "config": config,
        **told,
    }
    page = document("study.html.j2", css="report.css.j2", **values)
    text = markdown_pages().get_template("study.md.j2").render(**values)
    folder.joinpath("figures").mkdir(parents=True, exist_ok=True)
    folder.joinpath("tables").mkdir(exist_ok=True)
    for name, content in exports.files.items():
        write_whole(folder / name, content)
    for chart in parts.charts:
        write_whole(folder / "figures" / f"{chart.name}.svg", chart.svg)
        write_whole(folder / "figures" / f"{chart.name}.png", chart.png)
    for name in set(FIGURES) - {chart.name for chart in parts.charts}:
        for ending in ("svg", "png"):
            (folder / "figures" / f"{name}.{ending}").unlink(missing_ok=True)
    write_whole(folder / "report.md", text.encode("utf-8", "replace"))
    write_whole(folder / "report.html", page.encode("utf-8"))


def _tables(result: Result, parts: StudyParts) -> dict[str, Table]:
    """Every table of the page by the name of its section."""
    found = {"models": parts.summary, "data": data_table(result)}
    for section in parts.sections:
        found |= dict(_named(section))
    return found


def _named(section: Section) -> list[tuple[str, Table]]:
    tables = [one.table for one in section.exhibits if one.table is not None]
    if len(tables) == 1:
        return [(section.id, tables[0])]
    return [(f"{section.id}-{i}", table) for i, table in enumerate(tables, start=1)]
