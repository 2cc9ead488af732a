"""The tape: gradients against differences, losses against a second way to compute them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import sparse

from stance.classifiers.quotation_tape import (
    Value,
    backward,
    beside,
    choice_loss,
    mixed_rows,
    plus,
    rectified,
    sigmoid_loss,
    thinned,
    times,
    windows,
)


def total(value: Value) -> Value:
    n, m = value.array.shape
    weights = np.linspace(-1, 1, n * m, dtype=np.float64).reshape(n, m)
    left = Value(np.ones((1, n)))
    right = Value(np.ones((m, 1)))
    weighed = Value(value.array * weights, (value,), lambda grad: (grad * weights,))
    return times(times(left, weighed), right)


MIXING = sparse.csr_matrix(np.array([[1.0, 0, 2], [0, 0, 0], [0, 1, 1], [3, 0, 0]]))
BOUNDS, CHOSEN = np.array([0, 2, 3]), np.array([[1, -1], [2, 2]])
OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "mixed_rows": lambda a, b: total(mixed_rows(MIXING, a)),
    "times": lambda a, b: total(times(a, Value(b.array.T, (b,), lambda grad: (grad.T,)))),
    "plus": lambda a, b: total(plus(a, b, a)),
    "plus one row": lambda a, b: total(plus(a, mixed_rows(np.ones((1, 3)), b))),
    "rectified": lambda a, b: total(rectified(a)),
    "windows": lambda a, b: total(windows(a, (-4, -1, 0, 2))),
    "beside": lambda a, b: total(beside(a, b)),
    "sigmoid": lambda a, b: sigmoid_loss(a, np.array([[1.0, 0], [0, 0], [1, 1]])),
    "choice": lambda a, b: choice_loss(a, BOUNDS, CHOSEN),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_gradients_are_differences(name: str) -> None:
    random = np.random.default_rng(1)
    arrays = [random.standard_normal((3, 2)) for _ in range(2)]

    def loss(parts: Sequence[np.ndarray]) -> tuple[Value, list[Value]]:
        values = [Value(part) for part in parts]
        return OPERATIONS[name](*values), values

    found, values = loss(arrays)
    backward(found)
    for k, value in enumerate(values):
        slope = np.zeros((3, 2)) if value.grad is None else value.grad
        for i in range(3):
            for j in range(2):
                moved = [array.copy() for array in arrays]
                moved[k][i, j] += 1e-5
                up = loss(moved)[0].array[0, 0]
                moved[k][i, j] -= 2e-5
                down = loss(moved)[0].array[0, 0]
                # The losses are kept in 32 bits.
                assert slope[i, j] == pytest.approx((up - down) / 2e-5, abs=0.1), (k, i, j)


def test_losses_by_hand() -> None:
    logits = Value(np.log(np.array([[1.0], [3.0], [5.0]], np.float32)))
    # Of the first two rows the second is right: 3 of 4 parts; the third has no rival.
    found = choice_loss(logits, np.array([0, 2, 3]), np.array([[1], [2]]))
    assert found.array[0, 0] == pytest.approx(np.log(4 / 3), rel=1e-5)
    odds = Value(np.log(np.array([[3.0, 1.0]], np.float32)))
    right = np.array([[1, 0]], np.float32)
    assert sigmoid_loss(odds, right).array[0, 0] == pytest.approx(np.log(4 / 3) + np.log(2))


def test_windows_by_hand() -> None:
    value = Value(np.array([[1.0], [2.0], [3.0]], np.float32))
    assert windows(value, (-1, 0, 5)).array.tolist() == [[0, 1, 0], [1, 2, 0], [2, 3, 0]]


def test_dropout_keeps_the_mean() -> None:
    random = np.random.default_rng(0)
    value = Value(np.ones((400, 100), np.float32))
    found = thinned(value, rate=0.25, random=random).array
    assert found.mean() == pytest.approx(1, abs=0.02)
    assert (found == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert thinned(value, rate=0, random=random) is value


def test_a_value_used_twice_gets_both_gradients() -> None:
    value = Value(np.array([[2.0]], np.float32))
    backward(times(value, value))
    assert value.grad is not None and value.grad.tolist() == [[4.0]]
