"""A sentence → its words, marks and masked quotations; the closed word classes of English."""

from __future__ import annotations

import re
from functools import cached_property

from stance.quotes.marks import MASK

_TOKEN = re.compile(
    rf"{MASK}+"
    r"|(?=[A-Z])(?:(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|St|Sgt|Col|Gen|Lt|Capt|Rev)\."
    r"|[A-Z]\.(?=\s[A-Z]))|\d[\d.,]*\d"
    # The apostrophe of a plural possessive, or one that ends a transliterated name.
    r"|\w+(?:[.’'&/-]\w+)*(?:(?<=s)[’'](?=\s\w)|[’'](?=\s[A-Z]))?|\S"
)

PRONOUNS = frozenset("he she they we i it who".split())
POSSESSIVES = {"his": "he", "her": "she", "their": "they", "its": "it", "my": "i", "our": "we"}
QUANTITIES = frozenset(
    "one two three four five six seven eight nine ten eleven twelve dozens hundreds several some"
    " many most both all few each neither either another".split()
)
DETERMINERS = (
    frozenset("the a an other his her its their our my this these those no every".split())
    | QUANTITIES
)
AUXILIARIES = frozenset(
    "has have had having was were is are am be been being do does did would could should may might"
    " will can must cannot shall ought isn't wasn't aren't weren't hasn't haven't hadn't doesn't"
    " don't didn't won't can't couldn't wouldn't shouldn't isn’t wasn’t aren’t weren’t hasn’t"
    " haven’t hadn’t doesn’t don’t didn’t won’t can’t couldn’t wouldn’t shouldn’t".split()
)
ADVERBS = frozenset(
    "also later then again not never now once still further first previously recently however"
    " meanwhile long even just soon only often yesterday today earlier afterwards afterward always"
    " already too tonight rightly n't himself herself itself themselves there here so instead"
    " therefore perhaps else sometimes thus".split()
)
PREPOSITIONS = frozenset(
    "of for from at in on by with to about into over under during without within through against"
    " between among upon like near outside inside around since regarding behind across beside"
    " beyond above below after before until despite close nearest next via".split()
)
CONJUNCTIONS = frozenset(
    "and but while because although though when as if where that which so yet whereas than or nor"
    " what how why whom whose whether unless".split()
)
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june"
    " july august september october november december yesterday today tonight week month year"
    " weekend morning evening afternoon night spring summer autumn winter noon time day days weeks"
    " months years".split()
)
_CLOSED = AUXILIARIES | ADVERBS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | {"there"}
_ARTICLE_PREFIXES = ("al-", "el-", "d'", "d’")


class Token:
    """A word, a mark, or a masked quotation, with its offsets in the sentence."""

    __slots__ = ("__dict__", "end", "lower", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.lower = text.lower()

    @cached_property
    def is_capitalised(self) -> bool:
        """Whether the word begins with a capital, a prefix like "al-" left out."""
        text = self.text
        if self.lower.startswith(_ARTICLE_PREFIXES):
            text = text[_prefix_length(text) :]
        return text[:1].isupper()

    @property
    def is_word(self) -> bool:
        """Whether this is a word or a number."""
        return self.text[0].isalnum()

    @property
    def is_mask(self) -> bool:
        """Whether this stands in for a quotation."""
        return self.text[0] == MASK

    @cached_property
    def is_closed(self) -> bool:
        """Whether the word belongs to a closed class and so is no noun; "May" is a month."""
        return self.lower in _CLOSED and not (self.is_capitalised and self.lower == "may")


def tokens_of(sentence: str) -> list[Token]:
    """Words, punctuation marks and masked quotations of a sentence.

    Examples
    --------
    >>> [token.text for token in tokens_of("Bakers' Union, U.S. wing: it's Sama' Tarn.")]
    ["Bakers'", 'Union', ',', 'U.S.', 'wing', ':', "it's", "Sama'", 'Tarn', '.']
    """
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(sentence)]


def _prefix_length(text: str) -> int:
    return 3 if text[2:3] == "-" else 2
