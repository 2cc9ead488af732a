"""Findings: types and voices of articles, in batches; an article that breaks takes no other along.

A batch is small enough that what was read of a paragraph for its type is still remembered when its
voice is asked: reading it twice would double the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.labelling.rows import Run
from stance.quotes.listener import Voice
from stance.quotes.voices import voices_of

if TYPE_CHECKING:
    from stance.classifiers.type_scorer import TypeScorer

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
    voices : list of Voice or None, length n_places
    reasons : dict of int to str
        Why the paragraph at a place could not be labelled.
    """

    probabilities: NDArray[np.float64]
    voices: list[Voice | None]
    reasons: dict[int, str] = field(default_factory=dict)


def find(scorer: TypeScorer, runs: Sequence[Run], n_places: int, *, voices: bool) -> Findings:
    """Types, and voices where asked, of the paragraphs of articles.

    Parameters
    ----------
    scorer : TypeScorer
    runs : sequence of Run
    n_places : int
        All places in ``runs`` are below.
    voices : bool
    """
    empty = np.full((n_places, len(scorer.classes)), np.nan)
    found = Findings(empty, [None] * n_places)
    for batch in _batches(runs):
        _score(scorer, batch, found)
        if voices:
            for run in batch:
                _hear(scorer, run, found)
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


def _score(scorer: TypeScorer, runs: Sequence[Run], found: Findings) -> None:
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
                _score(scorer, [Run((i,), (passage,))], found)
        else:
            half = len(runs) // 2
            _score(scorer, runs[:half], found)
            _score(scorer, runs[half:], found)
    else:
        found.probabilities[at] = proba


def _hear(scorer: TypeScorer, run: Run, found: Findings) -> None:
    good = [k for k, i in enumerate(run.at) if i not in found.reasons]
    best = found.probabilities[[run.at[k] for k in good]].argmax(axis=1)
    types = [scorer.classes[code] for code in best.tolist()]
    passages = [run.passages[k] for k in good]
    heard: Sequence[Voice | None] = [AUTHOR] * len(good)
    if "quote" in types:  # whatever is no quote is the author's
        try:
            texts = [passage.text for passage in passages]
            heard = voices_of(texts, types, headline=passages[0].headline)
        except MemoryError:
            raise
        except Exception as error:
            for k in good:
                found.reasons[run.at[k]] = f"voice: {type(error).__name__}: {error}"
    for k, voice in zip(good, heard, strict=True):
        found.voices[run.at[k]] = voice
