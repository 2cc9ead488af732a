"""Who speaks around a target: whether it is the speaker, or what a cue says of what is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.features.frame import mentions_of
from stance.labels import AUTHOR
from stance.passage import Passage
from stance.quotes.attribution import Attribution, speech_of
from stance.quotes.cues import VERBS
from stance.quotes.marks import ends_open

_CLASSES = (*VERBS, "according", "label")
NAMES = (
    "utterance share",
    "utterance target speaks",
    "utterance target beside source",
    "utterance target in content",
    "utterance target quoted",
    "utterance others speak",
    "utterance voice author",
    "utterance voice source",
    *(f"utterance speaks {name}" for name in _CLASSES),
    *(f"utterance content {name}" for name in _CLASSES),
)
_BESIDE = 40  # characters; "Lund, the mayor of Ardmoor, said"


def features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Speech around the target, shape (n_passages, len(NAMES)).

    Examples
    --------
    >>> row = features([Passage("The dam is safe, Lund insisted.", target="Lund")])[0]
    >>> [name for name, value in zip(NAMES, row.tolist()) if "speaks" in name and value]
    ['utterance target speaks', 'utterance speaks claim']
    """
    out = np.zeros((len(passages), len(NAMES)), np.float32)
    for row, passage in zip(out, passages, strict=True):
        _fill(row, passage)
    return out


def _fill(row: NDArray[np.float32], passage: Passage) -> None:
    is_open = bool(passage.previous) and ends_open(passage.previous)
    speech = speech_of(passage.text, is_open=is_open)
    mentions = mentions_of(passage)
    row[0] = speech.share
    row[4] = any(_within(m, Span(q.start, q.end)) for m in mentions for q in speech.quoted)
    row[6], row[7] = passage.voice == AUTHOR, passage.voice not in (None, AUTHOR)
    for attribution in speech.attributions:
        kind = _CLASSES.index(attribution.cue_class)
        if any(_overlap(m, attribution.source) for m in mentions):
            row[1] = row[8 + kind] = 1
        elif any(_is_beside(m, attribution) for m in mentions):
            row[2] = 1
        else:
            row[5] = 1
        if any(_within(m, span) for m in mentions for span in attribution.contents):
            row[3] = row[8 + len(_CLASSES) + kind] = 1


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_beside(mention: Span, attribution: Attribution) -> bool:
    """Whether the mention stands right before the cue, where an apposition may part them."""
    cue, source = attribution.cue, attribution.source
    return 0 <= cue.start - mention.end <= _BESIDE and not mention.end <= source.start < cue.start
