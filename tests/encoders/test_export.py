"""Trained encoders as folders: what the runtime says of them is what torch said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="exports encoders: pip install 'stance-lab[train]'")
pytest.importorskip("onnx", reason="exports encoders: pip install 'stance-lab[train]'")

from scipy.special import softmax

from stance.encoders.accurate import AccurateModel
from stance.encoders.batches import Lesson
from stance.encoders.export import (
    encoder_onnx,
    matrices,
    pretrained_files,
    quantised,
    save_encoder,
    write_folder,
)
from stance.encoders.outcome import TrainedNetwork
from stance.encoders.pretrained import EncoderError, pretrained
from stance.encoders.training import train

from .test_training import FLAT, QUICK, SIDES, TYPES, sides, types
from .tiny_encoders import write_encoder

LESSONS = [
    Lesson(SIDES, sides(60, seed=0), sides(40, seed=1)),
    Lesson(TYPES, types(12, seed=0), types(8, seed=1)),
    Lesson(FLAT, types(12, seed=0), types(8, seed=1)),
]


@pytest.fixture(scope="module", params=["bert", "deberta-v2"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: Any) -> TrainedNetwork:
    folder = write_encoder(tmp_path_factory.mktemp("encoders") / request.param, request.param)
    return train(str(folder), LESSONS, QUICK)


@pytest.mark.parametrize(("how", "most"), [("none", 1e-3), ("weights", 0.02), ("dynamic", 0.05)])
def test_the_runtime_says_what_torch_said(
    how: Any, most: float, trained: TrainedNetwork, tmp_path: Path
) -> None:
    save_encoder(trained, tmp_path / "m", about={"n": 1}, card="# m\n", quantisation=how)
    model = AccurateModel.load(tmp_path / "m", threads=1)
    for lesson in LESSONS:
        name = lesson.task.name
        logits = trained.logits[name].astype(np.float64) / trained.temperatures[name]
        proba = model.task(name).predict_proba(lesson.validation.passages)
        assert np.abs(proba - softmax(logits, axis=1)).max() < most
    assert (tmp_path / "m" / "README.md").read_text() == "# m\n"


def test_states_are_those_of_torch(trained: TrainedNetwork) -> None:
    import onnxruntime
    import torch

    session = onnxruntime.InferenceSession(encoder_onnx(trained.network))
    rng = np.random.default_rng(0)
    for shape in ((1, 2), (3, 17), (2, 44)):
        ids, attention = rng.integers(4, 20, shape), np.ones(shape, np.int64)
        attention[-1, shape[1] // 2 :] = 0
        (found,) = session.run(["hidden"], {"input_ids": ids, "attention_mask": attention})
        with torch.no_grad():
            wanted = trained.network.states(torch.tensor(ids), torch.tensor(attention)).numpy()
        assert np.abs(found - wanted)[attention == 1].max() < 1e-4


def test_another_training_can_go_on_from_the_encoder(
    trained: TrainedNetwork, tmp_path: Path
) -> None:
    import torch

    write_folder(tmp_path / "e", pretrained_files(trained.network))
    body, tokenizer = pretrained(str(tmp_path / "e"))
    ids = torch.arange(5, 16).reshape(1, -1)
    with torch.no_grad():
        again = body.eval()(input_ids=ids).last_hidden_state
        before = trained.network.encoder.eval()(input_ids=ids).last_hidden_state
    assert torch.equal(again, before)
    assert tokenizer == trained.network.tokenizer


def test_small_encoders_are_small_and_products_can_be_kept(trained: TrainedNetwork) -> None:
    encoder = encoder_onnx(trained.network)
    names = matrices(encoder)
    assert len(names) >= 12  # four and two in each of two layers
    small = quantised(encoder, "weights")
    assert len(small) < len(encoder)
    assert len(small) < len(quantised(encoder, "weights", kept=names)) < len(encoder)
    assert quantised(encoder, "none") == encoder
    with pytest.raises(EncoderError, match="'nothing': expected of"):
        quantised(encoder, "dynamic", kept=["nothing"])


def test_an_older_model_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "m"
    write_folder(folder, {"a": b"1", "b": b"1"})
    write_folder(folder, {"a": b"2"})
    assert [path.name for path in folder.iterdir()] == ["a"]

    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        write_folder(folder, {"a": b"3"})
    assert (folder / "a").read_bytes() == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_settings_say_what_the_heads_are_for(trained: TrainedNetwork, tmp_path: Path) -> None:
    save_encoder(
        trained, tmp_path / "m", about={"licence": "Apache-2.0"}, card="", quantisation="none"
    )
    settings = json.loads((tmp_path / "m" / "model.json").read_text())
    assert settings["about"] == {"licence": "Apache-2.0"} and settings["max_tokens"] == 20
    assert settings["tasks"]["flat"]["context"] is False
    assert settings["tasks"]["stance"]["classes"] == ["against", "favor"]
