"""Voice data: articles with the true voice of every paragraph, and what types are learned from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from stance.evaluation.voices import Named
from stance.experiments.result import SplitCount
from stance.experiments.runs.data import Data, DataError, load_data
from stance.experiments.runs.fingerprint import digest
from stance.experiments.voices.config import VoiceConfig
from stance.labels import ParagraphType

COLUMNS = ("voice", "via", "outlet")


@dataclass(frozen=True, slots=True)
class VoiceArticle:
    """An article's paragraphs with their true types and voices.

    Parameters
    ----------
    id, outlet, headline : str
    ids, texts, types : tuple of str
        Of its paragraphs, in order.
    true : tuple of Named
    """

    id: str
    outlet: str
    headline: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    types: tuple[str, ...]
    true: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class VoiceData:
    """All that an experiment in voices needs of its corpus.

    Parameters
    ----------
    test : tuple of VoiceArticle
    labels : Data
        The same test set with types as labels, and what predicts them learns from.
    fingerprint : str
    """

    test: tuple[VoiceArticle, ...]
    labels: Data
    fingerprint: str

    @property
    def corpus(self) -> str:
        """Of the test set."""
        return self.labels.corpus

    @property
    def split(self) -> str:
        """Of the test set."""
        return self.labels.split

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprint alone: all models see the same."""
        return (self.fingerprint,)

    @property
    def n_learned(self) -> int:
        """Paragraphs that types are learned from."""
        return sum(len(fold.train) for fold in self.labels.folds)

    @property
    def n_tested(self) -> int:
        """Paragraphs of the test set."""
        return len(self.labels.test)

    @property
    def n_quotes(self) -> int:
        """Paragraphs of the test set with a voice other than the author's."""
        quote = ParagraphType.QUOTE.value
        return sum(kind == quote for article in self.test for kind in article.types)

    @property
    def counts(self) -> tuple[SplitCount, ...]:
        """As of every corpus."""
        return self.labels.counts


def load_voices(config: VoiceConfig) -> VoiceData:
    """The corpus of a config, divided as it asks.

    Raises
    ------
    DataError
        The corpus lacks voices.
    ValueError
        It has no such task, variant or split (from ``stance.corpora``), or is not here.
    """
    from stance.corpora import load

    corpus, labels = config.corpus, load_data(config)
    options: dict[str, Any] = {"split": config.split.test, "task": corpus.task}
    options |= {"variant": corpus.variant, "columns": corpus.columns}
    asked = {name: value for name, value in options.items() if value is not None}
    dataset: Any = load(corpus.name, **asked)
    if lacking := [name for name in COLUMNS if name not in dataset.column_names]:
        raise DataError(
            f"corpus {corpus.name!r} has no {lacking[0]}: expected the columns {', '.join(COLUMNS)}"
        )
    rows = sorted(dataset, key=lambda row: (row["group"], row["index"]))
    test = tuple(_article(list(own)) for _, own in groupby(rows, key=lambda row: row["group"]))
    fingerprint = digest(["voices", labels.fingerprint, [repr(one) for one in test]])
    return VoiceData(test, labels, fingerprint)


def paragraphs(data: VoiceData) -> Iterator[tuple[VoiceArticle, int]]:
    """Every paragraph of the test set: its article and its place there."""
    return ((article, i) for article in data.test for i in range(len(article.texts)))


def _article(rows: Sequence[Mapping[str, Any]]) -> VoiceArticle:
    return VoiceArticle(
        id=str(rows[0]["group"]),
        outlet=str(rows[0]["outlet"]),
        headline=rows[0]["headline"] or "",
        ids=tuple(str(row["id"]) for row in rows),
        texts=tuple(row["text"] for row in rows),
        types=tuple(row["label"] for row in rows),
        true=tuple(Named(row["voice"], tuple(row["via"] or ())) for row in rows),
    )
