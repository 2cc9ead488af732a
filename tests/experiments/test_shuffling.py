"""Labels of the training part in random order: what is left to learn, and what the report says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.experiments.config import load_config
from stance.experiments.result import Cell
from stance.experiments.run import run_config
from stance.experiments.runs.controlled import labels_shuffled
from stance.experiments.runs.data import Data, DataError, load_data

from .conftest import CONFIG, Corpus, Words

Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("classifiers", "plain_report")

SHUFFLED = "controls: [labels-shuffled]\n"
THREE = "seeds: [0, 1, 2]\n"


def data_of(write: Write, more: str = "") -> Data:
    return load_data(load_config(write(CONFIG + more)))


def shuffled_cells(cells: tuple[Cell, ...], *, of: str = "words") -> list[Cell]:
    return [cell for cell in cells if cell.model == f"{of} labels-shuffled"]


def test_training_labels_are_dealt_anew_and_nothing_else_moves(
    corpus: Corpus, write: Write
) -> None:
    before = data_of(write)
    after = labels_shuffled(before, seed=0)
    old, new = before.folds[0].train, after.folds[0].train
    assert new.labels != old.labels
    assert Counter(new.labels) == Counter(old.labels)
    assert (new.passages, new.ids, new.columns) == (old.passages, old.ids, old.columns)
    assert after.test == before.test
    n_kept = sum(a == b for a, b in zip(old.labels, new.labels, strict=True))
    by_chance = sum((n / len(old)) ** 2 for n in Counter(old.labels).values())
    assert n_kept / len(old) == pytest.approx(by_chance, abs=0.15)


def test_a_seed_gives_one_order_and_another_seed_another(corpus: Corpus, write: Write) -> None:
    data = data_of(write)
    first, again, other = (labels_shuffled(data, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first.folds[0].train.labels != other.folds[0].train.labels
    assert len({data.fingerprint, first.fingerprint, other.fingerprint}) == 3


def test_every_fold_is_dealt_for_itself_among_its_own_passages(
    corpus: Corpus, write: Write
) -> None:
    data = data_of(write, "split: {kind: group_kfold, n_splits: 3, pool: [train]}\n")
    after = labels_shuffled(data, seed=0)
    for old, new in zip(data.folds, after.folds, strict=True):
        assert Counter(new.train.labels) == Counter(old.train.labels)
        assert new.train.labels != old.train.labels
        assert new.rows.tolist() == old.rows.tolist()


def test_model_falls_to_guessing_once_for_every_seed(corpus: Corpus, write: Write) -> None:
    seeds = list(range(9))
    outcome = run_config(write(CONFIG + SHUFFLED + f"seeds: {seeds}\n"))
    assert len(Words.fitted) == 1 + 9  # without random_state, the model itself is fitted once
    whole, cells = outcome.result.cells[0], shuffled_cells(outcome.result.cells)
    assert [(cell.role, cell.seed) for cell in cells] == [("control", seed) for seed in seeds]
    labels = Counter(row["label"] for row in corpus.splits["test"])
    commonest = max(labels.values()) / labels.total()
    assert whole.metrics["accuracy"].value > 0.85
    # Three words are all that this model knows, so that a single order may by luck fit them well.
    right = [cell.metrics["accuracy"].value for cell in cells]
    assert sum(right) / len(right) < commonest
    for cell in cells:
        assert cell.metrics["macro_f1"].value < whole.metrics["macro_f1"].value
        assert cell.comparison is not None and cell.ablation is not None
        assert cell.ablation.against == "words"


def test_the_report_tells_scores_and_permutation_p(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(CONFIG + SHUFFLED + THREE))
    (told,) = [note for note in outcome.result.notes if "random orders" in note]
    scores = [cell.metrics["macro_f1"].value for cell in shuffled_cells(outcome.result.cells)]
    whole = outcome.result.headline.value
    assert told.startswith(
        "words labels-shuffled, which learned from the training labels in 3 random orders: "
        f"macro-F1 {min(scores):.3f} to {max(scores):.3f}, words {whole:.3f}; accuracy "
    )
    assert "0 of 3 as high as words: permutation p 0.250, the least possible 0.250" in told


def test_model_that_does_not_learn_from_labels_is_found_out(corpus: Corpus, write: Write) -> None:
    config = CONFIG.replace("{kind: words}", "{kind: most}")
    outcome = run_config(write(config + SHUFFLED))
    (cell,) = shuffled_cells(outcome.result.cells)
    assert cell.metrics == outcome.result.cells[0].metrics
    (told,) = [note for note in outcome.result.notes if "a random order" in note]
    assert "1 of 1 as high as words: permutation p 1.000, the least possible 0.500" in told


def test_no_line_where_there_is_no_such_control(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    assert not [note for note in outcome.result.notes if "permutation p" in note]


def test_what_was_shuffled_before_is_not_trained_again(corpus: Corpus, write: Write) -> None:
    run_config(write(CONFIG + SHUFFLED + THREE))
    Words.fitted = []
    run_config(write(CONFIG + SHUFFLED + "seeds: [0, 1, 2, 3]\n"))
    assert len(Words.fitted) == 1


def test_one_label_in_training_is_refused(corpus: Corpus, write: Write) -> None:
    for row in corpus.splits["train"]:
        row["label"] = "quote"
    with pytest.raises(
        DataError,
        match=r"control 'labels-shuffled': the training passages of 'harbour' all have the label "
        r"'quote', leave it out",
    ):
        run_config(write(CONFIG + SHUFFLED))
