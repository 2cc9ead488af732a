"""Where a page comes from: heads of HTML pages, stamps of plain ones, addresses and folders."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reading.provenance import Provenance, day_in, provenance_of

_BODY = "<article><h1>Storm</h1><p>The port closed on Monday.</p></article>"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2021-03-04T09:00:00Z">',
        "<meta name='Date' content='4 March 2021'>",
        '<meta itemprop="datePublished" content="2021/03/04">',
        '<script type="application/ld+json">{"datePublished": "2021-03-04"}</script>',
    ],
)
def test_html_head_tells_the_day(head: str) -> None:
    assert provenance_of(f"<html><head>{head}</head>{_BODY}</html>").day == date(2021, 3, 4)


def test_time_elements_count_after_the_head() -> None:
    page = f'<html><body>{_BODY}<time datetime="2020-01-02">2 Jan</time></body></html>'
    assert provenance_of(page).day == date(2020, 1, 2)
    head = '<meta name="pubdate" content="2019-12-31">'
    assert provenance_of(page.replace("<body>", head)).day == date(2019, 12, 31)


def test_outlet_from_page_then_address_then_folder() -> None:
    page = '<html><head><meta property="og:site_name" content=" The  Ledger "></head></html>'
    assert provenance_of(page, source="https://www.other.example/a").outlet == "The Ledger"
    assert provenance_of("One.", source="https://www.other.example/a").outlet == "other.example"
    assert provenance_of("One.", source="pages/the-post/a.txt").outlet == "the-post"
    assert provenance_of("One.", source="-") == Provenance("", None)


def test_day_of_plain_text_stands_in_a_short_line() -> None:
    long = "In the night of 3 April 2020 the port closed, and nobody knew when it would open again."
    assert provenance_of(f"Storm\n\n{long}").day is None
    assert provenance_of(f"Storm\n\nUpdated 5 May 2020\n\n{long}").day == date(2020, 5, 5)


def test_day_in_the_address() -> None:
    assert provenance_of("One.", source="https://a.example/2022/06/15/x").day == date(2022, 6, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("June 15th, 2022", date(2022, 6, 15)),
        ("Wed, 15 Jun 2022 10:00", date(2022, 6, 15)),
        ("15.6.2022", date(2022, 6, 15)),
        ("31 April 2021, then 1 May 2021", date(2021, 5, 1)),
        ("version 12022-01-01", None),
        ("15 mayors 2022", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert day_in(text) == day


@given(st.text(), st.text())
def test_any_page_has_a_provenance(page: str, source: str) -> None:
    assert isinstance(provenance_of(page, source=source), Provenance)


def test_a_broken_address_names_no_outlet() -> None:
    assert provenance_of("One.", source="http://[").outlet == ""
