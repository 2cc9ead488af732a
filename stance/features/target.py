"""Where a target stands in a passage, what its name looks like, and who else is there."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from stance.features.frame import VOICE, Frame, content_words, find_name, frame_of
from stance.passage import Passage

_PRONOUNS = {
    "he": 0, "she": 0, "him": 0, "her": 0, "his": 0, "hers": 0, "himself": 0, "herself": 0,
    "they": 1, "them": 1, "their": 1, "we": 1, "us": 1, "our": 1,
    "i": 2, "me": 2, "my": 2, "you": 3, "your": 3, "it": 3, "its": 3,
}  # fmt: skip
_OBJECTIVE = frozenset("him them us me".split())
_POSSESSIVE = frozenset("his her their our my your its".split())
_TITLES = frozenset(
    "mr. mrs. ms. dr. sen. rep. gov. gen. president senator governor minister secretary judge"
    " justice congressman congresswoman representative chairman mayor king queen prince pope"
    " chancellor premier speaker director attorney".split()
)
_AUXILIARIES = frozenset(
    "is was are were be been being has have had do does did will would can could should may might"
    " must 's".split()
)
_PREPOSITIONS = frozenset(
    "of for from at in on by with to about into over under during without within through against"
    " between among upon like near around since toward towards regarding behind".split()
)
_MARKED = ("of", "for", "by", "with", "to", "against", "on", "about", "from", "than", "like")

NAMES = (
    "target n mentions",
    "target none",
    "target found by name",
    "target place",
    "target first word",
    "target in last sentence",
    "target subject",
    "target object",
    "target after preposition",
    *(f"target after {word}" for word in _MARKED),
    "target possessive",
    "target apposition",
    "target after title",
    "target after and",
    "target before and",
    "target before comma",
    "target ends sentence",
    "target passive",
    "target quoted",
    "target in headline",
    "target in neighbours",
    "target words",
    "target capital",
    "target lower",
    "target acronym",
    "target pronoun third",
    "target pronoun plural",
    "target pronoun first",
    "target pronoun other",
    "target n others",
    "target other before",
    "target other after",
    "target distance to other",
    "target n words",
    "target n sentences",
    "target n clauses",
    "target question",
    "target exclamation",
    "voice given",
    "voice n mentions",
    "voice before target",
    "voice distance",
    "voice same clause",
    "voice same sentence",
    "voice is target",
)


def features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Place, grammar and shape of the target, shape (n_passages, len(NAMES)).

    Examples
    --------
    >>> row = features([Passage("The council praised Ida Lund.", target="Ida Lund")])[0]
    >>> dict(zip(NAMES, row.tolist()))["target object"]
    1.0
    """
    rows = [_row(passage) for passage in passages]
    return np.array(rows, np.float32).reshape(len(rows), len(NAMES))


def _row(passage: Passage) -> list[float]:
    frame = frame_of(passage)
    values = [*_placed(passage, frame), *_grammar(frame), *_context(passage, frame)]
    values += [*_shape(passage, frame), *_others(frame), *_size(passage, frame)]
    values += _voice(passage, frame)
    return [float(value) for value in values]


def _placed(passage: Passage, frame: Frame) -> list[float]:
    n = len(frame.targets)
    if not n:
        return [0, 1, 0, 0, 0, 0]
    first = frame.targets[0]
    return [
        log1p(n),
        0,
        not passage.mentions,
        first / max(1, len(frame.words) - 1),
        first == 0,
        frame.sentences[frame.targets[-1]] == frame.sentences[-1],
    ]


def _grammar(frame: Frame) -> list[float]:
    """Shares of the mentions that stand in each position."""
    rows = [_position(frame, at) for at in frame.targets]
    width = 12 + len(_MARKED)
    return (
        [sum(column) / len(rows) for column in zip(*rows, strict=True)] if rows else [0.0] * width
    )


def _position(frame: Frame, at: int) -> list[float]:
    words = frame.words
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    third = words[at + 2] if at + 2 < len(words) else ""
    lead = (
        before if before not in _TITLES and before not in ("the", "a") else words[at - 2 : at - 1]
    )
    lead = lead if isinstance(lead, str) else (lead[0] if lead else "")
    is_prep = lead in _PREPOSITIONS
    is_verb_after = after in _AUXILIARIES - {"'s"} or after.endswith(("ed", "es"))
    starts = at == 0 or frame.sentences[at - 1] != frame.sentences[at] or not lead.isalnum()
    is_subject = (is_verb_after or starts) and not is_prep and after != "'s"
    is_object = bool(lead) and lead[0].isalpha() and not is_prep and not is_subject
    ends = after in (".", "!", "?", "")
    return [
        is_subject,
        is_object,
        is_prep,
        *(lead == word for word in _MARKED),
        after == "'s" or before in _POSSESSIVE,
        after == "," and third in ("a", "an", "the", "who", "whose"),
        before in _TITLES,
        before == "and",
        after == "and",
        after == ",",
        ends,
        after in ("was", "were", "been", "is", "are") and third.endswith(("ed", "en")),
        frame.is_quoted[at],
    ]


def _context(passage: Passage, frame: Frame) -> list[float]:
    del frame
    name = passage.target
    return [
        bool(find_name(name, passage.headline)),
        bool(find_name(name, passage.previous) or find_name(name, passage.following)),
    ]


def _shape(passage: Passage, frame: Frame) -> list[float]:
    name = (passage.target or "").strip()
    lowered = name.lower()
    kind = _PRONOUNS.get(lowered, -1)
    del frame
    return [
        log1p(len(content_words(name))),
        name[:1].isupper(),
        name.islower(),
        name.isupper() and 1 < len(name) < 7,
        *(kind == i for i in range(4)),
    ]


def _others(frame: Frame) -> list[float]:
    """Other names in the sentences of the target."""
    here = {frame.sentences[at] for at in frame.targets}
    places = [
        i
        for i, word in enumerate(frame.words)
        if (frame.is_capital[i] or word == VOICE)
        and i not in frame.targets
        and (not here or frame.sentences[i] in here)
        and i
        and frame.sentences[i - 1] == frame.sentences[i]
        and not frame.is_capital[i - 1]
    ]
    if not frame.targets or not places:
        return [log1p(len(places)), 0, 0, 0]
    first = frame.targets[0]
    return [
        log1p(len(places)),
        any(i < first for i in places),
        any(i > first for i in places),
        1 / min(abs(i - at) for i in places for at in frame.targets),
    ]


def _size(passage: Passage, frame: Frame) -> list[float]:
    text = passage.text.rstrip("\"”’' ")
    return [
        log1p(len(frame.words)) / 5,
        (frame.sentences[-1] + 1 if frame.words else 0) / 3,
        (frame.clauses[-1] + 1 if frame.words else 0) / 5,
        text.endswith("?"),
        text.endswith("!"),
    ]


def _voice(passage: Passage, frame: Frame) -> list[float]:
    is_given = passage.voice is not None
    theirs = content_words(passage.voice)
    is_target = bool(theirs) and theirs == content_words(passage.target)
    if not frame.voices or not frame.targets:
        return [is_given, len(frame.voices), 0, 0, 0, 0, is_target]
    at, voice = min(
        ((t, v) for t in frame.targets for v in frame.voices),
        key=lambda pair: abs(pair[0] - pair[1]),
    )
    return [
        is_given,
        len(frame.voices),
        1 if voice < at else -1,
        1 / abs(at - voice),
        frame.clauses[at] == frame.clauses[voice],
        frame.sentences[at] == frame.sentences[voice],
        is_target,
    ]
