"""Graph: what an ONNX file asks for, read from its bytes before anything runs it.

An ONNX file may point at other files, call operators of foreign libraries and hold loops. None of
it belongs into an encoder. onnxruntime reads a file's external data itself, and for a model that it
is given as bytes it looks for them below the working directory: so they are looked for here first.

References
----------
ONNX 1.17, "onnx.proto3", https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (numbers of the
fields). Protocol Buffers, "Encoding", https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DOMAINS = frozenset({"", "ai.onnx", "com.microsoft"})
"""Operators that onnxruntime has itself."""

MAX_NODES = 100_000

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
# Numbers of the fields that are looked at.
_GRAPH, _OPSET, _TRAINING, _FUNCTIONS = 7, 8, 20, 25
_NODE, _INITIALIZER, _SPARSE = 1, 5, 15
_OPERATOR, _ATTRIBUTE, _DOMAIN = 4, 5, 7
_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS, _SPARSE_TENSOR, _SPARSE_TENSORS = 5, 6, 10, 11, 22, 23
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14


@dataclass(frozen=True, slots=True)
class Graph:
    """What an ONNX file asks for.

    Parameters
    ----------
    operators : frozenset of str
        Their names.
    """

    operators: frozenset[str]

    @property
    def scales_by_batch(self) -> bool:
        """Whether activations are quantised by the range of a whole batch.

        If so, what is said of a text depends on the texts that are read along with it.
        """
        return any(name.startswith("DynamicQuantize") for name in self.operators)


def read_graph(data: bytes) -> Graph:
    """What an ONNX file asks for.

    Parameters
    ----------
    data : bytes
        The file. Its weights are passed over, not copied.

    Raises
    ------
    ValueError
        It is no ONNX file, keeps data in other files, holds loops, branches or functions of its
        own, or calls operators of a domain that is not among ``DOMAINS``.
    """
    view = memoryview(data)
    graphs = []
    for number, value in _fields(view):
        if number == _GRAPH:
            graphs.append(_message(value))
        elif number == _OPSET:
            _check_domain(_message(value), 1)
        elif number in (_TRAINING, _FUNCTIONS):
            raise ValueError("an ONNX file with functions or training steps of its own")
    if len(graphs) != 1:
        raise ValueError(f"expected an ONNX file with one graph, got {len(graphs)}")
    return Graph(frozenset(_operators(graphs[0])))


def _operators(graph: memoryview) -> Iterator[str]:
    n_nodes = 0
    for number, value in _fields(graph):
        if number == _INITIALIZER:
            _check_tensor(_message(value))
        elif number == _SPARSE:
            raise ValueError("an ONNX file with sparse tensors")
        elif number == _NODE:
            n_nodes += 1
            if n_nodes > MAX_NODES:
                raise ValueError(f"an ONNX file with over {MAX_NODES:,} nodes")
            yield _operator(_message(value))


def _operator(node: memoryview) -> str:
    name = ""
    _check_domain(node, _DOMAIN)
    for number, value in _fields(node):
        if number == _OPERATOR:
            name = _text(value)
        elif number == _ATTRIBUTE:
            _check_attribute(_message(value))
    return name


def _check_attribute(attribute: memoryview) -> None:
    for number, value in _fields(attribute):
        if number in (_TENSOR, _TENSORS):
            _check_tensor(_message(value))
        elif number in (_SUBGRAPH, _SUBGRAPHS):
            raise ValueError("an ONNX file with loops or branches")
        elif number in (_SPARSE_TENSOR, _SPARSE_TENSORS):
            raise ValueError("an ONNX file with sparse tensors")


def _check_tensor(tensor: memoryview) -> None:
    for number, value in _fields(tensor):
        if number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value != 0):
            raise ValueError("an ONNX file that keeps its weights in other files")


def _check_domain(message: memoryview, number: int) -> None:
    for found, value in _fields(message):
        if found == number and _text(value) not in DOMAINS:
            raise ValueError(
                f"an ONNX file with operators of the domain {_text(value)!r:.80}, expected "
                f"of {sorted(DOMAINS)}"
            )


def _message(value: memoryview | int) -> memoryview:
    if isinstance(value, int):
        raise ValueError("no ONNX file: a number where a message is expected")
    return value


def _text(value: memoryview | int) -> str:
    return bytes(_message(value)).decode("utf-8", "replace")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Numbers and values of a message's fields; fixed-width ones are passed over."""
    at, end = 0, len(message)
    while at < end:
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
        elif kind == _BYTES:
            length, at = _varint(message, at)
            if length > end - at:
                raise ValueError("no ONNX file: a field ends outside of it")
            yield number, message[at : at + length]
            at += length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"no ONNX file: a field of kind {kind}")
    if at > end:
        raise ValueError("no ONNX file: a field ends outside of it")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("no ONNX file: a number without an end")
