"""Reads an article forwards and names the voice of each paragraph and of each quotation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.article import Span
from stance.labels import AUTHOR
from stance.quotes.attribution import Attribution, Speech
from stance.quotes.cast import Cast
from stance.quotes.cues import cue_classes
from stance.quotes.further import mended
from stance.quotes.memory import Memory, Source
from stance.quotes.muteness import is_mute, is_unsaid
from stance.quotes.resolution import Mention, Resolver
from stance.quotes.roles import can_speak
from stance.quotes.sentences import masked
from stance.quotes.sources import source_ahead
from stance.quotes.tokens import AUXILIARIES, PRONOUNS, TIMES

_QUANTITY = re.compile(
    r"(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|most|many|half)\b.*\b(?:in|of)\b|ten$)",
    re.IGNORECASE,
)
UNKNOWN = "unnamed source"
# Who was named longer ago in a paragraph is not meant by a pronoun. A line of 3,000 attributions
# took 6.6 s while all of them were looked through for each.
_RECALLED = 60
_REACH = 400  # characters from a cue back to its source
_ASIDE = 8  # characters from a name to the cue that a comma alone parts from it


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


@dataclass(frozen=True, slots=True)
class _Said:
    """One attribution of a paragraph, its source resolved."""

    source: Source
    attribution: Attribution
    n: int


class Listener:
    """Reads an article forwards and names the voice of each paragraph."""

    def __init__(self, cast: Cast) -> None:
        self._memory = Memory(cast)
        self._resolver = Resolver(cast, self._memory)
        self._last: Voice | None = None
        self._last_at = -2

    def hear(
        self,
        index: int,
        text: str,
        speech: Speech,
        *,
        is_quote: bool,
        known: Voice | None,
        asked: Sequence[Attribution | None] = (),
    ) -> tuple[Voice, list[Voice]]:
        """The voice of the next paragraph, and of each of the quotations asked about.

        Parameters
        ----------
        asked : sequence of Attribution or None
            None for a quotation that no words of the paragraph attribute.
        """
        self._memory.turn_to(index)
        outside = masked(text, [q for q in speech.quoted if q.is_opened])
        here = self._resolver.mentions(outside, speech, is_quote=is_quote)
        voice = known
        said: list[_Said] = []
        reticent: list[Source] = []
        if is_quote and voice is None:
            said = self._said(text, speech.attributions, speech, here)
            voice = self._told(said, here, outside) or self._voice(said)
            if voice is None and self._is_silent(index, text, speech):
                is_quote, reticent = False, self._reticent(text, speech, here)
            voice = voice or self._unattributed(here)
        voices = self._quoted(text, speech, here, asked=asked, said=said, voice=voice)
        for mention in here:
            self._memory.mention(mention.source)
        for source in reticent:
            self._memory.mention(source)
        if not is_quote:
            return Voice(), voices
        self._last, self._last_at = voice or Voice(UNKNOWN), index
        self._memory.hear(self._resolver.named(self._last.name, []))
        return self._last, voices

    def _is_silent(self, index: int, text: str, speech: Speech) -> bool:
        """Whether all that seems to speak says nothing, and nobody goes on speaking."""
        return (
            bool(speech.attributions)
            and not speech.quoted
            and self._last_at != index - 1
            and all(is_mute(text, a.source, a.cue, content=a.contents) for a in speech.attributions)
        )

    def _reticent(self, text: str, speech: Speech, here: list[Mention]) -> list[Source]:
        """Who leaves a question open: "she" of the next paragraph means them all the same."""
        found = [
            self._resolver.resolve(text[slice(*a.source)], here)
            for a in speech.attributions
            if is_unsaid(text, a.source, a.cue)
        ]
        return [source for source in found if source is not None]

    def _quoted(
        self,
        text: str,
        speech: Speech,
        here: list[Mention],
        *,
        asked: Sequence[Attribution | None],
        said: list[_Said],
        voice: Voice | None,
    ) -> list[Voice]:
        """The voice of each quotation; who else has the paragraph's speaks where none is named."""
        if not asked:
            return []
        known = {id(one.attribution): one for one in said}
        heard: list[_Said] = []
        voices: list[Voice] = []
        with self._memory.aside():
            for attribution in asked:
                found: list[_Said] = []
                if attribution is not None:
                    one = known.get(id(attribution))
                    found = [one] if one else self._said(text, (attribution,), speech, here, heard)
                heard += found
                for one in found:
                    self._memory.hear_aside(one.source)
                voices.append(
                    self._voice(found) or voice or self._unattributed(here) or Voice(UNKNOWN)
                )
        return voices

    def _said(
        self,
        text: str,
        attributions: Sequence[Attribution],
        speech: Speech,
        here: list[Mention],
        earlier: Sequence[_Said] = (),
    ) -> list[_Said]:
        said: list[_Said] = []
        for a in attributions:
            if is_mute(text, a.source, a.cue, content=a.contents):
                continue
            at = _source(text, a, speech)
            words = text[at.start : at.end]
            recent = (*earlier[-_RECALLED:], *said[-_RECALLED:])
            before = [Mention(0, 0, one.source, is_topic=True) for one in recent]
            known = bisect_left(here, at.start, key=lambda mention: mention.at)
            before += here[max(0, known - _RECALLED) : known]
            if _QUANTITY.match(words):  # "In a survey by the union, six in ten called …"
                papers = [m.source for m in before if m.source.kind == "document"]
                source: Source | None = (
                    papers[-1] if papers else self._resolver.resolve(words, before)
                )
            else:
                source = self._resolver.resolve(words, before)
            if source is not None:
                said.append(_Said(source, a, _n_attributed(a, speech)))
        return said

    def _voice(self, said: list[_Said]) -> Voice | None:
        """The source with most words, all its attributions counted, and who passed them on."""
        named = [one for one in said if not self._is_asker(one)]
        said = named or said
        if not said:
            return None
        counts: Counter[str] = Counter()
        for one in said:
            counts[one.source.name] += one.n
        name = counts.most_common(1)[0][0]
        chosen = [one for one in said if one.source.name == name]
        others = [one for one in said if one.source.name != name]
        if chosen[0].source.kind == "outlet" and others:
            told = [
                one
                for one in others
                if one.source.kind in ("person", "people")
                and (self._resolver.is_person(one.source.name) or can_speak(one.source.name))
            ]
            if told and chosen[0].attribution.cue_class != "according":
                return Voice(told[0].source.name, via=(name,))
        relays = [self._relay(one.attribution.relay) for one in chosen if one.attribution.relay]
        for one in chosen:
            if one.attribution.inner and not any(relays):
                inner = self._resolver.named(one.attribution.inner, [])
                return Voice(inner.name, via=(one.source.name,))
        return Voice(name, via=tuple(r for r in relays if r)[:1])

    def _told(self, said: list[_Said], here: list[Mention], outside: str) -> Voice | None:
        """Somebody whose words an outlet passes on in passing: "Two dockers, says the Argus, …"."""
        people = [m for m in here if m.is_topic and m.source.kind in ("person", "people")]
        for one in said if people else ():
            if one.source.kind != "outlet":
                continue
            low = min(one.attribution.cue.start, one.attribution.source.start)
            for mention in people:
                is_near = 0 < low - mention.end <= _ASIDE
                if is_near and outside[mention.end : low].strip() == ",":
                    return Voice(mention.source.name, via=(one.source.name,))
        return None

    def _is_asker(self, one: _Said) -> bool:
        """Whether a label names an interviewer: initials, or a name that is no person's."""
        name = one.source.name
        return (
            one.attribution.cue_class == "label"
            and not self._resolver.is_person(name)
            and name.isupper()
        )

    def _relay(self, words: str) -> str | None:
        source = self._resolver.resolve(words, [])
        return source.name if source is not None and source.kind == "outlet" else None

    def _unattributed(self, here: list[Mention]) -> Voice | None:
        """Who speaks where no cue says so: the first sentence's subject, or whoever spoke last."""
        topics = [mention for mention in here if mention.is_topic] or here
        return Voice(topics[0].source.name) if topics else self._last


def _source(text: str, attribution: Attribution, speech: Speech) -> Span:
    """Whose words a cue gives where what follows it is no source: "Berg, who left, said Monday"."""
    cue, source = attribution.cue, attribution.source
    if cue.end > source.start or attribution.cue_class == "according":
        return source
    words = text[source.start : source.end].lower()
    follows = text[source.end : source.end + 24].split(maxsplit=1)[:1]
    is_verb = [word for word in follows if word in AUXILIARIES or word in cue_classes()]
    if words not in TIMES and words not in PRONOUNS and not is_verb:
        return source
    outside = masked(text, [q for q in speech.quoted if q.is_opened])
    if words not in TIMES:
        return mended(outside, attribution).source
    start = max(0, cue.start - _REACH)
    found = source_ahead(outside[start : cue.start])
    return Span(found.start + start, found.end + start) if found else source


def _n_attributed(attribution: Attribution, speech: Speech) -> int:
    """How many characters an attribution covers; quoted ones count twice, being verbatim."""
    n = 1
    for content in attribution.contents:
        n += content.end - content.start
        n += sum(
            max(0, min(content.end, q.end) - max(content.start, q.start)) for q in speech.quoted
        )
    return n
