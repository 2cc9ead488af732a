"""Parts: what a run has labelled so far, on disk, and the files that it becomes at the end.

Beside ``labels.parquet`` stands, while it is made, the folder ``labels.parquet.parts``::

    manifest.json          what the labels are made from (stance.labelling.manifest)
    lock                   held by the run that is at work
    <digest>/00000012.arrow, 00000012.errors.arrow
                           labels and errors of a shard, named by its number; the errors first
    <digest>/labels, errors
                           the whole output, before it is renamed

Every file is written beside its name, flushed to disk, and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from stance.labelling.manifest import differences, digest
from stance.labelling.problem import LabellingError

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.labelling.labeller import Labelled

KEY = b"stance"
"""Of the output's metadata: the manifest, as JSON."""

ROW_GROUP = 65536
"""Rows of a row group of the output."""


class Parts:
    """The folder of a run. Only its holder (``held``) writes there.

    Parameters
    ----------
    out : Path
        The file of labels to come.
    manifest : mapping
        What they are made from.
    """

    def __init__(self, out: Path, manifest: Mapping[str, Any]) -> None:
        self.out = out
        self.manifest = dict(manifest)
        self.folder = out.with_name(f"{out.name}.parts")
        self.shards = self.folder / digest(self.manifest)[:16]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else writes here meanwhile; the system lets go where a process is killed.

        Raises
        ------
        LabellingError
            Another run is at work here, or nothing can be written.
        """
        with writing(self.folder):
            self.folder.mkdir(exist_ok=True)
            lock = (self.folder / "lock").open("ab")
        with lock:
            if not _locked(lock):
                raise LabellingError(
                    f"{self.folder}: another run is at work here: wait for it, or write elsewhere"
                )
            try:
                yield
            finally:
                if not any(self.shards.glob("*.arrow")):
                    self.clear()

    def leftovers(self) -> str:
        """In what leftovers here differ from this run; empty where there are none that do."""
        try:
            text = (self.folder / "manifest.json").read_text(encoding="utf-8")
            theirs = json.loads(text)
        except FileNotFoundError:
            return ""
        except (OSError, ValueError):
            return "their manifest cannot be read"
        if not isinstance(theirs, dict):
            return "their manifest cannot be read"
        return "" if theirs == self.manifest else differences(self.manifest, theirs)

    def begin(self, *, anew: bool) -> frozenset[int]:
        """Make the folder ready; gives the numbers of shards that are done."""
        with writing(self.folder):
            if anew:
                for path in self.folder.iterdir():
                    if path.is_dir():
                        shutil.rmtree(path)
            self.shards.mkdir(exist_ok=True)
            text = json.dumps(self.manifest, indent=1) + "\n"
            _write(self.folder / "manifest.json", lambda file: file.write(text.encode()))
            return frozenset(self._done())

    def put(self, number: int, labelled: Labelled) -> None:
        """Keep what a shard has become. Labels come last: where they are, all is."""
        with writing(self.shards):
            if labelled.errors.num_rows:
                _write(self._path(number, errors=True), _stream(labelled.errors))
            _write(self._path(number), _stream(labelled.labels))

    def finish(self, n_shards: int, *, labels: pa.Schema, errors: pa.Schema) -> tuple[int, int]:
        """Write the output from all shards, and take the folder away.

        Returns
        -------
        n_labels, n_errors : int
            Rows of the two files.
        """
        with writing(self.out):
            counts = []
            for target, schema, is_error in (
                (errors_path(self.out), errors, True),
                (self.out, labels, False),
            ):
                beside = self.shards / ("errors" if is_error else "labels")
                tables = self._tables(n_shards, errors=is_error)
                counts.append(_write_parquet(beside, tables, self._told(schema)))
                beside.replace(target)
                _flush_folder(target.parent)
            self.clear()
        return counts[1], counts[0]

    def clear(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _told(self, schema: pa.Schema) -> pa.Schema:
        return schema.with_metadata({KEY: json.dumps(self.manifest, sort_keys=True).encode()})

    def _path(self, number: int, *, errors: bool = False) -> Path:
        return self.shards / f"{number:08d}{'.errors' if errors else ''}.arrow"

    def _done(self) -> Iterator[int]:
        import pyarrow as pa

        for path in self.shards.glob("[0-9]*.arrow"):
            number = path.name.removesuffix(".arrow")
            if number.isdecimal():
                try:
                    with path.open("rb") as stream:  # a file without its end has no footer
                        pa.ipc.open_file(stream).num_record_batches  # noqa: B018
                except (OSError, pa.ArrowInvalid):
                    continue
                yield int(number)

    def _tables(self, n_shards: int, *, errors: bool) -> Iterator[pa.Table]:
        import pyarrow as pa

        for number in range(n_shards):
            path = self._path(number, errors=errors)
            if errors and not path.exists():
                continue
            with path.open("rb") as stream:
                yield pa.ipc.open_file(stream).read_all()


def errors_path(out: Path) -> Path:
    """Where the errors of an output stand.

    Examples
    --------
    >>> errors_path(Path("a/labels.parquet")).name
    'labels.errors.parquet'
    """
    return out.with_name(f"{out.name.removesuffix('.parquet')}.errors.parquet")


def made_from(out: Path) -> dict[str, Any] | None:
    """Manifest of an output; empty where it is no output of a run, None where there is no file."""
    import pyarrow as pa
    from pyarrow import parquet

    if not out.exists():
        return None
    try:
        metadata = parquet.read_schema(out).metadata or {}
        found = json.loads(metadata.get(KEY, b"{}"))
    except (OSError, ValueError, pa.ArrowException):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """What cannot be written is told as a LabellingError."""
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        raise LabellingError(
            f"{place}: cannot be written: {what}; what is done so far is kept: make room or give "
            "leave to write, and start the same command again"
        ) from error


def _write(path: Path, write: Any) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _stream(table: pa.Table) -> Any:
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)

    def write(file: IO[bytes]) -> None:
        with pa.ipc.new_file(file, table.schema, options=options) as writer:
            writer.write_table(table)

    return write


def _write_parquet(path: Path, tables: Iterator[pa.Table], schema: pa.Schema) -> int:
    """Write tables in row groups of one size; gives the number of rows."""
    import pyarrow as pa
    from pyarrow import parquet

    n = 0
    pending = schema.empty_table()
    with (
        path.open("wb") as file,
        parquet.ParquetWriter(file, schema, compression="zstd", version="2.6") as writer,
    ):
        for table in tables:
            pending = pa.concat_tables([pending, table.replace_schema_metadata(schema.metadata)])
            while pending.num_rows >= ROW_GROUP:
                writer.write_table(pending.slice(0, ROW_GROUP).combine_chunks(), ROW_GROUP)
                pending = pending.slice(ROW_GROUP)
                n += ROW_GROUP
        if pending.num_rows or n == 0:
            writer.write_table(pending.combine_chunks(), ROW_GROUP)
        n += int(pending.num_rows)
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    return n


def _flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(file: IO[bytes]) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: nothing to lock with
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
