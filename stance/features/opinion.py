"""What the opinion words of a passage say of its target, by their relation to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stance.features.frame import Frame, frame_of
from stance.features.opinion_hits import (
    RELATIONS,
    Hit,
    polarity,
    related_hits,
    voice_relation,
)
from stance.features.opinion_words import shifters
from stance.passage import Passage

_SHIFTERS = ("negator", "intensifier", "softener", "modal", "contrast", "demand")
_WINDOWS = (3, 6, 12)


def _names() -> tuple[str, ...]:
    by_relation = [
        f"opinion {what} {relation}" for relation in RELATIONS for what in ("good", "bad", "n")
    ]
    windows = [
        f"opinion {what} {side} {width}"
        for width in _WINDOWS
        for side in ("left", "right")
        for what in ("good", "bad")
    ]
    totals = [
        "opinion sum", "opinion weighted", "opinion good share", "opinion bad share",
        "opinion strongest good", "opinion strongest bad", "opinion quoted good",
        "opinion quoted bad", "opinion own good", "opinion own bad", "opinion negated",
        "opinion last", "opinion first",
    ]  # fmt: skip
    voice = [f"voice {what} {relation}" for relation in RELATIONS for what in ("good", "bad")]
    between = ["between good", "between bad", "between n"]
    shift = [f"shifter {name} {side}" for name in _SHIFTERS for side in ("left", "right", "all")]
    return (*by_relation, *windows, *totals, *shift, *voice, *between)


def __getattr__(name: str) -> tuple[str, ...]:
    """``NAMES``, made of the word lists when they are first asked for."""
    if name == "NAMES":
        return _columns()[0]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Sums of polarity by relation, window and voice, shape (n_passages, len(NAMES)).

    Examples
    --------
    >>> passages = [Passage("The council praised Lund.", target="Lund"),
    ...             Passage("Lund praised the council.", target="Lund")]
    >>> at = _columns()[1]["opinion good patient"]
    >>> features(passages)[:, at].tolist()
    [2.0, 0.0]
    """
    out = np.zeros((len(passages), len(_columns()[0])), np.float32)
    for row, passage in zip(out, passages, strict=True):
        _fill(row, passage)
    return out


@cache
def _columns() -> tuple[tuple[str, ...], dict[str, int]]:
    names = _names()
    return names, {name: i for i, name in enumerate(names)}


def _fill(row: NDArray[np.float32], passage: Passage) -> None:
    at = _columns()[1]
    frame, related = frame_of(passage), related_hits(passage)
    hits = [hit for hit, _ in related]
    totals: list[tuple[float, int]] = []
    for i, (hit, relations) in enumerate(related):
        around = _next_polarity(hits, i)
        closest = min(relations, key=lambda relation: relation.distance)
        name = closest.name
        value = polarity(hit, name, around=around)
        row[at[f"opinion n {name}"]] += 1
        if value:
            row[at[f"opinion {'good' if value > 0 else 'bad'} {name}"]] += abs(value)
        totals.append((value, closest.distance))
        _count(row, at, frame, hit, value)
        if frame.voices:
            _voiced(row, at, passage, hit)
    _sum_up(row, at, totals)
    _windows(row, at, frame, hits)
    _shifts(row, at, frame)


def _next_polarity(hits: Sequence[Hit], i: int) -> int:
    """Polarity of the next opinion word, for verbs that pass it on or turn it round."""
    if hits[i].word.object < 8 or i + 1 == len(hits):
        return 0
    following = hits[i + 1]
    if following.at - hits[i].end > 5 or following.word.object >= 8:
        return 0
    return following.word.object


def _count(
    row: NDArray[np.float32], at: dict[str, int], frame: Frame, hit: Hit, value: float
) -> None:
    if hit.is_negated:
        row[at["opinion negated"]] += 1
    if not value:
        return
    what = "good" if value > 0 else "bad"
    where = "quoted" if frame.is_quoted[hit.at] else "own"
    row[at[f"opinion {where} {what}"]] += abs(value)
    name = f"opinion strongest {what}"
    row[at[name]] = max(row[at[name]], abs(value))


def _voiced(row: NDArray[np.float32], at: dict[str, int], passage: Passage, hit: Hit) -> None:
    """What a hit says of the voice, and whether it stands between voice and target."""
    frame, relation = frame_of(passage), voice_relation(passage, hit)
    value = polarity(hit, relation.name) if relation is not None else 0.0
    if relation is not None and value:
        row[at[f"voice {'good' if value > 0 else 'bad'} {relation.name}"]] += abs(value)
    if any(v < hit.at < t or t < hit.at < v for v in frame.voices for t in frame.targets):
        value = polarity(hit, "patient")
        row[at["between n"]] += 1
        if value:
            row[at[f"between {'good' if value > 0 else 'bad'}"]] += abs(value)


def _sum_up(
    row: NDArray[np.float32], at: dict[str, int], totals: Sequence[tuple[float, int]]
) -> None:
    if not totals:
        return
    values = [value for value, _ in totals]
    row[at["opinion sum"]] = sum(values)
    row[at["opinion weighted"]] = sum(value / (1 + distance) for value, distance in totals)
    row[at["opinion good share"]] = sum(value > 0 for value in values) / len(values)
    row[at["opinion bad share"]] = sum(value < 0 for value in values) / len(values)
    row[at["opinion first"]], row[at["opinion last"]] = values[0], values[-1]


def _windows(
    row: NDArray[np.float32], at: dict[str, int], frame: Frame, hits: Sequence[Hit]
) -> None:
    for hit in hits:
        value = polarity(hit, "patient") or polarity(hit, "agent")
        if not value:
            continue
        what = "good" if value > 0 else "bad"
        for mention in frame.targets:
            distance = abs(mention - hit.at)
            side = "left" if hit.at < mention else "right"
            for width in _WINDOWS:
                if distance <= width:
                    row[at[f"opinion {what} {side} {width}"]] += abs(value) / len(frame.targets)


def _shifts(row: NDArray[np.float32], at: dict[str, int], frame: Frame) -> None:
    known = shifters()
    first = frame.targets[0] if frame.targets else -1
    for i, word in enumerate(frame.words):
        for kind in known.get(word, ()):
            row[at[f"shifter {kind} all"]] += 1
            if first >= 0 and abs(i - first) <= 6:
                row[at[f"shifter {kind} {'left' if i < first else 'right'}"]] += 1
