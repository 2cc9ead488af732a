"""NewsMTSC: sentences of political news with the sentiment toward one of the persons they name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.article import Span
from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage

_PAPER = {"train": "train", "devtest_rw": "devtest_rw", "devtest_mt": "devtest_mt"}
_HUB = {
    "train": "newsmtsc-rw-hf/train",
    "dev_rw": "newsmtsc-rw-hf/dev",
    "test_rw": "newsmtsc-rw-hf/test",
    "dev_mt": "newsmtsc-mt-hf/dev",
    "test_mt": "newsmtsc-mt-hf/test",
}
_LABELS = {-1: Stance.AGAINST, 0: Stance.NEUTRAL, 1: Stance.FAVOR}
# An id begins with the article's number, then the sentence's and the target's name.
_ARTICLE = re.compile(r"allsides_\d+_\d+|polusa_v1_\d+")
_MENTION = re.compile(r"(allsides_\d+_\d+_\d+|polusa_v1_\d+_-?\d+_\d+)_(.*)_(\d+_\d+)", re.DOTALL)


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """One example per sentence and target."""
    files = _PAPER if variant == "paper" else _HUB
    for split, name in files.items():
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                rows = _of_paper(row) if variant == "paper" else [row]
                yield from (_example(row, split) for row in rows)


def short_id(name: str) -> str:
    """A hash in place of the mention that an id spells out.

    Examples
    --------
    >>> short_id("allsides_12_3_4_the mayor of the old town_0_25")
    'allsides_12_3_4_48d567bd_0_25'
    """
    match = _MENTION.fullmatch(name)
    if match is None:
        return name
    sentence, mention, place = match.groups()
    return f"{sentence}_{hashlib.sha256(mention.encode()).hexdigest()[:8]}_{place}"


def _of_paper(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A sentence with all its targets, as the other form writes them: one row each."""
    for target in row["targets"]:
        yield {
            "id": target["Input.gid"],
            "sentence": row["sentence_normalized"],
            "from": target["from"],
            "to": target["to"],
            "mention": target["mention"],
            "polarity": int(target["polarity"] - 4) // 2,
        }


def _example(row: dict[str, Any], split: str) -> Example:
    article = _ARTICLE.match(row["id"])
    return Example(
        id=short_id(row["id"]),
        split=split,
        passage=Passage(
            row["sentence"],
            target=row["mention"],
            mentions=(Span(row["from"], row["to"]),),
            group=article[0] if article else row["id"],
        ),
        label=_LABELS[row["polarity"]],
        native_label=str(row["polarity"]),
    )
