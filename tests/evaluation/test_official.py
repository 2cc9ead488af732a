from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.evaluation.official import (
    FNC1_LABELS,
    NEWSDISCOURSE_LABELS,
    SEMEVAL_LABELS,
    fnc1_weighted,
    newsdiscourse_macro_f1,
    newsmtsc_macro_f1,
    semeval2016_f_avg,
    vast_macro_f1,
)
from stance.evaluation.official_spans import span_f1


def cases(name: str) -> list[dict[str, Any]]:
    corpora = os.environ.get("STANCE_CORPORA")
    path = Path(corpora or ".").resolve().parent / "oracles" / f"{name}.json"
    if not corpora or not path.is_file():
        pytest.skip(
            f"official scorer's outputs not found: no STANCE_CORPORA/../oracles/{name}.json"
        )
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return found


class TestSemeval:
    def test_official_program(self):
        for case in cases("semeval2016_t6"):
            score = semeval2016_f_avg(case["gold"], case["predicted"])
            # the program prints four digits
            assert score.value == pytest.approx(case["f_avg"], abs=1e-4), case["name"]
            assert score.parts["f1/favor"] == pytest.approx(case["f1_favor"], abs=5.1e-5)
            assert score.parts["f1/against"] == pytest.approx(case["f1_against"], abs=5.1e-5)
            assert score.n_invalid == 0

    def test_by_hand(self):
        gold = ["FAVOR", "FAVOR", "AGAINST", "AGAINST", "NONE"]
        predicted = ["FAVOR", "AGAINST", "AGAINST", "NONE", "FAVOR"]
        # FAVOR: 1 of 2 found, 1 of 2 right. AGAINST: the same.
        score = semeval2016_f_avg(gold, predicted)
        assert (score.value, score.parts) == (0.5, {"f1/favor": 0.5, "f1/against": 0.5})

    def test_none_alone_earns_nothing(self):
        assert semeval2016_f_avg(["NONE"], ["NONE"]).value == 0.0

    def test_invalid_prediction_is_wrong_and_counted(self):
        gold = ["FAVOR", "FAVOR", "AGAINST", "NONE"]
        score = semeval2016_f_avg(gold, ["FAVOR", None, "against", "NONE"])
        assert (score.n, score.n_invalid) == (4, 2)
        assert score.parts == {"f1/favor": pytest.approx(2 / 3), "f1/against": 0.0}

    def test_labels_of_this_package(self):
        score = semeval2016_f_avg(
            ["favor", "against"], ["favor", "against"], labels=("favor", "against", "neutral")
        )
        assert score.value == 1.0


class TestFnc1:
    def test_official_program(self):
        for case in cases("fnc1"):
            score = fnc1_weighted(case["gold"], case["predicted"])
            assert score.parts["points"] == case["score"], case["name"]
            assert score.parts["max_points"] == case["max_score"]
            assert score.parts["null_points"] == case["null_score"]
            assert score.parts["percent"] == pytest.approx(case["percent"], abs=1e-9)
            assert score.value == pytest.approx(case["percent"] / 100, abs=1e-11)

    @pytest.mark.parametrize(
        ("gold", "predicted", "points"),
        [
            ("agree", "agree", 1.0),
            ("agree", "discuss", 0.25),
            ("agree", "unrelated", 0.0),
            ("unrelated", "agree", 0.0),
            ("unrelated", "unrelated", 0.25),
            ("agree", "perhaps", 0.0),
        ],
    )
    def test_points_by_hand(self, gold, predicted, points):
        assert fnc1_weighted([gold], [predicted]).parts["points"] == points

    def test_invalid_is_not_taken_for_unrelated(self):
        score = fnc1_weighted(["unrelated", "agree"], [None, "agree"])
        assert score.parts["points"] == 1.0
        assert score.parts["percent"] == 80.0
        assert score.n_invalid == 1


class TestVast:
    gold = ("FAVOR", "AGAINST", "NONE", "FAVOR", "AGAINST", "NONE")
    predicted = ("FAVOR", "AGAINST", "AGAINST", "AGAINST", "AGAINST", "NONE")

    def test_by_hand(self):
        score = vast_macro_f1(self.gold, self.predicted, seen=["0", "0", "0", "1", "1", "1"])
        # zero-shot: favor 1, against 2/3, none 0; few-shot: favor 0, against 2/3, none 1
        assert score.parts["macro_f1/zero"] == pytest.approx(5 / 9)
        assert score.parts["macro_f1/few"] == pytest.approx(5 / 9)
        # all: favor 2/3, against 2*2/(2+4), none 2/3
        assert score.value == pytest.approx(2 / 3)
        assert score.parts["f1/AGAINST"] == pytest.approx(2 / 3)

    def test_all_three_labels_count_where_one_is_missing(self):
        score = vast_macro_f1(["FAVOR", "AGAINST"], ["FAVOR", "AGAINST"], seen=[0, 0])
        assert score.value == pytest.approx(2 / 3)
        assert "macro_f1/few" not in score.parts

    def test_invalid_prediction_counts_in_its_part(self):
        score = vast_macro_f1(self.gold, (None, *self.gold[1:]), seen=[0, 0, 0, 1, 1, 1])
        assert score.n_invalid == 1
        assert score.parts["macro_f1/zero"] == pytest.approx(2 / 3)
        assert score.parts["macro_f1/few"] == 1.0

    def test_seen_out_of_range(self):
        with pytest.raises(ValueError, match=r"seen\[1\]: expected 0 .* got '2'"):
            vast_macro_f1(["FAVOR"] * 2, ["FAVOR"] * 2, seen=["1", "2"])
        with pytest.raises(ValueError, match="seen: expected 2 values, one per item, got 1"):
            vast_macro_f1(["FAVOR"] * 2, ["FAVOR"] * 2, seen=[1])


class TestNewsmtsc:
    def test_by_hand(self):
        score = newsmtsc_macro_f1([-1, -1, 0, 1], [-1, 0, 0, 0])
        # F1: negative 2/3, neutral 1/2, positive 0; recall 1/2, 1, 0
        assert score.value == pytest.approx((2 / 3 + 1 / 2) / 3)
        assert score.parts["f1pn"] == pytest.approx(1 / 3)
        assert score.parts["mean_recall"] == pytest.approx(1 / 2)
        assert score.parts["accuracy"] == 0.5
        assert score.parts["f1/-1"] == pytest.approx(2 / 3)

    def test_labels_spelt_otherwise(self):
        names = ("against", "neutral", "favor")
        assert newsmtsc_macro_f1(names, names, labels=names).parts["f1pn"] == 1.0


class TestNewsdiscourse:
    def test_na_counts_like_any_role(self):
        score = newsdiscourse_macro_f1(["NA", "Main", "Main"], ["NA", "NA", "Main"])
        assert score.parts["f1/NA"] == pytest.approx(2 / 3)
        assert score.value == pytest.approx(2 / 3)
        assert score.parts["micro_f1"] == pytest.approx(2 / 3)

    def test_nine_roles(self):
        assert len(NEWSDISCOURSE_LABELS) == 9
        assert newsdiscourse_macro_f1(NEWSDISCOURSE_LABELS, NEWSDISCOURSE_LABELS).value == 1.0

    def test_a_predicted_role_that_never_occurs_counts_as_zero(self):
        score = newsdiscourse_macro_f1(["Main", "NA"], ["Main", "Cause_General"])
        assert score.value == pytest.approx(1 / 3)


class TestAgainstScikitLearn:
    """Random labels, invalid ones among them, against the library the authors' programs use."""

    @pytest.mark.parametrize("seed", range(3))
    def test_macro_f1(self, seed):
        from sklearn.metrics import f1_score

        rng = np.random.default_rng(seed)
        gold = rng.choice(NEWSDISCOURSE_LABELS[:7], 200)
        predicted = np.where(rng.random(200) < 0.5, gold, rng.choice(NEWSDISCOURSE_LABELS, 200))
        score = newsdiscourse_macro_f1(gold.tolist(), predicted.tolist())
        wanted = f1_score(gold, predicted, average="macro", zero_division=0)
        assert score.value == pytest.approx(wanted)
        micro = f1_score(gold, predicted, average="micro", zero_division=0)
        assert score.parts["micro_f1"] == pytest.approx(micro)

    def test_invalid_predictions_as_one_more_class(self):
        from sklearn.metrics import f1_score

        rng = np.random.default_rng(7)
        gold = rng.choice(SEMEVAL_LABELS, 100)
        predicted = rng.choice([*SEMEVAL_LABELS, "INVALID"], 100)
        per_label = f1_score(gold, predicted, labels=SEMEVAL_LABELS, average=None)
        assert semeval2016_f_avg(gold, predicted).value == pytest.approx(per_label[:2].mean())


class TestSpans:
    def test_exact_by_hand(self):
        score = span_f1([[(0, 5), (9, 20)], []], [[(9, 20)], [(0, 3)]])
        assert score.value == 0.5  # 2 gold, 2 predicted, 1 pair
        assert score.parts["precision"] == score.parts["recall"] == 0.5

    @pytest.mark.parametrize(
        ("threshold", "overlap", "matched"),
        [
            (0.3, "symmetric", 1),  # shares 4 of 10
            (0.4, "symmetric", 0),  # "more than", as the published program has it
            (0.5, "gold", 1),  # shares 4 of the gold 6
            (0.8, "gold", 0),
        ],
    )
    def test_overlap_by_hand(self, threshold, overlap, matched):
        score = span_f1([[(0, 6)]], [[(2, 10)]], threshold=threshold, overlap=overlap)
        assert score.parts["n_matched"] == matched

    def test_a_prediction_matches_one_gold_span_only(self):
        score = span_f1([[(0, 10), (10, 20)]], [[(0, 20)]], threshold=0.3)
        assert score.parts["n_matched"] == 1

    def test_as_many_pairs_as_possible(self):
        # taken in order, the first gold span would take the prediction that the second needs
        gold, predicted = [[(0, 10), (4, 12)]], [[(3, 12), (0, 4)]]
        assert span_f1(gold, predicted, threshold=0.3).parts["n_matched"] == 2

    def test_a_long_prediction_is_free_only_by_gold_overlap(self):
        gold, predicted = [[(50, 60)]], [[(0, 100)]]
        assert span_f1(gold, predicted, threshold=0.3).value == 0.0
        assert span_f1(gold, predicted, threshold=0.3, overlap="gold").value == 1.0

    def test_invalid_prediction_is_a_false_positive(self):
        score = span_f1([[(0, 5)]], [[(0, 5), (7, 7)]])
        assert (score.n_invalid, score.parts["precision"]) == (1, 0.5)

    def test_nothing_to_find(self):
        assert span_f1([[]], [[]]).value == 0.0

    @given(
        st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=6, unique=True),
        st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=6, unique=True),
        st.floats(0, 0.99),
    )
    @settings(max_examples=60, deadline=None)
    def test_symmetric_and_order_free(self, a, b, threshold):
        first = [(start, start + n) for start, n in a]
        second = [(start, start + n) for start, n in b]
        there = span_f1([first], [second], threshold=threshold)
        back = span_f1([second[::-1]], [first], threshold=threshold)
        assert there.value == back.value
        assert there.parts["precision"] == back.parts["recall"]
        assert there.parts["n_matched"] <= min(len(a), len(b))

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"gold": [[(3, 3)]]}, r"gold\[0\]: expected 0 <= start < end, got the span \(3, 3\)"),
            ({"gold": []}, "one entry per article, got 0 and 1"),
            ({"threshold": 1.0}, r"threshold: expected a number in \[0, 1\) or None, got 1.0"),
            ({"overlap": "union"}, "overlap: expected 'symmetric' or 'gold', got 'union'"),
        ],
    )
    def test_errors(self, changes, message):
        with pytest.raises(ValueError, match=message):
            span_f1(**{"gold": [[(0, 3)]], "predicted": [[(0, 3)]], "threshold": 0.3} | changes)


class TestErrors:
    def test_lengths(self):
        with pytest.raises(ValueError, match="got 2 gold labels and 1 predictions"):
            fnc1_weighted(["agree", "agree"], ["agree"])

    def test_empty(self):
        with pytest.raises(ValueError, match="at least one item to score"):
            newsmtsc_macro_f1([], [])

    def test_gold_outside_the_labels(self):
        with pytest.raises(ValueError, match=r"gold\[1\]: expected one of .* got 'favour'"):
            semeval2016_f_avg(["FAVOR", "favour"], ["FAVOR", "FAVOR"])

    def test_wrong_number_of_labels(self):
        with pytest.raises(ValueError, match="labels: expected 4 different labels"):
            fnc1_weighted(["agree"], ["agree"], labels=FNC1_LABELS[:3])
