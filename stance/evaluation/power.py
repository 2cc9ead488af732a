"""Power: how large a difference must be for this test set to show it.

References
----------
J. Cohen, 1988, "Statistical Power Analysis for the Behavioral Sciences",
doi:10.4324/9780203771587 (power; g). D. Card, P. Henderson, U. Khandelwal, R. Jia, K. Mahowald and
D. Jurafsky, 2020, "With little power comes great responsibility",
doi:10.18653/v1/2020.emnlp-main.745 (many test sets of the field are too small for the differences
that are claimed on them).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from stance.evaluation.bootstrap import N_RESAMPLES, Interval, bootstrap, resampled_sums
from stance.evaluation.metrics import Counts, Metric, group_codes, macro_f1

POWER = 0.8
LEVEL = 0.05


def paired_standard_error(
    counts: Counts,
    other: Counts,
    *,
    metric: Metric = macro_f1,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> float:
    """Standard error of two models' difference: its spread over resampled groups.

    Parameters
    ----------
    counts, other : ndarray, shape (n_groups, n_labels, n_labels + 1)
        As ``stance.evaluation.significance.paired_difference`` takes them.
    metric : callable
    n_resamples, seed : int

    Returns
    -------
    float
        NaN with fewer than two groups.

    Examples
    --------
    >>> one = np.array([[[3, 0, 0], [0, 3, 0]], [[2, 1, 0], [0, 3, 0]]])
    >>> paired_standard_error(one, one)
    0.0
    """
    if counts.shape != other.shape:
        raise ValueError(f"expected counts of one shape, got {counts.shape} and {other.shape}")
    if len(counts) < 2:
        return float("nan")
    sums = resampled_sums(np.stack([counts, other], axis=1), n_resamples=n_resamples, seed=seed)
    differences = metric(sums[:, 0]) - metric(sums[:, 1])
    return float(np.nanstd(differences, ddof=1))


def detectable_difference(
    standard_error: float, *, power: float = POWER, level: float = LEVEL
) -> float:
    """The least true difference that a two-sided test of this level finds with this power.

    It is (z₁₋ₗₑᵥₑₗ⸝₂ + z_power) standard errors: 2.80 of them at level 0.05 and power 0.8.

    Parameters
    ----------
    standard_error : float, at least 0
        Of the difference, in its unit; see ``paired_standard_error``. Two other models that
        disagree more often have a greater one.
    power, level : float in (0, 1)
        Chance to find the difference; chance to find one where there is none. One test: a level
        that is corrected for several asks for more.

    Examples
    --------
    >>> round(detectable_difference(0.01), 4)
    0.028
    """
    for name, value in (("power", power), ("level", level)):
        if not 0 < value < 1:
            raise ValueError(f"{name} = {value!r}, must be between 0 and 1")
    z = NormalDist().inv_cdf
    return (z(1 - level / 2) + z(power)) * standard_error


def win_share(
    is_right: ArrayLike,
    is_other_right: ArrayLike,
    *,
    groups: Sequence[Hashable],
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> Interval | None:
    """Of the passages that only one of two models gets right, the share that the first one does.

    An effect size for paired answers: one half means no difference, and the distance from it is
    Cohen's g (0.05 small, 0.15 medium, 0.25 large).

    Parameters
    ----------
    is_right, is_other_right : array of bool, shape (n_passages,)
    groups : sequence, shape (n_passages,)
        The articles, which the interval resamples.
    n_resamples, seed : int

    Returns
    -------
    Interval or None
        None where the two are right on the same passages.

    Examples
    --------
    >>> found = win_share([True] * 4, [True, False, False, True], groups=[1, 1, 2, 2])
    >>> found.value if found else None
    1.0
    """
    first, second = np.asarray(is_right, bool), np.asarray(is_other_right, bool)
    if not len(first) == len(second) == len(groups):
        raise ValueError(
            f"expected lists of equal length, got {len(first)}, {len(second)}, {len(groups)}"
        )
    codes = group_codes(groups)
    sums = np.zeros((int(codes.max(initial=0)) + 1, 2))
    np.add.at(sums, codes, np.stack([first & ~second, second & ~first], axis=1))
    if not sums.any():
        return None

    def statistics(totals: Counts) -> dict[str, Counts]:
        n = totals.sum(axis=-1)
        share = np.divide(totals[..., 0], n, out=np.full_like(n, np.nan), where=n > 0)
        return {"wins": share}

    return bootstrap(sums, statistics, n_resamples=n_resamples, seed=seed)["wins"]
