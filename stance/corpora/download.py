"""Corpora, brought to this machine: terms accepted, bytes checked, placed in one move."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from stance.corpora.archive import DownloadError, Limits, unpack
from stance.corpora.card import Access, Archive, Card, RemoteFile
from stance.corpora.fetch import Patience, Report, Wanted, fetch, writing
from stance.corpora.shelf import cache_folder, card, locate
from stance.corpora.tree import file_sha256, files_below, tree_sha256

MAX_ARCHIVE = 1 << 30  # bytes; the archive of a repository holds more than the part that is kept
LOCK_POLL = 0.2  # seconds


class TermsError(DownloadError):
    """The terms of a corpus have not been accepted yet; the message states them."""


def get(
    name: str,
    *,
    accept_licence: bool,
    destination: Path | None = None,
    mirror: Path | None = None,
    progress: Report | None = None,
    patience: Patience | None = None,
) -> Path:
    """The folder of a corpus, which is brought there first where it is not there yet.

    From a mirror where one has it, else from upstream at the pinned commit. Every byte is checked
    before the folder appears. A folder that is already there is never changed.

    Parameters
    ----------
    name : str
    accept_licence : bool
        Whether the user accepts :func:`terms`. Asked for once per corpus and wording: acceptance
        is remembered in ``<cache>/licences.json``.
    destination : Path or None
        Folder that gets the corpus's folder; None: ``<cache>/corpora``, where the package looks.
    mirror : Path or None
        Folder with one folder per corpus. None: ``STANCE_CORPORA`` from the environment, and
        upstream where that is not set or lacks the corpus.
    progress : callable or None
        Called with a Progress while files come over the network.
    patience : Patience or None
        How long to try.

    Returns
    -------
    Path

    Raises
    ------
    TermsError
        The terms must be accepted first. The message states them.
    DownloadError
        Only the user can get this corpus, a given mirror lacks it, what came is not what the card
        says, the folder holds something else already, or the network or the disk failed.
    ValueError
        There is no corpus of this name.
    """
    corpus = card(name)
    if corpus.access.kind == "packaged":
        return locate(name)
    _require_accepted(corpus, accepted=accept_licence)
    parent = destination or cache_folder() / "corpora"
    folder = parent / name
    with writing(parent):
        parent.mkdir(parents=True, exist_ok=True)
    with _locked(parent / f".{name}.lock"):
        if folder.is_dir() and any(folder.iterdir()):
            _verify(folder, corpus)
            return folder
        source = _mirrored(corpus, mirror)
        if source is not None:
            _copy(source, folder, corpus)
        else:
            _fetch(folder, corpus, patience=patience or Patience(), progress=progress)
    return folder


def terms(corpus: Card) -> str:
    """What a user accepts by getting a corpus, in a few lines.

    Examples
    --------
    >>> from stance.corpora.shelf import card
    >>> print(terms(card("gwsd")).splitlines()[1])
    Licence: none stated
    """
    licence = corpus.licence
    rights = {
        "train a model that is passed on": licence.may_train_shipped,
        "show single sentences": licence.may_show_text,
        "pass the texts on": licence.may_redistribute,
    }
    lines = [
        f"{corpus.title} ({corpus.access.upstream})",
        f"Licence: {licence.name}",
        licence.note,
        "As this package reads it, you may: "
        + (", ".join(right for right, is_allowed in rights.items() if is_allowed) or "use it only"),
        corpus.access.note,
    ]
    return "\n".join(line.strip() for line in lines if line.strip())


def _require_accepted(corpus: Card, *, accepted: bool) -> None:
    """Remember an acceptance, or find it remembered, for exactly this wording."""
    path = cache_folder() / "licences.json"
    wording = hashlib.sha256(terms(corpus).encode()).hexdigest()
    remembered = _remembered(path)
    if remembered.get(corpus.name) == wording:
        return
    if not accepted:
        raise TermsError(
            f"corpus {corpus.name!r}: accept its terms first\n{terms(corpus)}\n"
            f"With accept_licence=True, or `stance corpora get {corpus.name} --accept-licence`."
        )
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_name(".licences.lock")):
            content = _remembered(path) | {corpus.name: wording}
            beside = path.with_name(f".licences-{os.getpid()}.json")
            beside.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
            beside.replace(path)


def _remembered(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # a damaged file only means being asked again
        return {}
    return content if isinstance(content, dict) else {}


def _mirrored(corpus: Card, mirror: Path | None) -> Path | None:
    """The corpus's folder in the mirror; None where there is none."""
    given = os.environ.get("STANCE_CORPORA")
    root = mirror or (Path(given).expanduser() if given else None)
    if root is not None and (root / corpus.name).is_dir():
        return root / corpus.name
    if mirror is not None:
        raise DownloadError(f"{mirror}: expected a folder {corpus.name!r} in this mirror")
    return None


def _copy(source: Path, folder: Path, corpus: Card) -> None:
    with _beside(folder) as staging:
        for path in _paths(source, corpus.access):
            with writing(staging / path):
                (staging / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / path, staging / path)
        _verify(staging, corpus, origin=source)
        _place(staging, folder)


def _paths(source: Path, access: Access) -> list[str]:
    """The files of a mirror's folder that make up the corpus."""
    if access.archive is not None:
        keep = access.archive.keep
        return [path for path, _ in files_below(source) if path.startswith(keep)]
    paths = [file.path for file in access.files]
    for path in paths:
        if not (source / path).is_file():
            raise DownloadError(f"{source}: the file {path!r} is missing in this mirror")
    return paths


def _fetch(folder: Path, corpus: Card, *, patience: Patience, progress: Report | None) -> None:
    """From upstream, by way of a folder that outlives a failure: what has arrived is kept there."""
    access = corpus.access
    if access.kind == "agreement" or not (access.archive or all(f.url for f in access.files)):
        raise DownloadError(_by_hand(folder, corpus))
    arrived = folder.with_name(f".{folder.name}.incoming")
    with writing(arrived):
        arrived.mkdir(exist_ok=True)
    with _beside(folder) as staging:
        if access.archive is not None:
            _fetch_archive(access.archive, arrived, staging, patience, progress)
        for file in access.files:
            _fetch_file(file, arrived, staging, patience, progress)
        _verify(staging, corpus, origin=access.upstream)
        _place(staging, folder)
    shutil.rmtree(arrived, ignore_errors=True)


def _fetch_archive(
    archive: Archive, arrived: Path, staging: Path, patience: Patience, progress: Report | None
) -> None:
    path = arrived / "archive.zip"
    fetch(Wanted(archive.url, MAX_ARCHIVE), path, patience=patience, report=progress)
    limits = Limits(bytes=archive.bytes, files=archive.n_files)
    try:
        with writing(staging):
            unpack(path, staging, limits=limits, strip=archive.strip, keep=archive.keep)
    finally:
        path.unlink()  # it has no checksum of its own: if it is bad, it must come anew


def _fetch_file(
    file: RemoteFile, arrived: Path, staging: Path, patience: Patience, progress: Report | None
) -> None:
    whole = arrived / file.sha256
    if not (whole.is_file() and file_sha256(whole) == file.sha256):
        wanted = Wanted(file.url, file.bytes, file.sha256)
        fetch(wanted, whole, patience=patience, report=_named(progress, file.path))
    with writing(staging / file.path):
        (staging / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(whole, staging / file.path)


def _named(progress: Report | None, path: str) -> Report | None:
    """The report under the name that a file will have: it arrives under that of its checksum."""
    if progress is None:
        return None
    return lambda state: progress(replace(state, file=path))


def _by_hand(folder: Path, corpus: Card) -> str:
    files = ", ".join(file.path for file in corpus.access.files)
    why = (
        "its owner wants you to agree to the terms yourself"
        if corpus.access.kind == "agreement"
        else "no address is known that it may be fetched from"
    )
    return (
        f"corpus {corpus.name!r} cannot be downloaded for you: {why}. Get it from "
        f"{corpus.access.upstream}, put {files or 'its files'} into {folder}, and try again: the "
        f"files will be checked. {corpus.access.note}".strip()
    )


def _verify(folder: Path, corpus: Card, *, origin: Path | str | None = None) -> None:
    """Raise where a folder does not hold exactly the bytes that the card promises."""
    where = origin or folder
    hint = "get it from upstream" if origin else "move this folder away and get the corpus again"
    if corpus.access.kind == "agreement":
        hint = f"get it from {corpus.access.upstream}"
    archive = corpus.access.archive
    if archive is not None and (got := tree_sha256(folder)) != archive.tree_sha256:
        raise DownloadError(
            f"{where}: expected files with the checksum {archive.tree_sha256}, got {got}: files "
            f"are missing, changed or added; {hint}"
        )
    for file in corpus.access.files:
        path = folder / file.path
        if not path.is_file():
            raise DownloadError(f"{where}: the file {file.path!r} is missing; {hint}")
        if (got := file_sha256(path)) != file.sha256:
            raise DownloadError(
                f"{where}: {file.path!r}: expected SHA-256 {file.sha256}, got {got}; {hint}"
            )


def _place(staging: Path, folder: Path) -> None:
    with writing(folder):
        if folder.is_dir():
            folder.rmdir()  # empty, or this fails and nothing is lost
        staging.replace(folder)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A new folder on the same disk, gone afterwards unless it was moved."""
    with writing(folder):
        # not mkdtemp: its folders are for the owner alone, and a cache may be shared
        staging = folder.with_name(f".{folder.name}-{uuid4().hex}")
        staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system takes back if the process dies; wait for whoever has it."""
    with writing(path):
        file = path.open("ab")
    with file:
        try_lock = _lock_of(file.fileno())
        while not try_lock():
            time.sleep(LOCK_POLL)
        yield


def _lock_of(descriptor: int) -> Callable[[], bool]:
    if sys.platform == "win32":
        import msvcrt

        def take() -> None:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        def take() -> None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def try_lock() -> bool:
        try:
            take()
        except (BlockingIOError, PermissionError):
            return False
        return True

    return try_lock
