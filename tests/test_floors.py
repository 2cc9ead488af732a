"""Quality floors: what the committed reports must reach, and what each of them must hold.

A floor lies below the number that the report had when it was pinned, by about half the width of
its interval. It is raised when a better model has come to stay, and lowered never without a reason
that stands in the commit.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stance.corpora import card, locate
from stance.corpora.tree import tree_sha256
from stance.evaluation.official import fnc1_weighted, semeval2016_f_avg
from stance.experiments.config import load_config
from stance.experiments.reports.report import Report, read_report
from stance.experiments.runs.fingerprint import file_digest
from stance.experiments.study import ELSEWHERE
from stance.reporting.exports import FILES
from stance.reporting.number import decimal

REPORTS = Path(__file__).parents[1] / "reports"

# What no config has produced, the reliability report, has a shape of its own.
FOLDERS = sorted(path.parent for path in REPORTS.rglob("config.yaml"))


def kind_of(folder: Path) -> str:
    """What kind of experiment a report is of: classification, unless its config says otherwise."""
    found = re.match(r"kind: (\w+)", (folder / "config.yaml").read_text("utf-8"))
    return found[1] if found else "classification"


# A report of speed has timings in place of predictions, and nothing in it comes out twice alike.
EXPERIMENTS = [folder for folder in FOLDERS if kind_of(folder) not in ELSEWHERE]
CLASSIFICATION = [folder for folder in FOLDERS if kind_of(folder) == "classification"]

SIDES = ("favor", "against", "neutral")
WHOLE = ("report.html", "report.md", "predictions.parquet", "config.yaml", "environment.json")


@dataclass(frozen=True)
class Pin:
    """A number of a report that must not fall below its floor, on a corpus of this checksum."""

    report: str
    checksum: str
    metric: str
    floor: float


PINS = (
    Pin("type/sample", "1dbc418600e85150", "macro_f1", 0.885),
    Pin("type/shipped", "1dbc418600e85150", "macro_f1", 0.90),
    Pin("accurate/stacked-sample", "1dbc418600e85150", "macro_f1", 0.935),
    Pin("accurate/stacked-newsmtsc-rw", "d9f64bed89c1ff74", "macro_f1", 0.749),
    Pin("accurate/stacked-newsmtsc-mt", "d9f64bed89c1ff74", "macro_f1", 0.736),
    Pin("accurate/stacked-newsdiscourse-9way", "d216ee80be959811", "macro_f1", 0.546),
)


def checksum(name: str) -> str:
    """The first digits of the corpus's checksum, from its card where others keep the files."""
    access = card(name).access
    if access.kind == "packaged":
        return tree_sha256(locate(name))[:16]
    digests = [file.sha256 for file in access.files]
    if access.archive is not None:
        digests.append(access.archive.tree_sha256)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def values_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.report)
def test_headline_is_not_below_its_floor(pin: Pin) -> None:
    head = values_of(REPORTS / pin.report)["headline"]
    assert checksum(head["corpus"]) == pin.checksum, (
        f"{head['corpus']} is another corpus than the one that the floor was set on: run the "
        "experiment again and set the floor anew"
    )
    assert head["metric"] == pin.metric
    assert head["value"] >= pin.floor, f"{pin.report}: {head['value']} is below {pin.floor}"


@pytest.fixture(params=EXPERIMENTS, ids=lambda path: path.relative_to(REPORTS).as_posix())
def report(request: pytest.FixtureRequest) -> Report:
    return read_report(request.param)


def test_report_has_all_its_files(report: Report) -> None:
    tables = FILES if report.folder in CLASSIFICATION else ("tables/models.csv", "methods.md")
    missing = [name for name in (*WHOLE, *tables) if not (report.folder / name).is_file()]
    assert not missing, f"{report.folder}: `stance run` writes {missing}"
    shown = re.findall(r"\]\((figures/[^)]+)\)", (report.folder / "report.md").read_text("utf-8"))
    assert shown
    for name in shown:
        assert (report.folder / name).is_file()
        assert (report.folder / name).with_suffix(".png").is_file()


def test_files_are_those_that_the_run_wrote(report: Report) -> None:
    for name, digest in report.environment["run"]["files"].items():
        assert file_digest(report.folder / name) == digest, f"{report.folder / name} was changed"


def test_config_of_the_report_can_be_run(report: Report) -> None:
    config = load_config(report.folder / "config.yaml")
    assert config.name == report.result.name == report.folder.relative_to(REPORTS).as_posix()
    assert config.question == report.result.question


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(REPORTS).as_posix())
def test_headline_is_the_first_cell(folder: Path) -> None:
    values = values_of(folder)
    head, cell = values["headline"], values["cells"][0]
    assert (head["model"], head["corpus"], head["split"]) == (
        cell["model"],
        cell["corpus"],
        cell["split"],
    )
    metric = cell["metrics"][head["metric"]]
    assert [head[key] for key in ("value", "low", "high")] == [
        metric[key] for key in ("value", "low", "high")
    ]


def test_markdown_and_tables_tell_the_headline(report: Report) -> None:
    head = report.result.headline
    text = (report.folder / "report.md").read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines() if one.startswith(f"| **{head.model}**")][:1]
    assert decimal(head.value) in line
    assert text.splitlines()[0].startswith("# ")
    assert f"{head.value:.3f}" in text.splitlines()[0]
    sheet = (report.folder / "tables" / "models.csv").read_text(encoding="utf-8").splitlines()
    column = sheet[0].split(",").index(head.metric)
    assert float(sheet[1].split(",")[column]) == pytest.approx(head.value, abs=1e-6)


@pytest.mark.parametrize(
    "folder", CLASSIFICATION, ids=lambda path: path.relative_to(REPORTS).as_posix()
)
def test_predictions_give_the_headline(folder: Path) -> None:
    report = read_report(folder)
    head = report.result.headline
    rows = [
        row
        for row in report.predictions().to_pylist()
        if (row["model"], row["corpus"], row["split"]) == (head.model, head.corpus, head.split)
        and row["seed"] == report.result.cells[0].seed
    ]
    assert len(rows) == head.n_passages
    truth, predicted = ([str(row[key]) for row in rows] for key in ("label", "predicted"))
    labels = [one for one in report.result.cells[0].labels if one in {*truth, *predicted}]
    assert score(head.metric, truth, predicted, labels) == pytest.approx(head.value, abs=1e-5)


def score(metric: str, truth: list[str], predicted: list[str], labels: list[str]) -> float:
    """The metric as scikit-learn or the task's own scorer computes it."""
    from sklearn.metrics import accuracy_score, f1_score

    if metric == "f_avg":
        return semeval2016_f_avg(truth, predicted, labels=SIDES).value
    if metric == "weighted_score":
        return fnc1_weighted(truth, predicted, labels=(*SIDES, "unrelated")).value
    if metric == "macro_f1":
        f1 = f1_score(truth, predicted, labels=labels, average="macro", zero_division=0)
        return float(f1)
    return float(accuracy_score(truth, predicted))
