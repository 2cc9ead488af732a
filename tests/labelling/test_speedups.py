"""What was made faster gives what it gave before."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.classifiers.chain import decode
from stance.features import layout

Floats = NDArray[np.float64]


@given(
    st.text(
        st.characters(codec="utf-8") | st.sampled_from("aZ09_ “”‘’—–…\x1c\x85\xa0é"), max_size=40
    )
)
def test_words_are_those_of_the_pattern(text: str) -> None:
    assert layout._split(text.lower()) == layout._WORD.findall(text.lower())


def one_by_one(local: Floats, ratios: Floats) -> Floats:
    """Forward–backward over a single run, a passage at a time."""
    forward, backward = local.copy(), np.ones_like(local)
    for t in range(1, len(local)):
        forward[t] *= forward[t - 1] @ ratios
        forward[t] /= forward[t].sum()
    for t in range(len(local) - 2, -1, -1):
        backward[t] = ratios @ (local[t + 1] * backward[t + 1])
        backward[t] /= backward[t].sum()
    joint = forward * backward
    marginals: Floats = joint / joint.sum(axis=1, keepdims=True)
    return marginals


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12), st.integers(0, 99))
def test_articles_decoded_together_are_as_decoded_alone(lengths: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    local = random.dirichlet(np.ones(4), sum(lengths))
    ratios = random.uniform(0.1, 4.0, (4, 4))
    places = random.permutation(len(local))
    runs = np.split(places, np.cumsum(lengths)[:-1])
    together = decode(local, runs, ratios)
    for run in runs:
        alone = decode(local, [run], ratios)
        # What else is in a batch does not change a digit: labels must not depend on it.
        assert (together[run] == alone[run]).all()
        assert np.allclose(together[run], one_by_one(local[run], ratios), rtol=1e-12, atol=0)
