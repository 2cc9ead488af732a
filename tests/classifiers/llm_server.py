"""A chat server on this machine that speaks the protocol, and misbehaves when it is told to."""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from stance.classifiers.llm_prompt import read_message


@dataclass(frozen=True)
class Reaction:
    """What the server does with a request.

    ``holds`` waits until the server is told to let go, ``drips`` sends byte by byte, and ``cuts``
    ends the connection with a reset.
    """

    data: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    holds: bool = False
    cuts: bool = False
    drips: bool = False


def says(content: Any, **more: Any) -> Reaction:
    """A whole response with this content."""
    message = {"role": "assistant", "content": content, **more.pop("message", {})}
    choice = {"index": 0, "message": message, "finish_reason": "stop", **more}
    usage = {"prompt_tokens": 100, "completion_tokens": 7}
    return Reaction(json.dumps({"choices": [choice], "usage": usage}).encode())


def labels(label: Any, **more: Any) -> Reaction:
    """A whole response with this label."""
    return says(json.dumps({"label": label}), **more)


def fails(status: int, message: str = "broken", **headers: str) -> Reaction:
    """An error."""
    return Reaction(json.dumps({"error": {"message": message}}).encode(), status, headers)


def kind_of(text: str) -> str:
    """What the paragraphs of the tests' invented articles are."""
    if "article was translated" in text:
        return "disclaimer"
    if "may well regret" in text:
        return "analysis"
    return "quote" if re.search(r"“|\btold reporters\b", text) else "report"


def sensible(body: dict[str, Any]) -> Reaction:
    """The right label, by the examples' names of it where there are any."""
    _, *examples, last = body["messages"]
    names = {
        kind_of(read_message(asked["content"])["text"]): json.loads(told["content"])["label"]
        for asked, told in zip(examples[::2], examples[1::2], strict=True)
    }
    kind = kind_of(read_message(last["content"])["text"])
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    known = schema.get("properties", {}).get("label", {}).get("enum", [])
    left = [label for label in known if label not in names.values()]
    if kind in names:
        return labels(names[kind])
    return labels(kind if kind in known or not known else [*left, *known][0])


Behaviour = Callable[[dict[str, Any]], Reaction]


class ChatServer:
    """A server, what it was asked, and how many requests were in its hands at once."""

    def __init__(self) -> None:
        self.behave: Behaviour = sensible
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.released = Event()
        self.n_now = self.n_most = 0
        self._lock = Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def texts(self) -> list[str]:
        """The passages that were asked about, in the order of the requests."""
        return [read_message(body["messages"][-1]["content"])["text"] for body in self.bodies]

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        body = json.loads(handler.rfile.read(length).decode("utf-8"))
        with self._lock:
            self.bodies.append(body)
            self.headers.append({k.lower(): v for k, v in handler.headers.items()})
            self.n_now += 1
            self.n_most = max(self.n_most, self.n_now)
        try:
            self._react(handler, self.behave(body))
        finally:
            with self._lock:
                self.n_now -= 1

    def _react(self, handler: BaseHTTPRequestHandler, reaction: Reaction) -> None:
        if reaction.holds:
            self.released.wait(10)
        if reaction.cuts:
            linger = struct.pack("ii", 1, 0)  # close with a reset, in the middle of an answer
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.close_connection = True
            return
        handler.send_response(reaction.status)
        for name, value in reaction.headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(reaction.data)))
        handler.end_headers()
        if not reaction.drips:
            handler.wfile.write(reaction.data)
            return
        for byte in reaction.data:
            handler.wfile.write(bytes([byte]))
            self.released.wait(0.02)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                try:
                    if self.path == "/v1/chat/completions":
                        server.take(self)
                    else:
                        self.send_error(404)
                except OSError:  # the client has given up, as it should
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A fresh server, closed at the end."""
    server = ChatServer()
    try:
        yield server
    finally:
        server.close()


@cache
def sensible_server() -> ChatServer:
    """One that always answers well, for all tests that want no other."""
    return ChatServer()
