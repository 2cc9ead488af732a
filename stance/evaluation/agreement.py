"""Do people who label the same passages agree? Krippendorff's alpha and Cohen's kappa."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(
    ratings: Sequence[Sequence[Any]] | NDArray[Any],
    level: Level = "nominal",
    *,
    order: Sequence[Any] | None = None,
) -> float:
    """Krippendorff's alpha: 1 is perfect agreement, 0 what chance would give, below 0 worse.

    Parameters
    ----------
    ratings : sequence of sequences, shape (n_raters, n_units)
        None and NaN are missing. Units with fewer than two ratings say nothing and are left out.
    level : {"nominal", "ordinal", "interval"}
        How far two values are apart: alike or not; ranks between them; difference of numbers.
    order : sequence or None
        The values from lowest to highest, for ordinal ratings that are no numbers.

    Returns
    -------
    float
        NaN where all ratings are the same value: without variation, agreement cannot be told from
        a label that nobody ever doubts.

    Raises
    ------
    ValueError
        The rows differ in length, no unit has two ratings, the level is unknown, or ratings need an
        ``order`` that lacks one of them.

    References
    ----------
    K. Krippendorff, 2011, "Computing Krippendorff's Alpha-Reliability",
    https://repository.upenn.edu/asc_papers/43. A. F. Hayes and K. Krippendorff, 2007, "Answering
    the call for a standard reliability measure for coding data", doi:10.1080/19312450709336664

    Examples
    --------
    >>> round(krippendorff_alpha([["a", "a", "b", "b"], ["a", "b", "b", None]]), 4)
    0.4444
    """
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(f"level = {level!r}, must be 'nominal', 'ordinal' or 'interval'")
    codes, values = _coded(ratings, level, order)
    counts = _unit_counts(codes, n_values=len(values))
    pairable = counts[counts.sum(axis=1) >= 2]
    if not len(pairable):
        raise ValueError("expected a unit with two ratings at least, got none")
    n_of_unit = pairable.sum(axis=1)
    coincidences = (pairable / (n_of_unit - 1)[:, None]).T @ pairable
    coincidences[np.diag_indices(len(values))] -= (pairable / (n_of_unit - 1)[:, None]).sum(axis=0)
    totals = pairable.sum(axis=0)
    distance = _distances(level, values, totals)
    expected = float(totals @ distance @ totals / (totals.sum() - 1))
    observed = float((coincidences * distance).sum())
    return 1 - observed / expected if expected else float("nan")


def cohen_kappa(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Cohen's kappa of two raters: 1 is perfect agreement, 0 what their margins would give.

    Parameters
    ----------
    first, second : sequence, shape (n_units,)
        Units where one of them is None or NaN are left out.

    Returns
    -------
    float
        NaN where both raters gave one and the same label throughout.

    Raises
    ------
    ValueError
        The sequences differ in length, or no unit has both ratings.

    References
    ----------
    J. Cohen, 1960, "A coefficient of agreement for nominal scales",
    doi:10.1177/001316446002000104

    Examples
    --------
    >>> cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"])  # 3/4 seen, 1/2 by chance
    0.5
    """
    codes, values = _coded([first, second], "nominal", None)
    both = codes[:, (codes >= 0).all(axis=0)]
    if not both.shape[1]:
        raise ValueError("expected a unit that both raters labelled, got none")
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (both[0], both[1]), 1.0 / both.shape[1])
    chance = float(table.sum(axis=0) @ table.sum(axis=1))
    return (float(np.trace(table)) - chance) / (1 - chance) if chance < 1 else float("nan")


def _coded(
    ratings: Sequence[Sequence[Any]] | NDArray[Any], level: Level, order: Sequence[Any] | None
) -> tuple[NDArray[np.int64], list[Any]]:
    """Ratings as places in a list of values, -1 for missing; shape (n_raters, n_units)."""
    rows = [[None if _is_missing(rating) else rating for rating in row] for row in ratings]
    if len({len(row) for row in rows}) != 1:
        raise ValueError(
            f"expected one rating or None per unit from each rater, got rows of "
            f"{[len(row) for row in rows]}"
        )
    present = {rating for row in rows for rating in row if rating is not None}
    values = _values(present, level, order)
    place = {value: i for i, value in enumerate(values)}
    codes = [[-1 if rating is None else place[rating] for rating in row] for row in rows]
    return np.array(codes, np.int64), values


def _values(present: set[Any], level: Level, order: Sequence[Any] | None) -> list[Any]:
    if order is not None:
        unknown = sorted(present - set(order), key=repr)
        if unknown:
            raise ValueError(f"rating {unknown[0]!r} is not in order={list(order)!r}")
        return list(order)
    if level == "nominal":
        return sorted(present, key=repr)
    odd = sorted((v for v in present if not isinstance(v, int | float | np.number)), key=repr)
    if odd:
        hint = "give their order=[…]" if level == "ordinal" else "give numbers"
        raise ValueError(f"{level} ratings must be numbers, got {odd[0]!r}: {hint}")
    return sorted(present)


def _unit_counts(codes: NDArray[np.int64], *, n_values: int) -> Floats:
    """How often each unit got each value, shape (n_units, n_values)."""
    counts = np.zeros((codes.shape[1], n_values))
    raters, units = np.nonzero(codes >= 0)
    np.add.at(counts, (units, codes[raters, units]), 1.0)
    return counts


def _distances(level: Level, values: list[Any], totals: Floats) -> Floats:
    """Squared distance of every two values, shape (n_values, n_values)."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        numbers = np.array(values, np.float64)
        return np.asarray((numbers[:, None] - numbers) ** 2)
    # Ranks: all ratings between two values count in full, those of the two themselves by half.
    middle = np.cumsum(totals) - totals / 2
    return np.asarray((middle[:, None] - middle) ** 2)


def _is_missing(rating: Any) -> bool:
    return rating is None or (isinstance(rating, float | np.floating) and bool(np.isnan(rating)))
