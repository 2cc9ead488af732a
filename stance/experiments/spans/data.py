"""Span data: articles with their true attributions, divided into training and test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.experiments.configs.data_config import CorpusConfig
from stance.experiments.result import SplitCount
from stance.experiments.runs.data import DataError
from stance.experiments.runs.fingerprint import digest
from stance.experiments.spans.config import SpanConfig
from stance.quotes.spans import AttributedSpans

COLUMNS = ("attributions", "content_share")

_LACKS = "expected the columns attributions and content_share, as task 'spans' of polnear has them"


@dataclass(frozen=True, slots=True)
class SpanArticle:
    """An article's paragraphs, and what is known of the true attributions of each.

    Parameters
    ----------
    id : str
    ids, texts : tuple of str
        Of its paragraphs, in order.
    gold : tuple of tuple of AttributedSpans
        Attributions whose content begins in the paragraph, as far as they lie in it.
    elsewhere : tuple of tuple of bool
        Whether the source of each is named in another paragraph alone.
    crosses : tuple of tuple of bool
        Whether the content of each goes on in the next paragraph.
    """

    id: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    gold: tuple[tuple[AttributedSpans, ...], ...]
    elsewhere: tuple[tuple[bool, ...], ...]
    crosses: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class SpanData:
    """All that an experiment in spans needs of its corpus.

    Parameters
    ----------
    corpus, split : str
        Of the test set.
    train, test : tuple of SpanArticle
    counts : tuple of SplitCount
    notes : tuple of str
    fingerprint : str
        Digest of all that models see and are judged by.
    """

    corpus: str
    split: str
    train: tuple[SpanArticle, ...]
    test: tuple[SpanArticle, ...]
    counts: tuple[SplitCount, ...]
    notes: tuple[str, ...]
    fingerprint: str

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprint alone: all models see the same."""
        return (self.fingerprint,)

    @property
    def n_learned(self) -> int:
        """Paragraphs to learn from."""
        return n_paragraphs(self.train)

    @property
    def n_tested(self) -> int:
        """Paragraphs of the test set."""
        return n_paragraphs(self.test)


def load_spans(config: SpanConfig) -> SpanData:
    """The corpus of a config, divided as it asks.

    Raises
    ------
    DataError
        The corpus has no attributions.
    ValueError
        It has no such task, variant or split (from ``stance.corpora``), or is not here.
    """
    split, corpus = config.split, config.corpus
    names = ["+".join(split.train), split.test]
    names += [split.validation] if split.validation is not None else []
    parts = {name: _articles(corpus, name) for name in names}
    train, test = parts[names[0]], parts[names[1]]
    ordered = [names[0], *names[2:], names[1]]
    return SpanData(
        corpus=corpus.name,
        split=split.test,
        train=train,
        test=test,
        counts=tuple(_count(corpus.name, name, parts[name]) for name in ordered),
        notes=tuple(_notes(train, test)),
        fingerprint=digest(["spans", [repr(one) for one in train], [repr(one) for one in test]]),
    )


def n_paragraphs(articles: Sequence[SpanArticle]) -> int:
    """Paragraphs of all articles together."""
    return sum(len(article.texts) for article in articles)


def n_attributions(articles: Sequence[SpanArticle]) -> int:
    """True attributions of all articles together."""
    return sum(len(spans) for article in articles for spans in article.gold)


def leaked_paragraphs(data: SpanData) -> NDArray[np.bool_]:
    """Test paragraphs that stand, or nearly so, among those learned from, shape (n_test,)."""
    from stance.corpora.duplicates import leaked

    tested = [text for article in data.test for text in article.texts]
    return np.asarray(leaked(tested, [text for one in data.train for text in one.texts]), bool)


def _articles(corpus: CorpusConfig, split: str) -> tuple[SpanArticle, ...]:
    from stance.corpora import load

    options: dict[str, Any] = {"split": split, "task": corpus.task}
    options |= {"variant": corpus.variant, "columns": corpus.columns}
    asked = {name: value for name, value in options.items() if value is not None}
    dataset: Any = load(corpus.name, **asked)
    if lacking := [name for name in COLUMNS if name not in dataset.column_names]:
        raise DataError(f"corpus {corpus.name!r} has no {lacking[0]}: {_LACKS}")
    rows = sorted(dataset, key=lambda row: (row["group"], row["index"]))
    return tuple(_article(list(own)) for _, own in groupby(rows, key=lambda row: row["group"]))


def _article(rows: Sequence[Mapping[str, Any]]) -> SpanArticle:
    kept = [[found for found in row["attributions"] if found["content"]] for row in rows]
    crossings = [*(_is_continued(*pair) for pair in pairwise(rows)), False]
    return SpanArticle(
        id=str(rows[0]["group"]),
        ids=tuple(str(row["id"]) for row in rows),
        texts=tuple(row["text"] for row in rows),
        gold=tuple(tuple(map(_gold, own)) for own in kept),
        elsewhere=tuple(
            tuple(bool(found["source_text"] and not found["source"]) for found in own)
            for own in kept
        ),
        crosses=tuple(
            tuple(_crossing(row["text"], own) if is_continued else [False] * len(own))
            for row, own, is_continued in zip(rows, kept, crossings, strict=True)
        ),
    )


def _gold(found: Mapping[str, Any]) -> AttributedSpans:
    content, cue, source = (
        tuple(sorted(Span(*span) for span in found[role])) for role in ("content", "cue", "source")
    )
    return AttributedSpans(content, cue, source)


def _is_continued(row: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a paragraph begins with content that began in the one before.

    The corpus cuts a content at its paragraph's end; what goes on is seen by the share of the next
    paragraph that is content, and that no attribution of its own covers.
    """
    own = {i for found in after["attributions"] for a, b in found["content"] for i in range(a, b)}
    return len(own) < round(float(after["content_share"]) * len(after["text"]))


def _crossing(text: str, found: Sequence[Mapping[str, Any]]) -> Iterator[bool]:
    """The attribution whose content reaches farthest is the one that goes on."""
    reach = [max(end for _, end in one["content"]) for one in found]
    last = max(range(len(found)), key=lambda i: reach[i], default=-1)
    yield from (i == last for i in range(len(found)))


def _count(corpus: str, split: str, articles: Sequence[SpanArticle]) -> SplitCount:
    gold = [one for article in articles for spans in article.gold for one in spans]
    labels = {
        "attributions": len(gold),
        "with a cue": sum(bool(one.cue) for one in gold),
        "with a source": sum(bool(one.source) for one in gold),
    }
    return SplitCount(corpus, split, len(articles), n_paragraphs(articles), labels)


def _notes(train: Sequence[SpanArticle], test: Sequence[SpanArticle]) -> Iterator[str]:
    shared = {one.id for one in train} & {one.id for one in test}
    if shared:
        yield (
            f"{len(shared)} articles stand in both training and test, so the scores are too high "
            "and the intervals too narrow."
        )
    total = n_attributions(test)
    n_crossing = sum(flag for one in test for flags in one.crosses for flag in flags)
    n_far = sum(flag for one in test for flags in one.elsewhere for flag in flags)
    yield (
        f"Of the {total:,} true attributions {n_crossing:,} go on in the next paragraph: only what "
        "lies in the paragraph where they begin is asked for, of models and in the scores. "
        f"{n_far:,} have their source in another paragraph alone and count as having none."
    )
