"""The rates that the package's help tells are those of the committed report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stance.labelling

REPORT = Path(__file__).parents[2] / "reports" / "speed" / "labelling" / "results.json"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("paragraph-type-fast", "{} µs with ``--types-only --model paragraph-type-fast``"),
        ("paragraph-type", "{} µs with ``--types-only``, and"),
        ("paragraph-type + voices", "and {} µs with voices"),
    ],
)
def test_rates_are_those_of_the_report(way: str, words: str) -> None:
    result = json.loads(REPORT.read_text(encoding="utf-8"))
    name, split = f"{way}, 1 core", result["headline"]["split"]
    cells = [c for c in result["cells"] if (c["model"], c["split"]) == (name, split)]
    if not cells:
        pytest.skip(f"the report has no line {name!r}: stance run experiments/speed/labelling.yaml")
    told = " ".join((stance.labelling.__doc__ or "").split())
    assert words.format(f"{cells[0]['metrics']['microseconds']['value']:.0f}") in told
