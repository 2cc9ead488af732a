"""Who passes words on: the newspaper that quotes, the agency that is quoted by, whom they told."""

from __future__ import annotations

import re

from stance.quotes.sources import phrase_span
from stance.quotes.tokens import Tokens

_INNER = re.compile(
    r"\b(?:(?:quoting|citing|quotes|quoted|cites|cited)(?:\s(?:figures|a circular|data|papers) of)?"
    r"|on the authority of|(?:told|informed|assured|warned|advised) by)"
    r"\s+(?!by\b|as\b|in\b|with\b)",
    re.IGNORECASE,
)
_RELAY = re.compile(
    r"\b(?:quoted|cited|interviewed|overheard|approached) by\s+|\breported by\s+(?!\d)",
    re.IGNORECASE,
)
# What each of the patterns needs, looked for first: nearly all sentences have none of it.
_RELAYING = ("quoted", "cited", "interviewed", "overheard", "approached", "reported")
_QUOTING = (
    "quot",
    "citing",
    "cite",
    "authority",
    "told",
    "informed",
    "assured",
    "warned",
    "advised",
)
_HEARS = frozenset("told tells telling assured assures informed informs".split())


def relays_in(sentence: str, tokens: Tokens, cue: int) -> tuple[str, str]:
    """The source within the source, and who heard or passed on the words; empty where unsaid.

    Parameters
    ----------
    sentence : str
        One sentence, quoted stretches masked.
    tokens : Tokens
        Its tokens.
    cue : int
        Index of the cue verb, or -1.

    Examples
    --------
    >>> from stance.quotes.tokens import tokens_of
    >>> text = "The Argus, citing two dockers, says the crane fell."
    >>> relays_in(text, tokens_of(text), 6)
    ('two dockers', '')
    >>> text = "The guild, quoted by the agency Norpress, spoke of theft."
    >>> relays_in(text, tokens_of(text), -1)
    ('', 'the agency Norpress')
    """
    lower = sentence.lower()
    has_relay = any(word in lower for word in _RELAYING)
    has_inner = has_relay or any(word in lower for word in _QUOTING)
    inner = _after(_INNER.search(sentence), sentence, tokens) if has_inner else ""
    relay = _after(_RELAY.search(sentence), sentence, tokens) if has_relay else ""
    if not relay and cue >= 0 and tokens[cue].lower in _HEARS:
        span = phrase_span(tokens, cue + 1)
        if span is not None:
            relay = sentence[span.start : span.end]
    return inner, relay


def _after(match: re.Match[str] | None, sentence: str, tokens: Tokens) -> str:
    if match is None:
        return ""
    first = tokens.at(match.end())
    span = phrase_span(tokens, first)
    return sentence[span.start : span.end] if span is not None else ""
