"""Bytes of a page → characters, or one clear error."""

from __future__ import annotations

import codecs

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


class PageError(ValueError):
    """A page that cannot be read: empty, too long, or not text."""


def decode(data: bytes, *, source: str = "page", max_bytes: int = MAX_BYTES) -> str:
    r"""Characters of a page, without its byte-order mark.

    A byte-order mark decides; without one UTF-8, then UTF-16 where every other byte is null, then
    Windows-1252, which is what pages that claim Latin-1 really hold.

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
        raise PageError(f"{source}: expected an article, got no text at all")
    probe = text[:_PROBE]
    n_control = sum(ord(c) < 32 and c not in "\t\n\r\f\v\x1b" for c in probe)
    if n_control > 0.02 * len(probe):
        raise PageError(
            f"{source}: expected text or HTML, got binary data "
            f"({n_control} control characters in the first {len(probe)})"
        )


def _decode(data: bytes, source: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding, source)
    if b"\x00" in data[:_PROBE]:
        encoding = _utf16_order(data[:_PROBE])
        if encoding is None:
            raise PageError(f"{source}: expected text or HTML, got binary data (null bytes)")
        return _strictly(data, encoding, source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Five bytes are undefined in Windows-1252; they come through as C1 controls, as in
        # browsers, rather than failing the page.
        return "".join(_CP1252[byte] for byte in data)


def _strictly(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise PageError(
            f"{source}: says it is {encoding} but byte {error.start} is not; "
            "save the page again as UTF-8"
        ) from error


def _utf16_order(probe: bytes) -> str | None:
    """UTF-16's byte order where nearly every other byte of the probe is null."""
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    half = max(1, len(probe) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


_CP1252 = [
    bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(256)
]
