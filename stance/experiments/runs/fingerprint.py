"""Fingerprint: a digest of values, of the package's code, of the versions that compute."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

_PACKAGE = Path(__file__).parents[2]
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "datasets", "pyarrow")

# What stands below the classifiers in the house, or beside them: a change there leaves every
# prediction as it was, so finished models need not be trained again.
_AFTER_PREDICTION = ("analysis.py", "cli", "evaluation", "labelling", "reporting")


def digest(value: Any) -> str:
    """SHA-256 of plain values: 64 hexadecimal digits.

    Parameters
    ----------
    value : nested lists, tuples, dicts, str, numbers, None; numpy arrays

    Examples
    --------
    >>> digest(["a", 1]) == digest(("a", 1)), digest(["a1"]) == digest(["a", 1])
    (True, False)
    """
    text = json.dumps(value, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes; empty where there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@cache
def code_digest() -> str:
    """Digest of the package's code, its templates, and the models that it ships."""
    return _digest_of(_files())


@cache
def prediction_digest() -> str:
    """As ``code_digest``, without the code that only comes after prediction."""
    return _digest_of(
        path for path in _files() if path.relative_to(_PACKAGE).parts[0] not in _AFTER_PREDICTION
    )


def versions() -> dict[str, str]:
    """Versions of Python, of this package, and of the libraries that it computes with."""
    found = {"python": python_version()}
    for name in ("stance-lab", *_LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _files() -> Iterable[Path]:
    shipped = (path for path in (_PACKAGE / "models").rglob("*") if path.is_file())
    templates = _PACKAGE.rglob("*.j2")
    return sorted(
        {*_PACKAGE.rglob("*.py"), *templates, *(p for p in shipped if p.suffix != ".pyc")}
    )


def _digest_of(paths: Iterable[Path]) -> str:
    return digest([(path.relative_to(_PACKAGE).as_posix(), file_digest(path)) for path in paths])


def _plain(value: Any) -> Any:
    return value.tolist()
