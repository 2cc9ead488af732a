"""Corpora labelled by an encoder: types, flags and stances, the same whoever works on them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from stance.encoders.accurate import loaded
from stance.labelling import Labeller, LabellingError, label_corpus, label_dataset
from stance.model_error import ModelError
from stance.targets import parse_targets

from ..encoders.tiny import TASKS, write_tiny
from .conftest import Label, paragraphs, rows_of

TARGETS = parse_targets(["the dam", "harbour=the port", "Ida Lund=the mayor"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("encoders") / "tiny", quantised=True)


def test_types_flags_and_stances_cost_one_reading(folder: Path, corpus: Path, label: Label) -> None:
    model = loaded(folder)
    before = model.n_read
    rows = rows_of(label(corpus, labeller=Labeller(str(folder), targets=TARGETS)).labels)
    distinct = len(set(paragraphs(300)["text"]))
    # A mention by what stands for a target ("she") has its place too: nothing is read twice.
    assert model.n_read - before <= distinct
    assert list(rows[0])[2:9] == [
        "type",
        "probability",
        *(f"probability_{name}" for name in TASKS["type"]["classes"]),
        "quoted",
    ]
    assert all(0 <= row["quoted"] <= 1 for row in rows)
    sides = [side for row in rows for side in row["stances"]]
    assert sides and {side["stance"] for side in sides} <= set(TASKS["stance"]["classes"])


@pytest.mark.slow
def test_any_number_of_processes_gives_the_same_bytes(
    folder: Path, corpus: Path, label: Label
) -> None:
    asking = Labeller(str(folder), targets=TARGETS)
    one = label(corpus, "one.parquet", labeller=asking).labels.read_bytes()
    assert label(corpus, "two.parquet", labeller=asking, jobs=2).labels.read_bytes() == one


def test_rows_are_those_of_a_dataset(folder: Path, corpus: Path, label: Label) -> None:
    from datasets import Dataset

    rows = rows_of(label(corpus, labeller=Labeller(str(folder))).labels)
    dataset: Any = Dataset.from_dict(paragraphs(300))
    found = label_dataset(dataset, labeller=Labeller(str(folder)))
    assert found["quoted"][:] == [row["quoted"] for row in rows]
    assert found["type"][:] == [row["type"] for row in rows]


def test_another_model_is_no_leftover(
    folder: Path, corpus: Path, tmp_path: Path, label: Label
) -> None:
    label(corpus, labeller=Labeller(str(folder)))
    made: Any = parquet.read_schema(tmp_path / "labels.parquet").metadata[b"stance"]
    assert json.loads(made)["model"].startswith("encoder (") and str(folder) not in str(made)
    copy = write_tiny(tmp_path / "copy", quantised=True)
    assert label(corpus, labeller=Labeller(str(copy))).was_up_to_date  # the same, elsewhere
    with pytest.raises(LabellingError, match="another model"):
        label(corpus)
    other = write_tiny(tmp_path / "other", max_tokens=39, quantised=True)
    with pytest.raises(LabellingError, match="another model"):
        label(corpus, labeller=Labeller(str(other)))


def test_fast_is_the_default_by_another_name(corpus: Path, label: Label) -> None:
    label(corpus)
    assert label(corpus, labeller=Labeller("fast")).was_up_to_date


def test_what_cannot_be_used_is_told_before_anything_begins(
    corpus: Path, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LabellingError, match=r"unknown model 'acurate', .*'accurate'\?"):
        Labeller("acurate")
    with pytest.raises(LabellingError, match=r"model\.json: expected a file"):
        Labeller(str(tmp_path))
    broken = write_tiny(tmp_path / "broken")
    (broken / "encoder.onnx").write_bytes(b"")
    out = tmp_path / "labels.parquet"
    with pytest.raises(ModelError, match=r"encoder\.onnx"):
        label_corpus(corpus, out, labeller=Labeller(str(broken)), jobs=2)
    with pytest.raises(LabellingError, match="no folder of this machine"):
        label_corpus(corpus, out, labeller=Labeller(str(folder)), cluster="tcp://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(LabellingError, match=r"tokenizers to be installed: pip install 'stance-l"):
        Labeller(str(folder))
    assert not list(tmp_path.glob("labels*"))
