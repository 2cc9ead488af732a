"""Sources in a frame instead of beside a verb: "according to …", "in her view", "Berg: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stance.article import Span
from stance.quotes.cues import cue_classes
from stance.quotes.marks import MASK
from stance.quotes.sources import phrase_span
from stance.quotes.tokens import AUXILIARIES, POSSESSIVES, PRONOUNS, Tokens
from stance.quotes.verbs import Found

_ANSWER_NOUNS = "answer reply view verdict opinion message response retort word".split()
_OPINION_NOUNS = (
    "view opinion words telling mind account reckoning eyes judgement judgment version estimate"
    " estimation phrase reading book".split()
)
_ACCORDING = re.compile(
    rf"\b(?:according to|(?:was|is|came|ran) the (?:{'|'.join(_ANSWER_NOUNS)}) (?:of|from)"
    r"|in the (?:words|view|opinion|eyes|telling) of|as told by|as reported by)\s+",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:in|to|by)\s+((?:his|her|their|its)(?:\sown)?"
    r"|(?:the\s)?[\w’'. -]{2,40}?(?:[’']s|s[’'])(?:\sown)?)"
    rf"\s(?:{'|'.join(_OPINION_NOUNS)})\b",
    re.IGNORECASE,
)
# By byte of UTF-8, a letter of a to z as it is and a blank for all else: splitting what this table
# leaves is three times as fast as searching for letters.
_BLANKS = bytes(i if 97 <= i <= 122 else 32 for i in range(256))
_LABEL = re.compile(
    r"(?:[Ff]rom\s+)?([^\W\d_][\w’'. -]{0,50}?)(?:\s*\([^)]{1,40}\)|,\s[^,:“\x01]{3,50})?"
    r"\s*:\s+(?=[“\"«„\x01\w(])"
)
_ABOUT_TEXT = frozenset(
    "note remark correction clarification update updated editor overall".split()
)
_RELEASED = re.compile(
    r"\s(?:(?:that|which)\s)?((?:the|its|his|her|[^\W\d_a-z])[\w’' -]{1,50}?)\s(?:has\s|had\s)?"
    r"(?:released|published|sent|issued|wrote|sends|presented|circulated|submitted)\b"
)


@cache
def _signs() -> dict[bytes, str]:
    """Words without which nothing in a sentence can be attributed: most sentences have none."""
    words = (*cue_classes(), "according", *_OPINION_NOUNS, *_ANSWER_NOUNS)
    return {word.encode(): word for word in words}


def may_attribute(sentence: str) -> bool:
    """Whether a masked sentence holds anything that can attribute: most hold nothing.

    Examples
    --------
    >>> may_attribute("She left."), may_attribute("She saw him."), may_attribute("She said so.")
    (False, True, True)
    """
    return MASK in sentence or ":" in sentence or bool(signs_in(sentence.lower()))


def signs_in(lower: str) -> frozenset[str]:
    """Words of a sentence in lower case that can attribute.

    Examples
    --------
    >>> sorted(signs_in("in her view, she said, it broke."))
    ['said', 'view']
    """
    known = _signs()
    letters = lower.encode("utf-8", "surrogatepass").translate(_BLANKS).split()
    return frozenset([known[word] for word in known.keys() & letters])


def has_frame(sentence: str, signs: frozenset[str]) -> bool:
    """Whether a sentence with such ``signs`` holds "according to" or its like."""
    return not signs.isdisjoint(_frame_words()) and _ACCORDING.search(sentence) is not None


def by_preposition(sentence: str, tokens: Tokens, *, signs: frozenset[str]) -> Iterator[Found]:
    """A source behind "according to" and its like, or whose view the sentence gives.

    Parameters
    ----------
    tokens : Tokens
        Those of the sentence; may be empty where ``has_frame`` is false.
    signs : frozenset of str
        What ``signs_in`` gives.
    """
    for match in () if signs.isdisjoint(_frame_words()) else _ACCORDING.finditer(sentence):
        first = tokens.at(match.end())
        source = phrase_span(tokens, first)
        if source is not None:
            source = _publisher(sentence, source) or source
            yield Found(Span(match.start(), match.end() - 1), source, "according", True)
            return
    opinion = None if signs.isdisjoint(_OPINION_NOUNS) else _OPINION.search(sentence)
    if opinion is not None:
        start, end = opinion.span(1)
        words = opinion.group(1).split()
        if words[0].lower() in POSSESSIVES:
            end = start + len(words[0])
        else:
            end = start + len(opinion.group(1).removesuffix(" own").rstrip("s").rstrip("’'"))
        yield Found(Span(*opinion.span()), Span(start, end), "according", True)


@cache
def _frame_words() -> frozenset[str]:
    """One of these stands in whatever ``_ACCORDING`` matches."""
    return frozenset(("according", "told", "reported", "words", "eyes", "telling", *_ANSWER_NOUNS))


def _publisher(sentence: str, source: Span) -> Span | None:
    """Who put out the document that a source is: "figures the treasury released"."""
    clause = _RELEASED.match(sentence, source.end)
    return Span(*clause.span(1)) if clause else None


def by_label(sentence: str) -> Iterator[Found]:
    """The name, or the letter's sender, that a paragraph begins with: "Ola Berg: And then …"."""
    label = _LABEL.match(sentence)
    if label is not None and _is_label(label.group(1), sentence[label.end() :]):
        yield Found(Span(label.end() - 2, label.end() - 1), Span(*label.span(1)), "label", False)


def _is_label(words: str, content: str) -> bool:
    found = words.split()
    if any(word.lower() in PRONOUNS | AUXILIARIES | {"you", "this", "that"} for word in found):
        return False
    if found[-1].lower() in _ABOUT_TEXT or found[0].lower() in _ABOUT_TEXT:
        return False
    capitals = sum(word[0].isupper() for word in found)
    # One word, or a phrase, introduces only what stands in marks; a name introduces anything.
    return content[:1] in MASK + '“«„"' or (len(found) > 1 and capitals > len(found) / 2)
