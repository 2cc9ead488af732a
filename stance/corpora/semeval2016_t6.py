"""SemEval-2016 Task 6: tweets with their stance toward one of six targets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage

_FILES = {
    "a": {"trial": "trialdata", "train": "trainingdata", "test": "testdata-taskA"},
    "b": {"test": "testdata-taskB"},
}
_LABELS = {"FAVOR": Stance.FAVOR, "AGAINST": Stance.AGAINST, "NONE": Stance.NEUTRAL}


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Tweets of task A (five targets with training data) or B (one without)."""
    for split, name in _FILES[task].items():
        path = folder / f"{name}-all-annotations.txt"
        with path.open(encoding="latin-1", newline="") as file:
            # Quotation marks are the tweets' own and seldom come in pairs.
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Example(
                    id=row["ID"],
                    split=split,
                    passage=Passage(row["Tweet"], target=row["Target"]),
                    label=_LABELS[row["Stance"]],
                    native_label=row["Stance"],
                    extra={
                        "opinion_towards": row["Opinion towards"],
                        "sentiment": row["Sentiment"],
                    },
                )
