"""Paragraphs of an article → the voice of each: whose words they are, and through whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.quotes.attribution import Attribution, Speech, speech_of
from stance.quotes.cast import cast_of
from stance.quotes.interviews import answers_in, interviewee
from stance.quotes.listener import Listener, Voice
from stance.quotes.marks import ends_open
from stance.quotes.roles import source_kind

__all__ = ["Heard", "Voice", "hear", "speech_in", "voices_of"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a walk through an article hears.

    Parameters
    ----------
    paragraphs : list of Voice
        The voice of every paragraph.
    quotations : list of list of Voice
        Of every paragraph, the voice of each quotation that was asked about.
    answers : set of int
        Paragraphs that answer an interviewer.
    """

    paragraphs: list[Voice]
    quotations: list[list[Voice]]
    answers: set[int]


def speech_in(texts: Sequence[str]) -> list[Speech]:
    """Quoted and attributed stretches of an article's paragraphs, open quotations carried over."""
    speeches, is_open = [], False
    for text in texts:
        speeches.append(speech_of(text, is_open=is_open))
        is_open = ends_open(text)
    return speeches


def voices_of(
    texts: Sequence[str],
    types: Sequence[str],
    *,
    headline: str = "",
    speeches: Sequence[Speech] | None = None,
) -> list[Voice]:
    """The voice of every paragraph.

    Parameters
    ----------
    texts : sequence of str
        The article's paragraphs, in order.
    types : sequence of str
        Their types: only a quote has another voice than the author's.
    headline : str
        Where names may stand in full.
    speeches : sequence of Speech, optional
        What ``speech_in(texts)`` gives, where the caller has it already.

    Returns
    -------
    list of Voice, one per paragraph

    Examples
    --------
    >>> texts = ["The dam held, said engineer Ola Berg on Monday.", "“We were lucky,” Berg said."]
    >>> [voice.name for voice in voices_of(texts, ["quote", "quote"])]
    ['Ola Berg', 'Ola Berg']
    """
    speeches = speech_in(texts) if speeches is None else speeches
    return hear(texts, types, speeches, headline=headline).paragraphs


def hear(
    texts: Sequence[str],
    types: Sequence[str],
    speeches: Sequence[Speech],
    *,
    headline: str = "",
    asked: Sequence[Sequence[Attribution | None]] = (),
) -> Heard:
    """One walk through an article: the voices of its paragraphs and of quotations in them.

    Parameters
    ----------
    texts, types, speeches, headline
        As in ``voices_of``.
    asked : sequence of sequences of Attribution or None, optional
        For each paragraph, what attributes its quotations; None where nothing does.
    """
    cast = cast_of([*texts, headline])
    listener = Listener(cast)
    answers = answers_in(texts, types, speeches, cast=cast)
    guest = interviewee(texts, answers, headline, cast=cast) if answers else None
    voices, quotations = [], []
    for i, (text, kind, speech) in enumerate(zip(texts, types, speeches, strict=True)):
        known = Voice(guest) if guest and i in answers else None
        voice, quoted = listener.hear(
            i,
            text,
            speech,
            is_quote=kind == "quote",
            known=known,
            asked=asked[i] if asked else (),
        )
        voices.append(voice)
        quotations.append(quoted)
    outlets = cast.outlets.union(name for name in cast.bodies if source_kind(name) == "outlet")
    full = {name: _fullest(name, texts) for name in outlets}
    return Heard(
        [_in_full(voice, full) for voice in voices],
        [[_in_full(voice, full) for voice in row] for row in quotations],
        answers,
    )


def _in_full(voice: Voice, full: dict[str, str]) -> Voice:
    return Voice(full.get(voice.name, voice.name), tuple(full.get(n, n) for n in voice.via))


def _fullest(outlet: str, texts: Sequence[str]) -> str:
    """An outlet's name with its article, where the text never leaves it out.

    "According to the Daily Post" names The Daily Post; "Radio Sund reports" has none.
    """
    before = [
        text[max(0, match.start() - 4) : match.start()].lower()
        for text in texts
        for match in re.finditer(re.escape(outlet), text)
    ]
    is_definite = bool(before) and all(word == "the " for word in before)
    return f"The {outlet}" if is_definite else outlet
