"""Characters of a plain-text page → blocks: the stretches that may be parts of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from stance.reading.cleaning import clean

_LINE = re.compile(r"[^\r\n\u2028\u2029\x85\x0c]+")
_END_OF_SENTENCE = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_WRAP_WIDTHS = range(40, 101)
_MIN_WRAPPED = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A candidate part: one line of the page, or the lines of a hard-wrapped paragraph.

    Parameters
    ----------
    start, end : int
        Half-open offsets of the visible characters, without surrounding white space.
    text : str
        The block as it reads.
    hint : str
        What markup said of it ("h1", "nav", "figcaption" …); empty for plain text.
    """

    start: int
    end: int
    text: str
    hint: str = ""


def blocks_of(text: str) -> list[Block]:
    r"""Blocks of a plain-text page, in order.

    Pages separate paragraphs by blank lines or put one on each line; both give a block a line.
    Where the page is hard-wrapped (its lines break just where the next word would not have fitted
    any more), the lines of a paragraph are joined.

    Examples
    --------
    >>> [block.text for block in blocks_of("Storm\n\nThe port closed.\nIt reopened.\n")]
    ['Storm', 'The port closed.', 'It reopened.']
    """
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text) if clean(match.group())]
    width = _wrap_width(text, lines)
    spans: list[tuple[int, int]] = []
    for start, end in lines:
        if width and spans and _continues(text, spans[-1], (start, end), width):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [Block(start, end, clean(text[start:end])) for start, end in spans]


def _wrap_width(text: str, lines: list[tuple[int, int]]) -> int:
    """The column at which the page is hard-wrapped; 0 where it is not."""
    pairs = [
        (first, second)
        for first, second in pairwise(lines)
        if _are_adjacent(text, first[1], second[0])
    ]
    lengths = [len(text[start:end].rstrip()) for (start, end), _ in pairs]
    fitting = [length for length in lengths if length in _WRAP_WIDTHS]
    if len(fitting) < _MIN_WRAPPED or len(fitting) < 0.6 * len(lengths):
        return 0
    width = max(fitting)
    n_wrapped = sum(_breaks_at(text, first, second, width) for first, second in pairs)
    n_mid_sentence = sum(not _END_OF_SENTENCE.search(text[s:e].rstrip()) for (s, e), _ in pairs)
    is_wrapped = n_wrapped >= max(_MIN_WRAPPED, 0.7 * len(pairs))
    return width if is_wrapped and n_mid_sentence >= 0.6 * len(pairs) else 0


def _continues(text: str, span: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether ``line`` carries on the block ``span`` of a page wrapped at ``width``."""
    if not _are_adjacent(text, span[1], line[0]):
        return False
    last_break = max(text.rfind("\n", *span), text.rfind("\r", *span))
    last = (max(span[0], last_break + 1), span[1])
    if _breaks_at(text, last, line, width):
        return True
    # A headline is broken where it pleases, and so is a line that an editor has mended.
    is_open = not _END_OF_SENTENCE.search(text[max(last[0], last[1] - 8) : last[1]].rstrip())
    return is_open and text[slice(*line)].lstrip()[:1].islower()


def _breaks_at(text: str, first: tuple[int, int], second: tuple[int, int], width: int) -> bool:
    """Whether the first word of ``second`` would not have fitted on line ``first`` any more.

    A few columns of slack: writers' tools differ in whether the last blank counts.
    """
    line, following = text[slice(*first)].rstrip(), text[slice(*second)].split()
    return bool(following) and len(line) <= width and len(line) + 1 + len(following[0]) > width - 3


def _are_adjacent(text: str, end: int, start: int) -> bool:
    """Whether no blank line stands between the two offsets."""
    return len(re.findall(r"\r\n|[\n\r\u2028\u2029\x85\x0c]", text[end:start])) == 1
