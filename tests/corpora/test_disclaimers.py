"""Annotations over public corpora: joined with the texts they point to, refused with others."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, defaultdict

import pytest

from stance.corpora import CorpusMissingError, available, card, load, locate
from stance.corpora.disclaimers import FILE, TextMismatchError, examples
from stance.corpora.shelf import _HERE

ANNOTATIONS = _HERE.parents[1] / "data" / "annotations" / FILE
NOTE, NEWS = "Corrects the name of the ferry.", "The ferry sank."


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def annotations():
    if not ANNOTATIONS.is_file():
        pytest.skip("the annotations lie beside the package in a checkout only")
    return [json.loads(line) for line in ANNOTATIONS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A mirror of one corpus, whose archive is taken for complete once its file is there."""
    page = tmp_path / "mirror" / "wikinews_en" / "data" / "wikinews_2019.csv"
    page.parent.mkdir(parents=True)
    empty = page.with_name("wikinews_2020.csv")
    with page.open("w", encoding="utf-8", newline="") as file, empty.open("w") as other:
        writer = csv.writer(file)
        writer.writerow(["url", "title", "date", "text"])
        writer.writerow(["harbour", "Ferry", "1 May", f"{NEWS}\n\n  {NOTE}\nIt was raised."])
        other.write("url,title,date,text\n")
    monkeypatch.setenv("STANCE_CORPORA", str(tmp_path / "mirror"))
    return tmp_path


def annotation(**other):
    return {
        "corpus": "wikinews_en",
        "source_split": "all",
        "document": hashlib.sha256(b"harbour").hexdigest()[:12],
        "index": 1,
        "start": 0,
        "end": len(NOTE),
        "sha256": hashlib.sha256(NOTE.encode()).hexdigest(),
        "label": "disclaimer",
        "split": "test",
        "publisher": "wikinews",
        "wording": "a",
        "cluster": "c1",
        "rule": "correction",
    } | other


def read(folder, *annotations):
    lines = "".join(json.dumps(one) + "\n" for one in annotations)
    (folder / FILE).write_text(lines, encoding="utf-8")
    return list(examples(folder, task="type", variant="full"))


def test_annotation_is_joined_with_its_text(mirror):
    (example,) = read(mirror, annotation())
    passage = example.passage
    assert (passage.text, example.label, example.split) == (NOTE, "disclaimer", "test")
    assert (passage.previous, passage.following) == (NEWS, "It was raised.")
    assert (passage.headline, passage.index, passage.n_paragraphs) == ("Ferry", 1, 3)
    assert example.id == f"{passage.group}#1"
    assert example.extra["publisher"] == "wikinews"


def test_offsets_cut_a_sentence_out(mirror):
    digest = hashlib.sha256(b"Corrects").hexdigest()
    (example,) = read(mirror, annotation(end=8, sha256=digest))
    assert example.passage.text == "Corrects"


def test_wording_says_what_training_holds(mirror):
    news = {"index": 0, "end": len(NEWS), "sha256": hashlib.sha256(NEWS.encode()).hexdigest()}
    found = read(
        mirror,
        annotation(split="train"),
        annotation(),
        annotation(wording="b"),
        annotation(**news, wording="b", cluster="c2"),
    )
    assert [example.extra["wording"] for example in found] == [
        "training", "same as in training", "nearly as in training", "new",
    ]  # fmt: skip


def test_another_text_is_refused(mirror):
    with pytest.raises(
        TextMismatchError, match=r"#1: expected a text of SHA-256 0000.*, got [0-9a-f]{64}"
    ):
        read(mirror, annotation(sha256="0000"))


def test_place_that_is_not_there_is_refused(mirror):
    with pytest.raises(TextMismatchError, match="#9: expected an annotated paragraph, got none"):
        read(mirror, annotation(index=9))


def test_missing_corpora_are_named(mirror):
    assert not available("disclaimers")
    with pytest.raises(
        CorpusMissingError, match=r"annotations alone.* Not on this machine: fnc1, gwsd"
    ):
        locate("disclaimers")


def test_no_text_and_no_headline_in_the_file(annotations):
    keys = set(annotation())
    for one in annotations:
        assert set(one) == keys
        assert all(len(value.split()) <= 3 for value in one.values() if isinstance(value, str))
        assert one["end"] > one["start"] >= 0 and len(one["sha256"]) == 64
        if one["corpus"] == "polnear":  # outlet, date, hash
            assert len(one["document"].split("_")) == 3 and len(one["document"]) < 40


def test_counts_are_those_of_the_card(annotations):
    counts = defaultdict(Counter)
    for one in annotations:
        counts[one["split"]][one["label"]] += 1
    assert counts == card("disclaimers").tasks[0].variants[0].counts
    assert {one["corpus"] for one in annotations} == set(card("disclaimers").access.needs)


def test_publishers_stay_on_one_side(annotations):
    splits = defaultdict(set)
    for one in annotations:
        splits[one["publisher"]].add(one["split"])
    assert all(len(found) == 1 for found in splits.values())
    documents = defaultdict(set)
    for one in annotations:
        documents[one["corpus"], one["source_split"], one["document"]].add(one["split"])
    assert all(len(found) == 1 for found in documents.values())


def test_same_words_have_the_same_label(annotations):
    for key in ("wording", "cluster"):
        labels = defaultdict(set)
        for one in annotations:
            labels[one[key]].add(one["label"])
        assert all(len(found) == 1 for found in labels.values())


def test_every_text_of_the_public_corpora_is_found(monkeypatch):
    if not available("disclaimers"):
        pytest.skip("set STANCE_CORPORA to a mirror that holds the seven annotated corpora")
    rows = load("disclaimers", split="test")
    assert len(rows) == 428
    assert Counter(rows["wording"][:]) == {
        "new": 422, "same as in training": 5, "nearly as in training": 1,
    }  # fmt: skip
