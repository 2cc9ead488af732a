"""DSE: pairs of entities in a sentence of news, with who is for or against whom."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stance.article import Span
from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage

_NAMES = (
    "none",
    "first-favors-second",
    "second-favors-first",
    "first-against-second",
    "second-against-first",
)
# The stance of the first entity toward the second, and of the second toward the first.
_DIRECTED = (
    (Stance.NEUTRAL, Stance.NEUTRAL),
    (Stance.FAVOR, Stance.NEUTRAL),
    (Stance.NEUTRAL, Stance.FAVOR),
    (Stance.AGAINST, Stance.NEUTRAL),
    (Stance.NEUTRAL, Stance.AGAINST),
)
_BRACKET = re.compile(r"[\[\]]")


class _Pair(NamedTuple):
    id: str
    split: str
    text: str
    first: Span
    second: Span
    native: int


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """One example per pair, or one per pair and direction."""
    make = {"relation": _relation, "stance": _stances}[task]
    known: set[str] = set()
    for split in ("train", "valid", "test"):
        for marked, pair in _pairs(folder / f"{split}.txt", split):
            if split != "test":
                known.add(marked)
            elif variant == "deduplicated" and marked in known:
                continue
            yield from make(pair)


def _pairs(path: Path, split: str) -> Iterator[tuple[str, _Pair]]:
    with path.open(encoding="utf-8", newline="") as file:
        for i, row in enumerate(csv.reader(file, delimiter="\t")):
            marked, _, _, native = row
            text, first, second = _unmarked(marked)
            yield marked, _Pair(f"{split}-{i}", split, text, first, second, int(native))


def _unmarked(marked: str) -> tuple[str, Span, Span]:
    """The text without the brackets around its two entities, and where these stand in it."""
    a, b, c, d = (match.start() for match in _BRACKET.finditer(marked))
    text = _BRACKET.sub("", marked)
    # Each bracket before a place moves it one to the left.
    return text, _trimmed(text, a, b - 1), _trimmed(text, c - 2, d - 3)


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without the blanks that some brackets enclose."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip()))


def _relation(pair: _Pair) -> Iterator[Example]:
    yield _example(pair, pair.first, pair.second, label=_NAMES[pair.native], name=pair.id)


def _stances(pair: _Pair) -> Iterator[Example]:
    forth, back = _DIRECTED[pair.native]
    yield _example(pair, pair.first, pair.second, label=forth, name=f"{pair.id}/forth")
    yield _example(pair, pair.second, pair.first, label=back, name=f"{pair.id}/back")


def _example(pair: _Pair, voice: Span, target: Span, *, label: str, name: str) -> Example:
    return Example(
        id=name,
        split=pair.split,
        passage=Passage(
            pair.text,
            target=pair.text[target.start : target.end],
            mentions=(target,),
            voice=pair.text[voice.start : voice.end],
        ),
        label=label,
        native_label=str(pair.native),
        extra={"voice_mentions": [list(voice)]},
    )
