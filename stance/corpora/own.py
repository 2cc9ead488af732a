"""A researcher's own table (file, data frame, dataset on the Hub) in the form of a corpus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.corpora.names import unknown
from stance.corpora.rows import TableError, read_columns

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

_STRINGS = ("headline", "previous", "following", "group")
_NUMBERS = {"index": 0, "n_paragraphs": 1}
_COMMON = (
    *("text", "target", "mentions", "voice", "headline", "previous", "following", "index"),
    *("n_paragraphs", "group", "label", "native_label", "id"),
)


def from_file(path: Path, *, columns: Mapping[str, str] | None = None) -> Dataset:
    """Dataset from a file of rows.

    Parameters
    ----------
    path : Path
        JSON lines, a JSON list of objects, CSV, TSV (each with a header, UTF-8) or Parquet.
    columns : mapping of str to str, optional
        The project's column name to the file's.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    TableError
        The file cannot be read as what its name says, or has no texts.
    """
    return _dataset(read_columns(path), columns=columns, source=str(path))


def from_frame(frame: Any, *, columns: Mapping[str, str] | None = None) -> Dataset:
    """Dataset from a pandas, polars or Arrow table, a Dataset, or a mapping of lists.

    Raises
    ------
    TypeError
        It is no table, or a dictionary of tables.
    TableError
        It has no texts, or a value of the wrong type.
    """
    names = getattr(frame, "column_names", None)  # datasets, pyarrow
    if names is None:
        names = getattr(frame, "columns", None)  # pandas, polars
    if names is None and isinstance(frame, Mapping):
        names = list(frame)
    if names is None or isinstance(names, Mapping):
        raise TypeError(
            "expected the name of a corpus, a path, or one table with named columns, got "
            f"{type(frame).__name__}: {frame!r:.80}"
        )
    features = getattr(frame, "features", {})
    table = {str(name): _values(frame[name], features.get(name)) for name in names}
    return _dataset(table, columns=columns, source=f"the {type(frame).__name__}")


def from_hub(
    name: str, *, variant: str | None = None, columns: Mapping[str, str] | None = None
) -> DatasetDict:
    """Every split of a dataset on the Hugging Face Hub.

    The one function of this package that goes to the network by itself: an ``owner/name`` cannot
    mean anything else. ``HF_HUB_OFFLINE=1`` keeps it to what was fetched before.

    Raises
    ------
    FileNotFoundError
        There is neither a file nor a dataset of this name, or the Hub does not answer.
    TableError
        The dataset has no texts, or a value of the wrong type.
    """
    import datasets

    try:
        loaded = datasets.load_dataset(name, variant)
    except OSError as error:
        raise FileNotFoundError(
            f"{name}: expected a file, or a dataset on the Hugging Face Hub: {error}"
        ) from error
    return datasets.DatasetDict(
        {split: from_frame(dataset, columns=columns) for split, dataset in loaded.items()}
    )


def _values(column: Any, feature: Any) -> list[Any]:
    """A column as a list; numbers of classes become the classes' names."""
    if hasattr(column, "to_pylist"):  # Arrow iterates over scalars of its own
        return list(column.to_pylist())
    column = column[:]  # a Dataset's column, too, becomes a list at once, not row by row
    values = list(column.tolist() if hasattr(column, "tolist") else column)
    if hasattr(feature, "int2str"):
        return [None if value is None or value < 0 else feature.int2str(value) for value in values]
    return values


def _dataset(
    table: dict[str, list[Any]], *, columns: Mapping[str, str] | None, source: str
) -> Dataset:
    """The table with every common column, renamed and typed."""
    import pyarrow as pa
    from datasets import Dataset

    from stance.corpora.store import arrow_types

    table = _renamed(table, columns or {}, source)
    n = len(table["text"])
    for name, values in table.items():
        if len(values) != n:
            raise TableError(f"{source}: column {name!r} has {len(values)} rows, 'text' has {n}")
    made = _filled(table, n, source) | {k: v for k, v in table.items() if k not in _COMMON}
    types = arrow_types()
    return Dataset(pa.table({name: pa.array(v, types.get(name)) for name, v in made.items()}))


def _filled(table: dict[str, list[Any]], n: int, source: str) -> dict[str, list[Any]]:
    """The common columns, with the default where the table has no value."""
    made: dict[str, list[Any]] = {}
    for name in _COMMON:
        values = table.get(name, [None] * n)
        cells = ((f"{source}: row {i}", value) for i, value in enumerate(values))
        if name == "text":
            made[name] = [_text(value, where) for where, value in cells]
        elif name == "mentions":
            made[name] = [_spans(value, where) for where, value in cells]
        elif name in _NUMBERS:
            made[name] = [
                _whole(value, _NUMBERS[name], f"{where}: {name}") for where, value in cells
            ]
        elif name in _STRINGS:
            made[name] = ["" if _is_missing(value) else str(value) for value in values]
        else:
            made[name] = [None if _is_missing(v) or v == "" else str(v) for v in values]
    if "native_label" not in table:
        made["native_label"] = made["label"]
    made["id"] = [str(i) if value is None else value for i, value in enumerate(made["id"])]
    return made


def _renamed(
    table: dict[str, list[Any]], columns: Mapping[str, str], source: str
) -> dict[str, list[Any]]:
    for ours, theirs in columns.items():
        if ours not in _COMMON:
            raise TableError(unknown("columns: column", ours, list(_COMMON)))
        if theirs not in table:
            raise TableError(f"{source}: {unknown(f'columns: {ours}:', theirs, list(table))}")
    taken = set(columns.values())
    kept = {name: v for name, v in table.items() if name not in taken and name not in columns}
    renamed = {ours: table[theirs] for ours, theirs in columns.items()} | kept
    if "text" not in renamed:
        raise TableError(
            f"{source}: expected a column 'text', got {list(table)}: say which column holds the "
            "texts, as in columns={'text': 'body'}"
        )
    return renamed


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and isnan(value))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise TableError(f"{where}: expected 'text' to be a str, got {value!r:.80}")
    return value


def _whole(value: Any, default: int, where: str) -> int:
    if _is_missing(value) or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise TableError(f"{where}: expected a whole number, got {value!r:.80}") from None


def _spans(value: Any, where: str) -> list[list[int]]:
    """Mentions as pairs, from pairs, ``{start, end}`` maps, or either as JSON (for CSV)."""
    if _is_missing(value) or (isinstance(value, str) and not value.strip()):
        return []
    try:
        found = json.loads(value) if isinstance(value, str) else value
        pairs = [(s["start"], s["end"]) if isinstance(s, Mapping) else tuple(s) for s in found]
        return [[int(start), int(end)] for start, end in pairs]
    except (TypeError, ValueError, KeyError):
        raise TableError(
            f"{where}: expected mentions as a list of [start, end], got {value!r:.80}"
        ) from None
