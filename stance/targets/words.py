"""A text → its words as names are compared: lower case, accents and dots of acronyms gone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from stance.article import Span

# A dotted acronym is one word, with its last dot only where no sentence has to end in it.
WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_])+(?!\w)|\w+")
_ODD = re.compile(r"[^\x00-\x7f]")
_DROPPED = re.compile("[\u0300-\u036f\u0653-\u0655\u00ad\u200b\u2060\ufeff]")
_PLAIN = {
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "′": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ς": "σ",
}  # fmt: skip
_COMMON = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("\u00a0", " "))
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


class Word(NamedTuple):
    """A word of a text: compared by ``lower``, with its offsets in the folded text."""

    lower: str
    start: int
    end: int


class Folded(NamedTuple):
    """A text in the form in which names are compared.

    Parameters
    ----------
    text : str
        Accents taken off, quotation marks and dashes plain, case as it was.
    lower : str
        The same in lower case, as long as ``text``.
    origin : tuple of int or None
        Offset in the original of each character of ``text``, and the original's length at the
        end; None where the offsets are the same.
    """

    text: str
    lower: str
    origin: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """A stretch of ``text`` as a span of the original, invisible ones behind included."""
        if self.origin is None:
            return Span(start, end)
        return Span(self.origin[start], self.origin[end])


def folded(text: str) -> Folded:
    r"""A text folded for comparison.

    Examples
    --------
    >>> folded("Erdoğan’s").text
    "Erdogan's"
    >>> folded("Jose\u0301 said").span(0, 4)
    Span(start=0, end=5)
    """
    if text.isascii():
        return Folded(text, text.lower(), None)
    # One by one in C: most texts have no other odd characters than these.
    for odd, plain in _COMMON:
        text = text.replace(odd, plain)
    if text.isascii():
        return Folded(text, text.lower(), None)
    origin = None
    if _DROPPED.search(text):
        kept = [i for i, character in enumerate(text) if not _DROPPED.match(character)]
        origin = (*kept, len(text))
        text = "".join(text[i] for i in kept)
    text = _ODD.sub(lambda match: _plain(match.group()), text)
    lower = text.lower().replace("ς", "σ")
    if len(lower) != len(text):  # some letters grow
        lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return Folded(text, lower, origin)


def words_of(lower: str) -> list[Word]:
    """Words of a folded lower-case text, in order.

    Examples
    --------
    >>> [word.lower for word in words_of("the u.s.-led coalition's")]
    ['the', 'us', 'led', 'coalition', 's']
    """
    return [
        Word(match[0].replace(".", ""), match.start(), match.end())
        for match in WORD.finditer(lower)
    ]


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script that leaves no blanks between words (Chinese, Thai, …)."""
    return _UNSPACED.search(text) is not None


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not _DROPPED.match(c))
    return base if len(base) == 1 else character
