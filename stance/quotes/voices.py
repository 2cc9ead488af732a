"""Paragraphs of an article → the voice of each: whose words they are, and through whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from stance.quotes.attribution import Attribution, Speech, speech_of
from stance.quotes.cast import Cast, cast_of
from stance.quotes.dialogue import Turn, turns_in
from stance.quotes.interviews import answers_in, interviewee, puts_words_of
from stance.quotes.listener import Listener, Voice
from stance.quotes.marks import ends_open
from stance.quotes.roles import source_kind
from stance.quotes.speakers import Speaker, speakers_in

__all__ = ["Heard", "Voice", "hear", "speech_in", "turns_told", "voices_of"]


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
    speakers : dict of int to Speaker
        Who speaks in the turns of a dialogue, by paragraph.
    """

    paragraphs: list[Voice]
    quotations: list[list[Voice]]
    answers: set[int]
    speakers: dict[int, Speaker] = field(default_factory=dict)


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


def turns_told(
    texts: Sequence[str], *, headline: str = "", bylines: Sequence[str] = ()
) -> dict[int, bool]:
    """Of the paragraphs that are turns of a dialogue for sure, whether they are a source's words.

    The answers of an interview are; the questions of who interviews for the outlet are the
    author's, unless they give mostly the words of a source that they name.

    Parameters
    ----------
    texts, headline
        As in ``voices_of``.
    bylines : sequence of str
        Bylines of the article, where it has any.

    Returns
    -------
    dict of int to bool
        By paragraph; empty where an article holds no dialogue. A question that mostly gives the
        words of a source is left out: it may be either.

    Examples
    --------
    >>> turns_told(["Q: Why now?", "A: I was tired.", "Q: And then?", "A: I slept."])
    {0: False, 1: True, 2: False, 3: True}
    """
    turns = turns_in(texts)
    if not turns:
        return {}
    cast = cast_of([*texts, headline])
    speakers = speakers_in(texts, turns, headline=headline, cast=cast, bylines=bylines)
    return {
        i: not speaker.asks
        for i, speaker in sorted(speakers.items())
        if speaker.is_sure
        and not (speaker.asks and puts_words_of(texts[i], speech_of(texts[i]), cast))
    }


def hear(
    texts: Sequence[str],
    types: Sequence[str],
    speeches: Sequence[Speech],
    *,
    headline: str = "",
    asked: Sequence[Sequence[Attribution | None]] = (),
    turns: Mapping[int, Turn] | None = None,
    bylines: Sequence[str] = (),
) -> Heard:
    """One walk through an article: the voices of its paragraphs and of quotations in them.

    Parameters
    ----------
    texts, types, speeches, headline
        As in ``voices_of``.
    asked : sequence of sequences of Attribution or None, optional
        For each paragraph, what attributes its quotations; None where nothing does.
    turns : mapping of int to Turn, optional
        What ``turns_in(texts)`` gives, where the caller has it already.
    bylines : sequence of str
        Bylines of the article, where it has any.
    """
    cast = cast_of([*texts, headline])
    listener = Listener(cast)
    turns = turns_in(texts) if turns is None else turns
    speakers: dict[int, Speaker] = {}
    if turns:
        speakers = speakers_in(texts, turns, headline=headline, cast=cast, bylines=bylines)
        types, speeches = _by_turns(texts, types, speeches, turns, speakers, cast=cast)
    questions = sorted(i for i, speaker in speakers.items() if speaker.asks)
    answers = answers_in(texts, types, speeches, cast=cast, asked=questions)
    known = {i: Voice(one.name) for i, one in speakers.items() if not one.asks}
    if answers - known.keys():
        guest = interviewee(texts, answers, headline, cast=cast)
        known |= {i: Voice(guest) for i in answers - known.keys() if guest}
    voices: list[Voice] = []
    quotations: list[list[Voice]] = []
    # Behind the last quote all is the author's, unless quotations are asked about.
    quotes = [i for i, kind in enumerate(types) if kind == "quote"]
    n_heard = len(texts) if asked else max(quotes, default=-1) + 1
    for i, (text, kind, speech) in enumerate(zip(texts, types, speeches, strict=True)):
        if i >= n_heard:
            voices.append(Voice())
            quotations.append([])
            continue
        voice, quoted = listener.hear(
            i,
            text,
            speech,
            is_quote=kind == "quote",
            known=known.get(i),
            asked=asked[i] if asked else (),
        )
        voices.append(voice)
        quotations.append(quoted)
    named = {n for voice in (*voices, *chain(*quotations)) for n in (voice.name, *voice.via)}
    outlets = cast.outlets.union(name for name in cast.bodies if source_kind(name) == "outlet")
    full = {name: _fullest(name, texts) for name in outlets & named}
    return Heard(
        [_in_full(voice, full) for voice in voices],
        [[_in_full(voice, full) for voice in row] for row in quotations],
        answers | {i for i in known if types[i] == "quote"},
        speakers,
    )


def _by_turns(
    texts: Sequence[str],
    types: Sequence[str],
    speeches: Sequence[Speech],
    turns: Mapping[int, Turn],
    speakers: Mapping[int, Speaker],
    *,
    cast: Cast,
) -> tuple[list[str], list[Speech]]:
    """Types and speeches in which an interviewer is the author, and a label the only source.

    A question remains a quote where a source that it names has most of its words.
    """
    types, speeches = list(types), list(speeches)
    for i, turn in turns.items():
        if i not in speakers and turn.source:
            label = Attribution(turn.cue[0], turn.source[0], turn.content, "label")
            speeches[i] = replace(speeches[i], attributions=(label,))
        elif i in speakers and speakers[i].asks:
            said = tuple(a for a in speeches[i].attributions if a.cue_class != "label")
            speeches[i] = replace(speeches[i], attributions=said)
            if types[i] == "quote" and not puts_words_of(texts[i], speeches[i], cast):
                types[i] = "report"
    return types, speeches


def _in_full(voice: Voice, full: dict[str, str]) -> Voice:
    if not full:
        return voice
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
