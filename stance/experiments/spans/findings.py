"""Findings of an experiment in spans, beside its cells: by trait, and by kind of error."""

from __future__ import annotations

from dataclasses import dataclass

from stance.experiments.scores.estimate import Estimate


@dataclass(frozen=True, slots=True)
class TraitScore:
    """How well true attributions of one trait are found.

    A trait of what was found cannot be known where nothing true stands behind it, so these are
    shares of true attributions (recall), not F1.

    Parameters
    ----------
    trait, value : str
        As in ``stance.evaluation.attribution_traits.TRAITS``.
    n_groups, n : int
        Articles and true attributions.
    found, found_strictly : dict of str to Estimate
        By model: share whose content is found, above an overlap of 0.3 and of 0.8.
    source : dict of str to Estimate
        By model: of those found that have a source, share with the right head word.
    """

    trait: str
    value: str
    n_groups: int
    n: int
    found: dict[str, Estimate]
    found_strictly: dict[str, Estimate]
    source: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """How often one kind of error was made.

    Parameters
    ----------
    kind : str
        As in ``stance.evaluation.attribution_errors.KINDS``.
    n : dict of str to int
        By model.
    examples : tuple of str
        Some of the headline model's: paragraph and offsets, ``paper_2016-03-01_6b86#4 [17, 90)``.
    """

    kind: str
    n: dict[str, int]
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpanFindings:
    """What a report on spans tells beside its cells.

    Parameters
    ----------
    n_true : int
        Attributions of the test set.
    n_found : dict of str to int
        Attributions found, by model.
    traits : tuple of TraitScore
    errors : tuple of ErrorKind
    """

    n_true: int
    n_found: dict[str, int]
    traits: tuple[TraitScore, ...]
    errors: tuple[ErrorKind, ...]
