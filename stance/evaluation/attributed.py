"""Attributed: an attribution as it is scored, offsets alone, and what the text says of it.

Rows of these are what a report keeps: they hold offsets and shares, no word of the text, and every
score can be computed from them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.article import Span
from stance.quotes.marks import ends_open, quoted_spans
from stance.quotes.spans import AttributedSpans

# What a head noun stands before: prepositions, relatives and whatever sets words apart.
_AFTER_HEAD = re.compile(
    r"\s(?:of|for|at|from|in|on|by|with|to|about|near|behind|inside|outside|within|under|over|after"
    r"|before|against|among|across|around|between|during|since|who|whom|whose|which|that|where|when"
    r"|as)\b|[,;:(\[–—]|\s-+\s",
    re.IGNORECASE,
)
_HEAD = re.compile(r"[\w$][\w.&’'-]*", re.UNICODE)
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")


@dataclass(frozen=True, slots=True)
class Attributed:
    """One attribution of a paragraph.

    Parameters
    ----------
    content, cue, source : tuple of Span
        As in ``AttributedSpans``, white space at the ends cut off.
    head : Span or None
        The head word of the source, by ``head_of``; None without a source.
    quoted : float, 0–1
        Share of the content's characters that stand inside quotation marks.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    head: Span | None = None
    quoted: float = 0.0

    @property
    def hull(self) -> Span:
        """From the content's first character to its last, whatever lies between."""
        return hull(self.content)

    @property
    def is_direct(self) -> bool:
        """Whether more than half of the content stands inside quotation marks."""
        return self.quoted > 0.5


def hull(spans: Sequence[Span]) -> Span:
    """The stretch from the first start to the last end.

    Examples
    --------
    >>> hull([Span(12, 20), Span(3, 8)])
    Span(start=3, end=20)
    """
    return Span(min(span[0] for span in spans), max(span[1] for span in spans))


def attributed(
    paragraphs: Sequence[str], found: Sequence[Iterable[AttributedSpans]]
) -> list[tuple[Attributed, ...]]:
    """What is scored of an article's attributions.

    Parameters
    ----------
    paragraphs : sequence of str
        Of one article, in order: a quotation may go on from the one before.
    found : sequence of iterables of AttributedSpans, one per paragraph
        What of a span lies outside of its paragraph is cut off; without content, or without a
        character of it, nothing is left of an attribution.

    Raises
    ------
    ValueError
        There is not one entry for each paragraph.
    """
    if len(paragraphs) != len(found):
        raise ValueError(f"expected {len(paragraphs)} paragraphs' attributions, got {len(found)}")
    rows, is_open = [], False
    for text, spans in zip(paragraphs, found, strict=True):
        inside = [Span(q.start, q.end) for q in quoted_spans(text, is_open=is_open)]
        made = (_attributed(text, one, inside) for one in spans)
        rows.append(tuple(one for one in made if one.content))
        is_open = ends_open(text)
    return rows


def head_of(text: str, source: Span) -> Span:
    """The head word of a source, by a rule that needs no parser.

    It is the last word before the first comma, bracket, dash, preposition or relative pronoun, a
    possessive ending cut off. The words of a source that begins with one of these are taken whole.

    Parameters
    ----------
    text : str
        The paragraph.
    source : Span
        Into it.

    Examples
    --------
    >>> text = "the two spokesmen for the Harbour Board said"
    >>> text[slice(*head_of(text, Span(0, 39)))]
    'spokesmen'
    >>> "Ola Berg’s"[slice(*head_of("Ola Berg’s", Span(0, 10)))]
    'Berg'
    """
    words = text[source.start : source.end]
    cut = _AFTER_HEAD.search(words)
    before = words[: cut.start()] if cut else words
    found = list(_HEAD.finditer(before)) or list(_HEAD.finditer(words))
    if not found:
        return source
    last = found[-1]
    word = _POSSESSIVE.sub("", last.group()).rstrip(".’'-") or last.group()
    start = source.start + last.start()
    return Span(start, start + len(word))


def encoded(rows: Iterable[Attributed]) -> str:
    """Attributions of a paragraph as a line of JSON.

    Examples
    --------
    >>> encoded([Attributed((Span(0, 4),), quoted=1.0)])
    '[[[[0,4]],[],[],null,1.0]]'
    """
    values = [[r.content, r.cue, r.source, r.head, round(r.quoted, 4)] for r in rows]
    return json.dumps(values, separators=(",", ":"))


def decoded(line: str) -> tuple[Attributed, ...]:
    """What ``encoded`` wrote.

    Raises
    ------
    ValueError
        The line is none of its.
    """
    try:
        return tuple(
            Attributed(
                content=_spans(content),
                cue=_spans(cue),
                source=_spans(source),
                head=None if head is None else Span(*head),
                quoted=float(quoted),
            )
            for content, cue, source, head, quoted in json.loads(line)
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"expected attributions as JSON, got {line!r:.80}") from error


def _spans(values: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(*value) for value in values)


def _attributed(text: str, one: AttributedSpans, inside: Sequence[Span]) -> Attributed:
    content, source = _trimmed(text, one.content), _trimmed(text, one.source)
    n = sum(span.end - span.start for span in content)
    n_quoted = sum(
        max(0, min(span.end, q.end) - max(span.start, q.start)) for span in content for q in inside
    )
    return Attributed(
        content=content,
        cue=_trimmed(text, one.cue),
        source=source,
        head=head_of(text, source[0]) if source else None,
        quoted=n_quoted / n if n else 0.0,
    )


def _trimmed(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans inside the text, without white space at their ends, in order."""
    found = []
    for start, end in spans:
        words = text[max(0, start) : max(0, end)]
        begin = max(0, start) + len(words) - len(words.lstrip())
        if words.strip():
            found.append(Span(begin, begin + len(words.strip())))
    return tuple(sorted(found))
