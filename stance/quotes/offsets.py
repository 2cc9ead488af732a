"""Offsets into a text as it reads → offsets into the raw stretch of a page that it came from."""

from __future__ import annotations

from collections.abc import Sequence

from stance.article import Span


def offsets_into(raw: str, text: str) -> Sequence[int]:
    r"""Where in ``raw`` each character of ``text`` stands.

    Parameters
    ----------
    raw : str
        A stretch of a page, ``Article.text[part.start:part.end]``.
    text : str
        The same as it reads, ``Part.text``: white space folded to single blanks, invisible
        characters left out. What is left out never stands in ``text``, so that the first
        possible place of a character is the right one.

    Returns
    -------
    sequence of int, length ``len(text)``
        Never decreasing. A blank stands at the first character of the white space that it folds.
        From the first character of ``text`` on that ``raw`` does not hold, ``len(raw)``.

    Examples
    --------
    >>> list(offsets_into("  The co\u00adali\n\n tion", "The coali tion"))
    [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 15, 16, 17, 18]
    """
    at = raw.find(text)
    if at >= 0:  # as almost always
        return range(at, at + len(text))
    found: list[int] = []
    position = 0
    for char in text:
        at = _white(raw, position) if char == " " else raw.find(char, position)
        if at < 0:
            break
        found.append(at)
        position = at + 1
    return found + [len(raw)] * (len(text) - len(found))


def raw_span(offsets: Sequence[int], span: Span) -> Span:
    r"""A stretch of a text as a stretch of what it came from.

    Examples
    --------
    >>> raw_span(offsets_into("a \n b  c", "a b c"), Span(0, 3))
    Span(start=0, end=5)
    """
    if span.end <= span.start:
        at = offsets[span.start] if span.start < len(offsets) else 0
        return Span(at, at)
    return Span(offsets[span.start], offsets[span.end - 1] + 1)


def _white(raw: str, position: int) -> int:
    for at in range(position, len(raw)):
        if raw[at].isspace():
            return at
    return -1
