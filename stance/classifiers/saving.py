"""Models on disk: arrays as safetensors, settings as JSON. Loading runs no code from the file.

A model is a folder: ``model.safetensors`` (arrays), ``model.json`` (settings, with the format's
version and the hash of the arrays), and ``README.md``, its card, where it has one.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.type_scorer import FORMAT_VERSION, TypeScorer

MAX_BYTES = 512 * 1024 * 1024
_DTYPES = {
    "F16": np.float16,
    "F32": np.float32,
    "F64": np.float64,
    "I32": np.int32,
    "I64": np.int64,
    "U64": np.uint64,
    "U32": np.uint32,
    "U8": np.uint8,
}
_MAX_HEADER = 1_000_000


class ModelError(ValueError):
    """A model that cannot be loaded: missing, damaged, or of a newer format."""


def save_model(
    scorer: TypeScorer, folder: str | os.PathLike[str], *, about: Mapping[str, Any] | None = None
) -> None:
    """Write a model's folder; an older model there is replaced only when the new one is whole.

    Parameters
    ----------
    scorer : TypeScorer
    folder : path
    about : mapping, optional
        What to keep with the settings: what it was trained on, when, with which results.
    """
    from safetensors.numpy import save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in scorer.arrays().items()}
    data = save(arrays)
    settings = scorer.settings() | {
        "sha256": hashlib.sha256(data).hexdigest(),
        "about": dict(about or {}),
    }
    write_whole(folder / "model.safetensors", data)
    text = json.dumps(settings, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / "model.json", text.encode())


def load_model(folder: str | os.PathLike[str]) -> TypeScorer:
    """Read a model's folder. Needs no network and no scikit-learn; arrays are memory-mapped.

    Raises
    ------
    ModelError
        The folder or a file in it is missing or damaged, or its format is newer than the package.
    """
    folder = Path(folder)
    settings = load_settings(folder)
    path = folder / "model.safetensors"
    try:
        arrays = _mapped(path)
        return TypeScorer.from_arrays(arrays, settings)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise ModelError(f"{folder}: not a model of this package: {error}") from error


def load_settings(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """A model's settings alone, checked for kind and format version."""
    path = Path(folder) / "model.json"
    try:
        if path.stat().st_size > _MAX_HEADER:
            raise ModelError(f"{path}: {path.stat().st_size:,} bytes, expected a short JSON file")
        settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: expected JSON: {error}") from error
    version = settings.get("format_version") if isinstance(settings, dict) else None
    if not isinstance(version, int) or settings.get("kind") != "paragraph-type":
        raise ModelError(f"{path}: expected the settings of a paragraph-type model")
    if version > FORMAT_VERSION:
        raise ModelError(
            f"{path}: format version {version}, this package reads up to {FORMAT_VERSION}: "
            "upgrade stance-lab"
        )
    return settings


def check_model(folder: str | os.PathLike[str]) -> None:
    """Raise ModelError where the arrays on disk are not those the settings were written with."""
    folder = Path(folder)
    expected = load_settings(folder).get("sha256")
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != expected:
        raise ModelError(f"{folder}: expected arrays with SHA-256 {expected}, got {found}")


def _mapped(path: Path) -> dict[str, NDArray[Any]]:
    """Arrays of a safetensors file, memory-mapped.

    The format is a length, a JSON header and the arrays' bytes. safetensors' own reader copies
    them, and importing it takes longer than this: 70 ms of the second that a label may take.
    """
    size = path.stat().st_size
    if not 8 < size <= MAX_BYTES:
        raise ValueError(f"{size:,} bytes, expected up to {MAX_BYTES:,}")
    with path.open("rb") as file:
        n_header = int.from_bytes(file.read(8), "little")
        if not 2 <= n_header <= min(_MAX_HEADER, size - 8):
            raise ValueError(f"header of {n_header:,} bytes")
        header = json.loads(file.read(n_header))
    if not isinstance(header, dict):
        raise ValueError("header is not a table of arrays")
    data = np.memmap(path, dtype=np.uint8, mode="r")[8 + n_header :]
    header.pop("__metadata__", None)
    return {str(name): _array(data, entry, name) for name, entry in header.items()}


def _array(data: NDArray[np.uint8], entry: Any, name: str) -> NDArray[Any]:
    dtype, shape = _DTYPES.get(entry["dtype"]), entry["shape"]
    start, end = entry["data_offsets"]
    if dtype is None or not all(isinstance(n, int) and n >= 0 for n in (*shape, start, end)):
        raise ValueError(f"array {name!r}: unreadable type, shape or place")
    n_items = 1
    for n in shape:
        n_items *= n
    if end > len(data) or end - start != n_items * np.dtype(dtype).itemsize:
        raise ValueError(f"array {name!r}: lies outside the file or is of another size")
    return data[start:end].view(dtype).reshape(shape)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader never sees half of it: beside, then renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
