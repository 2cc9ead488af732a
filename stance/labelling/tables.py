"""Tables: corpora that are Arrow already, in Parquet or Arrow files or in a Dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.labelling.columns import COUNTS, TEXTS, Columns
from stance.labelling.problem import LabellingError
from stance.labelling.source import BATCH_BYTES, BATCH_ROWS, Batch, ending

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset


@dataclass(frozen=True, slots=True)
class ArrowFiles:
    """Parquet or Arrow files with the same columns, one after the other.

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
    def of(cls, files: tuple[Path, ...], columns: Columns, *, is_pages: bool) -> ArrowFiles:
        """Files, checked to have the columns and the same types of them."""
        first = _schema(files[0])
        names = columns.found(first.names, where=files[0], pages=is_pages)
        _check_types(first, names, where=files[0])
        for file in files[1:]:
            schema = _schema(file)
            for name in first.names:
                if name not in names.values():
                    continue
                theirs = schema.field(name).type if name in schema.names else "no such column"
                if theirs != first.field(name).type:
                    raise LabellingError(
                        f"{file}: column {name!r}: expected {first.field(name).type} as in "
                        f"{files[0].name}, got {theirs}: give all files the same columns"
                    )
        return cls(files, names, is_pages)

    def batches(self) -> Iterator[Batch]:
        """All rows in order; memory holds a batch and what a file's reader keeps."""
        total = sum(file.stat().st_size for file in self.files) or 1
        before = 0
        for file in self.files:
            read = _parquet_batches if ending(file) == ".parquet" else _arrow_batches
            size = file.stat().st_size
            try:
                for table, share in read(file, list(self.names.values())):
                    yield Batch(_plain(table, self.names), (before + share * size) / total)
            except (OSError, ValueError) as error:  # Arrow's own are among them
                raise LabellingError(f"{file}: cannot be read: {_short(error)}") from error
            before += size


@dataclass(frozen=True, slots=True)
class DatasetSource:
    """A ``datasets.Dataset`` in memory."""

    dataset: Dataset
    names: Mapping[str, str]
    is_pages: bool = False
    files: tuple[Path, ...] = ()

    @classmethod
    def of(cls, dataset: Dataset, columns: Columns, *, is_pages: bool) -> DatasetSource:
        """Dataset, checked to have the columns."""
        names = columns.found(dataset.column_names, where="the dataset", pages=is_pages)
        schema = dataset.features.arrow_schema
        _check_types(schema, names, where="the dataset")
        return cls(dataset, names, is_pages)

    def batches(self) -> Iterator[Batch]:
        """All rows in order."""
        chosen = self.dataset.select_columns(list(self.names.values())).with_format("arrow")
        n = 0
        for table in chosen.iter(BATCH_ROWS):
            n += table.num_rows
            yield Batch(_plain(table, self.names), n / max(1, len(self.dataset)))


def saved_files(folder: Path) -> tuple[Path, ...]:
    """Files of a dataset that ``save_to_disk`` wrote.

    Raises
    ------
    LabellingError
        Its list of files cannot be read.
    """
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        names = [one["filename"] for one in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabellingError(f"{folder}/state.json: cannot be read: {_short(error)}") from error
    files = tuple(folder / name for name in names)
    if not files or any(file.parent != folder or ending(file) != ".arrow" for file in files):
        raise LabellingError(
            f"{folder}/state.json: expected Arrow files of the folder, got {names}"
        )
    return files


def _plain(table: pa.Table, names: Mapping[str, str]) -> pa.Table:
    """The columns under our names, in the plainest of the types that hold the same."""
    import pyarrow as pa

    columns = {}
    for ours, name in names.items():
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string_view(column.type):
            column = column.cast(pa.large_string())
        if pa.types.is_binary_view(column.type):
            column = column.cast(pa.large_binary())
        columns[ours] = column
    return pa.table(columns)


def _schema(file: Path) -> pa.Schema:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        if ending(file) == ".parquet":
            return parquet.read_schema(file)
        with file.open("rb") as stream:
            return pa.ipc.open_stream(stream).schema
    except (OSError, ValueError) as error:
        kind = "Parquet" if ending(file) == ".parquet" else "Arrow stream"
        raise LabellingError(f"{file}: cannot be read as {kind}: {_short(error)}") from error


def _parquet_batches(file: Path, names: list[str]) -> Iterator[tuple[pa.Table, float]]:
    import pyarrow as pa
    from pyarrow import parquet

    # A buffered stream: or a whole row group's column would be in memory at once.
    with parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20) as reader:
        n, rows = reader.metadata.num_rows, _batch_rows(reader.metadata)
        done = 0
        for batch in reader.iter_batches(rows, columns=names, use_threads=False):
            done += batch.num_rows
            yield pa.Table.from_batches([batch]), done / n


def _batch_rows(metadata: Any) -> int:
    """Rows of a batch, fewer where the file's rows are long."""
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    longest = max((g.total_byte_size / max(1, g.num_rows) for g in groups), default=1.0)
    return int(min(BATCH_ROWS, max(1, BATCH_BYTES // max(1.0, longest))))


def _arrow_batches(file: Path, names: list[str]) -> Iterator[tuple[pa.Table, float]]:
    import pyarrow as pa

    size = file.stat().st_size or 1
    with file.open("rb") as stream:
        for batch in pa.ipc.open_stream(stream):
            for start in range(0, batch.num_rows, BATCH_ROWS):
                part = batch.select(names).slice(start, BATCH_ROWS)
                yield pa.Table.from_batches([part]), stream.tell() / size


def _check_types(schema: pa.Schema, names: Mapping[str, str], *, where: object) -> None:
    from pyarrow import types

    texts = (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    raw = (types.is_binary, types.is_large_binary, types.is_binary_view)
    for ours, name in names.items():
        kind = schema.field(name).type
        if types.is_dictionary(kind):
            kind = kind.value_type
        is_text = any(fits(kind) for fits in (*texts, *(raw if ours == "text" else ())))
        is_number = types.is_integer(kind) or types.is_floating(kind) or types.is_null(kind)
        if ours in ("text", *TEXTS):
            fits, wanted = is_text, "text"
        elif ours in COUNTS:
            fits, wanted = is_number, "whole numbers"
        else:
            fits, wanted = not types.is_nested(kind), "text or numbers"
        if not fits:
            raise LabellingError(
                f"{where}: column {name!r}: expected {wanted}, got {kind}: convert or rename it"
            )


def _short(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).split("\n", 1)[0][:300]
