"""Article, Part and Span: what reading makes of a page. Frozen; offsets index Article.text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

PartKind = Literal["headline", "standfirst", "paragraph", "furniture"]


class Span(NamedTuple):
    """A half-open stretch of characters, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a page: the headline, the standfirst, a paragraph, or furniture.

    Parameters
    ----------
    kind : {"headline", "standfirst", "paragraph", "furniture"}
    start, end : int
        Half-open character offsets into ``Article.text``. The parts of an article follow each
        other without gap or overlap, so the white space after a part belongs to that part.
    text : str
        The stretch as it reads: white space folded to single blanks, invisible characters
        (soft hyphen, zero-width) taken out.
    reason : str or None
        Why a piece of furniture is furniture ("related link"); None for every other kind.
    """

    kind: PartKind
    start: int
    end: int
    text: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A page, read: its characters and the parts they make up.

    Parameters
    ----------
    id : str
        Names the article among others; the unit of splitting and resampling.
    text : str
        The characters of the page, as decoded (HTML: as extracted). All offsets index this.
    parts : tuple of Part
        In reading order; together they cover ``text`` exactly.
    source : str
        Where the page came from: a path, an address, ``-`` or the empty string.
    """

    id: str
    text: str
    parts: tuple[Part, ...]
    source: str = ""

    @property
    def headline(self) -> str:
        """The headline's text; empty where the page has none."""
        return next((part.text for part in self.parts if part.kind == "headline"), "")

    @property
    def standfirst(self) -> str:
        """The standfirst's text; empty where the page has none."""
        return next((part.text for part in self.parts if part.kind == "standfirst"), "")

    @property
    def paragraphs(self) -> tuple[Part, ...]:
        """The paragraphs, in reading order."""
        return tuple(part for part in self.parts if part.kind == "paragraph")

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)
