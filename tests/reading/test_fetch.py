"""Pages from a real server on this machine: what is fetched, and what is refused."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stance.reading.decoding import MAX_BYTES, PageError
from stance.reading.fetch import MAX_REDIRECTS, fetch

PAGE = b"<h1>Storm</h1><p>The pier is shut.</p>"


class Answers(BaseHTTPRequestHandler):
    """Answers by path; ``/hop/3`` redirects three times."""

    def do_GET(self) -> None:
        name, _, rest = self.path[1:].partition("/")
        answer = getattr(self, f"answer_{name}", None)
        if answer is None:
            self.send_error(404, "\x1b[31mNot here")
        else:
            answer(rest)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def give(self, body: bytes, *, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def send_to(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.end_headers()

    def answer_page(self, _: str) -> None:
        self.give(PAGE)

    def answer_path(self, _: str) -> None:
        self.give(self.path.encode())

    def answer_agent(self, _: str) -> None:
        self.give(f"{self.headers['User-Agent']} {self.headers['Authorization']}".encode())

    def answer_hop(self, rest: str) -> None:
        self.send_to(f"/hop/{int(rest) - 1}" if int(rest) > 1 else "/page")

    def answer_loop(self, _: str) -> None:
        self.send_to("/loop")

    def answer_to(self, rest: str) -> None:
        self.send_to({"file": "file:///etc/hostname", "bad": "http://[::1/"}.get(rest, rest))

    def answer_moved(self, _: str) -> None:
        self.wfile.write(b"HTTP/1.0 302 Found\r\nLocation: /path/caf\xc3\xa9\r\n\r\n")

    def answer_nowhere(self, _: str) -> None:
        self.send_response(301)
        self.end_headers()

    def answer_slow(self, _: str) -> None:
        time.sleep(1)

    def answer_drip(self, _: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _i in range(40):
            time.sleep(0.05)
            self.wfile.write(b"drop ")

    def answer_large(self, rest: str) -> None:
        self.give(b"a" * int(rest))

    def answer_short(self, _: str) -> None:
        self.give(PAGE, length=1000)

    def answer_nonsense(self, _: str) -> None:
        self.wfile.write(b"\0\0 this is no HTTP\r\n\r\n")

    def answer_silence(self, _: str) -> None:
        """Hang up without a word."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no error here."""


class Server6(Server):
    address_family = socket.AF_INET6


def serving(kind: type[Server], host: str) -> Iterator[int]:
    server = kind((host, 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module", autouse=True)
def no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "*")
        yield


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    yield from serving(Server, "127.0.0.1")


@pytest.fixture(scope="module")
def at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def asked(url: str, *, timeout: float = 5.0) -> bytes:
    return fetch(url, allow_private=True, timeout=timeout)


def test_bytes_of_the_page(at: str) -> None:
    assert asked(f"{at}/page") == PAGE
    assert asked(f"{at}/page#part") == PAGE


def test_says_who_asks_and_nothing_else(at: str) -> None:
    assert asked(f"{at}/agent") == b"stance-lab None"


def test_addresses_beyond_ascii(at: str) -> None:
    assert asked(f"{at}/path/café م?q=ü&r=%20") == b"/path/caf%C3%A9%20%D9%85?q=%C3%BC&r=%20"
    assert asked(f"{at}/moved") == b"/path/caf%C3%A9"


@pytest.mark.parametrize("n", [1, MAX_REDIRECTS])
def test_redirects_are_followed(n: int, at: str) -> None:
    assert asked(f"{at}/hop/{n}") == PAGE


def test_too_many_redirects(at: str) -> None:
    with pytest.raises(PageError, match="more than 5 redirects"):
        asked(f"{at}/hop/{MAX_REDIRECTS + 1}")
    with pytest.raises(PageError, match="/loop: more than 5 redirects"):
        asked(f"{at}/loop")


def test_redirect_that_leads_nowhere(at: str) -> None:
    with pytest.raises(PageError, match="/nowhere: the server answers '301"):
        asked(f"{at}/nowhere")
    with pytest.raises(PageError, match=r"/to/bad: redirects to .* which is no address"):
        asked(f"{at}/to/bad")


def test_redirect_to_a_file_is_refused(at: str) -> None:
    with pytest.raises(PageError, match="file:///etc/hostname: expected an http or https address"):
        asked(f"{at}/to/file")


def test_redirect_to_a_private_address_is_refused(
    at: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lookup(host: str, *args: object, **settings: object) -> list[tuple[object, ...]]:
        address = "93.184.215.14" if host == "news.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: tuple[str, int], *args: object, **settings: object) -> socket.socket:
        joined = socket.socket()
        joined.connect(("127.0.0.1", port))
        return joined

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert fetch(f"http://news.example:{port}/page") == PAGE
    with pytest.raises(PageError, match=r"10\.0\.0\.1 is an address of this machine or a private"):
        fetch(f"http://news.example:{port}/to/http://10.0.0.1/")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fd00::1]",
        "224.0.0.1",
    ],
)
def test_private_addresses_are_refused_unless_allowed(host: str) -> None:
    message = "address of this machine or a private network; pass --allow-private|unknown host"
    with pytest.raises(PageError, match=message):
        fetch(f"http://{host}:9/page")


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://example.org/a", "page.html", "", "http://", "data:,a"]
)
def test_only_http(url: str) -> None:
    with pytest.raises(PageError, match="expected an http or https address"):
        asked(url)


@pytest.mark.parametrize("url", ["http://[::1", "http://host:port/", "http://host:99999/"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(PageError, match="is no address"):
        asked(url)


@pytest.mark.parametrize("url", ["http://exa mple/", "http://127.0.0.1:1/a\nb", "http://\udc80/"])
def test_what_cannot_be_asked(url: str) -> None:
    with pytest.raises(PageError, match=r"cannot be fetched|is no address"):
        asked(url)


def test_unknown_host() -> None:
    with pytest.raises(PageError, match=r"unknown host 'nothing.invalid'"):
        fetch("http://nothing.invalid/")


def test_error_of_the_server(at: str) -> None:
    with pytest.raises(PageError, match=r"/gone: the server answers '404 .*Not here'") as caught:
        asked(f"{at}/gone")
    assert "\x1b" not in str(caught.value)


def test_server_that_does_not_answer(at: str) -> None:
    with pytest.raises(PageError, match="/slow: cannot be fetched: timed out"):
        asked(f"{at}/slow", timeout=0.1)


def test_server_that_sends_a_drop_at_a_time(at: str) -> None:
    started = time.monotonic()
    with pytest.raises(PageError, match=r"/drip: cannot be fetched: .* too long to arrive"):
        asked(f"{at}/drip", timeout=0.3)
    assert time.monotonic() - started < 1.5


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(PageError, match=r"cannot be fetched: .*refused"):
            asked(address)


@pytest.mark.parametrize("path", ["nonsense", "silence", "short"])
def test_answer_that_is_none(path: str, at: str) -> None:
    with pytest.raises(PageError, match=f"/{path}: cannot be fetched: ."):
        asked(f"{at}/{path}")


def test_large_pages(at: str) -> None:
    assert len(asked(f"{at}/large/{MAX_BYTES}")) == MAX_BYTES
    with pytest.raises(PageError, match="more than 10,000,000 bytes"):
        asked(f"{at}/large/{MAX_BYTES + 1}")


def test_ipv6() -> None:
    try:
        serve = serving(Server6, "::1")
        port = next(serve)
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    assert asked(f"http://[::1]:{port}/page") == PAGE
    with pytest.raises(PageError, match="::1 is an address of this machine"):
        fetch(f"http://[::1]:{port}/page")
    serve.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    ["http://ida:s3cret@127.0.0.1:{}/page", "http://s3cret@127.0.0.1:{}/", "ftp://a:s3cret@h"],
)
def test_passwords_are_refused_and_never_shown(url: str, port: int) -> None:
    with pytest.raises(PageError, match="without user name and password") as caught:
        asked(url.format(port))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://a:s3cret@[::1", "http://a:s3cret@host:port/"])
def test_passwords_are_not_shown_in_broken_addresses(url: str) -> None:
    with pytest.raises(PageError, match="is no address") as caught:
        asked(url)
    assert "s3cret" not in str(caught.value)


def test_passwords_of_a_redirect_are_not_shown(at: str) -> None:
    with pytest.raises(PageError, match="without user name and password") as caught:
        asked(f"{at}/to/http://a:s3cret@127.0.0.1/")
    assert "s3cret" not in str(caught.value)
