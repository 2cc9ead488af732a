"""Source: a corpus on disk or in memory as a stream of Arrow tables, in one order for ever."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from stance.labelling.columns import Columns
from stance.labelling.problem import LabellingError

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_BYTES = 8 << 20
"""Text that is read at a time, about; a longer row comes whole."""

BATCH_ROWS = 8192

TABLES = (".parquet", ".arrow", ".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".tsv", ".tsv.gz")
PAGES = (".txt", ".text", ".md", ".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows, and the share of the corpus (0–1) that has been read with them.

    ``table`` has the columns that ``stance.labelling.rows`` names, but ``row``.
    """

    table: pa.Table
    share: float


class Source(Protocol):
    """A corpus that can be read from its beginning, any number of times."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Files that it is read from; none where it is in memory."""

    @property
    def is_pages(self) -> bool:
        """Whether rows are whole pages."""

    def batches(self) -> Iterator[Batch]:
        """All rows in order."""


def open_source(corpus: Any, *, columns: Columns | None = None, pages: bool = False) -> Source:
    """What reads a corpus.

    Parameters
    ----------
    corpus : path or datasets.Dataset
        A Parquet, Arrow, JSON lines, CSV or TSV file (the last three also ``.gz``); a folder of
        such files, all of one kind; a folder of pages (text and HTML files, also in folders within
        it); a folder that ``Dataset.save_to_disk`` wrote.
    columns : Columns, optional
    pages : bool
        Whether each row is a whole page. Always so for a folder of pages.

    Raises
    ------
    LabellingError
        The corpus cannot be read, or lacks a column.
    """
    columns = columns or Columns()
    if hasattr(corpus, "column_names"):
        from stance.labelling.tables import DatasetSource

        return DatasetSource.of(corpus, columns, is_pages=pages)
    path = Path(corpus)
    if path.is_dir():
        return _folder(path, columns, pages=pages)
    if not path.exists():
        raise LabellingError(f"{path}: there is no such file or folder")
    return _tables((path,), columns, where=path, pages=pages)


def ending(path: Path) -> str:
    """A file's ending in lower case, with the one before ``.gz``."""
    name = path.name.lower()
    suffix = Path(name).suffix
    return Path(name.removesuffix(".gz")).suffix + ".gz" if suffix == ".gz" else suffix


def _folder(path: Path, columns: Columns, *, pages: bool) -> Source:
    from stance.labelling.pages import PageFolder

    if (path / "state.json").is_file():
        from stance.labelling.tables import saved_files

        return _tables(saved_files(path), columns, where=path, pages=pages)
    if (path / "dataset_dict.json").is_file():
        splits = sorted(one.name for one in path.iterdir() if (one / "state.json").is_file())
        raise LabellingError(
            f"{path}: a dataset with the splits {splits}: label one of them, as in "
            f"{path / (splits[0] if splits else 'train')}"
        )
    files = _files_below(path)
    kinds = sorted({ending(file) for file in files} & set(TABLES))
    is_paged = any(ending(file) in PAGES for file in files)
    if len(kinds) + is_paged > 1:
        raise LabellingError(
            f"{path}: expected files of one kind, got {kinds}{' and pages' if is_paged else ''}: "
            "sort them into folders and label each"
        )
    if kinds:
        tables = tuple(file for file in files if ending(file) == kinds[0])
        return _tables(tables, columns, where=path, pages=pages)
    if not is_paged:
        raise LabellingError(
            f"{path}: expected pages ({', '.join(PAGES)}) or tables ({', '.join(TABLES)}), "
            f"got {len(files)} other files"
        )
    if columns != Columns():
        raise LabellingError(f"{path}: a folder of pages has no columns: leave out --…-column")
    return PageFolder(path, tuple(file for file in files if ending(file) in PAGES))


def _files_below(path: Path) -> list[Path]:
    """Visible files of a folder and of those within, in an order that no system changes."""
    try:
        found = [
            Path(folder, name)
            for folder, _, names in os.walk(path, onerror=_raised)
            for name in names
        ]
    except OSError as error:
        raise LabellingError(f"{error.filename}: cannot be read: {error.strerror}") from error
    below = ((os.fsencode(file.relative_to(path).as_posix()), file) for file in found)
    return [file for name, file in sorted(below) if b"/." not in b"/" + name]


def _raised(error: OSError) -> None:
    raise error


def _tables(files: tuple[Path, ...], columns: Columns, *, where: Path, pages: bool) -> Source:
    from stance.labelling.lines import SeparatedFiles
    from stance.labelling.tables import ArrowFiles

    kind = ending(files[0])
    if kind in PAGES:
        raise LabellingError(
            f"{where}: a page, expected a table or a folder of pages; without --out, stance label "
            "labels single pages"
        )
    if kind not in TABLES:
        raise LabellingError(f"{where}: expected a file ending in {', '.join(TABLES)}")
    if kind in (".parquet", ".arrow"):
        return ArrowFiles.of(files, columns, is_pages=pages)
    return SeparatedFiles.of(files, columns, is_pages=pages)
