"""Provenance: which outlet published a page, and on which day, as far as the page tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from urllib.parse import urlsplit

from stance.reading.html import looks_like_html
from stance.reading.markup import attributes_of, tokens_of

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(rf"(?<!\w){pattern}(?!\d)", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)",
        rf"{_YEAR}/(?P<month>\d\d)/(?P<day>\d\d)",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}",
    )
)
_PUBLISHED = frozenset(
    "article:published_time datepublished dc.date dc.date.issued date pubdate publish-date"
    " publication_date parsely-pub-date sailthru.date og:published_time".split()
)
_SITE = frozenset(("og:site_name", "application-name", "publisher", "dc.publisher"))
_JSON_DATE = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{4,40})"')
_HEAD = 60_000
_EDGE_LINES, _STAMP_WORDS, _STAMP_CHARS = 15, 14, 160


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a page comes from.

    Parameters
    ----------
    outlet : str
        As the page, its address or its folder names it; empty where none does.
    day : datetime.date or None
        The day of publication; None where the page does not tell.
    """

    outlet: str = ""
    day: date | None = None


def provenance_of(page: str, *, source: str = "") -> Provenance:
    r"""The outlet and the day of a page.

    Parameters
    ----------
    page : str
        The page's characters, text or HTML. HTML tells in its head; in plain text a day counts
        where it stands in a short line near the top or the end, as a stamp or byline does.
    source : str
        Path or address of the page: an address names its host, a path its folder, where the page
        itself names no outlet.

    Examples
    --------
    >>> provenance_of("Storm closes port\n\nBy Ida Lund, 4 March 2021\n\nThe port …").day
    datetime.date(2021, 3, 4)
    >>> provenance_of('<head><meta property="og:site_name" content="The Ledger"></head>').outlet
    'The Ledger'
    """
    outlet, day = "", None
    if looks_like_html(page):
        outlet, day = _from_head(page[:_HEAD])
    else:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        edge = lines[:_EDGE_LINES] + lines[_EDGE_LINES:][-_EDGE_LINES:]
        short = (s for s in edge if len(s) <= _STAMP_CHARS and len(s.split()) <= _STAMP_WORDS)
        day = next(filter(None, map(day_in, short)), None)
    return Provenance(outlet or _from_source(source), day or day_in(source))


def day_in(text: str) -> date | None:
    """The first day that a text names with its year; None where there is none.

    Days in figures are read year first or, with points, day first; what could be either way round
    (3/4/2021) is not read.

    Examples
    --------
    >>> day_in("Updated Sept. 3, 2019 at noon"), day_in("30 February 2020"), day_in("3/4/2021")
    (datetime.date(2019, 9, 3), None, None)
    """
    found = sorted(
        (match for pattern in _DATES for match in pattern.finditer(text)), key=re.Match.start
    )
    return next(filter(None, map(_day, found)), None)


def _day(match: re.Match[str]) -> date | None:
    month = match["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    try:
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def _from_head(page: str) -> tuple[str, date | None]:
    outlet, day = "", None
    for name, value in _metadata(page):
        if name in _SITE:
            outlet = outlet or " ".join(value.split())[:80]
        elif name in _PUBLISHED:
            day = day or day_in(value)
    if day is None and (match := _JSON_DATE.search(page)):
        day = day_in(match[1])
    return outlet, day


def _metadata(page: str) -> Iterator[tuple[str, str]]:
    """Names and values: of ``meta`` elements, then of ``time`` elements as "date"."""
    times = []
    for token in tokens_of(page):
        if token.is_end or token.tag not in ("meta", "time"):
            continue
        attributes = attributes_of(token.content)
        if token.tag == "time":
            times.append(("date", attributes.get("datetime") or ""))
        else:
            keys = (attributes.get(key) for key in ("property", "name", "itemprop"))
            name = next(filter(None, keys), "")
            yield name.lower(), attributes.get("content") or ""
    yield from times


def _from_source(source: str) -> str:
    if "://" in source:
        try:
            return (urlsplit(source).hostname or "").removeprefix("www.")
        except ValueError:  # no address, whatever it looks like
            return ""
    return PurePath(source).parent.name if source not in ("", "-") else ""
