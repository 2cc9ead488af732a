"""Parsed corpora are kept, and read anew when anything changes."""

from __future__ import annotations

import logging
import shutil

import pytest

from stance.corpora import load, shelf, store
from stance.corpora.example import Example
from stance.corpora.store import CorpusError
from stance.passage import Passage

HEAD = "\tsentence\t" + "\t".join(f"worker_{i}" for i in range(8))
HEAD += "\tdisagree\tagree\tneutral\tguid\tin_held_out_test\n"


@pytest.fixture
def reads(tmp_path, monkeypatch):
    """A copy of the packaged corpus as a small one, and how often it was read."""
    folder = tmp_path / "sample"
    for outlet in ("zenith-post", "tamarind-window", "radio-kestrel"):
        shutil.copytree(shelf.locate("sample") / outlet, folder / outlet)
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "locate", lambda name: folder)
    calls = []

    def reader(name):
        calls.append(name)
        return shelf.reader(name)

    monkeypatch.setattr(store, "reader", reader)
    return folder, calls


def test_second_load_reads_no_source(reads):
    _, calls = reads
    first, second = load("sample"), load("sample")
    assert calls == ["sample"]
    assert first["test"].to_list() == second["test"].to_list()
    assert second["test"].features == first["test"].features
    assert str(second["test"].split) == "test"


def test_changed_file_is_read_anew(reads):
    folder, calls = reads
    load("sample")
    page = next(folder.glob("*/*.txt"))
    page.write_bytes(page.read_bytes() + b" ")
    load("sample")
    assert len(calls) == 2


def test_tasks_are_kept_apart(reads):
    _, calls = reads
    assert len(load("sample", split="test")) != len(load("sample", split="test", task="parts"))
    assert len(calls) == 2


def test_nothing_half_written_is_left(reads, tmp_path, monkeypatch):
    import pyarrow as pa

    def fail(*args, **kwargs):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(pa.ipc, "new_stream", fail)
        assert len(load("sample", split="test")) > 0
    assert list((tmp_path / "cache" / "parsed" / "sample").iterdir()) == []
    load("sample")
    (kept,) = (tmp_path / "cache" / "parsed" / "sample").iterdir()
    assert sorted(p.name for p in kept.iterdir()) == [
        "test.arrow", "train.arrow", "validation.arrow",
    ]  # fmt: skip


def test_cache_that_cannot_be_written_costs_time_only(reads, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING):
        assert len(load("sample", split="test")) > 0
    assert "cannot be written" in caplog.text


def test_files_that_differ_from_the_card_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("STANCE_CORPORA", str(tmp_path))
    (tmp_path / "gwsd").mkdir()
    (tmp_path / "gwsd" / "GWSD.tsv").write_text(HEAD)
    expected = (
        r"corpus 'gwsd' in .*gwsd: expected 361 against, 701 favor, 788 neutral in train, got "
    )
    with pytest.raises(CorpusError, match=expected + r"nothing: .*`stance corpora get gwsd`"):
        load("gwsd")
    assert not (tmp_path / "cache").exists()


def test_split_that_the_card_does_not_know(reads, monkeypatch):
    def examples(folder, *, task, variant):
        yield Example(id="1", split="dev", passage=Passage("A."))

    monkeypatch.setattr(store, "reader", lambda name: examples)
    with pytest.raises(
        CorpusError, match=r"example '1' is in split 'dev', expected one of .*'train'"
    ):
        load("sample")
