"""Encoder data: the passages of every task, without the texts that tests will be asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from stance.corpora.duplicates import folded
from stance.encoders.batches import Labelled, Lesson
from stance.encoders.network import Task
from stance.experiments.encoders.config import EncoderConfig, SourceConfig, TaskConfig
from stance.experiments.result import SplitCount
from stance.experiments.runs.data import DataError, Part, chosen, count_of, part_of
from stance.experiments.runs.fingerprint import digest
from stance.passage import Passage


@dataclass(frozen=True, slots=True)
class TaskData:
    """A task's passages.

    Parameters
    ----------
    lesson : Lesson
    corpus, split : str
        What its validation passages are of; empty where there are none.
    ids : tuple of str
        Of the validation passages.
    n_dropped : int
        Labels that were taken away because the text stands in a held-out split.
    """

    lesson: Lesson
    corpus: str
    split: str
    ids: tuple[str, ...]
    n_dropped: int

    @property
    def name(self) -> str:
        """The task's."""
        return self.lesson.task.name

    @property
    def tested(self) -> list[int]:
        """Validation passages that have a label."""
        labels = self.lesson.validation.labels
        return [i for i, label in enumerate(labels) if label is not None]


@dataclass(frozen=True, slots=True)
class EncoderData:
    """All that a training needs.

    Parameters
    ----------
    config : EncoderConfig
        What asked for it.
    tasks : tuple of TaskData
    counts : tuple of SplitCount
    notes : tuple of str
    sources : tuple of (str, str)
        Every corpus and its licence.
    fingerprint : str
    """

    config: EncoderConfig
    tasks: tuple[TaskData, ...]
    counts: tuple[SplitCount, ...]
    notes: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    fingerprint: str

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprint alone: all models see the same."""
        return (self.fingerprint,)

    @property
    def n_learned(self) -> int:
        """Labelled passages to learn from, of all tasks."""
        return sum(len(task.lesson.train) for task in self.tasks)

    @property
    def n_tested(self) -> int:
        """Labelled validation passages."""
        return sum(len(task.lesson.validation) for task in self.tasks)


def load_encoder_data(config: EncoderConfig) -> EncoderData:
    """The passages of every task of a config.

    Raises
    ------
    DataError
        A corpus may not be learned from by a model that ships, a column or value to filter by is
        not there, or nothing is left.
    ValueError
        There is no such corpus, task, variant or split, or it is not on this machine.
    """
    if config.save_model is not None:
        _check_licences(config)
    held_out = {text for task in config.tasks for one in task.sources for text in _held_out(one)}
    tasks, counts = [], []
    for task in config.tasks:
        data, own = _task_data(task, held_out)
        tasks.append(data)
        counts += own
    if not any(task.tested for task in tasks):
        raise DataError("expected a task with validation passages, got none: name a split of them")
    return EncoderData(
        config=config,
        tasks=tuple(tasks),
        counts=tuple(counts),
        notes=tuple(_notes(tasks)),
        sources=tuple(dict.fromkeys(_licence(one.corpus.name) for one in _sources(config))),
        fingerprint=digest(["encoder", [repr(task) for task in tasks]]),
    )


def _sources(config: EncoderConfig) -> Iterator[SourceConfig]:
    return chain.from_iterable(task.sources for task in config.tasks)


def _check_licences(config: EncoderConfig) -> None:
    from stance.corpora import card, corpus_names

    known = corpus_names()
    for source in _sources(config):
        name, inner = source.corpus.name, source.where.get("source_corpus", ())
        if name not in known or card(name).licence.may_train_shipped:
            continue
        if inner and all(one in known and card(one).licence.may_train_shipped for one in inner):
            continue  # annotations of the project's own, over texts that may be learned from
        raise DataError(
            f"save_model: the licence of corpus {name!r} does not let its texts train a model that "
            "ships: leave it out, keep the rows of other corpora (where: {source_corpus: [...]}), "
            "or leave save_model out"
        )


def _held_out(source: SourceConfig) -> Iterator[str]:
    if source.held_out:
        from stance.corpora import load

        corpus = source.corpus
        dataset = load(
            corpus.name,
            split="+".join(source.held_out),
            task=corpus.task,
            variant=corpus.variant,
            columns=corpus.columns,
        )
        yield from (folded(text) for text in dataset["text"])


def _task_data(task: TaskConfig, held_out: set[str]) -> tuple[TaskData, list[SplitCount]]:
    train: list[Labelled] = []
    validation: list[Labelled] = []
    counts: list[SplitCount] = []
    ids: list[str] = []
    n_dropped = 0
    for i, source in enumerate(task.sources):
        for splits, gathered in ((source.train, train), (source.validation, validation)):
            if not splits:
                continue
            part = _kept_rows(part_of(source.corpus, "+".join(splits)), source)
            labelled, n = _unlabelled(part, held_out, mark=f"{i}:" if len(task.sources) > 1 else "")
            n_dropped += n
            gathered.append(labelled)
            name = f"{'+'.join(splits)} ({task.name})"
            counts.append(count_of(source.corpus.name, name, _with_labels(part, labelled)))
            ids += part.ids if splits is source.validation else []
    labels = {label for one in (*train, *validation) for label in one.labels if label is not None}
    lesson = Lesson(
        task=Task(task.name, task.kind, tuple(sorted(labels)), task.context),
        train=_joined(train),
        validation=_joined(validation),
        weight=task.weight,
    )
    seen = {label for label in lesson.train.labels if label is not None}
    if len(seen) < 2:
        raise DataError(f"task {task.name!r}: expected two labels or more, got {sorted(seen)}")
    tested = [one for one in task.sources if one.validation]
    return (
        TaskData(
            lesson=lesson,
            corpus="+".join(dict.fromkeys(one.corpus.name for one in tested)),
            split="+".join(dict.fromkeys(name for one in tested for name in one.validation)),
            ids=tuple(ids),
            n_dropped=n_dropped,
        ),
        counts,
    )


def _kept_rows(part: Part, source: SourceConfig) -> Part:
    import numpy as np

    rows = np.arange(len(part))
    for name, values in source.where.items():
        if name not in part.columns:
            known = ", ".join(map(repr, sorted(part.columns))) or "none"
            raise DataError(
                f"corpus {source.corpus.name!r} has no column {name!r} to filter by, only {known}"
            )
        column = part.columns[name]
        rows = np.array([i for i in rows if column[i] in values], np.int64)
    if not len(rows):
        raise DataError(
            f"corpus {source.corpus.name!r}: no passage is left where {dict(source.where)}"
        )
    return chosen(part, rows)


def _unlabelled(part: Part, held_out: set[str], *, mark: str) -> tuple[Labelled, int]:
    """The passages, those without a label whose text is held out, and how many these are."""
    is_held_out = [folded(passage.text) in held_out for passage in part.passages]
    passages = tuple(_marked(passage, mark) for passage in part.passages)
    labels = tuple(
        None if held else label for held, label in zip(is_held_out, part.labels, strict=True)
    )
    return Labelled(passages, labels), sum(is_held_out)


def _marked(passage: Passage, mark: str) -> Passage:
    """Articles of two sources of a task may bear the same name."""
    return replace(passage, group=f"{mark}{passage.group}") if passage.group else passage


def _with_labels(part: Part, labelled: Labelled) -> Part:
    import numpy as np

    rows = [i for i, label in enumerate(labelled.labels) if label is not None]
    return chosen(part, np.array(rows, np.int64))


def _joined(parts: Sequence[Labelled]) -> Labelled:
    return Labelled(
        tuple(passage for part in parts for passage in part.passages),
        tuple(label for part in parts for label in part.labels),
    )


def _licence(name: str) -> tuple[str, str]:
    from stance.corpora import card, corpus_names

    return name, card(name).licence.name if name in corpus_names() else "the user's own"


def _notes(tasks: Sequence[TaskData]) -> Iterator[str]:
    dropped = [f"{task.name} {task.n_dropped}" for task in tasks if task.n_dropped]
    if dropped:
        yield (
            "Passages whose words also stand in a held-out split, of whatever source, were neither "
            f"learned from nor scored: {', '.join(dropped)}."
        )
    untested = [task.name for task in tasks if not task.tested]
    if untested:
        yield f"Without validation passages, and so without a score here: {', '.join(untested)}."


def facts_of(data: EncoderData) -> list[dict[str, Any]]:
    """What each task learned from, in plain values for a model's settings."""
    return [
        {
            "task": task.name,
            "classes": list(task.lesson.task.classes),
            "learned_from": len(task.lesson.train),
            "validated_on": len(task.lesson.validation),
        }
        for task in data.tasks
    ]
