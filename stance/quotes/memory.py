"""Who an article has mentioned and heard so far, and whom a pronoun or a role takes up again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from stance.quotes.cast import Cast, Person, people_in
from stance.quotes.roles import are_one_role, can_speak, gender_of, role_words, source_kind

_DEFINITE = re.compile(r"^(?:the|this|that|these|those|his|her|their|its)\s+", re.IGNORECASE)
_INDEFINITE = re.compile(r"^(?:an?|same)\s+")
_PLURAL = frozenset(("people", "body"))
_NEVER = -99


@dataclass(slots=True)
class Source:
    """Somebody or something that can speak.

    Parameters
    ----------
    name : str
        Canonical name, or the description of whoever is not named.
    kind : str
        "person", "people", "body", "document" or "outlet".
    roles : set of str
        Lower-case words the article uses of it.
    gender : str
        "m", "f", or empty where unknown.
    mentioned, heard : int
        Paragraph of the last mention, and of the last words given; a negative number for never.
    """

    name: str
    kind: str
    roles: AbstractSet[str] = frozenset()
    gender: str = ""
    mentioned: int = _NEVER
    heard: int = _NEVER
    order: int = 0


class Memory:
    """Sources of one article, read forwards, paragraph by paragraph."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._sources: dict[str, Source] = {}
        # Whom only the author's own paragraphs quote, in passing: they speak in quotations, and
        # what pronouns mean in the paragraphs that follow does not depend on them.
        self._asides: dict[str, Source] = {}
        self._is_aside = False
        self._now = 0
        self._clock = 0

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Look sources up and leave no trace of it that a look-up outside will meet."""
        self._is_aside = True
        try:
            yield
        finally:
            self._is_aside = False

    def turn_to(self, index: int) -> None:
        """Begin paragraph ``index``."""
        self._now = index

    def of_person(self, person: Person) -> Source:
        """The source that a person of the cast is."""
        source = self._known(person.name)
        if source is None:
            source = Source(person.name, "person", person.roles, person.gender)
            self._add(person.name, source)
        return source

    def _known(self, key: str) -> Source | None:
        source = self._sources.get(key)
        return self._asides.get(key) if source is None and self._is_aside else source

    def _add(self, key: str, source: Source) -> None:
        (self._asides if self._is_aside else self._sources)[key] = source

    def _all(self) -> Iterable[Source]:
        if self._is_aside and self._asides:
            return [*self._sources.values(), *self._asides.values()]
        return self._sources.values()

    def described(self, name: str) -> Source:
        """The source with this name or description, new where it is not known."""
        bare, key = _bare_and_key(name)
        source = self._known(key)
        if source is None:
            roles = role_words(name)
            kind = source_kind(name)
            if bare in self._cast.outlets:
                kind = "outlet"
            elif kind == "person" and name in self._cast.bodies:
                kind = "body"
            source = Source(name, kind, roles, gender_of(roles))
            self._add(key, source)
        return source

    def mention(self, source: Source) -> None:
        """Note that a source was mentioned in this paragraph."""
        self._clock += 1
        source.mentioned, source.order = self._now, self._clock

    def hear(self, source: Source) -> None:
        """Note that a source's words were given in this paragraph."""
        self.mention(source)
        source.heard = self._now

    def hear_aside(self, source: Source) -> None:
        """Note the words of a source that only quotations know."""
        if any(source is one for one in self._asides.values()):
            self.hear(source)

    def by_pronoun(self, pronoun: str, here: Sequence[Source]) -> Source | None:
        """Whom a pronoun means.

        Parameters
        ----------
        here : sequence of Source
            Who stands before the pronoun in its paragraph, in order.
        """
        if pronoun in ("he", "she", "who"):
            gender = {"he": "m", "she": "f"}.get(pronoun, "")
            local = [s for s in here if s.kind == "person" and _agrees(s, gender)]
            if local:
                return local[0]
            return self._best(("person",), gender=gender)
        kinds = ("body", "document", "outlet") if pronoun == "it" else ("people", "body")
        local = [s for s in here if s.kind in kinds]
        return local[0] if local else self._best(kinds)

    def by_role(
        self, words: str, here: Sequence[Source], *, is_strict: bool = False
    ) -> Source | None:
        """Whom a description takes up again ("the skipper", "the newspaper"); None where nobody.

        ``is_strict`` asks for a shared role; otherwise the likeliest source of the kind will do.
        """
        bare = _definite(words)
        if bare is None:
            return None
        known = self._known(bare.casefold())
        if known is not None:
            return known
        roles, kind = role_words(bare), source_kind(bare)
        if bare[:1].isupper() and not roles:
            return None
        for source in [*here, *self._by_recency(kind)] if roles else ():  # no role, none shared
            if source.kind == kind and are_one_role(roles, source.roles) and source.name != words:
                return source
        return None if is_strict else self._likeliest(bare, here)

    def _likeliest(self, bare: str, here: Sequence[Source]) -> Source | None:
        """Whom a description may mean of which no role is known."""
        roles, kind = role_words(bare), source_kind(bare)
        local = [s for s in here if s.kind == kind]
        if kind == "person":
            for person in self._cast.people.values():
                if are_one_role(roles, person.roles):
                    return self.of_person(person)
            return local[0] if local else self._just_mentioned(bare)
        if kind not in ("outlet", "body") or len(bare.split()) > 1 + (kind == "outlet"):
            return None
        return local[-1] if local else self._best((kind,))

    def _just_mentioned(self, bare: str) -> Source | None:
        """The person last named, where a bare role in the next paragraph can only mean them."""
        if " " in bare or not can_speak(bare):
            return None
        people = self._by_recency("person")
        return people[0] if people and self._now - people[0].mentioned <= 1 else None

    def _by_recency(self, kind: str) -> list[Source]:
        return sorted((s for s in self._all() if s.kind == kind), key=lambda s: -s.order)

    def _best(self, kinds: Iterable[str], *, gender: str = "") -> Source | None:
        """The most salient source of a kind: heard or mentioned lately, of the right sex."""
        wanted = set(kinds)
        fitting = [s for s in self._all() if s.kind in wanted and s.order]
        fitting = [s for s in fitting if _agrees(s, gender)] or fitting
        return max(fitting, key=self._salience) if fitting else None

    def _salience(self, source: Source) -> tuple[float, int]:
        heard, mentioned = self._now - source.heard, self._now - source.mentioned
        return (max(0.0, 3 - heard) + max(0.0, 2.5 - mentioned), source.order)

    def named_in(self, text: str) -> list[tuple[int, Source]]:
        """People of the cast, and bodies and outlets known so far, where a text names them."""
        found = [(at, self.of_person(person)) for at, person in people_in(text, self._cast)]
        for source in self._sources.values():
            if source.kind in ("body", "outlet"):
                at = text.find(_bare_and_key(source.name)[0])
                if at >= 0:
                    found.append((at, source))
        return sorted(found, key=lambda entry: entry[0])


@lru_cache(maxsize=4096)
def _bare_and_key(name: str) -> tuple[str, str]:
    """A name without what makes it definite, and what sources of that name are known by."""
    bare = _DEFINITE.sub("", name)
    return bare, _INDEFINITE.sub("", bare.casefold())


@lru_cache(maxsize=4096)
def _definite(words: str) -> str | None:
    """A description without what makes it definite; None where it is not."""
    if not _DEFINITE.match(words):
        return None
    return _DEFINITE.sub("", words).removeprefix("same ")


def _agrees(source: Source, gender: str) -> bool:
    return not gender or not source.gender or source.gender == gender
