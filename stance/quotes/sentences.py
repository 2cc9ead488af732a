"""A paragraph → its sentences, quoted stretches masked so that only the words around them count."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sentencex

from stance.quotes.marks import MASK, Quoted

# The cue inside an unclosed quotation, after a comma: "…, Ola Berg said", "…, said the mayor".
_NAME = r"(?:(?:al-|el-)?[^\W\d_a-z][\w’'.-]*\s(?:(?:bin|bint|ibn|van|von|de|al)\s)?){1,5}"
_NOUN = r"(?:(?:the|an?|our|my|his|her|their|its|one)|[^\W\d_a-z][\w-]+[’']s)\s(?:[\w’'-]+\s){1,8}?"
_SAID = (
    r"(?:said|says|told|wrote|writes|added|adds|tells|explained|explains|replied|declared|declares"
    r"|remarked|recalled|insisted|insists|suggests|suggested|urges|urged|warns|warned|answered"
    r"|recalls|reports|reported|complained|complains|argued|argues|concluded|concludes)\b"
)
_SWALLOWED = re.compile(
    rf"([,?!.;])[’']?\s+(?:(?:s?he\s|they\s|it\s|{_NOUN}|{_NAME})(?:of\sthe\s(?:[\w-]+\s){{1,3}})?{_SAID}"
    # A name and its apposition, in either order, before the cue.
    rf"|(?:{_NOUN[:-1]}|{_NAME})(?<=\s)(?:[\w’'-]+)?,\s[^,“”\"]{{2,60}},\s{_SAID}"
    rf"|(?:[^\W\d_a-z][\w’'.-]*\s){{0,3}}[^\W\d_a-z][\w’'.-]*,\s[^,“”\"]{{2,60}},\s{_SAID}"
    r"|(?:said|says|wrote|writes|added|replied|adds|tells|explained)\s(?=[^\W\d_a-z]|the\b|an?\b|one\b))"
)
_WINDOW = 20_000  # characters; sentencex takes time as the square of marks that never close
_LONE = re.compile(r"[\ud800-\udfff]")
# The same inside a quotation that does close, later on: only the plainest cases.
_SPLITTING = re.compile(
    rf"([,?!])\s+(?:(?:said|says)\s{_NAME[:-5]}{{1,3}}|{_NAME[:-5]}{{2,3}}(?:said|says))(?<=\w)\s?\.\s"
)


def cut_at_cue(text: str, span: Quoted) -> Quoted:
    """A quotation whose closing mark is missing, ended where its attribution begins.

    “We left, the mayor said. “There was nothing": the first mark closes after "left,".

    Examples
    --------
    >>> text = "“We left early, the mayor said."
    >>> cut_at_cue(text, Quoted(0, len(text), is_closed=False)).end
    15
    """
    pattern = _SPLITTING if span.is_closed else _SWALLOWED
    match = pattern.search(text, span.start + 1, span.end)
    return replace(span, end=match.end(1), is_closed=False) if match else span


def masked(text: str, quoted: Sequence[Quoted]) -> str:
    """``text`` of the same length with quoted stretches replaced by ``MASK``.

    Examples
    --------
    >>> masked("“No,” he said.", [Quoted(0, 5)]).replace(MASK, "*")
    '***** he said.'
    """
    if not quoted:
        return text
    pieces, reach = [], 0
    for span in quoted:
        pieces += [text[reach : span.start], MASK * (span.end - span.start)]
        reach = span.end
    return "".join((*pieces, text[reach:]))


def sentences(text: str, quoted: Sequence[Quoted]) -> list[tuple[int, int]]:
    """Sentence offsets; a boundary inside a quotation, or before a lower-case word, is none.

    Examples
    --------
    >>> text = "“Out! Now!” she said. They went."
    >>> sentences(text, [Quoted(0, 11)])
    [(0, 22), (22, 32)]
    """
    bounds = [0]
    opened = [q for q in quoted if q.is_opened]
    starts = [q.start for q in opened]
    # Half of a surrogate pair has no UTF-8, which sentencex works in.
    valid = text if text.isascii() else _LONE.sub("\ufffd", text)
    for position in _ends(valid):
        at = bisect_left(starts, position) - 1
        is_inside = at >= 0 and position < opened[at].end
        goes_on = text[position : position + 1].islower()  # “…!” she said
        if not is_inside and not goes_on and position < len(text):
            bounds.append(position)
    return list(zip(bounds, [*bounds[1:], len(text)], strict=True))


def _ends(text: str) -> Iterator[int]:
    """Where sentences end; a monstrous text is cut by windows, the last sentence of each anew."""
    start = 0
    while len(text) - start > _WINDOW:
        found = sentencex.segment("en", text[start : start + _WINDOW])
        for sentence in found[:-1]:
            start += len(sentence)
            yield start
        if len(found) < 2:
            start += _WINDOW
    for sentence in sentencex.segment("en", text[start:]):
        start += len(sentence)
        yield start
