from __future__ import annotations

import re

import pytest

from stance.corpora import card, corpus_names
from stance.reporting.bibliography import (
    bibliography,
    citation_keys,
    corpus_entries,
    split_entries,
    works,
)


def is_balanced(text: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\[{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def test_every_work_has_a_key_of_its_own_a_title_authors_and_a_year() -> None:
    assert len(works()) >= 20
    for key, entry in works().items():
        assert citation_keys(entry) == (key,)
        assert is_balanced(entry), key
        year = re.search(r"year = {(\d{4})}", entry)
        assert year is not None, key
        assert f"-{year[1]}-" in key
        assert all(f"  {field} = {{" in entry for field in ("title", "author", "year")), key


@pytest.mark.parametrize("name", corpus_names())
def test_every_corpus_of_the_catalogue_can_be_cited(name: str) -> None:
    entries = corpus_entries(name)
    assert entries
    assert all(is_balanced(entry) and "title = {" in entry for entry in entries.values())
    if card(name).citation:
        assert tuple(entries) == citation_keys(card(name).citation)


def test_packaged_corpus_is_cited_by_its_card() -> None:
    (entry,) = corpus_entries("sample").values()
    assert entry.startswith("@misc{stance-sample,")
    assert "title = {Sample corpus}" in entry


def test_table_of_ones_own_has_no_entry() -> None:
    assert corpus_entries("mine.csv") == {}


def test_entries_are_told_apart_and_comments_dropped() -> None:
    text = "% of mine\n@misc{a-2020, title = {A @ home}}\nnotes\n@book{b:1, title={B}}\n"
    assert tuple(split_entries(text)) == ("a-2020", "b:1")


def test_a_work_that_is_cited_twice_stands_once() -> None:
    text = bibliography({"a": "@misc{a,}", "b": "@misc{b,}"}, ["b", "a", "b"])
    assert text == "@misc{b,}\n\n@misc{a,}\n"
