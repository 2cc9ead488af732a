"""Blocks of a page → the parts of the article: headline, standfirst, paragraphs, furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from stance.article import Part, PartKind
from stance.reading.blocks import Block
from stance.reading.furniture import furniture_reason
from stance.reading.place import (
    Frame,
    ends_sentence,
    is_quotation,
    key_of,
    looks_like_body,
    looks_like_byline,
    n_words,
    reason_by_place,
    reason_in_place,
    repeated,
)

# Headlines end in a question or exclamation mark at most; what ends in a full stop is prose.
_STATEMENT = re.compile(r"\w{2,}[.…][\"'”’»)\]]*$")
_COLUMN_GAP = re.compile(r"[ \u00a0]{2,}|\t+")
# What stands between headline and story and speaks of itself is a disclaimer, no standfirst.
_ABOUT_PAGE = re.compile(
    r"[(\[*]"
    r"|(?:this|the following) (?:page|article|story|piece|report|blog|interview|text|column)\b"
    r"|(?:editor|publisher)[’'`]?s[’'`]? note|readers (?:are|will) |(?:an )?earlier version"
    r"|(?:corrects|adds|refiles|recasts|updates|removes|correction|clarification)\b"
    r"|(?:the )?(?:views|opinions)\b|.{0,60}\b(?:prints|publishes|carries) (?:views|opinions)\b"
    r"|.*\bspeak(?:s)? for (?:themselves|itself)\b|.*\bthe author (?:has|is|was|holds|owns)\b",
    re.IGNORECASE,
)
_MAX_HEADLINE_WORDS = 30
_MAX_STANDFIRST_WORDS = 60
_N_FIRST = 12

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
    "h5": "sub-heading",
    "h6": "sub-heading",
    "table": "data widget",
    "time": "timestamp",
    "outside": "outside the article",
}

_Kind = tuple[PartKind, str | None]


def parts_of(text: str, blocks: Sequence[Block]) -> tuple[Part, ...]:
    r"""Parts that cover ``text`` exactly: every block with its kind, and the white space after it.

    Parameters
    ----------
    text : str
        The characters of the page.
    blocks : sequence of Block
        In reading order, without overlap.

    Returns
    -------
    tuple of Part
        One per block. White space before the first block belongs to the first part.

    Examples
    --------
    >>> from stance.reading.blocks import blocks_of
    >>> page = "Logo\nStorm closes port\nBy A. Writer\nThe port closed on Monday.\n"
    >>> [(part.kind, part.reason) for part in parts_of(page, blocks_of(page))]
    [('furniture', 'logo'), ('headline', None), ('furniture', 'byline'), ('paragraph', None)]
    """
    reasons = [_reason_by_words(text, block) for block in blocks]
    starts = [0, *(block.start for block in blocks[1:])]
    ends = [*starts[1:], len(text)]
    return tuple(
        Part(kind, start, end, block.text, reason)
        for block, start, end, (kind, reason) in zip(
            blocks, starts, ends, _judge(blocks, reasons), strict=True
        )
    )


def _reason_by_words(text: str, block: Block) -> str | None:
    """Why a block is furniture by its markup, its words or its columns."""
    reason = _FURNITURE_HINTS.get(block.hint) or furniture_reason(block.text)
    if reason is None and len(block.text) < 200 and not ends_sentence(block.text):
        cells = _COLUMN_GAP.split(text[block.start : block.end].strip())
        if len(cells) > 2 and all(len(cell.split()) <= 3 for cell in cells):
            return "menu"
    return reason


def _judge(blocks: Sequence[Block], reasons: Sequence[str | None]) -> list[_Kind]:
    head = _find_headline(blocks, reasons)
    if head is None:
        return [("furniture", reason) if reason else ("paragraph", None) for reason in reasons]
    frame = _frame(blocks, reasons, head)
    again = repeated(blocks, frame)
    return [_judge_block(blocks, i, reasons[i], again.get(i), frame) for i in range(len(blocks))]


def _judge_block(
    blocks: Sequence[Block], i: int, reason: str | None, again: str | None, frame: Frame
) -> _Kind:
    if i == frame.head:
        return "headline", None
    if i == frame.standfirst:
        return "standfirst", None
    if again is None and reason is not None:
        text, is_above, is_below = blocks[i].text, i < frame.head, i >= frame.tail
        return "furniture", reason_in_place(reason, text, is_above=is_above, is_below=is_below)
    reason = again or reason_by_place(blocks, i, frame)
    return ("furniture", reason) if reason else ("paragraph", None)


def _frame(blocks: Sequence[Block], reasons: Sequence[str | None], head: int) -> Frame:
    told = [i for i in range(head + 1, len(blocks)) if reasons[i] is None]
    standfirst = _find_standfirst(blocks, told, head)
    prose = [i for i in told if i != standfirst and looks_like_body(blocks[i].text)]
    bylines = [b.text for b, reason in zip(blocks, reasons, strict=True) if reason == "byline"]
    body = prose[0] if prose else len(blocks)
    bylines += [blocks[i].text for i in told if i < body and looks_like_byline(blocks[i].text)]
    return Frame(
        head=head,
        standfirst=standfirst,
        body=body,
        tail=prose[-1] + 1 if prose else len(blocks),
        byline=" | ".join(bylines),
    )


def _find_headline(blocks: Sequence[Block], reasons: Sequence[str | None]) -> int | None:
    """Index of the headline: marked as h1, repeated further down, or the first that looks it."""
    marked = next((i for i, block in enumerate(blocks) if block.hint == "h1"), None)
    if marked is not None:
        return marked
    counts = Counter(key_of(block.text) for block in blocks)
    for i, block in enumerate(blocks[:_N_FIRST]):
        is_fit = 2 < n_words(block.text) <= _MAX_HEADLINE_WORDS and reasons[i] is None
        if is_fit and counts[key_of(block.text)] > 1 and not _STATEMENT.search(block.text[-12:]):
            return i
    candidates = _headline_candidates(blocks, reasons)
    for n in (4, 3, 1):  # names of outlets and sections have a word or two
        for i in candidates:
            if n_words(blocks[i].text) >= n:
                return i
    return None


def _headline_candidates(blocks: Sequence[Block], reasons: Sequence[str | None]) -> list[int]:
    """Indices of the lines above the first paragraph that may be the headline."""
    candidates: list[int] = []
    for i, block in enumerate(blocks):
        if reasons[i] is not None:
            continue
        is_sentence = bool(candidates) and bool(_STATEMENT.search(block.text[-12:]))
        if is_sentence or looks_like_body(block.text):
            break
        if n_words(block.text) <= _MAX_HEADLINE_WORDS and not _ABOUT_PAGE.match(block.text[:400]):
            candidates.append(i)
    return candidates


def _find_standfirst(blocks: Sequence[Block], told: Sequence[int], head: int) -> int | None:
    """Index of the standfirst: the short text that stands between the headline and the story.

    ``told`` are the indices of the blocks below the headline that are no furniture.
    """
    headline = key_of(blocks[head].text)
    above = [i for i in told[:_N_FIRST] if not _is_aside(blocks[i].text, headline)]
    after = [i for i in above[1:] if not _ABOUT_PAGE.match(blocks[i].text[:400])]
    if not above or not after:
        return None
    first, second = above[0], after[0]
    text = blocks[first].text
    if not 4 <= n_words(text) <= _MAX_STANDFIRST_WORDS or is_quotation(text):
        return None
    if _ABOUT_PAGE.match(text[:400]):
        return None
    is_set_apart = second > first + 1
    if is_set_apart or not ends_sentence(text) or _opens_alike(text, blocks[second].text):
        return first
    return None


def _is_aside(text: str, headline: str) -> bool:
    """Whether a block above the story is a bare byline, or the headline once more."""
    return looks_like_byline(text) or key_of(text) == headline


def _opens_alike(first: str, second: str) -> bool:
    """Whether two texts share their first six words, as a standfirst cut from the lead does."""
    heads = [key_of(text[:400]).split(" ")[:6] for text in (first, second)]
    return len(heads[0]) == 6 and heads[0] == heads[1]
