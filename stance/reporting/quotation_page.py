"""Quotation page: articles → one HTML page, every quotation underlined in its speaker's colour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from stance.analysis import AnalysedArticle, AnalysedPart
from stance.labels import AUTHOR
from stance.quotes.offsets import offsets_into
from stance.quotes.quotation import Piece, Quotation
from stance.reporting.number import count, share
from stance.reporting.page import document

N_COLOURS = 8
"""Colours of voices in the style sheet; a ninth voice begins anew, and its number tells it."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters that are quoted, and cue or source, alike. ``marks``: quotations that end here."""

    text: str
    style: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Speaker:
    """One line of the list of voices."""

    name: str
    number: int
    colour: str
    n_words: str
    share: str
    bar: float
    n_quotations: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the list of quotations."""

    number: int
    speaker: _Speaker
    quotation: Quotation
    text: str


def quotations_page(articles: Sequence[AnalysedArticle]) -> str:
    """Articles with their quotations as one self-contained HTML page.

    Parameters
    ----------
    articles : sequence of AnalysedArticle
        All of their text is shown as text, whatever it holds.

    Returns
    -------
    str
        A document without scripts that loads nothing: each article with its voices and their
        share of the words, its text with quotations underlined (direct: solid, indirect: dashed,
        mixed: double), and a list of the quotations.

    Raises
    ------
    ValueError
        There is no article.
    """
    if not articles:
        raise ValueError("expected at least one labelled article, got none")
    views = [_view(article) for article in articles]
    return document("quotations.html.j2", css="quotations.css.j2", articles=views)


def _view(article: AnalysedArticle) -> dict[str, object]:
    speakers = _speakers(article)
    by_name = {speaker.name: speaker for speaker in speakers}
    lines = [
        _Line(i + 1, by_name[one.voice], one, " … ".join(piece.text for piece in one.content))
        for i, one in enumerate(article.quotations)
    ]
    return {
        "name": article.headline or article.id,
        "source": article.source,
        "speakers": speakers,
        "parts": [(part, _runs(article, part, by_name)) for part in article.parts],
        "lines": lines,
    }


def _speakers(article: AnalysedArticle) -> list[_Speaker]:
    """Sources by their words, most first; the author, who has no colour, comes last."""
    voices = sorted(article.voices, key=lambda voice: voice.name == AUTHOR)
    total = sum(voice.n_words for voice in voices)
    return [
        _Speaker(
            voice.name,
            0 if voice.name == AUTHOR else i + 1,
            "author" if voice.name == AUTHOR else f"voice-{i % N_COLOURS + 1}",
            count(voice.n_words),
            share(voice.n_words, total),
            voice.share,
            voice.n_quotations,
        )
        for i, voice in enumerate(voices)
    ]


def _runs(
    article: AnalysedArticle, part: AnalysedPart, speakers: dict[str, _Speaker]
) -> list[_Run]:
    """The text of a part, cut wherever a quotation, a cue or a source begins or ends."""
    place = _Place(article, part)
    layers: list[_Layer] = []
    ends: dict[int, tuple[int, ...]] = {}
    for i, one in enumerate(article.quotations):
        for role, pieces in (("content", one.content), ("cue", one.cue), ("source", one.source)):
            here = [place.span(piece) for piece in pieces if piece.part == part.index]
            layers += [_Layer(start, end, role, i) for start, end in here if end > start]
        if one.content[-1].part == part.index:
            end = place.span(one.content[-1])[1]
            ends[end] = (*ends.get(end, ()), i + 1)
    return [
        _Run(
            part.text[start:end],
            _style(active, article.quotations, speakers),
            ends.get(end, ()),
        )
        for start, end, active in _cut(len(part.text), layers)
    ]


class _Layer(NamedTuple):
    """A stretch of a part's text and what a quotation makes of it."""

    start: int
    end: int
    role: str
    quotation: int


def _cut(length: int, layers: Sequence[_Layer]) -> Iterator[tuple[int, int, list[_Layer]]]:
    """Stretches of a text between the places where layers begin and end, with those over them."""
    bounds = sorted({0, length, *(n for layer in layers for n in layer[:2])})
    waiting = sorted(layers, reverse=True)
    active: list[_Layer] = []
    for start, end in pairwise(bounds):
        active = [layer for layer in active if layer.end > start]
        while waiting and waiting[-1].start <= start:
            active.append(waiting.pop())
        yield start, end, active


def _style(
    active: Sequence[_Layer], quotations: Sequence[Quotation], speakers: dict[str, _Speaker]
) -> str:
    """Classes of a stretch: the innermost quotation's, and the colour of the one that holds it."""
    contents = sorted(layer.quotation for layer in active if layer.role == "content")
    classes = sorted({layer.role for layer in active if layer.role != "content"})
    if contents:
        one = quotations[contents[-1]]
        classes += [one.kind, speakers[one.voice].colour]
    if len(contents) > 1:
        classes.append(f"in-{speakers[quotations[contents[-2]].voice].colour}")
    return " ".join(classes)


class _Place:
    """Offsets of a page's characters → offsets into the text of one of its parts."""

    def __init__(self, article: AnalysedArticle, part: AnalysedPart) -> None:
        self._offsets = offsets_into(article.text[part.start : part.end], part.text)
        self._shift = part.start

    def span(self, piece: Piece) -> tuple[int, int]:
        """A stretch of the page within the part."""
        start = bisect_left(self._offsets, piece.start - self._shift)
        return start, bisect_left(self._offsets, piece.end - self._shift)
