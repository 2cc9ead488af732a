"""An HTML page → its visible text and the blocks in it, each with what the markup says of it.

All visible text is kept, so that nothing is dropped unseen. Where trafilatura is installed (extra
``web``), it says which blocks are the article; the others become furniture "outside the article".
Without it, the markup's own words (nav, footer, aside, figcaption, class names) must do.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from stance.reading.blocks import Block
from stance.reading.cleaning import clean
from stance.reading.markup import Token, attributes_of, tokens_of
from stance.reading.place import looks_like_body

_DOCUMENT = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|article"
    r"|main|div|section|p|h[1-6]|header|nav|script|meta|title|table|ul|blockquote|span)\b",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK_TAG = re.compile(r"</?(?:p|div|h[1-6]|br|li|ul|article)\b[^<>]{0,300}>", re.IGNORECASE)
_MIN_BLOCK_TAGS = 3
_PROBE = 4096

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option"
    " p pre section summary table tbody tfoot thead time tr ul".split()
)
_SPACING_TAGS = frozenset(("br", "td", "th", "img"))
_HIDDEN_TAGS = frozenset("head template svg object select math canvas".split())
_HEAD_TAGS = frozenset("head title meta link base script style noscript template".split())
_VOID_TAGS = frozenset("area base br col embed hr img input link meta source track wbr".split())
# A start tag that closes an element of the same family left open right above it.
_CLOSED_BY = {
    "p": _BLOCK_TAGS,
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
}
_HIDING_STYLE = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden")

_HINT_TAGS = frozenset(
    "nav footer aside figcaption button form h1 h2 h3 h4 h5 h6 table time".split()
)
_HINT_CLASSES = {
    "footer": re.compile(r"\b(?:site-?footer|page-?footer)\b", re.IGNORECASE),
    "nav": re.compile(r"\b(?:nav(?:bar|igation)?|menu|breadcrumbs?)\b", re.IGNORECASE),
    "aside": re.compile(
        r"\b(?:related|recommended|read-?more|more-?stories|sidebar|promo)\b", re.IGNORECASE
    ),
    "figcaption": re.compile(r"\b(?:caption|photo-?credit)\b", re.IGNORECASE),
    "form": re.compile(r"\b(?:newsletter|subscribe|signup)\b", re.IGNORECASE),
}
# Whole pages stand in a form or a table, and class names say what a wrapper may hold, not what it
# does: a long sentence in one of these is a paragraph.
_UNSURE_TAGS = frozenset(("form", "table"))
_PAGE_TAGS = frozenset(("html", "body", "main", "article"))

# trafilatura's time grows faster than the page: 5,000 list items took 3.5 s, 20,000 took 24 s.
_MAX_EXTRACTED = 1_000_000
_MAX_PIECES = 2000
_MAX_DEPTH = 150
_WINDOW = 20_000


def looks_like_html(text: str) -> bool:
    """Whether a page's characters are marked up as HTML.

    Examples
    --------
    >>> looks_like_html("<!doctype html><p>One.</p>"), looks_like_html("3 < 4, says the <b>law</b>")
    (True, False)
    """
    probe = text[:_PROBE].lstrip("\ufeff")
    if "<" not in probe:
        return False
    return bool(_DOCUMENT.match(probe)) or len(_BLOCK_TAG.findall(probe)) >= _MIN_BLOCK_TAGS


def blocks_of_html(page: str) -> tuple[str, list[Block]]:
    """The page's visible text, a blank line between blocks, and its blocks with their hints.

    Parameters
    ----------
    page : str
        The characters of the page, its markup as broken as it may be.

    Returns
    -------
    text : str
    blocks : list of Block
        Their offsets index ``text``.

    Examples
    --------
    >>> text, blocks = blocks_of_html("<nav>Home</nav><h1>Storm</h1><p>The port <b>closed</b>.")
    >>> [(block.text, block.hint) for block in blocks]
    [('Home', 'nav'), ('Storm', 'h1'), ('The port closed.', '')]
    """
    collector = _Collector()
    for token in tokens_of(page):
        collector.take(token)
    collector.flush()
    pieces = collector.pieces
    is_small = len(page) <= _MAX_EXTRACTED and len(pieces) <= _MAX_PIECES
    if is_small and collector.depth <= _MAX_DEPTH:
        pieces = _set_apart(pieces, page)
    blocks, position = [], 0
    for text, hint in _only_one_h1(pieces):
        blocks.append(Block(position, position + len(text), text, hint))
        position += len(text) + 2
    return "\n\n".join(text for text, _ in pieces), blocks


def _set_apart(pieces: list[tuple[str, str]], page: str) -> list[tuple[str, str]]:
    """Pieces with the hint "outside" where trafilatura leaves them out of the article."""
    body = _extracted(page)
    if not body:
        return pieces
    kept = _key(body)
    lines = {_key(line) for line in body.splitlines()}
    marked, position = [], 0
    for text, hint in pieces:
        key = _key(text)
        # Cells and list items are joined to longer lines; both texts keep the page's order.
        found = kept.find(key, position, position + _WINDOW + len(key))
        position = found + len(key) if found >= 0 else position
        is_kept = found >= 0 or key in lines
        marked.append((text, hint or ("" if is_kept else "outside")))
    return marked


def _extracted(page: str) -> str:
    """The article's text as trafilatura finds it; empty where it is missing or finds none."""
    try:
        from trafilatura import extract
    except ImportError:  # the extra is not installed, or not whole: the markup must do
        return ""
    try:
        return extract(page, include_comments=False, include_tables=True, favor_recall=True) or ""
    except Exception:  # lone surrogates, libxml2's limits …: no page may fail for its helper
        return ""


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _only_one_h1(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first h1 of some length stays one; site names and second ones lose the hint."""
    marked = [i for i, (_, hint) in enumerate(pieces) if hint == "h1"]
    head = max(marked, key=lambda i: (min(len(pieces[i][0].split()), 4), -i), default=-1)
    return [
        (text, "" if hint == "h1" and i != head else hint) for i, (text, hint) in enumerate(pieces)
    ]


class _Element(NamedTuple):
    tag: str
    hint: str
    is_sure: bool
    is_hidden: bool


class _Collector:
    """Collects the text between block tags, with the hint of the innermost element that has one."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, str]] = []
        self.depth = 0
        self._text: list[str] = []
        self._open: list[_Element] = []
        self._n_open: Counter[str] = Counter()
        self._last_tag = ""

    def take(self, token: Token) -> None:
        """Go on by one token."""
        if not token.tag:
            self._take_text(token.content)
            return
        is_stray = token.is_end and not self._n_open[token.tag]
        is_break = token.tag == "br" and self._last_tag == "br"
        if is_break or (token.tag in _BLOCK_TAGS and not is_stray):
            self.flush()
        if token.tag in _SPACING_TAGS:
            self._text.append(" ")
        if token.is_end:
            self._end(token.tag)
        else:
            self._start(token)
        self._last_tag = token.tag

    def flush(self) -> None:
        """End the block that is being collected."""
        text = clean("".join(self._text))
        self._text.clear()
        if not text:
            return
        hint, is_sure = self._open[-1][1:3] if self._open else ("", True)
        self.pieces.append((text, "" if not is_sure and looks_like_body(text) else hint))

    def _take_text(self, text: str) -> None:
        if self._open and self._open[-1].is_hidden:
            return
        self._text.append(text)
        if not text.isspace():
            self._last_tag = ""

    def _start(self, token: Token) -> None:
        tag = token.tag
        if self._n_open["head"] and tag not in _HEAD_TAGS:  # its end tag may be left out
            self._close("head")
        if self._open and tag in _CLOSED_BY.get(self._open[-1].tag, ()):
            self._close(self._open[-1].tag)
        if tag in _VOID_TAGS:
            return
        attributes = attributes_of(token.content) if token.content else {}
        hint, is_sure = _hint_of(tag, attributes)
        above = self._open[-1] if self._open else _Element("", "", True, False)
        if not hint:
            hint, is_sure = above.hint or ("li" if tag == "li" else ""), above.is_sure
        is_hidden = above.is_hidden or tag in _HIDDEN_TAGS or _is_hidden(attributes)
        self._open.append(_Element(tag, hint, is_sure, is_hidden))
        self._n_open[tag] += 1
        self.depth = max(self.depth, len(self._open))

    def _end(self, tag: str) -> None:
        """Close the element. A stray inline end tag closes no block around it."""
        if not self._n_open[tag]:
            return
        if tag not in _BLOCK_TAGS and tag not in _HIDDEN_TAGS:
            near = [element.tag for element in self._open[-20:]]
            while near and near[-1] != tag and near[-1] not in _BLOCK_TAGS:
                near.pop()
            if not near or near[-1] != tag:
                return
        self._close(tag)

    def _close(self, tag: str) -> None:
        while self._open:
            closed = self._open.pop().tag
            self._n_open[closed] -= 1
            if closed == tag:
                return


def _is_hidden(attributes: dict[str, str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return True
    return bool(_HIDING_STYLE.search(attributes.get("style", "").lower()))


def _hint_of(tag: str, attributes: dict[str, str]) -> tuple[str, bool]:
    """What an element's name or class says of its text, and whether that is sure."""
    if tag in _HINT_TAGS:
        return tag, tag not in _UNSURE_TAGS
    names = " ".join(attributes.get(name, "") for name in ("class", "role", "id"))
    if names.isspace() or tag in _PAGE_TAGS:
        return "", True
    return next(
        (hint for hint, pattern in _HINT_CLASSES.items() if pattern.search(names)), ""
    ), False
