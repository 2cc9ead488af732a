"""Pronouns that can only mean a target: it opened the sentence before, and nobody else is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stance.article import Span
from stance.quotes.names import runs_in

_NEXT = re.compile(
    r"[.!?][”\"’']?\s+(It|They|He|She)\s(?!(?:is|was|will|would|seems?|appears?|took)\b)"
)
_STOP = re.compile(r"[.!?][”\"’']?\s")
_LEAD = re.compile(r"(?:[Tt]he\s)?")
_REACH = 300  # characters; a longer sentence has room for others


def pronouns_after(text: str, mentions: Sequence[Span]) -> Iterator[Span]:
    """Pronouns that open the sentence after one that a mention opens.

    Parameters
    ----------
    text : str
    mentions : sequence of Span
        Of one target, in order.

    Yields
    ------
    Span

    Examples
    --------
    >>> text = "Russia left the pact. It denied the raids."
    >>> list(pronouns_after(text, [Span(0, 6)]))
    [Span(start=22, end=24)]
    """
    for start, end in mentions:
        lead = text[max(0, start - 6) : start].removesuffix("The ").removesuffix("the ")
        if lead.strip() and not _STOP.search(lead):
            continue
        following = _NEXT.search(text, end, end + _REACH)
        stop = _STOP.search(text, end, end + _REACH)
        if following is None or stop is None or stop.start() != following.start():
            continue
        # "The Harbour Board's": the head of the sentence is another.
        if text[end : end + 2] == "'s" or runs_in(text[end : stop.start()]):
            continue
        yield Span(*following.span(1))
