"""A run as its user meets it: what it leaves, how it goes on, what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from stance.analysis import label_article
from stance.labelling import Columns, Labeller, LabellingError, label_corpus, parts
from stance.labelling.shards import Size
from stance.models import load
from stance.passage import as_passages
from stance.quotes.rule_finder import RuleFinder

from .conftest import Label, paragraphs, rows_of


def files(folder: Path) -> dict[str, bytes]:
    """The two files of a run."""
    return {p.name: p.read_bytes() for p in folder.glob("labels*.parquet")}


def table(path: Path, **columns: Any) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


def test_labels_are_those_of_the_model(corpus: Path, label: Label) -> None:
    done = label(corpus)
    rows, source = rows_of(done.labels), paragraphs(300)
    assert (done.n_labels, done.n_errors, rows_of(done.errors)) == (300, 0, [])
    assert [row["id"] for row in rows] == source["id"]
    assert [row["row"] for row in rows] == list(range(300))
    groups: dict[str, list[str]] = {}
    for group, text in zip(source["group"], source["text"], strict=True):
        groups.setdefault(group, []).append(text)
    passages = [
        {"text": t, "group": g, "index": i, "n_paragraphs": len(texts),
         "previous": texts[i - 1] if i else "", "following": [*texts, ""][i + 1]}
        for g, texts in groups.items() for i, t in enumerate(texts)
    ]  # fmt: skip
    scorer = load()
    proba = scorer.predict_proba(as_passages(passages))
    assert [row["type"] for row in rows] == [scorer.classes[i] for i in proba.argmax(axis=1)]
    assert [row["probability"] for row in rows] == proba.max(axis=1).round(4).tolist()
    assert {row["voice"] for row in rows if row["type"] == "report"} == {"author"}
    assert not {row["voice"] for row in rows if row["type"] == "quote"} & {"author", None}


def test_columns_stand_as_documented(corpus: Path, label: Label) -> None:
    schema = parquet.read_schema(label(corpus).labels)
    assert schema.names == [
        *("row", "id", "type", "probability", "probability_analysis", "probability_disclaimer"),
        *("probability_quote", "probability_report", "voice", "via"),
    ]
    only = label(corpus, "labels-types.parquet", labeller=Labeller(voices=False))
    assert parquet.read_schema(only.labels).names == schema.names[:-2]
    assert list(json.loads(schema.metadata[b"stance"])) == [
        *("format", "input", "model", "settings", "version"),
    ]


def test_pages_are_labelled_as_single_pages_are(tmp_path: Path, label: Label) -> None:
    texts = paragraphs(12, seed=3)["text"]
    pages = [
        "Harbour closed after storm\n\n" + "\n\n".join(texts[:6]),
        "<html><body><h1>Mill to be sold</h1><p>"
        + "</p><p>".join(texts[6:])
        + "</p></body></html>",
    ]
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, page in zip(("a.txt", "b.html"), pages, strict=True):
        (folder / name).write_text(page, encoding="utf-8")
    (folder / "c.txt").write_bytes(b"")
    done = label(folder)
    rows = rows_of(done.labels)
    expected = []
    for number, name in enumerate(("a.txt", "b.html")):
        for part in label_article(folder / name, finder=RuleFinder()).parts:
            expected.append((number, name, part.index, part.kind, part.start, part.end, part.text,
                             part.type, part.probability, part.voice))  # fmt: skip
    names = ("row", "id", "index", "part", "start", "end", "text", "type", "probability", "voice")
    assert [tuple(row[name] for name in names) for row in rows] == expected
    (error,) = rows_of(done.errors)
    assert (error["row"], error["id"]) == (2, "c.txt")
    assert "got no text at all" in error["reason"]
    by_table = label(
        table(tmp_path / "x.parquet", text=[*pages, ""]),
        "labels-table.parquet",
        labeller=Labeller(pages=True),
    )
    without = [{**row, "id": None} for row in rows]
    assert rows_of(by_table.labels) == without


TEXTS = st.sampled_from([None, "", "too long", " ", "Rain fell on the town on Monday."])


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(TEXTS, st.sampled_from(["", "g", "h", None])), min_size=1, max_size=30),
    st.integers(1, 9),
)
def test_no_row_is_lost_and_none_comes_twice(
    tmp_path: Path, rows: list[tuple[Any, Any]], n: int
) -> None:
    texts = ["x" * 100_001 if text == "too long" else text for text, _ in rows]
    groups = [group for _, group in rows]
    schema = {"text": pa.array(texts, pa.string()), "group": pa.array(groups, pa.string())}
    corpus = table(tmp_path / "any.parquet", **schema)
    out = tmp_path / "labels.parquet"
    done = label_corpus(corpus, out, size=Size(rows=n), fresh=True)
    found = sorted(row["row"] for path in (done.labels, done.errors) for row in rows_of(path))
    assert found == list(range(len(rows)))
    whole = label_corpus(corpus, tmp_path / "whole.parquet", fresh=True)
    assert rows_of(whole.labels) == rows_of(done.labels)


class Stop(BaseException):
    """A kill, as far as a test in this process can have one."""


def test_stopped_after_any_shard_it_goes_on_to_the_same_bytes(
    corpus: Path, label: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(corpus)
    whole = files(tmp_path)
    n_labelled = 0
    original = Labeller.label

    def counted(self: Labeller, shard: pa.Table) -> Any:
        nonlocal n_labelled
        n_labelled += 1
        return original(self, shard)

    monkeypatch.setattr(Labeller, "label", counted)
    for path in tmp_path.glob("labels*"):
        path.unlink()

    def stop(_: object) -> None:
        raise Stop

    n_stops, said = 0, []
    while not (tmp_path / "labels.parquet").exists():
        try:
            label(corpus, tell=stop, say=said.append)
        except Stop:
            n_stops += 1
    assert files(tmp_path) == whole
    assert n_stops == n_labelled > 10
    assert said[-1].endswith(f"going on where an earlier run stopped, {n_stops} shards are done")


@pytest.mark.parametrize("name", ["_flush_folder", "_write_parquet"])
def test_stopped_while_the_output_is_written(
    corpus: Path, label: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    label(corpus)
    whole = files(tmp_path)
    for path in tmp_path.glob("labels*"):
        path.unlink()
    original = getattr(parts, name)
    for n_calls in (0, 1):
        left = [n_calls]

        def stop(*arguments: Any, left: list[int] = left) -> Any:
            if not left[0]:
                raise Stop
            left[0] -= 1
            return original(*arguments)

        monkeypatch.setattr(parts, name, stop)
        with pytest.raises(Stop):
            label(corpus)
    monkeypatch.setattr(parts, name, original)
    assert (tmp_path / "labels.parquet.parts").is_dir()
    label(corpus)
    assert files(tmp_path) == whole
    assert not (tmp_path / "labels.parquet.parts").exists()


def test_shard_that_was_written_by_half_is_made_again(
    corpus: Path, label: Label, tmp_path: Path
) -> None:
    label(corpus)
    whole = files(tmp_path)
    for path in tmp_path.glob("labels*"):
        path.unlink()
    with pytest.raises(Stop):
        label(corpus, tell=lambda step: _stop_at(step.rows, 100))
    (first, *_) = sorted((tmp_path / "labels.parquet.parts").glob("*/*.arrow"))
    first.write_bytes(first.read_bytes()[:-20])
    label(corpus)
    assert files(tmp_path) == whole


def _stop_at(rows: int, at: int) -> None:
    if rows >= at:
        raise Stop


def test_same_bytes_with_any_number_of_processes(
    corpus: Path, label: Label, tmp_path: Path
) -> None:
    label(corpus)
    one = files(tmp_path)
    label(corpus, jobs=2, fresh=True)
    assert files(tmp_path) == one


def test_leftovers_of_another_run_are_told_and_thrown_away(
    corpus: Path, label: Label, tmp_path: Path
) -> None:
    said: list[str] = []
    with pytest.raises(Stop):
        label(corpus, tell=lambda _: _stop_at(1, 0))
    table(corpus, **paragraphs(300, seed=1))
    done = label(corpus, labeller=Labeller(voices=False), say=said.append)
    assert done.n_labels == 300
    assert said == [
        f"{tmp_path}/labels.parquet.parts: an earlier run was of something else (another corpus, "
        "or the corpus has changed; other settings): starting anew"
    ]
    assert not (tmp_path / "labels.parquet.parts").exists()


def test_output_of_something_else_is_not_replaced(
    corpus: Path, label: Label, tmp_path: Path
) -> None:
    label(corpus)
    before = files(tmp_path)
    assert label(corpus).was_up_to_date
    with pytest.raises(
        LabellingError, match=r"made from something else \(other settings\).*--fresh"
    ):
        label(corpus, labeller=Labeller(voices=False))
    assert files(tmp_path) == before
    label(corpus, labeller=Labeller(voices=False), fresh=True)
    assert files(tmp_path) != before
    other = table(tmp_path / "labels-own.parquet", text=["mine"])
    with pytest.raises(LabellingError, match="not by stance label"):
        label(corpus, other.name)
    assert not list(tmp_path.glob("*.parts"))


@pytest.mark.parametrize("failing", ["shard", "output"])
def test_full_disk_is_told_and_what_is_done_is_kept(
    corpus: Path, label: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    label(corpus)
    whole = files(tmp_path)
    for path in tmp_path.glob("labels*"):
        path.unlink()
    written: list[Any] = []
    original = parts._stream if failing == "shard" else parts._write_parquet

    def full(*arguments: Any) -> Any:
        written.append(arguments)
        if len(written) == (6 if failing == "shard" else 2):
            raise OSError(28, "No space left on device")
        return original(*arguments)

    monkeypatch.setattr(parts, original.__name__, full)
    with pytest.raises(LabellingError, match="cannot be written: No space left on device; what is"):
        label(corpus)
    assert not (tmp_path / "labels.parquet").exists()
    left = list((tmp_path / "labels.parquet.parts").glob("*/[0-9]*.arrow"))
    assert len(left) >= 4
    assert not list((tmp_path / "labels.parquet.parts").glob("*/.*"))
    monkeypatch.undo()
    label(corpus)
    assert files(tmp_path) == whole


def test_row_that_breaks_the_code_takes_no_other_along(
    corpus: Path, label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    scorer = load()
    original = type(scorer).predict_proba

    def broken(self: Any, passages: Any) -> Any:
        if any("storm" in passage.text for passage in passages):
            raise RecursionError("too deep")
        return original(self, passages)

    monkeypatch.setattr(type(scorer), "predict_proba", broken)
    done = label(corpus)
    bad = [i for i, text in enumerate(paragraphs(300)["text"]) if "storm" in text]
    errors = rows_of(done.errors)
    assert [row["row"] for row in errors] == bad
    assert {row["reason"] for row in errors} == {"type: RecursionError: too deep"}
    assert done.n_labels == 300 - len(bad)


def test_names_never_become_paths(tmp_path: Path, label: Label) -> None:
    wild = ["../../up", "/etc/passwd", "a\0b", "\u202e", "con", "."]
    corpus = table(tmp_path / "x.parquet", id=wild, group=wild, text=["It rained."] * len(wild))
    done = label(corpus, size=Size(rows=1))
    assert [row["id"] for row in rows_of(done.labels)] == wild
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("labels.errors.parquet", "labels.parquet", "x.parquet"),
    ]


def test_two_runs_do_not_write_to_one_place(corpus: Path, label: Label) -> None:
    def second(_: object) -> None:
        with pytest.raises(LabellingError, match="another run is at work here"):
            label(corpus)
        raise Stop

    with pytest.raises(Stop):
        label(corpus, tell=second)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("labels.csv", "expected a name that ends in .parquet"),
        ("none/labels.parquet", "there is no folder"),
        ("corpus.parquet", "is part of the corpus"),
    ],
)
def test_places_that_cannot_be_written(corpus: Path, label: Label, name: str, words: str) -> None:
    with pytest.raises(LabellingError, match=words):
        label(corpus, name)


def test_corpus_without_rows(tmp_path: Path, label: Label) -> None:
    corpus = table(tmp_path / "x.parquet", text=pa.array([], pa.string()))
    with pytest.raises(LabellingError, match=r"x\.parquet: expected rows, got none"):
        label(corpus)
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_settings_that_do_not_exist(corpus: Path, label: Label) -> None:
    with pytest.raises(LabellingError, match=r"unknown model 'quotations', expected of"):
        Labeller("quotations")
    with pytest.raises(LabellingError, match="jobs = 0, must be >= 1"):
        label(corpus, jobs=0)
    with pytest.raises(LabellingError, match="did you mean 'text'"):
        label(corpus, columns=Columns(text="texts"))


def test_output_is_the_same_wherever_the_corpus_lies(
    corpus: Path, label: Label, tmp_path: Path
) -> None:
    label(corpus)
    (tmp_path / "b").mkdir()
    shutil.copy(corpus, tmp_path / "b" / "renamed.parquet")
    label(tmp_path / "b" / "renamed.parquet", "b/labels.parquet")
    assert files(tmp_path / "b") == files(tmp_path)
