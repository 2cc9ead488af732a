"""Usage: what fitted classifiers say of their own work: requests, tokens, money."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any


def usage_of(classifier: Any) -> dict[str, float]:
    """The numbers of ``usage_``, by name; none where the classifier has no such mapping.

    What is no finite number is left out: a cost that is not known must not cost the answers.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> usage_of(SimpleNamespace(usage_={"n_requests": 3, "cost": None}))
    {'n_requests': 3}
    >>> usage_of(SimpleNamespace())
    {}
    """
    given = getattr(classifier, "usage_", None)
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {str(name): value for name, value in pairs if _is_number(value)}


def added(usage: Mapping[str, float], more: Mapping[str, float]) -> dict[str, float]:
    """Both together, name by name.

    Examples
    --------
    >>> added({"n_requests": 3}, {"n_requests": 4, "cost": 0.5})
    {'n_requests': 7, 'cost': 0.5}
    """
    return {name: usage.get(name, 0) + more.get(name, 0) for name in {**usage, **more}}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
