"""Speed corpora: Parquet files of any size, made of some paragraphs again and again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stance.experiments.result import SplitCount
from stance.experiments.speed.config import TextsConfig
from stance.experiments.speed.data import rows_of


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Distinct paragraphs with their articles; ``name`` is that of their corpora, joined by +."""

    name: str
    texts: list[str]
    groups: list[str]

    @property
    def n_words(self) -> float:
        """Mean number of words in a paragraph."""
        return sum(len(text.split()) for text in self.texts) / len(self.texts)

    def count(self, rows: int) -> SplitCount:
        """How reports name a corpus of so many rows. Each copy of an article counts as one."""
        whole, rest = divmod(rows, len(self.texts))
        n_groups = whole * len(set(self.groups)) + len(set(self.groups[:rest]))
        return SplitCount(self.name, split_name(rows), n_groups, rows, {})


def split_name(rows: int) -> str:
    """How reports name the size of a corpus.

    Examples
    --------
    >>> split_name(10_000)
    '10,000 paragraphs'
    """
    return f"{rows:,} paragraphs"


def paragraphs_of(texts: tuple[TextsConfig, ...]) -> Paragraphs:
    """The paragraphs of some corpora, one corpus after the other.

    Raises
    ------
    ValueError
        A corpus is unknown or not on this machine (from ``stance.corpora``).
    """
    found = Paragraphs("+".join(one.corpus for one in texts), [], [])
    for one in texts:
        rows = rows_of(one.corpus, split=one.split, task=one.task)
        for text, group in zip(rows["text"], rows["group"], strict=True):
            lines = [str(text)] if one.unit == "rows" else str(text).splitlines()
            kept = [line for line in lines if line.strip()]
            found.texts.extend(kept)
            found.groups.extend([f"{one.corpus}/{group}"] * len(kept))
    return found


def write_corpus(path: Path, paragraphs: Paragraphs, *, rows: int) -> None:
    """Write a Parquet file of ``text`` and ``group``; a copy of an article is a group of its own.

    Parameters
    ----------
    path : Path
    paragraphs : Paragraphs
    rows : int
    """
    import pyarrow as pa
    from pyarrow import parquet

    n = len(paragraphs.texts)
    texts = [paragraphs.texts[i % n] for i in range(rows)]
    groups = [f"{i // n}/{paragraphs.groups[i % n]}" for i in range(rows)]
    parquet.write_table(pa.table({"text": texts, "group": groups}), path)
