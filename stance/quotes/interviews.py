"""Interviews: which paragraphs are answers, and who gives them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from stance.quotes.attribution import Speech
from stance.quotes.cast import Cast, people_in
from stance.quotes.sentences import masked

_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]e|[Mm]y|mine|[Ww]e|[Oo]ur|us|[Yy]ou|[Yy]our)\b")
_LABEL = re.compile(r"^([^\W\d_a-z][\w’'.-]*(?:\s[^\W\d_a-z][\w’'.-]*){0,3}):\s")
_MIN_ANSWERS = 3
_ANYBODY = frozenset("your some many most people critics others everyone".split())


def answers_in(
    texts: Sequence[str],
    types: Sequence[str],
    speeches: Sequence[Speech],
    *,
    cast: Cast,
    asked: Sequence[int] = (),
) -> set[int]:
    """Indices of the paragraphs that answer an interviewer; empty where an article is none.

    An answer is a quote that names no source but the speaker. Three of them without marks, or
    labels in front of question and answer, make an interview; there, what others told the
    speaker is the speaker's too.

    Parameters
    ----------
    asked : sequence of int, ascending
        Paragraphs that are the interviewer's own, as labels tell.

    Examples
    --------
    >>> from stance.quotes.attribution import speech_of
    >>> from stance.quotes.cast import cast_of
    >>> texts = ["Why now?", "I was tired.", "Tired?", "My back hurt.", "And?", "I went."]
    >>> types, speeches = ["report", "quote"] * 3, [speech_of(text) for text in texts]
    >>> sorted(answers_in(texts, types, speeches, cast=cast_of(texts)))
    [1, 3, 5]
    """
    quotes = [i for i, kind in enumerate(types) if kind == "quote" and i not in asked]
    if len(asked) >= _MIN_ANSWERS:  # what stands before the first label only leads up to it
        first = next((i for i in range(asked[0]) if _LABEL.match(texts[i])), asked[0])
        return {i for i in quotes if i >= first}
    plain = [
        i for i in quotes if not speeches[i].quoted and not _others(texts[i], speeches[i], cast)
    ]
    personal = [i for i in plain if _FIRST_PERSON.search(texts[i])]
    if len(personal) < _MIN_ANSWERS or 2 * len(plain) < len(quotes):
        return set()
    return {
        i
        for i in quotes
        if not _others(texts[i], speeches[i], cast) or _is_own(texts[i], speeches[i])
    }


def interviewee(
    texts: Sequence[str],
    answers: Iterable[int],
    headline: str,
    *,
    cast: Cast,
    without: AbstractSet[str] = frozenset(),
) -> str | None:
    """Who is interviewed: whom a label names, the headline, or the first paragraphs most often.

    ``without`` names who is not, because they ask.
    """
    for label in (_LABEL.match(texts[i]) for i in sorted(answers)):
        person = cast.person(label.group(1)) if label else None
        if person is not None and person.name not in without:
            return person.name
    for stretch in ([headline], texts[:4], texts):
        counts = Counter(
            p.name for text in stretch for _, p in people_in(text, cast) if p.name not in without
        )
        if counts:
            return counts.most_common(1)[0][0]
    return None


def puts_words_of(text: str, speech: Speech, cast: Cast) -> bool:
    """Whether a question gives, in most of its words, those of a source that it names.

    "The ministry says that … What do you say?" does; in "Your critics say that … Were you?" only
    the interviewer speaks.

    Examples
    --------
    >>> from stance.quotes.attribution import speech_of
    >>> from stance.quotes.cast import cast_of
    >>> texts = ["The ministry says that the dam will hold.", "Your critics say that it is old."]
    >>> [puts_words_of(text, speech_of(text), cast_of(texts)) for text in texts]
    [True, False]
    """
    said = tuple(a for a in speech.attributions if a.cue_class != "label")
    sources = _others(text, replace(speech, attributions=said), cast)
    return speech.share > 0.5 and any(words and not _is_anybody(words) for words in sources)


def _is_anybody(words: str) -> bool:
    """Whether a source is nobody in particular: "your critics", "some", "people"."""
    return words.split(maxsplit=1)[0].lower() in _ANYBODY


def _others(text: str, speech: Speech, cast: Cast) -> list[str]:
    """Sources of a paragraph that are named or described, not only "she"."""
    sources = [text[a.source.start : a.source.end] for a in speech.attributions]
    return [
        words
        for words, a in zip(sources, speech.attributions, strict=True)
        if words.lower() not in ("he", "she", "one", "i", "you", "it", "they")
        and not _FIRST_PERSON.match(words)
        and not words.startswith("You")
        and (a.cue_class != "label" or cast.person(words) is not None)
    ]


def _is_own(text: str, speech: Speech) -> bool:
    """Whether the speaker says "I" outside the words of others."""
    return bool(_FIRST_PERSON.search(masked(text, speech.quoted)))
