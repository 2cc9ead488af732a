"""Data: a corpus divided into what models learn from and what they are tested on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.metrics import group_codes
from stance.experiments.result import SplitCount
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.relabelling import relabel_notes, relabelled
from stance.passage import Passage, as_passages

if TYPE_CHECKING:
    from stance.experiments.configs.base import BaseConfig
    from stance.experiments.configs.data_config import CorpusConfig, GroupKFold, OfficialSplit

Rows = NDArray[np.int64]

CROSS_VALIDATION = "cross-validation"
"""What a report calls the split whose passages are tested in turns."""


_DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(Passage)}
_NO_COLUMNS = {*_DEFAULTS, "label", "native_label", "id"} - {"target", "voice"}


class DataError(ValueError):
    """A corpus that cannot answer a config's question."""


@dataclass(frozen=True, slots=True)
class Part:
    """Labelled passages: some of a corpus, in its order.

    Parameters
    ----------
    passages : tuple of Passage, length n
    labels : tuple of str, length n
    ids : tuple of str, length n
    n_unlabelled : int
        Passages that were left out because they have no label.
    columns : mapping of str to tuple, length n
        What else the corpus says of each passage in text, numbers, yes or no: ``outlet``,
        ``genre``. No model sees it.
    """

    passages: tuple[Passage, ...]
    labels: tuple[str, ...]
    ids: tuple[str, ...]
    n_unlabelled: int = 0
    columns: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def groups(self) -> tuple[str, ...]:
        """The article of each passage."""
        return tuple(passage.group for passage in self.passages)

    @property
    def n_groups(self) -> int:
        """Articles; passages that belong to none count one each."""
        return int(group_codes(self.groups).max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class Fold:
    """What is learned from before some rows of the test set are predicted.

    Parameters
    ----------
    train : Part
    rows : ndarray of int, shape (n_rows,)
    held_out : str
        The value that training lacks, where a column's values are held out in turn.
    """

    train: Part
    rows: Rows
    held_out: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """All that an experiment needs of its corpus.

    Parameters
    ----------
    corpus, split : str
        Of the test set, as reports name them.
    labels : tuple of str
        Every label of training and test, in the order of the corpus's card.
    unit : str
        What a passage is: paragraph, sentence, post …
    test : Part
    folds : tuple of Fold
        Their rows cover the test set, each row once.
    counts : tuple of SplitCount
    may_show_text : bool
        Whether a report may show sentences of the corpus.
    notes : tuple of str
        What a reader must know of the data.
    fingerprint : str
        Digest of everything that models see and are judged by.
    """

    corpus: str
    split: str
    labels: tuple[str, ...]
    unit: str
    test: Part
    folds: tuple[Fold, ...]
    counts: tuple[SplitCount, ...]
    may_show_text: bool
    notes: tuple[str, ...]
    fingerprint: str


def load_data(config: BaseConfig) -> Data:
    """The corpus of a config, divided as it asks.

    Raises
    ------
    DataError
        A part has no labelled passages, or there are fewer articles than folds.
    ValueError
        The corpus has no such task, variant or split (from ``stance.corpora``).
    """
    from stance.experiments.runs.other_splits import held_out_in_turn, transferred

    corpus, split = config.corpus, config.split
    if split.kind == "official":
        return _official(corpus, split)
    if split.kind == "group_kfold":
        return _cross_validation(corpus, split)
    if split.kind == "leave_one_group_out":
        return held_out_in_turn(corpus, split)
    return transferred(corpus, split)


def leaked_rows(data: Data) -> NDArray[np.bool_]:
    """Test passages whose text, or nearly so, stands among those learned from, shape (n_test,)."""
    from stance.corpora.duplicates import leaked

    is_leaked = np.zeros(len(data.test), bool)
    for fold in data.folds:
        texts = [data.test.passages[row].text for row in fold.rows]
        is_leaked[fold.rows] = leaked(texts, [passage.text for passage in fold.train.passages])
    return is_leaked


def _official(corpus: CorpusConfig, split: OfficialSplit) -> Data:
    train, test = part_of(corpus, "+".join(split.train)), part_of(corpus, split.test)
    counts = [count_of(corpus.name, "+".join(split.train), train)]
    if split.validation is not None:
        counts.append(count_of(corpus.name, split.validation, part_of(corpus, split.validation)))
    counts.append(count_of(corpus.name, split.test, test))
    shared = (set(train.groups) & set(test.groups)) - {""}
    notes = []
    if shared:
        notes.append(
            f"{len(shared)} articles stand in both training and test, so the scores are too high "
            "and the intervals too narrow."
        )
    folds = (Fold(train, np.arange(len(test))),)
    fingerprint = digest(["official", seen(train), seen(test)])
    return data_of(
        corpus, test, fingerprint, split=split.test, folds=folds, counts=counts, notes=notes
    )


def _cross_validation(corpus: CorpusConfig, split: GroupKFold) -> Data:
    from sklearn.model_selection import StratifiedGroupKFold

    whole = part_of(corpus, "+".join(split.pool) or None)
    if whole.n_groups < split.n_splits:
        raise DataError(
            f"corpus {corpus.name!r} has {whole.n_groups} articles, fewer than split.n_splits = "
            f"{split.n_splits}: ask for fewer folds"
        )
    cut = StratifiedGroupKFold(split.n_splits, shuffle=True, random_state=split.seed)
    folds = tuple(
        Fold(chosen(whole, train), np.asarray(rows, np.int64))
        for train, rows in cut.split(whole.ids, whole.labels, group_codes(whole.groups))
    )
    note = (
        f"Every article was predicted by a model that had not seen it ({split.n_splits} folds, "
        "articles whole); the folds' models share most of their training data."
    )
    counts = [count_of(corpus.name, CROSS_VALIDATION, whole)]
    fingerprint = digest([CROSS_VALIDATION, seen(whole), [fold.rows for fold in folds]])
    return data_of(
        corpus,
        whole,
        fingerprint,
        split=CROSS_VALIDATION,
        folds=folds,
        counts=counts,
        notes=[note],
    )


def data_of(
    corpus: CorpusConfig,
    test: Part,
    fingerprint: str,
    *,
    split: str,
    folds: tuple[Fold, ...],
    counts: Sequence[SplitCount],
    notes: Sequence[str],
) -> Data:
    """Data with what the corpus's card knows of it.

    Parameters
    ----------
    corpus : CorpusConfig
        Of the test set.
    """
    known, unit, may_show_text, about = _card_facts(corpus)
    found = {*test.labels}.union(*(fold.train.labels for fold in folds))
    n_unlabelled = test.n_unlabelled + sum(fold.train.n_unlabelled for fold in folds)
    hidden = [f"Hidden from all models: {', '.join(corpus.hide)}."] if corpus.hide else []
    left_out = [f"{n_unlabelled} passages have no label and were left out."] if n_unlabelled else []
    return Data(
        corpus=corpus.name,
        split=split,
        labels=tuple(label for label in known if label in found) + tuple(sorted(found - {*known})),
        unit=unit,
        test=test,
        folds=folds,
        counts=tuple(counts),
        may_show_text=may_show_text,
        notes=(*about, *relabel_notes(corpus), *hidden, *left_out, *notes),
        fingerprint=fingerprint,
    )


def _card_facts(corpus: CorpusConfig) -> tuple[tuple[str, ...], str, bool, list[str]]:
    """Order of the labels, the unit, whether text may be shown, what to say of the labels."""
    from stance.corpora import card, corpus_names

    if corpus.name not in corpus_names():
        return (
            (),
            "passage",
            False,
            [],
        )  # a user's own table: nobody has said that its text may be shown
    facts = card(corpus.name)
    task = facts.task(corpus.task)
    about = {
        "mapped": f"The labels of {corpus.name} are mapped from another label set.",
        "derived": f"The labels of {corpus.name} are derived, not annotated as such.",
        "machine-made": f"The labels of {corpus.name} are machine-made.",
    }.get(task.faithfulness)
    # A licence may let texts be shown; a report that is committed still shows only what ships.
    may_show = facts.licence.may_show_text and facts.access.kind == "packaged"
    return task.labels, task.unit, may_show, [about] if about else []


def part_of(corpus: CorpusConfig, split: str | None) -> Part:
    """The labelled passages of some of a corpus's splits, ``"train+validation"``; None for all."""
    from stance.corpora import load

    options: dict[str, Any] = {"split": split, "task": corpus.task}
    options |= {"variant": corpus.variant, "columns": corpus.columns}
    asked = {name: value for name, value in options.items() if value is not None}
    dataset: Any = load(corpus.name, **asked)
    if isinstance(dataset, Mapping):  # all splits of a corpus, each under its name
        from datasets import concatenate_datasets

        dataset = concatenate_datasets(list(dataset.values()))
    given, ids = list(dataset["label"]), list(dataset["id"])
    labels = relabelled(given, corpus)
    rows = [i for i, label in enumerate(labels) if label is not None]
    if not rows:
        where = f", split {split!r}" if split else ""
        raise DataError(f"corpus {corpus.name!r}{where}: expected labelled passages, got none")
    hidden = {name: _DEFAULTS[name] for name in corpus.hide}
    passages = [replace(passage, **hidden) for passage in as_passages(dataset)]
    return Part(
        passages=tuple(passages[i] for i in rows),
        labels=tuple(str(labels[i]) for i in rows),
        ids=tuple(str(ids[i]) for i in rows),
        n_unlabelled=given.count(None),
        columns={name: tuple(values[i] for i in rows) for name, values in _columns(dataset)},
    )


def _columns(dataset: Any) -> Iterator[tuple[str, list[Any]]]:
    for name in dataset.column_names:
        if name not in _NO_COLUMNS:
            values = list(dataset[name])
            is_plain = all(isinstance(value, str | int | float | None) for value in values)
            if is_plain and any(value is not None for value in values):
                yield name, values


def chosen(part: Part, rows: Rows) -> Part:
    """Some of a part's passages, in the order of ``rows``."""
    return Part(
        passages=tuple(part.passages[i] for i in rows),
        labels=tuple(part.labels[i] for i in rows),
        ids=tuple(part.ids[i] for i in rows),
        columns={name: tuple(values[i] for i in rows) for name, values in part.columns.items()},
    )


def count_of(corpus: str, split: str, part: Part) -> SplitCount:
    """How much a part holds."""
    labels = dict(sorted(Counter(part.labels).items()))
    return SplitCount(corpus, split, part.n_groups, len(part), labels)


def seen(part: Part) -> list[Any]:
    """Everything of a part that models see and are judged by, for a fingerprint."""
    return [[repr(passage) for passage in part.passages], part.labels, part.ids]
