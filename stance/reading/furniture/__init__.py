"""What the page carries around the article: one line of a page → the reason it is furniture.

A line is judged on its own words; what only its place can tell (a repeated headline, a
sub-heading) is judged in ``place``. The rules were written for this project from what news pages
print: ``prompts``, ``stamps``, ``media``, ``authors`` and ``links``, each a table that reads as
``rule`` says.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from stance.reading.furniture.authors import AUTHORS
from stance.reading.furniture.links import LINKS
from stance.reading.furniture.media import MEDIA
from stance.reading.furniture.prompts import PROMPTS
from stance.reading.furniture.rule import Rule
from stance.reading.furniture.stamps import STAMPS
from stance.reading.furniture.vocabulary import VOCABULARY

RULES = (*PROMPTS, *STAMPS, *MEDIA, *AUTHORS, *LINKS)
"""Every rule. Order matters: the first that fits a line names the reason."""

MAX_CHARS = 600
"""The longest line that can be furniture, in characters: sixty long words. Bounds every rule."""

_CARRIED_ON = re.compile(r"\\\n\s*")
_NAME = re.compile(r"<(\w+)>")
_GROUP = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\((?!\?)")
_NOT_INSIDE_WORD = r"(?!(?<=\w)(?=\w))"
_LEAD = r"[\s*=_~(\[–—-]*+"


class _Compiled(NamedTuple):
    reason: str
    max_words: int
    match: re.Pattern[str] | None
    search: re.Pattern[str] | None


def furniture_reason(line: str) -> str | None:
    """Why a line of a page is furniture, judged by its words alone; None where it is not.

    Parameters
    ----------
    line : str
        One block of a page, cleaned. A line of over ``MAX_CHARS`` characters is none.

    Returns
    -------
    str or None
        The reason, in the codebook's words.

    Examples
    --------
    >>> furniture_reason("Read Also: Port reopens after storm")
    'related link'
    >>> furniture_reason("Updated 14 March 2024, 16:05 GMT")
    'timestamp'
    >>> furniture_reason("The port reopened on Monday.") is None
    True
    """
    if len(line) > MAX_CHARS:
        return None
    n_words = line.count(" ") + 1
    for reason, max_words, match, search in _compiled():
        if n_words > max_words:
            continue
        if (match and match.match(line)) or (search and search.search(line)):
            return reason
    return None


@cache
def _compiled() -> tuple[_Compiled, ...]:
    """The rules, compiled at the first line: an import must not pay for them."""
    return tuple(map(_compile, RULES))


def _compile(rule: Rule) -> _Compiled:
    opens = [rf"{pattern}{_NOT_INSIDE_WORD}" for pattern in _patterns(rule.opens)]
    whole = [rf"{pattern}[\W_]*\Z" for pattern in _patterns(rule.whole)]
    holds = _patterns(rule.holds)
    match = f"{_LEAD}(?:{'|'.join([*opens, *whole])})" if opens or whole else ""
    search = f"{_NOT_INSIDE_WORD}(?:{'|'.join(holds)}){_NOT_INSIDE_WORD}" if holds else ""
    return _Compiled(rule.reason, rule.max_words, _regex(match), _regex(search))


def _patterns(block: str) -> list[str]:
    """The patterns of a rule, one a line, their names filled in."""
    lines = _CARRIED_ON.sub("", block).splitlines()
    return [f"(?:{_fill_in(line.strip())})" for line in lines if line.strip()]


def _fill_in(pattern: str) -> str:
    return _NAME.sub(lambda name: f"(?:{_fill_in(VOCABULARY[name[1]])})", pattern)


def _regex(pattern: str) -> re.Pattern[str] | None:
    """The pattern compiled, none of its groups captured.

    Captured ones inside possessive repetitions raise SystemError in Python 3.11.
    """
    plain = _GROUP.sub(lambda match: match[1] or "(?:", pattern)
    return re.compile(plain, re.IGNORECASE) if pattern else None
