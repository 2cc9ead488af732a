"""Training of the quotation network: Adam over batches of articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.quotation_batch import Prepared, batch_of
from stance.classifiers.quotation_network import Shape, initial, loss_of
from stance.classifiers.quotation_tape import Value, backward
from stance.features.tokens import Ints

Floats = NDArray[np.floating[Any]]

_FIRST, _SECOND = 0.1, 0.01  # what each step adds of a gradient, and of its square
_WARM_UP = 50  # steps


@dataclass(frozen=True, slots=True)
class Schedule:
    """How to train.

    Parameters
    ----------
    n_epochs : int
        Rounds over all articles.
    batch_size : int
        Articles a step.
    rate : float
        Adam's, rising over the first steps and then falling to 0.
    dropout : float
    averaging : float
        What the average of the parameters keeps at each step; it is the average that is used.
    """

    n_epochs: int
    batch_size: int
    rate: float
    dropout: float
    averaging: float


class _Adam:
    """Adam (Kingma and Ba 2015), and a running average of what it passes through."""

    def __init__(self, params: dict[str, Floats], schedule: Schedule, *, n_steps: int) -> None:
        self.params = params
        self.average = {name: array.copy() for name, array in params.items()}
        self._first = {name: np.zeros_like(array) for name, array in params.items()}
        self._second = {name: np.zeros_like(array) for name, array in params.items()}
        self._schedule, self._n_steps, self._step = schedule, n_steps, 0

    def step(self, grads: dict[str, Floats]) -> None:
        """Move the parameters against the gradients."""
        self._step += 1
        t = self._step
        keep = min(self._schedule.averaging, t / (t + 9))  # what was drawn at first is soon gone
        speed = self._schedule.rate * min(1, t / _WARM_UP) * (1 - t / (self._n_steps + 1))
        for name, grad in grads.items():
            first, second = self._first[name], self._second[name]
            first += _FIRST * (grad - first)
            second += _SECOND * (grad * grad - second)
            root = np.sqrt(second / (1 - (1 - _SECOND) ** t)) + 1e-8
            self.params[name] -= speed / (1 - (1 - _FIRST) ** t) * first / root
            self.average[name] += (1 - keep) * (self.params[name] - self.average[name])


def trained(
    articles: Sequence[Prepared],
    features: Ints,
    shape: Shape,
    *,
    schedule: Schedule,
    random: np.random.Generator,
) -> dict[str, Floats]:
    """Parameters of a network trained on articles.

    Parameters
    ----------
    articles : sequence of Prepared
    features : ndarray of int64
        Of the distinct tokens, as ``prepared`` gives them.

    References
    ----------
    Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization. ICLR.
    https://arxiv.org/abs/1412.6980
    Polyak, B. T. and Juditsky, A. B. (1992). Acceleration of stochastic approximation by
    averaging. SIAM Journal on Control and Optimization 30(4), 838–855.
    https://doi.org/10.1137/0330046
    """
    rounds = list(_rounds(len(articles), schedule, random))
    adam = _Adam(initial(shape, random), schedule, n_steps=len(rounds))
    for chosen in rounds:
        batch = batch_of([articles[i] for i in chosen], features, n_buckets=shape.n_buckets)
        values = {name: Value(array) for name, array in adam.params.items()}
        backward(loss_of(values, batch, shape, rate=schedule.dropout, random=random))
        n = max(1, len(batch.near.chosen))
        adam.step({name: v.grad / n for name, v in values.items() if v.grad is not None})
    return adam.average


def _rounds(n: int, schedule: Schedule, random: np.random.Generator) -> Iterator[Ints]:
    for _ in range(schedule.n_epochs):
        order = random.permutation(n)
        for start in range(0, n, schedule.batch_size):
            yield order[start : start + schedule.batch_size]
