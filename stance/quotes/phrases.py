"""Noun phrases around a place in a sentence, from closed word classes, capitals and commas."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.quotes.cues import cue_classes
from stance.quotes.roles import TITLES
from stance.quotes.tokens import DETERMINERS, PREPOSITIONS, PRONOUNS, QUANTITIES, TIMES, Token

_MAX_WORDS = 14
_MAX_PIECES = 5
_REACH = 60  # words; no phrase is longer
_PARTICLES = frozenset("bin bint ibn van von der de del della al el ter af av".split())
_NOT_NOUNS = frozenset(
    "here there not no yes now then so too again already unable clear likely expected believed said"
    " reported afterwards understood known thought it's that's told says say better worse".split()
)
# Participles that tie an agent, a place or an addressee to a noun: "a map drawn by …".
_PARTICIPLES = frozenset("led drawn held made sent built run written known seen taken kept".split())
_PUBLISHING = frozenset(
    "published released issued taken dated printed seen obtained carried broadcast posted".split()
)
_ADVERBIAL_NOUNS = TIMES | frozenset(
    "statement interview letter email e-mail report phone telephone post message speech reply page"
    " behalf ruling notice filing part words column".split()
)
_OCCASIONS = frozenset("hearing court trial conference meeting briefing front ceremony".split())
_DOCUMENTS = frozenset("note letter petition message memo appeal report reply".split())
# Nouns for people: after a sentence's first word they go on with it ("Sheep farmers").
_AGENTS = re.compile(r"(?:ers|ors|ists|ians|ants|ents|ials|ees|men|women|people)$")
_ADJECTIVES = frozenset(
    "yearly monthly weekly daily quarterly early elderly friendly family".split()
)
_AMBIGUOUS = frozenset(  # verbs that are as often plural nouns
    "reports claims estimates notes shows remarks comments charges demands calls forecasts holds"
    " records states orders warrants answers rules questions denials report claim estimate note"
    " show remark comment charge demand call forecast state order answer rule question hold sign"
    " state project".split()
)


def phrase_ending(tokens: Sequence[Token], end: int, *, floor: int = 0) -> int | None:
    """Index where the noun phrase whose last word is ``tokens[end]`` begins; None where none does.

    Parameters
    ----------
    floor : int
        The phrase does not reach before ``tokens[floor]``.

    Examples
    --------
    >>> from stance.quotes.tokens import tokens_of
    >>> tokens = tokens_of("In May a report ordered by the port found rats.")
    >>> phrase_ending(tokens, 7)
    2
    """
    floor = max(floor, end - _REACH)
    start = _base_ending(tokens, end, floor)
    if start is None:
        return None
    for _ in range(_MAX_PIECES):
        wider = _joined_left(tokens, start, floor)
        if wider is None:
            break
        start = wider
    if start > floor and not _starts_clause(tokens, start, floor):
        relative = _before_relative(tokens, start, floor)
        start = start if relative is None else relative
    return start if is_nominal(tokens[start : end + 1]) else None


def phrase_starting(tokens: Sequence[Token], start: int, *, has_tail: bool = True) -> int | None:
    """Index behind the noun phrase that begins at ``tokens[start]``; None where none does.

    Parameters
    ----------
    has_tail : bool
        Whether prepositions and relative clauses may carry the phrase on.

    Examples
    --------
    >>> from stance.quotes.tokens import tokens_of
    >>> tokens = tokens_of("said a guest at the wedding on Monday.")
    >>> phrase_starting(tokens, 1)
    6
    """
    end = _base_starting(tokens, start)
    if end is None or not is_nominal(tokens[start:end]):
        return None
    for _ in range(_MAX_PIECES if has_tail else 0):
        wider = _joined_right(tokens, start, end)
        if wider is None:
            break
        end = wider
    if has_tail and end < len(tokens) and tokens[end].lower == "who":
        end = _clause_end(tokens, end)
    return end


def name_run(tokens: Sequence[Token], start: int) -> int | None:
    """Index behind a title and name that begins at ``tokens[start]``, two capitals at least."""
    end = start
    while end < len(tokens) and end - start < 7 and tokens[end].is_word:
        is_inner = end > start and tokens[end].lower in _PARTICLES
        if not tokens[end].is_capitalised and not is_inner:
            break
        end += 1
    words = tokens[start:end]
    if sum(t.is_capitalised for t in words) < 2 or words[0].lower in DETERMINERS:
        return None
    return None if words[0].is_closed else end


def is_nominal(words: Sequence[Token]) -> bool:
    """Whether words can be a source: a name, a determined noun, or a bare plural."""
    if not words:
        return False
    first, last = words[0], words[-1]
    if last.lower in _NOT_NOUNS or (
        last.lower.endswith(("ly", "ing")) and not last.is_capitalised and len(words) == 1
    ):
        return False
    if len(words) == 1:
        if first.lower in DETERMINERS:
            return first.lower in QUANTITIES
        return first.is_capitalised or (first.lower.endswith("s") and not first.is_closed)
    return (
        first.is_capitalised
        or first.lower in DETERMINERS
        or any(word.is_capitalised for word in words)
        or any(word.lower.endswith("s") for word in words)
    )


def _is_noun(token: Token) -> bool:
    return token.is_word and not token.is_closed


def _base_ending(tokens: Sequence[Token], end: int, floor: int) -> int | None:
    if end < floor or not _is_noun(tokens[end]) or tokens[end].lower in _NOT_NOUNS:
        return None
    start = end
    while start > floor and end - start < _MAX_WORDS:
        before = tokens[start - 1]
        if before.lower == "and" and _ties_names(tokens, start - 1, floor):
            start -= 1
            continue
        if not _is_noun(before) or before.lower in ("said", "told", "says"):
            break
        start -= 1
        if before.lower in DETERMINERS:
            while start > floor and tokens[start - 1].lower in DETERMINERS:
                start -= 1
            if start - 1 > floor and tokens[start - 1].lower == "and":
                continue
            break
    while start < end and tokens[start].lower in TIMES:  # "In March Berg said"
        start += 1
    return start


def _ties_names(tokens: Sequence[Token], at: int, floor: int) -> bool:
    follows, before = tokens[at + 1], tokens[at - 1] if at > floor else None
    return bool(
        before
        and before.is_capitalised
        and not before.is_closed
        and (follows.is_capitalised or follows.lower in DETERMINERS)
    )


def _joined_left(tokens: Sequence[Token], start: int, floor: int) -> int | None:
    """Start of the phrase that a preposition ties to the one at ``start``."""
    at = start - 1
    if at <= floor or tokens[at].lower not in PREPOSITIONS:
        return None
    before = _before_participle(tokens, at, floor)
    if before < floor:
        return None
    inner = _base_ending(tokens, before, floor)
    if inner is not None and inner == before and not is_nominal(tokens[inner : before + 1]):
        return _joined_left(tokens, inner, floor)  # "people with knowledge of the plan"
    if inner is None or not is_nominal(tokens[inner : before + 1]):
        return None
    # "In a notice at the gate": tied to the preposition, unless that is tied on in turn.
    is_governed = inner > floor and tokens[inner - 1].lower in PREPOSITIONS
    if is_governed and _joined_left(tokens, inner, floor) is None:
        return None
    is_time = tokens[before].lower in TIMES or tokens[before].text[0].isdigit()
    return None if is_time else inner


def _before_participle(tokens: Sequence[Token], at: int, floor: int) -> int:
    """Index of the noun before a preposition, "close" or "drawn up" between them skipped."""
    if tokens[at].lower == "to" and tokens[at - 1].lower in ("close", "next"):
        at -= 1
    before = at - 1
    if before > floor and tokens[before].lower in ("up", "out"):
        before -= 1
    if before > floor and _is_participle(tokens[before]):
        before -= 1
    return before


def _is_participle(token: Token) -> bool:
    return not token.is_capitalised and (token.lower.endswith("ed") or token.lower in _PARTICIPLES)


def _ties(tokens: Sequence[Token], at: int) -> bool:
    """Whether a participle belongs to the noun before: no cue verb, unless an agent follows."""
    has_agent = at + 1 < len(tokens) and tokens[at + 1].lower == "by"
    return _is_participle(tokens[at]) and (has_agent or tokens[at].lower not in cue_classes())


def _starts_clause(tokens: Sequence[Token], start: int, floor: int) -> bool:
    before = tokens[start - 1]
    return start == floor or not before.is_word or before.lower in ("that", "and", "but", "as")


def _before_relative(tokens: Sequence[Token], start: int, floor: int) -> int | None:
    """Start of the noun phrase whose relative clause ends in the phrase at ``start``."""
    for at in range(start - 1, max(floor, start - _MAX_WORDS) - 1, -1):
        if not tokens[at].is_word:
            return None
        if tokens[at].lower == "who" and at < start - 1 and at > floor:
            return phrase_ending(tokens, at - 1, floor=floor)
    return None


def _base_starting(tokens: Sequence[Token], start: int) -> int | None:
    end = start
    is_determined = start < len(tokens) and tokens[start].lower in DETERMINERS
    while end < len(tokens) and end - start < _MAX_WORDS:
        token = tokens[end]
        if not token.is_word and token.text != "&":
            break
        if end > start and token.lower in ("and", "&") and end + 1 < len(tokens):
            is_over = not _ties_names(tokens, end, start)
        elif token.is_closed and not (token.is_capitalised and end > start):
            is_over = True
        else:
            is_over = end > start and _ends_base(tokens, start, end, is_determined=is_determined)
        if is_over:
            break
        end += 1
    return end if end > start else None


def _ends_base(tokens: Sequence[Token], start: int, at: int, *, is_determined: bool) -> bool:
    """Whether the word at ``at`` is no longer of the phrase: a verb, or what follows a name."""
    token, before = tokens[at], tokens[at - 1]
    if before.lower in DETERMINERS or token.lower in DETERMINERS or token.is_capitalised:
        return token.lower in DETERMINERS and before.lower not in DETERMINERS
    is_cue = token.lower in cue_classes()
    if before.is_capitalised and not is_determined and before.lower not in TITLES:
        goes_on = at - 1 == start and _AGENTS.search(token.lower) is not None and not is_cue
        return not goes_on and not before.text.endswith(("’s", "'s", "’", "'"))
    if (token.lower.endswith("ly") and token.lower not in _ADJECTIVES) or _is_participle(token):
        return True
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    if is_cue and token.lower not in _AMBIGUOUS:
        return True
    return _takes_object(follows) and token.lower not in ("all", "own")


def _takes_object(follows: Token | None) -> bool:
    return follows is not None and (
        follows.is_mask
        or follows.lower in DETERMINERS
        or (follows.lower in PRONOUNS and follows.lower != "who")
        or follows.lower in ("that", "him", "them", "me", "us")
    )


def _joined_right(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """End of the phrase that a preposition, or a participle and one, ties on at ``end``."""
    at = end
    if at < len(tokens) and _ties(tokens, at) and tokens[at].lower not in _PUBLISHING:
        at += 1
        if at < len(tokens) and tokens[at].lower in ("up", "out"):
            at += 1
    elif at < len(tokens) and tokens[at].lower in ("close", "next"):
        at += 1
    if at + 1 >= len(tokens) or tokens[at].lower not in PREPOSITIONS:
        return None
    after = _base_starting(tokens, at + 1)
    if after is None or _is_circumstance(tokens, start, at + 1, after):
        return None
    return after if _may_tie(tokens, start, at, after) else None


def _is_circumstance(tokens: Sequence[Token], start: int, left: int, right: int) -> bool:
    """Whether a noun after a preposition tells when or how, not who: "on Monday", "in a letter"."""
    is_indefinite = tokens[start].lower in ("a", "an") or not tokens[start].is_capitalised
    barred = _ADVERBIAL_NOUNS if is_indefinite else _ADVERBIAL_NOUNS | _OCCASIONS
    return any(t.lower in barred or t.text[0].isdigit() for t in tokens[left:right])


def _may_tie(tokens: Sequence[Token], start: int, at: int, after: int) -> bool:
    """Whether a preposition belongs to the phrase and not to the verb, by kind of phrase."""
    preposition = tokens[at].lower
    names_somebody = tokens[start].is_capitalised and tokens[start].lower not in DETERMINERS
    if names_somebody and (tokens[at - 1].is_capitalised and tokens[at - 1].lower[-1:] != "s"):
        return preposition == "of" and tokens[after - 1].is_capitalised
    if preposition in ("of", "for"):
        return True
    if tokens[at - 1].is_capitalised and preposition in ("at", "in", "on"):
        return False  # "a group led by Ola Berg | at the institute"
    if tokens[at - 1].lower in _DOCUMENTS and preposition in ("to", "from", "by"):
        return True
    if preposition in ("to", "about", "into", "over", "before", "after", "until", "during"):
        return tokens[at - 1].lower in ("close", "next") or _is_participle(tokens[at - 1])
    is_definite = tokens[start].lower in ("the", "this", "that")
    return not is_definite or tokens[after - 1].is_capitalised


def _clause_end(tokens: Sequence[Token], at: int) -> int:
    first = at
    while at < len(tokens) and tokens[at].is_word:
        is_next_verb = tokens[at].lower in cue_classes() and not tokens[at - 1].is_closed
        if is_next_verb and at > first + 2:
            break
        at += 1
    return at
