"""Where a paragraph stands in its article and what it looks like."""

from __future__ import annotations

import re
from math import log1p

import numpy as np
from numpy.typing import NDArray

from stance.passage import Passage
from stance.reading.furniture import furniture_reason

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)")
_OPENING = "\"“„«'‘`"
_ABOUT_PAGE = re.compile(r"[(\[*]|https?://|www\.|@|©|—\s*end")

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


def layout_features(passage: Passage) -> NDArray[np.float32]:
    """Place, length, shape and overlap of a passage, one value per name in ``NAMES``.

    Examples
    --------
    >>> row = layout_features(Passage("“Go,” she said.", index=1, n_paragraphs=2))
    >>> dict(zip(NAMES, row.tolist()))["looks quoted"]
    1.0
    """
    text = passage.text
    words = _WORD.findall(text.lower())
    from_end = passage.n_paragraphs - 1 - passage.index
    return np.array(
        (
            passage.index == 0 and passage.n_paragraphs > 1,
            from_end == 0 and passage.n_paragraphs > 1,
            passage.index / max(1, passage.n_paragraphs - 1),
            1 / (1 + passage.index),
            1 / (1 + max(0, from_end)),
            log1p(len(words)) / 5,
            len(words) < 12,
            log1p(len(_SENTENCE_END.findall(text))) / 2,
            log1p(passage.previous.count(" ")) / 5,
            log1p(passage.following.count(" ")) / 5,
            text.startswith(tuple(_OPENING)),
            text[:1].islower(),
            text.startswith(("(", "[", "*")) and text.endswith((")", "]", "*", ".")),
            not _SENTENCE_END.search(text[-3:]),
            ":" in text[:40],
            text.rstrip('"”’').endswith("?"),
            bool(_ABOUT_PAGE.search(text)),
            furniture_reason(text) is not None,
            _overlap(words, passage.headline),
            _overlap(words, passage.previous),
        ),
        dtype=np.float32,
    )


def _overlap(words: list[str], other: str) -> float:
    """Share of the longer words of ``other`` that stand in ``words`` too."""
    theirs = {word for word in _WORD.findall(other.lower()) if len(word) > 3}
    return len(theirs.intersection(words)) / len(theirs) if theirs else 0.0
