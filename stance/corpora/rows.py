"""Files of rows → columns: JSON lines, JSON, CSV, TSV, Parquet."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

SUFFIXES = (".jsonl", ".json", ".csv", ".tsv", ".parquet")
"""Endings of the files that can be read."""


class TableError(ValueError):
    """A table that cannot be read, or that lacks what a corpus needs."""


def read_columns(path: Path) -> dict[str, list[Any]]:
    """Columns of a file of rows, by name; the ending of the file's name says what it is.

    Parameters
    ----------
    path : Path
        JSON lines, a JSON list of objects, CSV, TSV (each in UTF-8, with a header) or Parquet.
        Values of CSV and TSV stay text.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    TableError
        The file cannot be read as what its name says.
    """
    if path.suffix not in SUFFIXES:
        raise TableError(f"{path}: expected a file ending in {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    try:
        return _READERS[path.suffix](path)
    except UnicodeDecodeError as error:
        raise TableError(
            f"{path}: not UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8"
        ) from None


def _read_jsonl(path: Path) -> dict[str, list[Any]]:
    rows = []
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    rows.append(json.loads(line))
                except ValueError as error:
                    raise TableError(f"{path}:{number}: not JSON: {error}") from None
    return _as_columns(rows, path)


def _read_json(path: Path) -> dict[str, list[Any]]:
    text = path.read_text(encoding="utf-8-sig")
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise TableError(f"{path}: not JSON: {error}") from None
    if not isinstance(rows, list):
        raise TableError(f"{path}: expected a list of objects, got {type(rows).__name__}")
    return _as_columns(rows, path)


def _as_columns(rows: list[Any], path: Path) -> dict[str, list[Any]]:
    names: dict[str, None] = {}
    for i, row in enumerate(rows):
        if not isinstance(row, dict):
            raise TableError(f"{path}: row {i}: expected an object, got {row!r:.80}")
        names.update(dict.fromkeys(row))
    return {name: [row.get(name) for row in rows] for name in names}


def _read_separated(path: Path) -> dict[str, list[Any]]:
    import pandas as pd

    try:
        # As text throughout: a label "NA" must not become a missing value, nor an id a number.
        frame = pd.read_csv(
            path,
            sep="\t" if path.suffix == ".tsv" else ",",
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
        )
    except UnicodeDecodeError:
        raise
    except (ValueError, pd.errors.ParserError) as error:
        raise TableError(f"{path}: not a table with a header: {error}") from None
    return {str(name): list(frame[name]) for name in frame.columns}


def _read_parquet(path: Path) -> dict[str, list[Any]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(os.fspath(path))
    except pa.ArrowException as error:
        raise TableError(f"{path}: not Parquet: {error}") from None
    found: dict[str, list[Any]] = table.to_pydict()
    return found


_READERS: dict[str, Callable[[Path], dict[str, list[Any]]]] = {
    ".jsonl": _read_jsonl,
    ".json": _read_json,
    ".csv": _read_separated,
    ".tsv": _read_separated,
    ".parquet": _read_parquet,
}
