from __future__ import annotations

from dataclasses import dataclass

import pytest

from stance.experiments.reports.record import record
from stance.experiments.scores.estimate import Estimate


@dataclass(frozen=True)
class Inner:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Outer:
    inner: Inner
    several: tuple[Inner, ...]
    by_name: dict[str, Estimate]
    table: tuple[tuple[int, ...], ...]
    maybe: Inner | None = None
    ends: tuple[float | None, ...] = ()


def test_sections_become_dataclasses_and_lists_tuples() -> None:
    found = record(
        Outer,
        {
            "inner": {"names": ["a"]},
            "several": [{"names": []}, {"names": ["b", "c"]}],
            "by_name": {"x": {"value": 1.0, "low": None}},
            "table": [[1, 2], [3]],
            "ends": [0.5, None],
        },
    )
    assert found == Outer(
        Inner(("a",)),
        (Inner(()), Inner(("b", "c"))),
        {"x": Estimate(1.0)},
        ((1, 2), (3,)),
        ends=(0.5, None),
    )


def test_unknown_and_missing_keys_are_told() -> None:
    with pytest.raises(ValueError, match="Inner has no key 'name', only names: the file may come"):
        record(Inner, {"name": []})
    with pytest.raises(ValueError, match=r"Inner: .*missing 1 required .*'names'"):
        record(Inner, {})
