"""Bytes of a page → characters, or one clear error."""

from __future__ import annotations

import codecs
import re
from functools import cache

MAX_BYTES = 10_000_000
"""The longest page that is read (10 MB): a hundred times a long feature with its whole markup."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive (or an Office document)",
    b"\x1f\x8b": "gzip-compressed",
    b"PAR1": "a Parquet table",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x7fELF": "a program",
}
_PROBE = 4096
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)"
    rb" {0,9}= {0,9}[\"']?([\w:.-]{2,40})",
    re.IGNORECASE,
)
# Only charsets: Python's codecs hold compressors and escapes as well. Not UTF-16 or UTF-7, which
# no page can declare in its own ASCII; not Latin-1, whose pages really hold Windows-1252.
_CHARSETS = re.compile(
    r"iso8859-(?!1$)|cp\d|koi8|mac-|big5|gb|hz|shift_jis|euc_|johab|tis-620|ptcp"
)


class PageError(ValueError):
    """A page that cannot be read: empty, too long, or not text."""


def decode(data: bytes, *, source: str = "page", max_bytes: int = MAX_BYTES) -> str:
    r"""Characters of a page, without its byte-order mark.

    A byte-order mark decides; without one UTF-16 where every other byte may be null, then UTF-8,
    then the charset that the page names in a meta tag or XML declaration, then Windows-1252, which
    is what pages that claim Latin-1 really hold.

    Parameters
    ----------
    data : bytes
        The page as it was stored or sent.
    source : str
        Names the page in messages.
    max_bytes : int
        The longest page that is read.

    Raises
    ------
    PageError
        The page is empty, longer than ``max_bytes``, or not text.

    Examples
    --------
    >>> decode("caf\u00e9".encode("cp1252"))
    'café'
    >>> decode("“Go”".encode("utf-16"))
    '“Go”'
    """
    if len(data) > max_bytes:
        raise PageError(
            f"{source}: {len(data):,} bytes, the limit is {max_bytes:,}; "
            "split the file into articles first"
        )
    kind = next((name for magic, name in _MAGIC.items() if data.startswith(magic)), None)
    if kind is not None:
        raise PageError(f"{source}: expected text or HTML, got {kind}; convert it to text first")
    text = _decode(data, source)
    check_text(text, source=source, max_chars=max_bytes)
    return text


def check_text(text: str, *, source: str = "page", max_chars: int = MAX_BYTES) -> None:
    """Raise PageError where ``text`` is empty, too long, or full of control characters."""
    if len(text) > max_chars:
        raise PageError(
            f"{source}: {len(text):,} characters, the limit is {max_chars:,}; "
            "split it into articles first"
        )
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u00a0"):
        raise PageError(f"{source}: expected an article, got no text at all; save the page again")
    probe = text[:_PROBE]
    n_control = sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in probe)
    if n_control > 0.02 * len(probe):
        raise PageError(
            f"{source}: expected text or HTML, got binary data "
            f"({n_control} control characters in the first {len(probe)}); convert it to text first"
        )


def _decode(data: bytes, source: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding, source)
    if b"\x00" in data[:_PROBE]:
        order = _utf16_order(data[:_PROBE])
        if order is None:
            raise PageError(
                f"{source}: expected text or HTML, got binary data (null bytes); "
                "convert it to text first"
            )
        return _strictly(data, order, source)
    for charset in ("utf-8", _declared_charset(data[:_PROBE])):
        try:
            return data.decode(charset) if charset else _as_windows_1252(data)
        except UnicodeDecodeError:
            continue
    return _as_windows_1252(data)


def _declared_charset(probe: bytes) -> str:
    """The charset that a page names in its markup; empty where it names none that is trusted."""
    declared = _DECLARED.search(probe)
    if declared is None:
        return ""
    try:
        name = codecs.lookup(declared[1].decode("ascii", "replace")).name
    except (LookupError, ValueError):
        return ""
    return name if _CHARSETS.match(name) else ""


def _as_windows_1252(data: bytes) -> str:
    """Five bytes are undefined; they come through as C1 controls, as in browsers."""
    return data.decode("latin-1").translate(_windows_1252())


@cache
def _windows_1252() -> dict[int, str]:
    tables = ((byte, bytes([byte]).decode("cp1252", "ignore")) for byte in range(0x80, 0xA0))
    return {byte: char for byte, char in tables if char}


def _strictly(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise PageError(
            f"{source}: says it is {encoding} but byte {error.start} is not; "
            "save the page again as UTF-8"
        ) from error


def _utf16_order(probe: bytes) -> str | None:
    """UTF-16's byte order, told by the nulls of blanks and line ends; None where it is not that.

    A blank is 20 00 or 00 20 in every script, so one side of the pairs holds nulls and the other
    hardly any.
    """
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    if max(even, odd) < 0.04 * len(probe) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
