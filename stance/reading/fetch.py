"""A page from an address, and nothing else: the one place in reading that touches the network."""

from __future__ import annotations

import ipaddress
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from stance.reading.decoding import MAX_BYTES, PageError

MAX_REDIRECTS = 5
TIMEOUT_SECONDS = 20.0
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 1 << 16
# What an address may hold unquoted: delimiters, and the % of what is quoted already.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


def fetch(url: str, *, allow_private: bool = False, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """Bytes of the page at an address.

    Parameters
    ----------
    url : str
        http or https, without user name and password.
    allow_private : bool
        Whether addresses of this machine or a private network may be asked.
    timeout : float
        Seconds to wait for an answer, and again for all of the page to arrive.

    Raises
    ------
    PageError
        The address is not http(s), is private, does not answer, answers with an error, redirects
        more than ``MAX_REDIRECTS`` times, or gives more than ``MAX_BYTES``.
    """
    opener = _opener()
    for _ in range(MAX_REDIRECTS + 1):
        url = _checked(url, allow_private=allow_private)
        request = urllib.request.Request(url, headers={"User-Agent": "stance-lab"})
        try:
            with opener.open(request, timeout=timeout) as answer:
                return _body(answer, url, deadline=monotonic() + timeout)
        except urllib.error.HTTPError as error:
            location = error.headers.get("Location")
            error.close()
            if error.code not in _REDIRECTS or not location:
                told = f"{error.code} {error.reason}"
                raise PageError(f"{url}: the server answers {told[:80]!r}") from error
            url = _target(url, location)
        except (OSError, ValueError, HTTPException) as error:
            if isinstance(error, PageError):
                raise
            reason = getattr(error, "reason", None) or error
            told = str(reason) or type(reason).__name__
            raise PageError(f"{url}: cannot be fetched: {told[:200]}") from error
    raise PageError(f"{url}: more than {MAX_REDIRECTS} redirects")


def _opener() -> urllib.request.OpenerDirector:
    """What asks for http and https and nothing else; a redirect comes back as the error it is.

    Every new address is checked before it is asked, which urllib's own redirects are not.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _body(answer: Any, url: str, *, deadline: float) -> bytes:
    """All bytes of an answer; a server that sends one a second is not waited for."""
    parts, n = [], 0
    while chunk := answer.read1(_CHUNK):
        parts.append(chunk)
        n += len(chunk)
        if n > MAX_BYTES:
            raise PageError(f"{url}: more than {MAX_BYTES:,} bytes, which is the limit of a page")
        if monotonic() > deadline:
            raise PageError(f"{url}: cannot be fetched: the page takes too long to arrive")
    if answer.length:  # what Content-Length promised and did not come
        raise PageError(f"{url}: cannot be fetched: the connection ended before the page did")
    return b"".join(parts)


def _target(url: str, location: str) -> str:
    """Where a redirect leads; a header's bytes are UTF-8 that was read as Latin-1."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise PageError(f"{url}: redirects to {location[:200]!r}, which is no address") from error


def _checked(url: str, *, allow_private: bool) -> str:
    """The address as it is asked for: http(s), public, and nothing in it unquoted."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise PageError(f"{_without_user(url)}: is no address: {error}") from error
    if "@" in parts.netloc:
        raise PageError(
            f"{_without_user(url)}: expected an address without user name and password; "
            "save the page and label the file"
        )
    if parts.scheme not in ("http", "https") or not host:
        raise PageError(f"{url}: expected an http or https address")
    if not allow_private:
        _check_public(url, host, port or (443 if parts.scheme == "https" else 80))
    return _quoted(parts)


def _quoted(parts: SplitResult) -> str:
    """The address with everything beyond ASCII quoted, as browsers do."""
    try:
        netloc = (
            parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        )
    except UnicodeError as error:
        raise PageError(f"{urlunsplit(parts)}: is no address: {error}") from error
    path, query = (quote(part, safe=_SAFE) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def _without_user(url: str) -> str:
    """The address as it may be shown: what stands before an @ may be a password."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else url.rpartition("@")[2]


def _check_public(url: str, host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise PageError(f"{url}: unknown host {host!r}") from error
    for entry in found:
        address = ipaddress.ip_address(str(entry[4][0]).split("%")[0])
        if not address.is_global or address.is_multicast:
            raise PageError(
                f"{url}: {host} is an address of this machine or a private network; "
                "pass --allow-private to ask it all the same"
            )
