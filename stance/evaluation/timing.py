"""Timing: tasks timed in turns, round after round, so that what slows the machine slows them all.

Two programs timed one after the other on a machine that others use are compared with the weather.
Here each round runs every task once, in an order that moves on from round to round, and ratios are
taken within a round before their median is taken over the rounds.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any, TypeVar

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to time.

    Parameters
    ----------
    run : callable
        What is timed; called with what ``prepare`` gave.
    prepare : callable
        Called before each run, its time not counted.
    """

    run: Callable[[Any], object]
    prepare: Callable[[], Any] = lambda: None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and range of a measurement over the rounds."""

    value: float
    low: float
    high: float


def interleaved(
    tasks: Mapping[Name, Task],
    *,
    n_rounds: int,
    clock: Callable[[], float] = process_time,
    tell: Callable[[int, Name], None] | None = None,
) -> dict[Name, tuple[float, ...]]:
    """Seconds of each task in each round.

    Parameters
    ----------
    tasks : mapping of any name to Task
    n_rounds : int, at least 1
    clock : callable
        Seconds now. The default counts the process's own seconds on a processor, which others on
        the machine disturb least; all threads of the process count.
    tell : callable, optional
        Called with the round, from 0 on, and the task that begins.

    Returns
    -------
    dict of name to tuple of float, length n_rounds

    Raises
    ------
    ValueError
        There are no rounds.

    Examples
    --------
    >>> ticks = iter([0, 2, 10, 11, 20, 22, 30, 33])
    >>> tasks = {"slow": Task(lambda _: None), "fast": Task(lambda _: None)}
    >>> interleaved(tasks, n_rounds=2, clock=lambda: next(ticks))
    {'slow': (2, 3), 'fast': (1, 2)}
    """
    if n_rounds < 1:
        raise ValueError(f"n_rounds = {n_rounds!r}, must be >= 1")
    names = list(tasks)
    seconds: dict[Name, list[float]] = {name: [] for name in names}
    for number in range(n_rounds):
        turn = number % len(names) if names else 0
        for name in names[turn:] + names[:turn]:
            if tell is not None:
                tell(number, name)
            seconds[name].append(_timed(tasks[name], clock))
    return {name: tuple(found) for name, found in seconds.items()}


def spread(values: Sequence[float]) -> Spread:
    """Median and range.

    Examples
    --------
    >>> spread([3.0, 1.0, 2.0])
    Spread(value=2.0, low=1.0, high=3.0)
    """
    return Spread(float(median(values)), float(min(values)), float(max(values)))


def ratio(slow: Sequence[float], fast: Sequence[float]) -> Spread:
    """How many times as long ``slow`` took as ``fast``: median and range of the rounds' ratios.

    Examples
    --------
    >>> ratio([4.0, 9.0, 5.0], [2.0, 3.0, 1.0])
    Spread(value=3.0, low=2.0, high=5.0)
    """
    return spread([a / b for a, b in zip(slow, fast, strict=True)])


def _timed(task: Task, clock: Callable[[], float]) -> float:
    argument = task.prepare()
    gc.collect()
    was_enabled = gc.isenabled()
    gc.disable()  # or one task pays for what another left behind
    try:
        began = clock()
        task.run(argument)
        return clock() - began
    finally:
        if was_enabled:
            gc.enable()
