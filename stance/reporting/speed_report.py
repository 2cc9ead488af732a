"""Speed report: the result of a speed experiment → report.html, report.md and figures/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.classifiers.saving import write_whole
from stance.experiments.result import Result
from stance.reporting.markdown import markdown_pages
from stance.reporting.page import document
from stance.reporting.result_tables import data_table, environment_table
from stance.reporting.speed_figure import speed_chart
from stance.reporting.speed_labelling import (
    LABELLING_CAPTION,
    LABELLING_METHOD,
    labelling_chart,
    labelling_table,
    memory_table,
    rate_table,
)
from stance.reporting.speed_tables import batch_table, cost_table, summary_table, texts_table
from stance.reporting.speed_tiers import (
    TIERS_CAPTION,
    TIERS_METHOD,
    start_table,
    tier_cost_table,
    tiers_chart,
    tiers_table,
)
from stance.reporting.table import Table

CAPTION = (
    "Circles are models, squares baselines, diamonds variants; upright lines are 95 % intervals of "
    "macro-F1 over articles, level ones the range of the rounds. The dotted line joins what "
    "nothing else beats in both."
)

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


@dataclass(frozen=True, slots=True)
class Section:
    """Tables under a heading."""

    anchor: str
    heading: str
    tables: tuple[Table, ...]


def write_speed_report(
    result: Result, *, folder: Path, config: str, environment: Mapping[str, object]
) -> None:
    """Write the report's pages and its figure into a folder.

    Parameters
    ----------
    result : Result
        As ``run_speed``, ``run_labelling`` or ``run_tiers`` makes it.
    folder : Path
        Made where it is missing; each file is written beside and then moved into place.
    config : str
        The resolved config, as YAML.
    environment : mapping
        Versions and machine of the run.
    """
    forms = {"per_second": _of_corpora, "passages_per_second": _of_tiers}
    form = forms.get(result.headline.metric, _of_contenders)
    values: dict[str, Any] = {
        "result": result,
        **form(result),
        "data": data_table(result),
        "environment": environment_table(environment),
        "config": config,
    }
    chart = values["chart"]
    page = document("speed.html.j2", css="report.css.j2", **values)
    text = markdown_pages().get_template("speed.md.j2").render(**values)
    folder.joinpath("figures").mkdir(parents=True, exist_ok=True)
    write_whole(folder / "figures" / f"{chart.name}.svg", chart.svg)
    write_whole(folder / "figures" / f"{chart.name}.png", chart.png)
    write_whole(folder / "report.md", text.encode("utf-8", "replace"))
    write_whole(folder / "report.html", page.encode("utf-8"))


def _of_contenders(result: Result) -> dict[str, Any]:
    corpora = dict.fromkeys(c.corpus for c in result.cells if not c.labels)
    batches = batch_table(result)
    texts = [texts_table(result, corpus) for corpus in corpora]
    return {
        "summary": summary_table(result),
        "heading": "Accuracy against speed",
        "chart": speed_chart(result),
        "caption": CAPTION,
        "sections": (
            Section("labelling", "Labelling", (*texts, *([batches] if batches else []))),
            Section("costs", "Size, start, memory", (cost_table(result),)),
        ),
        "method": METHOD,
    }


def _of_corpora(result: Result) -> dict[str, Any]:
    return {
        "summary": labelling_table(result),
        "heading": "Cost against size",
        "chart": labelling_chart(result),
        "caption": LABELLING_CAPTION,
        "sections": (
            Section("rates", "Paragraphs a second", (rate_table(result),)),
            Section("memory", "Memory", (memory_table(result),)),
        ),
        "method": LABELLING_METHOD,
    }


def _of_tiers(result: Result) -> dict[str, Any]:
    starts = start_table(result)
    return {
        "summary": tiers_table(result),
        "heading": "Accuracy against speed",
        "chart": tiers_chart(result),
        "caption": TIERS_CAPTION,
        "sections": (
            Section("costs", "Size and memory", (tier_cost_table(result),)),
            *([Section("starts", "Cold starts", (starts,))] if starts else []),
        ),
        "method": TIERS_METHOD,
    }
