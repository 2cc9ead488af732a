"""Names as they are written: runs of capitals, titles, last names, and when two names are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stance.bounded_cache import bounded_cache
from stance.quotes.roles import TITLES

_PARTICLE = (
    r"(?:bin|bint|ibn|ben|abu|al|el|de|del|della|la|le|van|von|der|den|da|di|dos|du|af|av|ter)"
)
WORD = (
    r"(?:[A-Z]\.|(?:Dr|Mr|Mrs|Ms|Prof|St|Rev|Capt|Gen|Col|Sgt)\."
    r"|(?:al-|el-|d['’])?[^\W\d_a-z](?:[\w-]|['’](?!s\b)(?=\w)|['’](?=\s[A-Z]))*)"
)
RUN = re.compile(rf"{WORD}(?:\s(?:{_PARTICLE}\s){{0,2}}{WORD})*")
# A word from its capital on. A search begins here, not with WORD: a pattern whose first character
# is of one class skips to the next capital at once, in ranges sooner than by what a capital is not.
_FROM_CAPITAL = (
    r"[A-Z\u0080-\U0010ffff](?<=[^\W\d_a-z])"
    r"(?:(?<=[A-Z])\.|(?:(?<=D)r|(?<=M)rs?|(?<=M)s|(?<=P)rof|(?<=S)t|(?<=R)ev|(?<=C)apt"
    r"|(?<=G)en|(?<=C)ol|(?<=S)gt)\.|(?:[\w-]|['’](?!s\b)(?=\w)|['’](?=\s[A-Z]))*)"
)
_RUN_FROM = re.compile(rf"{_FROM_CAPITAL}(?:\s(?:{_PARTICLE}\s){{0,2}}{WORD})*")
_PHRASE_FROM = re.compile(
    rf"{_FROM_CAPITAL}(?:\s(?:(?:of|for|and|&|on|de|des|du)\s)?"
    rf"(?:(?<=\sof\s)the\s|(?<=\sfor\s)the\s)?{WORD})+"
)
_PREFIX_ENDS = frozenset("-'’")
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:al|el)-", re.IGNORECASE)
_OPENERS = frozenset(  # begin sentences with a capital but name nobody
    "the a an and but or if in on at by for from to of as it its he she they we i you his her their"
    " our my your this that these those there here when while after before since until because"
    " although though yet so then now not no yes even still only also just both each every most"
    " many some several few all one two three four five six seven eight nine ten last next first"
    " second third monday tuesday wednesday thursday friday saturday sunday january february march"
    " april may june july august september october november december what who why how where which"
    " whether asked according with without under over between during despite instead however"
    " meanwhile again once never nobody neither another such back perhaps did does is was were has"
    " have had do are".split()
)
_LONGEST = 1000  # characters; a line of capitals is nobody's name
_COMPOUND = re.compile(r"[^\W\d_a-z][a-z]+-[a-z]+$")  # "Third-ranked"


class Run(NamedTuple):
    """Capitalised words in a row, openers left out, with where they stand."""

    name: str
    text: str
    start: int
    end: int


@bounded_cache(n_chars=1 << 21)
def runs_in(text: str) -> tuple[Run, ...]:
    """Runs of capitalised words, in order: "Ola Berg", "Harbour Board", "Monday" left out."""
    new = tuple.__new__
    return tuple(
        new(Run, (name, text, start, end))
        for start, end in _stretches(_RUN_FROM, text)
        if (name := without_opener(text[start:end]))
    )


def phrases_in(text: str) -> list[str]:
    """Two capitalised words or more in a row, "of the" and its like between them included.

    Examples
    --------
    >>> phrases_in("Berg of the Union of al-Tarn met Hale.")
    ['Berg of the Union of al-Tarn']
    """
    return [text[start:end] for start, end in _stretches(_PHRASE_FROM, text)]


def _stretches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where a pattern matches from a capital on, the prefix before the capital taken in."""
    for match in pattern.finditer(text):
        start, end = match.span()
        if end - start > _LONGEST:
            continue
        if text[start - 1 : start] in _PREFIX_ENDS and start > 1:
            before = text[max(0, start - 3) : start]
            start -= 3 if before in ("al-", "el-") else 2 if before[-2:] in ("d'", "d’") else 0
        yield start, end


@lru_cache(maxsize=4096)
def without_opener(name: str) -> str:
    """A run without the words before the name that only a sentence's start capitalises."""
    words = name.split()
    while words and (
        words[0].lower().strip(".") in _OPENERS
        or ("-" in words[0] and _COMPOUND.match(words[0]) is not None)
    ):
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=4096)
def without_titles(name: str) -> str:
    """A name without the titles before it.

    Examples
    --------
    >>> without_titles("Deputy Energy Minister Ola Berg"), without_titles("Dr. Berg")
    ('Ola Berg', 'Berg')
    """
    words = name.split()
    if len(words) == 1:
        return words[0]
    titled = [i for i, word in enumerate(words[:-1]) if word.lower().strip(".,") in TITLES]
    return " ".join(words[titled[-1] + 1 :] if titled else words)


@lru_cache(maxsize=4096)
def last_name(name: str) -> str:
    """What later mentions of a person share: the last word, its article prefix left out."""
    words = name.split()
    last = words[-1].strip(".,’'") if words else ""
    return (_PREFIX.sub("", last) if "-" in last else last).casefold()


def same_voice(first: str, second: str) -> bool:
    """Whether two names of a voice are one: case, article and titles aside.

    Examples
    --------
    >>> same_voice("the Harbour Board", "Harbour Board"), same_voice("Dr. Ola Berg", "Ola Berg")
    (True, True)
    """
    return _comparable(first) == _comparable(second)


def _comparable(name: str) -> str:
    name = _DETERMINER.sub("", name.replace("’", "'").strip())
    return without_titles(name).casefold()
