"""Where a text and its target point: directions of their words' meaning, for a head to weigh.

Good where targets are many and new ones are like those learnt from. Where targets are few, the
direction of a target is its name in other words: use ``likeness`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.bounded_cache import bounded_cache
from stance.features.frame import content_words
from stance.features.word_vectors import WordVectors, unit
from stance.passage import Passage

Floats = NDArray[np.float32]

_WORD = re.compile(r"#?[^\W_]+(?:['’][^\W_]+)?")
# "#StopTheWall" reads "stop the wall"; lower-case tags are one word, which tokens take apart.
_HUMP = re.compile(r"[A-Z]?[a-z'’]+|[A-Z]+(?![a-z])|\d+|[^\W\dA-Za-z_]+")
_MAX_WORDS = 400
_SHARP = 10.0  # how much more the closest words count in the sum around them
# Half of a word's neighbourhood, by distance: what is said of a target stands next to it.
_FADING = np.array([1.0, 1.0, 1.0, 0.9, 0.7, 0.5, 0.3], np.float32)
# Of 64 numbers, those that a head gets: with all of them it scored the same on unseen topics.
_N_SHOWN = 32
_BLOCKS = ("target", "near", "text")

NAMES = tuple(f"vectors {block} {i}" for block in _BLOCKS for i in range(_N_SHOWN))


def features(passages: Sequence[Passage]) -> Floats:
    """Unit vectors of target, surroundings and text, shape (n_passages, len(NAMES)).

    ``vectors near …`` is the mean of the words around those that come closest to the target: the
    texts of a topic often call it by other words.

    Examples
    --------
    >>> features([Passage("Puppies need a warm place to sleep.", target="dogs")]).shape
    (1, 96)
    """
    out = np.zeros((len(passages), len(_BLOCKS), _N_SHOWN), np.float32)
    for row, passage in zip(out, passages, strict=True):
        for block, vector in zip(row, directions(passage), strict=True):
            block[:] = vector[:_N_SHOWN]
    return out.reshape(len(out), len(NAMES))


def directions(passage: Passage) -> tuple[Floats, Floats, Floats]:
    """Unit vectors of the target, of what stands around it, and of the text; else zeros."""
    _, rows, units = text_vectors(passage.text)
    _, parts = target_vectors(passage.target or "")
    nothing = np.zeros(parts.shape[1], np.float32)
    target = unit(parts.mean(axis=0)) if len(parts) else nothing
    text = unit(rows.mean(axis=0)) if len(rows) else nothing
    near = unit(_around(units @ unit(parts).T) @ rows) if len(parts) and len(rows) else nothing
    return target, near, text


def closeness(passage: Passage) -> Floats:
    """How close each word of the text comes to any word of the target, -1 to 1; zeros without one.

    Words are those of ``words_of``.

    Examples
    --------
    >>> near = closeness(Passage("Puppies hate rain", target="dogs"))
    >>> int(near.argmax()), near.shape
    (0, (3,))
    """
    words, _, units = text_vectors(passage.text)
    names, parts = target_vectors(passage.target or "")
    if not names or not words:
        return np.zeros(len(words), np.float32)
    best: Floats = (units @ unit(parts).T).max(axis=1)
    return best


def words_of(text: str) -> tuple[str, ...]:
    """Words of a text in lower case, hashtags cut at their capitals; 400 at most.

    Examples
    --------
    >>> words_of("Don't #StopTheWall, @lund")
    ("don't", 'stop', 'the', 'wall', 'lund')
    """
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        parts = _HUMP.findall(word) if word[0] == "#" else [word]
        found += [part.lower().replace("’", "'") for part in parts]
        if len(found) >= _MAX_WORDS:
            break
    return tuple(found[:_MAX_WORDS])


@bounded_cache(n_chars=1 << 16)
def text_vectors(text: str) -> tuple[tuple[str, ...], Floats, Floats]:
    """Words of a text, their vectors, and the same at length 1. Topics of one text come in turn."""
    words = words_of(text)
    rows = WordVectors.packaged().of(words)
    return words, rows, unit(rows)


@bounded_cache(n_chars=1 << 18)
def target_vectors(target: str) -> tuple[tuple[str, ...], Floats]:
    """Content words of a target and their vectors."""
    words = tuple(content_words(target)) or words_of(target)
    return words, WordVectors.packaged().of(words)


def _around(likeness: Floats) -> Floats:
    """Weight of each word of the text: how close to one that is like the target; they sum to 1."""
    peaks = np.exp(_SHARP * (likeness.mean(axis=1) + likeness.max(axis=1) - 2.0))
    both = np.concatenate([_FADING[:0:-1], _FADING])
    weights = np.convolve(peaks, both)[len(_FADING) - 1 :][: len(peaks)]
    shares: Floats = (weights / max(float(weights.sum()), 1e-30)).astype(np.float32)
    return shares
