from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from stance.evaluation.agreement import krippendorff_alpha


def rows(text: str) -> list[list[int | None]]:
    return [[None if c == "." else int(c) for c in line.split()] for line in text.splitlines()]


# Four observers, twelve units, five values, missing ones: Krippendorff 2011, section C.
FOUR_OBSERVERS = rows(
    "1 2 3 3 2 1 4 1 2 . . .\n"
    "1 2 3 3 2 2 4 1 2 5 . 3\n"
    ". 3 3 3 2 3 4 2 2 5 1 .\n"
    "1 2 3 3 2 4 4 1 2 5 1 ."
)
# Two observers, ten binary units, the paper's section A; two observers, twelve units, section B.
BINARY = rows("0 1 0 0 0 0 0 0 1 0\n1 1 1 0 0 1 0 0 0 0")


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_the_published_example(level: str, published: float) -> None:
    assert krippendorff_alpha(FOUR_OBSERVERS, level) == pytest.approx(published, abs=6e-4)  # type: ignore[arg-type]


def test_alpha_of_the_published_binary_example() -> None:
    assert krippendorff_alpha(BINARY) == pytest.approx(0.095, abs=6e-4)


def test_alpha_of_the_published_example_with_letters() -> None:
    first, second = "a a b b d c c c e d d a".split(), "b a b b b c c c e d d d".split()
    assert krippendorff_alpha([first, second]) == pytest.approx(0.692, abs=6e-4)


def test_words_in_a_given_order_are_their_numbers() -> None:
    order = ["one", "two", "three", "four", "five"]
    words = [[r and order[r - 1] for r in row] for row in FOUR_OBSERVERS]
    assert krippendorff_alpha(words, "ordinal", order=order) == pytest.approx(0.815, abs=6e-4)


def test_nan_is_missing_too() -> None:
    numbers = np.array([[nan if r is None else r for r in row] for row in FOUR_OBSERVERS], float)
    assert krippendorff_alpha(numbers) == pytest.approx(0.743, abs=6e-4)


def test_ends_of_the_scale() -> None:
    assert krippendorff_alpha([[1, 2, 3], [1, 2, 3]], "interval") == 1.0
    assert krippendorff_alpha([[0, 1], [1, 0]]) < 0
    assert isnan(krippendorff_alpha([[1, 1], [1, 1]]))


def test_kappa_is_that_of_scikit_learn() -> None:
    from stance.evaluation.agreement import cohen_kappa

    rng = np.random.default_rng(0)
    first = rng.choice(["a", "b", "c"], 200)
    second = np.where(rng.random(200) < 0.6, first, rng.choice(["a", "b", "c"], 200))
    expected = cohen_kappa_score(first, second)
    assert cohen_kappa(first.tolist(), second.tolist()) == pytest.approx(float(expected))
    assert cohen_kappa([*first.tolist(), None], [*second.tolist(), "a"]) == pytest.approx(expected)


def test_mistakes_are_named() -> None:
    from stance.evaluation.agreement import cohen_kappa

    with pytest.raises(ValueError, match=r"each rater, got rows of \[2, 1\]"):
        krippendorff_alpha([[1, 2], [1]])
    with pytest.raises(ValueError, match="a unit with two ratings at least"):
        krippendorff_alpha([[1, None], [None, 2]])
    with pytest.raises(ValueError, match=r"numbers, got 'high': give their order"):
        krippendorff_alpha([["high"], ["low"]], "ordinal")
    with pytest.raises(ValueError, match="interval ratings must be numbers, got 'high': give num"):
        krippendorff_alpha([["high"], ["low"]], "interval")
    with pytest.raises(ValueError, match=r"rating 'mid' is not in order=\['low', 'high'\]"):
        krippendorff_alpha([["high"], ["mid"]], "ordinal", order=["low", "high"])
    with pytest.raises(ValueError, match="level = 'ratio', must be 'nominal'"):
        krippendorff_alpha([[1], [1]], "ratio")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="both raters labelled"):
        cohen_kappa(["a", None], [None, "a"])
