"""Batches: labelled passages as an encoder learns from them, in an order that a seed settles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.encoders.heads import neighbours, places
from stance.encoders.network import Task
from stance.encoders.tokens import Encoded, Tokens
from stance.passage import Passage

Rows = NDArray[np.int64]

UNLABELLED = -100
"""Code of a passage that is only read as a neighbour; torch's cross-entropy leaves it out."""

BUCKET = 40
"""Batches whose passages are sorted by length together: little padding, order still random."""

SUB_BATCH = 8
"""Passages of a window that the encoder reads at once, those of like length together."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Passages and their labels.

    Parameters
    ----------
    passages : tuple of Passage
    labels : tuple of (str or None), as long
        None for passages that are read as neighbours, and not learned from.
    """

    passages: tuple[Passage, ...]
    labels: tuple[str | None, ...]

    def __len__(self) -> int:
        return sum(label is not None for label in self.labels)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one task learns from.

    Parameters
    ----------
    task : Task
    train, validation : Labelled
        Validation passages choose the epoch and the temperature; there may be none.
    weight : float
        How often an epoch goes over the task's batches: 0.5 over a random half, 2 twice.
    """

    task: Task
    train: Labelled
    validation: Labelled
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Read:
    """Labelled passages of a task, encoded, articles whole and in order.

    Parameters
    ----------
    task : Task
    order : ndarray of int, shape (n,)
        Where each passage stood among those given.
    encoded : list of Encoded
    codes : ndarray of int, shape (n,)
        Place of the label in ``task.classes``, or ``UNLABELLED``.
    neighbours : ndarray of int, shape (n, 2)
        Rows of the passages before and after in the article; -1 for none.
    places : ndarray of float32, shape (n, 8)
    lengths : ndarray of int, shape (n,)
    """

    task: Task
    order: Rows
    encoded: list[Encoded]
    codes: Rows
    neighbours: Rows
    places: NDArray[np.float32]
    lengths: Rows


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step learns from.

    Parameters
    ----------
    task : str
    rows : ndarray of int
        Passages that are read.
    is_learned : ndarray of bool, as long
        False for neighbours beyond a window's edge.
    """

    task: str
    rows: Rows
    is_learned: NDArray[np.bool_]


def read(task: Task, given: Labelled, tokens: Tokens) -> Read:
    """Encode a task's passages.

    Raises
    ------
    ValueError
        A label is none of the task's.
    """
    order = np.array(_in_articles(given.passages), np.int64)
    passages = [given.passages[i] for i in order]
    encoded = tokens.encode(passages, with_targets=task.kind == "stance")
    return Read(
        task=task,
        order=order,
        encoded=encoded,
        codes=np.array([_code(task, given.labels[i]) for i in order], np.int64),
        neighbours=np.stack(neighbours(passages), axis=1),
        places=places(passages),
        lengths=np.array([len(one.ids) for one in encoded], np.int64),
    )


def epoch_batches(
    lessons: Mapping[str, Read],
    *,
    weights: Mapping[str, float],
    size: int,
    window: int,
    seed: Sequence[int],
) -> list[Batch]:
    """All batches of an epoch, those of all tasks shuffled together.

    Parameters
    ----------
    lessons : mapping of str to Read
    weights : mapping of str to float
        As ``Lesson.weight``.
    size : int
        Passages of a batch whose passages stand alone.
    window : int
        Passages of a batch of whole articles, or of stretches of them.
    seed : sequence of int
        Equal seeds give equal batches in equal order.
    """
    rng = np.random.default_rng(seed)
    found: list[Batch] = []
    for name, lesson in lessons.items():
        left = weights[name]
        while left > 0:
            made = _batches(name, lesson, rng, size=size, window=window)
            batches = [batch for batch in made if batch.is_learned.any()]
            n = len(batches) if left >= 1 else round(left * len(batches))
            found += [batches[i] for i in rng.permutation(len(batches))[:n]]
            left -= 1
    return [found[i] for i in rng.permutation(len(found))]


def by_length(lengths: Rows, size: int) -> list[Rows]:
    """Rows in pieces of at most ``size``, of like length, shortest first.

    Examples
    --------
    >>> [rows.tolist() for rows in by_length(np.array([9, 2, 5]), 2)]
    [[1, 2], [0]]
    """
    order = np.argsort(lengths, kind="stable")
    return [order[i : i + size] for i in range(0, len(order), size)]


def padded(encoded: Sequence[Encoded], *, pad: int) -> dict[str, NDArray[Any]]:
    """Ids and masks of some passages, each of shape (n_passages, n_tokens of the longest).

    Parameters
    ----------
    encoded : sequence of Encoded
    pad : int
        Id of padding.

    Returns
    -------
    dict of str to ndarray of int64
        ``ids``, ``attention``, ``mention``, ``text``.
    """
    shape = (len(encoded), max(len(one.ids) for one in encoded))
    found = {name: np.zeros(shape, np.int64) for name in ("ids", "attention", "mention", "text")}
    found["ids"][:] = pad
    for i, one in enumerate(encoded):
        n = len(one.ids)
        found["ids"][i, :n], found["attention"][i, :n] = one.ids, 1
        found["mention"][i, :n], found["text"][i, :n] = one.mention, one.text
    return found


def _code(task: Task, label: str | None) -> int:
    if label is None:
        return UNLABELLED
    if label not in task.classes:
        raise ValueError(
            f"task {task.name!r}: expected labels of {list(task.classes)}, got {label!r:.80}"
        )
    return task.classes.index(label)


def _in_articles(passages: Sequence[Passage]) -> list[int]:
    """Articles in the order of their first passage, passages in theirs."""
    first: dict[str, int] = {}
    for i, passage in enumerate(passages):
        first.setdefault(passage.group, i)
    alone = first.get("", 0)
    return sorted(
        range(len(passages)),
        key=lambda i: (
            (first[passages[i].group], passages[i].index) if passages[i].group else (alone, 0)
        ),
    )


def _batches(
    name: str, lesson: Read, rng: np.random.Generator, *, size: int, window: int
) -> Iterator[Batch]:
    if lesson.task.kind == "type" and lesson.task.context:
        yield from _windows(name, lesson, rng, window=window)
        return
    rows = rng.permutation(np.flatnonzero(lesson.codes != UNLABELLED))
    for start in range(0, len(rows), size * BUCKET):
        some = rows[start : start + size * BUCKET]
        for piece in by_length(lesson.lengths[some], size):
            yield Batch(name, some[piece], np.ones(len(piece), bool))


def _windows(name: str, lesson: Read, rng: np.random.Generator, *, window: int) -> Iterator[Batch]:
    """Stretches of articles, as many in a batch as fit."""
    stretches = _stretches(lesson.neighbours, window=window)
    held: list[Rows] = []
    for i in rng.permutation(len(stretches)):
        if held and sum(map(len, held)) + len(stretches[i]) > window:
            yield _window(name, lesson, np.concatenate(held))
            held = []
        held.append(stretches[i])
    if held:
        yield _window(name, lesson, np.concatenate(held))


def _stretches(around: Rows, *, window: int) -> list[Rows]:
    """Runs of passages that follow each other, long ones cut into equal parts."""
    starts = np.flatnonzero(around[:, 0] < 0)
    found: list[Rows] = []
    for start, end in zip(starts, [*starts[1:], len(around)], strict=True):
        n_parts = -(-(end - start) // window)
        found += np.array_split(np.arange(start, end), n_parts)
    return found


def _window(name: str, lesson: Read, rows: Rows) -> Batch:
    """A batch with the neighbours beyond its edges, which are read and not learned from."""
    around = lesson.neighbours[rows].ravel()
    edges = np.setdiff1d(around[around >= 0], rows)
    whole = np.sort(np.concatenate([rows, edges]))
    is_learned = np.isin(whole, rows) & (lesson.codes[whole] != UNLABELLED)
    return Batch(name, whole, is_learned)


def neighbours_within(lesson: Read, rows: Rows) -> Rows:
    """Places of each row's neighbours among sorted ``rows``, shape (n_rows, 2); -1 for none."""
    around = lesson.neighbours[rows]
    at = np.searchsorted(rows, around).clip(max=len(rows) - 1)
    return np.where((around >= 0) & (rows[at] == around), at, -1)
