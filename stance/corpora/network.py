"""Talking HTTP to a server that may be slow, broken or gone: every failure gets its sentence."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlsplit

from stance.corpora.archive import DownloadError

PASSING = frozenset({408, 425, 416, 429, 500, 502, 503, 504})  # answers that may change by waiting
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Passing(Exception):  # noqa: N818
    """A failure that may go away by waiting.

    Parameters
    ----------
    reason : str
    wait : float or None
        Seconds that the server asks to wait.
    status : int
        The server's answer; 0 where there was none.
    """

    def __init__(self, reason: str, *, wait: float | None = None, status: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.wait, self.status = reason, wait, status


def opened(url: str, headers: dict[str, str], *, timeout: float) -> Any:
    """The server's answer, after redirects to https; proxies come from the environment.

    Parameters
    ----------
    timeout : float
        Seconds without a byte after which the connection counts as broken.

    Raises
    ------
    Passing
        The failure may go away.
    DownloadError
        It will not.
    """
    check_scheme(url)
    request = urllib.request.Request(url, headers=headers)
    with asking(url):
        return urllib.request.build_opener(_SecureRedirects).open(request, timeout=timeout)


@contextmanager
def asking(url: str) -> Iterator[None]:
    """Turn what the network does to us inside this block into Passing or a DownloadError."""
    try:
        yield
    except DownloadError:
        raise
    except urllib.error.HTTPError as error:
        with error:
            raise _answer(url, error) from error
    except urllib.error.URLError as error:
        raise _failure(url, error.reason) from error
    except (OSError, http.client.HTTPException) as error:
        raise _failure(url, error) from error


def _answer(url: str, error: urllib.error.HTTPError) -> Exception:
    if error.code in PASSING:
        reason = f"the server answers {error.code} {error.reason}"
        return Passing(reason, wait=_retry_after(error.headers), status=error.code)
    hint = {
        404: "it is no longer there: the corpus may have moved, see its card for the upstream",
        410: "it was taken away: see the corpus's card for the upstream",
        401: "it wants a login: get the corpus by hand",
        403: "access is refused: a proxy, or terms that must be agreed to by hand",
    }.get(error.code, "see the corpus's card for the upstream")
    return DownloadError(f"{url}: the server answers {error.code} {error.reason}: {hint}")


def _failure(url: str, reason: object) -> Exception:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DownloadError(f"{url}: the server's certificate is not valid ({reason})")
    if isinstance(reason, socket.gaierror):
        return Passing(f"no host {urlsplit(url).hostname!r} found: is there a network?")
    if isinstance(reason, TimeoutError):
        return Passing("no answer in time")
    if isinstance(reason, OSError | http.client.HTTPException):
        return Passing(f"the connection failed ({type(reason).__name__}: {reason})")
    return DownloadError(f"{url}: {reason}")


class _SecureRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 - the library's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        check_scheme(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check_scheme(url: str) -> None:
    """Refuse what is not encrypted, but for a server on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise DownloadError(f"{url}: expected an https address")


def range_start(headers: Message) -> int:
    """First byte of a partial answer; -1 where the header is missing or odd."""
    unit, _, rest = headers.get("Content-Range", "").partition(" ")
    first = _number(rest.partition("-")[0])
    return -1 if unit != "bytes" or first is None else first


def total(headers: Message, start: int) -> int | None:
    """Bytes of the whole file, when an answer begins at byte ``start``."""
    length = _number(headers.get("Content-Length", ""))
    return None if length is None else start + length


def _retry_after(headers: Message) -> float | None:
    """Seconds that a server asks to wait, given as a number or as a date."""
    value = headers.get("Retry-After", "").strip()
    if (seconds := _number(value)) is not None:
        return float(seconds)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
