"""Views: a passage as texts of words, each cut for one n-gram model of the stance classifier.

A view may be text, or made-up words that say where a word stands ("l1_praised": the first to the
left of the target). The target itself is masked in all views but those that ask for its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from types import MappingProxyType

from stance.features.frame import TARGET, VOICE, Frame, content_words, frame_of
from stance.features.opinion_hits import related_hits, voice_relation
from stance.features.sentence_index import sentences_of
from stance.passage import Passage

NOTHING = "nnothing"
"""The only word of a view that has nothing to show."""

_ODD = re.compile(r"[^\w]+")
_TAGGED = re.compile(r"[#@]?[^\W_]+(?:['’][^\W_]+)?|[!?]+")
_MAX_CROSSED = 120  # words: what is crossed grows with their letters
_NEAR = 4
_WINDOW = 12
_STOP = frozenset(
    "the a an of and in on for to at by with from is was are were be been has have had it its this"
    " that as he she they his her their said".split()
)


@dataclass(frozen=True, slots=True)
class View:
    """What an n-gram model reads of a passage.

    Parameters
    ----------
    make : callable
        Passage to text; ``NOTHING`` where there is nothing to show.
    word_range, char_range : pair of int or None
        Lengths of the n-grams, as ``NgramClassifier`` takes them.
    """

    make: Callable[[Passage], str]
    word_range: tuple[int, int] = (1, 2)
    char_range: tuple[int, int] | None = None


def masked_text(passage: Passage) -> str:
    """The text with one word in place of each mention of target and voice."""
    return _joined(frame_of(passage).words)


def left_window(passage: Passage) -> str:
    """Words before each mention, up to twelve of its sentence."""
    frame = frame_of(passage)
    words: list[str] = []
    for at in frame.targets:
        words += [*frame.words[frame.around(at, _WINDOW)[0] : at], TARGET]
    return _joined(words)


def right_window(passage: Passage) -> str:
    """Words after each mention, up to twelve of its sentence."""
    frame = frame_of(passage)
    words: list[str] = []
    for at in frame.targets:
        words += [TARGET, *frame.words[at + 1 : frame.around(at, _WINDOW)[1]]]
    return _joined(words)


def clause(passage: Passage) -> str:
    """Words of the clauses that hold a mention."""
    frame = frame_of(passage)
    held = {frame.clauses[at] for at in frame.targets}
    return _joined([w for w, c in zip(frame.words, frame.clauses, strict=True) if c in held])


def near(passage: Passage) -> str:
    """Words within four places of a mention, each with its place."""
    frame = frame_of(passage)
    words: list[str] = []
    for at in frame.targets:
        words += _placed(frame, at)
    return " ".join(words) or NOTHING


def patterns(passage: Passage) -> str:
    """Opinion words, their classes and signs, each with its relation to target and voice."""
    frame = frame_of(passage)
    words: list[str] = []
    for hit, related in related_hits(passage):
        sign, turn = _sign(hit.word.object), "_not" if hit.is_negated else ""
        kind = f"{hit.word.kind}_{hit.word.name}"
        form = "_".join(_plain(word) for word in frame.words[hit.at : hit.end])
        relations = dict.fromkeys(relation.name for relation in related)
        for name in relations:
            words += [f"{form}_{name}", f"{kind}_{name}{turn}", f"{sign}_{name}{turn}"]
        voice = voice_relation(passage, hit)
        if voice is not None:
            for name in relations:
                end = f"{name}_{voice.name}{turn}"
                words += [f"{form}_vt_{end}", f"{kind}_vt_{end}", f"{sign}_vt_{end}"]
    return " ".join(words) or NOTHING


def names(passage: Passage) -> str:
    """Words of target and voice, alone and in pairs: who is asked about whom."""
    target = [_plain(word) for word in content_words(passage.target)]
    voice = [_plain(word) for word in content_words(passage.voice)]
    words = [f"t_{word}" for word in target] + [f"v_{word}" for word in voice]
    words += [f"p_{a}_{b}" for a in target for b in voice]
    if target:
        words.append("tt_" + "_".join(target))
    if target and voice:
        words.append("pp_" + "_".join(target) + "_" + "_".join(voice))
    return " ".join(words) or NOTHING


def crossed(passage: Passage) -> str:
    """Each word of the text with each word of the target's name."""
    target = [_plain(word) for word in content_words(passage.target)][:4]
    words = [_plain(word) for word in frame_of(passage).words if word not in _STOP]
    found = dict.fromkeys(word for word in words if len(word) > 1)
    return " ".join(f"{name}_{word}" for name in target for word in found) or NOTHING


def pieces(passage: Passage) -> str:
    """Words, pairs and pieces of three to five letters, each with the target's whole name.

    What is learnt from it is a model of its own for every target, all of them at once.
    """
    name = "_".join(_plain(word) for word in content_words(passage.target)) or "_"
    words = [_plain(word) for word in _TAGGED.findall(passage.text.lower())[:_MAX_CROSSED]]
    found = [f"{name}_w_{word}" for word in words]
    found += [f"{name}_b_{one}_{two}" for one, two in pairwise(words)]
    for word in dict.fromkeys(words):
        padded = f"_{word}_"
        found += [
            f"{name}_{padded[i : i + n]}" for n in (3, 4, 5) for i in range(len(padded) - n + 1)
        ]
    return " ".join(found) or NOTHING


def context(passage: Passage) -> str:
    """Headline and neighbouring paragraphs."""
    parts = (passage.headline, passage.previous, passage.following)
    return " ".join(part for part in parts if part) or NOTHING


def words(passage: Passage) -> str:
    """The text as it is: where it is a whole article, which has no word for its target."""
    return passage.text or NOTHING


def beginning(passage: Passage) -> str:
    """The first three sentences: where an article says what it is about and who says so."""
    return " ".join(sentences_of(passage.text)[:3]) or NOTHING


def asked(passage: Passage) -> str:
    """The target as it is: a headline or a claim has a side of its own."""
    return passage.target or NOTHING


VIEWS: MappingProxyType[str, View] = MappingProxyType(
    {
        "text": View(masked_text, char_range=(2, 5)),
        "left": View(left_window),
        "right": View(right_window),
        "clause": View(clause, char_range=(3, 5)),
        "near": View(near, word_range=(1, 1)),
        "patterns": View(patterns, word_range=(1, 1)),
        "names": View(names, word_range=(1, 1)),
        "crossed": View(crossed, word_range=(1, 1)),
        "pieces": View(pieces, word_range=(1, 1)),
        "context": View(context),
        "words": View(words),
        "beginning": View(beginning),
        "asked": View(asked),
    }
)
"""Every view by its name."""


def view(name: str) -> View:
    """A view by its name.

    Raises
    ------
    ValueError
        There is no such view.
    """
    if name not in VIEWS:
        close = get_close_matches(name, VIEWS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown view {name!r}, expected of {sorted(VIEWS)}{hint}")
    return VIEWS[name]


def _placed(frame: Frame, at: int) -> list[str]:
    low, high = frame.around(at, _NEAR)
    words = [_plain(word) for word in frame.words[low:high]]
    here = at - low
    placed = [f"l{here - i}_{word}" for i, word in enumerate(words[:here])]
    placed += [f"l_{word}" for word in words[:here]]
    placed += [f"r{i}_{word}" for i, word in enumerate(words[here + 1 :], start=1)]
    placed += [f"r_{word}" for word in words[here + 1 :]]
    for n in (2, 3):
        if here >= n:
            placed.append("ll_" + "_".join(words[here - n : here]))
        if len(words) - here - 1 >= n:
            placed.append("rr_" + "_".join(words[here + 1 : here + 1 + n]))
    if 0 < here < len(words) - 1:
        placed.append(f"lr_{words[here - 1]}_{words[here + 1]}")
    return placed


def _sign(polarity: int) -> str:
    if polarity > 3:
        return "passes"
    return "good" if polarity > 0 else "bad" if polarity < 0 else "none"


def _plain(word: str) -> str:
    return _ODD.sub("_", word)


def _joined(words: tuple[str, ...] | list[str]) -> str:
    return " ".join(words) or NOTHING


__all__ = ["NOTHING", "TARGET", "VIEWS", "VOICE", "View", "view"]
