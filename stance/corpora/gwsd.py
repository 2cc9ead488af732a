"""GWSD: sentences of news with their stance on whether climate change is a serious concern."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage

TARGET = "climate change is a serious concern"
_LABELS = {"agree": Stance.FAVOR, "disagree": Stance.AGAINST, "neutral": Stance.NEUTRAL}


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Sentences with the likeliest stance, its posterior, and the votes behind it."""
    with (folder / "GWSD.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if not row["agree"]:  # 250 rows have votes, but no posterior
                continue
            posterior = {name: float(row[name]) for name in _LABELS}
            native = max(posterior, key=lambda name: posterior[name])
            votes = [row[f"worker_{i}"].removesuffix("s") for i in range(8)]
            yield Example(
                id=row["guid"],
                split="test" if row["in_held_out_test"] == "True" else "train",
                passage=Passage(row["sentence"], target=TARGET),
                label=_LABELS[native],
                native_label=native,
                extra={
                    "posterior": list(posterior.values()),
                    "votes": [votes.count(name) for name in _LABELS],
                },
            )
