"""Opinion words of a passage, and how each of them stands to the target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stance.bounded_cache import bounded_cache
from stance.features.frame import TARGET, VOICE, Frame, frame_of
from stance.features.opinion_words import Word, opinion_phrases, opinion_words, shifters
from stance.passage import Passage

RELATIONS = (
    "agent",  # does it: "T praised", "praised by T"
    "patient",  # is done to: "praised T", "T was praised"
    "holder",  # has it or is it: "T's courage", "T is brave", "brave T"
    "about",  # is what it goes to: "criticism of T", "anger at T"
    "before",  # stands before T in its clause
    "after",
    "earlier",  # stands before T in another clause of its sentence
    "later",
    "elsewhere",  # in another sentence, or T is not there
)
_BE = frozenset(
    "is was are were be been being am 's isn't wasn't aren't weren't get got gets".split()
)
_AUXILIARY = _BE | frozenset(
    "has have had having do does did will would can could should may might must shall to n't not"
    " never also then now still just already even often always don't doesn't didn't won't wouldn't"
    " can't couldn't shouldn't hasn't haven't hadn't who which that and".split()
)
_DETERMINERS = frozenset(
    "the a an his her its their our my your this that these those no any some every all".split()
)
_BEFORE_NOUN = _DETERMINERS | frozenset(
    "'s of for with by in on at about over against from".split()
)
_PREPOSITIONS = frozenset(
    "of for against on to by with from about at in toward towards over into between around like"
    " than under behind".split()
)
_LINKS = _BE | frozenset(
    "as looks looked seems seemed remains remained becomes became called calls calling considered"
    " deemed appears appeared feels felt".split()
)
_PRONOUNS = frozenset("he she they we i you it who him her them us me".split())
_NEAR = 4


class Hit(NamedTuple):
    """An opinion word where it stands.

    Parameters
    ----------
    at, end : int
        First and last but one of its tokens.
    word : Word
    is_negated, is_strong, is_weak, is_passive : bool
    """

    at: int
    end: int
    word: Word
    is_negated: bool
    is_strong: bool
    is_weak: bool
    is_passive: bool


class Relation(NamedTuple):
    """How a hit stands to one mention of the target.

    Parameters
    ----------
    name : str
        One of ``RELATIONS``.
    distance : int
        Tokens between, 0 where they stand side by side; 99 in another sentence.
    """

    name: str
    distance: int


@bounded_cache(n_chars=1 << 20)
def hits_of(passage: Passage) -> tuple[Hit, ...]:
    """Opinion words of a passage, in reading order.

    Examples
    --------
    >>> [(hit.word.name, hit.is_negated) for hit in hits_of(Passage("Nobody praised it."))]
    [('praise', True)]
    """
    frame = frame_of(passage)
    return tuple(_hits(frame))


@bounded_cache(n_chars=1 << 20)
def related_hits(passage: Passage) -> tuple[tuple[Hit, tuple[Relation, ...]], ...]:
    """Opinion words of a passage, each with how it stands to each mention."""
    return tuple((hit, tuple(relations_of(passage, hit))) for hit in hits_of(passage))


def relations_of(passage: Passage, hit: Hit) -> list[Relation]:
    """How a hit stands to each mention; to none, it stands elsewhere.

    Examples
    --------
    >>> one = Passage("Lund was praised by the council.", target="Lund")
    >>> relations_of(one, hits_of(one)[0])
    [Relation(name='patient', distance=1)]
    """
    frame = frame_of(passage)
    return [_relation(frame, hit, at) for at in frame.targets] or [Relation("elsewhere", 99)]


def voice_relation(passage: Passage, hit: Hit) -> Relation | None:
    """How a hit stands to the voice: to its closest mention; None where the text has none."""
    frame = frame_of(passage)
    found = [_relation(frame, hit, at) for at in frame.voices]
    return min(found, key=lambda relation: relation.distance, default=None)


def polarity(hit: Hit, relation: str, *, around: int = 0) -> float:
    """What a hit says of the target that stands so to it, -4.5 to 4.5.

    Parameters
    ----------
    around : int
        Polarity of what the hit's own object is, for verbs that pass it on or turn it round.
    """
    word = hit.word
    value = float(word.subject if relation == "agent" else word.object)
    if word.object in (8, 9):
        value = float(word.subject)
        if relation in ("agent", "holder") and around:
            value = float(around if word.object == 8 else -around)
        elif relation != "agent":
            value = 0.0
    if hit.is_strong:
        value *= 1.5
    if hit.is_weak:
        value *= 0.5
    return -0.7 * value if hit.is_negated else value


def _hits(frame: Frame) -> Iterator[Hit]:
    words, known, phrases, shift = frame.words, opinion_words(), opinion_phrases(), shifters()
    i = 0
    while i < len(words):
        phrase = _phrase(words, i, phrases)
        if phrase is not None:
            width, word = phrase
            yield _hit(frame, i, i + width, word, shift)
            i += width
            continue
        found = known.get(words[i])
        if found is None and "-" in words[i]:
            found = known.get(words[i].rpartition("-")[2])
        if found and not (frame.is_capital[i] and i and frame.is_capital[i - 1]):
            yield _hit(frame, i, i + 1, _chosen(frame, i, found), shift)
        i += 1


def _phrase(
    words: tuple[str, ...], i: int, phrases: dict[str, tuple[tuple[tuple[str, ...], Word], ...]]
) -> tuple[int, Word] | None:
    for parts, word in phrases.get(words[i], ()):
        if words[i : i + len(parts)] == parts:
            return len(parts), word
    return None


def _chosen(frame: Frame, i: int, found: tuple[Word, ...]) -> Word:
    """The reading that fits the word's neighbours: verb, noun or another."""
    if len(found) == 1:
        return found[0]
    words = frame.words
    before = words[i - 1] if i and frame.sentences[i - 1] == frame.sentences[i] else ""
    kinds = {word.kind: word for word in found}
    is_inflected = words[i].endswith(("ed", "ing"))
    is_linked = any(word in _LINKS for word in words[max(0, i - 2) : i])
    if "a" in kinds and is_linked and not is_inflected:
        return kinds["a"]
    if "v" in kinds and is_inflected and before not in _DETERMINERS:
        return kinds["v"]
    for kind in ("n", "a", "r"):
        if kind in kinds and (before in _BEFORE_NOUN or "v" not in kinds):
            return kinds[kind]
    if "v" in kinds and (
        before in _AUXILIARY
        or before in _PRONOUNS
        or before in (TARGET, VOICE, "")
        or (i and frame.is_capital[i - 1])
    ):
        return kinds["v"]
    return kinds.get("n") or kinds.get("a") or found[0]


def _hit(frame: Frame, at: int, end: int, word: Word, shift: dict[str, tuple[str, ...]]) -> Hit:
    words, clause = frame.words, frame.clauses[at]
    is_negated = is_strong = is_weak = False
    for j in range(max(0, at - _NEAR), at):
        if frame.clauses[j] != clause:
            continue
        kinds = shift.get(words[j], ("negator",) if words[j].endswith("n't") else ())
        is_negated |= "negator" in kinds
        is_strong |= "intensifier" in kinds and j >= at - 2
        is_weak |= "softener" in kinds and j >= at - 2
    return Hit(at, end, word, is_negated, is_strong, is_weak, _is_passive(frame, at, word))


def _is_passive(frame: Frame, at: int, word: Word) -> bool:
    if word.kind != "v" or frame.words[at].endswith(("ing", "s")):
        return False
    words = frame.words
    if at + 1 < len(words) and words[at + 1] == "by":
        return True
    for j in range(at - 1, max(-1, at - 4), -1):
        if words[j] in _BE:
            return True
        if words[j] not in _AUXILIARY and not words[j].endswith("ly"):
            return False
    return False


def _relation(frame: Frame, hit: Hit, at: int) -> Relation:
    is_left = hit.at < at
    distance = at - hit.end if is_left else hit.at - at - 1
    if frame.sentences[hit.at] != frame.sentences[at]:
        return Relation("elsewhere", 99)
    near = _left(frame, hit, at) if is_left else _right(frame, hit, at)
    if near is not None:
        return Relation(near, distance)
    is_same = frame.clauses[hit.at] == frame.clauses[at]
    if is_left:
        return Relation("before" if is_same else "earlier", distance)
    return Relation("after" if is_same else "later", distance)


def _left(frame: Frame, hit: Hit, at: int) -> str | None:
    """The relation of a hit that stands to the left of the mention at ``at``."""
    words, between = frame.words, range(hit.end, at)
    inner = [words[j] for j in between if words[j] not in _DETERMINERS and not frame.is_capital[j]]
    if frame.clauses[hit.at] != frame.clauses[at] and len(inner) > 1:
        return None
    if hit.word.kind == "v":
        return _verb_left(inner, is_passive=hit.is_passive)
    if hit.word.kind in ("n", "p"):
        return _noun_left(inner, kind=hit.word.kind)
    return "holder" if len(between) <= 1 and not inner else None


def _verb_left(inner: list[str], *, is_passive: bool) -> str | None:
    if not inner or inner == ["by"]:
        return "agent" if is_passive else "patient" if not inner else "about"
    if len(inner) == 1 and inner[0] in _PREPOSITIONS:
        return "about"
    is_near = len(inner) <= 2 and all(_is_describing(word) for word in inner)
    return "patient" if is_near else None


def _noun_left(inner: list[str], *, kind: str) -> str | None:
    if not inner:
        return "holder" if kind == "n" else "about"
    if inner[-1] in _PREPOSITIONS and len(inner) <= 3:
        return "agent" if inner[-1] in ("by", "from") else "about"
    return None


def _right(frame: Frame, hit: Hit, at: int) -> str | None:
    """The relation of a hit that stands to the right of the mention at ``at``."""
    if hit.word.kind == "v":
        return _verb_right(frame, hit, at)
    words, between = frame.words, range(at + 1, hit.at)
    first = words[at + 1] if at + 1 < len(words) else ""
    actors = [j for j in between if frame.is_capital[j] or words[j] in _PRONOUNS]
    is_owned = first == "'s" and len(between) <= 3
    is_linked = any(words[j] in _LINKS for j in between) and not actors and len(between) <= 7
    is_apposed = first == "," and not actors and len(between) <= 4
    return "holder" if is_owned or is_linked or is_apposed else None


def _verb_right(frame: Frame, hit: Hit, at: int) -> str | None:
    words, between = frame.words, range(at + 1, hit.at)
    inner = [j for j in between if words[j] not in _AUXILIARY and not words[j].endswith("ly")]
    has_actors = any(frame.is_capital[j] or words[j] in _PRONOUNS for j in inner)
    n_clauses = frame.clauses[hit.at] - frame.clauses[at]
    is_owned = at + 1 < len(words) and words[at + 1] == "'s"
    is_subject = n_clauses == 0 or (n_clauses == 1 and len(inner) <= 3)
    if has_actors or is_owned or not is_subject:
        return None
    return "patient" if hit.is_passive else "agent"


def _is_describing(word: str) -> bool:
    return word.isalpha() and word not in _PREPOSITIONS and word not in ("and", "that", "to")
