"""Paragraphs of an article → the voice of each: whose words they are, and through whom they come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.labels import AUTHOR
from stance.quotes.attribution import Attribution, Speech, speech_of
from stance.quotes.marks import ends_open
from stance.quotes.names import (
    Source,
    is_outlet,
    last_name,
    names_in,
    person_names,
    role_kind,
    without_titles,
)

_PRONOUNS = frozenset(("he", "she", "they", "it", "who", "we", "i"))
_DEFINITE = re.compile(r"^(?:the|this|that|his|her|their|its)\s+", re.IGNORECASE)
_NAMED = re.compile(r"(?:al-|el-)?[^\W\d_a-z][\w’'&-]*")
_TRAILING = re.compile(
    r"\s+(?:(?:on|in|at)\s+(?:an?|the|his|her|its|their)\s.*|(?:on|in)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day.*)$"
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose words a paragraph gives.

    Parameters
    ----------
    name : str
        ``"author"``, or the source's canonical name.
    via : tuple of str
        Who passed the words on, outermost first; empty where the source spoke itself.
    """

    name: str = AUTHOR
    via: tuple[str, ...] = ()


def speech_in(texts: Sequence[str]) -> list[Speech]:
    """Quoted and attributed stretches of an article's paragraphs, open quotations carried over."""
    speeches, is_open = [], False
    for text in texts:
        speeches.append(speech_of(text, is_open=is_open))
        is_open = ends_open(text)
    return speeches


def voices_of(
    texts: Sequence[str], types: Sequence[str], *, headline: str = "", speeches: Sequence[Speech] = ()
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
    speeches : sequence of Speech
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
    resolver = _Resolver([headline, *texts])
    voices = []
    for text, kind, speech in zip(texts, types, speeches or speech_in(texts), strict=True):
        heard = resolver.hear(text, speech)
        voices.append(heard if kind == "quote" else Voice())
    return voices


class _Resolver:
    """Reads an article forwards and remembers who has spoken."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._people = person_names(names_in(texts))
        self._sources: list[Source] = []
        self._last = Voice("unnamed source")

    def hear(self, text: str, speech: Speech) -> Voice:
        """The voice of the next paragraph, were it a quote."""
        spoken = [
            (self._resolve(_words(text, a), text, a), a)
            for a in speech.attributions
            if a.source.end > a.source.start
        ]
        named = [(source, a) for source, a in spoken if source is not None]
        if not named:
            return self._last
        source, attribution = max(named, key=lambda pair: _n_attributed(pair[1], speech))
        voice = Voice(source.name)
        if attribution.via:
            inner = self._name(attribution.via, attribution.via)
            voice = Voice(inner.name, via=(source.name,))
        self._last = voice
        return voice

    def _resolve(self, words: str, text: str, attribution: Attribution) -> Source | None:
        lowered = words.lower()
        if lowered in _PRONOUNS:
            return self._by_pronoun(lowered)
        source = self._name(words, text)
        source.roles |= set(re.findall(r"[a-z]{3,}", text[attribution.source.end :][:60].lower()))
        return source

    def _by_pronoun(self, pronoun: str) -> Source | None:
        kinds = {"he": ("person",), "she": ("person",), "they": ("people", "body"), "it": ("body", "outlet")}
        wanted = kinds.get(pronoun, ("person", "people", "body", "outlet"))
        return next((s for s in reversed(self._sources) if s.kind in wanted), None) or (
            self._sources[-1] if self._sources else None
        )

    def _name(self, words: str, context: str) -> Source:
        """The source that a noun phrase names, known or new; it becomes the latest."""
        words = _TRAILING.sub("", words.strip())
        found = self._known(words)
        if found is None:
            found = self._new(words)
        if found in self._sources:
            self._sources.remove(found)
        self._sources.append(found)
        found.roles |= set(re.findall(r"\b[a-z]{3,}\b", words))
        return found

    def _known(self, words: str) -> Source | None:
        full = self._person(words)
        if full:
            return next((s for s in self._sources if s.name == full), None)
        bare = _DEFINITE.sub("", words)
        for source in reversed(self._sources):
            if _DEFINITE.sub("", source.name).casefold() == bare.casefold():
                return source
        if not _DEFINITE.match(words) or _NAMED.search(bare.split(" of ")[0]) and self._is_name(bare):
            return None
        role = set(re.findall(r"[a-z]{3,}", bare.lower()))
        head = (re.findall(r"[a-z]{3,}", bare.lower()) or [""])[-1]
        kind = role_kind(bare)
        same_role = [s for s in self._sources if head in s.roles]
        same_kind = [s for s in self._sources if s.kind == kind]
        if kind in ("person", "outlet"):
            return (same_role or same_kind or [None])[-1]
        return same_role[-1] if same_role and len(role) == 1 else None

    def _new(self, words: str) -> Source:
        full = self._person(words)
        if full:
            source = Source(full, "person")
        elif is_outlet(words):
            source = Source(_with_capital(words), "outlet")
        else:
            source = Source(words, role_kind(words))
        return source

    def _person(self, words: str) -> str | None:
        """The full name of the person a phrase ends in, if it does."""
        bare = without_titles(_DEFINITE.sub("", words))
        tail = re.search(r"((?:(?:al-|el-)?[^\W\d_a-z][\w’'.-]*\s?)+)$", bare)
        if not tail or (words.split()[0].lower() in ("the", "a", "an") and bare[0].isupper()):
            return None
        name = without_titles(tail.group(1).strip())
        if is_outlet(name):
            return None
        full = self._people.get(last_name(name))
        if full is None:
            return None
        if len(name.split()) > 1 and full.casefold() != name.casefold():
            return name if len(name.split()) >= len(full.split()) else full
        return full if len(full.split()) > 1 else None

    def _is_name(self, words: str) -> bool:
        return words[:1].isupper()


def _words(text: str, attribution: Attribution) -> str:
    return text[attribution.source.start : attribution.source.end].strip(" ,’'\"")


def _n_attributed(attribution: Attribution, speech: Speech) -> int:
    """How many characters an attribution covers; quoted ones count twice, being verbatim."""
    n = 0
    for content in attribution.contents:
        n += content.end - content.start
        n += sum(
            max(0, min(content.end, q.end) - max(content.start, q.start)) for q in speech.quoted
        )
    return n


def _with_capital(words: str) -> str:
    return words[:1].upper() + words[1:]
