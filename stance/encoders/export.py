"""Export: a trained network as the folder that the runtime loads, its encoder in ONNX and int8.

The word embeddings become bytes with a scale for each word, other matrices bytes with a scale for
each column; biases, norms and what is computed between them stay float32.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np

from stance.encoders.folder import CARD, ENCODER, FORMAT, HEADS, SETTINGS, TOKENIZER, VERSION
from stance.encoders.network import Network, head_arrays
from stance.encoders.outcome import TrainedNetwork
from stance.encoders.pretrained import EXTRA, EncoderError
from stance.encoders.session import INPUTS, OUTPUT
from stance.extras import imported

Quantisation = Literal["dynamic", "weights", "none"]

OPSET = 17
"""The newest that onnxruntime 1.17 runs whole."""

_LEAST = 1024
"""Numbers in a matrix that is worth a scale for each column."""


def save_encoder(
    trained: TrainedNetwork,
    folder: Path,
    *,
    about: Mapping[str, Any],
    card: str,
    quantisation: Quantisation = "dynamic",
    kept: Sequence[str] = (),
) -> None:
    """Write a model's folder; an older one is replaced only when the new one is whole.

    Parameters
    ----------
    trained : TrainedNetwork
    folder : Path
    about : mapping
        Plain values: sources, licence, numbers.
    card : str
        The model card, Markdown.
    quantisation, kept
        As ``quantised`` takes them.

    Raises
    ------
    ExtraMissingError
        onnx or onnxruntime is not installed.
    """
    encoder = quantised(encoder_onnx(trained.network), quantisation, kept=kept)
    write_folder(folder, folder_files(trained, encoder, about=about) | {CARD: card.encode("utf-8")})


def folder_files(
    trained: TrainedNetwork, encoder: bytes, *, about: Mapping[str, Any]
) -> dict[str, bytes]:
    """Every file of a model's folder but its card.

    Parameters
    ----------
    trained : TrainedNetwork
    encoder : bytes
        As ``encoder_onnx`` or ``quantised`` gives it.
    about : mapping
    """
    from safetensors.numpy import save

    network = trained.network
    heads = {name: array.astype(np.float16) for name, array in head_arrays(network).items()}
    files = {ENCODER: encoder, HEADS: save(heads), TOKENIZER: network.tokenizer}
    settings = {
        "format": FORMAT,
        "version": VERSION,
        "hidden": network.hidden,
        "max_tokens": trained.max_tokens,
        "heads": network.n_heads,
        "tasks": {
            task.name: {
                "kind": task.kind,
                "classes": list(task.classes),
                "context": task.context,
                "temperature": round(trained.temperatures[task.name], 4),
            }
            for task in network.tasks.values()
        },
        "about": dict(about),
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    text = json.dumps(settings, indent=1, ensure_ascii=False) + "\n"
    return files | {SETTINGS: text.encode()}


def pretrained_files(network: Network) -> dict[str, bytes]:
    """The encoder alone in float32, as ``transformers`` reads it: what fine-tuning goes on from.

    Returns
    -------
    dict of str to bytes
        ``config.json``, ``model.safetensors`` and ``tokenizer.json`` of a folder that
        ``stance.encoders.pretrained.pretrained`` takes.
    """
    imported("torch", extra=EXTRA)
    from safetensors.torch import save

    weights = {
        name: value.detach().cpu().float().clone().contiguous()
        for name, value in network.encoder.state_dict().items()
    }
    return {
        "config.json": network.encoder.config.to_json_string().encode(),
        "model.safetensors": save(weights, metadata={"format": "pt"}),
        TOKENIZER: network.tokenizer,
    }


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files whole, in place of what was there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    old = beside.with_name(f"{beside.name}.old")
    try:
        for name, data in files.items():
            (beside / name).write_bytes(data)
        beside.chmod(0o755)
        if folder.exists():
            folder.replace(old)
        try:
            beside.replace(folder)
        except BaseException:
            if old.exists():
                old.replace(folder)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def encoder_onnx(network: Network) -> bytes:
    """The encoder in ONNX, float32: ids and attention mask in, hidden states out.

    Returns
    -------
    bytes
        Batch and length are free.
    """
    torch = imported("torch", extra=EXTRA)
    imported("onnx", extra=EXTRA)

    class Encoder(torch.nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = network.encoder

        def forward(self, ids: Any, attention: Any) -> Any:
            return network.states(ids, attention)

    ids = torch.ones((2, 5), dtype=torch.int64)
    attention = torch.ones_like(ids)
    attention[1, 3:] = 0
    axes = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS, OUTPUT)}
    options = {
        "input_names": list(INPUTS),
        "output_names": [OUTPUT],
        "dynamic_axes": axes,
        "opset_version": OPSET,
    }
    # The newer exporter needs onnxscript and ten times as long, and what it writes is of a version
    # that onnxruntime reads from 1.18 on.
    if "dynamo" in signature(torch.onnx.export).parameters:
        options["dynamo"] = False
    sink = BytesIO()
    with _plain_attention(network.encoder), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracers warn of every branch, and of themselves
        torch.onnx.export(Encoder().eval(), (ids, attention), sink, **options)
    return sink.getvalue()


def matrices(encoder: bytes) -> list[str]:
    """Names of the products with a fixed matrix: what ``quantised`` can keep in float32."""
    onnx = imported("onnx", extra=EXTRA)
    model = onnx.load_from_string(encoder)
    fixed = _fixed(model)
    return [node.name for node in model.graph.node if _is_product(node, fixed)]


def quantised(encoder: bytes, how: Quantisation = "dynamic", *, kept: Sequence[str] = ()) -> bytes:
    """An encoder in bytes.

    Parameters
    ----------
    encoder : bytes
        As ``encoder_onnx`` gives it.
    how : {"dynamic", "weights", "none"}
        ``dynamic`` multiplies in bytes: what comes in is scaled by its range as it comes.
        ``weights`` keeps matrices as bytes and multiplies in float32. ``none`` changes nothing.
    kept : sequence of str
        Of ``matrices``: products that stay float32.

    Raises
    ------
    EncoderError
        There is no such product.
    """
    if how == "none":
        return encoder
    if unknown := sorted(set(kept) - set(matrices(encoder))):
        raise EncoderError(f"{unknown[0]!r:.100}: expected of {matrices(encoder)!r:.200}")
    onnx = imported("onnx", extra=EXTRA)
    model = onnx.load_from_string(encoder)
    _with_small_tables(onnx, model)
    if how == "weights":
        _with_small_matrices(onnx, model, kept=kept)
        return _bytes(model)
    return _dynamic(_bytes(model), kept=kept)


def _dynamic(encoder: bytes, *, kept: Sequence[str]) -> bytes:
    quantization = imported("onnxruntime.quantization", extra="encoder")
    with tempfile.TemporaryDirectory() as place, _quiet_root():
        before, after = Path(place, "float.onnx"), Path(place, "int8.onnx")
        before.write_bytes(encoder)
        quantization.quantize_dynamic(
            before,
            after,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=quantization.QuantType.QInt8,
            nodes_to_exclude=list(kept),
            extra_options={"MatMulConstBOnly": True},
        )
        return after.read_bytes()


def _with_small_tables(onnx: Any, model: Any) -> None:
    """Embedding tables as bytes, with a scale for each row that is looked up beside it."""
    helper, fixed = onnx.helper, _fixed(model)
    nodes = []
    for node in model.graph.node:
        table = fixed.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.ndim != 2 or table.size < _LEAST or _axis(node):
            nodes.append(node)
            continue
        name, out, indices = node.input[0], node.output[0], node.input[1]
        scales, rows = _scaled(table, axis=1)
        _replace(onnx, model, name, {f"{name}.int8": rows, f"{name}.scale": scales})
        nodes += [
            helper.make_node("Gather", [f"{name}.int8", indices], [f"{out}.int8"], axis=0),
            helper.make_node("Gather", [f"{name}.scale", indices], [f"{out}.scale"], axis=0),
            helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
        ]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _with_small_matrices(onnx: Any, model: Any, *, kept: Sequence[str]) -> None:
    """Matrices as bytes with a scale for each column, multiplied out before they are used."""
    fixed = _fixed(model)
    nodes: list[Any] = []
    for node in model.graph.node:
        if _is_product(node, fixed) and node.name not in kept:
            name = node.input[1]
            scales, columns = _scaled(fixed[name], axis=0)
            small = {f"{name}.int8": columns, f"{name}.scale": scales.ravel()}
            _replace(onnx, model, name, small)
            wide = f"{node.output[0]}.matrix"
            nodes.append(onnx.helper.make_node("DequantizeLinear", [*small], [wide], axis=1))
            node.input[1] = wide
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _scaled(matrix: Any, *, axis: int) -> tuple[Any, Any]:
    """Scales and bytes, ``matrix ≈ scales * bytes``; the largest number of each line is ±127."""
    scales = np.abs(matrix).max(axis=axis, keepdims=True) / np.float32(127)
    scales = np.where(scales > 0, scales, 1).astype(np.float32)
    return scales, np.rint(matrix / scales).astype(np.int8)


def _fixed(model: Any) -> dict[str, Any]:
    """Arrays that stand in the file, by name; identities of them too."""
    numpy_helper = imported("onnx.numpy_helper", extra=EXTRA)
    found = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    return {name: array for name, array in found.items() if array.dtype == np.float32}


def _is_product(node: Any, fixed: Mapping[str, Any]) -> bool:
    matrix = fixed.get(node.input[1]) if node.op_type == "MatMul" else None
    return matrix is not None and matrix.ndim == 2 and matrix.size >= _LEAST


def _axis(node: Any) -> int:
    return next((int(one.i) for one in node.attribute if one.name == "axis"), 0)


def _replace(onnx: Any, model: Any, name: str, arrays: Mapping[str, Any]) -> None:
    """Take an array's stand-ins in, and itself out, unless something else reads it."""
    known = {one.name for one in model.graph.initializer}
    for own, array in arrays.items():
        if own not in known:
            model.graph.initializer.append(onnx.numpy_helper.from_array(array, own))
    n_readers = sum(name in node.input for node in model.graph.node)
    if n_readers <= 1:
        kept = [one for one in model.graph.initializer if one.name != name]
        del model.graph.initializer[:]
        model.graph.initializer.extend(kept)


def _bytes(model: Any) -> bytes:
    data: bytes = model.SerializeToString()
    return data


@contextmanager
def _plain_attention(encoder: Any) -> Iterator[None]:
    """With attention spelled out: what is fused for training leaves odd branches in the graph."""
    known = getattr(encoder.config, "_attn_implementation", None)
    can_be_set = hasattr(encoder, "set_attn_implementation") and known not in (None, "eager")
    if can_be_set:
        encoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        if can_be_set:
            encoder.set_attn_implementation(known)


@contextmanager
def _quiet_root() -> Iterator[None]:
    """Without the advice that onnxruntime gives through the root logger."""
    import logging

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
