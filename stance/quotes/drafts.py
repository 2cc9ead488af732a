"""What a finder says of a paragraph, and its marks → drafts of the quotations in it.

The finder decides which quotations there are. The marks decide where the quoted stretches of
them begin and end, and add what stands in marks and the finder has missed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stance.article import Span
from stance.quotes.attribution import Speech
from stance.quotes.dialogue import Turn
from stance.quotes.marks import Quoted, inner_spans, overlapping
from stance.quotes.muteness import is_mute
from stance.quotes.rule_finder import within_quotation
from stance.quotes.spans import AttributedSpans
from stance.quotes.titles import is_speech, is_title

_WORD = re.compile(r"\w")
_SENTENCE_END = re.compile(r"[.!?…](?:\s|$)")
_MAX_GAP_WORDS = 15  # between a quotation and the one that goes on with it: “…,” she said. “…”
_MARKED = 0.8
_JOINING = frozenset(
    "a after an and as at before but by for from in of on or over the to under upon with".split()
)
_OPENING = "“„«\"'‘`”»「『＂,"


@dataclass(eq=False, slots=True)
class Draft:
    """A quotation of one paragraph in the making; offsets into the paragraph."""

    content: list[Span]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    probability: float = 1.0
    flags: set[str] = field(default_factory=set)
    parent: Draft | None = None

    @property
    def size(self) -> int:
        """Characters of content."""
        return sum(end - start for start, end in self.content)


def drafts_of(
    text: str, speech: Speech, found: Sequence[AttributedSpans], *, turn: Turn | None = None
) -> list[Draft]:
    """Quotations of a paragraph in reading order; contents nest, and overlap no other way.

    Parameters
    ----------
    text : str
    speech : Speech
        Of the paragraph: its marks count here.
    found : sequence of AttributedSpans
        What a finder says; stretches outside the text are cut to it.
    turn : Turn, optional
        The turn of a dialogue that the paragraph is: it holds what else is quoted.
    """
    drafts = [_draft(text, speech.quoted, one) for one in found]
    drafts = [draft for draft in drafts if draft.content and not _is_mute(text, draft)]
    if turn is not None:
        drafts = _in_turn(text, turn, drafts)
    _add_marked(text, speech, drafts)
    _add_inner(text, speech, drafts)
    drafts = _untangled(text, drafts)
    return sorted(drafts, key=lambda draft: (draft.content[0].start, -draft.size))


def _in_turn(text: str, turn: Turn, drafts: Sequence[Draft]) -> list[Draft]:
    """A turn and what it quotes; what only tells that it is one is left out."""
    content = [span for span in turn.content if _WORD.search(text, span.start, span.end)]
    if not content:
        return list(drafts)
    whole = Draft(content, turn.cue, turn.source, _MARKED, flags={"dialogue"})
    low = content[0].start
    inner = [
        draft
        for draft in drafts
        if draft.cue
        and draft.cue[0].start >= low
        and draft.size < whole.size
        and not any(cue in turn.cue for cue in draft.cue)
        and not any(text[a:b].lower() in ("i", "we") for a, b in draft.source)
    ]
    for draft in inner:  # "Berg: Your critics say …": the label is no part of who says it
        draft.source = tuple(Span(max(low, a), b) for a, b in draft.source if b > low)
    return [whole, *inner]


def _draft(text: str, quoted: Sequence[Quoted], one: AttributedSpans) -> Draft:
    content = [_snapped(text, quoted, span) for span in _within(text, one.content)]
    if len(content) == 1 and _is_title(text, quoted, content[0]):
        content = []
    return Draft(
        _joined(span for span in content if _WORD.search(text, span.start, span.end)),
        tuple(_within(text, one.cue)),
        tuple(span for span in _within(text, one.source) if _may_speak(text, span)),
        one.probability,
    )


def _is_mute(text: str, draft: Draft) -> bool:
    """Whether what is said to speak says nothing."""
    if not draft.cue or not draft.source:
        return False
    cue = Span(draft.cue[0].start, draft.cue[-1].end)
    return is_mute(text, draft.source[0], cue, content=draft.content)


def _may_speak(text: str, span: Span) -> bool:
    """Whether a source is more than a mark or a word that only joins others ("By tying …")."""
    words = text[span.start : span.end].strip().lower()
    return _WORD.search(words) is not None and words not in _JOINING


def _is_title(text: str, quoted: Sequence[Quoted], span: Span) -> bool:
    """Whether all that is said is the title of a work: "She read “Tarn at Night”"."""
    return any((q.start, q.end) == span and is_title(text, q) for q in overlapping(quoted, span))


def _within(text: str, spans: Sequence[Span]) -> list[Span]:
    cut = (Span(max(0, start), min(len(text), end)) for start, end in spans)
    return sorted(span for span in cut if span.end > span.start)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Stretches in order, those that touch or overlap made one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _snapped(text: str, quoted: Sequence[Quoted], span: Span) -> Span:
    """A stretch whose ends lie at marks where they lay near or across them."""
    start, end = span
    for q in overlapping(quoted, span):
        if q.end <= start or q.start >= end:
            continue
        if q.start <= start and end <= q.end:
            is_whole = not _WORD.search(text, q.start, start) and not _WORD.search(text, end, q.end)
            if is_whole:
                start, end = q.start, q.end
        elif not (start <= q.start and q.end <= end):
            is_mostly = 2 * (min(end, q.end) - max(start, q.start)) >= q.end - q.start
            if q.start < start:
                start = q.start if is_mostly and q.is_opened else (start if is_mostly else q.end)
            else:
                end = q.end if is_mostly and q.is_closed else (end if is_mostly else q.start)
    return Span(start, max(start, end))


def _add_marked(text: str, speech: Speech, drafts: list[Draft]) -> None:
    """Add quoted speech that no draft holds: to the one it goes on with, or as its own."""
    taken = _joined(span for draft in drafts for span in draft.content)
    ends = [span.end for span in taken]
    attributed = sorted((draft for draft in drafts if draft.cue), key=_end)
    reached = [_end(draft) for draft in attributed]
    last: Draft | None = None
    for q in speech.quoted:
        at = bisect_left(ends, q.start + 1)
        if at < len(taken) and taken[at].start < q.end:
            continue
        nearest = bisect_right(reached, q.start) - 1
        if nearest >= 0 and (last is None or _end(last) < reached[nearest]):
            last = attributed[nearest]
        if last is not None and _goes_on(text, last, q) and not is_title(text, q):
            last.content.append(Span(q.start, q.end))
        elif is_speech(text, q):
            drafts.append(Draft([Span(q.start, q.end)], probability=_MARKED, flags={"by marks"}))


def _add_inner(text: str, speech: Speech, drafts: list[Draft]) -> None:
    """Add what a quotation quotes in turn: “She told me ‘go home’ and left.”."""
    for q in speech.quoted:
        inner = inner_spans(text, q)
        if not inner:
            continue
        start = q.start + q.is_opened
        for one in within_quotation(text[start : q.end - q.is_closed]):
            content = [Span(a + start, b + start) for a, b in one.content]
            if any(a < i.end and b > i.start for a, b in content for i in inner):
                cue = tuple(Span(a + start, b + start) for a, b in one.cue)
                source = tuple(Span(a + start, b + start) for a, b in one.source)
                drafts.append(Draft(content, cue, source, one.probability))
        held = [span for draft in drafts for span in draft.content if span != (q.start, q.end)]
        for i in inner:
            if is_speech(text, i) and not any(
                a <= i.start and i.end <= b and b - a < q.end - q.start for a, b in held
            ):
                drafts.append(
                    Draft([Span(i.start, i.end)], probability=_MARKED, flags={"by marks"})
                )


def _goes_on(text: str, draft: Draft, q: Quoted) -> bool:
    """Whether a quoted stretch follows a direct quotation right behind its attribution."""
    if text[draft.content[0].start] not in _OPENING:
        return False
    gap = text[_end(draft) : q.start]
    if not text[q.start + 1 : q.start + 2].isupper():
        return False
    return len(_SENTENCE_END.findall(gap)) <= 1 and len(gap.split()) <= _MAX_GAP_WORDS


def _end(draft: Draft) -> int:
    return max(span.end for span in (*draft.content, *draft.cue, *draft.source))


def _untangled(text: str, drafts: list[Draft]) -> list[Draft]:
    """Drafts whose contents nest or lie apart: the longer keeps what two claim in part."""
    owner: list[Draft | None] = [None] * len(text)
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda one: (-one.size, -one.probability)):
        _place(draft, owner)
        if draft.content:
            kept.append(draft)
            for start, end in draft.content:
                owner[start:end] = [draft] * (end - start)
    return kept


def _place(draft: Draft, owner: Sequence[Draft | None]) -> None:
    """Cut a draft to what lies in one other draft, or in none; nothing where it repeats one."""
    content = _joined(draft.content)
    runs = [run for span in content for run in _runs(owner, span)]
    if not runs:
        draft.content = []
        return
    sizes: dict[int, int] = {}
    for parent, span in runs:
        sizes[id(parent)] = sizes.get(id(parent), 0) + span.end - span.start
    best = max(sizes, key=sizes.__getitem__)
    parent = next(parent for parent, _ in runs if id(parent) == best)
    mine = _joined(span for one, span in runs if id(one) == best)
    draft.parent = parent
    is_again = parent is not None and mine == parent.content
    draft.content = [] if is_again else mine


def _runs(owner: Sequence[Draft | None], span: Span) -> list[tuple[Draft | None, Span]]:
    runs: list[tuple[Draft | None, Span]] = []
    start = span.start
    for at in range(span.start + 1, span.end + 1):
        if at == span.end or owner[at] is not owner[start]:
            runs.append((owner[start], Span(start, at)))
            start = at
    return runs
