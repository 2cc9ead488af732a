"""Archives from strangers, unpacked: no name may leave the folder, no content outgrow its limit."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from stance.corpora.store import CorpusError

MAX_RATIO = 200  # text shrinks to a tenth, at best a thirtieth; a bomb of zeros to a thousandth
SMALL = 1 << 20  # below this size no ratio is suspicious
BLOCK = 1 << 16

_DRIVE = re.compile(r"^[A-Za-z]:")
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    gzip.BadGzipFile,
    NotImplementedError,  # a compression method that this Python cannot read
)


class DownloadError(CorpusError, OSError):
    """A corpus could not be brought here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold.

    Parameters
    ----------
    bytes : int
        Unpacked size of the files kept.
    files : int
        Number of files kept.
    """

    bytes: int
    files: int = 100_000


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    is_folder: bool
    is_link: bool
    entry: zipfile.ZipInfo | tarfile.TarInfo


def unpack(
    archive: Path,
    folder: Path,
    *,
    limits: Limits,
    strip: str = "",
    keep: tuple[str, ...] = ("",),
) -> int:
    """Number of files unpacked from a zip or tar archive (plain, gz, bz2, xz) into a new folder.

    Every name in the archive is judged before the first byte is written. Files get the rights of
    any new file: an archive cannot mark them executable. What was written before an error stays
    in ``folder``: unpack into a folder that is thrown away then.

    Parameters
    ----------
    archive : Path
    folder : Path
        Must not exist, or be empty.
    limits : Limits
        Checked against what is really read, not against what the archive says of itself.
    strip : str
        Prefix of the names to take away; members without it are left out.
    keep : tuple of str
        Members are kept if their name, after stripping, begins with one of these.

    Raises
    ------
    DownloadError
        The file is no archive, is broken or cut off, has a name that is absolute, climbs out with
        ``..``, has a drive letter or a backslash, keeps a link, a device, an encrypted file or
        one path twice, unpacks to more than the limits allow, or to more than 200 times its size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ceiling = min(limits.bytes, max(SMALL, MAX_RATIO * archive.stat().st_size))
    try:
        with _opened(archive, ceiling=max(SMALL, MAX_RATIO * archive.stat().st_size)) as opened:
            kept = _kept(archive, opened, strip=strip, keep=keep)
            _check_size(archive, kept, limits=limits, ceiling=ceiling)
            for path, member in kept.items():
                ceiling -= _write(opened, member, folder / path, ceiling=ceiling, archive=archive)
    except _BROKEN as error:
        raise DownloadError(
            f"{archive}: the archive is broken or cut off ({error}): get it again"
        ) from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise DownloadError(
            f"{archive}: two members have the same path on this machine: {error.filename}"
        ) from error
    return len(kept)


def _kept(
    archive: Path,
    opened: zipfile.ZipFile | tarfile.TarFile,
    *,
    strip: str,
    keep: tuple[str, ...],
) -> dict[str, _Member]:
    """Members by the path they will have; all names of the archive are judged on the way."""
    kept: dict[str, _Member] = {}
    for member in _members(opened):
        _check_name(archive, member.name)
        path = member.name.removeprefix(strip)
        is_wanted = member.name.startswith(strip) and path.startswith(keep)
        if not is_wanted or member.is_folder:
            continue
        if member.is_link:
            raise DownloadError(f"{archive}: {member.name!r} is a link or a device, not a file")
        if path in kept:
            raise DownloadError(f"{archive}: {member.name!r} is there twice")
        kept[path] = member
    if not kept:
        raise DownloadError(
            f"{archive}: nothing in it begins with {strip!r} and then one of {keep}"
        )
    return kept


def _members(opened: zipfile.ZipFile | tarfile.TarFile) -> Iterator[_Member]:
    if isinstance(opened, tarfile.TarFile):
        for entry in opened:
            is_link = not (entry.isfile() or entry.isdir())
            yield _Member(entry.name, entry.size, entry.isdir(), is_link, entry)
        return
    for info in opened.infolist():
        kind = info.external_attr >> 28  # the file type of Unix; 0 where made elsewhere
        yield _Member(info.filename, info.file_size, info.is_dir(), kind not in (0, 4, 8), info)


def _check_name(archive: Path, name: str) -> None:
    parts = name.split("/")
    if name.startswith("/") or _DRIVE.match(name) or "\\" in name or "\0" in name or ".." in parts:
        raise DownloadError(
            f"{archive}: the name {name!r} leads out of the archive: nothing was unpacked"
        )


def _check_size(archive: Path, kept: dict[str, _Member], *, limits: Limits, ceiling: int) -> None:
    if len(kept) > limits.files:
        raise DownloadError(f"{archive}: expected at most {limits.files} files, got {len(kept)}")
    total = sum(member.size for member in kept.values())
    if total > ceiling:
        raise DownloadError(_too_large(archive, total, ceiling))


def _too_large(archive: Path, total: int, ceiling: int) -> str:
    return (
        f"{archive}: unpacks to {total} bytes or more, at most {ceiling} are allowed "
        f"(archive: {archive.stat().st_size} bytes)"
    )


def _write(
    opened: zipfile.ZipFile | tarfile.TarFile,
    member: _Member,
    path: Path,
    *,
    ceiling: int,
    archive: Path,
) -> int:
    """Bytes written; the content is counted, since a header may lie about it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    n = 0
    with _content(opened, member, archive) as source, path.open("xb") as target:
        while block := source.read(BLOCK):
            n += len(block)
            if n > ceiling:
                raise DownloadError(_too_large(archive, n, ceiling))
            target.write(block)
    if n != member.size:
        raise DownloadError(
            f"{archive}: {member.name!r} ends after {n} of {member.size} bytes: get it again"
        )
    return n


def _content(
    opened: zipfile.ZipFile | tarfile.TarFile, member: _Member, archive: Path
) -> IO[bytes]:
    if isinstance(opened, tarfile.TarFile):
        content = opened.extractfile(cast(tarfile.TarInfo, member.entry))
        if content is None:  # a folder or a device, neither of which is kept
            raise DownloadError(f"{archive}: {member.name!r} is no file")
        return content
    info = cast(zipfile.ZipInfo, member.entry)
    if info.flag_bits & 1:
        raise DownloadError(f"{archive}: {member.name!r} is encrypted")
    return opened.open(info)


@contextmanager
def _opened(path: Path, *, ceiling: int) -> Iterator[zipfile.ZipFile | tarfile.TarFile]:
    with path.open("rb") as file:
        # zipfile.is_zipfile looks at the end, and takes a tar that holds a zip for one
        is_zip = file.read(2) == b"PK"
    if is_zip:
        with zipfile.ZipFile(path) as archive:
            yield archive
        return
    with (
        _decompressed(path) as stream,
        tarfile.open(fileobj=cast(IO[bytes], _Bounded(stream, ceiling, path)), mode="r:") as tar,
    ):
        yield tar


def _decompressed(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path))
    if magic.startswith(b"BZh"):
        return cast(IO[bytes], bz2.open(path))
    if magic.startswith(b"\xfd7zXZ\x00"):
        return cast(IO[bytes], lzma.open(path))
    return path.open("rb")


class _Bounded:
    """A stream that refuses to go beyond a position.

    tarfile reads the headers of long names whole, however large they say they are, and passes
    over unwanted members by decompressing them.
    """

    def __init__(self, stream: IO[bytes], ceiling: int, path: Path) -> None:
        self._stream, self._ceiling, self._path = stream, ceiling, path

    def read(self, size: int = -1) -> bytes:
        self._check(self._ceiling + 1 if size < 0 else self._stream.tell() + size)
        return self._stream.read(size)

    def seek(self, position: int, whence: int = 0) -> int:
        self._check(position if whence == 0 else self._stream.tell() + position)
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def _check(self, position: int) -> None:
        # tarfile reads in blocks, a little beyond the end
        if position > self._ceiling + tarfile.RECORDSIZE:
            raise DownloadError(_too_large(self._path, position, self._ceiling))
