"""The baseline of quotation finders: marks, and the name and the verb that stand nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from stance.article import Span
from stance.quotes.names import runs_in
from stance.quotes.spans import AttributedSpans

_QUOTED = re.compile(r"“[^“”\n]+(?:”|$)|\"[^\"\n]+(?:\"|$)|«[^«»\n]+(?:»|$)")
_SPEECH = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|t(?:old|ells?)|add(?:s|ed)|ask(?:s|ed)|wr(?:ote|ites?)|claim(?:s|ed)"
    r"|not(?:es|ed)|argue[sd]?|insist(?:s|ed)|explain(?:s|ed)|according to|tweeted|replie[sd]"
    r"|warn(?:s|ed)|admit(?:s|ted)|announce[sd]?|continued|declared?)\b",
    re.IGNORECASE,
)


class NearestSpans:
    """Whatever stands in quotation marks, given to the nearest capitalised name.

    The nearest of some twenty words of speech in the paragraph is its cue. What is said without
    quotation marks is not found. Names and cues inside the marks do not count.

    Parameters
    ----------
    min_words : int
        Quoted stretches of fewer words are left out: titles, and words held up with tongs.

    Examples
    --------
    >>> text = "“It held through the night,” said Ola Berg. “Nobody slept here.”"
    >>> first, second = NearestSpans().find([text])[0]
    >>> [text[slice(*role[0])] for role in (first.content, first.cue, first.source)]
    ['“It held through the night,”', 'said', 'Ola Berg']
    >>> text[slice(*second.source[0])]
    'Ola Berg'
    """

    def __init__(self, *, min_words: int = 3) -> None:
        self.min_words = min_words

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        """Attributions of each paragraph, in reading order."""
        return [tuple(self._in_paragraph(text)) for text in paragraphs]

    def _in_paragraph(self, text: str) -> Iterable[AttributedSpans]:
        quoted = [Span(*match.span()) for match in _QUOTED.finditer(text)]
        # A run begins with the opener that its name leaves out ("Then Ida Lund").
        runs = (Span(run.end - len(run.name), run.end) for run in runs_in(text))
        names = _outside(runs, quoted)
        cues = _outside((Span(*match.span()) for match in _SPEECH.finditer(text)), quoted)
        for span in quoted:
            if len(text[span.start : span.end].split()) >= self.min_words:
                yield AttributedSpans((span,), _nearest(cues, span), _nearest(names, span))


def _outside(spans: Iterable[Span], quoted: Sequence[Span]) -> list[Span]:
    return [
        span for span in spans if not any(q.start < span.end and span.start < q.end for q in quoted)
    ]


def _nearest(spans: Sequence[Span], to: Span) -> tuple[Span, ...]:
    """The span with the fewest characters between it and another; the first of two."""
    near = sorted(spans, key=lambda span: max(to.start - span.end, span.start - to.end))
    return tuple(near[:1])
