from __future__ import annotations

import json
import os

import pytest

from stance.corpora.audit import Examples, audit, audited
from stance.corpora.audit_report import as_markdown, finding, write_audit
from stance.corpora.evidence import Audit

needs_corpora = pytest.mark.skipif(
    "STANCE_CORPORA" not in os.environ, reason="set STANCE_CORPORA to a mirror of the corpora"
)


def examples(*rows: tuple[str, str, str | None, str]) -> Examples:
    texts, labels, targets, groups = ([row[k] for row in rows] for k in range(4))
    return Examples(texts, labels, targets, groups, [()] * len(rows))


LONG = "the harbour board met on monday and put off the vote on the new pier until after easter"
TRAIN = examples(
    ("It snowed.", "report", None, "a"),
    ("It snowed.", "report", None, "b"),
    ("Rain is good.", "favor", "Rain", "c"),
    ("Rain is good.", "against", "Rain", "c"),
    (LONG, "report", None, "d"),
)
TEST = examples(
    ("It snowed.", "quote", None, "a"),
    ("it SNOWED", "report", None, "e"),
    ("Rain is good.", "favor", "Sun", "e"),
    (LONG + " monday", "report", None, "f"),
    ("", "report", "rain", ""),
)


@pytest.fixture
def found() -> Audit:
    return audited({"train": TRAIN, "test": TEST}, corpus="own", task="t", variant="v")


class TestAudited:
    def test_splits(self, found):
        train, test = found.splits
        assert (train.n_rows, train.n_texts, train.n_folded, train.n_examples) == (5, 3, 3, 3)
        assert (test.n_rows, test.n_texts, test.n_folded) == (5, 5, 4)
        assert (train.n_groups, test.n_groups) == (4, 3)
        assert (train.n_targets, test.n_targets, test.n_empty) == (1, 2, 1)
        assert train.labels == {"against": 1, "favor": 1, "report": 3}
        assert train.words[0] == 2  # "It snowed."
        assert train.words[3] == 3
        assert train.words[6] == 18

    def test_overlap(self, found):
        (overlap,) = found.overlaps
        assert (overlap.split, overlap.reference, overlap.n_rows) == ("test", "train", 5)
        assert (overlap.as_written, overlap.texts_as_written) == (2, 2)
        assert overlap.labels == {"favor": 1, "quote": 1}
        assert overlap.questions == 1  # rain is asked about, not the sun
        assert (overlap.folded, overlap.texts_folded) == (3, 2)
        assert (overlap.near, overlap.texts_near) == (4, 3)
        assert overlap.other_label == 1  # it snowed: report there, quote here
        assert overlap.groups == 1
        assert (overlap.targets, overlap.rows_of_targets) == (1, 1)

    def test_conflicts_over_all_splits(self, found):
        # it snowed: 3 report, 1 quote; rain is good: favor and against
        assert (found.n_conflicts, found.rows_in_conflict) == (2, 6)

    def test_three_splits_are_compared_with_all_before(self):
        one = examples(("a b c", "x", None, ""))
        two = examples(("d e f", "x", None, ""))
        both = examples(("a b c", "x", None, ""), ("d e f", "x", None, ""))
        overlaps = audited({"1": one, "2": two, "3": both}, corpus="own").overlaps
        assert [(o.split, o.reference, o.as_written) for o in overlaps] == [
            ("2", "1", 0),
            ("3", "1", 1),
            ("3", "2", 1),
            ("3", "1+2", 2),
        ]

    def test_place_of_the_target_makes_another_question(self):
        first = Examples(["A met A."], ["favor"], ["A"], [""], [((0, 1),)])
        second = Examples(["A met A."], ["against"], ["A"], [""], [((6, 7),)])
        found = audited({"train": first, "test": second}, corpus="own")
        assert (found.overlaps[0].as_written, found.overlaps[0].questions) == (1, 0)
        assert found.n_conflicts == 0

    def test_empty_split(self):
        assert audited({"train": examples(), "test": TEST}, corpus="own").splits[0].n_rows == 0


class TestWriting:
    def test_files(self, found, tmp_path):
        paths = write_audit(found, tmp_path / "reports" / "corpora")
        names = ["own.json", "own.md", "own.svg", "own.png"]
        assert [path.name for path in paths] == names
        assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(names)
        content = json.loads(paths[0].read_text(encoding="utf-8"))
        assert content["overlaps"][0]["as_written"] == 2
        assert content["splits"][1]["labels"] == {"favor": 1, "quote": 1, "report": 3}

    def test_same_bytes_each_time(self, found, tmp_path):
        first = [path.read_bytes() for path in write_audit(found, tmp_path / "a")]
        second = [path.read_bytes() for path in write_audit(found, tmp_path / "b")]
        assert first == second

    def test_the_sentence_says_how_much_leaks(self, found):
        sentence = "own: 4 of 5 rows of test stand in train, 2 of them as written"
        assert finding(found) == sentence
        assert sentence in as_markdown(found, figure="own.svg")

    def test_nothing_leaks(self):
        clean = audited({"a": examples(("x", "l", None, "")), "b": TEST}, corpus="own")
        assert finding(clean) == "own: no text stands in two splits, nor nearly"

    def test_no_text_of_a_corpus_is_written(self, found, tmp_path):
        for path in write_audit(found, tmp_path):
            assert b"snowed" not in path.read_bytes().lower()

    def test_a_label_cannot_break_a_table(self, tmp_path):
        odd = audited({"a": examples(("x", "l|m", None, ""))}, corpus="own")
        assert "| l\\|m | 1 |" in as_markdown(odd, figure="")


def overlap_of(name: str, split: str, reference: str, **options: str):
    found = audit(name, **options)
    return next(o for o in found.overlaps if (o.split, o.reference) == (split, reference))


@needs_corpora
class TestKnownLeaks:
    """Leaks that are documented of public corpora must be found without being told."""

    def test_dse(self):
        overlap = overlap_of("dse", "test", "train+valid", task="relation", variant="published")
        assert overlap.questions == 442
        assert (overlap.as_written, overlap.folded) == (443, 444)

    def test_dse_deduplicated(self):
        found = overlap_of("dse", "test", "train+valid", task="relation", variant="deduplicated")
        assert found.questions == 0

    def test_newsdiscourse(self):
        overlap = overlap_of("newsdiscourse", "test", "train", task="roles-sentences")
        assert overlap.as_written == 161
        assert overlap.labels["na"] == 129

    def test_newsmtsc(self):
        found = audit("newsmtsc", variant="paper")
        leaks = {(o.split, o.reference): o.texts_as_written for o in found.overlaps}
        assert leaks["devtest_rw", "train"] == 4
        assert leaks["devtest_mt", "train"] == 2


class TestAudit:
    def test_unknown_names(self):
        with pytest.raises(ValueError, match="did you mean 'newsmtsc'"):
            audit("newsmts")
        with pytest.raises(ValueError, match="corpus 'sample': task 'types'"):
            audit("sample", task="types")

    def test_packaged_corpus_has_no_leak(self):
        assert all(overlap.near == 0 for overlap in audit("sample", task="type").overlaps)
