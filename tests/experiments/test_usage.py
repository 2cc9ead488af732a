"""What classifiers say of their own work, from fit to results.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from stance.experiments.configs import registry
from stance.experiments.result import ModelUsage, Result
from stance.experiments.run import run_config
from stance.experiments.runs.usage import usage_of
from stance.passage import Passage

from .conftest import CONFIG, Corpus, Words

Write = Callable[..., Path]

COUNTING = CONFIG.replace("{kind: words}", "{kind: counting}")


class Counting(Words):
    """Counts what it is asked."""

    def fit(self, X: Sequence[Passage], y: Sequence[str]) -> Counting:
        super().fit(X, y)
        self.usage_: dict[str, Any] = {"n_asked": 0, "cost": None, "share": float("nan")}
        return self

    def predict(self, X: Sequence[Passage]) -> Any:
        self.usage_["n_asked"] += len(X)
        self.usage_["price"] = 0.25
        return super().predict(X)


@pytest.fixture(autouse=True)
def counting(classifiers: None, plain_report: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["fake_classifiers"], "Counting", Counting, raising=False)
    kinds: Any = registry.KINDS
    monkeypatch.setitem(kinds, "counting", "fake_classifiers:Counting")


def test_usage_stands_in_the_result_and_in_its_file(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(COUNTING))
    assert outcome.result.usage == (ModelUsage("words", 0, {"n_asked": 128, "price": 0.25}),)
    text = (outcome.folder / "results.json").read_text(encoding="utf-8")
    assert json.loads(text)["usage"] == [
        {"model": "words", "seed": 0, "numbers": {"n_asked": 128, "price": 0.25}}
    ]
    assert Result.from_json(text).usage == outcome.result.usage


def test_folds_are_added_up(corpus: Corpus, write: Write) -> None:
    split = "split: {kind: group_kfold, n_splits: 3, pool: [train]}\n"
    (one,) = run_config(write(COUNTING + split)).result.usage
    assert one.numbers == {"n_asked": 120, "price": 0.75}


def test_usage_of_a_kept_model_is_that_of_the_run_that_trained_it(
    corpus: Corpus, write: Write
) -> None:
    first = run_config(write(COUNTING))
    Words.fitted = []
    again = run_config(write(COUNTING.replace("Are the types", "How well are the types")))
    assert (again.was_up_to_date, Words.fitted) == (False, [])
    assert again.result.usage == first.result.usage


def test_without_usage_the_file_has_no_such_key(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    assert outcome.result.usage == ()
    assert "usage" not in json.loads((outcome.folder / "results.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("given", [None, 3, [("n", 1)], {"n": "1", "is_paid": True}])
def test_what_is_no_mapping_of_numbers_is_passed_over(given: Any) -> None:
    assert usage_of(type("Odd", (), {"usage_": given})()) == {}
