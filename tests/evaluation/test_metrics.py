from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_recall_fscore_support

from stance.evaluation.metrics import (
    RELATIONS,
    SIDES,
    accuracy,
    confusion_counts,
    f1,
    f_avg,
    group_codes,
    macro_f1,
    precision,
    recall,
    scores,
    weighted_score,
)
from stance.evaluation.official import fnc1_weighted, semeval2016_f_avg

LABELS = ["disclaimer", "quote", "report"]


def test_metrics_by_hand() -> None:
    counts = confusion_counts(
        ["quote", "quote", "quote", "report", "report", "disclaimer"],
        ["quote", "quote", "report", "report", "quote", "disclaimer"],
        labels=LABELS,
    )[0]
    assert precision(counts).tolist() == pytest.approx([1, 2 / 3, 1 / 2])
    assert recall(counts).tolist() == pytest.approx([1, 2 / 3, 1 / 2])
    assert macro_f1(counts) == pytest.approx((1 + 2 / 3 + 1 / 2) / 3)
    assert accuracy(counts) == pytest.approx(4 / 6)


def test_missing_and_foreign_predictions_are_wrong() -> None:
    truth = ["quote", "quote", "report", "report"]
    counts = confusion_counts(truth, ["quote", None, "report", "poem"], labels=LABELS)[0]
    assert accuracy(counts) == 0.5
    assert recall(counts)[1:].tolist() == [0.5, 0.5]
    assert precision(counts)[1:].tolist() == [1.0, 1.0]


def test_label_that_occurs_nowhere_is_left_out_of_the_mean() -> None:
    counts = confusion_counts(["quote", "report"], ["quote", "report"], labels=LABELS)[0]
    assert np.isnan(f1(counts)[0])
    assert macro_f1(counts) == 1.0


def test_label_that_is_predicted_but_never_true_counts_with_zero() -> None:
    counts = confusion_counts(["quote", "report"], ["quote", "disclaimer"], labels=LABELS)[0]
    assert f1(counts).tolist() == [0.0, 1.0, 0.0]
    assert macro_f1(counts) == pytest.approx(1 / 3)


def test_nothing_to_score_is_undefined_not_zero() -> None:
    counts = np.zeros((3, 4), np.int64)
    assert np.isnan(macro_f1(counts))
    assert np.isnan(accuracy(counts))


answers = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1)


@given(answers)
def test_agrees_with_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, predicted = map(list, zip(*pairs, strict=True))
    counts = confusion_counts(truth, predicted, labels=LABELS)[0]
    assert macro_f1(counts) == pytest.approx(
        f1_score(truth, predicted, average="macro", zero_division=0)
    )
    expected = precision_recall_fscore_support(truth, predicted, labels=LABELS, zero_division=0)
    occurs = [label in {*truth, *predicted} for label in LABELS]
    for metric, values in zip((precision, recall, f1), expected[:3], strict=True):
        assert metric(counts)[occurs].tolist() == pytest.approx(values[occurs].tolist())


def test_counts_by_group_add_up_and_keep_the_order_of_appearance() -> None:
    counts = confusion_counts(
        ["quote", "report", "quote", "quote"],
        ["quote", "quote", "quote", None],
        labels=LABELS,
        groups=["z", "a", "z", ""],
    )
    assert counts.shape == (3, 3, 4)
    assert counts[0, 1, 1] == 2  # article z
    assert counts[1, 2, 1] == 1  # article a
    assert counts[2, 1, 3] == 1  # the passage alone
    assert counts.sum() == 4


def test_passages_without_an_article_stand_alone() -> None:
    assert group_codes(["", "a", "", "a"]).tolist() == [0, 1, 2, 1]


def test_one_call_scores_many_counts() -> None:
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 9, size=(5, 3, 4))
    table = scores(counts, LABELS)
    assert set(table) == {"macro_f1", "accuracy"} | {
        f"{name}/{label}" for name in ("precision", "recall", "f1") for label in LABELS
    }
    for i in range(5):
        assert table["macro_f1"][i] == pytest.approx(float(macro_f1(counts[i])))


def test_unknown_true_label_is_named_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"y_true\[1\] = 'poem', expected one of \['disclaimer'"):
        confusion_counts(["quote", "poem"], ["quote", "quote"], labels=LABELS)


def test_unequal_lengths_are_named() -> None:
    with pytest.raises(ValueError, match=r"equal length, got \{'y_true': 2, 'y_pred': 1\}"):
        confusion_counts(["quote", "quote"], ["quote"], labels=LABELS)


@given(
    st.lists(
        st.tuples(st.sampled_from(RELATIONS), st.sampled_from([*RELATIONS, "poem", None])),
        min_size=1,
        max_size=30,
    )
)
def test_weighted_score_is_the_official_one(pairs: list[tuple[str, str | None]]) -> None:
    gold, predicted = [true for true, _ in pairs], [answer for _, answer in pairs]
    counts = confusion_counts(gold, predicted, labels=RELATIONS)
    official = fnc1_weighted(gold, predicted, labels=RELATIONS)
    assert weighted_score(counts)[0] == pytest.approx(official.value)


def test_weighted_score_stands_only_where_its_labels_do() -> None:
    assert "weighted_score" in scores(np.zeros((4, 5)), RELATIONS)
    assert "weighted_score" not in scores(np.zeros((4, 5)), sorted(RELATIONS))


SIDED = (*SIDES, "neutral")


@given(
    st.lists(
        st.tuples(st.sampled_from(SIDED), st.sampled_from([*SIDED, "poem", None])),
        min_size=1,
        max_size=30,
    )
)
def test_f_avg_is_the_official_one(pairs: list[tuple[str, str | None]]) -> None:
    gold, predicted = [true for true, _ in pairs], [answer for _, answer in pairs]
    counts = confusion_counts(gold, predicted, labels=SIDED)
    official = semeval2016_f_avg(gold, predicted, labels=SIDED)
    assert f_avg(counts)[0] == pytest.approx(official.value)


def test_f_avg_stands_only_where_the_sides_come_first() -> None:
    assert "f_avg" in scores(np.zeros((3, 4)), SIDED)
    assert "f_avg" not in scores(np.zeros((3, 4)), sorted(SIDED))
