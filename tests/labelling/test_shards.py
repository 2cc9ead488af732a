from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stance.labelling.rows import article_starts
from stance.labelling.shards import Size, shards_of
from stance.labelling.source import Batch


def cut(groups: list[Any], sizes: list[int], *, size: Size) -> list[list[int]]:
    table = pa.table(
        {"text": pa.array(["text"] * len(groups)), "group": pa.array(groups, pa.string())}
    )
    batches, at = [], 0
    for n in [*sizes, len(groups)]:
        batches.append(Batch(table.slice(at, n), 0.5))
        at += n
    return [shard.table["row"].to_pylist() for shard in shards_of(batches, size=size)]


GROUPS = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b"])), max_size=60)


@given(GROUPS, st.lists(st.integers(0, 20), max_size=6), st.integers(1, 8))
def test_shards_are_the_same_however_rows_come_in_batches(
    groups: list[Any], sizes: list[int], n: int
) -> None:
    size = Size(rows=n)
    shards = cut(groups, sizes, size=size)
    assert shards == cut(groups, [], size=size)
    assert [row for shard in shards for row in shard] == list(range(len(groups)))
    assert all(0 < len(shard) <= 2 * n for shard in shards)
    starts = article_starts(groups)
    for shard in shards[1:]:
        assert starts[shard[0]] or len(shards[shards.index(shard) - 1]) == 2 * n


def test_long_texts_fill_a_shard_sooner() -> None:
    assert cut([None] * 6, [], size=Size(rows=100, n_bytes=8)) == [[0, 1], [2, 3], [4, 5]]
    assert cut(["g"] * 6, [], size=Size(rows=100, n_bytes=8)) == [[0, 1, 2, 3], [4, 5]]
