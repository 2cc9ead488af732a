from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stance.experiments.config import load_config
from stance.experiments.run import run_config
from stance.experiments.runs.controlled import NO_TEXT, controlled
from stance.experiments.runs.data import Data, DataError, load_data

from .conftest import CONFIG, Corpus, Words

Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("classifiers", "plain_report")

OUTLETS = ("Dock Post", "Gull", "Pier News")
LEAVE_OUT = "split: {kind: leave_one_group_out, column: outlet, pool: [train]}\n"


@pytest.fixture
def outlets(corpus: Corpus) -> Corpus:
    """Every article of training has one of three outlets, every second passage a target."""
    for rows in corpus.splits.values():
        for i, row in enumerate(rows):
            row["outlet"] = OUTLETS[int(row["group"].split("/")[1]) % 3]
            row["target"] = ("harbour", "pier", None)[i % 3]
    return corpus


def rows_of(folder: Path, model: str) -> list[dict[str, object]]:
    table: list[dict[str, object]] = pq.read_table(folder / "predictions.parquet").to_pylist()
    return [row for row in table if row["model"] == model]


def data_of(write: Write, split: str) -> Data:
    return load_data(load_config(write(CONFIG + split)))


def test_every_value_of_a_column_is_held_out_in_turn(outlets: Corpus, write: Write) -> None:
    outcome = run_config(write(CONFIG + LEAVE_OUT))
    assert len(Words.fitted) == 3
    outlet_of = {row["group"]: row["outlet"] for row in outlets.splits["train"]}
    for fold, seen in enumerate(Words.fitted):
        assert {outlet_of[passage.group] for passage in seen} == {*OUTLETS} - {OUTLETS[fold]}
    rows = rows_of(outcome.folder, "words")
    assert len(rows) == 120
    assert {(row["fold"], outlet_of[row["group"]]) for row in rows} == set(enumerate(OUTLETS))
    assert outcome.answer.startswith("On leave-one-outlet-out of harbour (30 articles, 120 para")
    assert "Every outlet was predicted by a model that had not seen it (3 in turn, pooled)" in (
        " ".join(outcome.result.notes)
    )


def test_values_held_out_are_scored_one_by_one_the_worst_first(
    outlets: Corpus, write: Write
) -> None:
    outcome = run_config(write(CONFIG + LEAVE_OUT + "metric: accuracy\n"))
    told = [note for note in outcome.result.notes if "held out:" in note]
    rows = rows_of(outcome.folder, "words")
    right = {
        name: [row["label"] == row["predicted"] for row in rows if row["fold"] == fold]
        for fold, name in enumerate(OUTLETS)
    }
    shares = sorted((sum(hits) / len(hits), name) for name, hits in right.items())
    assert len(told) == 3
    for note, (share, name) in zip(told, shares, strict=True):
        assert note.startswith(f"words on {name!r}, held out: accuracy {share:.3f} [")
        assert note.endswith("40 paragraphs.")


def test_articles_that_are_tested_are_not_learned_from(outlets: Corpus, write: Write) -> None:
    for row in outlets.splits["train"]:  # every article has passages on each target
        row["target"] = ("harbour", "pier")[row["index"] % 2] if row["group"] < "train/2" else "sea"
    data = data_of(write, "split: {kind: leave_one_group_out, column: target, pool: [train]}\n")
    assert [fold.held_out for fold in data.folds] == ["harbour", "pier", "sea"]
    for fold in data.folds:
        tested = {data.test.passages[row].group for row in fold.rows}
        assert not tested & set(fold.train.groups)
        assert fold.held_out not in {passage.target for passage in fold.train.passages}


def test_passages_without_a_value_are_learned_from_and_not_tested(
    outlets: Corpus, write: Write
) -> None:
    for row in outlets.splits["train"]:
        row["target"] = None if row["group"] < "train/2" else row["target"] or "harbour"
    data = data_of(write, "split: {kind: leave_one_group_out, column: target, pool: [train]}\n")
    n_without = sum(row["target"] is None for row in outlets.splits["train"])
    assert n_without > 0
    assert len(data.test) == 120 - n_without
    assert f"{n_without} passages have no target: learned from, not tested." in data.notes
    for fold in data.folds:
        assert {None} <= {passage.target for passage in fold.train.passages}


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("outlt", r"has no column 'outlt', expected one of .*; did you mean 'outlet'\?"),
        ("headline", r"column 'headline' has 0 values, expected 2 to 200"),
        ("text", r"column 'text' has \d+ values, expected 2 to 200 to hold each out in turn"),
    ],
)
def test_column_that_cannot_be_held_out_is_refused(
    outlets: Corpus, write: Write, column: str, told: str
) -> None:
    outlets.splits["train"] += outlets.splits["test"]
    with pytest.raises(DataError, match=told):
        data_of(write, f"split: {{kind: leave_one_group_out, column: {column}, pool: [train]}}\n")


@pytest.fixture
def other(corpus: Corpus, tmp_path: Path) -> Path:
    """A file of passages with one label more and one less than the corpus."""
    rows = [
        {**row, "label": {"analysis": "poem"}.get(row["label"], row["label"])}
        for row in corpus.splits["test"]
    ]
    path = tmp_path / "other.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def with_other(corpus: Corpus, other: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes the file a corpus that has splits."""
    from datasets import Dataset

    import stance.corpora

    load = stance.corpora.load

    def load_either(name: str, *, split: str | None = None, task: str | None = None) -> object:
        if name != str(other):
            return load(name, split=split, task=task)
        lines = other.read_text(encoding="utf-8").splitlines()
        return Dataset.from_list([json.loads(line) for line in lines])

    monkeypatch.setattr("stance.corpora.load", load_either)
    return other


def test_learning_from_one_corpus_and_testing_on_another(
    corpus: Corpus, write: Write, with_other: Path
) -> None:
    outcome = run_config(write(CONFIG + f"split: {{kind: transfer, to: {{name: {with_other}}}}}\n"))
    cell = outcome.result.cells[0]
    assert cell.corpus == str(with_other)
    assert set(cell.labels) == {"quote", "report"}
    assert {p.group.split("/")[0] for p in Words.fitted[0]} == {"train"}
    n_poems = sum(row["label"] == "analysis" for row in corpus.splits["test"])
    n_analyses = sum(row["label"] == "analysis" for row in corpus.splits["train"])
    assert outcome.result.headline.n_passages == 128 - n_poems
    notes = outcome.result.notes
    assert any(
        note == f"Learned from harbour (train), tested on {with_other}; labels of both: quote, "
        "report."
        for note in notes
    )
    assert (
        f"{n_analyses} passages of harbour are not learned from: the other corpus has no analysis."
        in notes
    )
    assert any(
        note.startswith(f"{n_poems} passages of {with_other} are not tested") for note in notes
    )
    assert [(c.corpus, c.split) for c in outcome.result.data] == [
        ("harbour", "train"),
        (str(with_other), "all"),
    ]


@pytest.mark.parametrize(
    ("split", "told"),
    [
        (
            "to: {name: harbr}",
            r"split\.to\.name = 'harbr', must be a file or one of 'harbour'; did",
        ),
        ("to: {name: harbour, task: typ}", r"split\.to\.task = 'typ', must be one of 'type'"),
        ("to: {name: harbour}, test: tst", r"split\.test = 'tst', must be one of 'train', 'valid"),
        ("to: {name: harbour}, train: [x]", r"split\.train\[0\] = 'x', must be one of 'train'"),
        ("test: test", r"split\.to is missing, must be given"),
    ],
)
def test_mistakes_of_a_transfer(corpus: Corpus, write: Write, split: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_config(write(f"{CONFIG}split: {{kind: transfer, {split}}}\n"))


def test_corpora_with_one_label_in_common_are_refused(
    corpus: Corpus, write: Write, with_other: Path
) -> None:
    for row in corpus.splits["train"]:
        row["label"] = "quote"
    with pytest.raises(DataError, match=r"have 1 labels in common \(quote\), expected 2 or more"):
        run_config(write(CONFIG + f"split: {{kind: transfer, to: {{name: {with_other}}}}}\n"))


def test_variant_of_other_training_is_compared_and_of_another_test_is_not(
    corpus: Corpus, write: Write
) -> None:
    variants = (
        "{more: {split.train: [train, validation]}, small: {split.test: validation}, "
        "folds: {split: {kind: group_kfold, n_splits: 3, pool: [train]}}}"
    )
    outcome = run_config(write(f"{CONFIG}sweep: {{variants: {variants}}}\n"))
    cells = {cell.model: cell for cell in outcome.result.cells}
    assert {name: cell.split for name, cell in cells.items() if cell.role == "variant"} == {
        "words more": "test",
        "words small": "validation",
        "words folds": "cross-validation",
    }
    assert cells["words more"].comparison is not None
    assert cells["words small"].comparison is None
    assert len(rows_of(outcome.folder, "words small")) == 20
    assert len(rows_of(outcome.folder, "words folds")) == 120
    assert any(
        note.startswith("words small: tested on other passages than the rest (harbour, validation")
        for note in outcome.result.notes
    )


def test_model_is_saved_of_an_official_split_only(corpus: Corpus, write: Write) -> None:
    with pytest.raises(ValueError, match=r"split\.kind = 'group_kfold', must be 'official' where"):
        load_config(write(CONFIG + "split: {kind: group_kfold}\nsave_model: models/x\n"))


def controlled_by(write: Write, control: str) -> tuple[Data, Data]:
    data = data_of(write, "")
    return data, controlled(data, control)


def test_target_removed_leaves_none_in_training_and_test(outlets: Corpus, write: Write) -> None:
    before, after = controlled_by(write, "target-removed")
    assert {p.target for p in (*after.test.passages, *after.folds[0].train.passages)} == {None}
    assert [p.text for p in after.test.passages] == [p.text for p in before.test.passages]
    assert after.fingerprint != before.fingerprint


def test_target_shuffled_asks_a_model_that_learned_as_always_about_others(
    outlets: Corpus, write: Write
) -> None:
    before, after = controlled_by(write, "target-shuffled")
    assert after.folds[0].train == before.folds[0].train
    pairs = list(zip(before.test.passages, after.test.passages, strict=True))
    assert all(old.target != new.target for old, new in pairs)
    assert sorted(str(old.target) for old, _ in pairs) == sorted(
        str(new.target) for _, new in pairs
    )
    assert all(old.text == new.text for old, new in pairs)


def test_text_removed_leaves_target_and_place(outlets: Corpus, write: Write) -> None:
    before, after = controlled_by(write, "text-removed")
    for old, new in zip(before.test.passages, after.test.passages, strict=True):
        assert (new.text, new.headline, new.previous, new.following) == (NO_TEXT, "", "", "")
        assert (new.target, new.index, new.group) == (old.target, old.index, old.group)
    assert {p.text for p in after.folds[0].train.passages} == {NO_TEXT}


def test_quotation_removed_cuts_what_stands_between_marks(corpus: Corpus, write: Write) -> None:
    texts = ["“It held,” she said. “For now.”", "It rained.", "“All of it.”"]
    for row, text in zip(corpus.splits["test"], texts, strict=False):
        row["text"] = text
    after = controlled_by(write, "quotation-removed")[1]
    assert [p.text for p in after.test.passages[:3]] == ["she said.", "It rained.", NO_TEXT]


@pytest.mark.parametrize(
    ("control", "told"),
    [
        ("target-removed", "has no target, leave it out"),
        ("target-shuffled", "has no two targets, leave it out"),
        ("quotation-removed", "has nothing to remove, leave it out"),
    ],
)
def test_control_with_nothing_to_take_is_refused(
    corpus: Corpus, write: Write, control: str, told: str
) -> None:
    with pytest.raises(DataError, match=f"control '{control}': the test set of 'harbour' {told}"):
        run_config(write(f"{CONFIG}controls: [{control}]\n"))


def test_controls_are_cells_beside_the_headline(outlets: Corpus, write: Write) -> None:
    outcome = run_config(write(CONFIG + "controls: [text-removed, target-removed]\n"))
    cells = {cell.model: cell for cell in outcome.result.cells}
    assert cells["words text-removed"].role == "control"
    assert cells["words text-removed"].comparison is not None
    gone, whole = cells["words text-removed"], cells["words"]
    assert gone.metrics["macro_f1"].value < whole.metrics["macro_f1"].value
    assert cells["words target-removed"].metrics == whole.metrics  # it never reads the target
