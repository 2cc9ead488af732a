"""Repeats: candidates that are one thing under several names, or only part of another."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stance.article import Span
from stance.targets.candidate import Candidate
from stance.targets.forms import plain_name
from stance.targets.words import folded, words_of

Places = Mapping[int, Sequence[Span]]
"""Mentions of a target, in order and disjoint, by the texts of an article that have any."""


def joined(candidates: Iterable[Candidate], texts: Sequence[str]) -> list[Candidate]:
    """Candidates whose names differ in nothing but capitals, marks or a plural, as one each.

    A person and a place stay themselves: Mr. Baker is no baker, and Turkey no turkey.

    Parameters
    ----------
    candidates : iterable of Candidate
    texts : sequence of str
        The article's, which say how often each way to write a name is used: the most frequent
        one becomes the name, the others aliases.

    Examples
    --------
    >>> some = [Candidate("Weavers Union", (), "group"), Candidate("Weavers’ Union", (), "group")]
    >>> joined(some, ["The Weavers’ Union left.", "The weavers union paid the Weavers’ Union."])
    [Candidate(name='Weavers’ Union', aliases=('Weavers Union', 'weavers union'), kind='group',
               is_outlet=False)]
    """
    same: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in candidates:
        apart = candidate.kind if candidate.kind in ("person", "place") else ""
        same.setdefault((apart, *_key(candidate.name)), []).append(candidate)
    whole = "\n".join(texts)
    lower = whole.casefold()
    return [_as_one(some, whole, lower) for some in same.values()]


def is_part(places: Places, others: Places) -> bool:
    """Whether every mention of one target lies within a mention of another.

    Examples
    --------
    >>> is_part({0: [Span(4, 9)]}, {0: [Span(0, 9)], 1: [Span(2, 5)]})
    True
    """
    return all(text in others and _lie_within(own, others[text]) for text, own in places.items())


def _lie_within(own: Sequence[Span], others: Sequence[Span]) -> bool:
    return all(
        (at := bisect_right(others, span.start, key=_start)) and others[at - 1].end >= span.end
        for span in own
    )


def _start(span: Span) -> int:
    return span.start


def _key(name: str) -> tuple[str, ...]:
    words = [word.lower for word in words_of(folded(plain_name(name)).lower)]
    kept = [word for word in words if word != "s"] or words
    return (*kept[:-1], kept[-1].removesuffix("s")) if kept else (name,)


def _as_one(some: list[Candidate], whole: str, lower: str) -> Candidate:
    first = some[0]
    written = dict.fromkeys(one.name for one in some)
    for one in some:
        if _may_vary(one, whole, lower):
            found = re.findall(rf"\b{re.escape(one.name)}\b", whole, re.IGNORECASE)
            written |= dict.fromkeys(name for name in found if not name.isupper())
    name = first.name
    if len(written) > 1:
        name = max(written, key=lambda one: (_count(one, whole), one == first.name))
    return replace(first, name=name, aliases=_aliases(name, some, written))


def _count(name: str, whole: str) -> int:
    return len(re.findall(rf"\b{re.escape(name)}\b", whole))


def _may_vary(one: Candidate, whole: str, lower: str) -> bool:
    """Whether the text has a body's or a plan's name in other capitals too.

    A person's name in lower case may be any word, and a name of one word another.
    """
    if one.kind not in ("group", "policy") or " " not in one.name or one.name.islower():
        return False
    return lower.count(one.name.casefold()) > whole.count(one.name)


def _aliases(name: str, some: Iterable[Candidate], written: Iterable[str]) -> tuple[str, ...]:
    given = [*written, *(alias for one in some for alias in one.aliases)]
    return tuple(alias for alias in dict.fromkeys(given) if alias != name)
