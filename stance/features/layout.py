"""Where a paragraph stands in its article and what it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from stance.bounded_cache import bounded_cache
from stance.passage import Passage
from stance.reading.furniture import furniture_reason

_WORD = re.compile(r"[^\W_]+")
_MARKS = "“”‘’—–…"
_BLANKS = bytes(i if chr(i).isalnum() and i < 128 else 32 for i in range(256))
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)")
_OPENING = tuple("\"“„«'‘`")
_PAGE_SIGNS = ("(", "[", "*", "http://", "https://", "www.", "@", "©")
_SIGNED_OFF = re.compile(r"—\s*end")
# Longer passages that end like a sentence are not asked whether they read like furniture: asking
# costs twice as much as all the other columns, and of 24,179 such paragraphs of newsdiscourse and
# polnear 17 do.
_LINE_WORDS = 12

NAMES = (
    "place first",
    "place last",
    "place relative",
    "place from start",
    "place from end",
    "length words",
    "length short",
    "length sentences",
    "length previous",
    "length following",
    "looks quoted",
    "looks lower",
    "looks bracketed",
    "looks unended",
    "looks labelled",
    "looks question",
    "looks page",
    "looks furniture",
    "headline overlap",
    "previous overlap",
)


def layout_features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Place, length, shape and overlap of passages.

    Parameters
    ----------
    passages : sequence of Passage

    Returns
    -------
    ndarray of float32, shape (n_passages, len(NAMES))

    Examples
    --------
    >>> rows = layout_features([Passage("“Go,” she said.", index=1, n_paragraphs=2)])
    >>> dict(zip(NAMES, rows[0].tolist()))["looks quoted"]
    1.0
    """
    rows = [_row(passage) for passage in passages]
    return np.array(rows, np.float32).reshape(len(passages), len(NAMES))


def _row(passage: Passage) -> tuple[float, ...]:
    text = passage.text
    n_words, words = _words(text)
    is_unended = not _SENTENCE_END.search(text[-3:])
    from_end = passage.n_paragraphs - 1 - passage.index
    return (
        passage.index == 0 and passage.n_paragraphs > 1,
        from_end == 0 and passage.n_paragraphs > 1,
        passage.index / max(1, passage.n_paragraphs - 1),
        1 / (1 + passage.index),
        1 / (1 + max(0, from_end)),
        log1p(n_words) / 5,
        n_words < 12,
        log1p(len(_SENTENCE_END.findall(text))) / 2,
        log1p(passage.previous.count(" ")) / 5,
        log1p(passage.following.count(" ")) / 5,
        text.startswith(_OPENING),
        text[:1].islower(),
        text.startswith(("(", "[", "*")) and text.endswith((")", "]", "*", ".")),
        is_unended,
        ":" in text[:40],
        text.rstrip('"”’').endswith("?"),
        _is_about_page(text),
        (is_unended or n_words <= _LINE_WORDS) and furniture_reason(text) is not None,
        _overlap(words, passage.headline),
        _overlap(words, passage.previous),
    )


@bounded_cache(n_chars=1 << 21)
def _words(text: str) -> tuple[int, frozenset[str]]:
    """How many words a text has, and which are longer than three letters.

    Remembered: a paragraph is asked once for itself and once as its neighbour's neighbour.
    """
    words = _split(text.lower())
    return len(words), frozenset({word for word in words if len(word) > 3})


def _split(text: str) -> list[str]:
    """What ``_WORD`` finds; by table, in half the time, where little but ASCII is in a text."""
    plain = text
    if not plain.isascii():
        for mark in _MARKS:
            plain = plain.replace(mark, " ")
        if not plain.isascii():
            return _WORD.findall(text)
    return plain.encode("ascii").translate(_BLANKS).decode("ascii").split()


def _is_about_page(text: str) -> bool:
    for sign in _PAGE_SIGNS:  # any(…) of a generator takes twice as long
        if sign in text:
            return True
    return "—" in text and _SIGNED_OFF.search(text) is not None


def _overlap(words: frozenset[str], other: str) -> float:
    """Share of the longer words of ``other`` that stand in ``words`` too."""
    theirs = _words(other)[1]
    return len(theirs & words) / len(theirs) if theirs else 0.0
