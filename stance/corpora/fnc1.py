"""FNC-1: bodies of articles with whether they agree with, disagree with or discuss a headline."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage

_FILES = {
    "train": ("train_bodies", ("train_train_stances", "train_test_stances")),
    "test": ("competition_test_bodies", ("competition_test_stances",)),
}
_LABELS = {
    "agree": Stance.FAVOR,
    "disagree": Stance.AGAINST,
    "discuss": Stance.NEUTRAL,
    "unrelated": "unrelated",
}


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Bodies, each with a headline as the target."""
    for split, (bodies, stances) in _FILES.items():
        texts = {row["Body ID"]: row["articleBody"] for row in _rows(folder, bodies)}
        rows = (row for name in stances for row in _rows(folder, name))
        for i, row in enumerate(rows):
            yield Example(
                id=f"{split}-{i}",
                split=split,
                passage=Passage(
                    texts[row["Body ID"]], target=row["Headline"], group=row["Body ID"]
                ),
                label=_LABELS[row["Stance"]],
                native_label=row["Stance"],
            )


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
