"""Every corpus that is on this machine, read whole and compared with what it is known by.

``STANCE_CORPORA=<mirror> python tests/corpora/test_pins.py [NAME ...]`` writes the pins anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from stance.corpora import available, card, catalogue, load, locate
from stance.corpora.tree import file_sha256, files_below
from stance.passage import as_passages

PINS = Path(__file__).with_name("pins.json")
PINNED = json.loads(PINS.read_text(encoding="utf-8"))
CUTS = [
    (corpus.name, task.name, variant.name)
    for corpus in catalogue()
    for task in corpus.tasks
    for variant in task.variants
]
COMMON = (
    "text target mentions voice headline previous following index n_paragraphs group label "
    "native_label id"
).split()


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANCE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def need(name):
    if not available(name):
        pytest.skip(f"corpus {name} is not here: set STANCE_CORPORA to a mirror that holds it")


def pins_of(name, task, variant):
    """Id and text hash of the first and the last record, per split."""
    splits = load(name, task=task, variant=variant)
    return {split: [pin(rows[0]), pin(rows[len(rows) - 1])] for split, rows in splits.items()}


def pin(row):
    return [row["id"], hashlib.sha256(row["text"].encode()).hexdigest()[:16]]


def test_every_cut_is_pinned():
    assert sorted(PINNED) == sorted("/".join(cut) for cut in CUTS)


@pytest.mark.parametrize(("name", "task", "variant"), CUTS)
def test_first_and_last_record_of_each_split(name, task, variant):
    need(name)
    assert pins_of(name, task, variant) == PINNED[f"{name}/{task}/{variant}"]


@pytest.mark.parametrize(("name", "task", "variant"), CUTS)
def test_rows_are_what_the_card_says(name, task, variant):
    need(name)
    declared = card(name).task(task)
    counts = next(v.counts for v in declared.variants if v.name == variant)
    for split, rows in load(name, task=task, variant=variant).items():
        assert rows.column_names == [*COMMON, *declared.columns]
        labels = Counter("unlabelled" if v is None else v for v in rows["label"][:])
        assert labels == Counter(counts[split])
        ids = rows["id"][:]
        assert len(set(ids)) == len(ids)
        for text, mentions in zip(rows["text"][:], rows["mentions"][:], strict=True):
            assert text.strip()
            assert all(text[a:b] == text[a:b].strip() != "" for a, b in mentions)


@pytest.mark.parametrize(("name", "task", "variant"), CUTS)
def test_native_labels_map_as_declared(name, task, variant):
    need(name)
    label_map = card(name).task(task).label_map
    for rows in load(name, task=task, variant=variant).values():
        for native, label in set(zip(rows["native_label"][:], rows["label"][:], strict=True)):
            assert label_map.get(native, label) == label


@pytest.mark.parametrize("name", ["newsmtsc", "dse"])
def test_mentions_spell_the_target(name):
    need(name)
    for rows in load(name).values():
        columns = (rows[column][:] for column in ("text", "target", "mentions"))
        for text, target, mentions in zip(*columns, strict=True):
            assert [text[a:b] for a, b in mentions] == [target]


def test_neighbours_are_those_of_the_article():
    need("newsdiscourse")
    rows = load("newsdiscourse", split="validation")
    passages = as_passages(rows)
    for here, there in pairwise(passages):
        if here.group == there.group:
            assert (here.following, there.previous) == (there.text, here.text)
            assert there.index == here.index + 1 < there.n_paragraphs
        else:
            assert (here.following, there.previous, there.index) == ("", "", 0)
            assert here.index == here.n_paragraphs - 1


def test_newsdiscourse_articles_are_told_apart_by_folder():
    need("newsdiscourse")
    groups = {split: len(set(rows["group"][:])) for split, rows in load("newsdiscourse").items()}
    assert groups == {"train": 502, "validation": 100, "test": 200}


def test_polnear_attributions_are_complete():
    need("polnear")
    n = {split: sum(map(len, rows["attributions"][:])) for split, rows in load("polnear").items()}
    assert n == {"train": 19_868, "dev": 2_193, "test": 2_044}


def test_polnear_spans_lie_in_their_paragraph():
    need("polnear")
    rows = load("polnear", split="test", task="spans")
    for text, attributions in zip(rows["text"][:], rows["attributions"][:], strict=True):
        for attribution in attributions:
            source = " ".join(text[a:b] for a, b in attribution["source"])
            assert attribution["source_text"].endswith(source)
            for role in ("source", "cue", "content"):
                assert all(0 <= a < b <= len(text) for a, b in attribution[role])


def test_dse_leaves_out_the_leaked_rows_by_default():
    need("dse")
    assert len(load("dse", split="test", variant="published")) == 1_623
    assert len(load("dse", split="test")) == 1_623 - 442
    known = {text for split in ("train", "valid") for text in load("dse", split=split)["text"][:]}
    rows = load("dse", split="test")
    # One sentence comes again with other entities marked: no leak, but the same words.
    assert sum(text in known for text in rows["text"][:]) == 1


def test_vast_variants_divide_the_test_set():
    need("vast")
    sizes = {
        v: len(load("vast", split="test", variant=v)) for v in ("all", "zero-shot", "few-shot")
    }
    assert sizes == {"all": 3_006, "zero-shot": 1_460, "few-shot": 1_546}
    assert len(set(load("vast", split="train")["target"][:])) == 4_641


def test_gwsd_posteriors_sum_to_one():
    need("gwsd")
    rows = load("gwsd", split="test")
    assert all(abs(sum(posterior) - 1) < 1e-9 for posterior in rows["posterior"][:])
    assert all(sum(votes) <= 8 for votes in rows["votes"][:])


def test_seesaw_names_every_target_by_default():
    need("seesaw")
    assert all(load("seesaw", split="test", task="stance")["mentions"][:])
    assert len(set(load("seesaw", split="test", task="sign")["group"][:])) <= 123


@pytest.mark.parametrize("corpus", [c for c in catalogue() if c.access.files], ids=lambda c: c.name)
def test_files_are_those_of_the_card(corpus):
    need(corpus.name)
    for file in corpus.access.files:
        path = locate(corpus.name) / file.path
        assert (path.stat().st_size, file_sha256(path)) == (file.bytes, file.sha256)


@pytest.mark.parametrize(
    "corpus", [c for c in catalogue() if c.access.archive], ids=lambda c: c.name
)
def test_trees_are_those_of_the_card(corpus):
    need(corpus.name)
    archive = corpus.access.archive
    kept = [(n, p) for n, p in files_below(locate(corpus.name)) if n.startswith(archive.keep)]
    lines = "".join(f"{file_sha256(path)}  {name}\n" for name, path in kept)
    assert hashlib.sha256(lines.encode()).hexdigest() == archive.tree_sha256
    assert len(kept) == archive.n_files
    assert sum(path.stat().st_size for _, path in kept) == archive.bytes


def write_pins(names):
    """Pin the corpora of these names, or all that are on this machine."""
    pins = dict(PINNED)
    for name, task, variant in CUTS:
        if name in names or (not names and available(name)):
            pins[f"{name}/{task}/{variant}"] = pins_of(name, task, variant)
    lines = [f" {json.dumps(key)}: {json.dumps(pins[key])}" for key in sorted(pins)]
    PINS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write_pins(sys.argv[1:])
