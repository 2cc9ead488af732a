"""Report: a result → report.html, report.md and figures/, the same bytes each time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.experiments.result import Cell, Mistake, Result
from stance.reporting.drawing import Chart
from stance.reporting.exports import exports_of, plain_values
from stance.reporting.figures import NAMES, charts_of, setting_of
from stance.reporting.finding import headline_cell
from stance.reporting.markdown import markdown_pages
from stance.reporting.number import count
from stance.reporting.page import document
from stance.reporting.probe_method import method_of
from stance.reporting.probe_tables import calibration_table
from stance.reporting.result_tables import (
    confusion_table,
    data_table,
    environment_table,
    label_table,
    metric_table,
    model_table,
    reliability_table,
)
from stance.reporting.sections import sections_of
from stance.reporting.study_report import study_parts, write_study_report

if TYPE_CHECKING:
    import pyarrow

N_MISTAKES = 10


def write_report(
    result: Result,
    predictions: pyarrow.Table,
    *,
    folder: Path,
    config: str,
    environment: dict[str, object],
) -> None:
    """Write ``report.html``, ``report.md``, ``figures/`` and what a paper takes into a folder.

    Parameters
    ----------
    result : Result
        Its headline must name one of its cells.
    predictions : pyarrow.Table
        What ``predictions.parquet`` holds; the report names its rows and columns.
    folder : Path
        Made where it is missing. Each file is written beside and then moved into place; a figure
        of an earlier report that this one does not have is taken away.
    config : str
        The resolved config, as YAML.
    environment : dict
        Versions and machine of the run; nested maps are shown with their keys joined by points.

    Raises
    ------
    ValueError
        The headline names no cell.
    OSError
        The folder cannot be written.
    """
    study = study_parts(result)
    if study is not None:
        names = ", ".join(predictions.column_names)
        told = {"n_predictions": count(predictions.num_rows), "prediction_columns": names}
        write_study_report(
            result, study, folder=folder, config=config, environment=environment, told=told
        )
        return
    charts = charts_of(result)
    values = _values(result, charts, predictions)
    exports = exports_of(result, plain_values(config), environment)
    values |= {"config": config, "environment": environment_table(environment), "exports": exports}
    page = document("report.html.j2", css="report.css.j2", **values)
    text = markdown_pages().get_template("report.md.j2").render(**values)
    folder.joinpath("figures").mkdir(parents=True, exist_ok=True)
    folder.joinpath("tables").mkdir(exist_ok=True)
    for name, content in exports.files.items():
        _write(folder / name, content)
    for chart in charts:
        _write(folder / "figures" / f"{chart.name}.svg", chart.svg)
        _write(folder / "figures" / f"{chart.name}.png", chart.png)
    for name in set(NAMES) - {chart.name for chart in charts}:
        for ending in ("svg", "png"):
            (folder / "figures" / f"{name}.{ending}").unlink(missing_ok=True)
    _write(folder / "report.md", text.encode("utf-8", "replace"))
    _write(folder / "report.html", page.encode("utf-8"))


def _values(
    result: Result, charts: tuple[Chart, ...], predictions: pyarrow.Table
) -> dict[str, Any]:
    chosen = headline_cell(result)
    method, references = method_of(result)
    return {
        "result": result,
        "chosen": chosen,
        "charts": {chart.name: chart for chart in charts},
        "models": model_table(result, chosen=chosen),
        "labels": label_table(chosen),
        "data": data_table(result),
        "cells": [_cell_values(cell, among=result.cells) for cell in result.cells],
        "mistakes": _worst(result.mistakes),
        "sections": sections_of(result),
        "calibration": calibration_table(result),
        "method": method,
        "references": references,
        "n_predictions": count(predictions.num_rows),
        "prediction_columns": ", ".join(predictions.column_names),
    }


def _cell_values(cell: Cell, *, among: tuple[Cell, ...]) -> dict[str, Any]:
    return {
        "model": cell.model,
        "setting": setting_of(cell, among=among),
        "metrics": metric_table(cell),
        "labels": label_table(cell),
        "confusion": confusion_table(cell),
        "reliability": reliability_table(cell),
    }


def _worst(mistakes: tuple[Mistake, ...]) -> list[Mistake]:
    return sorted(mistakes, key=lambda m: (-m.probability, m.id))[:N_MISTAKES]


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
