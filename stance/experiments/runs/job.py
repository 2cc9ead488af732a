"""Job: one model to run with one seed, and what comes back of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.experiments.configs.registry import has_seed
from stance.experiments.runs.fingerprint import digest, prediction_digest, versions
from stance.experiments.runs.progress import Progress
from stance.experiments.runs.store import Kept


@dataclass(frozen=True, slots=True)
class Job(ABC):
    """One model to run on one division of a corpus with one seed.

    Parameters
    ----------
    model : section of a config
        With a name and a role.
    seed : int
    data
        What the model learns from and is tested on.
    """

    model: Any
    seed: int
    data: Any

    @abstractmethod
    def answers(self) -> Kept:
        """Learn, and answer the test set. Raises whatever the model does."""

    @property
    @abstractmethod
    def about(self) -> Any:
        """Plain values of all that the answers depend on, but for seed, code and versions."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """Models of one kind take alike long."""

    @property
    @abstractmethod
    def n_learned(self) -> int:
        """Passages that are learned from, all folds together."""

    def within(self, cache: Path, tell: Progress) -> Job:
        """The job as it runs; those that take hours keep what they have done, and tell of it.

        Parameters
        ----------
        cache : Path
            The project's.
        tell : callable
            Called with a Step.
        """
        return self

    @property
    def key(self) -> str:
        """Digest of all that the answers depend on."""
        return digest([*self.about, self.seed, prediction_digest(), versions()])


@dataclass(frozen=True, slots=True)
class Trained:
    """A model of the config, trained once: which, with what seed, and its answers."""

    model: Any
    seed: int
    answers: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """A model that could not be trained or did not answer, and why."""

    model: str
    seed: int
    message: str


def seeds_that_matter(
    kind: str, parameters: dict[str, Any], seeds: tuple[int, ...], *, section: str = "classifier"
) -> tuple[int, ...]:
    """The seeds that a model is trained with: the first alone where none can matter."""
    is_drawn = has_seed(kind, section=section) and "random_state" not in parameters
    return seeds if is_drawn else seeds[:1]
