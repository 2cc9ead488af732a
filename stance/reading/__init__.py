"""Bytes of a page → Article. Nothing of the page is dropped: what is not the article is set aside.

Two sources: plain text (``blocks``) and HTML (``html``); both end in ``layout``, which says what
every block is.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from stance.article import Article
from stance.reading.blocks import blocks_of
from stance.reading.decoding import MAX_BYTES, PageError, check_text, decode
from stance.reading.layout import parts_of

__all__ = ["MAX_BYTES", "PageError", "read_article", "read_text"]


def read_article(page: str | bytes | os.PathLike[str], *, id: str = "", source: str = "") -> Article:
    r"""Article from a page of text or HTML.

    Parameters
    ----------
    page : str, bytes or path
        The page's characters or bytes, or the file that holds them. A one-line str that names an
        existing file is read as that file.
    id : str
        Name of the article; by default the file's name without its ending, else a hash of the text.
    source : str
        Where the page came from, for messages and output; by default the path.

    Returns
    -------
    Article
        Its parts cover the page's characters exactly.

    Raises
    ------
    PageError
        The page is empty, over ``MAX_BYTES``, not text, or cannot be opened.

    Examples
    --------
    >>> article = read_article("Storm closes port\n\nThe port closed on Monday, and stayed shut.")
    >>> article.headline, [p.text for p in article.paragraphs]
    ('Storm closes port', ['The port closed on Monday, and stayed shut.'])
    """
    if isinstance(page, str) and not _names_file(page):
        check_text(page, source=source or "page")
        return read_text(page, id=id, source=source)
    if isinstance(page, bytes):
        return read_text(decode(page, source=source or "page"), id=id, source=source)
    path = Path(page)
    source = source or str(page)
    return read_text(decode(_read_bytes(path), source=source), id=id or path.stem, source=source)


def read_text(text: str, *, id: str = "", source: str = "") -> Article:
    """Article from the characters of a page, text or HTML; never opens a file."""
    from stance.reading.html import blocks_of_html, looks_like_html

    id = id or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if looks_like_html(text):
        text, blocks = blocks_of_html(text)
        check_text(text, source=source or "page")
    else:
        blocks = blocks_of(text)
    if not blocks:
        raise PageError(f"{source or 'page'}: expected an article, got no visible text")
    return Article(id, text, parts_of(text, blocks), source)


def _names_file(page: str) -> bool:
    try:
        return "\n" not in page and len(page) < 1024 and Path(page).is_file()
    except (OSError, ValueError):
        return False


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PageError(f"{path}: cannot be read: {error.strerror}") from error
