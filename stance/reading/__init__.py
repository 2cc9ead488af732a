"""Bytes of a page → Article. Nothing of the page is dropped: what is not the article is set aside.

Two sources: plain text (``blocks``) and HTML (``html``); both end in ``layout``, which says what
every block is.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from stance.article import Article
from stance.reading.blocks import blocks_of
from stance.reading.decoding import MAX_BYTES, PageError, check_text, decode
from stance.reading.html import blocks_of_html, looks_like_html
from stance.reading.layout import parts_of

__all__ = ["MAX_BYTES", "PageError", "read_article", "read_text"]

_FILE_NAME = re.compile(r"\S+\.(?:txt|html?|md|text|xhtml|pdf|docx?)", re.IGNORECASE)


def read_article(
    page: str | bytes | os.PathLike[str],
    *,
    id: str = "",  # noqa: A002 (the name of Article's field)
    source: str = "",
) -> Article:
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
    if isinstance(page, str) and not _names_file(page, source=source):
        return read_text(page, id=id, source=source)
    if isinstance(page, bytes | bytearray | memoryview):
        return read_text(decode(bytes(page), source=source or "page"), id=id, source=source)
    if not isinstance(page, str | os.PathLike):
        raise PageError(
            f"{source or 'page'}: expected the page's text, its bytes or a path, "
            f"got {type(page).__name__}; read it into a str or bytes first"
        )
    path = Path(page)
    source = source or str(page)
    return read_text(decode(_read_bytes(path), source=source), id=id or path.stem, source=source)


def read_text(text: str, *, id: str = "", source: str = "") -> Article:  # noqa: A002
    """Article from the characters of a page, text or HTML; never opens a file.

    Parameters
    ----------
    text : str
        The page's characters.
    id, source : str
        As in ``read_article``.

    Raises
    ------
    PageError
        The page is empty, over ``MAX_BYTES`` characters, or not text.

    Examples
    --------
    >>> read_text("<h1>Storm closes port</h1><p>The port closed on Monday.").headline
    'Storm closes port'
    """
    check_text(text, source=source or "page")
    name = id or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if looks_like_html(text):
        text, blocks = blocks_of_html(text)
    else:
        blocks = blocks_of(text)
    if not blocks:
        raise PageError(
            f"{source or 'page'}: expected an article, got no visible text; save the page again"
        )
    return Article(name, text, parts_of(text, blocks), source)


def _names_file(page: str, *, source: str) -> bool:
    """Whether a str is a path. One that looks like a path and leads nowhere is a mistake."""
    if "\n" in page or len(page) >= 1024:
        return False
    try:
        is_file = Path(page).is_file()
    except (OSError, ValueError):
        return False
    if not is_file and _FILE_NAME.fullmatch(page):
        raise PageError(
            f"{source or page}: expected an article or an existing file, found no file {page!r}; "
            "check the path"
        )
    return is_file


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PageError(
            f"{path}: expected a file to read, got: {reason}; check the path and its permissions"
        ) from error
