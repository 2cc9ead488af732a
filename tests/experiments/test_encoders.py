"""Experiments that train an encoder, on the sample corpus that ships."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stance.experiments.config import load_config
from stance.experiments.configs.source import ConfigError
from stance.experiments.encoders import data as encoder_data
from stance.experiments.encoders.data import load_encoder_data
from stance.experiments.result import Result
from stance.experiments.run import RunError, run_config
from stance.experiments.runs.data import DataError

from ..encoders.tiny_encoders import write_encoder

CONFIG = """\
kind: encoder
question: How much does a tiny encoder hold?
encoder: ENCODER
save_model: models/tiny
tasks:
  - name: type
    weight: 0.5
    sources:
      - corpus: {name: sample, task: type}
        validation: [validation]
        where: {genre: [wire, opinion, court, interview]}
  - name: stance
    kind: stance
    weight: 0.2
    sources:
      - corpus: {name: sample, task: stance}
        validation: [validation]
        where: {genre: [wire, opinion, court, interview]}
training: {epochs: 2, max_tokens: 40, precision: float32, threads: 1}
bootstrap: {n_resamples: 200}
encoder_terms: a random one made for this test
"""

needs_torch = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "transformers", "onnx")),
    reason="trains an encoder: pip install 'stance-lab[train]'",
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str = CONFIG, *, encoder: str = "./encoder") -> Path:
        path = tmp_path / "experiments" / "accurate" / "x.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("ENCODER", encoder), encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("task: type}", "task: typ}", r":9: .*corpus\.task = 'typ', must be one of .*'type'"),
        ("[validation]", "[dev]", r":10: tasks\[0\]\.sources\[0\]\.validation\[0\] = 'dev', must"),
        ("kind: stance", "kind: side", r":13: tasks\[1\]\.kind = 'side', must be one of"),
        ("name: stance\n", "name: type\n", r":5: tasks = .*must be .*different names"),
        ("epochs: 2", "epochs: 0", r":19: training\.epochs = 0, must be >= 1"),
        ("epochs: 2", "epoch: 2", r":19: .*must be one of the keys epochs.*did you mean 'epochs'"),
        ("bootstrap:", "corpus: {name: sample}\nbootstrap:", r":20: corpus = .*left out"),
    ],
)
def test_mistakes(write: Write, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(write(CONFIG.replace(old, new)))


def test_texts_of_held_out_splits_lose_their_labels(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load_encoder_data(load_config(write()))
    lesson = whole.tasks[0].lesson
    leaked = [encoder_data.folded(passage.text) for passage in lesson.train.passages[:2]]
    monkeypatch.setattr(encoder_data, "_held_out", lambda source: leaked)
    data = load_encoder_data(load_config(write()))
    assert data.tasks[0].lesson.train.labels[:2] == (None, None)
    assert data.tasks[0].lesson.train.passages == lesson.train.passages
    assert data.n_learned <= whole.n_learned - 2
    assert data.fingerprint != whole.fingerprint
    assert any(f"type {data.tasks[0].n_dropped}" in note for note in data.notes)


def test_only_rows_that_are_asked_for(write: Write) -> None:
    text = CONFIG.replace("where: {genre: [wire, opinion, court, interview]}", "where: {WHERE}")
    with pytest.raises(DataError, match=r"has no column 'gender' to filter by, only 'genre', "):
        load_encoder_data(load_config(write(text.replace("WHERE", "gender: [wire]"))))
    with pytest.raises(DataError, match="no passage is left where"):
        load_encoder_data(load_config(write(text.replace("WHERE", "genre: [poem]"))))


def test_what_ships_learns_from_what_may_be_shipped(write: Write) -> None:
    whole, _, end = CONFIG.rpartition("{name: sample, task: stance}")
    text = f"{whole}{{name: seesaw, task: sign}}{end.replace('[validation]', '[valid]')}"
    with pytest.raises(DataError, match=r"'seesaw' does not let its texts train a model that"):
        load_encoder_data(load_config(write(text)))


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is here")
def test_without_torch_the_extra_is_named(write: Write) -> None:
    with pytest.raises(ValueError, match=r"to be installed: pip install 'stance-lab\[train\]'"):
        run_config(write())


@needs_torch
def test_an_encoder_that_is_not_there_is_told_at_once(write: Write) -> None:
    with pytest.raises(ValueError, match=r"encoder './encoder': expected a folder"):
        run_config(write())


@pytest.fixture
def outcome(write: Write, tmp_path: Path) -> Any:
    encoder = write_encoder(tmp_path / "encoder")
    return run_config(write(encoder=str(encoder)))


@needs_torch
def test_a_run_leaves_a_report_and_a_model(outcome: Any, tmp_path: Path) -> None:
    from stance.encoders.accurate import AccurateModel

    result = Result.from_json((outcome.folder / "results.json").read_text(encoding="utf-8"))
    assert result.headline.corpus == "mean of 2 tasks" and result.headline.model == "encoder"
    assert {(cell.model, cell.corpus) for cell in result.cells} == {
        (model, corpus)
        for model in ("encoder", "encoder float32", "ngrams")
        for corpus in ("mean of 2 tasks", "type: sample", "stance: sample")
    }
    means = [cell.metrics["macro_f1"].value for cell in result.cells if cell.model == "encoder"]
    assert means[0] == pytest.approx(sum(means[1:]) / 2, abs=1e-6)
    assert result.encoder is not None and len(result.encoder.epochs) == 2
    rows = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    assert len(rows) == 3 * result.headline.n_passages and "text" not in rows[0]
    assert {path.stem for path in (outcome.folder / "figures").glob("*.svg")} == {
        "models",
        "training",
    }
    model = AccurateModel.load(tmp_path / "models" / "tiny")
    assert set(model.tasks) == {"type", "stance"}
    about = json.loads((tmp_path / "models" / "tiny" / "model.json").read_text())["about"]
    assert about["trained_on"] == ["sample (Apache-2.0)"] and about["licence"] == "Apache-2.0"
    card = (tmp_path / "models" / "tiny" / "README.md").read_text(encoding="utf-8")
    assert "| stance | against, favor, neutral |" in card and "Not for judging" in card
    left = tmp_path / ".cache" / "encoders" / "accurate" / "x"
    assert {path.name for path in left.iterdir()} == {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
    }


@needs_torch
def test_a_run_that_is_up_to_date_is_not_run(outcome: Any, tmp_path: Path) -> None:
    again = run_config(tmp_path / "experiments" / "accurate" / "x.yaml")
    assert again.was_up_to_date and again.answer == outcome.answer


@needs_torch
def test_a_training_that_fails_is_told(write: Write, tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "encoder")
    text = CONFIG.replace("max_tokens: 40", "max_tokens: 70")
    with pytest.raises(RunError, match=r"encoder: EncoderError: .* reads 80 tokens at most"):
        run_config(write(text, encoder=str(folder)))
