"""Scores of voices: whose words a paragraph gives, and through whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.metrics import Floats, Metric, group_codes
from stance.labels import AUTHOR, ParagraphType
from stance.quotes.names import last_name, same_voice
from stance.quotes.roles import source_kind

SOURCE_KINDS = (
    "named here",
    "named, a pronoun here",
    "named, not mentioned here",
    "role",
    "unnamed",
    "organisation",
    "document",
)
"""What the true source of a quote is, and how its paragraph speaks of it."""

MISTAKES = ("right", "author", "part of the name", "another source", "nobody quoted")
"""What a voice that was given is, beside the true one."""

_ROWS = ("voice", "all", "chain", "via", "given")
_PRONOUN = re.compile(r"\b(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_INDEFINITE = re.compile(
    r"(?:an?|one|two|three|four|five|six|several|some|many|another|other|unnamed|anonymous)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A paragraph's voice as it is scored.

    Parameters
    ----------
    voice : str
        ``"author"``, or the source's canonical name.
    via : tuple of str
        Who passed the words on, outermost first.
    """

    voice: str
    via: tuple[str, ...] = ()


def has_right_voice(true: Named, given: Named) -> bool:
    """Whether both name one voice: case, article and titles aside."""
    return same_voice(true.voice, given.voice)


def has_right_via(true: Named, given: Named) -> bool:
    """Whether both name the same people in between, in the same order."""
    return len(true.via) == len(given.via) and all(map(same_voice, true.via, given.via))


def voice_counts(
    true: Sequence[Named], given: Sequence[Named], *, types: Sequence[str], groups: Sequence[str]
) -> NDArray[np.int64]:
    """What each article contributes to every score.

    Parameters
    ----------
    true, given : sequence of Named, one per paragraph
    types : sequence of str
        The true types.
    groups : sequence of str
        The article of each paragraph.

    Returns
    -------
    ndarray of int64, shape (n_articles, n_rows, 2)
        Right ones and all, articles in the order of their first paragraph.

    Raises
    ------
    ValueError
        The four differ in length.

    Examples
    --------
    >>> true, given = [Named("Ola Berg"), Named("author")], [Named("Berg"), Named("author")]
    >>> counts = voice_counts(true, given, types=["quote", "report"], groups=["a", "a"])
    >>> {name: float(metric(counts.sum(axis=0))) for name, metric in VOICE_METRICS.items()}
    {'voice_accuracy': 0.0, 'all_accuracy': 0.5, 'chain_accuracy': 0.0, 'via_accuracy': nan,
    'source_precision': 0.0}
    """
    if not len(true) == len(given) == len(types) == len(groups):
        sizes = [len(true), len(given), len(types), len(groups)]
        raise ValueError(f"expected as many entries each, got {sizes}")
    codes = group_codes(groups)
    counts = np.zeros((int(codes.max(initial=-1)) + 1, len(_ROWS), 2), np.int64)
    for code, one, other, kind in zip(codes.tolist(), true, given, types, strict=True):
        is_quote, is_given = kind == ParagraphType.QUOTE.value, other.voice != AUTHOR
        is_right, is_through = has_right_voice(one, other), has_right_via(one, other)
        asked = (is_quote, True, is_quote, is_quote and bool(one.via), is_given)
        right = (is_right, is_right, is_right and is_through, is_through, is_right)
        counts[code, :, 0] += np.logical_and(asked, right)
        counts[code, :, 1] += asked
    return counts


def voice_scores(sums: NDArray[Any]) -> dict[str, Floats]:
    """Every score from counts of shape (n, n_rows, 2); NaN where there is nothing to score."""
    return {name: metric(sums) for name, metric in VOICE_METRICS.items()}


def kind_of_source(voice: str, text: str) -> str:
    """One of ``SOURCE_KINDS``, for the true voice of a quote.

    A source is a person with a name where its last word has a capital; other people are unnamed
    where an article or number leaves open who is meant, else known by their role.

    Examples
    --------
    >>> [kind_of_source("Ola Berg", text) for text in ("“Go,” Berg said.", "“Go,” she said.")]
    ['named here', 'named, a pronoun here']
    >>> kind_of_source("a port official", ""), kind_of_source("the Harbour Board", "")
    ('unnamed', 'organisation')
    """
    kind = source_kind(voice)
    if kind in ("body", "outlet", "document"):
        return "document" if kind == "document" else "organisation"
    words = voice.split()
    if words and words[-1][:1].isupper():
        if last_name(voice) in text.casefold():
            return "named here"
        is_pronoun = _PRONOUN.search(text) is not None
        return SOURCE_KINDS[1] if is_pronoun else SOURCE_KINDS[2]
    is_open = _INDEFINITE.match(voice) or (kind == "people" and not voice.startswith("the "))
    return "unnamed" if is_open else "role"


def mistake_of(true: Named, given: Named, *, voices: Sequence[str]) -> str:
    """One of ``MISTAKES``, for a quote of an article with these true voices."""
    if has_right_voice(true, given):
        return "right"
    if given.voice == AUTHOR:
        return "author"
    if last_name(true.voice) == last_name(given.voice):
        return "part of the name"
    is_other = any(same_voice(given.voice, other) for other in voices)
    return "another source" if is_other else "nobody quoted"


def _share(row: str) -> Metric:
    k = _ROWS.index(row)

    def metric(sums: NDArray[Any]) -> Floats:
        right, n = sums[..., k, 0], np.asarray(sums[..., k, 1], np.float64)
        share: Floats = np.divide(right, n, out=np.full(n.shape, np.nan), where=n > 0)
        return share

    return metric


VOICE_METRICS: Mapping[str, Callable[[NDArray[Any]], Floats]] = MappingProxyType(
    {
        "voice_accuracy": _share("voice"),
        "all_accuracy": _share("all"),
        "chain_accuracy": _share("chain"),
        "via_accuracy": _share("via"),
        "source_precision": _share("given"),
    }
)
"""Score → what computes it from counts of shape (..., n_rows, 2).

Shares of right voices: of quotes, of all paragraphs, of quotes with whoever passed the words on. Of
quotes that somebody passed on, the share with the right people in between. Of paragraphs that are
given a source, the share with the right one.
"""
