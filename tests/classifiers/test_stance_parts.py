from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from stance.article import Span
from stance.classifiers.calibration import calibrated, untouched
from stance.classifiers.stance_decision import macro_f1_worth
from stance.classifiers.stance_explanation import without
from stance.classifiers.stance_head import HeadMaker
from stance.classifiers.stance_scorer import StanceScorer, mean_logits, softmax
from stance.features.stance import feature_names
from stance.passage import Passage

GROUPS = ("target",)
N = len(feature_names(GROUPS))
CLASSES = ("against", "favor", "neutral")
PLAIN = {"scale": np.ones(3, np.float32), "bias": np.zeros(3, np.float32)}


def linear(**ask: float) -> dict[str, Any]:
    """A linear head that looks at single columns, for "favor" alone."""
    coef = np.zeros((N, 3), np.float32)
    for name, weight in ask.items():
        coef[feature_names(GROUPS).index(name.replace("_", " ")), 1] = weight
    return {"coef": coef, "intercept": np.zeros(3, np.float32)}


def scorer(**named: Any) -> StanceScorer:
    chosen = {"groups": GROUPS, "classes": CLASSES, "trees": None, "linear": linear()}
    return StanceScorer({}, **(chosen | {"calibration": PLAIN} | named))


def test_nothing_learnt_is_even_odds() -> None:
    assert scorer().predict_proba([Passage("It rained.")])[0] == pytest.approx([1 / 3] * 3)


def test_a_linear_head_by_hand() -> None:
    made = scorer(linear=linear(target_none=np.log(2)))
    found, none = made.predict_proba([Passage("Lund", target="Lund"), Passage("It rained.")])
    assert found == pytest.approx([1 / 3] * 3) and none == pytest.approx([0.25, 0.5, 0.25])


def test_calibration_by_hand() -> None:
    calibration = PLAIN | {"bias": np.array([0, np.log(2), 0], np.float32)}
    assert scorer(calibration=calibration).predict_proba([Passage("")])[0] == pytest.approx(
        [0.25, 0.5, 0.25]
    )


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"linear": None}, "expected trees, a linear model or both"),
        ({"classes": ("a", "a")}, "expected two or more different names"),
        ({"groups": ("target", "target")}, "groups: expected different names"),
        ({"calibration": {}}, r"expected arrays \['bias', 'scale'\]"),
        ({"calibration": PLAIN | {"bias": np.zeros(2, np.float32)}}, "'bias': expected floats of"),
        (
            {"calibration": PLAIN | {"bias": np.full(3, np.nan, np.float32)}},
            "'bias': expected finite numbers",
        ),
        ({"groups": ("target", "opinion")}, "'coef': expected floats of shape"),
    ],
)
def test_parts_that_do_not_fit(named: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scorer(**named)


def test_arrays_and_settings_make_the_same_scorer() -> None:
    made = scorer(linear=linear(target_none=1.0))
    again = StanceScorer.from_arrays(made.arrays(), made.settings())
    asked = [Passage("It rained.", target="Lund")]
    assert (again.predict_proba(asked) == made.predict_proba(asked)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": "abc"}, "setting 'classes': expected a list of str"),
        ({"views": []}, "setting 'views': expected a table"),
        ({"views": {"txt": {}}}, "unknown view 'txt'"),
        ({"groups": ["targt"]}, "unknown feature group 'targt'"),
    ],
)
def test_hostile_settings_are_told(change: dict[str, Any], message: str) -> None:
    made = scorer()
    with pytest.raises(ValueError, match=message):
        StanceScorer.from_arrays(made.arrays(), made.settings() | change)


def test_hostile_arrays_are_told() -> None:
    made = scorer()
    with pytest.raises(ValueError, match=r"unexpected arrays \['cuckoo'\]"):
        StanceScorer.from_arrays(made.arrays() | {"cuckoo.egg": np.ones(1)}, made.settings())


def test_mean_of_heads_forgets_what_rows_have_in_common() -> None:
    one, other = np.array([[5.0, 7.0]]), np.array([[1.0, 0.0]])
    assert mean_logits([one, other]).tolist() == [[-0.25, 0.25]]


# Calibration


def sure(n: int, scale: float) -> tuple[Any, Any, Any]:
    """Scores that are ``scale`` times as sure as their labels deserve."""
    draw = np.random.default_rng(0)
    logits = draw.normal(size=(n, 3))
    codes = np.array([draw.choice(3, p=row) for row in softmax(logits)])
    return logits * scale, codes, np.arange(n) % 2 == 0


@pytest.mark.parametrize("method", ["temperature", "vector"])
def test_scale_is_found(method: Any) -> None:
    found = calibrated(*sure(4000, 3.0), method=method)
    assert found.scale == pytest.approx([1 / 3] * 3, rel=0.1)
    assert found.after["log_loss"] < found.before["log_loss"]
    assert found.after["ece"] < 0.03 < found.before["ece"]


def test_vector_scaling_finds_a_bias() -> None:
    logits, codes, halves = sure(4000, 1.0)
    found = calibrated(logits + np.array([1.0, 0.0, 0.0]), codes, halves, method="vector")
    assert found.bias[0] - found.bias[1] == pytest.approx(-1, abs=0.15)


def test_no_calibration_leaves_scores() -> None:
    logits, codes, halves = sure(100, 2.0)
    found = calibrated(logits, codes, halves, method="none")
    assert (found.scale, found.bias) == (untouched(3).scale, untouched(3).bias)
    assert found.before == found.after


def test_log_loss_and_error_by_hand() -> None:
    logits, codes = np.log([[0.8, 0.2], [0.8, 0.2]]), np.array([0, 1])
    found = calibrated(logits, codes, np.array([True, False]), method="none")
    assert found.before["log_loss"] == pytest.approx(-(np.log(0.8) + np.log(0.2)) / 2)
    assert found.before["ece"] == pytest.approx(0.3)


# Decision


def test_rare_classes_are_worth_more() -> None:
    draw = np.random.default_rng(0)
    codes = (draw.random(2000) < 0.1).astype(int)
    score = draw.normal(size=2000) + 2.0 * codes
    odds = np.exp(2.0 * score - 2.0) * 0.1 / 0.9
    proba = np.column_stack([1 / (1 + odds), odds / (1 + odds)])
    worth = macro_f1_worth(proba, codes)
    assert worth[1] > worth[0] and worth.prod() == pytest.approx(1)


def test_worth_of_even_classes_stays_even() -> None:
    proba = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert macro_f1_worth(proba, np.array([0, 1])).tolist() == [1.0, 1.0]


# Head


def test_the_linear_head_is_scikit_learns() -> None:
    draw = np.random.default_rng(0)
    inputs = draw.normal(size=(300, 4)) * [1, 10, 0.1, 0] + [0, 5, 0, 2]
    codes = (inputs[:, 1] > 5).astype(int) + (inputs[:, 0] > 1)
    head = HeadMaker("linear", 1, 0.1, 1.0, 0).fit(inputs, codes, None)
    standard = (inputs - inputs.mean(0)) / np.where(inputs.std(0) > 0, inputs.std(0), 1)
    oracle = LogisticRegression(C=1.0, max_iter=500, tol=1e-3).fit(standard, codes)
    assert softmax(head.logits(inputs)) == pytest.approx(oracle.predict_proba(standard), abs=1e-3)


def test_a_column_that_never_changes_says_nothing() -> None:
    inputs = np.column_stack([np.arange(40.0), np.full(40, 7.0)])
    head = HeadMaker("linear", 1, 0.1, 1.0, 0).fit(inputs, (inputs[:, 0] > 20).astype(int), None)
    assert head.linear is not None and head.linear["coef"][1].tolist() == [0, 0]


# Explanation


def test_mentions_move_when_a_word_goes() -> None:
    one = Passage("We like Lund.", target="Lund", mentions=(Span(8, 12),))
    first, last = without(one, [Span(0, 2), Span(12, 13)])
    assert (first.text, first.mentions) == (" like Lund.", (Span(6, 10),))
    assert (last.text, last.mentions) == ("We like Lund", (Span(8, 12),))
