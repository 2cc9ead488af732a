"""Endpoint: one OpenAI-compatible chat server, and a request to it over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from stance.classifiers.llm_answer import AnswerError
from stance.extras import imported

MAX_BYTES = 4_000_000
"""A response of more is not read to its end: an answer has some hundred bytes."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this machine."""
_PATH = "/chat/completions"


class EndpointError(RuntimeError):
    """An endpoint that serves nobody, whatever the passage."""


class PassingError(Exception):
    """A request that failed in a way that may go away by itself.

    Parameters
    ----------
    reason : str
        As ``Usage.failures`` counts it.
    said : str
        The beginning of what the server, or the network, said.
    wait : float or None
        Seconds that the server asks to wait.
    is_answered : bool
        Whether a server was reached at all.
    """

    def __init__(
        self, reason: str, *, said: str = "", wait: float | None = None, is_answered: bool = True
    ) -> None:
        super().__init__(f"{reason} ({said})" if said else reason)
        self.reason, self.said, self.wait, self.is_answered = reason, said, wait, is_answered


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds after which a request counts as failed.

    Parameters
    ----------
    connect : float
        Until the connection stands.
    read : float
        Without a byte.
    whole : float
        From sending to the last byte; looked at whenever bytes of the body arrive.
    """

    connect: float = 10.0
    read: float = 60.0
    whole: float = 120.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's response: its status, and the bytes of its body."""

    status: int
    data: bytes


def checked_url(base_url: str) -> str:
    """The address of chat completions below a base address.

    Raises
    ------
    ValueError
        It is not http or https, has no host, or holds a name, a password or a query, where a key
        may hide that would be written to configs and reports.

    Examples
    --------
    >>> checked_url("http://localhost:8000/v1/")
    'http://localhost:8000/v1/chat/completions'
    """
    what = "base_url: expected an address such as 'http://localhost:8000/v1'"
    try:
        parts = urlsplit(base_url.strip())
        host, _ = parts.hostname, parts.port
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{what}, got {type(base_url).__name__} that is none") from error
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"{what}, without name, password, query or fragment, got one with them for {host!r}: "
            "a key comes from the environment variable that key_variable names"
        )
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"{what}, with http or https, got {base_url!r:.80}")
    path = parts.path.rstrip("/").removesuffix(_PATH)
    return f"{parts.scheme}://{parts.netloc}{path}{_PATH}"


def key_of(variable: str) -> str:
    """The key that an environment variable holds; empty where it is not set.

    Raises
    ------
    ValueError
        It holds what no header can; the message does not show it.
    """
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ValueError(
            f"expected the environment variable {variable} to hold a key of printable ASCII "
            "characters, got others (not shown)"
        )
    return key


class Endpoint:
    """One chat server. Threads may share it; the connection opens with the first request.

    Parameters
    ----------
    url : str
        As ``checked_url`` gives it.
    key : str
        Sent as bearer token, and nowhere shown; empty sends none.
    limits : TimeLimits
    n_connections : int
        At the same time, at most.
    """

    def __init__(self, url: str, *, key: str, limits: TimeLimits, n_connections: int) -> None:
        self.url = url
        self._key = key
        self._limits = limits
        self._n_connections = n_connections
        self._lock = Lock()
        self._client: Any = None
        self.n_sent = 0

    def post(self, body: bytes) -> Reply:
        """Send a request, JSON in UTF-8, and read the whole response.

        Raises
        ------
        PassingError
            No connection, no answer in time, broken off, or a response that asks to wait.
        AnswerError
            The response is longer than any answer.
        EndpointError
            The server wants another key, has no such model or address, or sends elsewhere.
        """
        httpx = imported("httpx", extra="llm")
        client, end = self._opened(httpx), monotonic() + self._limits.whole
        with _told(httpx), client.stream("POST", self.url, content=body) as response:
            data = bytearray()
            for piece in response.iter_bytes():
                data += piece
                if len(data) > MAX_BYTES:
                    raise AnswerError("too long")
                if monotonic() > end:
                    raise PassingError("timeout")
            self._check(response, bytes(data))
            return Reply(response.status_code, bytes(data))

    def shown(self, data: bytes) -> str:
        """The beginning of what a server said, in one line, without the key."""
        text = " ".join(data.decode("utf-8", "replace").split())
        if self._key:
            text = text.replace(self._key, "[key]")
        return "".join(c if c.isprintable() else "?" for c in text[:200])

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.close()

    def _opened(self, httpx: Any) -> Any:
        with self._lock:
            self.n_sent += 1
            if self._client is None:
                limits, n = self._limits, self._n_connections
                self._client = httpx.Client(
                    headers=self._headers(),
                    timeout=httpx.Timeout(
                        limits.read, connect=limits.connect, pool=limits.whole + limits.read
                    ),
                    limits=httpx.Limits(max_connections=n, max_keepalive_connections=n),
                    follow_redirects=False,  # the key is for this host alone
                    # A proxy from the environment cannot reach this machine's own servers.
                    trust_env=urlsplit(self.url).hostname not in LOOPBACK,
                )
        return self._client

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "stance-lab",
        }
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

    def _check(self, response: Any, data: bytes) -> None:
        status = response.status_code
        if status == 429 or status in (408, 425) or status >= 500:
            wait = retry_after(response.headers.get("Retry-After", ""))
            raise PassingError(f"status {status}", said=self.shown(data), wait=wait)
        if 300 <= status < 400:
            to = self.shown(response.headers.get("Location", "").encode())
            raise EndpointError(
                f"{self.url} answers {status}, go to {to!r}: not followed, for the key is meant "
                "for the first host alone; give the right address as base_url"
            )
        hints = {
            401: "is the environment variable that key_variable names set, and the key right?",
            404: "is base_url right (many end with /v1), and does the server have the model?",
            405: "is base_url right (many end with /v1)?",
        }
        if status in hints:
            raise EndpointError(
                f"{self.url} answers {status} {self.shown(data)!r}: {hints[status]}"
            )


def retry_after(value: str) -> float | None:
    """Seconds that a server asks to wait, given as a number or as a date; None where it does not.

    Examples
    --------
    >>> retry_after("20"), retry_after("soon"), retry_after("")
    (20.0, None, None)
    """
    value = value.strip()
    if value.isascii() and value.replace(".", "", 1).isdigit() and len(value) < 19:
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.astimezone(UTC) - datetime.now(UTC)).total_seconds())


@contextmanager
def _told(httpx: Any) -> Iterator[None]:
    """Turn what the network does to us inside this block into a PassingError."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        raise PassingError("no connection", said=str(error), is_answered=False) from error
    except httpx.TimeoutException as error:
        raise PassingError("timeout") from error
    except (httpx.RequestError, httpx.StreamError) as error:
        raise PassingError("broken off") from error
