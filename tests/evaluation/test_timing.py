"""Timing: rounds, order, spread."""

from __future__ import annotations

import gc

import pytest

from stance.evaluation.timing import Spread, Task, interleaved, ratio, spread


def test_every_round_runs_every_task_and_begins_with_another():
    order: list[str] = []
    tasks = {name: Task(order.append, lambda name=name: name) for name in "abc"}
    told: list[tuple[int, str]] = []
    seconds = interleaved(tasks, n_rounds=3, tell=lambda *step: told.append(step))
    assert "".join(order) == "abcbcacab"
    assert [n for n, _ in told] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert {name: len(found) for name, found in seconds.items()} == {"a": 3, "b": 3, "c": 3}


def test_preparing_is_not_timed():
    now = [0.0]

    def prepare() -> str:
        now[0] += 100
        return "prepared"

    def run(what: str) -> None:
        assert what == "prepared" and not gc.isenabled()
        now[0] += 2

    assert interleaved({"x": Task(run, prepare)}, n_rounds=2, clock=lambda: now[0]) == {"x": (2, 2)}
    assert gc.isenabled()


def test_a_task_that_fails_leaves_the_collector_on():
    def fail(_: object) -> None:
        raise OSError("no more disk")

    with pytest.raises(OSError, match="no more disk"):
        interleaved({"x": Task(fail)}, n_rounds=1)
    assert gc.isenabled()


def test_ratios_are_taken_within_a_round():
    # A machine at half its speed in the second round: the ratio does not care, the medians would.
    assert ratio([10, 20, 12], [1, 2, 1]) == Spread(10, 10, 12)
    assert spread([5, 1, 3, 2]) == Spread(2.5, 1, 5)


def test_no_rounds():
    with pytest.raises(ValueError, match="n_rounds = 0, must be >= 1"):
        interleaved({}, n_rounds=0)
