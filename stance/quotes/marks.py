"""Quotation marks → quoted stretches of one paragraph, also where marks are missing or mixed.

The handling assumes no language: curly, straight, doubled, guillemets in both directions and
low-high marks. A mark that never closes runs to the end of the paragraph (or to the next opening
mark); one that never opens reaches back to the start of its sentence. Both are flagged.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from stance.bounded_cache import bounded_cache

MASK = "\x01"
"""What stands in for quoted characters where only the words around them count."""

_MARK = re.compile(r"[“”„‟«»\"＂「」『』]|''|``|,,(?=\w)|’’|‘‘")
_SINGLE_MARK = re.compile(r"[“”„‟«»\"＂「」『』]")
_DOUBLED = ("''", "``", ",,", "’’", "‘‘")
_OPENING = frozenset(("“", "„", "‟", "«", "``", ",,", "‘‘", "「", "『"))
_CLOSING = frozenset(("”", "»", "’’", "」", "』"))
# What closes a quotation although it opens others: „low-high“ and »inward« styles.
_CLOSED_BY = {"„": "“", ",,": "“", "»": "«", "”": "”"}
_STRAIGHT = ('"', "＂")
_BEFORE_OPENING = "([{—–-/:" + "".join(_OPENING)
_KINDS = ("“", "«", "„", "「", "『", "``", "‘‘", "»", '"', "＂")
# ‘Single’ marks count only as a pair around words, or they are apostrophes.
_SINGLE = re.compile(
    r"(?<!\w)‘([^‘’]*(?:\w’\w[^‘’]*)*)’(?!\w)|(?<![\w'])'([^'\n]*(?:\w'\w[^'\n]*)*)'(?![\w'])"
)
_PAIRS = {"“": "”", "«": "»", "„": "“”", "「": "」", "『": "』", "``": "''", "‘‘": "’’", "»": "«"}
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch inside quotation marks, marks included.

    Parameters
    ----------
    start, end : int
        Half-open character offsets into the paragraph.
    is_opened, is_closed : bool
        Whether the mark on that side stands in the text; False where it had to be supplied.
    """

    start: int
    end: int
    is_opened: bool = True
    is_closed: bool = True


def quoted_spans(text: str, *, is_open: bool = False) -> list[Quoted]:
    """Quoted stretches of a paragraph, in order and without overlap.

    Parameters
    ----------
    text : str
        One paragraph.
    is_open : bool
        Whether the paragraph before ended inside a quotation that had not closed. It goes on in
        this one where a closing mark comes before any opening one.

    Examples
    --------
    >>> text = "“Go,” she said. “There is nothing to stay for."
    >>> [(text[q.start:q.end], q.is_closed) for q in quoted_spans(text)]
    [('“Go,”', True), ('“There is nothing to stay for.', False)]
    >>> text = "He knew. It was over.” They left."
    >>> [(text[q.start:q.end], q.is_opened) for q in quoted_spans(text)]
    [('It was over.”', False)]
    """
    return list(_spans(text, is_open))


@bounded_cache(n_chars=1 << 21)
def _spans(text: str, is_open: bool) -> tuple[Quoted, ...]:
    """Cached: whether a paragraph ends open is asked right after its quotations are."""
    spans: list[Quoted] = []
    opened: tuple[int, str] | None = None
    # Without doubled marks one class of characters will do, which is searched far faster.
    pattern = _SINGLE_MARK
    for mark in _DOUBLED:
        if mark in text:
            pattern = _MARK
    for match in pattern.finditer(text):
        mark, at = match.group(), match.start()
        if _opens(text, match, opened[1] if opened else ""):
            if opened:
                spans.append(Quoted(opened[0], _trimmed(text, at), is_closed=False))
            opened = (at, mark)
        elif opened:
            spans.append(Quoted(opened[0], match.end()))
            opened = None
        else:
            floor = spans[-1].end if spans else 0
            start = 0 if is_open and not spans else _sentence_start(text, at, floor)
            spans.append(Quoted(start, match.end(), is_opened=False))
    if opened:
        spans.append(Quoted(opened[0], len(text.rstrip()), is_closed=False))
    return tuple(spans or _single_spans(text))


def nested_spans(text: str) -> list[Quoted]:
    """Outer quotations of a paragraph whose marks of several kinds nest without fault.

    Empty where they do not, or where no quotation lies within another: there, ``quoted_spans``
    tells. It takes every mark that opens for a new quotation, the one before never having closed,
    and so mends what a writer forgot; trained models have what it finds among their features.

    Examples
    --------
    >>> text = "«She called it “a wreck” and left,» he said."
    >>> [text[q.start:q.end] for q in nested_spans(text)]
    ['«She called it “a wreck” and left,»']
    """
    return [Quoted(start, end) for start, end, depth in _nested(text) if depth == 0]


def inner_spans(text: str, span: Quoted) -> list[Quoted]:
    """Quoted stretches within a quotation, in marks of another kind or single ones.

    Examples
    --------
    >>> text = "«She called it “a wreck” and left.»"
    >>> [text[q.start:q.end] for q in inner_spans(text, Quoted(0, len(text)))]
    ['“a wreck”']
    """
    nested = [Quoted(a, b) for a, b, depth in _nested(text) if depth == 1]
    within = [q for q in nested if span.start < q.start and q.end <= span.end]
    if within:
        return within
    start, end = span.start + span.is_opened, span.end - span.is_closed
    return [
        Quoted(start + q.start, start + q.end)
        for q in _single_spans(text[start:end])
        if q.end - q.start < end - start
    ]


def overlapping(quoted: Sequence[Quoted], span: tuple[int, int]) -> Sequence[Quoted]:
    """Those of a paragraph's quotations, in order, that share characters with a stretch."""
    first = bisect_right(quoted, span[0], key=lambda q: q.end)
    return quoted[first : bisect_left(quoted, span[1], key=lambda q: q.start)]


@bounded_cache(n_chars=1 << 19)
def _nested(text: str) -> list[tuple[int, int, int]]:
    """Start, end and depth of every quotation, where marks of several kinds nest without fault.

    Empty where they do not, or where no quotation lies within another.
    """
    if not text.isascii() and sum(mark in text for mark in _KINDS) < 2:
        return []
    if text.isascii() and not ('"' in text and "``" in text):
        return []
    stack: list[tuple[int, str]] = []
    found: list[tuple[int, int, int]] = []
    for match in _MARK.finditer(text):
        mark = match.group()
        is_after_word = bool(text[max(0, match.start() - 1) : match.start()].strip())
        is_closing = bool(stack) and mark in _PAIRS.get(stack[-1][1], stack[-1][1])
        if is_closing and (mark not in _STRAIGHT or is_after_word):
            found.append((stack.pop()[0], match.end(), len(stack)))
        elif (
            (mark in _PAIRS or mark in _STRAIGHT)
            and (not is_after_word or text[match.start() - 1] in _BEFORE_OPENING)
            and mark not in [one for _, one in stack]
        ):
            stack.append((match.start(), mark))
        else:
            return []
    if stack or not any(depth for _, _, depth in found):
        return []
    return sorted(found)


def ends_open(text: str) -> bool:
    """Whether a paragraph ends inside a quotation that has not closed.

    Examples
    --------
    >>> ends_open("“We left."), ends_open("“We left,” he said.")
    (True, False)
    """
    spans = _spans(text, False)
    return bool(spans) and not spans[-1].is_closed


def _opens(text: str, match: re.Match[str], opened: str) -> bool:
    """Whether a mark opens a quotation, by its shape and by what stands on either side."""
    mark = match.group()
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    if opened and _CLOSED_BY.get(opened) == mark:
        return False
    leans_right = (not before or before.isspace() or before in "([{—–-/:") and bool(after.strip())
    if mark in _OPENING:
        # German text closes with the mark that English opens with.
        return leans_right or not opened or before.isspace()
    if mark in _CLOSING:
        # ”Leaning right” inside a quotation: the old never closed, the new one is mistyped.
        return leans_right and (not opened or (before.isspace() and after.isalnum()))
    if opened:
        # A straight mark that leans right inside a quotation begins a new one, the old never
        # having closed; where the writer left a blank before a closing mark, it does not.
        ends_before = text[max(0, match.start() - 3) : match.start()].rstrip()[-1:] in ".!?…"
        return leans_right and after.isupper() and (opened == mark or ends_before)
    return leans_right


def _single_spans(text: str) -> list[Quoted]:
    if "‘" not in text and "'" not in text:
        return []
    return [
        Quoted(match.start(), match.end())
        for match in _SINGLE.finditer(text)
        if (match.group(1) or match.group(2) or "").strip()
    ]


def _sentence_start(text: str, at: int, floor: int) -> int:
    """Start of the sentence that holds offset ``at``; never before ``floor``."""
    # A full stop right before the mark belongs to the quoted sentence itself.
    starts = [match.end() for match in _SENTENCE_START.finditer(text, floor, max(floor, at - 1))]
    return starts[-1] if starts else floor


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end
