"""Stances: which side the voice of each paragraph is on, toward each target that it mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from stance.article import Span
from stance.passage import Passage
from stance.targets import Finder

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.classifiers.teller import Teller

DIGITS = 4
"""Of probabilities, as everywhere in the package."""

_QUESTIONS = 512
_CHARACTERS = 2 << 20  # of the questions that are asked at a time: each view copies its text


class Side(NamedTuple):
    """Which side a voice is on, toward one target.

    Parameters
    ----------
    target : str
    mention : Span
        Where the paragraph mentions it first.
    probabilities : tuple of float
        Of the stance model's classes, in their order.
    """

    target: str
    mention: Span
    probabilities: tuple[float, ...]


class Question(NamedTuple):
    """A passage with its target, and the place of its paragraph."""

    at: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Sides:
    """Tells stances toward some targets.

    Parameters
    ----------
    finder : Finder
        Of the targets.
    scorer : Teller
    """

    finder: Finder
    scorer: Teller

    def questions(self, at: Sequence[int], passages: Sequence[Passage]) -> list[Question]:
        """What is to be asked about an article's paragraphs: each with each target it mentions.

        Parameters
        ----------
        at : sequence of int
            Places of the paragraphs.
        passages : sequence of Passage
            The paragraphs, each with its voice.
        """
        targets = self.finder.targets
        mentions = self.finder.find_in([passage.text for passage in passages])
        return [
            Question(i, replace(passage, target=target.name, mentions=tuple(m.span for m in found)))
            for i, passage, row in zip(at, passages, mentions, strict=True)
            for target, found in zip(targets, row, strict=True)
            if found
        ]

    def answers(
        self, questions: Sequence[Question], *, failed: Callable[[int, Exception], None]
    ) -> Iterator[tuple[int, Side]]:
        """Places and sides, in the order of the questions; ``failed`` is told what breaks."""
        for some in _portions(questions):
            yield from self._answers(some, failed)

    def _answers(
        self, questions: Sequence[Question], failed: Callable[[int, Exception], None]
    ) -> Iterator[tuple[int, Side]]:
        try:
            proba = self.scorer.predict_proba([passage for _, passage in questions]).tolist()
        except MemoryError:
            raise
        except Exception as error:
            if len(questions) == 1:
                failed(questions[0].at, error)
                return
            half = len(questions) // 2
            yield from self._answers(questions[:half], failed)
            yield from self._answers(questions[half:], failed)
        else:
            for (i, passage), row in zip(questions, proba, strict=True):
                yield i, Side(passage.target or "", passage.mentions[0], tuple(row))


def sides_type(classes: Sequence[str]) -> pa.DataType:
    """Type of the column: a list of what the voice's sides are."""
    import pyarrow as pa

    fields = [("target", pa.string()), ("stance", pa.string()), ("probability", pa.float64())]
    fields += [(f"probability_{name}", pa.float64()) for name in classes]
    return pa.list_(pa.struct([*fields, ("start", pa.int64()), ("end", pa.int64())]))


def sides_column(rows: Sequence[Sequence[Side] | None], classes: Sequence[str]) -> pa.Array:
    """The column: empty where no target is mentioned, null where there is no paragraph."""
    import pyarrow as pa

    values = [None if row is None else [_plain(side, classes) for side in row] for row in rows]
    return pa.array(values, sides_type(classes))


def _plain(side: Side, classes: Sequence[str]) -> dict[str, Any]:
    best = max(range(len(classes)), key=side.probabilities.__getitem__)
    rounded = [round(p, DIGITS) for p in side.probabilities]
    return {
        "target": side.target,
        "stance": classes[best],
        "probability": rounded[best],
        **{f"probability_{name}": p for name, p in zip(classes, rounded, strict=True)},
        "start": side.mention.start,
        "end": side.mention.end,
    }


def _portions(questions: Sequence[Question]) -> Iterator[list[Question]]:
    some: list[Question] = []
    n = 0
    for question in questions:
        some.append(question)
        n += len(question.passage.text)
        if len(some) == _QUESTIONS or n >= _CHARACTERS:
            yield some
            some, n = [], 0
    if some:
        yield some
