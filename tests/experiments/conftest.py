"""A small project, a corpus and classifiers to run experiments with."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from stance.experiments.configs import registry
from stance.passage import Passage

LABELS = ("quote", "analysis", "report")

CONFIG = """\
question: Are the types of paragraphs told apart?
corpus: {name: harbour, task: type}
models:
  - name: words
    classifier: {kind: words}
  - name: majority
    role: baseline
    classifier: {kind: most}
  - name: coin
    role: control
    classifier: {kind: coin}
baseline: majority
bootstrap: {n_resamples: 200}
"""


class Most:
    """The most frequent label, without probabilities."""

    def fit(self, X: Sequence[Passage], y: Sequence[str]) -> Most:
        self.label = max(sorted(set(y)), key=list(y).count)
        return self

    def predict(self, X: Sequence[Passage]) -> list[str]:
        return [self.label for _ in X]


class Words:
    """The label that a passage's first word had most often, with probabilities."""

    fitted: list[list[Passage]] = []  # noqa: RUF012 (every fit of a test, for it to look at)

    def __init__(self, *, smoothing: float = 1.0) -> None:
        self.smoothing = smoothing

    def fit(self, X: Sequence[Passage], y: Sequence[str]) -> Words:
        Words.fitted.append(list(X))
        self.classes_ = np.array(sorted(set(y)))
        self.counts: dict[str, Any] = {}
        for passage, label in zip(X, y, strict=True):
            row = self.counts.setdefault(_first(passage), np.zeros(len(self.classes_)))
            row[self.classes_ == label] += 1
        return self

    def predict(self, X: Sequence[Passage]) -> Any:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def predict_proba(self, X: Sequence[Passage]) -> Any:
        rows = np.stack(
            [
                self.counts.get(_first(p), 0 * self.classes_.size)
                + np.full(len(self.classes_), self.smoothing)
                for p in X
            ]
        )
        return rows / rows.sum(axis=1, keepdims=True)


class Coin:
    """A label drawn for each passage."""

    def __init__(self, *, random_state: int | None = None) -> None:
        self.random_state = random_state

    def fit(self, X: Sequence[Passage], y: Sequence[str]) -> Coin:
        self.labels = sorted(set(y))
        return self

    def predict(self, X: Sequence[Passage]) -> list[str]:
        draw = random.Random(self.random_state)
        return [draw.choice(self.labels) for _ in X]


class Broken(Most):
    """Fails as a classifier may: in fit, quoting what it was given."""

    def fit(self, X: Sequence[Passage], y: Sequence[str]) -> Broken:
        raise ValueError(f"cannot learn from {X[0].text!r}")


class Stopped(Most):
    """The user presses Ctrl-C while it learns."""

    is_pressed = True

    def fit(self, X: Sequence[Passage], y: Sequence[str]) -> Stopped:
        if Stopped.is_pressed:
            raise KeyboardInterrupt
        super().fit(X, y)
        return self


class Odd(Words):
    """Answers outside the label set, and None."""

    def predict(self, X: Sequence[Passage]) -> Any:
        labels = [str(label) for label in super().predict(X)]
        return ["poem", None, *labels[2:]]


class Short(Most):
    """Answers for fewer passages than it was asked."""

    def predict(self, X: Sequence[Passage]) -> list[str]:
        return super().predict(X)[1:]


FAKES = (Most, Words, Coin, Broken, Stopped, Odd, Short)


def _first(passage: Passage) -> str:
    return passage.text.split()[0]


@dataclass
class Corpus:
    """What the patched ``stance.corpora`` gives."""

    splits: dict[str, list[dict[str, Any]]]
    may_show_text: bool = True
    access: str = "packaged"
    loads: list[str | None] = field(default_factory=list)


@dataclass(frozen=True)
class Licence:
    may_show_text: bool


@dataclass(frozen=True)
class Access:
    kind: str


@dataclass(frozen=True)
class Variant:
    name: str
    counts: Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    name: str
    unit: str
    labels: tuple[str, ...]
    faithfulness: str
    variants: tuple[Variant, ...]
    language: str = "en"


@dataclass(frozen=True)
class Card:
    licence: Licence
    tasks: tuple[Task, ...]
    access: Access
    title: str = "Harbour"
    citation: str = "@misc{harbour-2020, title = {Harbour}}"

    def task(self, name: str | None) -> Task:
        return self.tasks[0]


def rows_of(split: str, *, n_articles: int, seed: int) -> list[dict[str, Any]]:
    """Paragraphs whose first word says their type nine times of ten."""
    draw = random.Random(seed)
    first = {"quote": "She", "analysis": "Perhaps", "report": "Monday"}
    rows = []
    for article in range(n_articles):
        for i in range(4):
            label = draw.choices(LABELS, weights=(2, 1, 3))[0]
            word = first[label if draw.random() < 0.9 else draw.choice(LABELS)]
            text = f"{word} {split} harbour {draw.randrange(10**9)} {draw.randrange(10**9)}"
            rows.append(
                {
                    "text": text,
                    "voice": "a pilot" if label == "quote" else "author",
                    "index": i,
                    "n_paragraphs": 4,
                    "group": f"{split}/{article}",
                    "label": label,
                    "id": f"{split}/{article}#{i}",
                }
            )
    return rows


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """The corpus ``harbour``, which only tests have."""
    from datasets import Dataset

    made = Corpus(
        {
            "train": rows_of("train", n_articles=30, seed=0),
            "validation": rows_of("validation", n_articles=5, seed=1),
            "test": rows_of("test", n_articles=32, seed=2),
        }
    )

    def load(name: str, *, split: str | None = None, task: str | None = None) -> Any:
        made.loads.append(split)
        parts = (split or "train+validation+test").split("+")
        return Dataset.from_list([row for part in parts for row in made.splits[part]])

    def card(name: str) -> Card:
        variant = Variant("full", dict.fromkeys(made.splits))
        task = Task("type", "paragraph", LABELS, "exact", (variant,))
        return Card(Licence(made.may_show_text), (task,), Access(made.access))

    monkeypatch.setattr("stance.corpora.load", load)
    monkeypatch.setattr("stance.corpora.card", card)
    monkeypatch.setattr("stance.corpora.corpus_names", lambda: ["harbour"])
    return made


@pytest.fixture
def classifiers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kinds of classifiers that only tests have."""
    module = ModuleType("fake_classifiers")
    for fake in FAKES:
        setattr(module, fake.__name__, fake)
    monkeypatch.setitem(sys.modules, "fake_classifiers", module)
    kinds = {fake.__name__.lower(): f"fake_classifiers:{fake.__name__}" for fake in FAKES}
    monkeypatch.setattr(registry, "KINDS", kinds)
    Words.fitted = []
    Stopped.is_pressed = True
    yield
    for cached in (registry._builder, registry._parameters, registry._hints):
        cached.cache_clear()


@pytest.fixture
def plain_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are drawn by others, and take their time."""

    def write_report(result: Any, predictions: Any, *, folder: Path, **rest: Any) -> None:
        (folder / "report.html").write_text(result.answer, encoding="utf-8")

    monkeypatch.setattr("stance.reporting.report.write_report", write_report)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with ``experiments/``."""
    (tmp_path / "experiments" / "type").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def write(project: Path) -> Callable[[str], Path]:
    """Writes a config, ``experiments/type/x.yaml``."""

    def written(text: str = CONFIG) -> Path:
        path = project / "experiments" / "type" / "x.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written
