"""Speed report: the result of a speed experiment → report.html, report.md and figures/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stance.classifiers.saving import write_whole
from stance.experiments.result import Result
from stance.reporting.markdown import markdown_pages
from stance.reporting.page import document
from stance.reporting.result_tables import data_table, environment_table
from stance.reporting.speed_figure import speed_chart
from stance.reporting.speed_tables import batch_table, cost_table, summary_table, texts_table

METHOD = (
    "Everything is timed in one process and in rounds. Each round runs every task once, in an "
    "order that moves on from round to round, so that what slows the machine slows all alike; "
    "ratios are taken within a round. Seconds are those that the process spent on a processor, "
    "with one thread; memory is tidied up before each task and not during it.",
    "Learning is from the texts to a model that can label: features and solver. Labelling is from "
    "the texts to the labels. Whatever a contender does to prepare a text counts. Every contender "
    "has learned once before the first round, so that no import is timed.",
    "The share that splitting takes is the time of Python's str.split on every text, in the same "
    "round, over the contender's: no program that has Python cut its texts into words could do "
    "with less.",
    "The figure's dotted line joins the contenders that no other beats in speed and accuracy both.",
)


def write_speed_report(
    result: Result, *, folder: Path, config: str, environment: Mapping[str, object]
) -> None:
    """Write the report's pages and its figure into a folder.

    Parameters
    ----------
    result : Result
        As ``run_speed`` makes it.
    folder : Path
        Made where it is missing; each file is written beside and then moved into place.
    config : str
        The resolved config, as YAML.
    environment : mapping
        Versions and machine of the run.
    """
    chart = speed_chart(result)
    corpora = dict.fromkeys(c.corpus for c in result.cells if not c.labels)
    values: dict[str, Any] = {
        "result": result,
        "chart": chart,
        "summary": summary_table(result),
        "texts": [texts_table(result, corpus) for corpus in corpora],
        "batches": batch_table(result),
        "costs": cost_table(result),
        "data": data_table(result),
        "method": METHOD,
        "environment": environment_table(environment),
        "config": config,
    }
    page = document("speed.html.j2", css="report.css.j2", **values)
    text = markdown_pages().get_template("speed.md.j2").render(**values)
    folder.joinpath("figures").mkdir(parents=True, exist_ok=True)
    write_whole(folder / "figures" / f"{chart.name}.svg", chart.svg)
    write_whole(folder / "figures" / f"{chart.name}.png", chart.png)
    write_whole(folder / "report.md", text.encode("utf-8", "replace"))
    write_whole(folder / "report.html", page.encode("utf-8"))
