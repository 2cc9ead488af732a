"""Outcome: where a training stands, and what it leaves."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.encoders.network import Network
from stance.encoders.running import Machine


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a training stands.

    Parameters
    ----------
    step, n_steps : int
        Done, and in all.
    epoch, n_epochs : int
        The one that it is in, from 1.
    loss : float
        Mean of this epoch so far.
    tokens_per_second : float
        Since the training was started or went on.
    seconds : float
        Of all sittings together.
    seconds_left : float
    macro_f1 : float or None
        Mean over the tasks' validation passages after the last whole epoch.
    """

    step: int
    n_steps: int
    epoch: int
    n_epochs: int
    loss: float
    tokens_per_second: float
    seconds: float
    seconds_left: float
    macro_f1: float | None = None


@dataclass(frozen=True, slots=True)
class EpochScore:
    """What came of an epoch.

    Parameters
    ----------
    epoch : int
        From 1.
    loss : dict of str to float
        Mean training loss of each task.
    macro_f1 : dict of str to float
        On the validation passages of each task that has some.
    seconds : float
        Since the training began, all sittings together.
    """

    epoch: int
    loss: dict[str, float]
    macro_f1: dict[str, float]
    seconds: float

    @property
    def mean(self) -> float:
        """Mean macro-F1 of the tasks; 0 without validation passages."""
        return float(np.mean([*self.macro_f1.values()])) if self.macro_f1 else 0.0


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """What a training leaves.

    Parameters
    ----------
    network : Network
    temperatures : dict of str to float
        Of each task, fitted on its validation passages; 1 without any.
    logits : dict of str to ndarray of float32, shape (n_passages, n_classes)
        Of each task's validation passages, before the temperature, in the order given.
    epochs : tuple of EpochScore
    seconds : float
        Of learning, all sittings together.
    n_steps, n_tokens : int
    peak_bytes : int
        Of memory that the process has held at most; 0 where the system does not say.
    machine : Machine
    max_tokens : int
    """

    network: Network
    temperatures: dict[str, float]
    logits: dict[str, NDArray[np.float32]]
    epochs: tuple[EpochScore, ...]
    seconds: float
    n_steps: int
    n_tokens: int
    peak_bytes: int
    machine: Machine
    max_tokens: int


def peak_bytes() -> int:
    """Memory that this process has held at most; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) * (1 if sys.platform == "darwin" else 1024)
