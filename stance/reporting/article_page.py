"""Article page: labelled articles → one HTML page, every paragraph with its type and voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from stance.labels import FURNITURE, ParagraphType
from stance.map import StanceMap, stance_map
from stance.reporting.map_view import map_view
from stance.reporting.number import count, share
from stance.reporting.page import document, fragment, style_sheet
from stance.reporting.palette import LabelStyle, style_of

UNTYPED = "untyped"

_LEGEND = (
    ParagraphType.REPORT,
    ParagraphType.QUOTE,
    ParagraphType.ANALYSIS,
    ParagraphType.DISCLAIMER,
)


class StanceLabel(Protocol):
    """Which side the voice of a paragraph is on, toward one target."""

    @property
    def target(self) -> str: ...  # noqa: D102
    @property
    def stance(self) -> str: ...  # noqa: D102
    @property
    def probability(self) -> float | None: ...  # noqa: D102
    @property
    def probabilities(self) -> Mapping[str, float] | None: ...  # noqa: D102


class LabelledPart(Protocol):
    """A part of an article with what was found out about it.

    It may also have ``quoted``: how likely it is that most of it is somebody's words, 0–1 or None.
    """

    @property
    def index(self) -> int: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def type(self) -> str | None: ...  # noqa: D102
    @property
    def probability(self) -> float | None: ...  # noqa: D102
    @property
    def probabilities(self) -> Mapping[str, float] | None: ...  # noqa: D102
    @property
    def voice(self) -> str | None: ...  # noqa: D102
    @property
    def via(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def stances(self) -> Sequence[StanceLabel]: ...  # noqa: D102


class LabelledArticle(Protocol):
    """An article whose parts are labelled."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def headline(self) -> str: ...  # noqa: D102
    @property
    def parts(self) -> Sequence[LabelledPart]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Side:
    """One stance as it is shown: ``against`` the ferry sale (0.81)."""

    stance: str
    target: str
    probability: float | None
    style: LabelStyle


@dataclass(frozen=True, slots=True)
class _Shown:
    """One part as it is shown."""

    part: LabelledPart
    label: str
    style: LabelStyle
    odds: tuple[tuple[str, float, LabelStyle], ...]
    sides: tuple[_Side, ...]
    quoted: float | None


@dataclass(frozen=True, slots=True)
class _Count:
    """One line of the legend."""

    label: str
    style: LabelStyle
    n: str
    share: str


def article_page(article: LabelledArticle) -> str:
    """One labelled article as a self-contained HTML page.

    Parameters
    ----------
    article : LabelledArticle
        Anything with its attributes. All of its text is shown as text, whatever it holds.

    Returns
    -------
    str
        A document without scripts that loads nothing. Probabilities and reasons appear on hover,
        on keyboard focus, and in print.
    """
    return articles_page([article])


def articles_page(articles: Sequence[LabelledArticle], maps: Sequence[StanceMap] = ()) -> str:
    """Several labelled articles as one self-contained HTML page, with a list of contents.

    Parameters
    ----------
    articles : sequence of LabelledArticle
        Each with its own stance map above it, where it has stances.
    maps : sequence of StanceMap
        Shown before the articles: outlets, periods.

    Raises
    ------
    ValueError
        There is no article.
    """
    if not articles:
        raise ValueError("expected at least one labelled article, got none")
    views = [_view(article, f"article-{i}") for i, article in enumerate(articles, 1)]
    ids = Counter(view["id"] for view in views)
    return document(
        "articles.html.j2",
        css="articles.css.j2",
        articles=views,
        maps=[view for view in map(map_view, maps) if view is not None],
        anchors={view["id"]: view["anchor"] for view in views if ids[view["id"]] == 1},
    )


def article_fragment(article: LabelledArticle) -> str:
    """One labelled article as an element with its own styles, for a notebook's cell."""
    css = style_sheet("article.css.j2")
    return fragment("fragment.html.j2", css=css, article=_view(article, ""))


def _view(article: LabelledArticle, anchor: str) -> dict[str, object]:
    parts = [_shown(part) for part in article.parts]
    return {
        "name": article.headline or article.id,
        "id": article.id,
        "anchor": anchor,
        "source": article.source,
        "parts": parts,
        "counts": _counts(parts),
        "n_paragraphs": sum(shown.part.kind == "paragraph" for shown in parts),
        "map": map_view(stance_map(article)),
    }


def _shown(part: LabelledPart) -> _Shown:
    label = _label(part)
    odds = sorted((part.probabilities or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return _Shown(
        part,
        label,
        style_of(label),
        tuple((name, value, style_of(name)) for name, value in odds),
        tuple(_sides(part.stances)),
        getattr(part, "quoted", None),
    )


def _label(part: LabelledPart) -> str:
    if part.kind == "paragraph":
        return str(part.type or UNTYPED)
    return str(part.kind)


def _sides(stances: Sequence[StanceLabel]) -> list[_Side]:
    return [
        _Side(str(one.stance), one.target, one.probability, style_of(one.stance)) for one in stances
    ]


def _counts(parts: list[_Shown]) -> list[_Count]:
    """The legend: every type of the codebook, then what else occurs, furniture last."""
    found = Counter(shown.label for shown in parts if shown.part.kind == "paragraph")
    total = found.total()
    known = [str(label) for label in _LEGEND]
    lines = [
        _Count(label, style_of(label), count(found[label]), share(found[label], total))
        for label in (*known, *sorted(set(found) - set(known)))
    ]
    n_furniture = sum(shown.part.kind == FURNITURE for shown in parts)
    return [*lines, _Count(FURNITURE, style_of(FURNITURE), count(n_furniture), "set aside")]
