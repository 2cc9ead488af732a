from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from stance.analysis import label_article
from stance.reporting.article_page import article_fragment, article_page, articles_page


class Words(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def test_every_part_is_there_in_order(article: Any) -> None:
    page = article_page(article)
    words = " ".join(Words(page).words)
    places = [words.index(part.text) for part in article.parts if part.kind != "headline"]
    assert places == sorted(places)
    assert 'dir="auto" role="heading" aria-level="1">Council puts' in page
    assert 'class="part standfirst" id="article-1-2"' in page


def test_paragraphs_say_type_voice_via_and_stance(article: Any) -> None:
    words = " ".join(filter(None, Words(article_page(article)).words))
    assert "quote the dockers' union via Radio Kestrel The dockers' union told" in words
    assert "against: the ferry sale 0.91 neutral: Maud Pellew 0.66" in words
    assert "quote 0.97 analysis 0.01 disclaimer 0.01 report 0.01" in words


def test_quotation_flag_is_shown_beside_the_types_where_a_model_tells_it() -> None:
    page = "Storm closes port\n\nThe port shut on Monday.\n\nIt will reopen, the mayor said."
    found = label_article(page)
    assert "mostly somebody" not in article_page(found)
    parts = tuple(replace(part, quoted=0.873) if part.index == 2 else part for part in found.parts)
    words = " ".join(filter(None, Words(article_page(replace(found, parts=parts))).words))
    assert words.count("mostly somebody’s words") == 1
    assert words.endswith("mostly somebody’s words 0.87")


def test_legend_counts_types_and_furniture(article: Any) -> None:
    words = " ".join(filter(None, Words(article_page(article)).words))
    legend = "report 2 33 % quote 2 33 % analysis 1 17 % disclaimer 1 17 % furniture 4 set aside"
    assert legend in words


def test_details_are_reached_by_keyboard_and_print(article: Any) -> None:
    page = article_page(article)
    focusable = [
        a for _, a in Words(page).tags if a.get("tabindex") == "0" and "part" in a["class"]
    ]
    assert len(focusable) == 10
    assert page.count('<div class="detail">') == 10
    assert "<p>related link</p>" in page
    assert ".part:focus-within .detail" in page
    hiding = re.findall(r"@media screen[^{]*\{ \.stance-article \.detail \{[^}]*opacity: 0", page)
    assert hiding  # hidden on screens only, so paper shows them


def test_hostile_article_is_inert(article: Any, hostile: str) -> None:
    parts = tuple(
        replace(
            part,
            text=hostile,
            reason=hostile if part.reason else None,
            type=hostile if part.type else None,
            voice=hostile,
            via=(hostile,),
            stances=tuple(replace(s, target=hostile, stance=hostile) for s in part.stances),
            probabilities={hostile: 0.9, "quote": 0.1},
        )
        for part in article.parts
    )
    bad = replace(article, id=hostile, source=hostile, headline=hostile, parts=parts)
    for page in (article_page(bad), articles_page([bad, bad]), article_fragment(bad)):
        page.encode("utf-8")
        assert "\0" not in page
        seen = Words(page)
        allowed = (
            "html head meta title style body main nav h1 ol ul li a bdi small article header p "
            "svg path rect circle div span section table thead tbody tr th td"
        )
        assert {tag for tag, _ in seen.tags} <= set(allowed.split())
        for _, attrs in seen.tags:
            assert not any(name.startswith("on") or name in {"src", "style"} for name in attrs)
            assert (attrs.get("href") or "#").startswith("#")
        assert "49" not in re.sub(r"#[0-9a-f]{6}|<style>.*?</style>", "", page, flags=re.DOTALL)


def test_page_loads_nothing(article: Any) -> None:
    page = article_page(article)
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page
    assert not re.search(r"https?:|@import|url\(|<script", page)


def test_several_articles_have_contents_and_single_ids(article: Any) -> None:
    page = articles_page([article, article])
    ids = [a["id"] for _, a in Words(page).tags if "id" in a]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if name.count("-") == 1] == ["article-1", "article-2"]
    assert 'href="#article-2"' in page
    assert "2 labelled articles" in page


def test_fragment_keeps_its_styles_to_itself(article: Any) -> None:
    fragment = article_fragment(article)
    css = re.search(r"<style>(.*)</style>", fragment, re.DOTALL)
    assert css is not None
    assert fragment.startswith("<article")
    assert " id=" not in fragment
    rules = re.sub(r"@media[^{]*\{", "", css[1])
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", rules):
        for selector in selectors.split(","):
            assert ".stance-article" in selector, selector


def test_type_without_a_colour_of_ours_and_no_type(article: Any) -> None:
    parts = (
        replace(article.parts[4], type="sarcasm"),
        replace(article.parts[5], type=None, probabilities=None, probability=None),
    )
    words = " ".join(filter(None, Words(article_page(replace(article, parts=parts))).words))
    assert "sarcasm 1 50 % untyped 1 50 %" in words


def test_probability_alone(article: Any) -> None:
    part = replace(article.parts[5], probabilities=None)
    words = " ".join(filter(None, Words(article_page(replace(article, parts=(part,)))).words))
    assert "probability 0.99" in words


def test_no_article_is_told() -> None:
    with pytest.raises(ValueError, match="expected at least one labelled article, got none"):
        articles_page([])


def test_import_brings_no_heavy_library() -> None:
    code = (
        "import sys, stance.reporting.article_page; "
        "heavy = {'matplotlib', 'sklearn', 'jinja2', 'numpy', 'pandas', 'pyarrow', 'datasets'}; "
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
