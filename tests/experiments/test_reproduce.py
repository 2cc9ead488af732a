from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.experiments.reports.report import ReportError
from stance.experiments.reports.reproduce import reproduce
from stance.experiments.run import run_config

from .conftest import CONFIG, Corpus, Words

Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("classifiers", "plain_report", "corpus")


@pytest.fixture
def folder(write: Write) -> Path:
    return run_config(write()).folder


def replaced(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "results.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def test_untouched_report_is_reproduced_to_the_byte(folder: Path) -> None:
    found = reproduce(folder)
    assert found.is_reproduced
    assert found.n_predictions == 3 * 128
    assert found.n_values > 100
    assert {file.name: file.state for file in found.files} == {
        "config.yaml": "identical",
        "predictions.parquet": "identical",
        "report.html": "identical",
        "results.json": "identical",
    }
    assert found.changed == ()


def test_models_are_trained_anew_and_the_report_is_left_alone(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    Words.fitted = []
    reproduce(folder)
    assert len(Words.fitted) == 1
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_what_a_model_asked_in_that_run_is_not_held_against_it(folder: Path) -> None:
    used = {"model": "words", "seed": 0, "numbers": {"n_requests": 7}}
    replaced(folder, lambda values: values.update(usage=[used]))
    assert reproduce(folder).is_reproduced


def test_changed_number_is_caught_with_its_path(folder: Path) -> None:
    def plant(values: dict[str, Any]) -> None:
        values["cells"][0]["metrics"]["macro_f1"]["value"] += 0.01

    replaced(folder, plant)
    found = reproduce(folder)
    (moved,) = found.moved
    assert not found.is_reproduced
    assert moved.path == "cells[0].metrics.macro_f1.value"
    assert moved.difference == pytest.approx(-0.01)
    assert moved.committed == pytest.approx(moved.now + 0.01)
    states = {file.name: file.state for file in found.files}
    assert (states["results.json"], states["predictions.parquet"]) == ("different", "identical")


def test_float_within_the_tolerance_agrees_and_beyond_does_not(folder: Path) -> None:
    def plant(values: dict[str, Any]) -> None:
        values["headline"]["value"] += 0.000001

    replaced(folder, plant)
    assert reproduce(folder).is_reproduced
    (moved,) = reproduce(folder, tolerance=0).moved
    assert moved.path == "headline.value"


def test_tolerance_is_not_for_counts_and_strings(folder: Path) -> None:
    def plant(values: dict[str, Any]) -> None:
        values["cells"][1]["confusion"][0][0] += 1
        values["question"] += "?"
        values["headline"]["n_groups"] = 32.0

    replaced(folder, plant)
    found = reproduce(folder, tolerance=10)
    assert [moved.path for moved in found.moved] == ["question", "cells[1].confusion[0][0]"]


def test_changed_prediction_is_caught_with_its_row(folder: Path) -> None:
    path = folder / "predictions.parquet"
    table = pq.read_table(path)
    labels = table["predicted"].to_pylist()
    was, labels[5] = labels[5], "disclaimer"
    place = table.column_names.index("predicted")
    pq.write_table(table.set_column(place, "predicted", pa.array(labels)), path)
    (moved,) = reproduce(folder).moved
    assert moved.path == "predictions: words, seed 0, test/1#1, predicted"
    assert (moved.committed, moved.now) == ("disclaimer", was)


def test_missing_predictions_are_caught(folder: Path) -> None:
    path = folder / "predictions.parquet"
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    (moved,) = reproduce(folder).moved
    assert moved.path == "predictions: words, seed 0, test/0#0"
    assert moved.committed is None


def test_classifier_that_answers_otherwise_now_is_caught(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Words.predict
    monkeypatch.setattr(Words, "predict", lambda self, X: ["report", *honest(self, X)[1:]])
    paths = [moved.path for moved in reproduce(folder).moved]
    assert "headline.value" in paths
    assert "predictions: words, seed 0, test/0#0, predicted" in paths


def test_changed_data_move_numbers_and_are_named_as_the_cause(folder: Path, corpus: Corpus) -> None:
    corpus.splits["test"][0]["label"] = "analysis"
    corpus.splits["test"][1]["label"] = "analysis"
    found = reproduce(folder)
    assert not found.is_reproduced
    assert found.changed[0].startswith("data: ")


def test_model_that_fails_now_is_caught(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Words, X: Any, y: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr(Words, "fit", broken)
    assert "headline.model" in [moved.path for moved in reproduce(folder).moved]


def test_damaged_result_is_no_report(folder: Path) -> None:
    replaced(folder, lambda values: values.pop("cells"))
    with pytest.raises(ReportError, match=r"results\.json: no result of a run"):
        reproduce(folder)


def test_versions_that_changed_are_told(folder: Path) -> None:
    path = folder / "environment.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values["versions"]["numpy"] = "1.0"
    path.write_text(json.dumps(values), encoding="utf-8")
    assert any(line.startswith("numpy: 1.0 → ") for line in reproduce(folder).changed)
    path.unlink()
    assert "environment.json is missing" in reproduce(folder).changed[0]


def test_file_that_only_one_side_has_is_told(folder: Path) -> None:
    (folder / "figures").mkdir()
    (folder / "figures" / "old.svg").write_bytes(b"<svg/>")
    (folder / "report.html").unlink()
    states = {file.name: file.state for file in reproduce(folder).files}
    assert (states["figures/old.svg"], states["report.html"]) == ("missing", "new")


def test_new_report_is_kept_where_asked(folder: Path, tmp_path: Path) -> None:
    reproduce(folder, out=tmp_path / "kept")
    kept = (tmp_path / "kept" / "results.json").read_bytes()
    assert kept == (folder / "results.json").read_bytes()
    with pytest.raises(ValueError, match="expected a new or empty folder"):
        reproduce(folder, out=tmp_path / "kept")
    with pytest.raises(ValueError, match="expected a new or empty folder"):
        reproduce(folder, out=folder)


@pytest.mark.parametrize("tolerance", [-1.0, float("nan"), float("inf")])
def test_tolerance_must_be_a_number(folder: Path, tolerance: float) -> None:
    with pytest.raises(ValueError, match=r"tolerance = .*, must be a number >= 0"):
        reproduce(folder, tolerance=tolerance)


def test_resolved_overrides_and_seeds_are_run_again(write: Write) -> None:
    outcome = run_config(
        write(CONFIG + "seeds: [3, 4]\n"), overrides=["models.words.classifier.smoothing=2"]
    )
    assert reproduce(outcome.folder).is_reproduced


def test_json_has_all_of_it(folder: Path) -> None:
    values = json.loads(json.dumps(reproduce(folder).to_dict()))
    assert values["schema_version"] == 1
    assert values["is_reproduced"] is True
    assert values["files"][0] == {"name": "config.yaml", "state": "identical"}
