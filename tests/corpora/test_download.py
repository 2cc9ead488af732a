from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import stance.corpora.download as download_module
import stance.corpora.fetch as fetch_module
from stance.corpora.archive import DownloadError
from stance.corpora.card import Access, Archive, Card, Licence, RemoteFile
from stance.corpora.download import TermsError, get, terms
from stance.corpora.fetch import Patience, Progress, Wanted, fetch
from stance.corpora.store import CorpusError
from stance.corpora.tree import tree_sha256

CONTENT = bytes(range(256)) * 1000
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        script = self.server.script
        answer = script.pop(0) if script else self.server.otherwise
        self.close_connection = True
        # a client that has seen enough hangs up
        with contextlib.suppress(ConnectionError):
            answer(self)

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.script: list[Answer] = []
        self.otherwise: Answer = whole()
        self.files: dict[str, bytes] = {"/file": CONTENT}

    def url(self, path: str = "/file") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


def send(handler: Handler, status: int, body: bytes, headers: dict[str, str], cut: int = 0) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body[: len(body) - cut])


def whole(*, etag: str = '"v1"', cut: int = 0, content: bytes | None = None) -> Answer:
    """The file, honouring Range where If-Range names its version; perhaps cut off."""

    def answer(handler: Handler) -> None:
        body = handler.server.files.get(handler.path) if content is None else content
        if body is None:
            send(handler, 404, b"", {})
            return
        asked = handler.headers.get("Range", "")
        if asked and handler.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                send(handler, 416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            place = f"bytes {start}-{len(body) - 1}/{len(body)}"
            send(handler, 206, body[start:], {"ETag": etag, "Content-Range": place}, cut)
            return
        send(handler, 200, body, {"ETag": etag}, cut)

    return answer


def deaf(*, cut: int = 0) -> Answer:
    """The file from the beginning, whatever is asked, without a version."""
    return lambda handler: send(handler, 200, CONTENT, {}, cut)


def status(code: int, headers: dict[str, str] | None = None) -> Answer:
    return lambda handler: send(handler, code, b"no", headers or {})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def patience(waits: list[float]) -> Patience:
    return Patience(tries=4, first_wait=1, longest_wait=30, timeout=5, sleep=waits.append)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wanted(server: Server, **changes: Any) -> Wanted:
    given = {"url": server.url(), "max_bytes": len(CONTENT), "sha256": sha(CONTENT)}
    return Wanted(**given | changes)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestFetch:
    def test_whole_file_with_progress(self, server, tmp_path, patience):
        seen: list[Progress] = []
        fetch(wanted(server), tmp_path / "f", patience=patience, report=seen.append)
        assert (tmp_path / "f").read_bytes() == CONTENT
        assert seen[-1] == Progress("f", len(CONTENT), len(CONTENT))
        assert [p.done for p in seen] == sorted(p.done for p in seen)
        assert names(tmp_path) == ["f"]

    def test_cut_connection_goes_on_where_it_broke(self, server, tmp_path, patience, waits):
        server.script = [whole(cut=100_000)]
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert (tmp_path / "f").read_bytes() == CONTENT
        second = server.seen[1][1]
        assert second["Range"] == f"bytes={len(CONTENT) - 100_000}-"
        assert second["If-Range"] == '"v1"'
        assert waits == [1]

    def test_goes_on_in_a_later_call(self, server, tmp_path, patience):
        server.otherwise = whole(cut=100_000)
        once = Patience(tries=1, sleep=patience.sleep)
        with pytest.raises(DownloadError, match=r"ended after 156000 of 256000 bytes .* is kept"):
            fetch(wanted(server), tmp_path / "f", patience=once)
        assert names(tmp_path) == ["f.part", "f.part.json"]
        server.otherwise = whole()
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert server.seen[-1][1]["Range"] == "bytes=156000-"
        assert names(tmp_path) == ["f"]

    def test_starts_again_where_the_server_knows_no_ranges(self, server, tmp_path, patience):
        server.script = [deaf(cut=100_000), deaf()]
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert (tmp_path / "f").read_bytes() == CONTENT
        assert "Range" not in server.seen[1][1]

    def test_starts_again_where_the_file_has_changed(self, server, tmp_path, patience):
        server.script = [whole(cut=100_000, content=b"x" * len(CONTENT), etag='"v0"')]
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert (tmp_path / "f").read_bytes() == CONTENT

    def test_a_weak_version_is_not_built_upon(self, server, tmp_path, patience):
        server.script = [whole(cut=100_000, etag='W/"v1"')]
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert "Range" not in server.seen[1][1]

    def test_part_already_whole(self, server, tmp_path, patience):
        (tmp_path / "f.part").write_bytes(CONTENT)
        notes = {"url": server.url(), "validator": '"v1"'}
        (tmp_path / "f.part.json").write_text(json.dumps(notes))
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert (tmp_path / "f").read_bytes() == CONTENT

    def test_a_spoilt_part_costs_one_more_download(self, server, tmp_path, patience):
        (tmp_path / "f.part").write_bytes(b"spoilt")
        notes = {"url": server.url(), "validator": '"v1"'}
        (tmp_path / "f.part.json").write_text(json.dumps(notes))
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert (tmp_path / "f").read_bytes() == CONTENT

    def test_a_part_of_another_address_is_not_built_upon(self, server, tmp_path, patience):
        (tmp_path / "f.part").write_bytes(b"other")
        (tmp_path / "f.part.json").write_text('{"url": "https://x", "validator": "1"}')
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert "Range" not in server.seen[0][1]

    @pytest.mark.parametrize("code", [429, 500, 503])
    def test_waits_longer_each_time(self, server, tmp_path, patience, waits, code):
        server.script = [status(code)] * 3
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert waits == [1, 2, 4]

    def test_waits_as_long_as_asked(self, server, tmp_path, patience, waits):
        server.script = [status(429, {"Retry-After": "17"})]
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert waits == [17]

    def test_waits_until_a_date(self, server, tmp_path, patience, waits):
        import time

        server.script = [status(503, {"Retry-After": formatdate(time.time() + 20, usegmt=True)})]
        fetch(wanted(server), tmp_path / "f", patience=patience)
        assert 15 < waits[0] <= 20

    def test_is_not_made_to_wait_for_hours(self, server, tmp_path, patience, waits):
        server.script = [status(429, {"Retry-After": "7200"})]
        with pytest.raises(DownloadError, match=r"429 .* the server asks to wait 7200 s"):
            fetch(wanted(server), tmp_path / "f", patience=patience)
        assert waits == []

    def test_gives_up(self, server, tmp_path, patience, waits):
        server.otherwise = status(500)
        with pytest.raises(DownloadError, match=r"answers 500 .* \(4 times\): try again later"):
            fetch(wanted(server), tmp_path / "f", patience=patience)
        assert waits == [1, 2, 4]
        assert names(tmp_path) == []

    @pytest.mark.parametrize(
        ("code", "message"),
        [(404, "no longer there"), (403, "access is refused"), (410, "taken away")],
    )
    def test_final_answers_are_final(self, server, tmp_path, patience, code, message):
        server.otherwise = status(code)
        with pytest.raises(DownloadError, match=f"answers {code} .*{message}"):
            fetch(wanted(server), tmp_path / "f", patience=patience)
        assert len(server.seen) == 1
        assert names(tmp_path) == []

    def test_wrong_checksum(self, server, tmp_path, patience):
        (tmp_path / "f").write_bytes(b"what was there before")
        server.otherwise = whole(content=b"y" * 10)
        with pytest.raises(DownloadError, match=r"expected SHA-256 .* got .* nothing was kept"):
            fetch(wanted(server), tmp_path / "f", patience=patience)
        assert names(tmp_path) == ["f"]
        assert (tmp_path / "f").read_bytes() == b"what was there before"

    @pytest.mark.parametrize("length", ["", None])
    def test_larger_than_declared(self, server, tmp_path, patience, length):
        headers = {} if length is None else {"Content-Length": length}
        server.otherwise = lambda handler: send(handler, 200, CONTENT, headers)
        with pytest.raises(DownloadError, match="expected at most 1000 bytes"):
            fetch(wanted(server, max_bytes=1000), tmp_path / "f", patience=patience)
        assert names(tmp_path) == []

    def test_no_such_host(self, tmp_path, patience, monkeypatch):
        def fail(*args: object, **kwargs: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(socket, "getaddrinfo", fail)
        with pytest.raises(DownloadError, match=r"no host 'corpus.invalid' found: is there a net"):
            fetch(Wanted("https://corpus.invalid/f", 10), tmp_path / "f", patience=patience)

    def test_nobody_listens(self, tmp_path, patience):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}/f"
        with pytest.raises(DownloadError, match="the connection failed"):
            fetch(Wanted(url, 10), tmp_path / "f", patience=patience)

    def test_silence(self, server, tmp_path, waits):
        hold = threading.Event()
        server.otherwise = lambda handler: hold.wait(10) and None
        brief = Patience(tries=2, first_wait=1, timeout=0.05, sleep=waits.append)
        with pytest.raises(DownloadError, match=r"no answer in time \(2 times\)"):
            fetch(wanted(server), tmp_path / "f", patience=brief)
        hold.set()

    def test_only_https(self, tmp_path):
        for url in ("http://example.org/f", "ftp://example.org/f", "file:///etc/passwd"):
            with pytest.raises(DownloadError, match="expected an https address"):
                fetch(Wanted(url, 10), tmp_path / "f")

    def test_no_redirect_to_http(self, server, tmp_path, patience):
        server.otherwise = status(302, {"Location": "http://example.org/f"})
        with pytest.raises(DownloadError, match=r"http://example.org/f: expected an https address"):
            fetch(wanted(server), tmp_path / "f", patience=patience)

    def test_redirect_on_this_machine(self, server, tmp_path, patience):
        server.script = [status(302, {"Location": "/file"})]
        fetch(wanted(server, url=server.url("/old")), tmp_path / "f", patience=patience)
        assert (tmp_path / "f").read_bytes() == CONTENT

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (errno.ENOSPC, "the disk is full: make room"),
            (errno.EACCES, "no permission to write"),
        ],
    )
    def test_disk(self, server, tmp_path, monkeypatch, code, message):
        def fail(file: object, block: bytes) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(fetch_module, "_write", fail)
        (tmp_path / "f").write_bytes(b"before")
        with pytest.raises(DownloadError, match=message):
            fetch(wanted(server), tmp_path / "f")
        assert (tmp_path / "f").read_bytes() == b"before"

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
    def test_a_disk_that_is_really_full(self, server, tmp_path, patience):
        (tmp_path / "f.part").symlink_to("/dev/full")
        (tmp_path / "f.part.json").write_text(f'{{"url": "{server.url()}", "validator": "x"}}')

        def keep_part(self: object, headers: object) -> None:
            pass

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fetch_module._Download, "_note", keep_part)
            with pytest.raises(DownloadError, match="the disk is full"):
                fetch(wanted(server), tmp_path / "f", patience=patience)


def card_of(access: Access, name: str = "tiny") -> Card:
    return Card(
        name=name,
        title="Tiny corpus",
        description="",
        annotation="",
        tasks=(),
        licence=Licence("none stated", False, False, False, note="Texts © their papers."),
        citation="",
        access=access,
    )


def file_card(server: Server) -> Card:
    server.files = {"/a": b"alpha", "/b": b"beta"}
    files = tuple(
        RemoteFile(path, server.url(url), sha(server.files[url]), len(server.files[url]))
        for path, url in (("a.txt", "/a"), ("sub/b.txt", "/b"))
    )
    return card_of(Access("download", "https://example.org", "c0ffee", files))


def archive_card(server: Server, tmp_path: Path) -> Card:
    members = {"data/a.txt": b"alpha", "data/b/c.txt": b"gamma"}
    tree = tmp_path / "tree"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("repo-1/README", b"not kept")
        for name, content in members.items():
            archive.writestr(f"repo-1/{name}", content)
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
    server.files = {"/zip": packed.getvalue()}
    archive = Archive(server.url("/zip"), "repo-1/", ("data/",), tree_sha256(tree), 2, 10)
    return card_of(Access("download", "https://example.org", "c0ffee", archive=archive))


@pytest.fixture
def place(monkeypatch, tmp_path) -> Path:
    """The folder for downloads, in an empty cache."""
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STANCE_CORPORA", raising=False)
    return tmp_path / "cache" / "corpora"


@pytest.fixture
def offer(monkeypatch) -> Callable[[Card], Card]:
    def offer(card: Card) -> Card:
        monkeypatch.setattr(download_module, "card", lambda name: card)
        return card

    return offer


def visible(folder: Path) -> list[str]:
    found = folder.rglob("*") if folder.is_dir() else ()
    return sorted(
        path.relative_to(folder).as_posix()
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


class TestGet:
    def test_files(self, server, place, offer, patience):
        offer(file_card(server))
        folder = get("tiny", accept_licence=True, patience=patience)
        assert folder == place / "tiny"
        assert visible(place) == ["tiny/a.txt", "tiny/sub/b.txt"]
        assert (folder / "sub" / "b.txt").read_bytes() == b"beta"
        assert [n for n in names(place) if n != ".tiny.lock"] == ["tiny"]

    def test_archive(self, server, place, offer, patience, tmp_path):
        offer(archive_card(server, tmp_path))
        get("tiny", accept_licence=True, patience=patience)
        assert visible(place) == ["tiny/data/a.txt", "tiny/data/b/c.txt"]

    def test_second_time_touches_no_network(self, server, place, offer, patience):
        offer(file_card(server))
        get("tiny", accept_licence=True, patience=patience)
        n = len(server.seen)
        get("tiny", accept_licence=False, patience=patience)
        assert len(server.seen) == n == 2

    def test_progress_names_the_files(self, server, place, offer, patience):
        offer(file_card(server))
        seen: list[Progress] = []
        get("tiny", accept_licence=True, patience=patience, progress=seen.append)
        assert seen == [Progress("a.txt", 5, 5), Progress("sub/b.txt", 4, 4)]

    def test_own_destination(self, server, place, offer, patience, tmp_path):
        offer(file_card(server))
        folder = get("tiny", accept_licence=True, destination=tmp_path / "x", patience=patience)
        assert folder == tmp_path / "x" / "tiny"
        assert visible(folder) == ["a.txt", "sub/b.txt"]

    def test_what_has_arrived_is_not_fetched_again(self, server, place, offer, patience):
        offer(file_card(server))
        del server.files["/b"]
        with pytest.raises(DownloadError, match="404"):
            get("tiny", accept_licence=True, patience=patience)
        assert visible(place) == []
        server.files["/b"] = b"beta"
        get("tiny", accept_licence=True, patience=patience)
        assert [path for path, _ in server.seen] == ["/a", "/b", "/b"]

    def test_wrong_checksum_leaves_nothing(self, server, place, offer, patience):
        offer(file_card(server))
        server.files["/a"] = b"ALPHA"
        with pytest.raises(DownloadError, match="expected SHA-256"):
            get("tiny", accept_licence=True, patience=patience)
        assert visible(place) == []

    @pytest.mark.parametrize("damage", ["cut", "other", "escape"])
    def test_bad_archive_leaves_nothing(self, server, place, offer, tmp_path, damage):
        offer(archive_card(server, tmp_path))
        good = server.files["/zip"]
        server.files["/zip"] = {
            "cut": good[:-30],
            "other": good.replace(b"alpha", b"beta!"),
            "escape": good.replace(b"data/b/c.txt", b"../../../c.t"),
        }[damage]
        message = "leads out" if damage == "escape" else "broken or cut off"
        with pytest.raises(DownloadError, match=message):
            get("tiny", accept_licence=True)
        assert visible(place) == []
        assert visible(tmp_path / "cache") == ["licences.json"]
        server.files["/zip"] = good
        get("tiny", accept_licence=True)

    def test_archive_with_other_content(self, server, place, offer, patience, tmp_path):
        offer(archive_card(server, tmp_path))
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("repo-1/data/a.txt", b"alpha")
        server.files["/zip"] = other.getvalue()
        with pytest.raises(DownloadError, match="missing, changed or added; get it from upstream"):
            get("tiny", accept_licence=True, patience=patience)
        assert visible(place) == []

    def test_a_folder_that_is_there_is_never_changed(self, server, place, offer, patience):
        offer(file_card(server))
        (place / "tiny").mkdir(parents=True)
        (place / "tiny" / "a.txt").write_bytes(b"my own work")
        with pytest.raises(DownloadError, match=r"'a.txt': expected .* move this folder away"):
            get("tiny", accept_licence=True, patience=patience)
        assert (place / "tiny" / "a.txt").read_bytes() == b"my own work"
        assert server.seen == []

    def test_an_empty_folder_is_filled(self, server, place, offer, patience):
        offer(file_card(server))
        (place / "tiny").mkdir(parents=True)
        assert visible(get("tiny", accept_licence=True, patience=patience)) != []

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind root")
    def test_no_permission(self, server, place, offer, patience, tmp_path):
        offer(file_card(server))
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(DownloadError, match="no permission to write"):
            get("tiny", accept_licence=True, destination=tmp_path / "locked", patience=patience)

    def test_destination_is_a_file(self, server, place, offer, patience, tmp_path):
        offer(file_card(server))
        (tmp_path / "x").write_bytes(b"")
        with pytest.raises(DownloadError, match="choose another destination"):
            get("tiny", accept_licence=True, destination=tmp_path / "x", patience=patience)

    def test_two_at_once(self, server, place, offer, patience):
        offer(file_card(server))
        found: list[Path | Exception] = []

        def run() -> None:
            try:
                found.append(get("tiny", accept_licence=True, patience=patience))
            except Exception as error:
                found.append(error)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [place / "tiny"] * 4
        assert len(server.seen) == 2  # one of them fetched, the others waited

    def test_a_lock_is_freed_when_its_process_dies(self, place, server, offer, patience):
        offer(file_card(server))
        place.mkdir(parents=True)
        program = (
            "import os, pathlib, sys; from stance.corpora.download import _locked\n"
            "held = _locked(pathlib.Path(sys.argv[1])); held.__enter__(); os._exit(3)"
        )
        died = subprocess.run(
            [sys.executable, "-c", program, str(place / ".tiny.lock")], check=False
        )
        assert died.returncode == 3
        get("tiny", accept_licence=True, patience=patience)

    def test_errors_are_corpus_errors(self):
        assert issubclass(DownloadError, CorpusError)
        assert issubclass(DownloadError, OSError)
        assert str(DownloadError("what happened")) == "what happened"


class TestTerms:
    def test_asked_for_before_anything_is_fetched(self, server, place, offer):
        offer(file_card(server))
        with pytest.raises(TermsError, match=r"(?s)accept its terms.*none stated.*© their papers"):
            get("tiny", accept_licence=False)
        assert server.seen == []
        assert not place.exists()

    def test_asked_for_again_when_the_wording_changes(self, server, place, offer, patience):
        old = offer(file_card(server))
        get("tiny", accept_licence=True, patience=patience)
        note = Access("download", "https://example.org", "c0ffee", old.access.files, note="New.")
        offer(card_of(note))
        with pytest.raises(TermsError, match="New"):
            get("tiny", accept_licence=False, patience=patience)

    def test_remembered_for_each_corpus(self, server, place, offer, patience, tmp_path):
        offer(file_card(server))
        get("tiny", accept_licence=True, patience=patience)
        other = file_card(server)
        offer(card_of(other.access, name="other"))
        get("other", accept_licence=True, patience=patience)
        remembered = json.loads((tmp_path / "cache" / "licences.json").read_text())
        assert sorted(remembered) == ["other", "tiny"]

    def test_a_damaged_memory_only_means_being_asked_again(self, server, place, offer, tmp_path):
        offer(file_card(server))
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache" / "licences.json").write_text("{{{")
        with pytest.raises(TermsError, match="accept its terms"):
            get("tiny", accept_licence=False)

    def test_what_one_may_do(self):
        card = card_of(Access("download", "https://example.org"))
        assert "you may: use it only" in terms(card)


class TestMirror:
    @pytest.fixture
    def mirror(self, tmp_path) -> Path:
        for path, content in {"a.txt": b"alpha", "sub/b.txt": b"beta", "extra": b"x"}.items():
            target = tmp_path / "mirror" / "tiny" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return tmp_path / "mirror"

    def test_goes_before_the_network(self, server, place, offer, mirror, monkeypatch):
        offer(file_card(server))
        monkeypatch.setenv("STANCE_CORPORA", str(mirror))
        get("tiny", accept_licence=True)
        assert visible(place) == ["tiny/a.txt", "tiny/sub/b.txt"]
        assert server.seen == []

    def test_archive(self, server, place, offer, tmp_path):
        offer(archive_card(server, tmp_path))
        (tmp_path / "mirror").mkdir()
        (tmp_path / "tree").rename(tmp_path / "mirror" / "tiny")
        (tmp_path / "mirror" / "tiny" / "LICENSE").write_bytes(b"beside the kept folders")
        get("tiny", accept_licence=True, mirror=tmp_path / "mirror")
        assert visible(place) == ["tiny/data/a.txt", "tiny/data/b/c.txt"]

    def test_is_checked_like_a_download(self, server, place, offer, mirror):
        offer(file_card(server))
        (mirror / "tiny" / "a.txt").write_bytes(b"tampered")
        with pytest.raises(DownloadError, match=r"mirror/tiny: 'a.txt': expected SHA-256"):
            get("tiny", accept_licence=True, mirror=mirror)
        assert visible(place) == []

    def test_lacks_a_file(self, server, place, offer, mirror):
        offer(file_card(server))
        (mirror / "tiny" / "a.txt").unlink()
        with pytest.raises(DownloadError, match=r"the file 'a.txt' is missing in this mirror"):
            get("tiny", accept_licence=True, mirror=mirror)

    def test_a_given_mirror_must_have_the_corpus(self, server, place, offer, tmp_path):
        offer(file_card(server))
        with pytest.raises(DownloadError, match="expected a folder 'tiny' in this mirror"):
            get("tiny", accept_licence=True, mirror=tmp_path)

    def test_one_from_the_environment_need_not(self, server, place, offer, monkeypatch, tmp_path):
        offer(file_card(server))
        monkeypatch.setenv("STANCE_CORPORA", str(tmp_path))
        get("tiny", accept_licence=True)
        assert len(server.seen) == 2


class TestByHand:
    def card(self, kind: str = "agreement") -> Card:
        files = (RemoteFile("a.txt", "", sha(b"alpha"), 5),)
        return card_of(
            Access(kind, "https://example.org/terms", files=files, note="Fill the form.")
        )

    @pytest.mark.parametrize(
        ("kind", "why"),
        [("agreement", "agree to the terms yourself"), ("download", "no address is known")],
    )
    def test_says_what_to_do(self, place, offer, kind, why):
        offer(self.card(kind))
        with pytest.raises(DownloadError, match=f"{why}.*put a.txt into .*tiny.*Fill the form"):
            get("tiny", accept_licence=True)
        assert visible(place) == []

    def test_files_put_there_are_checked(self, place, offer):
        offer(self.card())
        (place / "tiny").mkdir(parents=True)
        (place / "tiny" / "a.txt").write_bytes(b"alpha")
        assert get("tiny", accept_licence=True) == place / "tiny"
        (place / "tiny" / "a.txt").write_bytes(b"wrong")
        with pytest.raises(DownloadError, match=r"expected SHA-256 .* get it from https://example"):
            get("tiny", accept_licence=True)

    def test_from_a_mirror_without_an_agreement_of_ours(self, place, offer, tmp_path):
        offer(self.card())
        (tmp_path / "m" / "tiny").mkdir(parents=True)
        (tmp_path / "m" / "tiny" / "a.txt").write_bytes(b"alpha")
        get("tiny", accept_licence=True, mirror=tmp_path / "m")
        assert visible(place) == ["tiny/a.txt"]
