"""The heads' formulas, term by term, against loops over tokens."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from stance.encoders.heads import StanceHead, TypeHead, gelu, neighbours, places
from stance.encoders.tokens import Encoded
from stance.passage import Passage

HIDDEN, N_HEADS, WIDTH = 6, 2, 5
RNG = np.random.default_rng(3)


def stance_arrays() -> dict[str, NDArray[Any]]:
    shapes = {"near": (N_HEADS,), "mix.weight": (WIDTH, 3 * HIDDEN), "mix.bias": (WIDTH,)}
    shapes |= {"out.weight": (3, WIDTH), "out.bias": (3,)}
    shapes |= {f"{name}.weight": (HIDDEN, HIDDEN) for name in "qkv"}
    shapes |= {f"{name}.bias": (HIDDEN,) for name in "qkv"}
    return {name: RNG.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def encoded(mention: list[int], text: list[int]) -> Encoded:
    n = len(mention)
    return Encoded(np.arange(n), np.array(mention, bool), np.array(text, bool), np.full((n, 2), -1))


def by_hand(arrays: dict[str, Any], h: Any, one: Encoded, temperature: float) -> Any:
    """The spelled-out formula, in float64 and token by token."""
    a = {name: array.astype(float) for name, array in arrays.items()}
    h = h.astype(float)
    at = np.flatnonzero(one.mention)
    m = h[at].mean(axis=0) if len(at) else np.zeros(HIDDEN)
    t = h[one.text].mean(axis=0) if one.text.any() else np.zeros(HIDDEN)
    centre = at.mean() if len(at) else 0.0
    q = a["q.weight"] @ m + a["q.bias"]
    size = HIDDEN // N_HEADS
    c = []
    for head in range(N_HEADS):
        part = slice(head * size, (head + 1) * size)
        scores = []
        for position, state in enumerate(h):
            k = (a["k.weight"] @ state + a["k.bias"])[part]
            far = math.log1p(abs(position - centre))
            scores.append(q[part] @ k / math.sqrt(size) - a["near"][head] * far)
        weights = np.exp(scores) / np.exp(scores).sum()
        values = np.array([(a["v.weight"] @ state + a["v.bias"])[part] for state in h])
        c.append(weights @ values)
    z = a["mix.weight"] @ np.concatenate([m, *c, t]) + a["mix.bias"]
    logits = (a["out.weight"] @ (z * norm.cdf(z)) + a["out.bias"]) / temperature
    return np.exp(logits) / np.exp(logits).sum()


@pytest.mark.parametrize(
    ("mention", "text"),
    [
        ([0, 0, 1, 1, 0, 0, 0], [0, 1, 1, 1, 1, 1, 0]),
        ([0, 1, 0, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1, 0]),
        ([0, 0, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1, 0]),
        ([0, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_stance_head_is_the_formula(mention: list[int], text: list[int]) -> None:
    arrays, one = stance_arrays(), encoded(mention, text)
    states = RNG.normal(size=(7, HIDDEN)).astype(np.float32)
    head = StanceHead(
        arrays, hidden=HIDDEN, n_heads=N_HEADS, classes=("a", "b", "c"), temperature=1.7
    )
    found = head.predict_proba(head.inputs(states, one))
    assert found[0] == pytest.approx(by_hand(arrays, states, one, 1.7), abs=1e-5)


def test_hidden_tokens_are_as_if_they_were_not_there() -> None:
    arrays = stance_arrays() | {"near": np.zeros(N_HEADS, np.float32)}  # places would shift
    head = StanceHead(
        arrays, hidden=HIDDEN, n_heads=N_HEADS, classes=("a", "b", "c"), temperature=1
    )
    states = RNG.normal(size=(6, HIDDEN)).astype(np.float32)
    one = encoded([0, 1, 0, 0, 0, 0], [0, 1, 1, 1, 1, 0])
    kept = np.ones((2, 6), bool)
    kept[1, 3] = False
    whole, without = head.inputs(states, one, kept=kept)
    shorter = encoded([0, 1, 0, 0, 0], [0, 1, 1, 1, 0])
    assert whole == pytest.approx(head.inputs(states, one)[0])
    expected = head.inputs(np.delete(states, 3, axis=0), shorter)[0]
    assert without == pytest.approx(expected, abs=1e-6)


def type_head(*, context: bool) -> TypeHead:
    shapes = {"mix.weight": (WIDTH, 3 * HIDDEN + 8), "mix.bias": (WIDTH,)}
    shapes |= {"out.weight": (2, WIDTH), "out.bias": (2,)}
    arrays = {name: RNG.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}
    return TypeHead(arrays, hidden=HIDDEN, classes=("a", "b"), temperature=1, context=context)


def test_type_head_reads_neighbours_of_the_same_article() -> None:
    rows = [Passage("", group="x", index=i, n_paragraphs=4) for i in (2, 1)]
    rows += [Passage("", group="y", index=2, n_paragraphs=4), Passage("")]
    means = RNG.normal(size=(4, HIDDEN)).astype(np.float32)
    z = type_head(context=True).inputs(means, rows)
    own, before, after = (z[:, k * HIDDEN : (k + 1) * HIDDEN] for k in range(3))
    assert np.array_equal(own, means)
    assert np.array_equal(before[0], means[1]) and not before[1:].any()
    assert np.array_equal(after[1], means[0]) and not after[[0, 2, 3]].any()
    assert np.array_equal(z[:, 3 * HIDDEN :], places(rows))
    alone = type_head(context=False).inputs(means, rows)
    assert np.array_equal(alone[:, :HIDDEN], means) and not alone[:, HIDDEN:].any()


def test_places_by_hand() -> None:
    rows = [Passage("", group="x", index=i, n_paragraphs=3) for i in range(3)]
    logs = [math.log1p(i) / 5 for i in range(4)]
    expected = [
        [1, 0, 0, 0, 1, 0, logs[0], logs[3]],
        [0, 1, 0, 1, 1, 1 / 3, logs[1], logs[3]],
        [0, 0, 1, 1, 0, 2 / 3, logs[2], logs[3]],
    ]
    assert places(rows) == pytest.approx(np.array(expected), abs=1e-6)


def test_passages_without_a_group_have_no_neighbours() -> None:
    rows = [Passage("", index=i, n_paragraphs=3) for i in range(3)]
    assert [near.tolist() for near in neighbours(rows)] == [[-1] * 3, [-1] * 3]
    assert [near.tolist() for near in neighbours([])] == [[], []]


def test_gelu_is_the_exact_one() -> None:
    x = np.linspace(-5, 5, 41).astype(np.float32)
    assert gelu(x) == pytest.approx(x * norm.cdf(x.astype(float)), abs=1e-6)


def test_the_largest_numbers_overflow_nothing() -> None:
    most = {name: np.full_like(array, 65504) for name, array in stance_arrays().items()}
    settings: Any = {"hidden": HIDDEN, "n_heads": N_HEADS, "classes": ("a", "b", "c")}
    head = StanceHead(most, temperature=0.001, **settings)
    states = np.full((7, HIDDEN), 1e6, np.float32)
    states[::2] *= -1
    one = encoded([0, 1, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1, 0])
    assert head.predict_proba(head.inputs(states, one)).sum() == pytest.approx(1)


@pytest.mark.parametrize("name", ["near", "q.weight", "mix.bias", "out.weight"])
def test_arrays_that_do_not_fit_are_refused(name: str) -> None:
    settings: Any = {"hidden": HIDDEN, "n_heads": N_HEADS, "classes": ("a", "b", "c")}
    for wrong in (np.zeros((3, 3, 3), np.float32), np.zeros((), np.float32)):
        with pytest.raises(ValueError, match="expected"):
            StanceHead(stance_arrays() | {name: wrong}, temperature=1, **settings)
    arrays = stance_arrays()
    arrays[name].reshape(-1)[0] = np.nan
    with pytest.raises(ValueError, match=f"array '{name}': expected finite numbers"):
        StanceHead(arrays, temperature=1, **settings)
    arrays[name].reshape(-1)[0] = 1e30
    with pytest.raises(ValueError, match="expected finite numbers, 65,504 at most"):
        StanceHead(arrays, temperature=1, **settings)
    del arrays[name]
    with pytest.raises(ValueError, match="expected"):
        StanceHead(arrays, temperature=1, **settings)
