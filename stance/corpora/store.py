"""The store: parsed corpora as Arrow files in the user's cache, so that a second load is quick."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.corpora.card import Card, Task, Variant
from stance.corpora.example import Example
from stance.corpora.shelf import cache_folder, locate, reader
from stance.corpora.tree import tree_sha256

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import DatasetDict

_LOG = logging.getLogger(__name__)
_PACKAGE = Path(__file__).parents[1]
_CODE = ("corpora/store", "corpora/example", "passage", "labels", "reading/cleaning")


class CorpusError(ValueError):
    """A corpus whose files do not hold what its card says."""


def parsed(corpus: Card, task: Task, variant: Variant) -> DatasetDict:
    """Every split of a corpus's task, read from its files or from an earlier reading of them.

    What was read is kept in ``<cache>/parsed``, under a name made of the content of the source
    files and of the code that read them: whatever changes in either is read anew. A cache that
    cannot be written costs time only.

    Raises
    ------
    CorpusMissingError
        The files are not on this machine.
    CorpusError
        The files hold other counts than the card.
    """
    folder = locate(corpus.name)
    key = _key(corpus.name, folder)
    place = cache_folder() / "parsed" / corpus.name / f"{task.name}-{variant.name}-{key}"
    if not place.is_dir():
        tables = _tables(corpus, task, variant, folder)
        try:
            _put(tables, place)
        except OSError as error:
            _LOG.warning("parsed corpus not kept, %s cannot be written: %s", place, error)
            return _in_memory(tables)
    return _mapped(place, list(variant.counts))


def _key(name: str, folder: Path) -> str:
    """Names the content of a corpus's files, and of the code that makes rows of them."""
    digest = hashlib.sha256(tree_sha256(folder).encode())
    for module in (f"corpora/{name}", *_CODE):
        digest.update((_PACKAGE / f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def _tables(corpus: Card, task: Task, variant: Variant, folder: Path) -> dict[str, pa.Table]:
    """One table per split, with the same columns in each."""
    import pyarrow as pa

    read = reader(corpus.name)
    examples = list(read(folder, task=task.name, variant=variant.name))
    _check_counts(corpus, variant, examples, folder)
    columns = _columns(examples, list(task.columns))
    types = arrow_types()
    # Typed over all splits at once: a column that is empty in one split keeps its type there.
    whole = pa.table({name: pa.array(column, types.get(name)) for name, column in columns.items()})
    rows: dict[str, list[int]] = {split: [] for split in variant.counts}
    for i, example in enumerate(examples):
        rows[example.split].append(i)
    return {split: whole.take(pa.array(chosen, pa.int64())) for split, chosen in rows.items()}


def _columns(examples: list[Example], extra: list[str]) -> dict[str, list[Any]]:
    passages = [example.passage for example in examples]
    return {
        "text": [passage.text for passage in passages],
        "target": [passage.target for passage in passages],
        "mentions": [[list(span) for span in passage.mentions] for passage in passages],
        "voice": [passage.voice for passage in passages],
        "headline": [passage.headline for passage in passages],
        "previous": [passage.previous for passage in passages],
        "following": [passage.following for passage in passages],
        "index": [passage.index for passage in passages],
        "n_paragraphs": [passage.n_paragraphs for passage in passages],
        "group": [passage.group for passage in passages],
        "label": [None if e.label is None else str(e.label) for e in examples],
        "native_label": [example.native_label for example in examples],
        "id": [example.id for example in examples],
        **{name: [example.extra.get(name) for example in examples] for name in extra},
    }


def arrow_types() -> dict[str, Any]:
    """Arrow types of the common columns; those of other columns are inferred."""
    import pyarrow as pa

    strings = ("text", "target", "voice", "headline", "previous", "following", "group")
    return {
        **dict.fromkeys((*strings, "label", "native_label", "id"), pa.string()),
        "mentions": pa.list_(pa.list_(pa.int64())),
        "index": pa.int64(),
        "n_paragraphs": pa.int64(),
    }


def _check_counts(corpus: Card, variant: Variant, examples: list[Example], folder: Path) -> None:
    """Raise where the files hold something else than the card says.

    The packaged corpus is exempt: its card is tested, and its files come with the code.
    """
    counted: dict[str, dict[str, int]] = {split: {} for split in variant.counts}
    for example in examples:
        if example.split not in counted:
            raise CorpusError(
                f"corpus {corpus.name!r}: example {example.id!r} is in split {example.split!r}, "
                f"expected one of {list(counted)}"
            )
        label = "unlabelled" if example.label is None else str(example.label)
        counts = counted[example.split]
        counts[label] = counts.get(label, 0) + 1
    if corpus.access.kind == "packaged":
        return
    for split, expected in variant.counts.items():
        if counted[split] != dict(expected):
            raise CorpusError(
                f"corpus {corpus.name!r} in {folder}: expected {_shown(expected)} in {split}, got "
                f"{_shown(counted[split])}: these are not the files that the card describes. "
                f"Get them again with `stance corpora get {corpus.name}`."
            )


def _shown(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {label}" for label, n in sorted(counts.items())) or "nothing"


def _put(tables: dict[str, pa.Table], place: Path) -> None:
    """Write all splits beside the place, then move them there in one step."""
    import pyarrow as pa

    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".", dir=place.parent))
    try:
        for split, table in tables.items():
            with pa.ipc.new_stream(str(beside / f"{split}.arrow"), table.schema) as writer:
                writer.write_table(table, max_chunksize=1000)
        try:
            beside.replace(place)
        except OSError:
            if not place.is_dir():  # else another process was quicker, with the same content
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _mapped(place: Path, splits: list[str]) -> DatasetDict:
    from datasets import Dataset, DatasetDict, NamedSplit

    return DatasetDict(
        {
            split: Dataset.from_file(os.fspath(place / f"{split}.arrow"), split=NamedSplit(split))
            for split in splits
        }
    )


def _in_memory(tables: dict[str, pa.Table]) -> DatasetDict:
    from datasets import Dataset, DatasetDict, NamedSplit

    return DatasetDict(
        {split: Dataset(table, split=NamedSplit(split)) for split, table in tables.items()}
    )
