"""A tape of matrix operations that runs backwards: gradients with numpy and scipy alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Of 32 bits in training; the type leaves it open.
Floats: TypeAlias = NDArray[np.floating[Any]]


class Value:
    """A matrix, how it came about, and, after ``backward``, the loss's gradient by it."""

    __slots__ = ("array", "grad", "pull", "sources")

    def __init__(
        self,
        array: Floats,
        sources: Sequence[Value] = (),
        pull: Callable[[Floats], Sequence[Floats | None]] | None = None,
    ) -> None:
        self.array = array
        self.grad: Floats | None = None
        self.sources = tuple(sources)
        self.pull = pull


def backward(loss: Value) -> None:
    """Fill ``grad`` of everything that the loss rests on."""
    order: list[Value] = []
    seen: set[int] = set()

    def visit(value: Value) -> None:
        if id(value) not in seen:
            seen.add(id(value))
            for source in value.sources:
                visit(source)
            order.append(value)

    visit(loss)
    for value in order:
        value.grad = None
    loss.grad = np.ones_like(loss.array)
    for value in reversed(order):
        if value.pull is None or value.grad is None:
            continue
        for source, grad in zip(value.sources, value.pull(value.grad), strict=True):
            if grad is not None:
                source.grad = grad if source.grad is None else source.grad + grad


def mixed_rows(mixing: Any, value: Value) -> Value:
    """Sums of a value's rows by a sparse matrix, shape (n, m) with m the value's rows."""
    return Value(mixing @ value.array, (value,), lambda grad: (mixing.T @ grad,))


def times(left: Value, right: Value) -> Value:
    """Matrix product."""
    return Value(
        left.array @ right.array,
        (left, right),
        lambda grad: (grad @ right.array.T, left.array.T @ grad),
    )


def plus(*values: Value) -> Value:
    """Sum; a value of one row is added to every row."""

    def pull(grad: Floats) -> list[Floats]:
        return [
            grad.sum(axis=0, keepdims=True) if len(v.array) == 1 and len(grad) > 1 else grad
            for v in values
        ]

    total = values[0].array
    for value in values[1:]:
        total = total + value.array
    return Value(total, values, pull)


def rectified(value: Value) -> Value:
    """What is above 0."""
    on = value.array > 0
    return Value(value.array * on, (value,), lambda grad: (grad * on,))


def thinned(value: Value, *, rate: float, random: np.random.Generator) -> Value:
    """Dropout: entries set to 0 at the rate (to a 256th), the others scaled to keep the mean."""
    below = round(rate * 256)
    if below == 0:
        return value
    # Bytes are drawn in a fraction of the time that floats take.
    size = value.array.size
    drawn = np.frombuffer(random.bytes(size), np.uint8).reshape(value.array.shape)
    kept = (drawn >= below) * np.float32(256 / (256 - below))
    return Value(value.array * kept, (value,), lambda grad: (grad * kept,))


def windows(value: Value, offsets: Sequence[int]) -> Value:
    """Rows at each offset side by side, zeros beyond the ends; shape (n, n_offsets * width)."""
    array = value.array
    n, width = array.shape
    out = np.zeros((n, len(offsets) * width), np.float32)
    for k, offset in enumerate(offsets):
        to, at = _overlap(n, offset)
        out[to, k * width : (k + 1) * width] = array[at]

    def pull(grad: Floats) -> tuple[Floats]:
        back = np.zeros_like(array)
        for k, offset in enumerate(offsets):
            to, at = _overlap(n, offset)
            back[at] += grad[to, k * width : (k + 1) * width]
        return (back,)

    return Value(out, (value,), pull)


def beside(left: Value, right: Value) -> Value:
    """Columns of two values side by side."""
    n = left.array.shape[1]
    array = np.hstack([left.array, right.array])
    return Value(array, (left, right), lambda grad: (grad[:, :n], grad[:, n:]))


def _overlap(n: int, offset: int) -> tuple[slice, slice]:
    """Rows that have a neighbour at the offset, and the neighbours."""
    low = min(n, max(0, -offset))
    high = max(low, min(n, n - offset))
    return slice(low, high), slice(low + offset, high + offset) if high > low else slice(0, 0)


def sigmoid_loss(logits: Value, wanted: Floats) -> Value:
    """Summed cross-entropy of 0/1 outcomes."""
    x = logits.array
    loss = (np.maximum(x, 0) - x * wanted + np.log1p(np.exp(-np.abs(x)))).sum()
    proba = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return Value(np.array([[loss]], np.float32), (logits,), lambda grad: (grad * (proba - wanted),))


def choice_loss(logits: Value, bounds: NDArray[np.int64], chosen: NDArray[np.int64]) -> Value:
    """Summed cross-entropy of choosing a row in each run of rows, column by column.

    Parameters
    ----------
    logits : Value, shape (n_rows, n_columns)
    bounds : ndarray, shape (n_runs + 1,)
        Run ``i`` has the rows ``bounds[i]:bounds[i + 1]``, at least one.
    chosen : ndarray, shape (n_runs, n_columns)
        The row that is right, counted from the first of all; -1 where nothing is to be learnt.
    """
    x = logits.array
    counts = np.diff(bounds)
    high = np.maximum.reduceat(x, bounds[:-1], axis=0)
    powers = np.exp(x - np.repeat(high, counts, axis=0))
    sums = np.add.reduceat(powers, bounds[:-1], axis=0)
    runs, columns = np.nonzero(chosen >= 0)
    rows = chosen[runs, columns]
    loss = (np.log(sums) + high)[runs, columns].sum() - x[rows, columns].sum()

    def pull(grad: Floats) -> tuple[Floats]:
        slope = powers / np.repeat(sums, counts, axis=0)
        slope *= np.repeat(chosen >= 0, counts, axis=0)
        slope[rows, columns] -= 1
        return (slope * grad,)

    return Value(np.array([[loss]], np.float32), (logits,), pull)
