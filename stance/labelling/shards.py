"""Shards: the pieces that a corpus is labelled in, cut by its rows alone, at ends of articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.labelling.rows import article_starts, values_of

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.labelling.source import Batch


@dataclass(frozen=True, slots=True)
class Size:
    """When a shard is full: at the next article's beginning, or at twice as much in any case.

    Parameters
    ----------
    rows, n_bytes : int
        Large enough that starting one costs nothing, small enough that little is lost with one.
    """

    rows: int = 4096
    n_bytes: int = 8 << 20


PARAGRAPHS = Size()
PAGES = Size(rows=256)


@dataclass(frozen=True, slots=True)
class Shard:
    """Some rows of a corpus.

    Parameters
    ----------
    number : int
        From 0 on.
    table : pyarrow.Table
        Columns as ``stance.labelling.rows`` names them; ``row`` counts from the corpus's first.
    share : float
        How much of the corpus (0–1) has been read with it.
    """

    number: int
    table: pa.Table
    share: float


def shards_of(batches: Iterable[Batch], *, size: Size) -> Iterator[Shard]:
    """Shards of a corpus: the same however its rows come in batches.

    Parameters
    ----------
    batches : iterable of Batch
    size : Size

    Examples
    --------
    >>> import pyarrow as pa
    >>> from stance.labelling.source import Batch
    >>> table = pa.table({"text": list("abcd"), "group": ["x", "y", "y", None]})
    >>> shards = shards_of([Batch(table, 1.0)], size=Size(rows=2))
    >>> [shard.table["row"].to_pylist() for shard in shards]
    [[0, 1, 2], [3]]
    """
    cutter = _Cutter(size)
    share = 0.0
    for batch in batches:
        share = batch.share
        for table in cutter.add(batch.table):
            yield Shard(cutter.n_cut - 1, table, share)
    for table in cutter.rest():
        yield Shard(cutter.n_cut - 1, table, share)


class _Cutter:
    """Rows that no shard has yet, and where the next one ends."""

    def __init__(self, size: Size) -> None:
        self.n_cut = 0
        self._size = size
        self._tables: list[pa.Table] = []
        self._rows = self._bytes = self._first = 0
        self._group: object = None
        self._length = 0

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        """Take rows; gives the shards that are full with them."""
        begun = 0
        starts = self._starts(table)
        for i, (is_start, n_bytes) in enumerate(zip(starts, _row_bytes(table), strict=True)):
            if self._is_full(at_start=is_start):
                yield self._cut(table.slice(begun, i - begun))
                begun = i
            self._rows += 1
            self._bytes += n_bytes
        self._tables.append(table.slice(begun))

    def rest(self) -> Iterator[pa.Table]:
        """The last shard, where there are rows for one."""
        if self._rows:
            yield self._cut(self._tables.pop())

    def _starts(self, table: pa.Table) -> Sequence[bool]:
        if "group" not in table.column_names:
            return [True] * table.num_rows
        groups = values_of(table["group"])
        starts = article_starts(groups, self._group, self._length)
        if groups:
            last = max((i for i, is_start in enumerate(starts) if is_start), default=None)
            self._length = self._length + len(groups) if last is None else len(groups) - last
            self._group = groups[-1]
        return starts

    def _is_full(self, *, at_start: bool) -> bool:
        times = 1 if at_start else 2
        return self._rows > 0 and (
            self._rows >= times * self._size.rows or self._bytes >= times * self._size.n_bytes
        )

    def _cut(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        whole = pa.concat_tables([*self._tables, table]) if self._tables else table
        row = pa.array(range(self._first, self._first + self._rows), pa.int64())
        self._first += self._rows
        self._tables, self._rows, self._bytes = [], 0, 0
        self.n_cut += 1
        return whole.append_column("row", row)


def _row_bytes(table: pa.Table) -> list[int]:
    """Bytes of text in each row."""
    import pyarrow as pa
    from pyarrow import compute

    total = None
    for name in ("text", "headline", "previous", "following"):
        if name not in table.column_names or pa.types.is_null(table[name].type):
            continue
        lengths = compute.fill_null(compute.binary_length(table[name]).cast(pa.int64()), 0)
        total = lengths if total is None else compute.add(total, lengths)
    return [0] * table.num_rows if total is None else total.to_numpy().tolist()
