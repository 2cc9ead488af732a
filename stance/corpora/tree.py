"""Checksums of files and folders: what a download is checked against."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_sha256(folder: Path) -> str:
    r"""SHA-256 over every file below a folder, their names included.

    The lines ``"<sha256>  <relative path>"``, sorted by path, joined and ended by line feeds.
    Hidden files and folders (a name that begins with a dot) do not count: a file manager or a
    half-finished download may have left them.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     _ = (Path(name) / "a.txt").write_bytes(b"a")
    ...     tree_sha256(Path(name))[:16]
    '29ef94e5c0fea664'
    """
    lines = (f"{file_sha256(path)}  {relative}\n" for relative, path in files_below(folder))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def files_below(folder: Path) -> list[tuple[str, Path]]:
    """Relative path (forward slashes) and path of every file below a folder, sorted by the former.

    Hidden files, and files in hidden folders, are left out.
    """
    found = ((path.relative_to(folder), path) for path in folder.rglob("*"))
    return sorted(
        (relative.as_posix(), path)
        for relative, path in found
        if not any(part.startswith(".") for part in relative.parts) and path.is_file()
    )
