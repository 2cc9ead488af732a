"""Schedule: how high the learning rates are at each step of a training."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


class Schedule:
    """Rates that rise and fall once in every cycle of epochs.

    Parameters
    ----------
    n_steps : sequence of int
        Of every epoch.
    cycles : int
        Divides the number of epochs.
    warm_up : float, in [0, 1)
        Share of a cycle's steps in which rates rise.

    Examples
    --------
    >>> schedule = Schedule([1, 1, 1, 1], cycles=2, warm_up=0.0)
    >>> [round(schedule.share(step), 2) for step in range(4)]
    [0.67, 0.33, 0.67, 0.33]
    """

    def __init__(self, n_steps: Sequence[int], *, cycles: int, warm_up: float) -> None:
        self._n_epochs = len(n_steps) // cycles
        self._warm_up = warm_up
        self._starts = [0, *list(accumulate(n_steps))[self._n_epochs - 1 :: self._n_epochs]]

    @property
    def n_steps(self) -> int:
        """Of all epochs."""
        return self._starts[-1]

    def share(self, step: int) -> float:
        """Of the highest rate: in every cycle up in a straight line, then down to 0.

        Parameters
        ----------
        step : int
            Counted from 0 through all epochs.
        """
        start = max(one for one in self._starts[:-1] if one <= step)
        end = self._starts[self._starts.index(start) + 1]
        done = (step - start + 1) / (end - start + 1)
        risen = done / self._warm_up if self._warm_up else 1.0
        return min(risen, (1 - done) / (1 - self._warm_up))

    def ends_cycle(self, epoch: int) -> bool:
        """Whether a cycle ends with this epoch, counted from 1."""
        return epoch % self._n_epochs == 0
