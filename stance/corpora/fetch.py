"""One file over HTTP: resumed where it broke off, tried again with patience, checked at the end."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from io import FileIO
from pathlib import Path
from typing import Any

from stance.corpora.archive import DownloadError
from stance.corpora.network import Passing, asking, check_scheme, opened, range_start, total
from stance.corpora.tree import file_sha256

BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download has come: bytes on disk, and bytes in all where that is known."""

    file: str
    done: int
    total: int | None


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on when a server does not answer.

    Parameters
    ----------
    tries : int
        Attempts in a row that bring no new byte before giving up.
    first_wait, longest_wait : float
        Seconds before the second try, doubled for each further one, up to the longest. A server
        that asks for more than the longest wait is not tried again.
    timeout : float
        Seconds without a byte after which a connection counts as broken.
    sleep : callable
        How to wait; tests put in something faster.
    """

    tries: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    timeout: float = 30.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch.

    Parameters
    ----------
    url : str
        https; http only where the host is this machine.
    max_bytes : int
        More than this is refused.
    sha256 : str or None
        What the content must have; None where the caller checks it otherwise.
    """

    url: str
    max_bytes: int
    sha256: str | None = None


def fetch(
    wanted: Wanted,
    path: Path,
    *,
    patience: Patience | None = None,
    report: Report | None = None,
) -> None:
    """Bring a file to ``path``; it appears there only when it is whole and has its checksum.

    Until then its bytes lie beside it, in ``<name>.part``, with ``<name>.part.json`` telling
    which version they belong to (the server's ETag or date), so that a later call goes on where
    this one broke off. Proxies are taken from the environment.

    Parameters
    ----------
    wanted : Wanted
    path : Path
        Its folder must exist.
    patience : Patience or None
    report : callable or None
        Called with a Progress after every block.

    Raises
    ------
    DownloadError
        Not https, no such host, refused, not found, still failing after the last try, larger than
        allowed, a wrong checksum, a full disk or no right to write.
    """
    check_scheme(wanted.url)
    patience = patience or Patience()
    download = _Download(wanted, path, patience, report)
    is_resumed = download.n_bytes() > 0
    _persist(download, patience)
    if wanted.sha256 and (got := file_sha256(download.part)) != wanted.sha256:
        download.discard()
        if is_resumed:  # the part may have been another version's: once more from the beginning
            fetch(wanted, path, patience=patience, report=report)
            return
        raise DownloadError(
            f"{wanted.url}: expected SHA-256 {wanted.sha256}, got {got}: what lies there is not "
            "the file this package was made for; nothing was kept"
        )
    with writing(path):
        download.part.replace(path)
        download.notes.unlink(missing_ok=True)


def _persist(download: _Download, patience: Patience) -> None:
    """Try until the file is whole; every new byte buys back all tries."""
    failures, wait = 0, patience.first_wait
    while True:
        before = download.n_bytes()
        try:
            download.go_on()
            return
        except Passing as failure:
            if download.n_bytes() > before:
                failures, wait = 0, patience.first_wait
            failures += 1
            asked = failure.wait or 0.0
            if failures >= patience.tries or asked > patience.longest_wait:
                raise DownloadError(_gave_up(download.wanted.url, failure, failures)) from failure
            patience.sleep(max(wait, asked))
            wait = min(2 * wait, patience.longest_wait)


def _gave_up(url: str, failure: Passing, failures: int) -> str:
    asked = f"; the server asks to wait {failure.wait:g} s" if failure.wait else ""
    times = "once" if failures == 1 else f"{failures} times"
    return (
        f"{url}: {failure.reason} ({times}{asked}): try again later, what has arrived is kept and "
        "the download goes on from there"
    )


class _Download:
    """The bytes of one file that have arrived, and the request for the rest."""

    def __init__(
        self, wanted: Wanted, path: Path, patience: Patience, report: Report | None
    ) -> None:
        self.wanted, self.path, self.patience, self.report = wanted, path, patience, report
        self.part = path.with_name(path.name + ".part")
        self.notes = path.with_name(path.name + ".part.json")

    def n_bytes(self) -> int:
        """Bytes that can be built upon: none without notes on where they come from."""
        return self.part.stat().st_size if self.part.exists() and self._validator() else 0

    def discard(self) -> None:
        """Forget what has arrived."""
        with writing(self.part):
            self.part.unlink(missing_ok=True)
            self.notes.unlink(missing_ok=True)

    def go_on(self) -> None:
        """Ask for what is missing and write it down.

        Raises
        ------
        Passing
            The connection broke, or the server cannot serve now.
        """
        start = self.n_bytes()
        headers = {"Accept-Encoding": "identity", "User-Agent": "stance-lab"}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": self._validator()}
        try:
            answer = opened(self.wanted.url, headers, timeout=self.patience.timeout)
        except Passing as failure:
            if failure.status == 416:  # there is nothing after what has arrived: start again
                self.discard()
            raise
        with answer as response:
            if response.status != 206 or range_start(response.headers) != start:
                start = 0  # the whole file again: no ranges here, or another version by now
            self._receive(response, start)

    def _receive(self, response: Any, start: int) -> None:
        whole = total(response.headers, start)
        self._check_size(whole or 0)
        if not start:
            self._note(response.headers)
        with writing(self.part):
            file = self.part.open("ab" if start else "wb", buffering=0)
        done = start
        with file:
            for block in _blocks(response, self.wanted.url):
                done += len(block)
                self._check_size(done)
                with writing(self.part):
                    _write(file, block)
                if self.report:
                    self.report(Progress(self.path.name, done, whole))
        if whole is not None and done < whole:
            raise Passing(f"the connection ended after {done} of {whole} bytes")

    def _check_size(self, n: int) -> None:
        if n > self.wanted.max_bytes:
            self.discard()
            raise DownloadError(
                f"{self.wanted.url}: expected at most {self.wanted.max_bytes} bytes, the server "
                f"sends {n} or more: this is not the file this package was made for"
            )

    def _note(self, headers: Message) -> None:
        etag = headers.get("ETag", "")
        # a weak ETag does not promise equal bytes, and If-Range does not allow it
        validator = etag if etag.startswith('"') else headers.get("Last-Modified", "")
        with writing(self.notes):
            self.part.unlink(missing_ok=True)
            self.notes.write_text(json.dumps({"url": self.wanted.url, "validator": validator}))

    def _validator(self) -> str:
        try:
            notes = json.loads(self.notes.read_text())
            return str(notes["validator"]) if notes["url"] == self.wanted.url else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def _write(file: FileIO, block: bytes) -> None:
    """Write all of a block: a file without a buffer may take less, but leaves nothing for close."""
    rest = memoryview(block)
    while rest:
        rest = rest[file.write(rest) :]


def _blocks(response: Any, url: str) -> Iterator[bytes]:
    with asking(url):
        while block := response.read(BLOCK):
            yield block


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk does to us inside this block into a DownloadError."""
    try:
        yield
    except DownloadError:
        raise
    except OSError as error:
        full = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}
        what = full.get(error.errno or 0)
        if what is None and isinstance(error, PermissionError):
            what = "no permission to write"
        hint = "make room or choose another destination" if what else "choose another destination"
        raise DownloadError(f"{path}: {what or error}: {hint}") from error
