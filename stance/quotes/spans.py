"""AttributedSpans: who says what by which words in one paragraph, and whatever finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stance.article import Span


@dataclass(frozen=True, slots=True)
class AttributedSpans:
    """One attribution as stretches of its paragraph; each role may be discontinuous or absent.

    Parameters
    ----------
    content : tuple of Span
        Half-open offsets into the paragraph of what is said, in order; never empty.
    cue, source : tuple of Span
        The words that attribute it and those that name whose it is, in order.
    probability : float, 0–1
        That there is an attribution whose content lies about here.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    probability: float = 1.0


class SpanFinder(Protocol):
    """Rules or a trained model that find attributions."""

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        """Attributions of each paragraph of one article, in reading order.

        Contents of one paragraph may nest, and do not overlap otherwise.
        """
