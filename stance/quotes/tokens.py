"""A sentence → its words, marks and masked quotations; the closed word classes of English."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from stance.article import Span
from stance.bounded_cache import BoundedCache
from stance.quotes.marks import MASK

_TOKEN = re.compile(
    # Most words are plain: they need none of what follows.
    r"[a-z]++(?![\w.’'&/-])"
    rf"|{MASK}+"
    r"|(?=[A-Z])(?:(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|St|Sgt|Col|Gen|Lt|Capt|Rev)\."
    r"|[A-Z]\.(?=\s[A-Z]))|\d[\d.,]*\d"
    # The apostrophe of a plural possessive, or one that ends a transliterated name.
    r"|\w+(?:[.’'&/-]\w+)*(?:(?<=s)[’'](?=\s\w)|[’'](?=\s[A-Z]))?|\S"
)
# A token and the blanks behind it: where it starts follows from what stands before it.
_PIECE = re.compile(rf"(?:{_TOKEN.pattern})\s*")

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


class Token(NamedTuple):
    """A word, a mark, or a masked quotation, wherever it stands.

    Parameters
    ----------
    text : str
    lower : str
        ``text`` in lower case.
    is_word : bool
        Whether this is a word or a number.
    is_mask : bool
        Whether this stands in for a quotation.
    is_capitalised : bool
        Whether the word begins with a capital, a prefix like "al-" left out.
    is_closed : bool
        Whether the word belongs to a closed class and so is no noun; "May" is a month.
    """

    text: str
    lower: str
    is_word: bool
    is_mask: bool
    is_capitalised: bool
    is_closed: bool


class Tokens(list[Token]):
    """The tokens of a sentence, in order, and where they stand in it.

    Tokens that read alike are one object: what tells them apart is their index.

    Parameters
    ----------
    tokens : iterable of Token
    starts : list of int
        Where each begins.
    """

    __slots__ = ("starts",)

    def __init__(self, tokens: Iterable[Token], starts: list[int]) -> None:
        super().__init__(tokens)
        self.starts = starts

    def span(self, first: int, last: int | None = None) -> Span:
        """From the beginning of one token to the end of another, or of the same."""
        last = first if last is None else last
        return Span(self.starts[first], self.starts[last] + len(self[last].text))

    def part(self, first: int, end: int) -> Tokens:
        """Some of the tokens in a row."""
        return Tokens(self[first:end], self.starts[first:end])

    def at(self, position: int) -> int:
        """Index of the first token that does not begin before ``position``."""
        return bisect_left(self.starts, position)


def _token(piece: str) -> Token:
    """A token from its text and the blanks behind it: most have been seen before."""
    text = piece.rstrip() or piece
    lower = text.lower()
    bare = text[_prefix_length(text) :] if lower.startswith(_ARTICLE_PREFIXES) else text
    is_capitalised = bare[:1].isupper()
    is_closed = lower in _CLOSED and not (is_capitalised and lower == "may")
    return Token(text, lower, text[0].isalnum(), text[0] == MASK, is_capitalised, is_closed)


_KNOWN = BoundedCache(_token, n_chars=1 << 22)


def tokens_of(sentence: str) -> Tokens:
    """Words, punctuation marks and masked quotations of a sentence.

    Examples
    --------
    >>> [token.text for token in tokens_of("Bakers' Union, U.S. wing: it's Sama' Tarn.")]
    ["Bakers'", 'Union', ',', 'U.S.', 'wing', ':', "it's", "Sama'", 'Tarn', '.']
    """
    # No matches, no objects: they took half of the time, and tokens are made by the thousand.
    pieces = _PIECE.findall(sentence)
    starts = list(accumulate(map(len, pieces), initial=len(sentence) - len(sentence.lstrip())))
    starts.pop()
    return Tokens(map(_KNOWN.__getitem__, pieces), starts)


def _prefix_length(text: str) -> int:
    return 3 if text[2:3] == "-" else 2
