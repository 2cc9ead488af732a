"""Which corpora there are, and where their files are looked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stance.corpora import (
    CorpusMissingError,
    available,
    cache_folder,
    card,
    catalogue,
    corpus_names,
    locate,
)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_CORPORA", raising=False)
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))


def put(folder, name):
    for file in card(name).access.files:
        path = folder / name / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return folder / name


def test_every_card_has_its_module_and_the_other_way_round():
    folder = Path(sys.modules["stance.corpora"].__file__).parent
    readers = {p.stem for p in folder.glob("*.py") if "\ndef examples(" in p.read_text("utf-8")}
    assert sorted(readers) == corpus_names() == [corpus.name for corpus in catalogue()]


def test_unknown_corpus_names_the_closest():
    with pytest.raises(ValueError, match=r"corpus 'newsdiscurse' is unknown: did you mean 'newsd"):
        card("newsdiscurse")
    with pytest.raises(ValueError, match="corpus 'zzz' is unknown; known: disclaimers, dse"):
        available("zzz")


def test_mirror_goes_before_the_cache(tmp_path, monkeypatch):
    cached = put(tmp_path / "cache" / "corpora", "gwsd")
    assert locate("gwsd") == cached
    mirrored = put(tmp_path / "mirror", "gwsd")
    monkeypatch.setenv("STANCE_CORPORA", str(tmp_path / "mirror"))
    assert locate("gwsd") == mirrored
    (mirrored / "GWSD.tsv").unlink()  # half a corpus is none
    assert locate("gwsd") == cached


def test_missing_corpus_says_how_to_get_it(tmp_path):
    assert not available("gwsd")
    expected = r"looked for GWSD.tsv in .*gwsd\. Get it with `stance corpora get gwsd`"
    with pytest.raises(CorpusMissingError, match=expected):
        locate("gwsd")
    assert issubclass(CorpusMissingError, FileNotFoundError)


def test_archive_corpus_needs_all_its_folders(tmp_path):
    folder = tmp_path / "cache" / "corpora" / "seesaw"
    for part in ("annotations", "articles"):
        (folder / part).mkdir(parents=True)
    assert not available("seesaw")
    (folder / "meta").mkdir()
    assert available("seesaw")


def test_packaged_corpus_is_always_here():
    assert available("sample")
    assert len(list(locate("sample").glob("*/*.json"))) == 84


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/stance"),
        ("linux", {}, "/home/u/.cache/stance"),
        ("darwin", {}, "/home/u/Library/Caches/stance"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/stance/Cache"),
        ("win32", {}, "/home/u/AppData/Local/stance/Cache"),
        ("linux", {"STANCE_CACHE": "/own", "XDG_CACHE_HOME": "/x"}, "/own"),
    ],
)
def test_cache_folder_follows_the_platform(monkeypatch, platform, environment, expected):
    for name in ("STANCE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/u"))
    assert cache_folder() == Path(expected)


def test_listing_imports_nothing_heavy():
    code = (
        "import sys; from stance.corpora.table import catalogue_table; catalogue_table();"
        "heavy = {'datasets', 'pandas', 'sklearn', 'numpy', 'pyarrow', 'scipy', 'matplotlib'};"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
