"""ONNX files written field by field: tiny encoders, and ones that ask for what they may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64 = 1, 7
_TYPES = {np.dtype(np.float32): FLOAT, np.dtype(np.int64): INT64, np.dtype(np.int8): 3}


def varint(number: int) -> bytes:
    """A number, seven bits a byte."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | str | bytes) -> bytes:
    """One field of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def fields(*pairs: tuple[int, int | str | bytes]) -> bytes:
    """A message."""
    return b"".join(field(number, value) for number, value in pairs)


def tensor(name: str, array: NDArray[Any], *, more: bytes = b"") -> bytes:
    """A TensorProto with raw data."""
    dims = [(1, n) for n in array.shape]
    kind = _TYPES[array.dtype]
    return fields(*dims, (2, kind), (8, name), (9, array.tobytes())) + more


def attribute(name: str, value: int | Sequence[int]) -> bytes:
    """An AttributeProto of whole numbers."""
    if isinstance(value, int):
        return fields((1, name), (3, value), (20, 2))
    return fields((1, name), *((8, one) for one in value), (20, 7))


def node(
    operator: str, inputs: Sequence[str], output: str, *, more: bytes = b"", **attributes: Any
) -> bytes:
    """A NodeProto with one output."""
    made = [(5, attribute(name, value)) for name, value in attributes.items()]
    names = [(1, name) for name in inputs]
    return fields(*names, (2, output), (4, operator), *made) + more


def value(name: str, kind: int, dims: Sequence[str | int]) -> bytes:
    """A ValueInfoProto of a tensor."""
    shape = b"".join(field(1, field(1 if isinstance(n, int) else 2, n)) for n in dims)
    return fields((1, name), (2, field(1, fields((1, kind)) + field(2, shape))))


def model(
    nodes: Sequence[bytes],
    tensors: Mapping[str, NDArray[Any]],
    *,
    hidden: int,
    output: str = "hidden",
    more: bytes = b"",
    graph: bytes = b"",
) -> bytes:
    """A ModelProto with the inputs and the output of an encoder."""
    inputs = [
        (11, value(name, INT64, ("batch", "tokens"))) for name in ("input_ids", "attention_mask")
    ]
    body = fields(
        *((1, one) for one in nodes),
        (2, "encoder"),
        *((5, tensor(name, array)) for name, array in tensors.items()),
        *inputs,
        (12, value(output, FLOAT, ("batch", "tokens", hidden))),
    )
    return fields((1, 8), (7, body + graph), (8, fields((2, 17)))) + more


def encoder(
    n_ids: int, hidden: int, *, seed: int = 0, quantised: bool = False, **more: Any
) -> bytes:
    """An encoder whose states are their token's vector and half of the text's mean vector.

    Quantised, the vectors pass through eight bits, scaled by the batch's own range.
    """
    rng = np.random.default_rng(seed)
    tensors = {
        "vectors": rng.normal(size=(n_ids, hidden)).astype(np.float32),
        "one": np.array([1], np.int64),
        "last": np.array([-1], np.int64),
        "half": np.array(0.5, np.float32),
    }
    made = "rounded" if quantised else "found"
    nodes = [
        node("Gather", ["vectors", "input_ids"], "found"),
        node("Cast", ["attention_mask"], "numbers", to=FLOAT),
        node("Unsqueeze", ["numbers", "last"], "mask"),
        node("Mul", [made, "mask"], "real"),
        node("ReduceSum", ["real", "one"], "sum", keepdims=1),
        node("ReduceSum", ["mask", "one"], "n", keepdims=1),
        node("Div", ["sum", "n"], "mean"),
        node("Mul", ["mean", "half"], "context"),
        node("Add", [made, "context"], "hidden"),
    ]
    if quantised:
        rounding = field(1, "found") + b"".join(field(2, o) for o in ("small", "scale", "zero"))
        nodes[1:1] = [
            rounding + field(4, "DynamicQuantizeLinear"),
            node("DequantizeLinear", ["small", "scale", "zero"], "rounded"),
        ]
    return model(nodes, tensors, hidden=hidden, **more)
