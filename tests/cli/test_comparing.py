"""The commands on a report of the sample corpus: what stands on stdout, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.cli.comparing import compare, reproduce
from stance.experiments.run import run_config

CONFIG = """\
name: {name}
question: Which of two is better?
corpus: {{name: sample, task: type}}
metric: {metric}
baseline: majority
models:
  - name: cue-rules
    classifier: {{kind: cue_rules}}
  - name: majority
    role: baseline
    classifier: {{kind: majority}}
bootstrap: {{n_resamples: 200}}
"""


def made(folder: Path, name: str, *, metric: str = "macro_f1") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(CONFIG.format(name=name, metric=metric), encoding="utf-8")
    return run_config(path).folder


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("project"), "one")


def test_compare_prints_a_table_and_its_method(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare([report]) == 0
    shown = capsys.readouterr().out
    assert "cue-rules leads with macro-F1 0." in shown
    assert "24 articles, 447 passages" in shown
    assert "corrected by Holm's method for 1 test." in shown


def test_compare_prints_json_and_nothing_else(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare([report], json=True, best=True) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["against"] == "best"
    assert [one["model"] for one in values["standings"]] == ["cue-rules", "majority"]


def test_compare_writes_a_page_that_loads_and_runs_nothing(report: Path, tmp_path: Path) -> None:
    assert compare([report], html=tmp_path / "board.html") == 0
    page = (tmp_path / "board.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert "cue-rules leads with macro-F1" in page


def test_compare_refuses_what_differs_and_says_why(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = made(tmp_path, "two", metric="accuracy")
    assert compare([report, other]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "two cannot be compared with one: its metric is 'accuracy', not 'macro_f1'" in told.err
    assert compare([report, other], metric="accuracy") == 0


def test_compare_without_a_report_is_misuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare([]) == 2
    assert compare([tmp_path]) == 2
    assert "expected a report, a folder with results.json" in capsys.readouterr().err


def test_page_that_cannot_be_written_is_told(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare([report], html=tmp_path / "missing" / "board.html") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_reproduce_agrees_then_catches_a_planted_number(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reproduce(report) == 0
    shown = capsys.readouterr().out
    assert "values and 894 predictions agree (tolerance 1e-06" in shown
    assert "the same bytes" in shown
    assert "results.json" in shown
    path = report / "results.json"
    whole = path.read_text(encoding="utf-8")
    values = json.loads(whole)
    values["headline"]["value"] += 0.25
    try:
        path.write_text(json.dumps(values), encoding="utf-8")
        assert reproduce(report) == 1
        shown = capsys.readouterr().out
        assert "headline.value" in shown
        assert "-0.25" in shown
        assert "NOT reproduced: 1 of " in shown
        assert reproduce(report, tolerance=0.3, json=True) == 0
        assert json.loads(capsys.readouterr().out)["is_reproduced"] is True
    finally:
        path.write_text(whole, encoding="utf-8")


def test_reproduce_of_no_report_is_misuse(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reproduce(tmp_path) == 2
    assert reproduce(report, tolerance=-1) == 2
    assert "tolerance = -1, must be a number >= 0" in capsys.readouterr().err
