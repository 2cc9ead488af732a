"""Texts cleaned with their spans, and checksums of folders."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.corpora.example import clean_with_spans
from stance.corpora.names import unknown
from stance.corpora.tree import file_sha256, files_below, tree_sha256
from stance.reading.cleaning import clean

WORD = st.text("abcé„“", min_size=1, max_size=4)
GAP = st.text(" \n\t\u00a0\u00ad\u200b", min_size=1, max_size=3)


@given(st.lists(st.tuples(GAP, WORD), min_size=1, max_size=6), st.data())
def test_spans_cut_out_the_cleaned_words(pieces, data):
    text = "".join(gap + word for gap, word in pieces) + "\u00ad \n"
    ends, at = [], 0
    for gap, word in pieces:
        at += len(gap) + len(word)
        ends.append((at - len(word), at))
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, len(pieces) - 1))
    span = Span(ends[first][0], ends[last][1])
    cleaned, (moved,) = clean_with_spans(text, [span])
    assert cleaned == clean(text)
    assert cleaned[moved.start : moved.end] == clean(text[span.start : span.end])


def test_clean_text_keeps_its_spans():
    assert clean_with_spans("The port.", [Span(4, 8)]) == ("The port.", (Span(4, 8),))


def test_tree_is_named_by_content_and_paths(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "one.txt").write_bytes(b"1")
    (tmp_path / "a.txt").write_bytes(b"2")
    one, two = (hashlib.sha256(data).hexdigest() for data in (b"1", b"2"))
    lines = f"{two}  a.txt\n{one}  b/one.txt\n"
    assert tree_sha256(tmp_path) == hashlib.sha256(lines.encode()).hexdigest()
    assert file_sha256(tmp_path / "a.txt") == two


def test_hidden_files_are_not_the_corpus(tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "x").write_bytes(b"")
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"")
    assert files_below(tmp_path) == [("a", tmp_path / "a")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("stanse", "task 'stanse' is unknown: did you mean 'stance'? Known: type, stance"),
        ("zzz", "task 'zzz' is unknown; known: type, stance"),
        (3, "task 3 is unknown; known: type, stance"),
    ],
)
def test_unknown_names(name, message):
    assert unknown("task", name, ["type", "stance"]) == message
