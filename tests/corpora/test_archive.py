from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpora.archive import DownloadError, Limits, unpack

LIMITS = Limits(bytes=1 << 20)


def zip_of(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return path


def tar_of(path: Path, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


MEMBERS = {"repo-1/data/a.txt": b"alpha", "repo-1/data/b/c.txt": b"", "repo-1/code/x.py": b"x"}


class TestUnpack:
    def test_zip(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", MEMBERS)
        n = unpack(archive, tmp_path / "out", limits=LIMITS, strip="repo-1/", keep=("data/",))
        assert n == 2
        assert files(tmp_path / "out") == {"data/a.txt": b"alpha", "data/b/c.txt": b""}

    @pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
    def test_tar(self, tmp_path, mode):
        archive = tar_of(tmp_path / "a.tar", MEMBERS, mode)
        assert unpack(archive, tmp_path / "out", limits=LIMITS) == 3
        assert files(tmp_path / "out") == MEMBERS

    def test_a_tar_that_ends_with_a_zip_is_a_tar(self, tmp_path):
        inner = zip_of(tmp_path / "in.zip", {"x": b"y"}, zipfile.ZIP_STORED).read_bytes()
        archive = tar_of(tmp_path / "a.tar", {"in.zip": inner}, "w")
        unpack(archive, tmp_path / "out", limits=LIMITS)
        assert files(tmp_path / "out") == {"in.zip": inner}

    def test_no_file_becomes_executable(self, tmp_path):
        info = zipfile.ZipInfo("run.sh")
        info.external_attr = 0o100777 << 16
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(info, b"x")
        unpack(tmp_path / "a.zip", tmp_path / "out", limits=LIMITS)
        assert not (tmp_path / "out" / "run.sh").stat().st_mode & stat.S_IXUSR

    @given(
        st.dictionaries(
            st.from_regex(r"[a-z]{1,5}(/[a-z0-9]{1,5}){0,2}\.txt", fullmatch=True),
            st.binary(max_size=40),
            min_size=1,
            max_size=5,
        ),
        st.booleans(),
    )
    @settings(max_examples=25, deadline=None)
    def test_what_was_packed_comes_out(self, tmp_path_factory, members, is_zip):
        folder = tmp_path_factory.mktemp("case")
        archive = (zip_of if is_zip else tar_of)(folder / "archive", members)
        unpack(archive, folder / "out", limits=LIMITS)
        assert files(folder / "out") == dict(sorted(members.items()))


ESCAPES = ["../x", "a/../../x", "/etc/x", "C:/x", "c:x", "a\\..\\x", "..", "a/.."]


class TestHostile:
    @pytest.mark.parametrize("make", [zip_of, tar_of])
    @pytest.mark.parametrize("name", ESCAPES)
    def test_a_name_that_leads_out(self, tmp_path, make, name):
        archive = make(tmp_path / "archive", {"good.txt": b"1", name: b"2"})
        with pytest.raises(DownloadError, match="leads out of the archive: nothing was unpacked"):
            unpack(archive, tmp_path / "deep" / "out", limits=LIMITS)
        assert files(tmp_path / "deep") == {}

    def test_a_name_that_leads_out_of_a_part_not_kept(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", {"keep/a": b"1", "../x": b"2"})
        with pytest.raises(DownloadError, match=r"the name '\.\./x' leads out"):
            unpack(archive, tmp_path / "out", limits=LIMITS, keep=("keep/",))

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
    def test_link_in_tar(self, tmp_path, kind):
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        with tarfile.open(tmp_path / "a.tar", "w") as archive:
            archive.addfile(info)
        with pytest.raises(DownloadError, match="'link' is a link or a device"):
            unpack(tmp_path / "a.tar", tmp_path / "out", limits=LIMITS)

    def test_link_in_zip(self, tmp_path):
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(info, "/etc/passwd")
        with pytest.raises(DownloadError, match="'link' is a link or a device"):
            unpack(tmp_path / "a.zip", tmp_path / "out", limits=LIMITS)

    @pytest.mark.parametrize("make", [zip_of, tar_of])
    def test_ratio(self, tmp_path, make):
        archive = make(tmp_path / "bomb", {"zeros": bytes(4 << 20)})
        with pytest.raises(DownloadError, match="at most 1048576 are allowed"):
            unpack(archive, tmp_path / "out", limits=Limits(bytes=1 << 30))

    @pytest.mark.parametrize("make", [zip_of, tar_of])
    def test_total(self, tmp_path, make):
        archive = make(tmp_path / "a", {"a": b"12345", "b": b"67890"})
        with pytest.raises(
            DownloadError, match="unpacks to 10 bytes or more, at most 9 are allowed"
        ):
            unpack(archive, tmp_path / "out", limits=Limits(bytes=9))

    def test_number_of_files(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", {"a": b"", "b": b""})
        with pytest.raises(DownloadError, match="expected at most 1 files, got 2"):
            unpack(archive, tmp_path / "out", limits=Limits(bytes=9, files=1))

    def test_a_header_that_lies_about_the_size(self, tmp_path):
        content = b"x" * 5000
        archive = zip_of(tmp_path / "a.zip", {"a": content}, zipfile.ZIP_STORED)
        data = archive.read_bytes()
        archive.write_bytes(data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
        with pytest.raises(DownloadError, match="broken or cut off"):
            unpack(archive, tmp_path / "out", limits=Limits(bytes=100))

    def test_a_member_passed_over_is_not_decompressed_without_end(self, tmp_path):
        archive = tar_of(tmp_path / "a.tgz", {"skip/zeros": bytes(8 << 20), "keep/a": b"1"})
        with pytest.raises(DownloadError, match="unpacks to"):
            unpack(archive, tmp_path / "out", limits=LIMITS, keep=("keep/",))

    def test_same_path_twice(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("a", b"1")
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("a", b"2")
        with pytest.raises(DownloadError, match="'a' is there twice"):
            unpack(tmp_path / "a.zip", tmp_path / "out", limits=LIMITS)

    @pytest.mark.parametrize("members", [{"a/b": b"", "a//b": b""}, {"a": b"", "a/b": b""}])
    def test_paths_that_collide_on_disk(self, tmp_path, members):
        archive = zip_of(tmp_path / "a.zip", members)
        with pytest.raises(DownloadError, match="two members have the same path on this machine"):
            unpack(archive, tmp_path / "out", limits=LIMITS)

    def test_encrypted(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", {"a": b"1"}, zipfile.ZIP_STORED)
        data = bytearray(archive.read_bytes())
        data[data.index(b"PK\x01\x02") + 8] |= 1
        archive.write_bytes(data)
        with pytest.raises(DownloadError, match="'a' is encrypted"):
            unpack(archive, tmp_path / "out", limits=LIMITS)


class TestBroken:
    @pytest.mark.parametrize("make", [zip_of, tar_of])
    def test_cut_off(self, tmp_path, make):
        archive = make(tmp_path / "archive", {"a": bytes(range(256)) * 40})
        archive.write_bytes(archive.read_bytes()[:-40])
        with pytest.raises(DownloadError, match=r"broken or cut off .* get it again"):
            unpack(archive, tmp_path / "out", limits=LIMITS)

    def test_damaged_content(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", {"a": b"hello there"}, zipfile.ZIP_STORED)
        archive.write_bytes(archive.read_bytes().replace(b"hello", b"hullo"))
        with pytest.raises(DownloadError, match="broken or cut off"):
            unpack(archive, tmp_path / "out", limits=LIMITS)

    @pytest.mark.parametrize("content", [b"", b"PK", b"<html>not found</html>" * 50, b"\x1f\x8bxx"])
    def test_no_archive_at_all(self, tmp_path, content):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(DownloadError, match="broken or cut off"):
            unpack(tmp_path / "a", tmp_path / "out", limits=LIMITS)

    @given(st.binary(max_size=200))
    @settings(max_examples=50, deadline=None)
    def test_any_bytes_give_a_corpus_error(self, tmp_path_factory, content):
        folder = tmp_path_factory.mktemp("case")
        (folder / "a").write_bytes(content)
        with pytest.raises(DownloadError):
            unpack(folder / "a", folder / "out", limits=LIMITS)

    def test_nothing_kept(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", {"repo/a": b"1"})
        with pytest.raises(DownloadError, match="nothing in it begins with 'repo/' and then"):
            unpack(archive, tmp_path / "out", limits=LIMITS, strip="repo/", keep=("data/",))
