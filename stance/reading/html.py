"""An HTML page → its visible text and the blocks in it, each with what the markup says of it.

All visible text is kept, so that nothing is dropped unseen. Where trafilatura is installed (extra
``web``), it says which blocks are the article; the others become furniture "outside the article".
Without it, the markup's own words (nav, footer, aside, figcaption, class names) must do.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from stance.reading.blocks import Block
from stance.reading.cleaning import clean

_DOCUMENT = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|div"
    r"|section|p|h1|header|nav|script|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body br button caption dd details dialog div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre"
    " section summary table tbody td tfoot th thead time tr ul".split()
)
_HIDDEN_TAGS = frozenset("script style noscript template svg head iframe object select".split())
_VOID_TAGS = frozenset("area base br col embed hr img input link meta source track wbr".split())
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
_MAX_DEPTH = 500


def looks_like_html(text: str) -> bool:
    """Whether a page's characters begin as an HTML document does.

    Examples
    --------
    >>> looks_like_html("<!doctype html><p>One.</p>"), looks_like_html("3 < 4, says the <b>law</b>")
    (True, False)
    """
    return bool(_DOCUMENT.match(text[:4096].lstrip("\ufeff")))


def blocks_of_html(page: str) -> tuple[str, list[Block]]:
    """The page's visible text, one block a line, and its blocks with their hints.

    Examples
    --------
    >>> text, blocks = blocks_of_html("<nav>Home</nav><h1>Storm</h1><p>The port <b>closed</b>.")
    >>> [(block.text, block.hint) for block in blocks]
    [('Home', 'nav'), ('Storm', 'h1'), ('The port closed.', '')]
    """
    parser = _BlockParser()
    parser.feed(page)
    parser.close()
    parser.flush()
    pieces = _only_one_h1(_set_apart(parser.pieces, page))
    blocks, position = [], 0
    for text, hint in pieces:
        blocks.append(Block(position, position + len(text), text, hint))
        position += len(text) + 2
    return "\n\n".join(text for text, _ in pieces), blocks


def _set_apart(pieces: list[tuple[str, str]], page: str) -> list[tuple[str, str]]:
    """Pieces with the hint "outside" where trafilatura leaves them out of the article."""
    try:
        from trafilatura import extract
    except ImportError:  # the extra is not installed, or not whole: the markup must do
        return pieces

    body = extract(page, include_comments=False, include_tables=True, favor_recall=True)
    if not body:
        return pieces
    kept = re.sub(r"\W+", "", body).casefold()
    return [
        (text, hint or ("" if re.sub(r"\W+", "", text).casefold() in kept else "outside"))
        for text, hint in pieces
    ]


def _only_one_h1(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first h1 of some length stays one; site names and second ones lose the hint."""
    marked = [i for i, (_, hint) in enumerate(pieces) if hint == "h1"]
    head = max(marked, key=lambda i: (min(len(pieces[i][0].split()), 4), -i), default=-1)
    return [
        (text, "" if hint == "h1" and i != head else hint) for i, (text, hint) in enumerate(pieces)
    ]


class _BlockParser(HTMLParser):
    """Collects the text between block tags; remembers which tags stand around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._n_hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCK_TAGS:
            self.flush()
        if tag == "p":
            self._close_until({"p"})
        if tag in _VOID_TAGS or len(self._open) >= _MAX_DEPTH:
            return
        is_hidden = tag in _HIDDEN_TAGS or any(
            name == "hidden" or (name == "aria-hidden" and value == "true")
            for name, value in attrs
        )
        self._n_hidden += is_hidden
        self._open.append((tag, "hidden" if is_hidden else _hint_of(tag, dict(attrs))))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK_TAGS:
            self.flush()
        if any(opened == tag for opened, _ in self._open):
            while self._open:
                opened, hint = self._open.pop()
                self._n_hidden -= hint == "hidden"
                if opened == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._n_hidden:
            self._text.append(data)

    def flush(self) -> None:
        """End the block that is being collected."""
        text = clean("".join(self._text))
        self._text.clear()
        if text:
            hint = next((hint for _, hint in reversed(self._open) if hint), "")
            self.pieces.append((text, hint))

    def _close_until(self, tags: set[str]) -> None:
        """A new paragraph closes an open one: real pages leave the end tag out."""
        if self._open and self._open[-1][0] in tags:
            self._open.pop()


def _hint_of(tag: str, attrs: dict[str, str | None]) -> str:
    if tag in _HINT_TAGS:
        return tag
    names = f"{attrs.get('class') or ''} {attrs.get('role') or ''} {attrs.get('id') or ''}"
    if names.isspace() or tag in ("body", "html", "main", "article"):
        return ""
    return next((hint for hint, pattern in _HINT_CLASSES.items() if pattern.search(names)), "")
