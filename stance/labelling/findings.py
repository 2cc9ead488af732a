"""Findings: types, voices and stances of articles, in batches; what breaks takes no other along.

A batch is small enough that what was read of a paragraph for its type is still remembered when its
voice is asked: reading it twice would double the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.labelling.rows import Run
from stance.labelling.stances import Question, Side, Sides
from stance.quotes.listener import Voice
from stance.quotes.turn_types import told_in, types_told
from stance.quotes.voices import hear, speech_in

if TYPE_CHECKING:
    from stance.classifiers.teller import Teller
    from stance.passage import Passage

BATCH = 1500
"""Paragraphs that are scored at a time: ``speech_of`` remembers 4,096."""

AUTHOR = Voice()


@dataclass(slots=True)
class Findings:
    """What was found about the paragraphs of a shard, by their places.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_places, n_classes)
        NaN where there is no paragraph, or none that could be labelled.
    types : ndarray of int64, shape (n_places,)
        Place of each type among the classes (``stance.quotes.turn_types``); -1 where probabilities
        are NaN.
    voices : list of Voice or None, length n_places
    stances : list of list of Side, or None; length n_places
        In the order of the targets; None where no stance was asked for.
    reasons : dict of int to str
        Why the paragraph at a place could not be labelled.
    flags : ndarray of float64, shape (n_places, n_flags), or None
        As ``probabilities``, of whether a paragraph is quoted; None where the model does not tell.
    """

    probabilities: NDArray[np.float64]
    types: NDArray[np.int64]
    voices: list[Voice | None]
    stances: list[list[Side] | None]
    reasons: dict[int, str] = field(default_factory=dict)
    flags: NDArray[np.float64] | None = None


def find(
    scorer: Teller,
    runs: Sequence[Run],
    n_places: int,
    *,
    voices: bool,
    sides: Sides | None = None,
    quoted: Teller | None = None,
) -> Findings:
    """Types, and voices and their stances where asked, of the paragraphs of articles.

    Parameters
    ----------
    scorer : Teller
    runs : sequence of Run
    n_places : int
        All places in ``runs`` are below.
    voices : bool
    sides : Sides, optional
        Tells stances; only with voices.
    quoted : Teller, optional
        Tells whether a paragraph is quoted.
    """
    empty = np.full((n_places, len(scorer.classes)), np.nan)
    untyped = np.full(n_places, -1, np.int64)
    found = Findings(empty, untyped, [None] * n_places, [None] * n_places)
    if quoted is not None:
        found.flags = np.full((n_places, len(quoted.classes)), np.nan)
    for batch in _batches(runs):
        _score(scorer, batch, found, into=found.probabilities)
        if quoted is not None and found.flags is not None:
            _score(quoted, batch, found, into=found.flags)
        _type(scorer, batch, found)
        if voices:
            for run in batch:
                _hear(scorer, run, found)
        if sides is not None:
            _side(sides, batch, found)
    return found


def _batches(runs: Sequence[Run]) -> Iterator[list[Run]]:
    batch: list[Run] = []
    n = 0
    for run in runs:
        batch.append(run)
        n += len(run.at)
        if n >= BATCH:
            yield batch
            batch, n = [], 0
    if batch:
        yield batch


def _score(
    scorer: Teller, runs: Sequence[Run], found: Findings, *, into: NDArray[np.float64]
) -> None:
    """Enter probabilities. Where something breaks, halves are tried, down to the one at fault."""
    at = [i for run in runs for i in run.at]
    try:
        proba = scorer.predict_proba([passage for run in runs for passage in run.passages])
    except MemoryError:
        raise
    except Exception as error:
        if len(at) == 1:
            found.reasons[at[0]] = f"type: {type(error).__name__}: {error}"
        elif len(runs) == 1:
            one = runs[0]
            for i, passage in zip(one.at, one.passages, strict=True):
                _score(scorer, [Run((i,), (passage,))], found, into=into)
        else:
            half = len(runs) // 2
            _score(scorer, runs[:half], found, into=into)
            _score(scorer, runs[half:], found, into=into)
    else:
        into[at] = proba


def _type(scorer: Teller, runs: Sequence[Run], found: Findings) -> None:
    """Enter types. Turns that break leave their article's paragraphs without labels."""
    places: list[int] = []
    told: dict[int, bool] = {}
    for run in runs:
        at: Sequence[int] = run.at
        passages: Sequence[Passage] = run.passages
        if found.reasons:
            good = [k for k, i in enumerate(run.at) if i not in found.reasons]
            at, passages = [run.at[k] for k in good], [run.passages[k] for k in good]
        try:
            turns = _turns(passages, run.bylines)
        except MemoryError:
            raise
        except Exception as error:
            for i in at:
                found.reasons[i] = f"type: {type(error).__name__}: {error}"
            continue
        told |= {len(places) + i: is_quote for i, is_quote in turns.items()}
        places += at
    found.types[places] = types_told(found.probabilities[places], scorer.classes, told)


def _turns(passages: Sequence[Passage], bylines: Sequence[str]) -> dict[int, bool]:
    if len(passages) < 2:
        return {}
    texts = [passage.text for passage in passages]
    return told_in(texts, headline=passages[0].headline, bylines=bylines)


def _hear(scorer: Teller, run: Run, found: Findings) -> None:
    good = [k for k, i in enumerate(run.at) if i not in found.reasons]
    types = [scorer.classes[found.types[run.at[k]]] for k in good]
    passages = [run.passages[k] for k in good]
    heard: Sequence[Voice | None] = [AUTHOR] * len(good)
    if "quote" in types:  # whatever is no quote is the author's
        try:
            texts = [passage.text for passage in passages]
            heard = hear(
                texts,
                types,
                speech_in(texts),
                headline=passages[0].headline,
                bylines=run.bylines,
            ).paragraphs
        except MemoryError:
            raise
        except Exception as error:
            for k in good:
                found.reasons[run.at[k]] = f"voice: {type(error).__name__}: {error}"
    for k, voice in zip(good, heard, strict=True):
        found.voices[run.at[k]] = voice


def _side(sides: Sides, runs: Sequence[Run], found: Findings) -> None:
    """Enter stances. The questions of many articles are asked together: one by one costs more."""
    questions: list[Question] = []
    for run in runs:
        voiced = [
            (i, replace(passage, voice=voice.name))
            for i, passage in zip(run.at, run.passages, strict=True)
            if (voice := found.voices[i]) is not None and i not in found.reasons
        ]
        at = [i for i, _ in voiced]
        try:
            questions += sides.questions(at, [passage for _, passage in voiced])
        except MemoryError:
            raise
        except Exception as error:
            for i in at:
                found.reasons[i] = f"stance: {type(error).__name__}: {error}"
        for i in at:
            found.stances[i] = []

    def failed(at: int, error: Exception) -> None:
        found.reasons[at] = f"stance: {type(error).__name__}: {error}"

    for place, side in sides.answers(questions, failed=failed):
        entered = found.stances[place]
        if entered is not None:
            entered.append(side)
