"""Example: what a corpus module yields, a passage with its label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from stance.article import Span
from stance.passage import Passage
from stance.reading.cleaning import clean


@dataclass(frozen=True, slots=True)
class Example:
    """One row of a corpus.

    Parameters
    ----------
    id : str
        Unique within the split.
    split : str
        One of the splits that the card counts.
    passage : Passage
    label : str or None
        The project's label; None in an unlabelled corpus.
    native_label : str or None
        The corpus's own label, as its files write it.
    extra : mapping of str to value
        The columns that the card names beside the common ones.
    """

    id: str
    split: str
    passage: Passage
    label: str | None = None
    native_label: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


class Reader(Protocol):
    """What a corpus module offers: the examples of one task and variant, in the files' order."""

    def __call__(self, folder: Path, *, task: str, variant: str) -> Iterator[Example]:
        """Examples from the files in ``folder``."""


def clean_with_spans(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    r"""A text as it reads (white space folded, invisible characters out), its spans moved along.

    Spans must begin and end with a visible character.

    Examples
    --------
    >>> text, (span,) = clean_with_spans("The  har\u00adbour\nboard met.", [Span(5, 19)])
    >>> text, text[span.start : span.end]
    ('The harbour board met.', 'harbour board')
    """
    cleaned = clean(text)
    if cleaned == text:
        return text, tuple(spans)
    # A visible mark after the prefix keeps its trailing white space from being stripped.
    moved = (
        Span(len(clean(text[: span.start] + "x")) - 1, len(clean(text[: span.end - 1] + "x")))
        for span in spans
    )
    return cleaned, tuple(moved)
