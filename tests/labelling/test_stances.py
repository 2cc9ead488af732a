"""Stances of a corpus: those of single pages, whatever stops a run and however many work on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Dataset
from pyarrow import parquet

from stance.analysis import label_article
from stance.labelling import (
    Labeller,
    LabellingError,
    label_corpus,
    label_dataset,
    stances_frame,
)
from stance.models import load
from stance.passage import Passage, chained
from stance.quotes.rule_finder import RuleFinder
from stance.sides import sides_of
from stance.targets import Target, parse_targets

from .conftest import Label, paragraphs, rows_of
from .test_run import Stop, files

TARGETS = parse_targets(["the dam", "harbour=the port", "Ida Lund=the mayor"])
ASKING = Labeller(targets=TARGETS)
FIELDS = ("target", "stance", "probability", "start", "end")


def told(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(side[name] for name in FIELDS) for side in row["stances"]]


def test_stances_are_those_of_the_articles(corpus: Path, label: Label) -> None:
    source = paragraphs(300)
    rows = rows_of(label(corpus, labeller=ASKING).labels)
    groups: dict[str, list[int]] = {}
    for i, group in enumerate(source["group"]):
        groups.setdefault(group, []).append(i)
    n = 0
    for places in groups.values():
        texts = [source["text"][i] for i in places]
        passages = [
            Passage(**{name: getattr(passage, name) for name in passage.__slots__}
                    | {"voice": rows[i]["voice"]})
            for i, passage in zip(places, chained(texts, group="g"), strict=True)
        ]  # fmt: skip
        for i, sides in zip(places, sides_of(passages, TARGETS, load("stance")), strict=True):
            expected = [
                (s.target, s.stance, s.probability, s.mention.start, s.mention.end)
                for s in sides
                if s.mention
            ]
            assert told(rows[i]) == expected
            n += len(expected)
            for side, found in zip(rows[i]["stances"], sides, strict=True):
                assert {k: side[f"probability_{k}"] for k in found.probabilities or {}} == (
                    found.probabilities
                )
    assert n > 50
    assert any(not row["stances"] for row in rows)


def test_pages_have_the_stances_of_single_pages(tmp_path: Path, label: Label) -> None:
    texts = paragraphs(12, seed=3)["text"]
    texts[2] = "The\u00a0dam  of Ida  Lund was shut, said Ola Berg."
    pages = [
        "Harbour closed after storm\n\n" + "\n\n".join(texts[:6]),
        "<html><body><h1>Mill sold</h1><p>" + "</p><p>".join(texts[6:]) + "</p></body></html>",
    ]
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, page in zip(("a.txt", "b.html"), pages, strict=True):
        (folder / name).write_text(page, encoding="utf-8")
    done = label(folder, labeller=ASKING)
    rows = rows_of(done.labels)
    parts = [
        part
        for name in ("a.txt", "b.html")
        for part in label_article(folder / name, targets=TARGETS, finder=RuleFinder()).parts
    ]
    assert any(part.stances for part in parts)
    for row, part in zip(rows, parts, strict=True):
        if part.kind != "paragraph":
            assert row["stances"] is None
            continue
        assert told(row) == [
            (s.target, s.stance, s.probability, s.mention.start, s.mention.end)
            for s in part.stances
            if s.mention
        ]
    page = pages[0]
    sides = [side for row in rows[:7] for side in row["stances"] or ()]
    assert "Ida  Lund" in [page[side["start"] : side["end"]] for side in sides]
    by_table = label(
        table(tmp_path / "x.parquet", text=pages),
        "labels-table.parquet",
        labeller=Labeller(pages=True, targets=TARGETS),
    )
    assert [row["stances"] for row in rows_of(by_table.labels)] == [row["stances"] for row in rows]


def table(path: Path, **columns: Any) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


def test_column_stands_as_documented(corpus: Path, label: Label) -> None:
    schema = parquet.read_schema(label(corpus, labeller=ASKING).labels)
    assert schema.names[-3:] == ["voice", "via", "stances"]
    side = schema.field("stances").type.value_type
    assert [side.field(i).name for i in range(side.num_fields)] == [
        *("target", "stance", "probability", "probability_against", "probability_favor"),
        *("probability_neutral", "start", "end"),
    ]
    made = json.loads(schema.metadata[b"stance"])
    assert made["targets"]["names"] == [list(target.names) for target in TARGETS]
    assert made["targets"]["model"].startswith("stance (")


def test_asking_for_stances_changes_no_other_column(corpus: Path, label: Label) -> None:
    with_stances = parquet.read_table(label(corpus, labeller=ASKING).labels)
    without = parquet.read_table(label(corpus, "labels-other.parquet").labels)
    assert with_stances.drop_columns(["stances"]).equals(without)
    assert "targets" not in json.loads(without.schema.metadata[b"stance"])


def test_same_bytes_after_stops_and_with_several_processes(
    corpus: Path, label: Label, tmp_path: Path
) -> None:
    label(corpus, labeller=ASKING)
    whole = files(tmp_path)
    label(corpus, labeller=ASKING, jobs=2, fresh=True)
    assert files(tmp_path) == whole
    for path in tmp_path.glob("labels*"):
        path.unlink()

    def stop(_: object) -> None:
        raise Stop

    while not (tmp_path / "labels.parquet").exists():
        try:
            label(corpus, labeller=ASKING, tell=stop)
        except Stop:
            continue
    assert files(tmp_path) == whole


@pytest.mark.parametrize(
    "other", [(), TARGETS[:2], (*TARGETS[:2], Target("Ida Lund")), TARGETS[::-1]]
)
def test_other_targets_are_another_run(
    corpus: Path, label: Label, other: tuple[Target, ...]
) -> None:
    def stop(_: object) -> None:
        raise Stop

    said: list[str] = []
    with pytest.raises(Stop):
        label(corpus, labeller=ASKING, tell=stop)
    done = label(corpus, labeller=Labeller(targets=other), say=said.append)
    assert len(said) == 1 and "other targets, or another model of stances" in said[0]
    with pytest.raises(LabellingError, match=r"made from something else \(other targets"):
        label(corpus, labeller=ASKING)
    assert done.n_labels == 300


WILD = ("../../up", "a\0b=c", '"; DROP', "stance", "Dam's", "dam s", "DAM-S", "水坝", "\u202edam")


def test_names_are_values_and_nothing_else(corpus: Path, label: Label, tmp_path: Path) -> None:
    targets = tuple(Target(name) for name in WILD)
    done = label(corpus, labeller=Labeller(targets=targets))
    plain = label(corpus, "labels-other.parquet", labeller=ASKING)
    assert parquet.read_schema(done.labels).names == parquet.read_schema(plain.labels).names
    assert {path.parent for path in tmp_path.rglob("*")} == {tmp_path}
    made = json.loads(parquet.read_schema(done.labels).metadata[b"stance"])
    assert made["targets"]["names"] == [[name] for name in WILD]


def test_paragraph_that_breaks_takes_no_other_along(
    corpus: Path, label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {row["row"]: row for row in rows_of(label(corpus, labeller=ASKING).labels)}
    scorer = load("stance")
    original = type(scorer).predict_proba

    def broken(self: Any, passages: Any) -> Any:
        if any("too late" in p.text or "Ola Berg" in p.text for p in passages):
            raise RecursionError("too deep")
        return original(self, passages)

    monkeypatch.setattr(type(scorer), "predict_proba", broken)
    done = label(corpus, "labels-broken.parquet", labeller=ASKING)
    bad = [i for i, row in before.items() if row["stances"] and "Ola Berg" in _text(i)]
    assert bad
    errors = rows_of(done.errors)
    assert [row["row"] for row in errors] == bad
    assert {row["reason"] for row in errors} == {"stance: RecursionError: too deep"}
    assert rows_of(done.labels) == [row for i, row in before.items() if i not in bad]


def _text(i: int) -> str:
    return str(paragraphs(300)["text"][i])


def test_many_questions_about_one_paragraph(tmp_path: Path, label: Label) -> None:
    targets = tuple(Target(f"Ada{i} Lund{i}") for i in range(700))
    text = ", ".join(target.name for target in targets) + " lost, said Ida Berg."
    (row,) = rows_of(
        label(table(tmp_path / "x.parquet", text=[text]), labeller=Labeller(targets=targets)).labels
    )
    assert [side["target"] for side in row["stances"]] == [target.name for target in targets]


def test_dataset_has_them_too(corpus: Path, label: Label) -> None:
    rows = rows_of(label(corpus, labeller=ASKING).labels)
    source = paragraphs(300)
    source["text"][3] = None
    dataset = Dataset.from_dict(source)
    labelled = label_dataset(dataset, labeller=ASKING)
    assert labelled["stances"][3] is None
    assert labelled["stances"][10:] == [row["stances"] for row in rows[10:]]


def test_map_whose_first_batch_mentions_nothing() -> None:
    texts = ["It rained on Monday for hours."] * 4 + ["Ida Lund shut the dam, police said."] * 4
    dataset = Dataset.from_dict({"text": texts})
    mapped = dataset.map(ASKING, batched=True, batch_size=2, features=ASKING.features(dataset))
    assert [len(sides) for sides in mapped["stances"][:]] == [0] * 4 + [2] * 4
    assert mapped.column_names == label_dataset(dataset, labeller=ASKING).column_names
    assert mapped["stances"][:] == label_dataset(dataset, labeller=ASKING)["stances"][:]


def test_frame_has_a_row_for_each_stance(corpus: Path, label: Label) -> None:
    done = label(corpus, labeller=ASKING)
    rows = rows_of(done.labels)
    frame = stances_frame(done.labels)
    expected = [
        (row["row"], row["id"], row["type"], row["voice"], *side)
        for row in rows
        for side in told(row)
    ]
    names = ["row", "id", "type", "voice", *FIELDS]
    assert list(frame[names].itertuples(index=False, name=None)) == expected
    only = label(corpus, "labels-other.parquet")
    with pytest.raises(LabellingError, match=r"expected a column 'stances'.*give targets"):
        stances_frame(only.labels)
    with pytest.raises(LabellingError, match=r"none\.parquet: cannot be read as Parquet"):
        stances_frame(corpus.parent / "none.parquet")


def test_frame_of_pages_and_of_no_stance(tmp_path: Path, label: Label) -> None:
    page = "Mill sold\n\nThe dam broke on Monday.\n\nIda Lund hates the dam, she said."
    corpus = table(tmp_path / "x.parquet", text=[page], id=["p"])
    done = label(corpus, labeller=Labeller(pages=True, targets=TARGETS))
    frame = stances_frame(done.labels)
    assert list(frame["index"]) == [1, 2, 2]
    assert list(frame["target"]) == ["the dam", "the dam", "Ida Lund"]
    spans = zip(frame["start"], frame["end"], strict=True)
    assert [page[start:end] for start, end in spans] == ["dam", "dam", "Ida Lund"]
    none = label(corpus, "labels-none.parquet", labeller=Labeller(targets=(Target("Xyz"),)))
    assert len(stances_frame(none.labels)) == 0


def test_mistakes() -> None:
    with pytest.raises(LabellingError, match="expected voices as well"):
        Labeller(voices=False, targets=TARGETS)
    with pytest.raises(LabellingError, match="targets: expected a list of targets, got 'auto'"):
        Labeller(targets="auto")  # type: ignore[arg-type]
    with pytest.raises(LabellingError, match="targets: 'The Dam' is given twice"):
        Labeller(targets=(Target("The Dam"), Target("the dam")))
    with pytest.raises(LabellingError, match="expected an alias after '='"):
        Labeller(targets=("dam=",))  # type: ignore[arg-type]
    assert Labeller(targets=("dam=x",)).targets == (Target("dam", ("x",)),)  # type: ignore[arg-type]


PEAK = """
import sys
from stance.labelling import Labeller, label_corpus
from stance.targets import parse_targets
labeller = Labeller("paragraph-type-fast", targets=parse_targets(["the port", "police"]))
label_corpus(sys.argv[1], sys.argv[2], labeller=labeller)
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    peaks = []
    for times in (1, 4):
        texts = [f"The port of town {i} was shut, police said." for i in range(5000 * times)]
        corpus = table(tmp_path / f"{times}.parquet", text=texts)
        run = [sys.executable, "-c", PEAK, corpus, tmp_path / f"o{times}.parquet"]
        alone = os.environ | {"OMP_NUM_THREADS": "1"}
        peaks.append(int(subprocess.run(run, check=True, capture_output=True, env=alone).stdout))
    assert peaks[1] / 1024 < peaks[0] / 1024 + 60


def test_run_without_labeller_has_no_stances(corpus: Path, tmp_path: Path) -> None:
    done = label_corpus(corpus, tmp_path / "labels.parquet")
    assert "stances" not in parquet.read_schema(done.labels).names
