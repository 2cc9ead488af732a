"""The packaged corpus: labels found again in the pages they index."""

from __future__ import annotations

import json

import pytest

from stance.corpora import load, locate
from stance.passage import as_passages
from stance.reading.cleaning import clean


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))


@pytest.fixture(scope="module")
def articles():
    found = {}
    for path in sorted(locate("sample").glob("*/*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        article["text"] = path.with_suffix(".txt").read_bytes().decode("utf-8")
        found[article["id"]] = article
    return found


def test_parts_cover_their_pages(articles):
    for article in articles.values():
        ends = [0, *(part["end"] for part in article["parts"])]
        assert ends[-1] == len(article["text"])
        assert ends[:-1] == [part["start"] for part in article["parts"]]


def test_mentions_read_as_on_the_page(articles):
    rows = load("sample", split="test", task="stance")
    for row in rows:
        article = articles[row["group"]]
        start = int(row["id"].split("#")[1].split("/")[0])
        part = next(part for part in article["parts"] if part["start"] == start)
        stance = next(s for s in part["stances"] if s["target"] == row["target"])
        on_page = [clean(article["text"][a:b]) for a, b in stance["mentions"]]
        assert [row["text"][a:b] for a, b in row["mentions"]] == on_page


def test_types_carry_voice_and_neighbours():
    for passage in as_passages(load("sample", split="validation", task="type")):
        assert passage.voice and passage.headline
        assert bool(passage.previous) == (passage.index > 0)
        assert bool(passage.following) == (passage.index < passage.n_paragraphs - 1)


def test_parts_hold_all_kinds_and_reasons():
    rows = load("sample", split="train", task="parts")
    for label, reason, kind in zip(rows["label"], rows["reason"], rows["type"], strict=True):
        assert (label == "furniture") == (reason is not None)
        assert (label == "paragraph") == (kind is not None)


def test_outlets_do_not_cross_splits():
    outlets = [set(rows["outlet"]) for rows in load("sample").values()]
    assert sum(map(len, outlets)) == len(set.union(*outlets)) == 14
