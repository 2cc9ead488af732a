"""Slices: the parts of a test set that a column tells apart, and how well each is labelled.

Intervals and differences come from drawing all articles of the test set again, with or without
passages of a slice, as in ``stance.evaluation.bootstrap``. Macro-F1 of a slice is the mean over the
labels that truly occur in it: a label of which it has none would count with an F1 of 0 as soon as
it is predicted once, and slices would differ by their labels rather than by their difficulty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import N_RESAMPLES, Interval, percentile_interval, resampled_sums
from stance.evaluation.metrics import Counts, Floats, accuracy, f1

MIN_PASSAGES = 10
"""Values with fewer passages are put together."""

MIN_GROUPS = 5
"""Articles that a slice must be spread over for an interval and a test: resamples of two articles
have three outcomes, and their ends are the two articles."""

OTHER = "other"
NONE = "none"
_N_BINS = 4
_MAX_NUMBERS = 12
_MAX_VALUES = 30
_CHUNK = 40_000_000  # bytes of resampled sums held at a time


@dataclass(frozen=True, slots=True)
class SliceScore:
    """How well a slice is labelled.

    Parameters
    ----------
    n_passages, n_groups : int
    score, accuracy : Interval
        The metric, and the share of right labels.
    difference : Interval or None
        The metric minus that of all other passages; None where there are no others.
    p_value : float or None
        Two-sided, that the difference is 0, from the same resamples. Not corrected for the number
        of slices. None, like the intervals' ends, where the slice is spread over fewer than
        ``MIN_GROUPS`` articles.
    """

    n_passages: int
    n_groups: int
    score: Interval
    accuracy: Interval
    difference: Interval | None
    p_value: float | None


def slice_names(values: Sequence[Any]) -> list[str]:
    """The slice of each passage, from a column of any type.

    Numbers of more than twelve different values are cut into quarters, rare values put together.

    Examples
    --------
    >>> slice_names([True, False, None] + [True] * 9 + [False] * 9)[:3]
    ['yes', 'no', 'none']
    """
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(set(numbers)) > _MAX_NUMBERS and len(numbers) == len(values):
        return quarters(numbers)
    names = [_named(value) for value in values]
    counted = Counter(name for name in names if name != NONE)
    kept = {
        name
        for place, (name, n) in enumerate(sorted(counted.items(), key=lambda it: (-it[1], it[0])))
        if n >= MIN_PASSAGES and place < _MAX_VALUES
    }
    if len(counted) - len(kept) < 2:  # a single rare value may as well have its name
        return names
    return [name if name in kept or name == NONE else OTHER for name in names]


def quarters(numbers: Sequence[float], *, unit: str = "") -> list[str]:
    """The quarter of each number among all of them, named by its ends.

    Equal numbers stand in one slice, so there may be fewer than four.

    Examples
    --------
    >>> quarters([1, 2, 3, 4, 5, 6, 7, 8], unit="words")[::3]
    ['up to 2 words', '3 to 4 words', '7 words or more']
    """
    values = np.asarray(numbers, np.float64)
    cuts = np.quantile(values, np.arange(1, _N_BINS) / _N_BINS, method="lower")
    bins = np.searchsorted(np.unique(cuts), values, side="left")
    names = {}
    for place in np.unique(bins).tolist():
        inside = values[bins == place]
        names[place] = _range_name(inside, place, last=int(bins.max()), unit=unit)
    return [names[place] for place in bins.tolist()]


def position_names(places: Sequence[tuple[int, int]]) -> list[str]:
    """Where passages stand, from pairs of (index, number of paragraphs of the article).

    Examples
    --------
    >>> position_names([(0, 9), (1, 9), (4, 9), (7, 9), (8, 9), (0, 1)])
    ['first paragraph', 'first third', 'middle third', 'last third', 'last paragraph', 'alone']
    """
    return [_position(index, n) for index, n in places]


def slice_scores(
    counts: Counts,
    slices: Sequence[Counts],
    *,
    is_macro: bool = True,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> list[SliceScore]:
    """Score of every slice, with its interval and its difference to the rest.

    Parameters
    ----------
    counts : ndarray, shape (n_groups, n_labels, n_labels + 1)
        Confusion counts of all passages.
    slices : sequence of ndarray of that shape
        Those of the passages of each slice, groups in the same order; each holds a passage.
    is_macro : bool
        Macro-F1, else accuracy.
    n_resamples, seed : int

    Raises
    ------
    ValueError
        A slice has another shape, or no passage.
    """
    for i, part in enumerate(slices):
        if part.shape != counts.shape or not part.any():
            raise ValueError(
                f"slices[{i}]: expected counts of shape {counts.shape} with a passage at least, "
                f"got shape {part.shape}"
            )
    width = 2 * 8 * n_resamples * int(np.prod(counts.shape[1:]))
    step = max(1, _CHUNK // width)
    found = []
    for start in range(0, len(slices), step):
        parts = np.stack(slices[start : start + step], axis=1)
        pairs = np.stack([parts, counts[:, None] - parts], axis=2)
        drawn = (
            resampled_sums(pairs, n_resamples=n_resamples, seed=seed) if len(counts) > 1 else None
        )
        for i in range(parts.shape[1]):
            replicates = None if drawn is None else drawn[:, i]
            found.append(_score(pairs[:, i], replicates, is_macro=is_macro))
    return found


def _score(pair: Counts, drawn: Floats | None, *, is_macro: bool) -> SliceScore:
    """From counts of shape (n_groups, 2, …), slice and rest, and their resampled sums."""
    total = pair.sum(axis=0)
    occurs = total[0].sum(axis=-1) > 0
    has_rest = bool(total[1].any())

    def metric(sums: Counts) -> Floats:
        return _macro_over(sums, occurs) if is_macro else accuracy(sums)

    values = [metric(total[:1]), accuracy(total[:1]), metric(total[:1]) - metric(total[1:])]
    n_groups = int((pair[:, 0].sum(axis=(1, 2)) > 0).sum())
    draws = (
        [None] * 3
        if drawn is None or n_groups < MIN_GROUPS
        else [
            metric(drawn[:, 0]),
            accuracy(drawn[:, 0]),
            metric(drawn[:, 0]) - metric(drawn[:, 1]),
        ]
    )
    intervals = [_interval(float(v[0]), d) for v, d in zip(values, draws, strict=True)]
    return SliceScore(
        n_passages=int(total[0].sum()),
        n_groups=n_groups,
        score=intervals[0],
        accuracy=intervals[1],
        difference=intervals[2] if has_rest else None,
        p_value=_p_value(draws[2]) if has_rest and draws[2] is not None else None,
    )


def _macro_over(counts: Counts, occurs: NDArray[np.bool_]) -> Floats:
    """Mean F1 of some labels; NaN where none of them occurs at all."""
    scores = f1(counts)[..., occurs]
    known = ~np.isnan(scores)
    n = known.sum(axis=-1)
    total = np.where(known, scores, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0))


def _interval(value: float, draws: Floats | None) -> Interval:
    if draws is None or np.isnan(draws).all():
        return Interval(value)
    return Interval(value, *percentile_interval(draws))


def _p_value(differences: Floats) -> float:
    """Twice the share of resamples on the rarer side of 0, at least 1 of them (never zero)."""
    known = differences[~np.isnan(differences)]
    rarer = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return float(min(1.0, 2 * (rarer + 1) / (len(known) + 1)))


def _named(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)) or value == "":
        return NONE
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return " ".join(str(value).split())


def _range_name(inside: Floats, place: int, *, last: int, unit: str) -> str:
    low, high = f"{inside.min():g}", f"{inside.max():g}"
    if place == 0:
        name = f"up to {high}"
    elif place == last:
        return f"{low} {unit} or more".replace("  ", " ")
    else:
        name = low if low == high else f"{low} to {high}"
    return f"{name} {unit}".strip()


def _position(index: int, n: int) -> str:
    if n <= 1:
        return "alone"
    if index == 0:
        return "first paragraph"
    if index >= n - 1:
        return "last paragraph"
    return ("first third", "middle third", "last third")[min(2, 3 * index // n)]
