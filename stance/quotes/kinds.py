"""The stretches of a quotation against the marks of its paragraph → its kind and its repairs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from stance.article import Span
from stance.quotes.marks import Quoted, inner_spans, overlapping
from stance.quotes.titles import is_title

Kind = Literal["direct", "indirect", "mixed"]
_WORD = re.compile(r"\w[\w’'.-]*")
_CLAUSE = re.compile(r"(?:that|whether)\b")


def n_words_marked(text: str, content: Sequence[Span], quoted: Sequence[Quoted]) -> tuple[int, int]:
    """Words of a quotation that stand in marks, and those that do not; titles count as neither."""
    inside = outside = 0
    for span in content:
        marks = overlapping(quoted, span)
        is_named = [is_title(text, q) for q in marks]
        for word in _WORD.finditer(text, span.start, span.end):
            at = bisect_right(marks, word.start(), key=lambda q: q.start) - 1
            if at < 0 or word.start() >= marks[at].end:
                outside += 1
            elif not is_named[at]:
                inside += 1
    return inside, outside


def marks_around(
    text: str, content: Sequence[Span], quoted: Sequence[Quoted], *, is_nested: bool
) -> Sequence[Quoted]:
    """The marks that count for a quotation: of one within another, those inside the other's."""
    if not is_nested:
        return quoted
    start, end = content[0].start, content[-1].end
    for q in overlapping(quoted, (start, end)):
        if q.start <= start and end <= q.end and (q.start, q.end) != (start, end):
            return inner_spans(text, q)
    return quoted


def kind_of(inside: int, outside: int) -> Kind:
    """Direct where all words stand in marks, indirect where none do.

    Examples
    --------
    >>> kind_of(5, 0), kind_of(2, 3), kind_of(0, 4)
    ('direct', 'mixed', 'indirect')
    """
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def begins_clause(text: str, span: Span) -> bool:
    """Whether a stretch begins with "that": no speaker's own words, whatever mark ends it."""
    return _CLAUSE.match(text, span.start, span.end) is not None


def repairs_of(content: Sequence[Span], quoted: Sequence[Quoted]) -> Iterator[str]:
    """Flags for the marks that are missing at the ends of quoted stretches in a quotation."""
    for q in (q for span in content for q in overlapping(quoted, span)):
        if not q.is_closed:
            yield "unclosed"
        if not q.is_opened:
            yield "unopened"
