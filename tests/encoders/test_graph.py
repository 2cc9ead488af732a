"""What an ONNX file may not ask for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.encoders.graph import read_graph

from .onnx_file import encoder, field, fields, model, node, tensor

WHOLE = encoder(9, 8)


def external(folder: Path, name: str) -> bytes:
    """An encoder whose vectors lie in another file."""
    (folder / name).write_bytes(np.zeros((9, 8), np.float32).tobytes())
    entry = field(13, fields((1, "location"), (2, name)))
    vectors = fields((1, 9), (1, 8), (2, 1), (8, "vectors")) + entry + field(14, 1)
    nodes = [node("Gather", ["vectors", "input_ids"], "hidden")]
    return model(nodes, {}, hidden=8, graph=field(5, vectors))


def test_operators_are_told() -> None:
    assert {"Gather", "ReduceSum", "Div"} < read_graph(WHOLE).operators
    assert not read_graph(WHOLE).scales_by_batch
    assert read_graph(encoder(9, 8, quantised=True)).scales_by_batch


def test_weights_in_other_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = external(tmp_path, "weights.bin")
    monkeypatch.chdir(tmp_path)
    # onnxruntime would read them, from wherever the program happens to run.
    onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    with pytest.raises(ValueError, match="keeps its weights in other files"):
        read_graph(data)


def graph_attribute(number: int) -> bytes:
    return node("If", ["x"], "y", more=field(5, fields((1, "then_branch")) + field(number, b"")))


REFUSED = {
    "other files, by an entry alone": (
        model(
            [],
            {},
            hidden=8,
            graph=field(5, tensor("a", np.zeros(2, np.float32), more=field(13, b""))),
        ),
        "other files",
    ),
    "other files, in an attribute": (
        model([node("Constant", [], "x", more=field(5, field(5, field(14, 1))))], {}, hidden=8),
        "other files",
    ),
    "branch": (model([graph_attribute(6)], {}, hidden=8), "loops or branches"),
    "branches": (model([graph_attribute(11)], {}, hidden=8), "loops or branches"),
    "foreign operator": (
        model([node("Run", ["x"], "y", more=field(7, "evil.ops"))], {}, hidden=8),
        "operators of the domain 'evil.ops'",
    ),
    "foreign set": (WHOLE + field(8, fields((1, "evil.ops"), (2, 1))), "domain 'evil.ops'"),
    "function": (WHOLE + field(25, b""), "functions or training steps"),
    "training": (WHOLE + field(20, b""), "functions or training steps"),
    "sparse": (model([], {}, hidden=8, graph=field(15, b"")), "sparse tensors"),
    "sparse attribute": (
        model([node("Constant", [], "x", more=field(5, field(22, b"")))], {}, hidden=8),
        "sparse tensors",
    ),
    "two graphs": (WHOLE + WHOLE, "one graph, got 2"),
    "number for a graph": (field(7, 3), "a number where a message is expected"),
    "endless number": (b"\x80" * 11, "a number without an end"),
    "length that lies": (b"\x3a\xff\xff\xff\xff\x7f", "ends outside of it"),
    "short fixed number": (b"\x09\x00", "ends outside of it"),
    "group": (b"\x3b", "a field of kind 3"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        read_graph(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_graph(data)
    except ValueError as error:
        assert len(str(error)) < 300


@given(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=6))
@settings(deadline=None)
def test_damaged_files_are_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place % len(data)] = value
    try:
        read_graph(bytes(data))
    except ValueError as error:
        assert len(str(error)) < 300
