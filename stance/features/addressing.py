"""Whether a passage addresses its target at all: a stance is asked only where it does."""

from __future__ import annotations

import re

from stance.features.frame import content_words
from stance.passage import Passage

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ings", "ing", "ers", "ies", "ied", "ed", "es", "er", "ly", "s")
_MIN_STEM = 4


def is_addressed(passage: Passage) -> bool:
    """Whether the target has a mention, or the text any word of its name but for the ending.

    Of all pairs of a paragraph and a target of its article in the sample corpus, this finds 49 % of
    the addressed ones on train and 57 % on validation, and is right in 70 and 77 % of what it
    finds. Half of the name's words or more: 44 and 39 % found, 74 and 80 % right. A pronoun, or
    another word for the same thing, escapes it: give the mentions where they are known.

    Examples
    --------
    >>> is_addressed(Passage("The ferry sank.", target="night ferries"))
    True
    >>> is_addressed(Passage("It rained.", target="night ferries"))
    False
    """
    if any(span.end > span.start for span in passage.mentions):
        return True
    theirs = {_stem(word) for word in content_words(passage.target)}
    return any(_stem(word) in theirs for word in _WORD.findall(passage.text.lower()))


def _stem(word: str) -> str:
    """The word without its ending; "ferries" and "ferry" become one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            return word[: -len(ending)].removesuffix("y")
    return word.removesuffix("y")
