"""Probing: all that a config asks of its headline model beside its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from stance.experiments.config import Config
from stance.experiments.runs.data import Data
from stance.experiments.runs.job import Trained
from stance.experiments.scores.abstaining import conformal_of, coverage_risk_of
from stance.experiments.scores.asking import Ask
from stance.experiments.scores.curves import learning_curve_of, seed_spreads
from stance.experiments.scores.perturbing import perturbations_of
from stance.experiments.scores.probes import Probes
from stance.experiments.scores.slicing import slices_of

T = TypeVar("T")


def probe(
    config: Config, data: Data, trained: Sequence[Trained], *, ask: Ask
) -> tuple[Probes, tuple[str, ...]]:
    """Probes of the first trained model, and notes on those that failed.

    Parameters
    ----------
    config, data, trained
    ask : callable
        Trains the first model on other data, or finds its answers in the store.

    Returns
    -------
    Probes
    tuple of str
        One note for every probe that a classifier's error cost; the others stand.
    """
    head = trained[0]
    notes: list[str] = []

    def tried(what: str, function: Callable[[], T], otherwise: T) -> T:
        try:
            return function()
        except Exception as error:  # whatever a classifier raises must not cost the report
            reason = f"{type(error).__name__}: {error}" if data.may_show_text else ""
            notes.append(f"The {what} of {head.model.name} failed and is left out. {reason:.300}")
            return otherwise

    answers = head.answers
    probes = Probes(
        model=head.model.name,
        seed=head.seed,
        slices=slices_of(config, data, answers),
        coverage_risk=coverage_risk_of(config, data, answers),
        conformal=tried(
            "conformal sets", lambda: conformal_of(config, data, answers, ask=ask), None
        ),
        perturbations=tried(
            "perturbations", lambda: perturbations_of(config, data, answers, ask=ask), ()
        ),
        learning_curve=tried(
            "learning curve", lambda: learning_curve_of(config, data, answers, ask=ask), None
        ),
        seeds=tuple(seed_spreads(config, data, trained)),
    )
    if config.coverage is not None and probes.conformal is None and not notes:
        notes.append(
            f"No conformal sets: {head.model.name} gives no probabilities of the corpus's labels."
        )
    return probes, tuple(note.strip() for note in notes)
