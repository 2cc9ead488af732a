from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from stance.analysis import AnalysedArticle, AnalysedPart
from stance.quotes.quotation import Piece, Quotation
from stance.reporting.page import style_sheet
from stance.reporting.quotation_page import N_COLOURS, quotations_page

TEXT = "Ida said: “My aunt said ‘go home now’ to us.” It rained."


def piece(words: str, part: int = 0) -> Piece:
    start = TEXT.index(words)
    return Piece(part, start, start + len(words), words)


def quotation(
    words: str, voice: str, *, inside: int | None = None, kind: str = "direct"
) -> Quotation:
    return Quotation(
        kind,  # type: ignore[arg-type]
        (piece(words),),
        (piece("said"),),
        (piece("Ida"),),
        "say",
        voice,
        ("Argus",) if inside is not None else (),
        0.75,
        ("nested",) if inside is not None else (),
        inside,
    )


@pytest.fixture
def article() -> AnalysedArticle:
    part = AnalysedPart(0, "paragraph", None, 0, len(TEXT), TEXT, type="quote")
    outer = quotation("“My aunt said ‘go home now’ to us.”", "Ida Lund")
    inner = quotation("‘go home now’", "my aunt", inside=0)
    return AnalysedArticle("a", "a.txt", TEXT, (part,), (outer, inner))


class Words(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self.tags[-1][1].get("class") or "", data.strip()))


def test_quotations_are_underlined_in_their_speakers_colour(article: AnalysedArticle) -> None:
    seen = Words(quotations_page([article])).words
    assert ("direct voice-1", "“My aunt said") in seen
    assert ("direct voice-2 in-voice-1", "‘go home now’") in seen
    assert ("source", "Ida") in seen and ("cue", "said") in seen


def test_voices_with_their_share_of_the_words(article: AnalysedArticle) -> None:
    words = " ".join(word for _, word in Words(quotations_page([article])).words)
    # 11 words: 5 of Ida Lund's own, 3 of her aunt's, 4 of the author's, one of "Ida said".
    assert "1 Ida Lund 42 % 5 1 2 my aunt 25 % 3 1 author 33 % 4" in words
    assert "via Argus" in words and "nested" in words and "0.75" in words


def test_marks_lead_to_the_list(article: AnalysedArticle) -> None:
    seen = Words(quotations_page([article, article])).tags
    ids = [attrs["id"] for _, attrs in seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in seen if tag == "a"]
    assert {"#quotation-1-1", "#quotation-2-2", "#article-2"} <= set(links)
    assert {str(link)[1:] for link in links} <= set(ids)


def test_no_quotation(article: AnalysedArticle) -> None:
    assert "No quotations were found." in quotations_page([replace(article, quotations=())])


def test_hostile_article_is_inert(article: AnalysedArticle, hostile: str) -> None:
    part = replace(article.parts[0], text=hostile, end=len(hostile))
    whole = Piece(0, 0, len(hostile), hostile)
    bad = replace(
        article,
        id=hostile,
        source=hostile,
        text=hostile,
        parts=(replace(part, kind="headline"), replace(part, index=1)),
        quotations=(
            replace(
                article.quotations[0], content=(whole,), cue=(whole,), source=(whole,),
                voice=hostile, via=(hostile,),
            ),
        ),
    )  # fmt: skip
    page = quotations_page([bad, bad])
    page.encode("utf-8")
    assert "\0" not in page
    seen = Words(page)
    allowed = (
        "html head meta title style body main nav h1 ol li a bdi small article aside table thead "
        "tbody caption tr th td span svg rect div p sup"
    )
    assert {tag for tag, _ in seen.tags} <= set(allowed.split())
    for _, attrs in seen.tags:
        assert not any(name.startswith("on") or name in {"src", "style"} for name in attrs)
        assert (attrs.get("href") or "#").startswith("#")


def test_page_loads_nothing(article: AnalysedArticle) -> None:
    page = quotations_page([article])
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page
    assert not re.search(r"https?:|@import|url\(|<script", page)


def test_every_colour_has_its_styles() -> None:
    sheet = str(style_sheet("quotations.css.j2"))
    numbers = {int(n) for n in re.findall(r"\.badge\.voice-(\d+)", sheet)}
    assert numbers == set(range(1, N_COLOURS + 1))


def test_no_article_is_told() -> None:
    with pytest.raises(ValueError, match="expected at least one labelled article, got none"):
        quotations_page([])
