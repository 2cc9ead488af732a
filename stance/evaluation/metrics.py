"""Confusion counts, and the metrics that follow from them alone.

Every metric is a function of counts of shape (..., n_labels, n_labels + 1): rows are true labels,
columns predicted ones, and the last column holds predictions that are missing or outside the label
set. They are wrong: they cost their true label recall. The leading axes are free, so that one call
computes a metric for each of ten thousand resamples.

A label that stands neither in the truth nor among the predictions has no F1 (NaN) and is left out
of the macro mean; one that is predicted but never true counts with an F1 of 0. Both agree with
scikit-learn's ``f1_score(average="macro", zero_division=0)`` without ``labels``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[Any]
Metric = Callable[[Counts], Floats]


def group_codes(groups: Sequence[Hashable]) -> NDArray[np.int64]:
    """Groups as 0, 1, 2 … by first appearance; an empty group stands for a passage alone.

    Returns
    -------
    ndarray of int64, shape (n_passages,)

    Examples
    --------
    >>> group_codes(["b", "a", "b", "", ""]).tolist()
    [0, 1, 0, 2, 3]
    """
    number: dict[Hashable, int] = {}
    keys = (group if group != "" else ("alone", i) for i, group in enumerate(groups))
    return np.array([number.setdefault(key, len(number)) for key in keys], np.int64)


def label_codes(y: Sequence[str | None], labels: Sequence[str]) -> NDArray[np.int64]:
    """Place of each label in ``labels``; ``len(labels)`` for None and for a label outside.

    Examples
    --------
    >>> label_codes(["quote", None, "poem"], ["quote", "report"]).tolist()
    [0, 2, 2]
    """
    place: dict[str | None, int] = {label: i for i, label in enumerate(labels)}
    return np.array([place.get(label, len(labels)) for label in y], np.int64)


def confusion_counts(
    y_true: Sequence[str],
    y_pred: Sequence[str | None],
    *,
    labels: Sequence[str],
    groups: Sequence[Hashable] | None = None,
) -> NDArray[np.int64]:
    """Confusion counts of each group of passages.

    Parameters
    ----------
    y_true : sequence of str, shape (n_passages,)
        Each one of ``labels``.
    y_pred : sequence of str or None, shape (n_passages,)
        None, and labels outside ``labels``, go into the last column.
    labels : sequence of str
        Order of rows and columns.
    groups : sequence, shape (n_passages,), or None
        The article of each passage; see ``group_codes``. None counts all passages as one group.

    Returns
    -------
    ndarray of int64, shape (n_groups, n_labels, n_labels + 1)
        Groups by first appearance.

    Raises
    ------
    ValueError
        The sequences differ in length, or a true label is not one of ``labels``.

    Examples
    --------
    >>> confusion_counts(["a", "a", "b"], ["a", "b", None], labels=["a", "b"]).tolist()
    [[[1, 1, 0], [0, 0, 1]]]
    """
    _check_lengths(y_true, y_pred, groups)
    truth, predicted = label_codes(y_true, labels), label_codes(y_pred, labels)
    if (truth == len(labels)).any():
        at = int(np.flatnonzero(truth == len(labels))[0])
        raise ValueError(f"y_true[{at}] = {y_true[at]!r}, expected one of {list(labels)}")
    codes = np.zeros(len(truth), np.int64) if groups is None else group_codes(groups)
    counts = np.zeros((codes.max(initial=0) + 1, len(labels), len(labels) + 1), np.int64)
    np.add.at(counts, (codes, truth, predicted), 1)
    return counts


def precision(counts: Counts) -> Floats:
    """Share of a label's predictions that are right, shape (..., n_labels); see the module."""
    true, predicted, right = _margins(counts)
    return _share(right, predicted, defined=true + predicted > 0)


def recall(counts: Counts) -> Floats:
    """Share of a label's passages that are found, shape (..., n_labels); see the module."""
    true, predicted, right = _margins(counts)
    return _share(right, true, defined=true + predicted > 0)


def f1(counts: Counts) -> Floats:
    """Harmonic mean of precision and recall, shape (..., n_labels); NaN: see the module."""
    true, predicted, right = _margins(counts)
    return _share(2 * right, true + predicted, defined=true + predicted > 0)


def macro_f1(counts: Counts) -> Floats:
    """Arithmetic mean of the labels' F1, shape (...); NaN where no label occurs at all.

    References
    ----------
    J. Opitz and S. Burst, 2019, "Macro F1 and Macro F1", https://arxiv.org/abs/1911.03347 (the mean
    of F1 scores is the more robust of the two definitions in use, and scikit-learn's).

    Examples
    --------
    >>> round(float(macro_f1(np.array([[2, 1, 0], [0, 1, 0]]))), 4)  # F1 are 4/5 and 2/3
    0.7333
    """
    scores = f1(counts)
    has_score = ~np.isnan(scores)
    return _share(np.where(has_score, scores, 0.0).sum(axis=-1), has_score.sum(axis=-1))


def accuracy(counts: Counts) -> Floats:
    """Share of passages with the right label, shape (...); NaN where there are none."""
    n_labels = counts.shape[-2]
    right = np.trace(counts[..., :n_labels], axis1=-2, axis2=-1)
    return _share(right, counts.sum(axis=(-2, -1)))


def f_avg(counts: Counts) -> Floats:
    """Mean F1 of the two labels that come first, shape (...): favor and against, neutral left out.

    The corpora of stance put the two sides first. All targets are pooled, and what is neutral
    counts by way of the other two labels' mistakes. A side that does not occur has an F1 of 0.

    References
    ----------
    S. Mohammad, S. Kiritchenko, P. Sobhani, X. Zhu and C. Cherry, 2016, "SemEval-2016 Task 6:
    Detecting Stance in Tweets", https://doi.org/10.18653/v1/S16-1003

    Examples
    --------
    >>> counts = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]])
    >>> round(float(f_avg(counts)), 4)  # F1 are 2/3 and 1
    0.8333
    """
    sides: Floats = np.nan_to_num(f1(counts)[..., :2]).mean(axis=-1)
    return sides


def weighted_score(counts: Counts) -> Floats:
    """Weighted score of the Fake News Challenge, as a share of the most there is; shape (...).

    A quarter point for telling related from unrelated, three quarters more for the right one of
    the other labels. Labels come in the order of ``RELATIONS``; as
    ``stance.evaluation.official.fnc1_weighted`` computes it for one table.

    References
    ----------
    D. Pomerleau and D. Rao, 2017, Fake News Challenge Stage 1: Stance Detection,
    http://www.fakenewschallenge.org

    Examples
    --------
    >>> counts = np.zeros((4, 5))
    >>> counts[0, 0] = counts[2, 0] = counts[3, 3] = 1
    >>> round(float(weighted_score(counts)), 4)  # 1.5 of 2.25 points
    0.6667
    """
    worth = np.zeros((4, 5))
    worth[:3, :3] = 0.25
    worth[range(4), range(4)] = 1.0, 1.0, 1.0, 0.25
    points = (counts * worth).sum(axis=(-2, -1))
    most = (counts.sum(axis=-1) * np.diag(worth)).sum(axis=-1)
    return _share(points, most)


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        "macro_f1": macro_f1,
        "accuracy": accuracy,
        "f_avg": f_avg,
        "weighted_score": weighted_score,
    }
)
"""The metrics that a report may be headed by."""

SIDES = ("favor", "against")
"""The labels that have to come first where ``f_avg`` is asked for."""

RELATIONS = ("favor", "against", "neutral", "unrelated")
"""The labels that there have to be where ``weighted_score`` is asked for."""


def scores(counts: Counts, labels: Sequence[str]) -> dict[str, Floats]:
    """Every metric by its name in ``results.json``, each of shape (...).

    Examples
    --------
    >>> table = scores(np.array([[2, 1, 0], [0, 1, 0]]), ["quote", "report"])
    >>> float(table["accuracy"]), float(table["recall/report"])
    (0.75, 1.0)
    """
    unfit = {"f_avg": tuple(labels[:2]) != SIDES, "weighted_score": tuple(labels) != RELATIONS}
    table = {name: metric(counts) for name, metric in METRICS.items() if not unfit.get(name, False)}
    for name, metric in (("precision", precision), ("recall", recall), ("f1", f1)):
        values = metric(counts)
        table |= {f"{name}/{label}": values[..., i] for i, label in enumerate(labels)}
    return table


def _margins(counts: Counts) -> tuple[Counts, Counts, Counts]:
    n_labels = counts.shape[-2]
    square = counts[..., :n_labels]
    right = np.diagonal(square, axis1=-2, axis2=-1)
    return counts.sum(axis=-1), square.sum(axis=-2), right


def _share(part: Counts, whole: Counts, *, defined: Counts | None = None) -> Floats:
    """``part / whole``; 0 where the whole is 0, NaN where the metric is undefined."""
    if defined is None:
        defined = np.asarray(whole) > 0
    shares = np.where(defined, 0.0, np.nan)
    np.divide(part, whole, out=shares, where=np.asarray(whole) > 0)
    return shares


def _check_lengths(
    y_true: Sequence[str], y_pred: Sequence[str | None], groups: Sequence[Hashable] | None
) -> None:
    lengths = {"y_true": len(y_true), "y_pred": len(y_pred)}
    if groups is not None:
        lengths["groups"] = len(groups)
    if len(set(lengths.values())) > 1:
        raise ValueError(f"expected sequences of equal length, got {lengths}")
