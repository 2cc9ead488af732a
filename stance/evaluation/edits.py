"""Edits: small changes of a passage's text that leave, or turn, what it says.

Each edit is a stretch and what takes its place, so that mentions move along with the text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from types import MappingProxyType

from stance.article import Span
from stance.evaluation.renaming import new_names, renamed
from stance.quotes.marks import quoted_spans


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


Rewriter = Callable[[str], list[Edit]]

_WIDE_MARKS = ("''", "``", ",,", "’’", "‘‘")
_STRAIGHT = MappingProxyType({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-"})
_WORD = re.compile(r"[^\W\d_]{5,}")
_WORDS_PER_TYPO = 12
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|must|may|might|has|have|had|does|do|did)\b"
    r"(?!\s+not\b|n['’]t)",
    re.IGNORECASE,
)


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with every edit made.

    Examples
    --------
    >>> apply_edits("a – b…", [Edit(2, 3, "-"), Edit(5, 6, "...")])
    'a - b...'
    """
    parts, end = [], 0
    for edit in edits:
        parts += [text[end : edit.start], edit.new]
        end = edit.end
    return "".join([*parts, text[end:]])


def moved(span: Span, edits: Sequence[Edit]) -> Span:
    """Where a stretch of the old text stands in the new one.

    Examples
    --------
    >>> moved(Span(4, 6), [Edit(0, 1, ""), Edit(4, 5, "...")])
    Span(start=3, end=7)
    """
    start = _moved(span.start, edits, is_end=False)
    return Span(start, max(start, _moved(span.end, edits, is_end=True)))


def rewriter(name: str, texts: Sequence[str], *, seed: int = 0) -> Rewriter:
    """What changes the texts of one article.

    Parameters
    ----------
    name : str
        A key of ``EDITS``, or ``"names"``.
    texts : sequence of str
        The article's paragraphs: ``names`` looks for people in all of them, so that one person has
        one new name throughout.
    seed : int
        Of typos and names; a text of the same words is always changed alike.
    """
    if name == "names":
        names = new_names(texts, seed=seed)
        return lambda text: [Edit(*place) for place in renamed(text, names)]
    if name == "typos":
        return partial(_mistyped, seed=seed)
    return EDITS[name]


def _other_marks(text: str) -> list[Edit]:
    """“Curly” or straight marks become «guillemets», guillemets become “curly”."""
    edits = []
    for quoted in quoted_spans(text):
        is_guillemet = text[quoted.start] in "«»"
        opening, closing = ("“", "”") if is_guillemet else ("«", "»")
        if quoted.is_opened:
            width = 2 if text.startswith(_WIDE_MARKS, quoted.start) else 1
            edits.append(Edit(quoted.start, quoted.start + width, opening))
        if quoted.is_closed:
            width = 2 if text[: quoted.end].endswith(_WIDE_MARKS) else 1
            edits.append(Edit(quoted.end - width, quoted.end, closing))
    return _in_order(edits)


def _unclosed(text: str) -> list[Edit]:
    """The last quotation loses the mark that closes it."""
    closed = [quoted for quoted in quoted_spans(text) if quoted.is_opened and quoted.is_closed]
    if not closed:
        return []
    end = closed[-1].end
    width = 2 if text[:end].endswith(_WIDE_MARKS) else 1
    return [Edit(end - width, end, "")]


def _typography(text: str) -> list[Edit]:
    """Curly marks, dashes and … become plain; marks of a text without any become curly."""
    plain = [
        Edit(i, i + 1, "..." if char == "…" else _STRAIGHT[char])
        for i, char in enumerate(text)
        if char == "…" or char in _STRAIGHT
    ]
    if plain:
        return plain
    edits = [Edit(m.start(), m.end(), "’") for m in re.finditer(r"(?<=\w)'(?=\w)", text)]
    for quoted in quoted_spans(text):
        if quoted.is_opened and text[quoted.start] == '"':
            edits.append(Edit(quoted.start, quoted.start + 1, "“"))
        if quoted.is_closed and text[quoted.end - 1] == '"':
            edits.append(Edit(quoted.end - 1, quoted.end, "”"))
    return _in_order(edits)


def _lower(text: str) -> list[Edit]:
    """Everything in lower case."""
    return [Edit(i, i + 1, char.lower()) for i, char in enumerate(text) if char != char.lower()]


def _mistyped(text: str, *, seed: int) -> list[Edit]:
    """Two neighbouring letters inside one long word of twelve trade places, once at least."""
    words = list(_WORD.finditer(text))
    draw = Random(zlib.crc32(text.encode("utf-8", "surrogatepass")) + seed)
    edits = []
    for word in draw.sample(words, k=min(len(words), 1 + len(words) // _WORDS_PER_TYPO)):
        at = word.start() + draw.randrange(1, len(word.group()) - 2)
        pair = text[at : at + 2]
        if pair[0] != pair[1]:
            edits.append(Edit(at, at + 2, pair[::-1]))
    return _in_order(edits)


def _negated(text: str) -> list[Edit]:
    """A "not" after the first auxiliary verb; without one, the whole is called untrue."""
    if not text.strip():
        return []
    found = _AUXILIARY.search(text)
    if found:
        return [Edit(found.end(), found.end(), " not")]
    return [Edit(0, 0, "It is not true that ")]


def _moved(place: int, edits: Sequence[Edit], *, is_end: bool) -> int:
    shift = 0
    for edit in edits:
        if edit.end <= place and (edit.end > edit.start or not is_end):
            shift += len(edit.new) - (edit.end - edit.start)
        elif edit.start < place < edit.end:  # cut in two: the whole replacement belongs to it
            return edit.start + shift + (len(edit.new) if is_end else 0)
    return place + shift


def _in_order(edits: list[Edit]) -> list[Edit]:
    return list(_apart(sorted(edits, key=lambda edit: edit.start)))


def _apart(edits: list[Edit]) -> Iterator[Edit]:
    end = 0
    for edit in edits:
        if edit.start >= end:
            yield edit
            end = edit.end


EDITS: MappingProxyType[str, Rewriter] = MappingProxyType(
    {
        "marks": _other_marks,
        "unclosed": _unclosed,
        "typography": _typography,
        "case": _lower,
        "negation": _negated,
    }
)
"""Edits that need nothing but the text."""
