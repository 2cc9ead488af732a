"""Manifest: what labels were made from, so that no run goes on with another's leftovers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from stance import __version__
from stance.models.tiers import tier
from stance.targets import Target

WHOLE_BYTES = 256 << 20
"""Input up to this size is hashed whole; of larger input, blocks from all over."""

_PROBES, _PROBE_BYTES = 256, 1 << 20
_PACKAGE = Path(__file__).parents[1]
# What labels come from: rooms and modules below this one, and this one.
_CODE = (
    *("labels.py", "article.py", "passage.py", "analysis.py", "reading", "quotes", "targets"),
    *("features", "encoders", "classifiers", "models", "labelling"),
)
_WORDS = {
    "input": "another corpus, or the corpus has changed",
    "model": "another model",
    "targets": "other targets, or another model of stances",
    "settings": "other settings",
    "version": "another version of stance",
}


def manifest(
    files: Sequence[Path],
    *,
    model: str,
    settings: Mapping[str, Any],
    targets: Sequence[Target] = (),
) -> dict[str, Any]:
    """What decides every byte of the output, as JSON can hold it.

    Parameters
    ----------
    files : sequence of Path
        Of the corpus. Their places do not matter, nor when they were written.
    model : str
        As ``stance.models.tiers.tier`` takes it.
    settings : mapping
        Columns, and what is asked for.
    targets : sequence of Target
        What stances are asked about.

    Returns
    -------
    dict
        ``format``, ``version``, ``input``, ``model``, ``settings``; with targets also ``targets``:
        the names of each, and the ``model`` of stances.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    asked = tier(model)
    made = {
        "format": 1,
        "version": made_by(),
        "input": input_digest(files),
        "model": asked.type_name,
        "settings": dict(settings),
    }
    if targets:
        names = [list(target.names) for target in targets]
        made["targets"] = {"model": asked.stance_name, "names": names}
    return made


def digest(value: Any) -> str:
    """SHA-256 of plain values.

    Examples
    --------
    >>> digest({"a": 1})[:8]
    'f9d86028'
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """In what two manifests differ, in words.

    Examples
    --------
    >>> differences({"model": "a", "input": "x"}, {"model": "b", "input": "x"})
    'another model'
    """
    found = [words for key, words in _WORDS.items() if ours.get(key) != theirs.get(key)]
    return "; ".join(found) or "another format"


def made_by() -> str:
    """The package's version, and the digest of its code."""
    return f"{__version__} ({code_digest()[:16]})"


def library_versions() -> dict[str, str]:
    """Versions of what labels are computed and written with."""
    return {name: version(name) for name in ("numpy", "pyarrow")}


@cache
def code_digest() -> str:
    """SHA-256 of the package's code that labels come from."""
    found = hashlib.sha256()
    for name in _CODE:
        place = _PACKAGE / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
            found.update(path.read_bytes() + b"\0")
    return found.hexdigest()


def input_digest(files: Sequence[Path]) -> str:
    """SHA-256 of files, by their sizes and content; of over ``WHOLE_BYTES``, by parts of it."""
    sizes = [file.stat().st_size for file in files]
    is_whole = sum(sizes) <= WHOLE_BYTES
    common = Path(os.path.commonpath(files)) if len(files) > 1 else None
    found = hashlib.sha256()
    probes = max(2, _PROBES // max(1, len(files)))
    for file, size in zip(files, sizes, strict=True):
        name = file.relative_to(common).as_posix() if common else ""
        found.update(os.fsencode(f"{name}\0{size}\0"))
        if is_whole:
            found.update(bytes.fromhex(_file_digest(file)))
        else:
            found.update(_probed(file, size, probes))
    return found.hexdigest()


def _file_digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _probed(file: Path, size: int, n: int) -> bytes:
    """Digest of blocks at equal distances, the first and the last among them."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        for k in range(n):
            stream.seek(max(0, size - _PROBE_BYTES) * k // (n - 1))
            found.update(stream.read(_PROBE_BYTES))
    return found.digest()
