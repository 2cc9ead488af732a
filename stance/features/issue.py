"""How a passage argues about its issue: word classes, near the issue and at large, and its tone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from stance.features.frame import content_words
from stance.features.issue_words import CLASSES, classes_of
from stance.features.opinion_words import opinion_words
from stance.features.vectors import closeness, words_of
from stance.passage import Passage

_NEGATORS = frozenset(
    "no not never none nobody nothing neither nor without cannot can't don't doesn't didn't isn't"
    " aren't wasn't weren't won't wouldn't shouldn't couldn't hasn't haven't ain't hardly stop"
    " stopped against anti fail failed ban".split()
)
_REACH = 3  # words that a negator turns
_NEAR = 5
_CLOSE = 0.6
_SIDES = ("all", "near", "negated")
_TONE = {
    "hashtags": re.compile(r"#\w"),
    "addressed": re.compile(r"@\w"),
    "addressed first": re.compile(r"^[.\"“]?@\w"),
    "links": re.compile(r"https?://"),
    "questions": re.compile(r"\?"),
    "exclamations": re.compile(r"!"),
    "dots": re.compile(r"\.\.|…"),
    "quotation": re.compile(r"[\"“”]"),
    "scare quotes": re.compile(r"[\"“'‘][^\"“”'’ ]+[\"”'’]"),
    "capitals": re.compile(r"\b[A-Z]{3,}\b"),
    "numbers": re.compile(r"\b\d[\d.,]*\b"),
    "smiles": re.compile(r"[:;=]-?[)DP]|[\U0001F600-\U0001F60F\U0001F44D\u2764]"),
    "frowns": re.compile(r"[:=]-?[(/|]|[\U0001F612-\U0001F62D\U0001F44E]"),
}
_OPINION = ("good", "bad", "good near", "bad near", "sum", "sum near", "last")
_TARGET = ("good", "bad", "turns", "negated", "classes")

NAMES = (
    *(f"issue {name} {side}" for name in CLASSES for side in _SIDES),
    *(f"issue opinion {what}" for what in _OPINION),
    *(f"issue target {what}" for what in _TARGET),
    *(f"tone {name}" for name in _TONE),
    "issue n close",
    "issue n words",
)
_TURNING = ("oppose", "harm", "denial", "blame")


def features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Word classes and tone, shape (n_passages, len(NAMES)).

    A class counts in all of the text, within five words of what is closest to the target by
    meaning, and behind a negator. Counts are divided by the root of the number of words.

    Examples
    --------
    >>> rows = features([Passage("The vaccine scare is a hoax!", target="vaccination")])
    >>> bool(rows[0, NAMES.index("issue denial near")] > 0.8)
    True
    """
    out = np.zeros((len(passages), len(NAMES)), np.float32)
    for row, passage in zip(out, passages, strict=True):
        _fill(row, passage)
    return out


def _fill(row: NDArray[np.float32], passage: Passage) -> None:
    words = words_of(passage.text)
    norm = sqrt(max(1, len(words)))
    is_close = closeness(passage) > _CLOSE
    near = _spread(is_close)
    negated = _negated(words)
    opinion = _count(row, words, near=near, negated=negated, norm=norm)
    start = len(_SIDES) * len(CLASSES)
    row[start : start + len(_OPINION)] = opinion
    start += len(_OPINION)
    row[start : start + len(_TARGET)] = _target(passage.target)
    start += len(_TARGET)
    tone = [log1p(len(pattern.findall(passage.text))) for pattern in _TONE.values()]
    row[start:] = [*tone, log1p(int(is_close.sum())), log1p(len(words))]


def _count(
    row: NDArray[np.float32],
    words: Sequence[str],
    *,
    near: NDArray[np.bool_],
    negated: Sequence[bool],
    norm: float,
) -> list[float]:
    """Word classes into ``row``; what the opinion words of all classes sum up to."""
    values = [0.0] * len(words)
    for i, word in enumerate(words):
        for at in classes_of(word):
            row[len(_SIDES) * at] += 1 / norm
            row[len(_SIDES) * at + 1] += near[i] / norm
            row[len(_SIDES) * at + 2] += negated[i] / norm
        value = _polarity(word)
        values[i] = -value if negated[i] else value
    good = [max(value, 0.0) for value in values]
    bad = [max(-value, 0.0) for value in values]
    close = [value for value, is_near in zip(values, near, strict=True) if is_near]
    said = [value for value in values if value]
    return [
        sum(good) / norm,
        sum(bad) / norm,
        sum(max(value, 0.0) for value in close) / norm,
        sum(max(-value, 0.0) for value in close) / norm,
        sum(values) / norm,
        sum(close) / norm,
        said[-1] if said else 0.0,
    ]


def _target(target: str | None) -> list[float]:
    """What the target's own words say: "gun ban", "abortion rights", "racism"."""
    words = content_words(target)
    values = [_polarity(word) for word in words]
    names = [name for word in words for name in _names(word)]
    return [
        sum(max(value, 0.0) for value in values),
        sum(max(-value, 0.0) for value in values),
        sum(name in _TURNING for name in names),
        sum(word in _NEGATORS for word in words),
        len(names),
    ]


def _names(word: str) -> list[str]:
    names = list(CLASSES)
    return [names[at] for at in classes_of(word)]


def _polarity(word: str) -> float:
    """Polarity of a word by itself, -3 to 3: of the first reading that has one."""
    for reading in opinion_words().get(word, ()):
        value = reading.object if abs(reading.object) <= 3 else 0
        if value or abs(reading.subject) <= 3:
            return float(value or reading.subject)
    return 0.0


def _spread(is_close: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where a close word stands no more than five words away."""
    if not len(is_close):
        return is_close
    sums = np.convolve(is_close, np.ones(2 * _NEAR + 1))
    near: NDArray[np.bool_] = sums[_NEAR : _NEAR + len(is_close)] > 0.5
    return near


def _negated(words: Sequence[str]) -> list[bool]:
    """Whether a negator stands up to three words before."""
    return [
        any(word in _NEGATORS for word in words[max(0, i - _REACH) : i]) for i in range(len(words))
    ]
