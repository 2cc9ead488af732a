"""``stance run``, ``stance config`` and ``stance experiments`` as a user calls them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from stance.cli import main

CONFIG = """\
question: Are types told apart?
corpus: {name: sample, task: type}
models:
  - name: rules
    classifier: {kind: cue_rules}
  - name: majority
    role: baseline
    classifier: {kind: majority}
baseline: majority
bootstrap: {n_resamples: 100}
"""

Stance = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Stance:
    """Calls the command in a project; gives its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "x.yaml").write_text(CONFIG, encoding="utf-8")

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["stance", *arguments])
        with pytest.raises(SystemExit) as done:
            main()
        out, err = capsys.readouterr()
        return int(str(done.value.code)), out, err

    return called


def test_run_says_where_the_report_is_and_a_second_one_that_it_stands(stance: Stance) -> None:
    code, out, err = stance("run", "experiments/x.yaml")
    assert code == 0
    assert out.startswith("report: reports/x/report.html — On the test split of sample (24 ")
    assert "rules (1 of 2): done in " in err
    code, out, err = stance("run", "experiments/x.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("up to date: reports/x/report.html — On the test split")


def test_check_tells_what_there_is_to_do_and_does_nothing(stance: Stance) -> None:
    code, out, err = stance("run", "experiments/x.yaml", "--check")
    assert (code, err) == (0, "")
    assert out.startswith(
        "experiments/x.yaml: no mistakes; 2 models, 0 of them from earlier runs; 897 passages to "
        "learn from, 447 to test on; about "
    )
    assert not Path("reports").exists()


def test_mistakes_are_misuse(stance: Stance) -> None:
    code, out, err = stance("run", "experiments/x.yaml", "majority.role=modl", "seeds=[x]")
    assert (code, out) == (2, "")
    assert err == (
        "stance: experiments/x.yaml, override: models[1].role = 'modl', must be one of 'model', "
        "'baseline', 'control', 'variant'; did you mean 'model'?\n"
        "experiments/x.yaml, override: seeds[0] = 'x', must be a whole number\n"
    )


def test_seeds_are_counted_from_nothing(stance: Stance) -> None:
    code, out, _ = stance("config", "show", "experiments/x.yaml", "seeds=[0, 1, 2]")
    assert code == 0
    assert yaml.safe_load(out)["seeds"] == [0, 1, 2]
    assert stance("run", "experiments/x.yaml", "--seeds", "0")[0] == 2
    assert stance("run", "experiments/x.yaml", "--seeds", "3")[0] == 0
    report = Path("reports/x/config.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(report)["seeds"] == [0, 1, 2]


def test_folder_runs_all_and_exits_1_where_one_has_failed(stance: Stance) -> None:
    broken = CONFIG.replace("cue_rules}", "cue_ruls}")
    Path("experiments/broken.yaml").write_text(broken, encoding="utf-8")
    code, out, err = stance("run", "experiments")
    assert code == 1
    assert out.startswith("report: reports/x/report.html — ")
    assert "experiments/broken.yaml:5: models[0].classifier.kind = 'cue_ruls', must be" in err
    code, out, err = stance("run", "experiments", "--json")
    assert code == 1
    broken_run, run = sorted(json.loads(out)["runs"], key=lambda one: str(one["config"]))
    assert run["was_up_to_date"] is True
    assert "did you mean 'cue_rules'" in broken_run["error"]
    code, out, err = stance("run", "experiments", "--check")
    assert code == 2
    assert out == "experiments/x.yaml: no mistakes; up to date, reports/x/report.html\n"
    assert stance("run", "experiments", "--out", "y")[0] == 2


def test_failed_model_is_told_and_exits_1(stance: Stance) -> None:
    extra = "  - name: bad\n    role: variant\n    classifier: {kind: ngrams, min_df: 900000}\n"
    text = CONFIG.replace("baseline: majority\n", f"{extra}baseline: majority\n")
    Path("experiments/x.yaml").write_text(text, encoding="utf-8")
    code, out, err = stance("run", "experiments/x.yaml")
    assert code == 1
    assert out.startswith("report: ")
    assert "stance: bad (seed 0) failed: ValueError: " in err


def test_json_is_a_document(stance: Stance) -> None:
    code, out, _ = stance("run", "experiments/x.yaml", "--json")
    assert code == 0
    assert json.loads(out)["headline"]["model"] == "rules"
    code, out, _ = stance("run", "experiments/x.yaml", "--json", "--check")
    (plan,) = json.loads(out)["plans"]
    assert plan["is_up_to_date"] is True


def test_schema_is_printed(stance: Stance) -> None:
    code, out, _ = stance("config", "schema")
    assert code == 0
    assert "sweep" in json.loads(out)["$defs"]["ConfigFile"]["properties"]


def test_overview_is_printed_written_and_checked(stance: Stance) -> None:
    code, out, _ = stance("experiments", "overview")
    assert code == 0
    assert out.splitlines()[2].startswith("| Are types told apart? | [`x.yaml`](x.yaml) | – |")
    assert stance("experiments", "overview", "--check")[0] == 1
    assert stance("experiments", "overview", "--write")[0] == 0
    assert stance("experiments", "overview", "--check")[0] == 0
    assert out in Path("experiments/README.md").read_text(encoding="utf-8")
    assert stance("experiments", "overview", "nowhere")[0] == 2


def test_speed_config_is_timed_and_takes_no_overrides(
    stance: Stance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fast.yaml").write_text("kind: speed\nquestion: How fast?\n", encoding="utf-8")
    asked = []

    def timed(path: Path, **options: object) -> None:
        asked.append((path.name, options["out"]))
        raise ValueError("measured")

    monkeypatch.setattr("stance.experiments.speed.run.run_speed", timed)
    assert stance("run", "fast.yaml") == (2, "", "stance: measured\n")
    assert asked == [("fast.yaml", None)]
    code, _, err = stance("run", "fast.yaml", "seeds=[1]")
    assert code == 2 and "takes no overrides" in err
