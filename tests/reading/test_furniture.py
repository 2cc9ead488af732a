"""Furniture told by a line's own words: every reason has its lines, and paragraphs have none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reading.furniture import MAX_CHARS, RULES, furniture_reason

LINES = {
    "logo": ["Gazette logo white"],
    "cookie notice": ["We use cookies to improve this site. Accept all | Reject"],
    "app prompt": ["Download the Gazette app", "Faster on the phone: download our app"],
    "newsletter prompt": ["Get the morning briefing in your inbox", "Five stories a day. Sign up"],
    "subscription prompt": ["Subscribe for 3 crowns a month", "You have 2 free articles left."],
    "advertisement": ["ADVERTISEMENT", "--- Advertisement ---", "[ad] Boots, half price"],
    "data widget": ["SHARES 14.20 ▲ 1.8%", "4.1 | 4.2 | 4.3", "1,234", "-3.5%", "€ 12 000", "(7)"],
    "timestamp": ["Updated 14 March 2024, 16:05 GMT", "Tue 8 May, 15:12 (updated 17:40)", "18:52"],
    "reading time": ["4 min read"],
    "video player": ["Video Player Close", "Play Mute 0:00 / 1:12"],
    "audio player": ["Listen to this article (14 min)"],
    "slideshow": ["Slideshow (7 images)"],
    "photo credit": ["Photo: A. Writer / Gazette", "The quay at dawn. Photograph: Ada Lowick"],
    "caption": ["FILE PHOTO: The quay at dawn", "A tug in the roads on Sunday. Gazette/Ø. Lowick"],
    "byline": ["By Ada Lowick, courts correspondent", "Gazette foreign desk"],
    "dateline": ["PORT LOWICK, May 8 (Gazette)"],
    "author box": ["Ada Lowick is a retired teacher and a contributor to the Gazette."],
    "live-blog key": ["● = key event, newest first"],
    "related link": ["Read Also: Port reopens after storm", "READ MORE: Who owns the quay?"],
    "embedded post signature": ["— Port Authority (@portauthority) 8 May"],
    "comment count": ["214 comments"],
    "share buttons": ["Share Tweet Print", "Copy link · E-mail · Print"],
    "keywords": ["Helpful keywords", "Tags: port, storm"],
    "jump link": ["Continue reading below", "Skip to the next paragraph"],
    "breadcrumb": ["Home > News > Harbour"],
    "footer": ["Contact | Privacy | Imprint"],
    "menu": ["Home | News | Sport | Weather"],
    "section label": ["Opinion", "The Gazette’s View"],
    "pull quote": ["Pull quote: nobody asked us"],
    "event listing": ["What's on: harbour walk, Sunday, 10 a.m."],
}

PARAGRAPHS = [
    "Watch the harbour at dawn and you will see who works there.",
    "Register offices across the country closed their doors on Monday.",
    "May opened with a strike, and June with another one.",
    "The company said it uses data from the ministry.",
    "ADM and two rivals declined to comment.",
    "“Share this with nobody,” the minister wrote.",
    "By Monday the port had reopened, and the ferries were running again.",
    "The Gazette reports that the letter was opened by his wife, Lara.",
    "Photographs of the quay were shown to the jury on Tuesday afternoon.",
]


@pytest.mark.parametrize(
    ("line", "reason"), [(line, reason) for reason, lines in LINES.items() for line in lines]
)
def test_each_reason_names_its_lines(line: str, reason: str) -> None:
    assert furniture_reason(line) == reason


def test_every_rule_has_a_line_here() -> None:
    assert {rule.reason for rule in RULES} == set(LINES)


@pytest.mark.parametrize("line", PARAGRAPHS)
def test_a_paragraph_is_no_furniture(line: str) -> None:
    assert furniture_reason(line) is None


def test_a_long_line_is_none() -> None:
    assert furniture_reason("x" * (MAX_CHARS + 1)) is None


@pytest.mark.parametrize("unit", ["a", "Aa ", "|", "12:00 ", "1 may ", "share ", "(", "a > ", "x/"])
def test_no_line_is_slow(unit: str) -> None:
    furniture_reason("warm up")  # the rules are compiled at the first line
    for length in (60, MAX_CHARS, 100_000):
        start = time.perf_counter()
        furniture_reason((unit * length)[:length] + "!")
        assert time.perf_counter() - start < 0.5  # 0.005 s when measured


@given(st.text())
def test_any_line_gets_an_answer(line: str) -> None:
    assert furniture_reason(line) in {None, *LINES}
