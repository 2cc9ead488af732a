"""Labels of corpora in a space that they share."""

from __future__ import annotations

import pytest

from stance.experiments.configs.data_config import CorpusConfig
from stance.experiments.runs.data import part_of
from stance.experiments.runs.relabelling import RelabelError, relabel_notes, relabelled

SHARED = CorpusConfig(
    name="sample", task="type", relabel={"report": "other", "analysis": "other", "disclaimer": None}
)


def test_labels_are_mapped_kept_or_left_out() -> None:
    given = ["quote", "report", "disclaimer", None, "analysis"]
    assert relabelled(given, SHARED) == ["quote", "other", None, None, "other"]
    assert relabelled(given, CorpusConfig(name="sample")) == given


def test_note_tells_the_map() -> None:
    assert list(relabel_notes(SHARED)) == [
        "The labels of sample are mapped for this comparison: report as other, analysis as other; "
        "disclaimer left out."
    ]
    assert not list(relabel_notes(CorpusConfig(name="sample")))


def test_part_holds_the_shared_labels_alone() -> None:
    part = part_of(SHARED, "test")  # 44 disclaimers of 447 paragraphs are left out
    assert {label: part.labels.count(label) for label in set(part.labels)} == {
        "quote": 151,
        "other": 252,
    }
    assert part.n_unlabelled == 0


def test_label_that_the_corpus_lacks_is_refused() -> None:
    corpus = CorpusConfig(name="sample", relabel={"raport": "other"})
    with pytest.raises(
        RelabelError, match=r"relabel names 'raport', must be one of .*did you mean 'report'"
    ):
        relabelled(["quote"], corpus)
