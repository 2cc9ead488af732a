"""Labels: those learned from, one per passage, and sets of those that are likely."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray


def checked_labels(y: Any, *, n: int, n_classes: int = 2) -> NDArray[Any]:
    """Labels as an array, shape (n,), of str or of whole numbers.

    Parameters
    ----------
    y : sequence of str or int, shape (n_passages,)
    n : int
        How many passages there are.
    n_classes : int
        How many different labels there must be at least.

    Raises
    ------
    ValueError
        There is not one label for each passage, a label is missing or of another type, or there
        are too few different ones.

    Examples
    --------
    >>> checked_labels(["quote", "report"], n=2).tolist()
    ['quote', 'report']
    """
    shape = np.shape(y)
    if shape != (n,):
        raise ValueError(f"expected one label for each of {n} passages, got shape {shape}")
    labels = list(y)
    kinds = [_kind(label, i) for i, label in enumerate(labels)]
    if len(set(kinds)) > 1:
        i = kinds.index(str if kinds[0] is int else int)
        raise ValueError(
            f"row {i}: expected labels of one type, got {labels[i]!r} after {labels[0]!r}"
        )
    _check_number(labels, n_classes)
    # Of their own type: an array of objects, as pandas gives one, would make another of classes_.
    return np.array([str(label) for label in labels]) if str in kinds else np.asarray(labels)


def likely_sets(
    proba: NDArray[np.float64], classes: NDArray[Any], *, coverage: float
) -> list[tuple[str, ...]]:
    """The likeliest classes of each row that together reach ``coverage``.

    Parameters
    ----------
    proba : ndarray of float64, shape (n_passages, n_classes)
    classes : ndarray, shape (n_classes,)
        Names of the columns.
    coverage : float, 0–1

    Raises
    ------
    ValueError
        ``coverage`` is not within 0 and 1.

    Examples
    --------
    >>> likely_sets(np.array([[0.6, 0.3, 0.1]]), np.array(["a", "b", "c"]), coverage=0.8)
    [('a', 'b')]
    """
    if not 0 <= coverage <= 1:
        raise ValueError(f"coverage = {coverage!r}, must be within 0 and 1")
    sets = []
    for row in proba:
        order = np.argsort(-row, kind="stable")
        n = int(np.searchsorted(np.cumsum(row[order]), coverage - 1e-12)) + 1
        sets.append(tuple(str(classes[i]) for i in order[:n]))
    return sets


def _check_number(labels: Sequence[Any], n_classes: int) -> None:
    if not labels:
        raise ValueError("expected passages to learn from, got none")
    found = sorted(set(labels))
    if len(found) < n_classes:
        wanted = "two classes" if n_classes == 2 else f"{n_classes} classes"
        raise ValueError(f"expected {wanted} or more, got {[_bare(label) for label in found]}")


def _kind(label: Any, i: int) -> type:
    if isinstance(label, str):
        return str
    if isinstance(label, Integral) or (isinstance(label, float) and label.is_integer()):
        return int
    raise ValueError(f"row {i}: expected a label, a str or a whole number, got {label!r:.80}")


def _bare(label: Any) -> Any:
    """A label as it is written: neither numpy's number nor an enumeration's member."""
    return (
        str(label) if isinstance(label, str) else label.item() if hasattr(label, "item") else label
    )
