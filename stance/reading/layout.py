"""Blocks of a page → the parts of the article: headline, standfirst, paragraphs, furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.article import Part, PartKind
from stance.reading.blocks import Block
from stance.reading.furniture import furniture_reason

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
# Headlines end in a question or exclamation mark at most; what ends in a full stop is prose.
_STATEMENT = re.compile(r"\w{2,}[.…][\"'”’»)\]]*$")
_TERMINAL = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_MAX_HEADLINE_WORDS = 30
_MAX_STANDFIRST_WORDS = 60
_MAX_SUBHEADING_WORDS = 10
_MIN_BODY_WORDS = 18

# What markup says outright. An h1 is the headline; what else it says is checked against the words.
_FURNITURE_HINTS = {
    "nav": "menu",
    "footer": "footer",
    "aside": "related link",
    "figcaption": "caption",
    "button": "menu",
    "form": "newsletter prompt",
    "h2": "sub-heading",
    "h3": "sub-heading",
    "h4": "sub-heading",
    "table": "data widget",
    "time": "timestamp",
    "outside": "outside the article",
}


def parts_of(text: str, blocks: Sequence[Block]) -> tuple[Part, ...]:
    r"""Parts that cover ``text`` exactly: every block with its kind, and the white space after it.

    Examples
    --------
    >>> from stance.reading.blocks import blocks_of
    >>> page = "Logo\nStorm closes port\nBy A. Writer\nThe port closed on Monday.\n"
    >>> [(part.kind, part.reason) for part in parts_of(page, blocks_of(page))]
    [('furniture', 'logo'), ('headline', None), ('furniture', 'byline'), ('paragraph', None)]
    """
    judged = _judge(blocks)
    starts = [0, *(block.start for block in blocks[1:])]
    ends = [*starts[1:], len(text)]
    return tuple(
        Part(kind, start, end, block.text, reason)
        for block, start, end, (kind, reason) in zip(blocks, starts, ends, judged, strict=True)
    )


def _judge(blocks: Sequence[Block]) -> list[tuple[PartKind, str | None]]:
    reasons = [_FURNITURE_HINTS.get(block.hint) or furniture_reason(block.text) for block in blocks]
    head = _find_headline(blocks, reasons)
    body = _find_body(blocks, reasons, head)
    kinds: list[tuple[PartKind, str | None]] = [
        ("furniture", reason) if reason else ("paragraph", None) for reason in reasons
    ]
    if head is None:
        return kinds
    kinds[head] = ("headline", None)
    dek = _find_standfirst(blocks, reasons, head, body)
    if dek is not None:
        kinds[dek] = ("standfirst", None)
    keys = [_key(block.text) for block in blocks]
    headline, standfirst = keys[head], keys[dek] if dek is not None else None
    for i, key in enumerate(keys):
        if i in (head, dek) or not key:
            continue
        if key == headline:
            kinds[i] = ("furniture", "repeated headline")
        elif key == standfirst:
            kinds[i] = ("furniture", "repeated standfirst")
        elif _is_quotation(blocks[i].text) and _is_pulled(key, keys):
            kinds[i] = ("furniture", "pull quote")
        elif kinds[i][0] == "paragraph":
            kinds[i] = _by_place(blocks, i, head)
    return kinds


def _by_place(blocks: Sequence[Block], i: int, head: int) -> tuple[PartKind, str | None]:
    """What a block without furniture's words is, seen from where it stands."""
    text = blocks[i].text
    if i < head:
        return "furniture", "section label" if _n_words(text) > 2 else "logo"
    if not any(char.isalnum() for char in text):
        return "furniture", "ornament"
    is_short = _n_words(text) <= _MAX_SUBHEADING_WORDS
    if is_short and not _TERMINAL.search(text) and not _is_quotation(text):
        is_last = all(_n_words(block.text) < _MIN_BODY_WORDS for block in blocks[i + 1 :])
        return "furniture", "footer" if is_last else "sub-heading"
    return "paragraph", None


def _is_pulled(key: str, keys: Sequence[str]) -> bool:
    """Whether a short quotation stands again, word for word, inside another block."""
    n_words = key.count(" ") + 1
    return 3 <= n_words <= _MAX_HEADLINE_WORDS and sum(f" {key} " in f" {k} " for k in keys) > 1


def _find_headline(blocks: Sequence[Block], reasons: Sequence[str | None]) -> int | None:
    """Index of the headline: marked as h1, repeated further down, or the first that looks it."""
    marked = [i for i, block in enumerate(blocks) if block.hint == "h1"]
    if marked:
        return marked[0]
    candidates: list[int] = []
    for i, block in enumerate(blocks):
        is_sentence = bool(candidates) and bool(_STATEMENT.search(block.text))
        if reasons[i] is None and (is_sentence or _looks_like_body(block.text)):
            break
        if reasons[i] is None and _n_words(block.text) <= _MAX_HEADLINE_WORDS:
            candidates.append(i)
    if not candidates:
        return None
    keys = [_key(block.text) for block in blocks]
    for i in candidates:
        if _n_words(blocks[i].text) > 2 and keys.count(keys[i]) > 1:
            return i
    long_enough = [i for i in candidates if _n_words(blocks[i].text) > 3]
    return (long_enough or candidates)[0]


def _find_body(blocks: Sequence[Block], reasons: Sequence[str | None], head: int | None) -> int:
    """Index of the first block after the headline that reads like a paragraph."""
    first = 0 if head is None else head + 1
    for i in range(first, len(blocks)):
        if reasons[i] is None and _looks_like_body(blocks[i].text):
            return i
    return len(blocks)


def _find_standfirst(
    blocks: Sequence[Block], reasons: Sequence[str | None], head: int, body: int
) -> int | None:
    """Index of the standfirst: the short text that stands between the headline and the story."""
    following = [i for i in range(head + 1, len(blocks)) if reasons[i] is None]
    following = [i for i in following if _key(blocks[i].text) != _key(blocks[head].text)]
    if len(following) < 2:
        return None
    first, second = following[:2]
    text = blocks[first].text
    if not 4 <= _n_words(text) <= _MAX_STANDFIRST_WORDS or _is_quotation(text):
        return None
    is_set_apart = second > first + 1
    if is_set_apart or not _SENTENCE_END.search(text):
        return first
    return first if _opens_alike(text, blocks[second].text) else None


def _opens_alike(first: str, second: str) -> bool:
    """Whether two texts share their first six words, as a standfirst cut from the lead does."""
    heads = [_WORD.findall(text.lower())[:6] for text in (first, second)]
    return len(heads[0]) == 6 and heads[0] == heads[1]


def _looks_like_body(text: str) -> bool:
    return _n_words(text) >= _MIN_BODY_WORDS and bool(_SENTENCE_END.search(text))


def _is_quotation(text: str) -> bool:
    return text[0] in "\"“”„«»'‘’`"


def _n_words(text: str) -> int:
    return len(_WORD.findall(text))


def _key(text: str) -> str:
    """What two copies of a line share when case, marks and spacing differ."""
    return " ".join(_WORD.findall(text.casefold()))
