"""Dialogue without marks: turns that labels (Q:, BERG:) or dashes introduce."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.article import Span
from stance.quotes.cues import cue_classes
from stance.quotes.sources import source_after
from stance.quotes.tokens import tokens_of

_LABEL = re.compile(
    r"\s*([QA]|[^\W\d_][\w’'.-]*(?:\s[^\W\d_a-z][\w’'.-]*){0,3})\s*(?:\([^)\n]{1,40}\))?\s*([:.])\s+(?=\S)"
)
_LETTER = re.compile(r"[QA]$|(?:Question|Answer|Interviewer|Reporter)$", re.IGNORECASE)
_DASH = re.compile(r"\s*[—–―]\s*(?=[^\W\d_a-z]|[“\"«])")
# The author's aside in a dialogue of dashes: "— Go home, — said Berg. — Now."
_ASIDE = re.compile(r"[,.!?…]\s*[—–―]\s")
_ABOUT_TEXT = frozenset(
    "note remark correction clarification update updated editor overall photo source image credit"
    " read watch also related breaking listen caption graphic".split()
)
# What a speaker says and a list does not: "Berg: 547 votes", "Lund: 46 votes", "Berg: 2,316".
_SPOKEN = re.compile(r"\?|\b(?:I|[Mm]e|[Mm]y|[Ww]e|us|[Oo]ur|[Yy]ou|[Yy]our)\b")
_MIN_TURNS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in a dialogue: offsets into the paragraph.

    ``source`` and ``cue`` are empty where a dash introduces the turn and no aside tells them.
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()


def turns_in(texts: Sequence[str]) -> dict[int, Turn]:
    """Turns of a dialogue, by paragraph; empty where an article holds none.

    Three paragraphs with labels, one of which comes back, make a transcript if somebody asks there
    or says "I" or "you"; two neighbours that begin with a dash, one of them a question, an
    interview.

    Examples
    --------
    >>> texts = ["Q: Why now?", "A: I was tired.", "Q: And then?", "A: I slept."]
    >>> [texts[i][turn.content[0].start :] for i, turn in turns_in(texts).items()]
    ['Why now?', 'I was tired.', 'And then?', 'I slept.']
    """
    labelled = _labelled(texts)
    return labelled or _dashed(texts)


def _labelled(texts: Sequence[str]) -> dict[int, Turn]:
    found = {i: m for i, text in enumerate(texts) if (m := _LABEL.match(text)) and _is_name(m)}
    names = Counter(match.group(1).casefold() for match in found.values())
    turns = {i: m for i, m in found.items() if names[m.group(1).casefold()] > 1}
    if len(found) < _MIN_TURNS or len(turns) < 2:
        return {}
    is_told = any(is_questioner(match.group(1)) is not None for match in turns.values())
    if not is_told and not any(_SPOKEN.search(texts[i], m.end()) for i, m in found.items()):
        return {}
    # In a transcript a label that comes but once is a speaker too, beside those that come back.
    is_dense = 2 * (max(found) - min(found) + 1) <= 4 * len(found)
    return {
        i: Turn((Span(m.end(), len(texts[i].rstrip())),), (Span(*m.span(1)),), (Span(*m.span(2)),))
        for i, m in (found if is_dense else turns).items()
    }


def label_end(text: str) -> int:
    """Where the label that a paragraph begins with ends; 0 where it has none.

    Examples
    --------
    >>> label_end("Ola Berg: It was there."), label_end("It was there.")
    (10, 0)
    """
    match = _LABEL.match(text)
    return match.end() if match and _is_name(match) else 0


def _is_name(match: re.Match[str]) -> bool:
    label = match.group(1)
    if match.group(2) == "." and not _LETTER.match(label):  # "Q. Why?", but not "Rain. More rain."
        return False
    return label.split()[0].casefold() not in _ABOUT_TEXT and (
        label[0].isalpha() and not label[0].islower()
    )


def _dashed(texts: Sequence[str]) -> dict[int, Turn]:
    begins = {i: m.end() for i, text in enumerate(texts) if (m := _DASH.match(text))}
    turns: dict[int, Turn] = {}
    for i, at in begins.items():
        neighbours = [k for k in (i - 1, i + 1) if k in begins]
        if any("?" in texts[k] for k in (i, *neighbours)) and neighbours:
            turns[i] = _interrupted(texts[i], at)
    return turns


def _interrupted(text: str, at: int) -> Turn:
    """A turn, the author's aside in it left out: "— Go home, — said Berg. — Now."."""
    end = len(text.rstrip())
    first = _ASIDE.search(text, at)
    if first is None:
        return Turn((Span(at, end),))
    second = _ASIDE.search(text, first.end())
    aside = text[first.end() : second.start() + 1 if second else end]
    tokens = tokens_of(aside)
    if not tokens or tokens[0].lower not in cue_classes():
        return Turn((Span(at, end),))
    rest = (Span(second.end(), end),) if second else ()
    source = source_after(tokens, 0)
    by = first.end()
    return Turn(
        (Span(at, first.start()), *rest),
        (Span(by + source.start, by + source.end),) if source else (),
        (Span(by + tokens.starts[0], by + tokens.span(0).end),),
    )


def is_questioner(label: str) -> bool | None:
    """Whether a transcript's letter stands for who asks; None where a label is a name.

    Examples
    --------
    >>> is_questioner("Q"), is_questioner("Answer"), is_questioner("Berg")
    (True, False, None)
    """
    if not _LETTER.match(label):
        return None
    return label.casefold() not in ("a", "answer")
