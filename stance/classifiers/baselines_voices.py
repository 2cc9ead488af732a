"""Baselines that name the voice of every paragraph, and the rules in the same form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from stance.labels import AUTHOR, ParagraphType
from stance.quotes.marks import quoted_spans
from stance.quotes.names import runs_in
from stance.quotes.voices import Voice, voices_of

_UNKNOWN = "unnamed source"
_CUE = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|t(?:old|ells?)|according to|add(?:s|ed)|wr(?:ote|ites?))\b"
)


class VoiceNamer(Protocol):
    """Whatever names the voice of each paragraph."""

    def name(self, texts: Sequence[str], types: Sequence[str], *, headline: str) -> list[Voice]:
        """The voice of each paragraph of one article.

        Parameters
        ----------
        texts, types : sequence of str
            Paragraphs and their types, which may be wrong.
        headline : str
        """


class RuleNamer:
    """The rules of ``stance.quotes.voices``."""

    def name(self, texts: Sequence[str], types: Sequence[str], *, headline: str) -> list[Voice]:
        """The voice of each paragraph of one article."""
        return voices_of(texts, types, headline=headline)


class NearestNamer:
    """The capitalised name that stands nearest to a word of speech, as it is written there.

    Names inside quotation marks count only where there is no other. A paragraph without a word of
    speech is given its first name, one without a name an unnamed source.

    Examples
    --------
    >>> texts = ["The road near Sund is quiet, said Ola Berg.", "It rained."]
    >>> [voice.name for voice in NearestNamer().name(texts, ["quote", "report"], headline="")]
    ['Ola Berg', 'author']
    """

    def name(self, texts: Sequence[str], types: Sequence[str], *, headline: str) -> list[Voice]:
        """The voice of each paragraph of one article."""
        return [
            Voice(_nearest_name(text)) if _is_quote(kind) else Voice()
            for text, kind in zip(texts, types, strict=True)
        ]


class LastNamer:
    """The last capitalised name before the paragraph's end, in this paragraph or one before."""

    def name(self, texts: Sequence[str], types: Sequence[str], *, headline: str) -> list[Voice]:
        """The voice of each paragraph of one article."""
        found, last = [], _UNKNOWN
        for text, kind in zip(texts, types, strict=True):
            runs = runs_in(text)
            last = runs[-1].name if runs else last
            found.append(Voice(last) if _is_quote(kind) else Voice())
        return found


class AuthorNamer:
    """Always the author."""

    def name(self, texts: Sequence[str], types: Sequence[str], *, headline: str) -> list[Voice]:
        """The voice of each paragraph of one article."""
        return [Voice(AUTHOR) for _ in texts]


def _is_quote(kind: str) -> bool:
    return kind == ParagraphType.QUOTE.value


def _nearest_name(text: str) -> str:
    quoted = quoted_spans(text)
    runs = runs_in(text)
    outside = [r for r in runs if not any(q.start < r.end and r.start < q.end for q in quoted)]
    cue = _CUE.search(text)
    at = cue.start() if cue else 0
    near = sorted(outside or runs, key=lambda run: max(at - run.end, run.start - at))
    return near[0].name if near else _UNKNOWN
