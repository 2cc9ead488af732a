"""VAST: comments on opinion pieces with their stance toward thousands of topics, many unseen."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage

_LABELS = {
    **{"0": Stance.AGAINST, "1": Stance.FAVOR, "2": Stance.NEUTRAL},
    **{"AGAINST": Stance.AGAINST, "FAVOR": Stance.FAVOR, "NONE": Stance.NEUTRAL},
}
# topic_str, not new_topic: in the 2,313 synthetic neutrals of train, new_topic still names the
# topic that the author did take a side on; dev and test are worded as topic_str is.
_COLUMNS = {"train": ("post", "topic_str", "label"), "test": ("Tweet", "Target 1", "Stance 1")}


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Comments with their topic; all of dev and test, or those of unseen or seen topics only."""
    for split in ("train", "dev", "test"):
        text, topic, label = _COLUMNS["train" if split == "train" else "test"]
        for i, row in enumerate(_rows(folder, split)):
            is_seen = row["seen?"] == "1"
            if split != "train" and variant == ("zero-shot" if is_seen else "few-shot"):
                continue
            comment = hashlib.sha256(row[text].encode()).hexdigest()[:12]
            yield Example(
                id=f"{split}-{i}",
                split=split,
                passage=Passage(row[text], target=row[topic], group=comment),
                label=_LABELS[row[label]],
                native_label=row[label],
                extra={"is_seen": is_seen},
            )


def _rows(folder: Path, split: str) -> Iterator[dict[str, str]]:
    if split == "train":
        with (
            zipfile.ZipFile(folder / "vast_train.zip") as archive,
            archive.open("vast_train.csv") as packed,
        ):
            yield from csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))
        return
    with (folder / f"vast_{split}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
