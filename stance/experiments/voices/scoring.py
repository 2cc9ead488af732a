"""Voice scoring: from what namers said of a test set to cells, slices and kinds of mistake."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.voices import (
    MISTAKES,
    SOURCE_KINDS,
    VOICE_METRICS,
    Named,
    has_right_voice,
    kind_of_source,
    mistake_of,
    voice_counts,
    voice_scores,
)
from stance.experiments.result import Cell
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.job import Trained
from stance.experiments.scores.comparing import Compared, compared
from stance.experiments.scores.estimate import Estimate, estimate_of
from stance.experiments.voices.config import VoiceConfig
from stance.experiments.voices.data import VoiceData, paragraphs
from stance.experiments.voices.findings import VoiceFindings, VoiceMistake, VoiceSlice
from stance.labels import AUTHOR, ParagraphType

if TYPE_CHECKING:
    import pyarrow as pa


def voice_cells(
    config: VoiceConfig, data: VoiceData, trained: Sequence[Trained]
) -> tuple[Cell, ...]:
    """A cell for every namer, compared with the config's baseline."""
    true = [article.true[i] for article, i in paragraphs(data)]
    types = [article.types[i] for article, i in paragraphs(data)]
    groups = [article.id for article, _ in paragraphs(data)]
    counts = [voice_counts(true, one.answers.given, types=types, groups=groups) for one in trained]
    cells = [
        Cell(
            model=one.model.name,
            corpus=data.corpus,
            split=data.split,
            seed=one.seed,
            role=one.model.role,
            labels=(),
            metrics=_estimates(config, own, voice_scores),
            confusion=(),
        )
        for one, own in zip(trained, counts, strict=True)
    ]
    return compared(config, cells, Compared(VOICE_METRICS[config.metric], counts))


def voice_findings(
    config: VoiceConfig, data: VoiceData, trained: Sequence[Trained]
) -> VoiceFindings:
    """Right voices by slice and kinds of mistake of every model, of several seeds the first."""
    firsts: dict[str, tuple[Named, ...]] = {}
    for one in trained:
        firsts.setdefault(one.model.name, one.answers.given)
    return VoiceFindings(
        n_quotes=data.n_quotes,
        slices=tuple(_slices(config, data, firsts)),
        mistakes=tuple(_mistakes(data, firsts)),
    )


def predictions_table(data: VoiceData, trained: Sequence[Trained]) -> pa.Table:
    """One row per model, seed and test paragraph.

    Returns
    -------
    pyarrow.Table
        ``model``, ``role``, ``seed``, ``corpus``, ``split``, ``id``, ``group``, ``type`` (the true
        one); ``label`` and ``predicted``: the true voice and the one given; ``via`` and
        ``predicted_via``: who passed the words on, as JSON. Of a corpus whose text may not be
        shown, digests stand in place of names.
    """
    import pyarrow as pa

    every = list(paragraphs(data))
    shown = (lambda name: name) if data.labels.may_show_text else _hidden
    tables = [
        pa.table(
            {
                "model": pa.array([one.model.name] * len(every), pa.string()),
                "role": pa.array([one.model.role] * len(every), pa.string()),
                "seed": pa.array(np.full(len(every), one.seed, np.int64)),
                "corpus": pa.array([data.corpus] * len(every), pa.string()),
                "split": pa.array([data.split] * len(every), pa.string()),
                "id": pa.array([article.ids[i] for article, i in every], pa.string()),
                "group": pa.array([article.id for article, _ in every], pa.string()),
                "type": pa.array([article.types[i] for article, i in every], pa.string()),
                "label": pa.array([shown(a.true[i].voice) for a, i in every], pa.string()),
                "predicted": pa.array([shown(g.voice) for g in one.answers.given], pa.string()),
                "via": pa.array([_line(map(shown, a.true[i].via)) for a, i in every]),
                "predicted_via": pa.array([_line(map(shown, g.via)) for g in one.answers.given]),
            }
        )
        for one in trained
    ]
    return pa.concat_tables(tables)


def _hidden(name: str) -> str:
    return name if name == AUTHOR else digest(name.casefold())[:12]


def _line(names: Any) -> str:
    return json.dumps(list(names), ensure_ascii=False)


def _estimates(config: VoiceConfig, counts: Any, statistics: Any) -> dict[str, Estimate]:
    n, seed = config.bootstrap.n_resamples, config.bootstrap.seed
    found = bootstrap(counts, statistics, n_resamples=n, seed=seed)
    return {name: estimate_of(interval) for name, interval in found.items()}


def _slices(
    config: VoiceConfig, data: VoiceData, firsts: Mapping[str, tuple[Named, ...]]
) -> Iterator[VoiceSlice]:
    quote = ParagraphType.QUOTE.value
    articles = {article.id: i for i, article in enumerate(data.test)}
    asked = [(k, a, i) for k, (a, i) in enumerate(paragraphs(data)) if a.types[i] == quote]
    values: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for k, article, i in asked:
        true = article.true[i]
        for name, value in (
            ("source", kind_of_source(true.voice, article.texts[i])),
            ("passed on", "yes" if true.via else "no"),
            ("outlet", article.outlet),
        ):
            values.setdefault((name, value), []).append((k, articles[article.id]))
    every = [article.true[i] for article, i in paragraphs(data)]
    for name, value in sorted(values, key=_place):
        rows = values[name, value]
        right = {}
        for model, given in firsts.items():
            counts = np.zeros((len(articles), 2), np.int64)
            for k, g in rows:
                counts[g] += (has_right_voice(every[k], given[k]), 1)
            right[model] = _share(config, counts)
        yield VoiceSlice(name, value, len({g for _, g in rows}), len(rows), right)


def _place(key: tuple[str, str]) -> tuple[int, int, str]:
    column, value = key
    order = SOURCE_KINDS.index(value) if value in SOURCE_KINDS else 0
    return ("source", "passed on", "outlet").index(column), order, value


def _share(config: VoiceConfig, counts: Any) -> Estimate:
    """Right ones of all; resamples without any are left out."""

    def statistics(sums: Any) -> dict[str, Any]:
        with np.errstate(invalid="ignore"):
            return {"share": sums[:, 0] / sums[:, 1]}

    return _estimates(config, counts[counts[:, 1] > 0], statistics)["share"]


def _mistakes(data: VoiceData, firsts: Mapping[str, tuple[Named, ...]]) -> Iterator[VoiceMistake]:
    quote = ParagraphType.QUOTE.value
    n: dict[str, Counter[str]] = {name: Counter() for name in firsts}
    for model, given in firsts.items():
        for other, (article, i) in zip(given, paragraphs(data), strict=True):
            if article.types[i] == quote:
                voices = [one.voice for one in article.true if one.voice != AUTHOR]
                n[model][mistake_of(article.true[i], other, voices=voices)] += 1
    for kind in MISTAKES:
        yield VoiceMistake(kind, {name: n[name][kind] for name in firsts})
