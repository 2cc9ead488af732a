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
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.type_scorer import FORMAT_VERSION, TypeScorer
from stance.model_error import ModelError

if TYPE_CHECKING:
    from stance.classifiers.quotation_scorer import QuotationScorer
    from stance.classifiers.stance_scorer import StanceScorer

__all__ = [
    "MAX_BYTES",
    "Kind",
    "ModelError",
    "Scorer",
    "load_model",
    "load_settings",
    "save_model",
    "write_whole",
]

Kind = Literal["paragraph-type", "quotations", "stance"]

MAX_BYTES = 512 * 1024 * 1024
_DTYPES = {
    "F16": np.float16,
    "F32": np.float32,
    "F64": np.float64,
    "I16": np.int16,
    "I32": np.int32,
    "I64": np.int64,
    "U64": np.uint64,
    "U32": np.uint32,
    "U8": np.uint8,
}
_MAX_HEADER = 1_000_000


class Scorer(Protocol):
    """What can be saved: arrays, and settings that say of which kind they are."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name."""

    def settings(self) -> dict[str, Any]:
        """Everything that is no array, fit for JSON: ``kind`` and ``format_version`` in it."""


def save_model(
    scorer: Scorer, folder: str | os.PathLike[str], *, about: Mapping[str, Any] | None = None
) -> None:
    """Write a model's folder; an older model there is replaced only when the new one is whole.

    Parameters
    ----------
    scorer : TypeScorer, QuotationScorer or StanceScorer
    folder : path
    about : mapping, optional
        What to keep with the settings: what it was trained on, when, with which results.
    """
    from safetensors.numpy import save

    folder = Path(folder)
    arrays = {name: np.ascontiguousarray(array) for name, array in scorer.arrays().items()}
    data = save(arrays)
    settings = scorer.settings() | {
        "sha256": hashlib.sha256(data).hexdigest(),
        "about": dict(about or {}),
    }
    text = json.dumps(settings, indent=1, ensure_ascii=False) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    _write_all({folder / "model.safetensors": data, folder / "model.json": text.encode()})


@overload
def load_model(
    folder: str | os.PathLike[str], *, kind: Literal["paragraph-type"] = ...
) -> TypeScorer: ...


@overload
def load_model(
    folder: str | os.PathLike[str], *, kind: Literal["quotations"]
) -> QuotationScorer: ...


@overload
def load_model(folder: str | os.PathLike[str], *, kind: Literal["stance"]) -> StanceScorer: ...


def load_model(
    folder: str | os.PathLike[str], *, kind: Kind = "paragraph-type"
) -> TypeScorer | QuotationScorer | StanceScorer:
    """Read a model's folder. Needs no network and no scikit-learn; arrays are memory-mapped.

    Parameters
    ----------
    folder : path
    kind : {"paragraph-type", "quotations", "stance"}
        What the model shall be; it decides which scorer comes back.

    Raises
    ------
    ModelError
        The folder or a file in it is missing or damaged, or its format is newer than the package.
    """
    folder = Path(folder)
    settings = load_settings(folder, kind=kind)
    try:
        data = _mapped(folder / "model.safetensors")
        _check_hash(data, settings)
        return _scorer_class(kind).from_arrays(_arrays(data), settings)
    except OSError as error:
        raise ModelError(f"{folder}/model.safetensors: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ModelError(f"{folder}: not a model of this package: {error}") from error


def _scorer_class(
    kind: Kind,
) -> type[TypeScorer] | type[QuotationScorer] | type[StanceScorer]:
    if kind == "quotations":
        from stance.classifiers.quotation_scorer import QuotationScorer

        return QuotationScorer
    if kind == "stance":
        from stance.classifiers.stance_scorer import StanceScorer

        return StanceScorer
    return TypeScorer


def load_settings(
    folder: str | os.PathLike[str], *, kind: Kind = "paragraph-type"
) -> dict[str, Any]:
    """A model's settings alone, checked for kind and format version."""
    path = Path(folder) / "model.json"
    try:
        size = path.stat().st_size
        settings: Any = (
            json.loads(path.read_text(encoding="utf-8")) if size <= _MAX_HEADER else None
        )
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: expected JSON: {error}") from error
    if size > _MAX_HEADER:
        raise ModelError(f"{path}: {size:,} bytes, expected a short JSON file")
    version = settings.get("format_version") if isinstance(settings, dict) else None
    if type(version) is not int or version < 1 or settings.get("kind") != kind:
        raise ModelError(f"{path}: expected the settings of a {kind} model")
    if version > FORMAT_VERSION:
        raise ModelError(
            f"{path}: format version {version}, this package reads up to {FORMAT_VERSION}: "
            "upgrade stance-lab"
        )
    checked: dict[str, Any] = settings
    return checked


def _check_hash(data: NDArray[np.uint8], settings: Mapping[str, Any]) -> None:
    """Raise where these are not the arrays that the settings were written with."""
    found = hashlib.sha256(data.data).hexdigest()
    if found != settings.get("sha256"):
        raise ValueError(
            f"expected arrays with SHA-256 {settings.get('sha256')!r:.80}, got {found}: "
            "one of the two files is damaged or of another model"
        )


def _mapped(path: Path) -> NDArray[np.uint8]:
    """Bytes of a file, memory-mapped."""
    size = path.stat().st_size
    if not 8 < size <= MAX_BYTES:
        raise ValueError(f"{path.name} has {size:,} bytes, expected up to {MAX_BYTES:,}")
    return np.memmap(path, dtype=np.uint8, mode="r")


def _arrays(data: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Arrays of a safetensors file, as views of its bytes.

    The format is a length, a JSON header and the arrays' bytes. safetensors' own reader copies
    them, and importing it takes longer than this: 70 ms of the second that a label may take.
    """
    n_header = int.from_bytes(data[:8].tobytes(), "little")
    if not 2 <= n_header <= min(_MAX_HEADER, len(data) - 8):
        raise ValueError(f"header of {n_header:,} bytes")
    header = json.loads(data[8 : 8 + n_header].tobytes())
    if not isinstance(header, dict):
        raise ValueError("header is not a table of arrays")
    header.pop("__metadata__", None)
    return {str(name): _array(data[8 + n_header :], entry, name) for name, entry in header.items()}


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
    _write_all({path: data})


def _write_all(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together: all beside, then all renamed, or none."""
    beside: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            beside[path] = _written_beside(path, data)
        _rename_all(beside)
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)


def _rename_all(beside: Mapping[Path, Path]) -> None:
    before = {path: path.read_bytes() if path.is_file() else None for path in beside}
    renamed: list[Path] = []
    try:
        for path, new in beside.items():
            new.replace(path)
            renamed.append(path)
    except BaseException:
        for path in renamed:
            old = before[path]
            if old is None:
                path.unlink()
            else:
                _written_beside(path, old).replace(path)
        raise


def _written_beside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
