"""The characters of an HTML page → its tags and texts, one after the other, in linear time.

A browser reads any page; so does this. Written because ``html.parser`` looks for the end of every
unfinished comment or tag anew, which takes hours on a broken page of some megabytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,40})")
_REST = re.compile(r"[^<>]*+>")
_QUOTED_REST = re.compile(r"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,30})(?: ?= ?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
# int() refuses more than 4,300 digits, and no character has more than seven.
_LONG_REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}|[0-9]{8,});?")
_RAW_TAGS = frozenset("script style textarea title noscript iframe xmp".split())
_MAX_TAG = 4000
_MAX_ATTRIBUTES = 1000


class Token(NamedTuple):
    """A piece of a page: a tag with its attributes unread, or, where ``tag`` is empty, text."""

    tag: str
    is_end: bool
    content: str


def tokens_of(page: str) -> Iterator[Token]:
    """Start tags, end tags and unescaped texts of a page, in order.

    What opens like a tag and never closes is text. Comments and declarations are left out, and so
    is what stands in an element that holds no markup (``script``, ``style``, ``title`` …).

    Examples
    --------
    >>> [token.tag or token.content for token in tokens_of("<p>A &amp; B<!-- C --><br>D")]
    ['p', 'A & B', 'br', 'D']
    """
    scanner = _Scanner(page)
    position, start = 0, page.find("<")
    while start >= 0:
        end, token = scanner.markup_at(start)
        if end == start:
            start = page.find("<", start + 1)
            continue
        if position < start:
            yield Token("", False, _unescaped(page[position:start]))
        if token is not None:
            yield token
            end = scanner.end_of_content(token, end)
        position, start = end, page.find("<", end)
    if position < len(page):
        yield Token("", False, _unescaped(page[position:]))


def attributes_of(content: str) -> dict[str, str]:
    """Names, in lower case, and values of a start tag's attributes; the first of a name counts.

    Examples
    --------
    >>> attributes_of(' class="lead big" hidden')
    {'class': 'lead big', 'hidden': ''}
    """
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(content):
        value = match[2] or match[3] or match[4] or ""
        attributes.setdefault(match[1].lower(), _unescaped(value))
    return attributes


def _unescaped(text: str) -> str:
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", text)) if "&" in text else text


class _Scanner:
    """Finds where markup ends. What it once looked for in vain it does not look for again."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._last_close = page.rfind(">")
        self._last_comment_end = page.rfind("-->")
        self._unquotable_until = 0
        self._missing: set[str] = set()

    def markup_at(self, start: int) -> tuple[int, Token | None]:
        """End of the markup that opens at ``start``, and its token; ``start`` where it is text."""
        if start > self._last_close:
            return start, None
        page = self._page
        name = _NAME.match(page, start)
        if name is not None:
            end = self._end_of_tag(name.end())
            content = page[name.end() : min(end, name.end() + _MAX_ATTRIBUTES)]
            tag = name[2].lower()
            return (end, Token(tag, bool(name[1]), content)) if end else (start, None)
        if page.startswith("<!--", start) and start < self._last_comment_end:
            return page.find("-->", start + 2) + 3, None
        if page.startswith(("<!", "<?", "</"), start):
            return page.find(">", start) + 1, None
        return start, None

    def end_of_content(self, token: Token, end: int) -> int:
        """Where reading goes on after a tag: behind the content of elements without markup."""
        tag = token.tag
        if token.is_end or tag not in _RAW_TAGS or tag in self._missing:
            return end
        close = re.compile(rf"</{tag}\b", re.IGNORECASE).search(self._page, end)
        if close is not None:
            return close.start()
        self._missing.add(tag)
        return len(self._page) if tag in ("script", "style") else end

    def _end_of_tag(self, position: int) -> int:
        """End of the tag whose name ends at ``position``; 0 where it never closes."""
        if position >= self._unquotable_until:
            limit = min(position + _MAX_TAG, len(self._page))
            quoted = _QUOTED_REST.match(self._page, position, limit)
            if quoted is not None:
                return quoted.end()
            self._unquotable_until = limit
        rest = _REST.match(self._page, position)
        return rest.end() if rest is not None else 0
