"""Damaged and hostile folders: refused with one message that names the file, or harmless."""

from __future__ import annotations

import json
import os
import pickle
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from stance.encoders import folder as folders
from stance.encoders.accurate import AccurateModel
from stance.encoders.folder import ENCODER, HEADS, SETTINGS, TOKENIZER
from stance.model_error import ModelError
from stance.passage import Passage

from .onnx_file import encoder, field, model, node
from .tiny import TASKS, head_arrays, tokenizer, write_tiny
from .tiny import settings as said

N_IDS = tokenizer().get_vocab_size()
FILES = (SETTINGS, ENCODER, HEADS, TOKENIZER)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = write_tiny(tmp_path_factory.mktemp("damaged") / "model")
    return folder, {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def home(whole: tuple[Path, dict[str, bytes]]) -> Path:
    folder, files = whole
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def refuse(folder: Path, name: str, message: str = ": ") -> None:
    with pytest.raises(ModelError, match=message) as caught:
        AccurateModel.load(folder, threads=1)
    assert str(folder / name) in str(caught.value) and len(str(caught.value)) < 900


def use(folder: Path) -> None:
    """Load and predict: sound numbers, or one message."""
    try:
        model = AccurateModel.load(folder, threads=1)
        rows = [Passage("The port.", target=name) for name in ("port", "Lund")]
        for name in model.tasks:
            proba = model.task(name).predict_proba(rows)
            assert proba.sum(axis=1) == pytest.approx(np.ones(2))
    except ModelError as error:
        assert str(folder) in str(error)


@pytest.mark.parametrize("name", FILES)
def test_missing_and_cut_files(name: str, home: Path) -> None:
    data = (home / name).read_bytes()
    for kept in (0, 1, 9, len(data) // 2, len(data) - 1):
        (home / name).write_bytes(data[:kept])
        refuse(home, name)
    (home / name).unlink()
    refuse(home, name, "expected a file, there is none")
    (home / name).mkdir()
    try:
        refuse(home, name, "expected a file, there is none")
    finally:
        (home / name).rmdir()


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_too_large(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (home / name).stat().st_size
    monkeypatch.setattr(folders, "MAX_BYTES", {**folders.MAX_BYTES, name: size - 1})
    refuse(home, name, f"expected up to {size - 1:,} bytes")


def test_digests_are_checked_where_they_are_given(home: Path) -> None:
    good = {n: sha256((home / n).read_bytes()).hexdigest() for n in FILES if n != SETTINGS}
    (home / SETTINGS).write_text(json.dumps(said(sha256=good)))
    AccurateModel.load(home, threads=1)
    for name in good:
        (home / SETTINGS).write_text(json.dumps(said(sha256=good | {name: "0" * 64})))
        refuse(home, name, "expected SHA-256 0000")


TASK = TASKS["type"]
LIES: list[tuple[dict[str, Any], str]] = [
    ({"format": "pickle"}, "expected the settings of a stance-encoder model"),
    ({"version": 2}, "format version 2, this package reads up to 1: upgrade stance-lab"),
    ({"version": True}, "version: expected a whole number"),
    ({"version": "1"}, "version: expected a whole number"),
    ({"hidden": 0}, "hidden: expected a whole number from 1"),
    ({"hidden": 10**9}, "hidden: expected a whole number from 1"),
    ({"hidden": 8.0}, "hidden: expected a whole number from 1"),
    ({"max_tokens": -1}, "max_tokens: expected a whole number"),
    ({"heads": 3}, "heads: expected a divisor of hidden = 8"),
    ({"tasks": {}}, "tasks: expected a table"),
    ({"tasks": []}, "tasks: expected a table"),
    ({"tasks": {"a.b": TASK}}, "tasks.a.b: expected a name of letters"),
    ({"tasks": {"type": None}}, "tasks.type: expected a name of letters and a table"),
    ({"tasks": {"type": TASK | {"kind": "lie"}}}, "tasks.type.kind: expected of"),
    ({"tasks": {"type": TASK | {"kind": ["type"]}}}, "tasks.type.kind: expected of"),
    ({"tasks": {"type": TASK | {"extra": 1}}}, "tasks.type: unknown key 'extra'"),
    ({"tasks": {"type": {"kind": "type"}}}, "tasks.type: expected the key 'classes'"),
    *(
        ({"tasks": {"type": TASK | {"classes": classes}}}, "tasks.type.classes: expected two")
        for classes in (None, [], ["a"], ["b", "a"], ["a", "a"], ["a", 1], ["", "a"], "ab")
    ),
    *(
        ({"tasks": {"type": TASK | {"temperature": t}}}, "tasks.type.temperature: expected 0.001")
        for t in (0, -1, 1e9, "1", None, True, float("nan"), 10**400)
    ),
    ({"tasks": {"type": TASK | {"context": 1}}}, "tasks.type.context: expected true or false"),
    ({"about": []}, "about: expected a table"),
    ({"sha256": {"x": "y"}}, "sha256: expected digests of files"),
    ({"extra": 1}, "unknown key 'extra'"),
]


@pytest.mark.parametrize(("lie", "message"), LIES, ids=lambda value: str(value)[:60])
def test_settings_that_lie(lie: dict[str, Any], message: str, home: Path) -> None:
    (home / SETTINGS).write_text(json.dumps(said(**lie)))
    refuse(home, SETTINGS, message)


@pytest.mark.parametrize("data", [b"[" * 100_000, b"null", b"\xff", b'{"format": NaN}'])
def test_settings_that_are_none(data: bytes, home: Path) -> None:
    (home / SETTINGS).write_bytes(data)
    refuse(home, SETTINGS, "expected")


def test_every_head_is_needed_and_no_other_is_taken(home: Path) -> None:
    arrays = head_arrays()
    for name in arrays:
        (home / HEADS).write_bytes(save({k: a for k, a in arrays.items() if k != name}))
        refuse(home, HEADS, "expected")
        (home / HEADS).write_bytes(save(arrays | {name: arrays[name].astype(np.int16)}))
        refuse(home, HEADS, "unreadable type")
        (home / HEADS).write_bytes(save(arrays | {name: arrays[name][..., :-1].copy()}))
        refuse(home, HEADS, "expected")
        damaged = arrays[name].copy()
        damaged.reshape(-1)[-1] = np.inf
        (home / HEADS).write_bytes(save(arrays | {name: damaged}))
        refuse(home, HEADS, "expected finite numbers")
    (home / HEADS).write_bytes(save(arrays | {"spare.out.bias": np.zeros(2, np.float16)}))
    refuse(home, HEADS, "expected arrays of the tasks")


ENCODERS = {
    "narrow": (encoder(N_IDS, 4), "the output hidden, float32 of width 8"),
    "few words": (encoder(9, 8), "cannot read a text"),
    "foreign": (encoder(N_IDS, 8) + field(8, field(1, "evil.ops")), "domain 'evil.ops'"),
    "pickle": (pickle.dumps({"a": 1}), "no ONNX file|expected an ONNX file"),
    "no numbers": (
        model(
            [
                node("Cast", ["input_ids"], "x", to=1),
                node("Log", ["x"], "y"),
                node("Unsqueeze", ["y", "last"], "z"),
                node("Sub", ["z", "wide"], "hidden"),
            ],
            {"last": np.array([-1], np.int64), "wide": np.full(8, np.inf, np.float32)},
            hidden=8,
        ),
        "to be finite",
    ),
}


@pytest.mark.parametrize("name", ENCODERS)
def test_encoders_that_do_not_fit(name: str, home: Path) -> None:
    data, message = ENCODERS[name]
    (home / ENCODER).write_bytes(data)
    refuse(home, ENCODER, message)


@pytest.mark.parametrize("text", ["{}", "[]", '{"version": "1.0", "model": {"type": "Evil"}}'])
def test_tokenizers_that_are_none(text: str, home: Path) -> None:
    (home / TOKENIZER).write_text(text)
    refuse(home, TOKENIZER)


def test_a_pickle_is_not_opened(home: Path, tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "harm"),)

    for name in FILES:
        data = (home / name).read_bytes()
        (home / name).write_bytes(pickle.dumps(Harm()))
        refuse(home, name)
        (home / name).write_bytes(data)
    assert not (tmp_path / "harm").exists()


CHANGES = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=6)


@given(CHANGES, st.sampled_from([SETTINGS, HEADS, TOKENIZER]), st.integers(0, 4000))
@settings(max_examples=150, deadline=None)
def test_damaged_bytes_are_refused_or_harmless(
    whole: tuple[Path, dict[str, bytes]], changes: list[tuple[int, int]], name: str, head: int
) -> None:
    folder, files = whole
    for other, data in files.items():
        (folder / other).write_bytes(data)
    damaged = bytearray(files[name])
    for place, value in changes:
        damaged[(place if place % 2 else place % (head + 1)) % len(damaged)] = value
    (folder / name).write_bytes(damaged)
    use(folder)


@given(CHANGES)
@settings(max_examples=60, deadline=None)
def test_damaged_encoders_are_refused_or_harmless(
    whole: tuple[Path, dict[str, bytes]], changes: list[tuple[int, int]]
) -> None:
    folder, files = whole
    for other, data in files.items():
        (folder / other).write_bytes(data)
    damaged = bytearray(files[ENCODER])
    for place, value in changes:
        damaged[place % len(damaged)] = value
    (folder / ENCODER).write_bytes(damaged)
    use(folder)
