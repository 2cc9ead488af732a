"""Opinion words: what thousands of English words say of those they are said of.

The lists stand in the folder ``lexicons``, written for this package. A line is a class, its
polarity (-3 to 3; of a verb, that of its subject and that of its object) and its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from stance.features.inflection import adjective_forms, plural, verb_forms

REVERSING = 9
"""Object polarity of a verb that is good for its subject where its object is bad: "end"."""
CAUSING = 8
"""Object polarity of a verb whose subject is as good as its object: "cause", "face"."""


class Word(NamedTuple):
    """What one word says.

    Parameters
    ----------
    kind : {"v", "n", "a", "r", "p"}
        Verb, noun, adjective, adverb or phrase.
    name : str
        Class of the word ("praise").
    subject, object : int
        Polarity, -3 to 3, of who does it and of whom it is done to. Words that are no verbs have
        one polarity, that of what they are said of: ``object``.
    """

    kind: str
    name: str
    subject: int
    object: int


@cache
def opinion_words() -> dict[str, tuple[Word, ...]]:
    """Every form of every listed word, in lower case, with all that it may be.

    Examples
    --------
    >>> opinion_words()["praised"]
    (Word(kind='v', name='praise', subject=0, object=2),)
    >>> [word.kind for word in opinion_words()["support"]]
    ['v', 'n']
    """
    found: dict[str, dict[str, Word]] = {}
    for form, word in _all_words():
        found.setdefault(form, {}).setdefault(word.kind, word)
    return {form: tuple(words.values()) for form, words in found.items()}


@cache
def opinion_phrases() -> dict[str, tuple[tuple[tuple[str, ...], Word], ...]]:
    """Phrases by their first word, longest first.

    Examples
    --------
    >>> opinion_phrases()["blind"][0][0]
    ('blind', 'eye')
    """
    found: dict[str, list[tuple[tuple[str, ...], Word]]] = {}
    for name, polarity, words in _lines("phrases"):
        for phrase in words:
            parts = tuple(phrase.split("_"))
            found.setdefault(parts[0], []).append((parts, Word("p", name, 0, int(polarity[0]))))
    return {
        first: tuple(sorted(phrases, key=lambda one: -len(one[0])))
        for first, phrases in found.items()
    }


@cache
def shifters() -> dict[str, tuple[str, ...]]:
    """Words that turn, weaken or strengthen others: all classes of each.

    Examples
    --------
    >>> shifters()["should"]
    ('modal', 'demand')
    """
    found: dict[str, list[str]] = {}
    for name, _, words in _lines("shifters"):
        for word in words:
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}


@cache
def classes() -> tuple[tuple[str, str], ...]:
    """Every class as (kind, name), in the order of the lists."""
    found = dict.fromkeys((word.kind, word.name) for _, word in _all_words())
    phrases = (phrase for group in opinion_phrases().values() for phrase in group)
    return tuple(found | dict.fromkeys((word.kind, word.name) for _, word in phrases))


def _all_words() -> Iterator[tuple[str, Word]]:
    for name, polarity, words in _lines("verbs"):
        word = Word("v", name, int(polarity[0]), int(polarity[1]))
        for lemma in words:
            yield from ((form, word) for form in verb_forms(lemma))
    for name, polarity, words in _lines("nouns"):
        word = Word("n", name, 0, int(polarity[0]))
        for noun in words:
            yield from ((form, word) for form in (noun, plural(noun)))
    for name, polarity, words in _lines("adjectives"):
        word = Word("a", name, 0, int(polarity[0]))
        for adjective in words:
            yield from ((form, word) for form in adjective_forms(adjective))
    for name, polarity, words in _lines("adverbs"):
        word = Word("r", name, 0, int(polarity[0]))
        yield from ((adverb, word) for adverb in words)


def _lines(name: str) -> Iterator[tuple[str, list[str], list[str]]]:
    text = files("stance.features").joinpath("lexicons", f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            head, _, words = line.partition(":")
            called, *polarity = head.split()
            yield called, polarity, words.split()
