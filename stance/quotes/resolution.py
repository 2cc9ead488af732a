"""The words that name a source → who is meant: a person, a body, or somebody heard before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stance.article import Span
from stance.quotes.attribution import Speech
from stance.quotes.cast import Cast
from stance.quotes.memory import Memory, Source
from stance.quotes.roles import can_speak, head_of, source_kind
from stance.quotes.sources import phrase_span, subject
from stance.quotes.tokens import POSSESSIVES, PREPOSITIONS, PRONOUNS, TIMES, Tokens, tokens_of

_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
# No stretch can be cut into names in two ways: where it could, capitals took seconds to refuse.
_NAME = r"(?:al-|el-)?[^\W\d_a-z](?:[\w.-]|['’](?!s\b)(?=\w))*"
_PARTICLE = r"(?:bin|bint|ibn|van|von|de|al)"
_LAST_RUN = re.compile(rf"({_NAME}(?:\s(?:{_PARTICLE}\s)?{_NAME})*(?:\s(?:{_PARTICLE}\s)?)?)$")
_ENTOURAGE = re.compile(
    r"^(.+)['’]s\s(?:team|group|colleagues|lab|side|camp|people|words|party)$", re.IGNORECASE
)
# What a canonical name drops: when and where a document came out, and unnamed sources' reserve.
_TRIMMED = re.compile(
    r"\s(?:taken|published|released|issued|dated|printed|seen|obtained|posted|whom|which|that"
    r"|who (?:asked|declined|spoke|requested|wished|wanted|refused|was not|were not"
    r"|could not))\b.*$"
    r"|\sof \d[\d,.]*\s[a-z].*$|,.*$"
)
_REFERRING = frozenset("that this these those what nothing something everything".split())
_CONTRACTED = re.compile(r"^(he|she|they|we|i|it|who)[’'](?:s|d|ll|re|ve|m)$", re.IGNORECASE)
_NAMES_OF_MONTHS = frozenset("March April May June August".split())
_ACTS = re.compile(rf"({_NAME}(?:\s{_NAME})*)\s[a-z]+ed\b")  # "Berg answered calmly", no name
_BOUNDARY = re.compile(r"[.!?;:]\s+")
_REACH = 160
_BY_PRONOUN = re.compile(r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ii]t|[Ww]ho)\s")
_STATEMENT = re.compile(r"an?\s(\w+)\sstatement$", re.IGNORECASE)
_LETTER = re.compile(
    r"(?:an?|the|one)\s(?:[\w-]+\s)?(?:letter|note|message|mail|e-mail|email|petition|text)\b.*?\sfrom\s(.+)$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"\b(?:statement|letter|note|message|notice|reply|filing|post|petition)\b")
_KIND_AND_NAME = re.compile(
    r"(?:[Tt]he\s|[Aa]\s)?(?:[\w’'-]+\s){0,2}(?:newspaper|paper|daily|weekly|monthly|magazine|bulletin|journal"
    r"|brokerage|company|firm|airline|charity|party|broadcaster|website)\s"
    r"((?:[^\W\d_a-z][\w’'-]*|&|of|the)(?:\s(?:[^\W\d_a-z][\w’'-]*|&|of|the))*)$",
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A source where a paragraph names it; a topic is what a sentence is about."""

    at: int
    end: int
    source: Source
    is_topic: bool = False


class Resolver:
    """Finds whom the noun phrases of one article mean.

    Parameters
    ----------
    cast : Cast
        Who the article names.
    memory : Memory
        Whom it has mentioned and heard so far.
    """

    def __init__(self, cast: Cast, memory: Memory) -> None:
        self._cast = cast
        self._memory = memory
        self._names = {person.name for person in cast.people.values()}

    def is_person(self, name: str) -> bool:
        """Whether a canonical name is that of a person in the cast."""
        return name in self._names

    def mentions(self, outside: str, speech: Speech, *, is_quote: bool) -> list[Mention]:
        """Who a paragraph names outside quotation marks, and whom its sentences are about."""
        here = [
            Mention(at, at + len(source.name), source)
            for at, source in self._memory.named_in(outside)
        ]
        if speech.quoted and speech.quoted[0].start == 0:
            return here
        for start, end in self._stretches(outside, is_quote=is_quote):
            if _BY_PRONOUN.match(outside, start):  # which tells no speaker
                continue
            tokens = tokens_of(outside[start:end])
            for is_topic, span in ((True, subject(tokens)), (False, _opening(tokens))):
                if span is None:
                    continue
                at = start + span.start
                source = self._speaker(outside[at : start + span.end])
                if source is None or not (is_topic or _opens_with(tokens, source)):
                    continue
                here.append(Mention(at, start + span.end, source, is_topic=True))
        return sorted(here, key=lambda mention: mention.at)

    def _stretches(self, outside: str, *, is_quote: bool) -> Iterator[tuple[int, int]]:
        """Where sentences and half-sentences begin, with as much of each as a subject may take.

        Of the author's own paragraphs the first sentence is enough: it tells what they are about.
        """
        start = 0
        for match in _BOUNDARY.finditer(outside):
            yield start, min(match.start(), start + _REACH)
            start = match.end()
            if not is_quote:
                return
        yield start, start + _REACH

    def _speaker(self, words: str) -> Source | None:
        """The source a subject names; None for pronouns, things and events."""
        if words.lower() in PRONOUNS or words.split(maxsplit=1)[0].lower() in POSSESSIVES:
            return None
        source = self.named(words, [])
        is_named = " " in words and _LAST_RUN.fullmatch(words) is not None
        is_known = is_named or source.order > 0 or self._cast.body(words) is not None
        return source if is_known or source.name in self._names or can_speak(words) else None

    def resolve(self, words: str, before: Sequence[Mention]) -> Source | None:
        """Whom the source of an attribution means; None where nobody can be.

        Parameters
        ----------
        words : str
            A noun phrase or a pronoun.
        before : sequence of Mention
            Who stands before it in its paragraph.
        """
        words = words.strip(" ,’'\"")
        lower = words.lower()
        if not words or lower in _REFERRING:
            return None
        if lower in TIMES:  # "said Wednesday"; but Nora May is somebody
            person = self._cast.people.get(lower) if words in _NAMES_OF_MONTHS else None
            return self._memory.of_person(person) if person is not None else None
        if len(words) < 8:
            words = _CONTRACTED.sub(r"\1", words)
        acts = _ACTS.match(words) if "ed" in words else None
        if acts is not None and self._cast.person(acts.group(1)) is not None:
            words = acts.group(1)
        here = [mention.source for mention in before]
        pronoun = POSSESSIVES.get(words.lower(), words.lower())
        if pronoun in ("one", "both", "neither", "another", "each"):
            pronoun = "they"
        if pronoun == "which":
            pronoun = "it"
        if pronoun in PRONOUNS:
            topics = [mention.source for mention in before if mention.is_topic]
            return self._memory.by_pronoun(pronoun, topics + here)
        owner = words.split()[0].lower()
        is_own = owner in ("its", "their") and source_kind(words) in ("document", "person")
        if is_own and self._person(words) is None:  # "Its report found"; not "Its head, Ola Berg"
            return self._memory.by_pronoun(POSSESSIVES[owner], here)
        statement = _STATEMENT.match(words)
        if statement is not None:
            return self.named(f"the {statement.group(1)}", here)
        return self.named(words, here)

    def named(self, words: str, here: Sequence[Source]) -> Source:
        """The source a noun phrase stands for: a person, a body, one heard before, or a new one."""
        words, sender, owner = _phrase(words)
        if sender:
            return self.named(sender, here)
        person = self._cast.person(owner) if owner else None
        if person is not None:
            return self._memory.of_person(person)
        source = self._person(words)
        if source is not None:
            return source
        words = _without_kind(words)
        known = self._memory.by_role(words, here, is_strict=True)
        body = self._cast.body(words) if known is None and _DETERMINER.sub("", words) else None
        if body is not None:
            return self._memory.described(body)
        return known or self._memory.by_role(words, here) or self._memory.described(words)

    def _person(self, words: str) -> Source | None:
        """The person a phrase names: "the economist Ola Berg", "Berg of the Harbour Board"."""
        name = _name_in(words)
        person = self._cast.person(name) if name else None
        return self._memory.of_person(person) if person is not None else None


@lru_cache(maxsize=4096)
def _phrase(words: str) -> tuple[str, str, str]:
    """A phrase without its trimmings; the sender of a letter, whose entourage speaks, or ""."""
    words = _TRIMMED.sub("", words.strip(" ,"))
    letter = _LETTER.match(words)
    entourage = _ENTOURAGE.match(words)
    return words, letter.group(1) if letter else "", entourage.group(1) if entourage else ""


@lru_cache(maxsize=4096)
def _name_in(words: str) -> str:
    """The name that the head of a phrase ends in; empty where it ends in none."""
    head = head_of(words.split(" and ", maxsplit=1)[0]).split("’s ")[-1].split("'s ")[-1]
    run = _LAST_RUN.search(head)
    if run is None or (_DETERMINER.sub("", head) == run.group(1) and _DETERMINER.match(head)):
        return ""
    return run.group(1).strip()


def _opening(tokens: Tokens) -> Span | None:
    """The noun phrase behind a sentence's first preposition: "In a survey by the union, …"."""
    if tokens and tokens[0].lower in PREPOSITIONS:
        return phrase_span(tokens, 1)
    return None


def _opens_with(tokens: Tokens, source: Source) -> bool:
    """Whether a source behind the first preposition may speak: "In the ruling …", "For Berg, …"."""
    if source.kind == "document":
        return not _LETTERS.search(source.name)
    return tokens[0].lower == "for" and source.kind == "person"


@lru_cache(maxsize=4096)
def _without_kind(words: str) -> str:
    """A name without the common noun before it: "the newspaper Argus" is the Argus."""
    match = _KIND_AND_NAME.match(words)
    return match.group(1) if match else words
