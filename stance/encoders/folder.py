"""Folder: an encoder with its heads on disk. Nothing in it is code, and nothing is trusted.

``model.json`` (settings), ``encoder.onnx``, ``heads.safetensors``, ``tokenizer.json`` and
``README.md``, the model card.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.model_error import ModelError

FORMAT = "stance-encoder"
VERSION = 1
SETTINGS, ENCODER, HEADS = "model.json", "encoder.onnx", "heads.safetensors"
TOKENIZER, CARD = "tokenizer.json", "README.md"
MAX_BYTES: Mapping[str, int] = MappingProxyType(
    {SETTINGS: 1 << 20, ENCODER: 1 << 30, HEADS: 1 << 26, TOKENIZER: 1 << 26, CARD: 1 << 20}
)
"""Of each file; larger ones are not read."""

KINDS = ("type", "stance")
MAX_CLASSES, MAX_TASKS, MAX_HIDDEN, MAX_TOKENS = 100, 100, 8192, 8192

_DTYPES = {"F16": np.float16, "F32": np.float32}
_KEYS = {"format", "version", "hidden", "max_tokens", "heads", "tasks", "about", "sha256"}
_OPTIONAL = {"about", "sha256"}
_TASK_KEYS = {"kind", "classes", "context", "temperature"}


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """What a head is for.

    Parameters
    ----------
    kind : {"type", "stance"}
    classes : tuple of str
        Sorted.
    temperature : float
    context : bool
        Whether a type head looks at neighbours and places.
    """

    kind: str
    classes: tuple[str, ...]
    temperature: float = 1.0
    context: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``model.json`` says.

    Parameters
    ----------
    hidden : int
        Numbers for each token.
    max_tokens : int
        Word pieces of a text that are read.
    heads : int
        Heads of attention in a stance head.
    tasks : mapping of str to TaskSettings
    about : mapping
        Sources, licence and numbers.
    sha256 : mapping of str to str
        Digests of the other files; empty where none are given.
    """

    hidden: int
    max_tokens: int
    heads: int
    tasks: Mapping[str, TaskSettings]
    about: Mapping[str, Any]
    sha256: Mapping[str, str]


def read_settings(folder: str | os.PathLike[str]) -> Settings:
    """What ``model.json`` of a folder says.

    Raises
    ------
    ModelError
        It is missing, too large, no JSON, of a newer version, or says something else.
    """
    data = read_bytes(folder, SETTINGS)
    path = Path(folder) / SETTINGS
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: expected JSON: {error!s:.200}") from error
    try:
        return _settings(value)
    except (ValueError, OverflowError, RecursionError) as error:
        raise ModelError(f"{path}: {error}") from error


def is_encoder(folder: str | os.PathLike[str]) -> bool:
    """Whether a folder calls itself one of these models; nothing else of it is checked."""
    try:
        with (Path(folder) / SETTINGS).open("rb") as file:
            value = json.loads(file.read(MAX_BYTES[SETTINGS]))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("format") == FORMAT


def read_bytes(
    folder: str | os.PathLike[str],
    name: str,
    *,
    digests: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """A file of a folder.

    Parameters
    ----------
    folder : path
    name : str
        One of ``MAX_BYTES``.
    digests : mapping of str to str, optional
        ``Settings.sha256``.

    Raises
    ------
    ModelError
        It is missing, no plain file, larger than ``MAX_BYTES`` allow, or not the one whose digest
        is given.
    """
    path = Path(folder) / name
    try:
        if not path.is_file():
            raise ModelError(f"{path}: expected a file, there is none")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES[name] + 1)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES[name]:
        raise ModelError(f"{path}: expected up to {MAX_BYTES[name]:,} bytes, got more")
    wanted = digests.get(name)
    if wanted is not None and (found := hashlib.sha256(data).hexdigest()) != wanted:
        raise ModelError(
            f"{path}: expected SHA-256 {wanted}, got {found}: damaged, or of another model"
        )
    return data


def read_heads(data: bytes) -> dict[str, dict[str, NDArray[Any]]]:
    """Arrays of ``heads.safetensors``, by task and name.

    Raises
    ------
    ValueError
        It is no safetensors file, or one with arrays that are no float16 or float32 numbers.

    References
    ----------
    Hugging Face, "Safetensors", https://github.com/huggingface/safetensors#format.
    """
    n_header = int.from_bytes(data[:8], "little")
    if not 2 <= n_header <= min(len(data) - 8, MAX_BYTES[SETTINGS]):
        raise ValueError(f"expected a safetensors file, got a header of {n_header:,} bytes")
    header = json.loads(data[8 : 8 + n_header])
    if not isinstance(header, dict):
        raise ValueError("expected a safetensors file, got a header that is no table")
    header.pop("__metadata__", None)
    body = np.frombuffer(data, np.uint8)[8 + n_header :]
    tasks: dict[str, dict[str, NDArray[Any]]] = {}
    for name, entry in header.items():
        task, _, rest = str(name).partition(".")
        tasks.setdefault(task, {})[rest] = _array(body, entry, name)
    return tasks


def _array(body: NDArray[np.uint8], entry: Any, name: str) -> NDArray[Any]:
    try:
        dtype, shape = _DTYPES[entry["dtype"]], [*entry["shape"]]
        start, end = entry["data_offsets"]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"array {name!r:.80}: unreadable type, shape or place") from error
    if len(shape) > 2 or not all(type(n) is int and n >= 0 for n in (*shape, start, end)):
        raise ValueError(f"array {name!r:.80}: unreadable type, shape or place")
    if end > len(body) or end - start != math.prod(shape) * np.dtype(dtype).itemsize:
        raise ValueError(f"array {name!r:.80}: lies outside the file or is of another size")
    # A copy: views of the file need not be aligned.
    return np.frombuffer(body[start:end].tobytes(), dtype).reshape(shape)


def _settings(value: Any) -> Settings:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError(f"expected the settings of a {FORMAT} model")
    version = value.get("version")
    if type(version) is not int or version < 1:
        raise ValueError(f"version: expected a whole number, got {version!r:.80}")
    if version > VERSION:
        raise ValueError(
            f"format version {version!s:.20}, this package reads up to {VERSION}: "
            "upgrade stance-lab"
        )
    _check_keys(value, _KEYS, optional=_OPTIONAL)
    tasks = value["tasks"]
    if not isinstance(tasks, dict) or not 1 <= len(tasks) <= MAX_TASKS:
        raise ValueError(f"tasks: expected a table of 1 to {MAX_TASKS}, got {tasks!r:.80}")
    hidden = _whole(value, "hidden", MAX_HIDDEN)
    heads = _whole(value, "heads", hidden)
    if hidden % heads:
        raise ValueError(f"heads: expected a divisor of hidden = {hidden}, got {heads}")
    return Settings(
        hidden,
        _whole(value, "max_tokens", MAX_TOKENS),
        heads,
        {name: _task(name, task) for name, task in tasks.items()},
        _table(value, "about"),
        _digests(_table(value, "sha256")),
    )


def _task(name: str, value: Any) -> TaskSettings:
    at = f"tasks.{name:.40}"
    if not name.isidentifier() or not isinstance(value, dict):
        raise ValueError(f"{at}: expected a name of letters and a table, got {value!r:.80}")
    kind = value.get("kind")
    if kind not in KINDS:
        raise ValueError(f"{at}.kind: expected of {list(KINDS)}, got {kind!r:.80}")
    _check_keys(value, _TASK_KEYS, optional={"context", "temperature"}, at=f"{at}: ")
    classes, context = value["classes"], value.get("context", True)
    if (
        not isinstance(classes, list)
        or not 2 <= len(classes) <= MAX_CLASSES
        or not all(isinstance(one, str) and 0 < len(one) <= 100 for one in classes)
        or classes != sorted(set(classes))
    ):
        raise ValueError(f"{at}.classes: expected two or more sorted names, got {classes!r:.80}")
    temperature = value.get("temperature", 1.0)
    is_number = type(temperature) in (int, float)
    if not is_number or not 1e-3 <= temperature <= 1e3:
        raise ValueError(f"{at}.temperature: expected 0.001 to 1000, got {temperature!r:.80}")
    if type(context) is not bool:
        raise ValueError(f"{at}.context: expected true or false, got {context!r:.80}")
    return TaskSettings(kind, tuple(classes), float(temperature), context)


def _check_keys(
    value: dict[str, Any], known: set[str], *, optional: set[str], at: str = ""
) -> None:
    if unknown := sorted(set(value) - known):
        raise ValueError(f"{at}unknown key {unknown[0]!r:.80}, expected of {sorted(known)}")
    if missing := sorted(known - optional - set(value)):
        raise ValueError(f"{at}expected the key {missing[0]!r}")


def _whole(value: dict[str, Any], key: str, most: int) -> int:
    found = value[key]
    if type(found) is not int or not 1 <= found <= most:
        raise ValueError(f"{key}: expected a whole number from 1 to {most}, got {found!r:.80}")
    return found


def _table(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key, {})
    if not isinstance(found, dict):
        raise ValueError(f"{key}: expected a table, got {found!r:.80}")
    return found


def _digests(value: dict[str, Any]) -> dict[str, str]:
    for name, digest in value.items():
        if name not in (ENCODER, HEADS, TOKENIZER) or not isinstance(digest, str):
            raise ValueError(f"sha256: expected digests of files, got {name!r:.40}: {digest!r:.80}")
    return value
