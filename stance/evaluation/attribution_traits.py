"""Traits of a true attribution: what it is like, for scores of attributions of one kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from stance.article import Span
from stance.evaluation.attributed import Attributed, hull
from stance.quotes.cues import NOMINAL

TRAITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "quotation": ("direct", "mixed", "indirect"),
        "cue stands": ("before", "inside", "after", "nowhere"),
        "cue is": ("a verb or phrase", "a noun", "absent"),
        "source": ("in the paragraph", "elsewhere", "none"),
        "words": ("1 to 5", "6 to 15", "16 to 30", "31 or more"),
        "nesting": ("alone", "inside another", "holds another"),
        "pieces": ("one", "several"),
        "paragraphs": ("one", "goes on in the next"),
    }
)
"""Trait → its values, in the order in which reports tell them."""

_WORD = re.compile(r"\w[\w’'.-]*")
_NOUNS = frozenset(word for words in NOMINAL.values() for word in words.split())
_BEFORE_NOUN = re.compile(
    r"(?:\b(?:the|a|an|this|that|these|those|his|her|its|their|my|our|your|any|no|some|such|of|in)"
    r"|['’]s|s['’])\s$",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:the|a|an|this|that|his|her|its|their|my|our|your|in|any|no)\s", re.IGNORECASE
)


def traits_of(
    text: str,
    gold: Sequence[Attributed],
    *,
    sources_elsewhere: Sequence[bool],
    crosses: Sequence[bool],
) -> list[dict[str, str]]:
    """The traits of every true attribution of a paragraph.

    Parameters
    ----------
    text : str
    gold : sequence of Attributed
    sources_elsewhere : sequence of bool
        Whether a source that the paragraph lacks is named in another one.
    crosses : sequence of bool
        Whether a content goes on in the next paragraph.

    Examples
    --------
    >>> one = Attributed((Span(0, 10),), (Span(15, 19),), (Span(11, 14),), quoted=1.0)
    >>> text = "“It held,” she said."
    >>> (found,) = traits_of(text, [one], sources_elsewhere=[False], crosses=[False])
    >>> found["quotation"], found["cue stands"], found["cue is"], found["words"]
    ('direct', 'after', 'a verb or phrase', '1 to 5')
    """
    return [
        {
            "quotation": _quotation(one),
            "cue stands": _cue_place(one),
            "cue is": _cue_kind(text, one),
            "source": "in the paragraph" if one.source else "elsewhere" if far else "none",
            "words": _length(text, one),
            "nesting": _nesting(one, gold),
            "pieces": "several" if len(one.content) > 1 else "one",
            "paragraphs": "goes on in the next" if crossing else "one",
        }
        for one, far, crossing in zip(gold, sources_elsewhere, crosses, strict=True)
    ]


def _quotation(one: Attributed) -> str:
    """Mixed is what stands inside quotation marks in part, up to half."""
    return "direct" if one.is_direct else "mixed" if one.quoted else "indirect"


def _cue_place(one: Attributed) -> str:
    if not one.cue:
        return "nowhere"
    cue, content = hull(one.cue), one.hull
    if cue.end <= content.start:
        return "before"
    return "after" if cue.start >= content.end else "inside"


def _cue_kind(text: str, one: Attributed) -> str:
    """A noun where its last word is a noun of speech, right after a determiner or possessive.

    No adjective may stand between: "the mayor claims" has no noun of speech.
    """
    if not one.cue:
        return "absent"
    cue = hull(one.cue)
    words = [word.group().lower() for word in _WORD.finditer(text, cue.start, cue.end)]
    last = words[-1] if words else ""
    is_noun = last in _NOUNS or last.removesuffix("s") in _NOUNS
    is_set = _OPENER.match(text, cue.start, cue.end) or _BEFORE_NOUN.search(text[: cue.start])
    return "a noun" if is_noun and is_set else "a verb or phrase"


def _length(text: str, one: Attributed) -> str:
    n = sum(len(_WORD.findall(text, start, end)) for start, end in one.content)
    names = TRAITS["words"]
    return names[sum(n > limit for limit in (5, 15, 30))]


def _nesting(one: Attributed, gold: Sequence[Attributed]) -> str:
    for other in gold:
        if other is not one and _holds(other.hull, one.hull):
            return "inside another"
    for other in gold:
        if other is not one and _holds(one.hull, other.hull):
            return "holds another"
    return "alone"


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer != inner
