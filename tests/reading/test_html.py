"""HTML: all visible text is kept, with trafilatura and without."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reading import PageError, read_article, read_text
from stance.reading.html import blocks_of_html, looks_like_html
from stance.reading.markup import tokens_of

LEAD = "The port closed on Monday, the harbour office said, after two of its cranes had fallen over"
PAGE = f"""<!doctype html><html><head><title>Gazette</title><style>p {{}}</style>
<body><nav><a href=/>Home</a> <a href=/n>News</a></nav>
<article><h1>Storm &amp; port</h1><p>{LEAD}; nobody was <b>hu</b>rt.
<p hidden>Secret<p style="display: none">Secret<script>var secret = "Secret";</script>
<ul><li>Cranes: two<li>Ferries: none</ul><blockquote><p>“We are closed,” he said.</p></blockquote>
<table><tr><td>Cranes</td><td>2</td></tr></table><p>Line one<br>line two.<br><br>Line three.</p>
</article><footer>Imprint</footer>"""


@pytest.fixture(params=["trafilatura", "plain"])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "plain":
        monkeypatch.setitem(sys.modules, "trafilatura", None)
    else:
        pytest.importorskip("trafilatura", reason="the extra 'web' is not installed")


@pytest.mark.usefixtures("road")
def test_keeps_what_can_be_seen_and_nothing_else() -> None:
    text, _ = blocks_of_html(PAGE)
    assert text.split("\n\n") == [
        "Home News",
        "Storm & port",
        f"{LEAD}; nobody was hurt.",
        "Cranes: two",
        "Ferries: none",
        "“We are closed,” he said.",
        "Cranes 2",
        "Line one line two.",
        "Line three.",
        "Imprint",
    ]


@pytest.mark.usefixtures("road")
def test_finds_headline_and_paragraphs() -> None:
    article = read_article(PAGE.encode("utf-16"))
    assert article.headline == "Storm & port"
    assert article.paragraphs[0].text == f"{LEAD}; nobody was hurt."
    assert [part.text for part in article if part.reason in ("menu", "footer")] == [
        "Home News",
        "Imprint",
    ]


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize(
    "page",
    [
        f"<form><h1>Storm</h1><p>{LEAD}, and stayed shut.</p></form>",
        f"<table><tr><td><h1>Storm</h1><p>{LEAD}, and stayed shut.</table>",
        f"<div class=has-menu><h1>Storm</h1><p>{LEAD}, and stayed shut.</div>",
        f"<h1>Storm</h1><p>{LEAD}, and </i>stayed</div> shut.</p>",
        f"<html><head><title>x</title><h1>Storm</h1><p>{LEAD}, and stayed shut.",
    ],
)
def test_odd_and_broken_markup_keeps_its_paragraph(page: str) -> None:
    article = read_text(page)
    assert article.headline == "Storm"
    assert [part.text for part in article.paragraphs] == [f"{LEAD}, and stayed shut."]


def test_marked_blocks_carry_their_hint() -> None:
    page = "<h1>Storm</h1><figcaption>A crane</figcaption><div class=newsletter>Join us</div>"
    _, blocks = blocks_of_html(page)
    assert [block.hint for block in blocks] == ["h1", "figcaption", "form"]


def test_a_failing_trafilatura_does_not_fail_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def extract(*_: object, **__: object) -> str:
        raise RecursionError

    trafilatura = pytest.importorskip("trafilatura", reason="the extra 'web' is not installed")
    monkeypatch.setattr(trafilatura, "extract", extract)
    assert read_text("<h1>Storm</h1><p>The port closed.").headline == "Storm"


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("<p>One", True),
        ("\ufeff<!-- a --><!-- b -->\n<html>", True),
        ("Storm<p>One<p>Two<br>", True),
        ("3 < 4, says the <b>law</b>", False),
        ("<!---->" * 600, False),
    ],
)
def test_tells_html_from_text(text: str, is_html: bool) -> None:
    assert looks_like_html(text) is is_html


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a < b & c", "a < b & c"),
        ("&lt;p&gt; &#8220;x&#x201D; &nosuch; &eacute;", "<p> “x” &nosuch; é"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("a<!-- <p> -->b<!-- open", "ab<!-- open"),
        ('<a title="x > y">b</a>', "b"),
        ('<a title="x>b', "b"),
        ("<title>x</title>y<script>z</script>", "y"),
        ("a<![CDATA[b]]>c", "ac"),
    ],
)
def test_reads_tags_as_browsers_do(page: str, text: str) -> None:
    assert "".join(token.content for token in tokens_of(page) if not token.tag) == text


@pytest.mark.parametrize("unit", ["<div>", "<b>a", "<!--", '<a "', "<a ", "<!", "<title>", "&amp"])
def test_a_hundred_thousand_of_one_thing_are_read(unit: str) -> None:
    try:
        article = read_text("<p>x" + unit * 20_000)
    except PageError:
        pytest.fail("visible text was lost")
    assert article.text.startswith("x")


def test_a_page_that_shows_nothing_is_named() -> None:
    with pytest.raises(PageError, match=r"empty.html: expected an article, got no visible text"):
        read_text("<html><script>x</script></html>", source="empty.html")


_SCRAPS = st.sampled_from(
    ["<p>", "</p>", "<div hidden>", "</div>", "<b>", "<h1>", "<br>", "<head>", "<script>", "</",
     "<!--", "-->", "&amp;", "&#x;", '"', "<td>", "<nav>", "storm", " ", "\ud800", "\x00"]
)  # fmt: skip


@given(st.lists(_SCRAPS | st.text(max_size=5)).map("".join))
def test_any_markup_is_read_or_refused(page: str) -> None:
    try:
        article = read_text("<html>" + page)
    except PageError:
        return
    assert article.parts[-1].end == len(article.text)
