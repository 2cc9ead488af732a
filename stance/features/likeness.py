"""How much a passage has to do with its target, by the meaning of their words, not the spelling.

Nothing here is learnt from labels or bound to the targets of a corpus: a target that no training
passage had is compared with a text as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from stance.features.vectors import directions, target_vectors, text_vectors
from stance.features.word_vectors import unit
from stance.passage import Passage

Floats = NDArray[np.float32]

_CLOSE = 0.6  # above, two words mean about the same
_N_TOP = 5
_WINDOW = 8
_LAST = ("target words", "target length", "n words")
NAMES = tuple(
    f"likeness {name}"
    for name in (
        "text",
        "near",
        "closest mean",
        "closest least",
        "closest most",
        "closest weighted",
        *(f"top {i}" for i in range(1, _N_TOP + 1)),
        "closest five",
        "word",
        "words five",
        "window",
        "same words",
        "like words",
        "n close",
        "place",
        *_LAST,
    )
)


def features(passages: Sequence[Passage]) -> Floats:
    """Cosines of words, stretches and all of a text with its target, shape (n, len(NAMES)).

    Examples
    --------
    >>> text = "Puppies need a warm place to sleep."
    >>> rows = features([Passage(text, target="dogs"), Passage(text, target="income tax")])
    >>> at = NAMES.index("likeness closest most")
    >>> bool(rows[0, at] > rows[1, at])
    True
    """
    out = np.zeros((len(passages), len(NAMES)), np.float32)
    for row, passage in zip(out, passages, strict=True):
        words, rows, units = text_vectors(passage.text)
        names, parts = target_vectors(passage.target or "")
        if words and names:
            row[: -len(_LAST)] = _compared(passage, rows, units)
        length = float(np.linalg.norm(parts.mean(axis=0))) if names else 0.0
        row[-len(_LAST) :] = len(names), length, log1p(len(words))
    return out


def _compared(passage: Passage, rows: Floats, units: Floats) -> list[float]:
    names, parts = target_vectors(passage.target or "")
    target, near, text = directions(passage)
    likeness = units @ unit(parts).T
    return [
        float(text @ target),
        float(near @ target),
        *_closest(likeness, np.linalg.norm(parts, axis=1)),
        *_whole(rows, units @ target, target),
        *_spelt(text_vectors(passage.text)[0], names),
        *_places(likeness),
    ]


def _closest(likeness: Floats, lengths: Floats) -> list[float]:
    """How close the text comes to each word of the target, and its closest words to any."""
    best = likeness.max(axis=0)
    top = np.zeros(_N_TOP)
    ranked = np.sort(likeness.max(axis=1))[::-1][:_N_TOP]
    top[: len(ranked)] = ranked
    weighted = float(best @ lengths / max(float(lengths.sum()), 1e-9))
    return [best.mean(), best.min(), best.max(), weighted, *top, top.mean()]


def _whole(rows: Floats, by_word: Floats, target: Floats) -> list[float]:
    """How close words, and stretches of words, come to the target as a whole."""
    window = float(by_word.max())
    if len(rows) > _WINDOW:
        sums = np.cumsum(np.vstack([np.zeros_like(rows[:1]), rows]), axis=0)
        window = float((unit(sums[_WINDOW:] - sums[:-_WINDOW]) @ target).max())
    return [by_word.max(), np.sort(by_word)[::-1][:_N_TOP].mean(), window]


def _spelt(words: Sequence[str], names: Sequence[str]) -> list[float]:
    """Shares of the target's words that the text has, and of those it has the beginning of."""
    known, begun = set(words), {word[:5] for word in words}
    same = sum(name in known for name in names)
    like = sum(name[:5] in begun for name in names)
    return [same / len(names), like / len(names)]


def _places(likeness: Floats) -> list[float]:
    best = likeness.max(axis=1)
    return [float((best > _CLOSE).sum()) / 10, float(best.argmax()) / len(best)]
