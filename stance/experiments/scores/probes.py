"""Probes: what a report tells of its headline model beside its scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stance.experiments.scores.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Slice:
    """How well a part of the test set is labelled.

    Parameters
    ----------
    column, value : str
        ``genre`` and ``wire``; ``length``, ``position`` and ``label`` are known of every corpus.
    n_groups, n_passages : int
    metric : str
        Of ``score`` and ``difference``: the headline's, over the labels that occur in the slice;
        ``accuracy`` where slices are labels.
    score, accuracy : Estimate
    difference : Estimate or None
        To all other passages; None where there are no others.
    p_value : float or None
        That the difference is 0; two-sided, corrected for the slices tested. None where the slice
        is spread over too few articles.
    """

    column: str
    value: str
    n_groups: int
    n_passages: int
    metric: str
    score: Estimate
    accuracy: Estimate
    difference: Estimate | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class CoverageRisk:
    """Share of wrong answers when the least sure passages get none.

    Parameters
    ----------
    threshold : tuple of float
        Least probability of the predicted label that is answered, falling.
    coverage : tuple of float
        Share of passages that are answered at each threshold.
    risk : tuple of Estimate
        Share of these answers that are wrong.
    area : Estimate
        Mean risk over all coverages.
    error, best_area : float
        Between which ``area`` lies for a probability that says nothing, and one that says all.
    """

    threshold: tuple[float, ...]
    coverage: tuple[float, ...]
    risk: tuple[Estimate, ...]
    area: Estimate
    error: float
    best_area: float


@dataclass(frozen=True, slots=True)
class Conformal:
    """Label sets that shall hold the true label with a given probability.

    Parameters
    ----------
    level : float
        The probability that was asked for.
    threshold : float or None
        Labels of at least one minus this probability are in the set, the mean over folds in
        cross-validation; None where there were too few passages for the level.
    n_calibration, n_calibration_groups : int
        Passages and articles behind the threshold, none of them learned from by the model that
        gave their probabilities.
    coverage, size, single : Estimate
        Share of sets that hold the true label, mean number of labels, share of sets of one label.
    labels : dict of str to Estimate
        Coverage by true label.
    """

    level: float
    threshold: float | None
    n_calibration: int
    n_calibration_groups: int
    coverage: Estimate
    size: Estimate
    single: Estimate
    labels: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class LabelFlips:
    """Passages that had a label, and the share of them that got another."""

    label: str
    n: int
    changed: Estimate


@dataclass(frozen=True, slots=True)
class Perturbation:
    """What a change of the text did to the labels.

    Parameters
    ----------
    name, what : str
    expected : {"stay", "change"}
    n_groups, n_passages : int
        Articles and passages whose text was changed.
    failed : Estimate
        Share of labels that change where they should stay, or stay where they should change.
    before, after : Estimate
        Share of right labels.
    labels : tuple of LabelFlips
        By the label before; the one that fails most first.
    """

    name: str
    what: str
    expected: Literal["stay", "change"]
    n_groups: int
    n_passages: int
    failed: Estimate
    before: Estimate
    after: Estimate
    labels: tuple[LabelFlips, ...] = ()


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """The metric with a share of the training articles.

    Parameters
    ----------
    share : float
    n_groups, n_passages : float
        Learned from, mean over draws and folds.
    score : Estimate
        Mean over draws; the interval is the test set's sampling error alone.
    draws : tuple of float
        One value per draw of articles.
    """

    share: float
    n_groups: float
    n_passages: float
    score: Estimate
    draws: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Points by rising share, and what the last step brought."""

    metric: str
    points: tuple[LearningPoint, ...]
    gain: Estimate | None = None


@dataclass(frozen=True, slots=True)
class SeedSpread:
    """How far trainings of one model with different seeds differ.

    Parameters
    ----------
    model, metric : str
    seeds : tuple of int
    values : tuple of float
    mean, deviation : float
        Of the values; the deviation is that of a sample (n - 1).
    sampling_error : float or None
        Standard error of the first seed's value over resampled articles, to hold beside it.
    """

    model: str
    metric: str
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    mean: float
    deviation: float
    sampling_error: float | None = None


@dataclass(frozen=True, slots=True)
class Probes:
    """All probes of a report; those that the config does not ask for are empty or None."""

    model: str
    seed: int
    slices: tuple[Slice, ...] = ()
    coverage_risk: CoverageRisk | None = None
    conformal: Conformal | None = None
    perturbations: tuple[Perturbation, ...] = ()
    learning_curve: LearningCurve | None = None
    seeds: tuple[SeedSpread, ...] = ()
