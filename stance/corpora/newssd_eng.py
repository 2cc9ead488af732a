"""NewsSD-ENG: sentences of news articles, labelled with whether the author's own opinion shows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from stance.corpora.example import Example
from stance.labels import ParagraphType
from stance.passage import Passage
from stance.reading.cleaning import clean

_LABELS = {"SUBJ": ParagraphType.ANALYSIS, "OBJ": "other"}


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Sentences, analysis or other."""
    for split in ("train", "val", "test"):
        path = folder / "data" / "english" / f"{split}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            for i, row in enumerate(csv.DictReader(file)):
                yield Example(
                    id=f"{split}-{i}",
                    split=split,
                    passage=Passage(clean(row["Sentence"])),
                    label=_LABELS[row["Label"]],
                    native_label=row["Label"],
                    extra={"is_settled": row["Solved conflict"] == "True"},
                )
