from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.classifiers.chain import decode, runs_of, transition_ratios
from stance.passage import Passage

Floats = NDArray[np.float64]

ROWS = st.lists(
    st.builds(
        Passage,
        st.just("text"),
        group=st.sampled_from(["", "a", "b"]),
        index=st.integers(0, 6),
    ),
    max_size=20,
)


def enumerated(local: Floats, ratios: Floats) -> Floats:
    """Marginals by summing over every sequence of labels."""
    n, k = local.shape
    marginals = np.zeros((n, k))
    for labels in product(range(k), repeat=n):
        weight = np.prod([local[t, label] for t, label in enumerate(labels)])
        weight *= np.prod([ratios[a, b] for a, b in pairwise(labels)])
        for t, label in enumerate(labels):
            marginals[t, label] += weight
    result: Floats = marginals / marginals.sum(axis=1, keepdims=True)
    return result


def random_case(n: int, k: int, seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    return random.dirichlet(np.ones(k), n), random.uniform(0.1, 4.0, (k, k))


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 4), (5, 3), (7, 2), (1, 4)])
def test_marginals_are_those_of_all_sequences(n: int, k: int) -> None:
    for seed in range(5):
        local, ratios = random_case(n, k, seed)
        found = decode(local, [np.arange(n)], ratios)
        assert found == pytest.approx(enumerated(local, ratios), abs=1e-12)


def test_certain_labels_stay_and_pull_their_neighbours() -> None:
    local = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    ratios = np.array([[3.0, 1.0], [1.0, 1.0]])
    found = decode(local, [np.arange(3)], ratios)
    # The middle is 0 with weight 3 · 1 and 1 with weight 1 · 1.
    assert found == pytest.approx(np.array([[1, 0], [0.75, 0.25], [0, 1]]))


def test_ratios_of_one_leave_probabilities_as_they_are() -> None:
    local, _ = random_case(9, 4, 0)
    assert decode(local, [np.arange(9)], np.ones((4, 4))) == pytest.approx(local, abs=1e-12)


def test_each_run_is_decoded_by_itself() -> None:
    local, ratios = random_case(7, 3, 1)
    runs = [np.array([4, 0, 6]), np.array([2]), np.array([5, 1, 3])]
    found = decode(local, runs, ratios)
    for run in runs:
        assert found[run] == pytest.approx(enumerated(local[run], ratios))
    assert (found[2] == local[2]).all()


def test_long_articles_do_not_underflow() -> None:
    local, ratios = random_case(3000, 4, 2)
    found = decode(local**8 / (local**8).sum(axis=1, keepdims=True), [np.arange(3000)], ratios)
    assert np.isfinite(found).all() and found.sum(axis=1) == pytest.approx(np.ones(3000))


def test_nothing_to_decode() -> None:
    assert decode(np.empty((0, 4)), [], np.ones((4, 4))).shape == (0, 4)


@given(ROWS)
def test_runs_hold_every_passage_once(passages: list[Passage]) -> None:
    runs = [run.tolist() for run in runs_of(passages)]
    assert sorted(i for run in runs for i in run) == list(range(len(passages)))
    for run in runs:
        groups = {passages[i].group for i in run}
        assert len(groups) == 1 and (groups != {""} or len(run) == 1)
        places = [passages[i].index for i in run]
        assert places == list(range(places[0], places[0] + len(places)))


@given(ROWS, st.randoms(use_true_random=False))
def test_runs_do_not_depend_on_the_order_of_rows(passages: list[Passage], random: object) -> None:
    order = list(range(len(passages)))
    random.shuffle(order)  # type: ignore[attr-defined]
    before = [[passages[i] for i in run] for run in runs_of(passages)]
    shuffled = [passages[i] for i in order]
    after = [[shuffled[i] for i in run] for run in runs_of(shuffled)]
    assert before == after


def test_a_gap_ends_a_run() -> None:
    rows = [Passage("text", group="a", index=index) for index in (0, 1, 3, 4, 9)]
    assert [run.tolist() for run in runs_of(rows)] == [[0, 1], [2, 3], [4]]


def test_ratios_by_hand() -> None:
    # Two articles, x x y and x y: x is followed by x once and by y twice; y by nothing.
    passages = [
        Passage("text", group=group, index=index)
        for group, index in (("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1))
    ]
    codes = np.array([0, 0, 1, 0, 1])
    found = transition_ratios(passages, codes, n_classes=2, smoothing=2.0)
    # x: (1 + 2·0.6) / (3 + 2) = 0.44 against 0.6; y: (2 + 2·0.4) / 5 = 0.56 against 0.4.
    assert found == pytest.approx(np.array([[0.44 / 0.6, 0.56 / 0.4], [1, 1]]))


@pytest.mark.parametrize("smoothing", [0.0, 5.0])
def test_passages_alone_give_ratios_of_one(smoothing: float) -> None:
    passages, codes = [Passage("text")] * 4, np.array([0, 1, 1, 0])
    found = transition_ratios(passages, codes, n_classes=3, smoothing=smoothing)
    assert (found == 1).all()
