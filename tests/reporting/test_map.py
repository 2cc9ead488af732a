"""Stance maps as a figure and on a page: what a reader sees of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stance.map import MapCell, StanceMap, stance_map
from stance.reporting.article_page import article_page, articles_page
from stance.reporting.map_figure import MAX_ROWS, MAX_TARGETS, map_chart, map_finding, side_words
from stance.reporting.map_view import map_view
from stance.reporting.palette import LABELS


def cell(row: str, target: str, *, n: int = 10, favor: float = 0, against: float = 0) -> MapCell:
    shares = {"favor": favor, "against": against, "neutral": 1 - favor - against}
    return MapCell(row, target, n, shares, (("a", 3),))


def map_of(*cells: MapCell, kind: str = "voice") -> StanceMap:
    rows: dict[str, int] = {}
    for one in cells:
        rows[one.row] = rows.get(one.row, 0) + one.n_words
    return StanceMap(kind, rows, tuple(dict.fromkeys(c.target for c in cells)), cells)


@pytest.mark.parametrize(
    ("found", "finding"),
    [
        (map_of(), "No voice addresses a target."),
        (map_of(cell("author", "toll")), "No voice takes a side."),
        (map_of(cell("author", "toll", against=1)), "The author is against toll."),
        (
            map_of(cell("Ida", "toll", favor=1), cell("Ida", "tax", against=1, n=90)),
            "Ida is against tax and in favor of toll.",
        ),
        (map_of(cell("Post", "toll", favor=1), kind="outlet"), "Post is in favor of toll."),
        (map_of(cell("port officials", "toll", against=1)), "Port officials are against toll."),
        (
            map_of(cell("Ida", "toll", favor=0.6), cell("Bo", "toll", against=0.7, favor=0.3)),
            "Ida is in favor of toll.",
        ),
        (map_of(cell("Ida", "toll", favor=0.6, against=0.4)), "Ida is divided on toll."),
        (map_of(cell("Ida", "toll", favor=0.5, against=0.3)), "Ida is rather in favor of toll."),
    ],
)
def test_finding(found: StanceMap, finding: str) -> None:
    assert map_finding(found) == finding


@pytest.mark.parametrize(
    ("favor", "against", "words"),
    [
        (1, 0, "in favor"),
        (0, 0.8, "against"),
        (0, 0.4, "neutral"),
        (0.4, 0.6, "divided"),
        (0.6, 0.3, "rather in favor"),
        (0.33, 0.34, "rather against"),
    ],
)
def test_sides_in_words(favor: float, against: float, words: str) -> None:
    assert side_words(cell("Ida", "toll", favor=favor, against=against)) == words


def test_same_map_same_bytes_and_everything_is_said() -> None:
    found = map_of(cell("author", "toll", n=40), cell("Ida", "toll", against=1))
    chart = map_chart(found)
    assert (chart.svg, chart.png) == (map_chart(found).svg, map_chart(found).png)
    assert "the author on toll: neutral, 40 words" in chart.alt
    assert LABELS["against"].colour.encode() in chart.svg


def test_a_large_map_draws_its_first_rows_and_an_empty_one_its_finding() -> None:
    cells = [cell(f"voice {i}", f"target {j}", favor=1) for i in range(20) for j in range(9)]
    alt = map_chart(map_of(*cells)).alt
    assert alt.count(";") + 1 == MAX_ROWS * MAX_TARGETS
    assert map_chart(map_of()).finding == "No voice addresses a target."


def test_circles_are_in_proportion_by_area() -> None:
    view = map_view(map_of(cell("Ida", "toll", n=400), cell("Bo", "toll", n=100)))
    assert view is not None
    large, small = (row.dots[0] for row in view.rows)
    assert large is not None and small is not None
    assert large.radius == pytest.approx(2 * small.radius, abs=0.11)


def test_page_shows_the_map_and_leads_to_the_paragraphs(article: Any) -> None:
    page = article_page(article)
    assert map_finding(stance_map(article)) in page.replace("&#39;", "'")
    found = stance_map(article)
    for index in {index for one in found.cells for _, index in one.parts}:
        assert f'href="#article-1-{index}"' in page
        assert f'id="article-1-{index}"' in page


def test_maps_of_outlets_stand_before_the_articles(article: Any) -> None:
    outlets = map_of(cell("The Post", "toll", against=1), kind="outlet")
    page = articles_page([article], [outlets, map_of(kind="period")])
    assert page.index("The Post is against toll.") < page.index('id="article-1"')


def test_a_page_without_stances_has_no_map(article: Any) -> None:
    parts = tuple(replace(part, stances=()) for part in article.parts)
    assert '<section class="map">' not in article_page(replace(article, parts=parts))
