"""Span scoring: from what finders said of a test set to cells, traits and kinds of error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.attributed import Attributed, attributed, encoded
from stance.evaluation.attribution import (
    ATTRIBUTION_METRICS,
    STRICT,
    attribution_counts,
    attribution_scores,
    has_right_source,
    loose_pairs,
)
from stance.evaluation.attribution_errors import KINDS, verdicts
from stance.evaluation.attribution_traits import TRAITS, traits_of
from stance.evaluation.bootstrap import bootstrap
from stance.experiments.result import Cell
from stance.experiments.runs.job import Trained
from stance.experiments.scores.comparing import Compared, compared
from stance.experiments.scores.estimate import Estimate, estimate_of
from stance.experiments.spans.config import SpanConfig
from stance.experiments.spans.data import SpanArticle, SpanData, leaked_paragraphs
from stance.experiments.spans.findings import ErrorKind, SpanFindings, TraitScore
from stance.quotes.spans import AttributedSpans

if TYPE_CHECKING:
    import pyarrow as pa

N_EXAMPLES = 5
WITHOUT_DUPLICATES = "without_duplicates"

Rows = tuple[tuple[Attributed, ...], ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """The test set as it is scored.

    Parameters
    ----------
    data : SpanData
    gold : tuple of tuple of Attributed, one per paragraph
    traits : tuple of list of dict, one per paragraph
    ids, groups : tuple of str, one per paragraph
    is_leaked : ndarray of bool, shape (n_paragraphs,)
    """

    data: SpanData
    gold: Rows
    traits: tuple[list[dict[str, str]], ...]
    ids: tuple[str, ...]
    groups: tuple[str, ...]
    is_leaked: NDArray[np.bool_]

    def rows(self, found: Sequence[Sequence[AttributedSpans]]) -> Rows:
        """A finder's answers as they are scored."""
        rows: list[tuple[Attributed, ...]] = []
        for article in self.data.test:
            own = found[len(rows) : len(rows) + len(article.texts)]
            rows += attributed(article.texts, own)
        return tuple(rows)


def tested(data: SpanData) -> Tested:
    """The test set, read for scoring."""
    gold: list[tuple[Attributed, ...]] = []
    traits: list[list[dict[str, str]]] = []
    for article in data.test:
        own = attributed(article.texts, article.gold)
        gold += own
        traits += _traits(article, own)
    return Tested(
        data=data,
        gold=tuple(gold),
        traits=tuple(traits),
        ids=tuple(name for article in data.test for name in article.ids),
        groups=tuple(article.id for article in data.test for _ in article.ids),
        is_leaked=leaked_paragraphs(data),
    )


def span_cells(
    config: SpanConfig, test: Tested, trained: Sequence[Trained], rows: Sequence[Rows]
) -> tuple[Cell, ...]:
    """A cell for every finder, compared with the config's baseline.

    Parameters
    ----------
    config, test, trained
    rows : sequence of Rows
        What each found, as ``Tested.rows`` gives it.
    """
    counts = [attribution_counts(test.gold, found, groups=test.groups) for found in rows]
    cells = [
        Cell(
            model=one.model.name,
            corpus=test.data.corpus,
            split=test.data.split,
            seed=one.seed,
            role=one.model.role,
            labels=(),
            metrics=_estimates(config, own, attribution_scores) | _unseen(config, test, found),
            confusion=(),
        )
        for one, own, found in zip(trained, counts, rows, strict=True)
    ]
    return compared(config, cells, Compared(ATTRIBUTION_METRICS[config.metric], counts))


def span_findings(
    config: SpanConfig, test: Tested, trained: Sequence[Trained], rows: Sequence[Rows]
) -> SpanFindings:
    """Scores by trait and kinds of error of every model, of several seeds the first."""
    firsts: dict[str, Rows] = {}
    for one, found in zip(trained, rows, strict=True):
        firsts.setdefault(one.model.name, found)
    return SpanFindings(
        n_true=sum(map(len, test.gold)),
        n_found={name: sum(map(len, found)) for name, found in firsts.items()},
        traits=tuple(_trait_scores(config, test, firsts)),
        errors=tuple(_errors(test, firsts)),
    )


def predictions_table(test: Tested, trained: Sequence[Trained], rows: Sequence[Rows]) -> pa.Table:
    """One row per model, seed and test paragraph; attributions as offsets, without a word.

    Returns
    -------
    pyarrow.Table
        ``model``, ``role``, ``seed``, ``corpus``, ``split``, ``id``, ``group``, ``is_duplicate``;
        ``label`` and ``predicted``: true attributions and those found, as
        ``stance.evaluation.attributed.encoded`` writes them.
    """
    import pyarrow as pa

    n, labels = len(test.ids), pa.array(map(encoded, test.gold), pa.string())
    tables = [
        pa.table(
            {
                "model": pa.array([one.model.name] * n, pa.string()),
                "role": pa.array([one.model.role] * n, pa.string()),
                "seed": pa.array(np.full(n, one.seed, np.int64)),
                "corpus": pa.array([test.data.corpus] * n, pa.string()),
                "split": pa.array([test.data.split] * n, pa.string()),
                "id": pa.array(test.ids, pa.string()),
                "group": pa.array(test.groups, pa.string()),
                "is_duplicate": pa.array(test.is_leaked),
                "label": labels,
                "predicted": pa.array(map(encoded, found), pa.string()),
            }
        )
        for one, found in zip(trained, rows, strict=True)
    ]
    return pa.concat_tables(tables)


def _traits(
    article: SpanArticle, gold: Sequence[Sequence[Attributed]]
) -> list[list[dict[str, str]]]:
    known = zip(article.texts, gold, article.elsewhere, article.crosses, strict=True)
    return [
        traits_of(text, own, sources_elsewhere=far, crosses=crosses)
        for text, own, far, crosses in known
    ]


def _estimates(
    config: SpanConfig, counts: NDArray[Any], statistics: Callable[[Any], Mapping[str, Any]]
) -> dict[str, Estimate]:
    n, seed = config.bootstrap.n_resamples, config.bootstrap.seed
    found = bootstrap(counts, statistics, n_resamples=n, seed=seed)
    return {name: estimate_of(interval) for name, interval in found.items()}


def _unseen(config: SpanConfig, test: Tested, found: Rows) -> dict[str, Estimate]:
    """The metric on the paragraphs that were not learned from, where some were."""
    if not test.is_leaked.any() or test.is_leaked.all():
        return {}
    kept = np.flatnonzero(~test.is_leaked).tolist()
    counts = attribution_counts(
        [test.gold[i] for i in kept],
        [found[i] for i in kept],
        groups=[test.groups[i] for i in kept],
    )
    metric, name = ATTRIBUTION_METRICS[config.metric], f"{config.metric}/{WITHOUT_DUPLICATES}"
    return _estimates(config, counts, lambda sums: {name: metric(sums)})


def _trait_scores(
    config: SpanConfig, test: Tested, firsts: Mapping[str, Rows]
) -> Sequence[TraitScore]:
    values = [(trait, value) for trait, known in TRAITS.items() for value in known]
    articles = {group: i for i, group in enumerate(dict.fromkeys(test.groups))}
    counts = np.zeros((len(articles), len(firsts), len(values), 5), np.int64)
    for m, found in enumerate(firsts.values()):
        for i, group in enumerate(test.groups):
            for traits, row in zip(test.traits[i], _fates(test.gold[i], found[i]), strict=True):
                own = [k for k, (trait, value) in enumerate(values) if traits[trait] == value]
                counts[articles[group], m, own] += np.array(row)
    sizes = counts[:, 0, :, 0]
    scored = []
    for k, (trait, value) in enumerate(values):
        if not sizes[:, k].any():
            continue
        shares = _estimates(config, counts[:, :, k], _shares(list(firsts)))
        by_kind = [
            {name: shares[f"{kind} {name}"] for name in firsts if f"{kind} {name}" in shares}
            for kind in ("loose", "strict", "source")
        ]
        n_groups, n = int((sizes[:, k] > 0).sum()), int(sizes[:, k].sum())
        scored.append(TraitScore(trait, value, n_groups, n, *by_kind))
    return scored


def _fates(
    gold: Sequence[Attributed], found: Sequence[Attributed]
) -> list[tuple[int, int, int, int, int]]:
    """Of each true attribution: one, found, found strictly, found with a source, that right."""
    loose = {id(g): f for g, f in loose_pairs(gold, found)}
    strict = {id(g) for g, _ in loose_pairs(gold, found, threshold=STRICT)}
    rows = []
    for one in gold:
        other = loose.get(id(one))
        is_sourced = other is not None and bool(one.source)
        is_right = is_sourced and other is not None and has_right_source(one, other)
        rows.append(
            (1, int(other is not None), int(id(one) in strict), int(is_sourced), int(is_right))
        )
    return rows


def _shares(names: Sequence[str]) -> Callable[[Any], Mapping[str, Any]]:
    def statistics(sums: NDArray[Any]) -> dict[str, Any]:
        found = {}
        for m, name in enumerate(names):
            n, loose, strict, sourced, right = np.moveaxis(sums[:, m].astype(np.float64), -1, 0)
            with np.errstate(invalid="ignore"):
                found[f"loose {name}"] = loose / n
                found[f"strict {name}"] = strict / n
                found[f"source {name}"] = right / sourced
        return found

    return statistics


def _errors(test: Tested, firsts: Mapping[str, Rows]) -> Sequence[ErrorKind]:
    n: dict[str, Counter[str]] = {name: Counter() for name in firsts}
    examples: dict[str, list[str]] = {kind: [] for kind in KINDS}
    head = next(iter(firsts))
    for name, found in firsts.items():
        for paragraph, gold, answers in zip(test.ids, test.gold, found, strict=True):
            for verdict in verdicts(gold, answers):
                n[name][verdict.kind] += 1
                if name == head and verdict.kind != "right":
                    examples[verdict.kind].append(
                        f"{paragraph} [{verdict.span.start}, {verdict.span.end})"
                    )
    return [
        ErrorKind(
            kind, {name: n[name][kind] for name in firsts}, _spaced(examples[kind], N_EXAMPLES)
        )
        for kind in KINDS
    ]


def _spaced(items: Sequence[str], n: int) -> tuple[str, ...]:
    """Some of many, from all of the test set and not from its beginning alone."""
    step = max(1, len(items) // n)
    return tuple(items[::step][:n])
