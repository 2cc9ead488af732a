"""Bytes become the characters they mean, or one clear error."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reading.decoding import MAX_BYTES, PageError, check_text, decode

PAGE = "“Storm” closes the café\n\nThe port closed on Monday, the harbour office said.\n"
CYRILLIC = "Шторм закрыл порт\n\nПорт закрыт с понедельника, сообщило управление гавани.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_reads_the_page_in_every_encoding(encoding: str) -> None:
    assert decode(PAGE.encode(encoding)) == PAGE


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_knows_utf_16_by_its_blanks(encoding: str) -> None:
    assert decode(CYRILLIC.encode(encoding)) == CYRILLIC


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="koi8-r">', "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ('<?xml version="1.0" encoding="iso-8859-5"?>', "iso8859-5"),
    ],
)
def test_a_declared_charset_decides_where_the_bytes_are_not_utf_8(head: str, encoding: str) -> None:
    assert decode((head + CYRILLIC).encode(encoding)) == head + CYRILLIC


@pytest.mark.parametrize("name", ["utf-8", "latin-1", "utf-16", "hex", "rot13", "no-such", "utf-7"])
def test_a_charset_that_cannot_be_leaves_windows_1252(name: str) -> None:
    page = f'<meta charset="{name}"><p>“Go”, she said'
    assert decode(page.encode("cp1252")) == page


def test_bytes_undefined_in_windows_1252_do_not_fail_the_page() -> None:
    assert decode(b"caf\xe9 \x81 open") == "café \x81 open"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.txt: expected an article, got no text at all; save"),
        (b" \r\n\t", "x.txt: expected an article, got no text at all; save"),
        (b"%PDF-1.7 ...", "x.txt: expected text or HTML, got a PDF; convert it to text first"),
        (bytes(range(32)) * 9, "x.txt: expected text or HTML, got binary data .*; convert"),
        (b"a\x01\x02\x03\x04" * 9, "x.txt: .*binary data .36 control characters .*; convert"),
        ("\ufeffa".encode("utf-16-le") + b"\x00", "x.txt: says it is utf-16-le but byte"),
        (b"x" * (MAX_BYTES + 1), "x.txt: 10,000,001 bytes, the limit is 10,000,000; split"),
    ],
)
def test_what_is_no_page_is_named(data: bytes, message: str) -> None:
    with pytest.raises(PageError, match=message):
        decode(data, source="x.txt")


def test_the_limit_counts_characters_of_a_text_too() -> None:
    with pytest.raises(PageError, match="11 characters, the limit is 10; split it"):
        check_text("x" * 11, max_chars=10)


@given(st.binary())
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    with suppress(PageError):
        assert decode(data)
