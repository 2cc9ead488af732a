r"""Corpora of the field: any of them in one line, with what one may do with it, in one form.

>>> from stance.corpora import card, load
>>> card("sample").licence.may_train_shipped
True
>>> load("sample", split="test", task="type").column_names[:4]
['text', 'target', 'mentions', 'voice']

A split is a :class:`datasets.Dataset` with one row per example: Passage's fields, so that every
classifier takes it as it is; ``label`` (the project's own labels), ``native_label`` (the corpus's),
``id``, and the columns that the card names.

Adding a corpus
---------------
A corpus is one module and one card in this folder; nothing else has to be edited, for the cards
are found by looking. Say that it is called ``harbour`` and comes as a table of sentences.

``harbour.py`` reads the files. It has one public function, ``examples``, a generator that opens
nothing but the folder it is given and imports nothing heavy at its top::

    '''Harbour: sentences about a port, labelled with who is for its extension.'''

    import csv
    from collections.abc import Iterator
    from pathlib import Path

    from stance.corpora.example import Example
    from stance.labels import Stance
    from stance.passage import Passage

    LABELS = {"pro": Stance.FAVOR, "con": Stance.AGAINST, "none": Stance.NEUTRAL}


    def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
        for split in ("train", "test"):
            with (folder / f"{split}.csv").open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    yield Example(
                        id=row["number"],
                        split=split,
                        passage=Passage(row["sentence"], target="extension", group=row["article"]),
                        label=LABELS[row["side"]],
                        native_label=row["side"],
                    )

``harbour.yaml`` is the card: see :mod:`stance.corpora.card` for what each key means, and the card
of a like corpus for how it reads. :func:`stance.corpora.card_file.read_card` refuses a card that
lacks a key, has one too many or counts a label that it does not declare::

    name: harbour
    title: Harbour stance sentences
    description: 1,200 sentences of 80 articles on the extension of a port.
    annotation: Two annotators, disagreements settled by a third; kappa 0.71.
    tasks:
      - name: stance
        unit: sentence
        language: en
        labels: [favor, against, neutral]
        faithfulness: exact
        metric: macro_f1
        label_map: {pro: favor, con: against, none: neutral}
        columns: {}
        variants:
          - name: full
            counts:
              train: {favor: 300, against: 400, neutral: 300}
              test: {favor: 60, against: 80, neutral: 60}
    licence: {name: CC-BY-4.0, may_train_shipped: true, may_show_text: true,
              may_redistribute: true}
    citation: "@misc{harbour, ...}"
    access:
      kind: download
      upstream: https://github.com/OWNER/REPOSITORY
      commit: <40 digits>
      files:
        - {path: train.csv, url: <address at that commit>, sha256: <64 digits>, bytes: 120000}
        - {path: test.csv, url: <address at that commit>, sha256: <64 digits>, bytes: 24000}

Count by loading the files, never by copying from a paper; loading compares the counts with the
card and refuses a difference. Then pin the first and last record of each split in
``tests/corpora/pins.json`` (``python tests/corpora/test_pins.py harbour``): ids and hashes only.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from stance.corpora.card import Card
from stance.corpora.names import pick, unknown
from stance.corpora.own import from_file, from_frame, from_hub
from stance.corpora.rows import SUFFIXES, TableError
from stance.corpora.shelf import (
    CorpusMissingError,
    available,
    cache_folder,
    card,
    catalogue,
    corpus_names,
    locate,
)
from stance.corpora.store import CorpusError, parsed

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

__all__ = [
    "Card",
    "CorpusError",
    "CorpusMissingError",
    "TableError",
    "available",
    "cache_folder",
    "card",
    "catalogue",
    "corpus_names",
    "load",
    "locate",
]


@overload
def load(
    name: Any,
    *,
    split: str,
    task: str | None = ...,
    columns: Mapping[str, str] | None = ...,
    variant: str | None = ...,
) -> Dataset: ...


@overload
def load(
    name: Any,
    *,
    split: None = ...,
    task: str | None = ...,
    columns: Mapping[str, str] | None = ...,
    variant: str | None = ...,
) -> Dataset | DatasetDict: ...


def load(
    name: Any,
    *,
    split: str | None = None,
    task: str | None = None,
    columns: Mapping[str, str] | None = None,
    variant: str | None = None,
) -> Dataset | DatasetDict:
    """A corpus, a file, a data frame or a dataset of the Hub, in the one form of this package.

    Parameters
    ----------
    name : str, path, or table
        A corpus of the catalogue (``"newsdiscourse"``); a file of rows (``"mine.csv"``, also
        ``.tsv``, ``.jsonl``, ``.json``, ``.parquet``); a dataset of the Hugging Face Hub
        (``"owner/name"``, which goes to the network); a pandas, polars or Arrow table, a Dataset,
        or a mapping of lists.
    split : str, optional
        One split, or several joined in this order (``"train+validation"``), as one Dataset.
        By default all of them, each under its name, in a DatasetDict. Files and tables have no
        splits: they are one Dataset, and no split may be asked for.
    task : str, optional
        Which of a corpus's tasks; by default its first. Corpora of the catalogue only.
    columns : mapping of str to str, optional
        This package's column name to the table's, as in ``{"text": "body"}``. Not for corpora of
        the catalogue, whose columns are settled.
    variant : str, optional
        Which cut of a task's data, by default its first; on the Hub, the configuration.

    Returns
    -------
    datasets.Dataset or datasets.DatasetDict
        Columns ``text``, ``target``, ``mentions`` (list of [start, end]), ``voice``, ``headline``,
        ``previous``, ``following``, ``index``, ``n_paragraphs``, ``group``, ``label``,
        ``native_label``, ``id``, then those that the card names or the table has beside.
        :func:`stance.passage.as_passages` takes the Dataset.

    Raises
    ------
    ValueError
        There is no such corpus, task, variant or split, or a table lacks a column or has a
        value of the wrong type; the message says which, where, and what there is instead.
    CorpusMissingError
        The corpus's files are not on this machine; the message says how to get them.
    FileNotFoundError
        There is no such file.

    Examples
    --------
    >>> load({"body": ["The port closed."], "side": ["against"]},
    ...      columns={"text": "body", "label": "side"})[0]["label"]
    'against'
    """
    if isinstance(name, str) and name in corpus_names():
        return _load_corpus(name, split=split, task=task, columns=columns, variant=variant)
    if task is not None:
        raise ValueError(f"task = {task!r}: only a corpus of the catalogue has tasks")
    if isinstance(name, str) and _is_on_hub(name):
        return _chosen(from_hub(name, variant=variant, columns=columns), split, name)
    for option, value in (("split", split), ("variant", variant)):
        if value is not None:
            raise ValueError(f"{option} = {value!r}: a single table has none, leave it out")
    return _load_table(name, columns)


def _load_corpus(
    name: str,
    *,
    split: str | None,
    task: str | None,
    columns: Mapping[str, str] | None,
    variant: str | None,
) -> Dataset | DatasetDict:
    if columns is not None:
        raise ValueError(f"columns = {dict(columns)!r}: corpus {name!r} has settled columns")
    corpus = card(name)
    chosen_task = corpus.task(task)
    what = f"corpus {name!r}, task {chosen_task.name!r}: "
    chosen = pick(chosen_task.variants, variant, what=f"{what}variant")
    for part in split.split("+") if split is not None else ():
        if part not in chosen.counts:
            raise ValueError(unknown(f"{what}split", part, list(chosen.counts)))
    return _chosen(parsed(corpus, chosen_task, chosen), split, name)


def _load_table(table: Any, columns: Mapping[str, str] | None) -> Dataset:
    if isinstance(table, os.PathLike):
        return from_file(Path(table), columns=columns)
    if not isinstance(table, str):
        return from_frame(table, columns=columns)
    if Path(table).suffix in SUFFIXES or Path(table).exists():
        return from_file(Path(table), columns=columns)
    raise ValueError(
        unknown("corpus", table, corpus_names()) + f"; or a file ({', '.join(SUFFIXES)})"
    )


def _is_on_hub(name: str) -> bool:
    """Whether a name can only mean ``owner/name`` on the Hub."""
    parts = name.split("/")
    is_pair = len(parts) == 2 and all(parts) and parts[0] not in (".", "..", "~")
    return is_pair and Path(name).suffix not in SUFFIXES and not Path(name).exists()


def _chosen(splits: DatasetDict, split: str | None, name: str) -> Dataset | DatasetDict:
    if split is None:
        return splits
    from datasets import concatenate_datasets

    parts = split.split("+")
    for part in parts:
        if part not in splits:
            raise ValueError(unknown(f"{name}: split", part, list(splits)))
    if len(parts) == 1:
        return splits[parts[0]]
    return concatenate_datasets([splits[part] for part in parts])
