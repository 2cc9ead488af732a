"""The config that ships, on the corpus that ships, with the pages that readers see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stance.experiments.config import load_config
from stance.experiments.run import run_config

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


@pytest.mark.parametrize("name", ["type/sample", "type/newsdiscourse-4way"])
def test_config_that_ships_has_no_mistake(name: str) -> None:
    assert load_config(EXPERIMENTS / f"{name}.yaml").name == name


def test_sample_config_runs_to_a_report(tmp_path: Path) -> None:
    path = tmp_path / "experiments" / "type" / "sample.yaml"
    path.parent.mkdir(parents=True)
    shutil.copy(EXPERIMENTS / "type" / "sample.yaml", path)
    outcome = run_config(path)
    assert not outcome.failed
    assert outcome.folder == tmp_path / "reports" / "type" / "sample"
    assert (outcome.folder / "report.html").stat().st_size > 1000
    head = outcome.result.headline
    assert (head.n_groups, head.n_passages) == (24, 447)
    scores = {cell.model: cell.metrics["macro_f1"].value for cell in outcome.result.cells}
    assert scores["paragraph-type"] > scores["cue-rules"] > scores["majority"]
    assert run_config(path).was_up_to_date
