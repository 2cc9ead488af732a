"""The rules of this room as a finder of attributed spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from stance.article import Span
from stance.quotes.attribution import Attribution, Speech, speech_of
from stance.quotes.further import further_attributions, mended
from stance.quotes.marks import MASK, ends_open, nested_spans
from stance.quotes.sentences import masked
from stance.quotes.spans import AttributedSpans

PROBABILITIES = {"according": 0.89, "label": 0.59}
"""Share of a class's attributions whose content shares more than half of all characters with one
that people marked, on PolNeAR's dev split: 38 and 22 attributions."""
_USUAL = 0.72  # of the other 1,067

_EDGES = " \t,;:—–-"
_CLAUSE = re.compile(r"\s*(?:[\w’'.-]+,?\s+){0,8}?((?:that|whether|how|why)\b)", re.IGNORECASE)
_TO = re.compile(r"\s*(?:[\w’'.-]+\s+){1,6}?((?:not\s)?to\b)", re.IGNORECASE)
_ASIDE = re.compile(
    r"\s*,?\s*(?:and|but|then|so|who|whom|whose|which|adding|speaking|referring|as|while|after|before|during|when"
    r"|in|on|at|from|by|with|to|last|this)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"[,:—–]\s*$")
_LONG_MARK = 20  # characters; a shorter one may be a word of a sentence: “a disgrace” to us all
_JOINED = re.compile(r"\s*(?:,|and\b|but\b)")
_ORDERS = frozenset(("urge", "promise", "ask"))


class RuleFinder:
    """Attributions by rules alone: no training, and nothing to load.

    Examples
    --------
    >>> text = "The dam will hold, the mayor said on Monday."
    >>> (found,) = RuleFinder().find([text])[0]
    >>> [text[start:end] for start, end in (*found.content, *found.cue, *found.source)]
    ['The dam will hold', 'said', 'the mayor']
    """

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        """Attributions of each paragraph of one article, in reading order."""
        found = []
        is_open = False
        for text in paragraphs:
            # Called as speech_in calls it, whose answers are kept.
            speech = speech_of(text, is_open=is_open)
            if nested_spans(text):
                speech = speech_of(text, nests=True)
            found.append(_in_paragraph(text, speech))
            is_open = ends_open(text)
        return found


def within_quotation(text: str) -> tuple[AttributedSpans, ...]:
    """Attributions in the words of somebody else."""
    return _in_paragraph(text, speech_of(text))


def _in_paragraph(text: str, speech: Speech) -> tuple[AttributedSpans, ...]:
    outside = masked(text, [q for q in speech.quoted if q.is_opened])
    found: list[AttributedSpans] = []
    for given in speech.attributions:
        if _is_name(text, given.cue):
            continue
        attribution = mended(outside, given)
        contents = _before_sentence(speech, outside, attribution)
        contents = contents or _contents(outside, attribution)
        if contents:
            source = attribution.source
            found.append(
                AttributedSpans(
                    contents,
                    (attribution.cue,),
                    (source,) if source.end > source.start else (),
                    PROBABILITIES.get(attribution.cue_class, _USUAL),
                )
            )
    taken = sorted(span for one in found for span in one.content)
    ends = [end for _, end in taken]
    cues = sorted(one.cue[0].start for one in found)
    for more in further_attributions(outside, cues):
        start, end = min(more.cue[0], more.content[0]).start, more.content[-1].end
        at = bisect_right(ends, start)
        if at == len(taken) or taken[at].start >= end:
            found.append(more)
    return tuple(found)


def _is_name(text: str, cue: Span) -> bool:
    """Whether a cue is part of a name, as in "the United States": no verb has a capital there."""
    return text[cue.start].isupper() and text[: cue.start].rstrip()[-1:].isalnum()


def _before_sentence(speech: Speech, outside: str, attribution: Attribution) -> tuple[Span, ...]:
    """The quotation right before an attribution that begins a sentence: “Why?” Hale asked."""
    begins = min(attribution.source.start, attribution.cue.start)
    contents = attribution.contents
    if any(start < begins or MASK in outside[start:end] for start, end in contents):
        return ()
    k = bisect_right(speech.quoted, begins, key=lambda q: q.end) - 1
    if k < 0 or attribution.cue_class == "label" or outside[speech.quoted[k].end : begins].strip():
        return ()
    return (Span(speech.quoted[k].start, speech.quoted[k].end),)


def _contents(outside: str, attribution: Attribution) -> tuple[Span, ...]:
    """The contents of an attribution, what only leads up to them or follows them cut off."""
    pieces = []
    for span in attribution.contents:
        is_before = span.end <= attribution.cue.start
        piece = _before(outside, span) if is_before else _after(outside, span, attribution)
        if piece is not None:
            pieces.append(piece)
    if len(pieces) > 1 and _CLAUSE.match(outside, pieces[-1].start, pieces[-1].end):
        first = outside[pieces[0].start : pieces[0].end]
        return tuple(pieces) if MASK in first else tuple(pieces[1:])  # In his turn, X said that …
    return tuple(pieces)


def _before(outside: str, span: Span) -> Span | None:
    mask = outside.find(MASK, span.start, span.end)
    lead = outside[span.start : mask] if mask > span.start else ""
    if lead and _LEAD.search(lead):  # Asked why, “…,” she said
        span = Span(mask, span.end)
    return _trimmed(outside, span)


def _after(outside: str, span: Span, attribution: Attribution) -> Span | None:
    tail = outside[span.start : span.end]
    mask = tail.find(MASK)
    clause = _CLAUSE.match(tail)
    if clause and (mask < 0 or clause.start(1) < mask):
        end = tail.find(";", clause.start(1)) if mask < 0 else -1
        end = span.end if end < 0 else span.start + end
        return _trimmed(outside, Span(span.start + clause.start(1), end))
    has_before = any(one.end <= attribution.cue.start for one in attribution.contents)
    if mask >= 0 and len(tail[:mask].split()) <= 8 and (has_before or _ends_lead(tail[:mask])):
        return _trimmed(outside, Span(span.start + mask, span.start + _end_of_marked(tail, mask)))
    is_aside = tail.lstrip()[:1] not in (",", "—", "–") or _ASIDE.match(tail) is not None
    if has_before and mask < 0 and attribution.cue_class != "according" and is_aside:
        return None
    if attribution.cue_class in _ORDERS and mask < 0:
        order = _TO.match(tail)
        if order:
            return _trimmed(outside, Span(span.start + order.start(1), span.end))
    if attribution.relay and tail.lstrip().startswith(attribution.relay):
        at = tail.index(attribution.relay) + len(attribution.relay)
        return _trimmed(outside, Span(span.start + at, span.end))
    return _trimmed(outside, span)


def _end_of_marked(tail: str, mask: int) -> int:
    """Where a quotation ends: behind its last mark where it is long, or more is joined on."""
    last = tail.rindex(MASK) + 1
    is_long = last - mask >= _LONG_MARK
    return last if is_long or _JOINED.match(tail, last) else len(tail)


def _ends_lead(lead: str) -> bool:
    return not lead.strip() or _LEAD.search(lead) is not None or len(lead.split()) <= 3


def _trimmed(outside: str, span: Span) -> Span | None:
    """A stretch without the blanks and marks of punctuation that join it to its neighbours."""
    start, end = span
    while start < end and outside[start] in _EDGES:
        start += 1
    while end > start and (outside[end - 1] in _EDGES or outside[end - 1] == "."):
        end -= 1
    return Span(start, end) if any(c.isalnum() or c == MASK for c in outside[start:end]) else None
