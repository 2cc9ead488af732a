"""Lines: JSON lines, CSV and TSV as Arrow tables; a line that cannot be read is a row's problem."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from stance.labelling.columns import COUNTS, Columns
from stance.labelling.problem import LabellingError
from stance.labelling.rows import id_text
from stance.labelling.source import BATCH_BYTES, BATCH_ROWS, Batch, ending

if TYPE_CHECKING:
    import pyarrow as pa

MAX_LINE = 16 << 20
"""Bytes of a line (a cell, of CSV) beyond which it is not read: no page is as long."""

_PROBED = 200  # rows of JSON lines that tell the columns

Row = Mapping[str, Any] | str
"""Cells by name, or what is wrong with the line."""


@dataclass(frozen=True, slots=True)
class SeparatedFiles:
    """Files of lines with the same columns, one after the other.

    Parameters
    ----------
    files : tuple of Path
    names : mapping of str to str
        Our names of columns to the files'.
    is_pages : bool
    """

    files: tuple[Path, ...]
    names: Mapping[str, str]
    is_pages: bool = False

    @classmethod
    def of(cls, files: tuple[Path, ...], columns: Columns, *, is_pages: bool) -> SeparatedFiles:
        """Files, checked to have the columns."""
        found: dict[str, str] = {}
        for file in files:
            known = _known_columns(file)
            if known is None:
                continue
            names = columns.found(known, where=file, pages=is_pages)
            if found and names != found:
                raise LabellingError(
                    f"{file}: expected the columns {sorted(found.values())} as in the files before "
                    f"it, got {sorted(names.values())}: give all files the same columns"
                )
            found = names
        return cls(files, found or {"text": "text"}, is_pages)

    def batches(self) -> Iterator[Batch]:
        """All rows in order; blank lines are none."""
        total = sum(file.stat().st_size for file in self.files) or 1
        before = 0
        for file in self.files:
            with _opened(file) as (raw, rows):
                for part in _parts(rows):
                    yield Batch(_table(part, self.names), (before + raw.tell()) / total)
            before += file.stat().st_size


def _known_columns(file: Path) -> list[str] | None:
    """Columns of a file; None where it has no rows."""
    with _opened(file) as (_, rows):
        head = list(islice(rows, _PROBED))
    if not head:
        return None
    known = list(
        dict.fromkeys(chain.from_iterable(row for row in head if not isinstance(row, str)))
    )
    if not known:
        raise LabellingError(f"{file}: expected an object on every line: row 0: {head[0]}")
    return known


@contextmanager
def _opened(file: Path) -> Iterator[tuple[IO[bytes], Iterator[Row]]]:
    """The file as it lies on disk, for its position, and its rows."""
    kind = ending(file)
    read = _json_rows if kind.startswith(".jsonl") else _separated_rows
    try:
        with file.open("rb") as raw:
            data: Any = gzip.GzipFile(fileobj=raw) if kind.endswith(".gz") else raw
            with closing(read(data, "\t" if kind.startswith(".tsv") else ",")) as rows:
                yield raw, rows
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise LabellingError(f"{file}: cannot be read: {reason}") from error


def _json_rows(data: IO[bytes], _: str) -> Generator[Row]:
    for number, line in enumerate(_lines(data)):
        if line is None:
            yield f"line: longer than {MAX_LINE:,} bytes"
        elif line.strip():
            yield _json_row(line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line)


def _lines(data: IO[bytes]) -> Iterator[bytes | None]:
    """Lines; None for one that is too long, of which no more than a piece is ever in memory."""
    while line := data.readline(MAX_LINE):
        if line.endswith(b"\n") or len(line) < MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = data.readline(MAX_LINE)
        yield None


def _json_row(line: bytes) -> Row:
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return f"line: broken encoding, byte {error.start} is not UTF-8"
    except (ValueError, RecursionError) as error:
        return f"line: not JSON: {error}"
    return row if isinstance(row, dict) else f"line: expected an object, got {type(row).__name__}"


def _separated_rows(data: IO[bytes], delimiter: str) -> Generator[Row]:
    limit = csv.field_size_limit(MAX_LINE)
    # Bytes that are not UTF-8 come as surrogates, which the row's check finds.
    text = TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        reader = csv.reader(text, delimiter=delimiter)
        header = next(reader, None)
        if header is None:
            return
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield f"line {reader.line_num}: {error}; is a quotation mark not closed?"
                continue
            if len(cells) == len(header):
                yield dict(zip(header, cells, strict=True))
            elif cells:
                yield f"line {reader.line_num}: expected {len(header)} cells, got {len(cells)}"
    finally:
        csv.field_size_limit(limit)
        text.detach()  # or the file would be closed with it


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    n_bytes = 0
    for row in rows:
        part.append(row)
        n_bytes += 100 if isinstance(row, str) else sum(map(len, _strings(row)))
        if len(part) == BATCH_ROWS or n_bytes >= BATCH_BYTES:
            yield part
            part, n_bytes = [], 0
    if part:
        yield part


def _strings(row: Mapping[str, Any]) -> Iterator[str]:
    return (value for value in row.values() if isinstance(value, str))


def _table(rows: Sequence[Row], names: Mapping[str, str]) -> pa.Table:
    import pyarrow as pa

    problems: list[str | None] = [row if isinstance(row, str) else None for row in rows]
    columns: dict[str, Any] = {}
    for ours, name in names.items():
        cells = [None if isinstance(row, str) else row.get(name) for row in rows]
        if ours in COUNTS:
            values: list[Any] = [_count(cell, ours, i, problems) for i, cell in enumerate(cells)]
        elif ours in ("id", "group"):
            values = [id_text(cell) or None for cell in cells]
        else:
            values = [_text(cell, ours, i, problems) for i, cell in enumerate(cells)]
        columns[ours] = pa.array(values, pa.int64() if ours in COUNTS else pa.large_string())
    return pa.table(columns | {"problem": pa.array(problems, pa.string())})


def _text(value: Any, name: str, i: int, problems: list[str | None]) -> str | None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            problem = f"{name}: broken encoding, character {error.start} is a lone surrogate"
        else:
            return value
    elif value is None:
        return None
    else:
        problem = f"{name}: expected text, got {type(value).__name__}"
    problems[i] = problems[i] or problem
    return None


def _count(value: Any, name: str, i: int, problems: list[str | None]) -> int | None:
    """A whole number, also as the text that CSV makes of it; null where the cell is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is int and 0 <= value < 1 << 31:
        return value
    problems[i] = problems[i] or f"{name}: expected a whole number, 0 or more, got {value!r:.40}"
    return None
