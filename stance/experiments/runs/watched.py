"""Watched: a model at work on one thread, its libraries' warnings caught for the report."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def watched() -> Iterator[list[str]]:
    """Let linear algebra run on one thread, and catch what the libraries warn of.

    Sums in another order differ in their last digits, and the same config shall give the same
    bytes with any number of cores and of jobs.

    Yields
    ------
    list of str
        Gets each warning once, in one line, when the block ends.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    told: list[str] = []
    with threadpool_limits(1), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        yield told
    told += dict.fromkeys(_told(warning) for warning in caught if _matters(warning))


def _matters(warning: warnings.WarningMessage) -> bool:
    """Warnings of what was computed; those of changes to come are for developers."""
    return issubclass(warning.category, UserWarning | RuntimeWarning)


def _told(warning: warnings.WarningMessage) -> str:
    first = next(iter(str(warning.message).strip().splitlines()), "")
    return f"{warning.category.__name__}: {first:.120}"
