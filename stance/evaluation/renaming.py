"""Renaming: the people of an article under other names, each under one name throughout."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from random import Random

# "Ola Berg", "Ola van der Berg": capitalised words in a row that do not begin a sentence. What is
# known to be no person (a body, a place, a title) keeps its name; so does what is written small
# elsewhere in the article.
_FULL_NAME = re.compile(
    r"(?<=[\w,;:“\"] )(?<![.!?] )([^\W\d_a-z][a-zà-ÿ'’-]+) (?:(?:al|van|von|der|de|di|da|la|du) )*"
    r"([^\W\d_a-z][a-zà-ÿ'’-]{2,})(?![\w’'-]*\w)(?! [A-Z])"
)
_NO_PERSON = frozenset(
    "a act after agency airport an and appeal april army as assembly at august authority bank"
    " bay beacon before bill bloc board bridge but cape captain center central centre chamber"
    " chief city club coalition college colonel commission committee company congress council"
    " county court cup december department dr east eastern february federal ferries for force"
    " forces forks fort foundation friday gate gazette general governor grand great group"
    " guard harbour he her herald high his hospital house i if in institute island islands"
    " isle it its january journal judge july junction june justice king lady lake lakes law"
    " league line lord lower march marine may mayor media minister ministry monday mount mr"
    " mrs ms museum my national new news north northern november october of office old on our"
    " park parliament party plains police port post prairie president press prime prince"
    " professor public queen radio republic review river road royal saturday school senator"
    " september she since sir society south southern square state station street sunday"
    " supreme that the their these they this those thursday times tribune trust tuesday union"
    " university upper valley we wednesday west western when while you your".split()
)
# Names of no person in particular; an article is unlikely to hold one of them.
_FIRST = "Ilvar Maren Tobin Sarelle Aldo Brisa Joren Keziah Lorne Odalys Perrin Rutha".split()
_LAST = (
    "Quenby Arvidal Tresco Holmgard Basterra Dunvale Orlitz Femberg Castane Wexbury Lindoro"
    " Marquand Sandrell Ostrava Pellmore Guthane Ridolfi Yarnold Zemke Corbray"
).split()


def new_names(texts: Sequence[str], *, seed: int = 0) -> dict[str, str]:
    """What each word of a person's name becomes.

    People are told by their full names ("Ola Berg") inside a sentence; what looks like one and is
    none (a firm, a village) gets a new name too.

    Parameters
    ----------
    texts : sequence of str
        The paragraphs of one article.
    seed : int

    Examples
    --------
    >>> sorted(new_names(["It was Ola Berg who left. Berg was ill."]))
    ['Berg', 'Ola']
    """
    people = _people(texts)
    draw = Random(seed + sum(zlib.crc32(" ".join(name).encode()) for name in people))
    last, first = draw.sample(_LAST, k=len(_LAST)), draw.sample(_FIRST, k=len(_FIRST))
    names: dict[str, str] = {}
    for i, (given, family) in enumerate(people):
        names.setdefault(given, first[i % len(first)])
        names.setdefault(family, last[i % len(last)])
    return names


def renamed(text: str, names: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Start and end of every word of a name in a text, and the word in its place.

    Examples
    --------
    >>> list(renamed("Berg's ferry", {"Berg": "Tresco"}))
    [(0, 4, 'Tresco')]
    """
    if names:
        words = "|".join(map(re.escape, sorted(names, key=lambda word: (-len(word), word))))
        for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text):
            yield match.start(), match.end(), names[match.group()]


def _people(texts: Sequence[str]) -> list[tuple[str, str]]:
    """First and last names of an article's people, by first appearance of the last name."""
    small = {word for text in texts for word in re.findall(r"[^\W\d_]+", text) if word.islower()}
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        for match in _FULL_NAME.finditer(text):
            words = [word.removesuffix("'s").removesuffix("’s") for word in match.groups()]
            if not any(w.lower() in _NO_PERSON or w.lower() in small for w in words):
                found.setdefault(words[1], (words[0], words[1]))
    return list(found.values())
