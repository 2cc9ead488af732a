"""Speed data: what a speed experiment learns from, is scored on and labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from stance.experiments.result import SplitCount
from stance.experiments.runs.data import DataError
from stance.experiments.speed.config import LabelledConfig, SpeedConfig, TextsConfig

_COLUMNS = ("text", "label", "group")


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Texts with their labels and articles, each of length n; ``count`` is how reports name it."""

    texts: list[str]
    labels: list[str]
    groups: list[str]
    count: SplitCount


@dataclass(frozen=True, slots=True)
class PlainTexts:
    """Texts to label, whatever they are."""

    texts: list[str]
    count: SplitCount


@dataclass(frozen=True, slots=True)
class SpeedData:
    """All that a speed experiment needs of its corpora."""

    train: LabelledTexts
    test: LabelledTexts
    texts: tuple[PlainTexts, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, in order."""
        return tuple(sorted({*self.train.labels, *self.test.labels}))


def load_speed_data(config: SpeedConfig) -> SpeedData:
    """The corpora of a speed config.

    Raises
    ------
    DataError
        A split has no texts.
    ValueError
        A corpus is unknown or not on this machine (from ``stance.corpora``).
    """
    labelled = config.labelled
    train, test = (labelled_texts(labelled, split) for split in (labelled.train, labelled.test))
    return SpeedData(train, test, tuple(map(_plain, config.texts)))


def labelled_texts(config: LabelledConfig, split: str) -> LabelledTexts:
    """Texts of a split that have labels."""
    rows = rows_of(config.corpus, split=split, task=config.task)
    kept = [i for i, label in enumerate(rows["label"]) if label is not None]
    texts, labels, groups = ([str(rows[key][i]) for i in kept] for key in _COLUMNS)
    counts = dict(sorted(Counter(labels).items()))
    count = SplitCount(config.corpus, split, len(set(groups)), len(texts), counts)
    return LabelledTexts(_some(texts, count), labels, groups, count)


def _plain(config: TextsConfig) -> PlainTexts:
    rows = rows_of(config.corpus, split=config.split, task=config.task)
    texts = [str(text) for text in rows["text"]]
    if config.unit == "lines":
        texts = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    count = SplitCount(config.corpus, config.split, len(set(rows["group"])), len(texts), {})
    return PlainTexts(_some(texts, count), count)


def rows_of(corpus: str, *, split: str, task: str | None) -> dict[str, list[Any]]:
    """Columns ``text``, ``label`` and ``group`` of a corpus."""
    from stance.corpora import load

    dataset: Any = load(corpus, split=split, task=task)
    return {name: list(dataset[name]) for name in _COLUMNS}


def _some(texts: list[str], count: SplitCount) -> list[str]:
    if not texts:
        raise DataError(f"corpus {count.corpus!r}, split {count.split!r}: expected texts, got none")
    return texts
