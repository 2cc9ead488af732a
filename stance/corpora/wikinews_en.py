"""Wikinews: freely licensed news articles in English, without labels."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from stance.corpora.example import Example
from stance.passage import Passage


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Whole articles, as scraped."""
    for year in ("2019", "2020"):
        path = folder / "data" / f"wikinews_{year}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield Example(
                    # The address spells the headline out, and ids stand in reports.
                    id=hashlib.sha256(row["url"].encode()).hexdigest()[:12],
                    split="all",
                    passage=Passage(row["text"], headline=row["title"], group=row["url"]),
                    extra={"date": row["date"], "url": row["url"]},
                )
