"""Speakers: who speaks in each turn of a dialogue, and who of them asks for the outlet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from stance.quotes.cast import Cast
from stance.quotes.dialogue import Turn, is_questioner, label_end
from stance.quotes.interviews import interviewee
from stance.quotes.names import RUN, last_name, runs_in
from stance.quotes.roles import can_speak, source_kind

INTERVIEWER, INTERVIEWEE = "interviewer", "interviewee"
"""Who asks and who answers where a transcript has letters and the article no names for them."""

_PUT_BY = re.compile(rf"\b(?:[Qq]uestions|[Ii]nterview(?:ed)?)\b[^.]{{0,30}}?\bby\s({RUN.pattern})")
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w-]*")
_MIN_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a paragraph of a dialogue.

    Parameters
    ----------
    name : str
        Canonical name, or ``INTERVIEWER`` or ``INTERVIEWEE``.
    asks : bool
        Whether this is who interviews for the outlet: the words are the author's.
    is_sure : bool
        Whether the paragraph is nothing else than a turn: labels in question and answer, or the
        first paragraph behind a labelled question.
    """

    name: str
    asks: bool = False
    is_sure: bool = True


def speakers_in(
    texts: Sequence[str],
    turns: Mapping[int, Turn],
    *,
    headline: str,
    cast: Cast,
    bylines: Sequence[str] = (),
) -> dict[int, Speaker]:
    """Who speaks, by paragraph: of labelled turns, and of what follows a labelled question.

    Who asks is told by the letter Q, by the byline, or by being the one label that names nobody
    in the article, as an outlet's does. Where nobody asks, a dialogue is somebody else's: all its
    speakers are sources.

    Parameters
    ----------
    turns : mapping of int to Turn
        What ``turns_in(texts)`` gives.
    bylines : sequence of str
        Bylines of the article, where it has any.

    Examples
    --------
    >>> from stance.quotes.cast import cast_of
    >>> from stance.quotes.dialogue import turns_in
    >>> texts = ["Ola Berg fishes.", "JR: Why the sea?", "OB: It was there.", "JR: And you went?",
    ...          "OB: I did."]
    >>> found = speakers_in(
    ...     texts, turns_in(texts), headline="", cast=cast_of(texts), bylines=["By Jan Roth"]
    ... )
    >>> [(i, speaker.name, speaker.asks) for i, speaker in found.items()][:2]
    [(1, 'Jan Roth', True), (2, 'Ola Berg', False)]
    """
    labels = {
        i: texts[i][slice(*turn.source[0])]
        for i, turn in turns.items()
        if turn.source and turn.source[0].start < turn.content[0].start
    }
    if not labels:
        return {}
    writers = _writers(texts, bylines)
    names = _names(labels, cast, writers)
    asking = _asking(labels, names, texts, headline=headline, writers=writers)
    asked_by = {names[label] for label in asking}
    guest = _guest(labels, names, asking, texts, headline=headline, cast=cast, without=asked_by)
    is_sure = bool(asking) or _is_talk(labels, names, texts)
    found: dict[int, Speaker] = {}
    for i, label in labels.items():
        letter = is_questioner(label)
        if label in asking:
            name = names[label] or (INTERVIEWER if letter else cast.body(label) or label)
            found[i] = Speaker(name, asks=True, is_sure=is_sure)
        elif letter is not None or names[label]:
            found[i] = Speaker(names[label] or guest or INTERVIEWEE, is_sure=is_sure)
    return found | _unlabelled(len(texts), labels, asking, guest)


def _names(labels: Mapping[int, str], cast: Cast, writers: Sequence[str]) -> dict[str, str]:
    """Whom each label names: a person of the article or of the byline; empty where neither."""
    by_initials: dict[str, list[str]] = {}
    for name in dict.fromkeys([*writers, *(person.name for person in cast.people.values())]):
        for initials in _initials(name):
            by_initials.setdefault(initials, []).append(name)
    written = {last_name(name): name for name in reversed(writers)}
    names: dict[str, str] = {}
    for label in dict.fromkeys(labels.values()):
        person = cast.person(label) or cast.person(label.title())
        is_person = source_kind(label) == "person" and label not in cast.outlets
        initialled = by_initials.get(label, [])
        if is_questioner(label) is not None:
            names[label] = ""
        elif last_name(label) in written:
            names[label] = written[last_name(label)]
        elif person is not None and is_person:
            names[label] = person.name
        else:
            names[label] = initialled[0] if len(initialled) == 1 else ""
    return names


def _writers(texts: Sequence[str], bylines: Sequence[str]) -> list[str]:
    """Who wrote the article or put the questions."""
    named = [run.name for line in bylines for run in runs_in(line)]
    named += [match.group(1) for text in texts for match in _PUT_BY.finditer(text)]
    return [name for name in dict.fromkeys(named) if " " in name]


def _initials(name: str) -> set[str]:
    """Initials of a name, the second part of a double name once left out: "PG", "PGW"."""
    split = (name.split(), re.split(r"[\s-]+", name))
    return {"".join(word[:1] for word in words).upper() for words in split}


def _asking(
    labels: Mapping[int, str],
    names: Mapping[str, str],
    texts: Sequence[str],
    *,
    headline: str,
    writers: Sequence[str],
) -> set[str]:
    """Labels of whoever interviews for the outlet; empty where nobody is known to."""
    letters = {label for label in names if is_questioner(label) is not None}
    if letters:
        return {label for label in letters if is_questioner(label)}
    bylined = {label for label, name in names.items() if name in writers}
    if bylined:
        return bylined if len(bylined) < len(names) else set()
    strangers = _strangers(names, texts, headline)
    asking = {labels[i] for i in labels if "?" in texts[i]} & strangers
    if not asking:
        return set()
    outlet = max(asking, key=lambda label: (len(label), label))
    same = {label for label in strangers if _are_one_outlet(label, outlet)}
    turns = [i for i, label in labels.items() if label in same]
    n_questions = sum("?" in texts[i] for i in turns)
    # An outlet may put statements to its guest; whoever has a person's name asks.
    is_asking = 2 * n_questions >= len(turns) or not any(names[label] for label in same)
    has_guest = any(names[label] for label in names if label not in same)
    is_interview = len(turns) >= _MIN_QUESTIONS or (len(turns) > 1 and has_guest)
    return same if asking <= same and is_asking and is_interview else set()


def _strangers(names: Mapping[str, str], texts: Sequence[str], headline: str) -> set[str]:
    """Labels that can be an outlet's own: they name nobody whom the article speaks of."""
    told = (headline, *(text[label_end(text) :] for text in texts))
    words = {word.casefold() for text in told for word in _CAPITALISED.findall(text)}
    return {
        label
        for label, name in names.items()
        if _may_be_outlet(label) and (not name or last_name(name) not in words)
    }


def _may_be_outlet(label: str) -> bool:
    """Whether a label can be an outlet's own: no role that somebody else has, "The judge"."""
    return label.lower() == "host" or source_kind(label) == "outlet" or not can_speak(label)


def _are_one_outlet(first: str, second: str) -> bool:
    """Whether two labels are one outlet's: "Harbour Post", "HP"."""
    return first == second or first in _initials(second) or second in _initials(first)


def _is_talk(labels: Mapping[int, str], names: Mapping[str, str], texts: Sequence[str]) -> bool:
    """Whether people of the article talk in turns, and somebody asks."""
    counts = Counter(names[label] for label in labels.values() if names[label])
    is_asked = any("?" in texts[i] for i in labels)
    return is_asked and sum(n > 1 for n in counts.values()) > 1


def _guest(
    labels: Mapping[int, str],
    names: Mapping[str, str],
    asking: AbstractSet[str],
    texts: Sequence[str],
    *,
    headline: str,
    cast: Cast,
    without: AbstractSet[str],
) -> str | None:
    """Who answers: whom most turns name, or whom the article is about."""
    counts = Counter(names[one] for one in labels.values() if one not in asking and names[one])
    if counts:
        return counts.most_common(1)[0][0]
    if not asking:
        return None
    others = [i for i in range(len(texts)) if labels.get(i) not in asking]
    return interviewee(texts, others, headline, cast=cast, without=without)


def _unlabelled(
    n: int, labels: Mapping[int, str], asking: AbstractSet[str], guest: str | None
) -> dict[int, Speaker]:
    """Answers without a label, right behind a question with one, where most are so."""
    asked = [i for i, label in labels.items() if label in asking]
    after = [i + 1 for i in asked if i + 1 < n and i + 1 not in labels]
    if guest is None or len(asked) < _MIN_QUESTIONS or 2 * len(after) < len(asked):
        return {}
    return dict.fromkeys(after, Speaker(guest))
