"""StanceMap: who is on which side toward what, counted in words, in one article or in many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from stance.labels import AUTHOR, Stance

SIDES = (str(Stance.FAVOR), str(Stance.AGAINST), str(Stance.NEUTRAL))


class StanceLabel(Protocol):
    """Which side a voice is on, toward one target."""

    @property
    def target(self) -> str: ...  # noqa: D102
    @property
    def stance(self) -> str: ...  # noqa: D102
    @property
    def probabilities(self) -> Mapping[str, float] | None: ...  # noqa: D102


class LabelledPart(Protocol):
    """A part of an article with its voice and the voice's stances."""

    @property
    def index(self) -> int: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def voice(self) -> str | None: ...  # noqa: D102
    @property
    def stances(self) -> Sequence[StanceLabel]: ...  # noqa: D102


class LabelledArticle(Protocol):
    """An article whose parts have stances."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def parts(self) -> Sequence[LabelledPart]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class MapCell:
    """What one row of the map says about one target.

    Parameters
    ----------
    row, target : str
    n_words : int, >= 1
        Words of the paragraphs in which the row's voice addresses the target.
    shares : mapping of {"favor", "against", "neutral"} to float
        Share (0–1) of these words expected on each side; they sum to 1. A paragraph is divided by
        its probabilities where it has them: a voice hardly changes sides within an article, and
        several unsure paragraphs tell more together than their labels do.
    parts : tuple of (str, int)
        Ids of the articles and indexes of the parts that were counted, in order.
    """

    row: str
    target: str
    n_words: int
    shares: Mapping[str, float]
    parts: tuple[tuple[str, int], ...]

    @property
    def direction(self) -> float:
        """From −1, wholly against, to 1, wholly in favor."""
        return self.shares["favor"] - self.shares["against"]

    @property
    def stance(self) -> str:
        """The side with the largest share; "neutral" where two are equal."""
        ordered = sorted(self.shares.items(), key=lambda pair: -pair[1])
        return ordered[0][0] if ordered[0][1] > ordered[1][1] else str(Stance.NEUTRAL)


@dataclass(frozen=True, slots=True)
class StanceMap:
    """Rows × targets, each cell with a direction and a number of words.

    Parameters
    ----------
    kind : str
        What a row is: "voice", "outlet", "period".
    rows : mapping of str to int
        Words of each row in all, also where it addresses no target; ``author`` first, then by
        number of words (periods: by time).
    targets : tuple of str
    cells : tuple of MapCell
        By row, then by target; a row that does not address a target has no cell there.
    """

    kind: str
    rows: Mapping[str, int]
    targets: tuple[str, ...]
    cells: tuple[MapCell, ...]

    def cell(self, row: str, target: str) -> MapCell | None:
        """The cell of a row and a target; None where the row does not address the target."""
        return next((c for c in self.cells if (c.row, c.target) == (row, target)), None)

    def to_dict(self) -> dict[str, Any]:
        """Values fit for JSON."""
        return {
            "kind": self.kind,
            "rows": [{"name": name, "n_words": n} for name, n in self.rows.items()],
            "targets": list(self.targets),
            "cells": [
                {
                    "row": cell.row,
                    "target": cell.target,
                    "n_words": cell.n_words,
                    "stance": cell.stance,
                    "direction": round(cell.direction, 4),
                    "shares": {side: round(share, 4) for side, share in cell.shares.items()},
                    "parts": [list(part) for part in cell.parts],
                }
                for cell in self.cells
            ],
        }


def stance_map(articles: LabelledArticle | Iterable[LabelledArticle]) -> StanceMap:
    """Voices × targets of an article, or of several together.

    Parameters
    ----------
    articles : AnalysedArticle, or iterable of AnalysedArticle
        With stances: ``label_article(page, targets=…)``. The authors of several articles share the
        row ``author``, and so do sources of the same name.

    Returns
    -------
    StanceMap
        Of kind "voice".

    Examples
    --------
    >>> from stance.analysis import AnalysedArticle, AnalysedPart
    >>> from stance.sides import TargetStance
    >>> side = TargetStance("the toll", "against", probability=0.8)
    >>> part = AnalysedPart(0, "paragraph", None, 0, 23, "“No toll,” said Ida Lund.",
    ...                     type="quote", voice="Ida Lund", stances=(side,))
    >>> found = stance_map(AnalysedArticle("a", "", "“No toll,” said Ida Lund.", (part,)))
    >>> [(c.row, c.target, c.stance, c.n_words) for c in found.cells]
    [('Ida Lund', 'the toll', 'against', 5)]
    """
    several = list(articles) if isinstance(articles, Iterable) else [articles]
    return _counted([(article, None) for article in several], "voice")


def grouped_map(
    articles: Sequence[LabelledArticle], names: Sequence[str | None], *, kind: str
) -> StanceMap:
    """Groups of articles × targets: outlets, months.

    Parameters
    ----------
    articles : sequence of AnalysedArticle
    names : sequence of str or None
        Name of each article's row; an article without one is left out.
    kind : str
        What a row is: "outlet"; rows of kind "period" stand in the order of their names.

    Raises
    ------
    ValueError
        There are not as many names as articles.
    """
    if len(names) != len(articles):
        raise ValueError(f"expected a name per article, got {len(names)} for {len(articles)}")
    return _counted([(a, n) for a, n in zip(articles, names, strict=True) if n], kind)


class _Sum:
    """What is counted of one row and target."""

    def __init__(self) -> None:
        self.n_words = 0
        self.by_side = dict.fromkeys(SIDES, 0.0)
        self.parts: list[tuple[str, int]] = []

    def add(self, side: StanceLabel, n_words: int, at: tuple[str, int]) -> None:
        proba = {name: (side.probabilities or {}).get(name, 0.0) for name in SIDES}
        total = sum(proba.values())
        if total <= 0:
            proba, total = {str(side.stance): 1.0}, 1.0
        self.n_words += n_words
        for name, p in proba.items():
            self.by_side[name] += n_words * p / total
        self.parts.append(at)

    def cell(self, row: str, target: str) -> MapCell:
        shares = {name: words / self.n_words for name, words in self.by_side.items()}
        return MapCell(row, target, self.n_words, MappingProxyType(shares), tuple(self.parts))


def _counted(articles: Iterable[tuple[LabelledArticle, str | None]], kind: str) -> StanceMap:
    """The map of articles, each with the row that all its words go to; None for their voices."""
    rows: Counter[str] = Counter()
    sums: dict[tuple[str, str], _Sum] = {}
    for article, name in articles:
        for part in article.parts:
            if part.kind != "paragraph":
                continue
            row, n_words = name or part.voice or AUTHOR, max(1, len(part.text.split()))
            rows[row] += n_words
            for side in part.stances:
                if side.stance not in SIDES:  # a label of a foreign scheme has no place here
                    continue
                found = sums.setdefault((row, side.target), _Sum())
                found.add(side, n_words, (article.id, part.index))
    ordered = _ordered(rows, kind)
    targets = tuple(dict.fromkeys(target for _, target in sums))
    places = [(row, target) for row in ordered for target in targets if (row, target) in sums]
    cells = tuple(sums[place].cell(*place) for place in places)
    return StanceMap(kind, MappingProxyType(ordered), targets, cells)


def _ordered(rows: Mapping[str, int], kind: str) -> dict[str, int]:
    if kind == "period":
        return dict(sorted(rows.items()))
    return dict(sorted(rows.items(), key=lambda row: (row[0] != AUTHOR, -row[1], row[0])))
