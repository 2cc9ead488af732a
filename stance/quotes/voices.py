"""Paragraphs of an article → the voice of each: whose words they are, and through whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.labels import AUTHOR
from stance.quotes.attribution import Attribution, Speech, speech_of
from stance.quotes.marks import MASK, ends_open
from stance.quotes.names import (
    Cast,
    Person,
    are_one_role,
    cast_of,
    people_in,
    source_kind,
)
from stance.quotes.sources import PRONOUNS

_DEFINITE = re.compile(r"^(?:the|this|that|his|her|their|its)\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s(?:of|for|at|from|in|who|with|by|on|to)\s.*$")
_LAST_RUN = re.compile(r"((?:(?:al-|el-)?[^\W\d_a-z][\w’'.-]*\s?(?:(?:bin|bint|ibn|van|von|de|al)\s)?)+)$")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|we|our|us|you|your)\b|\bI[’']")
_UNKNOWN = "unnamed source"


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


@dataclass(slots=True)
class _Source:
    name: str
    kind: str
    roles: set[str]


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
    listener = _Listener(cast_of([*texts, headline]), texts)
    return [
        listener.hear(text, speech, is_quote=kind == "quote")
        for text, kind, speech in zip(texts, types, speeches, strict=True)
    ]


class _Listener:
    """Reads an article forwards and remembers who was mentioned and who has spoken."""

    def __init__(self, cast: Cast, texts: Sequence[str]) -> None:
        self._cast = cast
        self._sources: list[_Source] = []
        self._mentioned: list[Person] = []
        self._last: Voice | None = None
        counts = Counter(p.name for text in texts for _, p in people_in(text, cast))
        self._protagonist = counts.most_common(1)[0][0] if counts else _UNKNOWN

    def hear(self, text: str, speech: Speech, *, is_quote: bool) -> Voice:
        """The voice of the next paragraph."""
        outside = text
        for q in speech.quoted:
            outside = outside[: q.start] + MASK * (q.end - q.start) + outside[q.end :]
        people = people_in(outside, self._cast)
        voice = self._attributed(text, speech, people)
        if is_quote and _is_answer(text, speech):
            voice = Voice(self._protagonist)
        elif is_quote and voice is None:
            voice = self._unattributed(people)
        self._mentioned += [person for _, person in people]
        if not is_quote:
            # What the author only mentions in passing is not who speaks next, unless named here.
            return Voice()
        self._last = voice or Voice(self._protagonist)
        return self._last

    def _attributed(
        self, text: str, speech: Speech, people: list[tuple[int, Person]]
    ) -> Voice | None:
        spoken: list[tuple[int, _Source, Attribution]] = []
        for a in speech.attributions:
            source = self._resolve(text[a.source.start : a.source.end], a.source.start, people)
            if source is not None:
                spoken.append((_n_attributed(a, speech), source, a))
        if not spoken:
            return None
        _, source, attribution = max(spoken, key=lambda entry: entry[0])
        self._remember(source)
        if attribution.inner:
            inner = self._named(attribution.inner)
            self._remember(inner)
            return Voice(inner.name, via=(source.name,))
        return Voice(source.name)

    def _unattributed(self, people: list[tuple[int, Person]]) -> Voice | None:
        """Who speaks where no cue says so: whom the paragraph names, or whoever spoke last."""
        if people:
            return Voice(people[0][1].name)
        if self._last is not None:
            return self._last
        return Voice(self._mentioned[-1].name) if self._mentioned else None

    def _resolve(self, words: str, at: int, people: list[tuple[int, Person]]) -> _Source | None:
        words = words.strip(" ,’'\"")
        if words.lower() in PRONOUNS:
            return self._by_pronoun(words.lower(), at, people)
        source = self._named(words)
        is_new = source.name == words and source.kind == "person"
        if is_new and words.startswith("The ") and people and people[0][0] < at:
            # "Ola Berg wants his lights back. The skipper holds that …"
            return _of_person(people[0][1])
        return source

    def _by_pronoun(
        self, pronoun: str, at: int, people: list[tuple[int, Person]]
    ) -> _Source | None:
        if pronoun in ("he", "she", "who"):
            here = [person for start, person in people if start < at]
            if here:
                return _of_person(here[0])
            spoken = [s for s in reversed(self._sources) if s.kind == "person"]
            if spoken:
                return spoken[0]
            return _of_person(self._mentioned[-1]) if self._mentioned else None
        wanted = ("body", "outlet") if pronoun == "it" else ("people", "body")
        return next((s for s in reversed(self._sources) if s.kind in wanted), None)

    def _named(self, words: str) -> _Source:
        """The source a noun phrase stands for: a person, a body, one heard before, or a new one."""
        words = re.sub(r"\s(?:who|which|that)\b.*$", "", words)
        person = self._person(words)
        if person is not None:
            return _of_person(person)
        if _DEFINITE.match(words) or words[:1].isupper():
            body = self._cast.body(words) if words.split()[-1][:1].isupper() else None
            if body is not None:
                return _Source(_capitalised(body), source_kind(body), set())
        known = self._heard(words)
        if known is not None:
            return known
        kind = source_kind(words)
        roles = set(re.findall(r"[a-z]{3,}", _TAIL.sub("", words)))
        return _Source(_capitalised(words) if kind == "outlet" else words, kind, roles)

    def _person(self, words: str) -> Person | None:
        """The person a phrase names: "the economist Ola Berg", "Berg of the Harbour Board"."""
        head = _TAIL.sub("", words).split("’s ")[-1].split("'s ")[-1]
        run = _LAST_RUN.search(head)
        if run is None:
            return None
        is_bare = _DEFINITE.sub("", head) == run.group(1) and _DEFINITE.match(head)
        return None if is_bare else self._cast.person(run.group(1).strip())

    def _heard(self, words: str) -> _Source | None:
        """The earlier source that a description takes up again ("the newspaper")."""
        bare = _DEFINITE.sub("", words)
        for source in reversed(self._sources):
            if _DEFINITE.sub("", source.name).casefold() == bare.casefold():
                return source
        if not _DEFINITE.match(words) or bare[:1].isupper() and " " not in bare:
            return None
        roles = set(re.findall(r"[a-z]{3,}", _TAIL.sub("", bare)))
        kind = source_kind(bare)
        for source in reversed(self._sources):
            if source.kind == kind and are_one_role(roles, source.roles):
                return source
        for person in reversed(self._mentioned):
            if kind == "person" and are_one_role(roles, person.roles):
                return _of_person(person)
        same = [s for s in self._sources if s.kind == kind]
        return same[-1] if same and kind in ("person", "outlet") and len(roles) == 1 else None

    def _remember(self, source: _Source) -> None:
        self._sources = [s for s in self._sources if s.name != source.name] + [source]


def _is_answer(text: str, speech: Speech) -> bool:
    """Whether a paragraph is an interview's answer: first person, no marks, nobody named as source."""
    has_source = any(
        a.cue_class in ("label", "according") or text[a.source.start : a.source.end] != ""
        and a.cue_class == "say" and text[a.source.start : a.source.end].lower() not in ("i", "we", "it")
        for a in speech.attributions
    )
    return not speech.quoted and not has_source and bool(_FIRST_PERSON.search(text))


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def _of_person(person: Person) -> _Source:
    return _Source(person.name, "person", person.roles)


def _n_attributed(attribution: Attribution, speech: Speech) -> int:
    """How many characters an attribution covers; quoted ones count twice, being verbatim."""
    n = 0
    for content in attribution.contents:
        n += content.end - content.start
        n += sum(
            max(0, min(content.end, q.end) - max(content.start, q.start)) for q in speech.quoted
        )
    return n
