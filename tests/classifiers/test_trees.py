"""Boosted trees as arrays: worked by hand, and held to scikit-learn's own."""

from __future__ import annotations

import tracemalloc
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load, save
from sklearn.ensemble import HistGradientBoostingClassifier

from stance.classifiers.trees import MAX_DEPTH, Trees

# (column, threshold, value, left, right); a number is a leaf.
ONE: Any = (0, 0.5, 1.0, 3.0, (1, 2.0, -1.0, 0.0, -4.0))
OTHER: Any = (1, 1.0, 0.5, 0.25, 0.75)
ROWS = np.array([[0.5, 9.0], [1.0, 2.0], [1.0, 5.0], [-1.0, 1.0]])


@pytest.fixture
def pair(plant: Any) -> dict[str, NDArray[Any]]:
    """Two rounds for two classes, ten nodes."""
    return dict(plant([[ONE, 0.0], [2.0, OTHER]], [0.5, -1.0]))


# By hand


def test_sums_by_hand(pair: dict[str, NDArray[Any]]) -> None:
    # First class: 0.5 + 2 + leaf of ONE; second: -1 + 0 + leaf of OTHER. Equal goes left.
    expected = [[5.5, -0.25], [2.5, -0.25], [-1.5, -0.25], [5.5, -0.75]]
    assert Trees(pair).logits(ROWS).tolist() == expected


def test_scaled_sums(pair: dict[str, NDArray[Any]]) -> None:
    trees = Trees(pair)
    half = trees.scaled(0.5)
    assert half.logits(ROWS).tolist() == [[x / 2 for x in row] for row in trees.logits(ROWS)]
    assert half.intercept.tolist() == [x / 2 for x in trees.intercept]


def test_contributions_by_hand(pair: dict[str, NDArray[Any]]) -> None:
    trees = Trees(pair)
    # Roots: 0.5 + 1 + 2 and -1 + 0 + 0.5.
    assert trees.intercept.tolist() == [3.5, -0.5]
    first, second = np.moveaxis(trees.contributions(ROWS), 2, 0)
    # Column 0 takes ONE from 1 to 3 or -1; column 1 from -1 to 0 or -4, where it is asked.
    assert first.tolist() == [[2.0, 0.0], [-2.0, 1.0], [-2.0, -3.0], [2.0, 0.0]]
    assert second.tolist() == [[0.0, 0.25], [0.0, 0.25], [0.0, 0.25], [0.0, -0.25]]


def test_a_column_asked_twice_gets_both_parts(plant: Any) -> None:
    twice = (0, 4.0, 1.0, (0, 2.0, 3.0, 7.0, 4.0), 0.0)
    trees = Trees(plant([[twice, twice]], [0.0, 0.0]))
    assert trees.contributions(np.array([[1.0]])).tolist() == [[[6.0, 6.0]]]
    assert trees.logits(np.array([[1.0], [3.0], [5.0]]))[:, 0].tolist() == [7.0, 4.0, 0.0]


def test_columns_that_no_tree_reads_add_nothing(pair: dict[str, NDArray[Any]]) -> None:
    trees = Trees(pair)
    wide = np.hstack([ROWS, np.full((4, 3), 1e9)])
    assert trees.n_columns == 2 and trees.n_classes == 2
    assert (trees.logits(wide) == trees.logits(ROWS)).all()
    assert (trees.contributions(wide)[:, :2] == trees.contributions(ROWS)).all()
    assert not trees.contributions(wide)[:, 2:].any()


@pytest.mark.parametrize("n_rounds", [0, 1, 3])
def test_leaves_alone_say_the_same_of_every_row(n_rounds: int, plant: Any) -> None:
    trees = Trees(plant([[1.0, 2.0]] * n_rounds, [0.5, 0.0]))
    expected = [0.5 + n_rounds, 2.0 * n_rounds]
    assert trees.n_columns == 0 and trees.intercept.tolist() == expected
    assert trees.logits(ROWS).tolist() == [expected] * 4
    assert not trees.contributions(ROWS).any()


def test_no_rows(pair: dict[str, NDArray[Any]]) -> None:
    assert Trees(pair).logits(np.empty((0, 2))).shape == (0, 2)
    assert Trees(pair).contributions(np.empty((0, 2))).shape == (0, 2, 2)


def one_by_one(tree: Any, row: NDArray[Any]) -> tuple[float, NDArray[Any]]:
    """Leaf that a row reaches and what each column adds on the way, by plain recursion."""
    added = np.zeros(len(row))
    while isinstance(tree, tuple):
        column, threshold, value, left, right = tree
        tree = left if row[column] <= threshold else right
        added[column] += (tree[2] if isinstance(tree, tuple) else tree) - value
    return tree, added


HALVES = st.integers(-4, 4).map(lambda n: n / 2)
TREES = st.recursive(
    HALVES,
    lambda below: st.tuples(st.integers(0, 3), HALVES, HALVES, below, below),
    max_leaves=12,
)


@given(
    st.lists(st.tuples(TREES, TREES, TREES), max_size=5),
    st.lists(st.tuples(HALVES, HALVES, HALVES, HALVES), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_any_trees_give_what_walking_them_gives(plant: Any, rounds: Any, rows: Any) -> None:
    baseline, X = [0.5, 0.0, -1.5], np.array(rows).reshape(-1, 4)
    trees = Trees(plant(rounds, baseline))
    logits, added = trees.logits(X), trees.contributions(X)
    for i, row in enumerate(X):
        for c in range(3):
            walked = [one_by_one(trees_of_round[c], row) for trees_of_round in rounds]
            # Halves add up without rounding.
            assert logits[i, c] == baseline[c] + sum(leaf for leaf, _ in walked)
            assert added[i, :, c].tolist() == sum((a for _, a in walked), np.zeros(4)).tolist()
    assert (trees.intercept + added.sum(axis=1) == logits).all()


# scikit-learn's own


def grown(n_classes: int, **changes: Any) -> tuple[HistGradientBoostingClassifier, NDArray[Any]]:
    """A classifier over columns of reals, whole numbers, two values and one value."""
    rng = np.random.default_rng(n_classes)
    n = 240
    X = np.column_stack(
        [
            rng.normal(size=n),
            rng.integers(0, 6, n),
            rng.integers(0, 2, n),
            np.full(n, 7.0),
            rng.normal(size=n).astype(np.float32),
        ]
    )
    noisy = X[:, 0] + X[:, 1] / 2 + rng.normal(size=n) / 4
    y = np.searchsorted(np.quantile(noisy, np.arange(1, n_classes) / n_classes), noisy)
    chosen = {"max_iter": 12, "max_leaf_nodes": 8, "min_samples_leaf": 5, "random_state": 0}
    return HistGradientBoostingClassifier(**(chosen | changes)).fit(X, y), X


def near_thresholds(trees: Trees, X: NDArray[Any]) -> NDArray[Any]:
    """Rows that stand on thresholds, and next to them on either side."""
    arrays, rng = trees.arrays(), np.random.default_rng(3)
    rows = X[rng.integers(0, len(X), 300)]
    for column in range(X.shape[1]):
        known = arrays["threshold"][arrays["column"] == column]
        if len(known):
            picked = rng.choice(known, len(rows))
            toward = rng.choice([-np.inf, np.inf], len(rows))
            moved = np.where(rng.random(len(rows)) < 0.5, picked, np.nextafter(picked, toward))
            rows[:, column] = moved
    return rows


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"max_leaf_nodes": 31, "min_samples_leaf": 1},
        {"max_features": 0.2, "l2_regularization": 3.0, "learning_rate": 0.05},
        {"max_iter": 1, "max_depth": 1},
        {"class_weight": "balanced"},
        {"min_samples_leaf": 240},
    ],
    ids=lambda value: ", ".join(value) or "plain",
)
def test_same_probabilities_as_the_classifier(n_classes: int, changes: dict[str, Any]) -> None:
    model, X = grown(n_classes, **changes)
    trees = Trees.of(model)
    assert trees.n_classes == n_classes
    for rows in (X, near_thresholds(trees, X), X * 1e30, np.zeros((1, 5))):
        assert softmax(trees.logits(rows)) == pytest.approx(model.predict_proba(rows), abs=1e-6)
        total = trees.intercept + trees.contributions(rows).sum(axis=1)
        assert trees.logits(rows) == pytest.approx(total)
    assert not trees.contributions(X)[:, 3].any()  # nothing to learn from one value


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_intercept_is_what_training_rows_get_on_average(n_classes: int) -> None:
    model, X = grown(n_classes)
    trees = Trees.of(model)
    assert trees.intercept == pytest.approx(trees.logits(X).mean(axis=0), abs=1e-5)


def test_two_rows_are_enough() -> None:
    model = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=1)
    model.fit(np.array([[0.0], [1.0]]), [0, 1])
    trees = Trees.of(model)
    found = softmax(trees.logits(np.array([[0.0], [0.5], [1.0]])))
    assert found == pytest.approx(model.predict_proba(np.array([[0.0], [0.5], [1.0]])), abs=1e-6)
    assert found[0, 0] > 0.5 > found[2, 0]


@pytest.mark.parametrize("n_classes", [2, 3])
def test_thresholds_keep_their_digits_on_disk(n_classes: int) -> None:
    model, X = grown(n_classes)
    trees = Trees.of(model)
    copy = Trees(load(save(trees.arrays())))
    rows = near_thresholds(trees, X)
    assert (trees.arrays()["threshold"] != trees.arrays()["threshold"].astype(np.float32)).any()
    assert (copy.logits(rows) == trees.logits(rows)).all()
    assert (copy.contributions(rows) == trees.contributions(rows)).all()


def test_a_row_alone_gets_the_same_bits_as_among_others() -> None:
    model, X = grown(3)
    trees = Trees.of(model)
    alone = np.vstack([trees.logits(row[None]) for row in X])
    many = np.tile(X, (20, 1))  # more than are looked at together
    assert (alone == trees.logits(X)).all()
    assert (trees.logits(many) == np.tile(alone, (20, 1))).all()
    assert (trees.contributions(many)[-5:] == trees.contributions(X[-5:])).all()


# Arrays that are no trees


@pytest.mark.parametrize(
    "name", ["column", "threshold", "left", "right", "value", "root", "baseline"]
)
def test_missing_array_is_named(name: str, pair: dict[str, NDArray[Any]]) -> None:
    del pair[name]
    with pytest.raises(ValueError, match=rf"expected arrays of trees \[.*'{name}'.*\], got") as e:
        Trees(pair)
    assert name not in str(e.value).split("got")[1]


def test_array_too_many_is_named(pair: dict[str, NDArray[Any]]) -> None:
    with pytest.raises(ValueError, match=r"expected arrays of trees .*, got \[.*'leaves'"):
        Trees(pair | {"leaves": pair["value"]})


@pytest.mark.parametrize("name", ["column", "left", "right", "root"])
@pytest.mark.parametrize("dtype", [np.float32, np.uint32, np.uint64])
def test_places_are_signed_whole_numbers(
    name: str, dtype: Any, pair: dict[str, NDArray[Any]]
) -> None:
    with pytest.raises(ValueError, match=f"array '{name}': unexpected type {np.dtype(dtype)}"):
        Trees(pair | {name: np.abs(pair[name]).astype(dtype)})


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("threshold", np.int64),
        ("value", np.int32),
        ("value", np.float64),
        ("baseline", np.int32),
        ("baseline", np.float64),
    ],
)
def test_numbers_of_another_type(name: str, dtype: Any, pair: dict[str, NDArray[Any]]) -> None:
    with pytest.raises(ValueError, match=f"array '{name}': unexpected type {np.dtype(dtype)}"):
        Trees(pair | {name: pair[name].astype(dtype)})


@pytest.mark.parametrize("name", ["threshold", "left", "right", "value"])
@pytest.mark.parametrize("shape", [(9,), (11,), (0,), (10, 1), ()])
def test_other_shape_than_the_nodes(
    name: str, shape: tuple[int, ...], pair: dict[str, NDArray[Any]]
) -> None:
    changed = np.zeros(shape, pair[name].dtype)
    with pytest.raises(ValueError, match=f"array '{name}': unexpected shape"):
        Trees(pair | {name: changed})


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("column", (3, 3), r"'column': unexpected shape \(3, 3\)"),
        ("column", (), r"'column': unexpected shape \(\)"),
        ("root", (4,), r"'root': unexpected shape \(4,\)"),
        ("root", (), r"'root': unexpected shape \(\)"),
        ("root", (2, 2, 1), r"'root': unexpected shape \(2, 2, 1\)"),
        ("root", (2, 3), r"'baseline': expected shape \(3,\), got \(2,\)"),
        ("baseline", (3,), r"'baseline': expected shape \(2,\), got \(3,\)"),
        ("baseline", (2, 1), r"'baseline': expected shape \(2,\), got \(2, 1\)"),
        ("baseline", (), r"'baseline': expected shape \(2,\), got \(\)"),
    ],
)
def test_shapes_that_are_none(
    name: str, shape: tuple[int, ...], message: str, pair: dict[str, NDArray[Any]]
) -> None:
    with pytest.raises(ValueError, match=message):
        Trees(pair | {name: np.zeros(shape, pair[name].dtype)})


@pytest.mark.parametrize("name", ["threshold", "value", "baseline"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite(
    name: str, number: float, pair: dict[str, NDArray[Any]]
) -> None:
    pair[name][-1] = number
    with pytest.raises(ValueError, match=f"array '{name}': expected finite numbers"):
        Trees(pair)


def test_columns_before_the_first(pair: dict[str, NDArray[Any]]) -> None:
    pair["column"][1] = -2
    with pytest.raises(ValueError, match="'column': expected -1 or more"):
        Trees(pair)


@pytest.mark.parametrize("name", ["left", "right"])
@pytest.mark.parametrize("child", [-1, 0, 1, 2, 10, 2**31 - 1])
def test_child_before_its_parent_or_outside(
    name: str, child: int, pair: dict[str, NDArray[Any]]
) -> None:
    pair[name][2] = child  # node 2 is the lower question of ONE
    with pytest.raises(ValueError, match=f"'{name}': a child does not stand behind its parent"):
        Trees(pair)


@pytest.mark.parametrize("root", [-1, 10, -(2**31), 2**31 - 1])
def test_root_outside(root: int, pair: dict[str, NDArray[Any]]) -> None:
    pair["root"][1, 0] = root
    with pytest.raises(ValueError, match="'root': expected nodes of 0 to 9"):
        Trees(pair)


def test_nodes_are_in_one_tree_once(pair: dict[str, NDArray[Any]]) -> None:
    shared = pair | {"right": pair["right"].copy()}
    shared["right"][2] = shared["left"][2]
    with pytest.raises(ValueError, match="node 3: expected to be in one tree once, got 2"):
        Trees(shared)
    with pytest.raises(ValueError, match="node 0: expected to be in one tree once, got 4"):
        Trees(pair | {"root": np.zeros((2, 2), np.int32)})
    with pytest.raises(ValueError, match="node 6: expected to be in one tree once, got 0"):
        Trees(pair | {"root": pair["root"][:1]})


def chain(n: int) -> dict[str, NDArray[Any]]:
    """A tree whose n questions stand one below the other, and one leaf for a second class."""
    column = np.full(2 * n + 2, -1, np.int32)
    left, right = np.zeros((2, 2 * n + 2), np.int32)
    column[: 2 * n : 2] = 0
    left[: 2 * n : 2] = np.arange(1, 2 * n, 2)
    right[: 2 * n : 2] = np.arange(2, 2 * n + 1, 2)
    threshold = np.zeros(2 * n + 2)
    threshold[: 2 * n : 2] = np.arange(n)
    return {
        "column": column,
        "threshold": threshold,
        "left": left,
        "right": right,
        "value": np.arange(2 * n + 2, dtype=np.float32),
        "root": np.array([[0, 2 * n + 1]]),
        "baseline": np.zeros(2, np.float32),
    }


def test_depth_has_a_bound() -> None:
    deep = Trees(chain(MAX_DEPTH))
    rows = np.array([[-1.0], [0.5], [1e9]])
    last = 2 * MAX_DEPTH
    assert deep.logits(rows)[:, 0].tolist() == [1.0, 3.0, float(last)]
    with pytest.raises(ValueError, match=f"arrays of trees: expected at most {MAX_DEPTH} levels"):
        Trees(chain(MAX_DEPTH + 1))
    start = perf_counter()
    with pytest.raises(ValueError, match="expected at most"):
        Trees(chain(100_000))
    assert perf_counter() - start < 2.0  # some 10 ms; a walk of all levels takes minutes


def test_memory_does_not_grow_with_rows_times_trees() -> None:
    n = 50_000  # stumps
    arrays: dict[str, NDArray[Any]] = {
        "column": np.tile(np.array([0, -1, -1], np.int32), n),
        "threshold": np.zeros(3 * n),
        "left": np.arange(1, 3 * n + 1, dtype=np.int32),
        "right": np.arange(2, 3 * n + 2, dtype=np.int32),
        "value": np.tile(np.array([0, 1, -1], np.float32), n),
        "root": np.arange(0, 3 * n, 3).reshape(-1, 2),
        "baseline": np.zeros(2, np.float32),
    }
    trees, rows = Trees(arrays), np.tile([[-1.0], [1.0]], (100, 1))
    tracemalloc.start()
    try:
        found = trees.logits(rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.tolist() == [[n / 2] * 2, [-n / 2] * 2] * 100
    assert peak < 10e6  # all rows at once would take 80 MB and more
