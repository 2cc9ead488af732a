"""Where a cue stands in a sentence → the noun phrase that names its source.

English word order without a tagger: closed word classes, capitals and commas. A source stands
before its cue ("the mayor, who left early, said"), after it ("said the mayor"), or opens the
sentence that the cue is in ("The mayor left, saying that …").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from stance.article import Span
from stance.quotes.phrases import name_run, phrase_ending, phrase_starting
from stance.quotes.tokens import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    Token,
    Tokens,
    tokens_of,
)

_NEVER_INVERTED = frozenset(
    "told tells tell assured assures informed informs reminded reminds asked urged warned advised"
    " notified briefed knew know knows saw see sees felt feel feels found find finds wanted thanked"
    " show shows showed showing called calls call began begin begins".split()
)
_LEADING = frozenset("and but so yet or then now still even".split())
_OPENING = frozenset("a an its his her their one another".split())
_MAX_SEGMENTS = 6
_MAX_LEAD = 80  # words; a subject that stands further on is none


def source_before(tokens: Tokens, at: int) -> Span | None:
    """The noun phrase that is subject of the cue ``tokens[at]``; None where none is seen.

    Examples
    --------
    >>> from stance.quotes.tokens import tokens_of
    >>> text = "In his turn, Ola Berg, the officer for the port, told reporters that it held."
    >>> tokens = tokens_of(text)
    >>> span = source_before(tokens, [token.text for token in tokens].index("told"))
    >>> text[span.start : span.end]
    'Ola Berg'
    """
    end = _skip_adverbs(tokens, at - 1)
    if end < 0:
        return None
    if tokens[end].text in (",", ")", "—", "–"):
        return _past_apposition(tokens, end)
    if tokens[end].lower == "who":
        end = _skip_commas(tokens, end - 1)
    if end < 0 or not tokens[end].is_word:
        return None
    if tokens[end].lower in PRONOUNS:
        return tokens.span(end)
    start = phrase_ending(tokens, end)
    return None if start is None else tokens.span(start, end)


def source_ahead(words: str) -> Span | None:
    """The noun phrase that would be subject of a verb right behind some words of a sentence.

    Examples
    --------
    >>> text = "The captain, Ola Berg,"
    >>> text[slice(*source_ahead(text))]
    'Ola Berg'
    """
    tokens = tokens_of(words)
    n = len(tokens)
    tokens += tokens_of("said")
    return source_before(tokens, n) if n else None


def source_after(tokens: Tokens, at: int) -> Span | None:
    """The noun phrase that follows an inverted cue ``tokens[at]``, as in “…,” said the mayor."""
    if tokens[at].lower in _NEVER_INVERTED or at + 1 >= len(tokens):
        return None
    first = tokens[at + 1]
    if first.lower in PRONOUNS:
        return tokens.span(at + 1)
    return phrase_span(tokens, at + 1)


def phrase_span(tokens: Tokens, start: int) -> Span | None:
    """The noun phrase that begins at ``tokens[start]``; a name in apposition is preferred to it."""
    if start >= len(tokens) or not tokens[start].is_word:
        return None
    end = phrase_starting(tokens, start)
    if end is None:
        return None
    if end + 1 < len(tokens) and tokens[end].text == "," and not _has_name(tokens[start:end]):
        named = name_run(tokens, end + 1)
        if named is not None and _stands_alone(tokens, named):
            return tokens.span(end + 1, named - 1)
    return tokens.span(start, end - 1)


def subject(tokens: Tokens, *, before: int | None = None) -> Span | None:
    """The noun phrase a sentence opens with, what leads up to it left out; None where none does.

    Examples
    --------
    >>> from stance.quotes.tokens import tokens_of
    >>> text = "In May, however, a note by the brokers Hale & Lunt put the cost at nine."
    >>> span = subject(tokens_of(text))
    >>> text[span.start : span.end]
    'a note by the brokers Hale & Lunt'
    """
    limit = min(len(tokens) if before is None else before, _MAX_LEAD)
    start = 0
    while start < limit and (
        tokens[start].lower in _LEADING
        or tokens[start].lower in ADVERBS
        or _is_comma(tokens[start])
    ):
        start += 1
    if start < limit and tokens[start].lower in PRONOUNS:
        return tokens.span(start)
    if start < limit and (
        tokens[start].lower in PREPOSITIONS or tokens[start].lower in CONJUNCTIONS
    ):
        commas = [k for k in range(start, limit) if _is_comma(tokens[k])]
        if not commas:
            return None
        return subject(tokens.part(commas[0] + 1, limit))
    return phrase_span(tokens, start) if start < limit else None


def _is_comma(token: Token) -> bool:
    return token.text == ","


def _past_apposition(tokens: Tokens, end: int) -> Span | None:
    """The source where a comma stands before the cue: the head of the phrases that commas divide.

    "The captain, Ola Berg, said": the name. "Ola Berg, the captain, said": the name again.
    """
    segments = _segments(tokens, end)
    heads: list[tuple[int, int]] = []
    for left, right in segments:
        if heads:
            named = name_run(tokens, left)
            if named is not None and (named >= right or _stands_alone(tokens, named)):
                head = tokens[heads[0][0] : heads[0][1]]
                chosen = (
                    heads[0]
                    if _has_name(head) and tokens[heads[0][0]].lower not in _OPENING
                    else (left, named)
                )
                return tokens.span(chosen[0], chosen[1] - 1)
            continue
        if _is_adverbial(tokens, left, right) and (left, right) != segments[-1]:
            trailing = _trailing_name(tokens, left, right)  # "In his turn Ola Berg, …, said"
            heads += [(trailing, right)] if trailing is not None else []
            continue
        if right - 1 >= left and tokens[right - 1].lower in PRONOUNS:
            return tokens.span(right - 1)
        start = phrase_ending(tokens, right - 1, floor=left)
        if start is not None and not _is_verbal(tokens, left, start):
            heads.append((start, right))
    if not heads:
        return None
    return tokens.span(heads[0][0], heads[0][1] - 1)


def _segments(tokens: Sequence[Token], end: int) -> list[tuple[int, int]]:
    """What commas divide before ``tokens[end]``, back to where the clause begins, in order."""
    bounds = [end]
    for k in range(end - 1, -1, -1):
        text = tokens[k].text
        if text in (";", ":", ".", "?", "!") or tokens[k].is_mask:
            bounds.append(k)
            break
        if text in (",", "(", ")", "—", "–"):
            bounds.append(k)
        if len(bounds) > _MAX_SEGMENTS:
            break
    else:
        bounds.append(-1)
    bounds.reverse()
    return [(a + 1, b) for a, b in pairwise(bounds) if b > a + 1]


def _is_adverbial(tokens: Sequence[Token], left: int, right: int) -> bool:
    """Whether a stretch between commas only leads up: "On Monday", "asked why", "for her part"."""
    first = tokens[left].lower
    if first in PREPOSITIONS or first in CONJUNCTIONS or first in ADVERBS:
        inner = phrase_ending(tokens, right - 1, floor=left)
        # "In a note to the port its new head, …": the subject stands behind the phrase.
        return inner is None or inner == left or tokens[inner - 1].lower in PREPOSITIONS
    return first.endswith(("ing", "ed")) and not tokens[left].is_capitalised


def _trailing_name(tokens: Sequence[Token], left: int, right: int) -> int | None:
    start = right
    while start > left and tokens[start - 1].is_capitalised and not tokens[start - 1].is_closed:
        start -= 1
    is_bare = start > left and _is_noun_after(tokens[start - 1])
    return start if right - start > 1 and is_bare else None


def _is_noun_after(token: Token) -> bool:
    """Whether a word can end an adverbial that a name follows, and does not govern the name."""
    return token.is_word and not token.is_closed and token.lower not in DETERMINERS


def _is_verbal(tokens: Sequence[Token], left: int, start: int) -> bool:
    """Whether a verb stands before the phrase in its segment, so that the phrase is its object."""
    return any(t.lower in AUXILIARIES for t in tokens[left:start])


def _stands_alone(tokens: Sequence[Token], end: int) -> bool:
    return (
        end >= len(tokens)
        or not tokens[end].is_word
        or tokens[end].lower in ("who", "of", "for", "at", "said", "says")
        or tokens[end].is_closed
    )


def _has_name(words: Sequence[Token]) -> bool:
    """Whether the head of a phrase is a name; one behind a preposition does not count."""
    inner = next((k for k, word in enumerate(words) if word.lower in PREPOSITIONS), len(words))
    words = words[: inner or 1]
    return any(word.is_capitalised for word in words[1:]) or (
        bool(words) and words[0].is_capitalised and not words[0].is_closed and _is_name(words)
    )


def _is_name(words: Sequence[Token]) -> bool:
    """Whether words end in a name of somebody: two capitals, or one that is no determined noun."""
    capitals = sum(word.is_capitalised and word.lower not in ("the", "a", "an") for word in words)
    return words[-1].is_capitalised and (capitals > 1 or len(words) == 1)


def _skip_adverbs(tokens: Sequence[Token], at: int) -> int:
    while at >= 0 and (
        tokens[at].lower in AUXILIARIES
        or tokens[at].lower in ADVERBS
        or (tokens[at].lower in TIMES and at > 0 and tokens[at - 1].lower in ("on", "last", "in"))
        or (tokens[at].lower in ("on", "last", "both", "all") and at + 1 < len(tokens))
        or (tokens[at].lower.endswith("ly") and (not at or not tokens[at].is_capitalised))
    ):
        at -= 1
    if at >= 2 and tokens[at].text == "," and tokens[at - 1].lower in ADVERBS | {"too", "though"}:
        return _skip_adverbs(tokens, _skip_commas(tokens, at - 2))
    return at


def _skip_commas(tokens: Sequence[Token], at: int) -> int:
    while at >= 0 and tokens[at].text == ",":
        at -= 1
    return at
