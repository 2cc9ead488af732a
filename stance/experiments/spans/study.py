"""SpanStudy: experiments in finding attributions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stance.experiments.configs.registry import lacking, stands_on
from stance.experiments.result import Cell, Result
from stance.experiments.runs.job import Failure, Trained, seeds_that_matter
from stance.experiments.runs.labels import failure_note
from stance.experiments.runs.progress import Progress
from stance.experiments.runs.store import Store
from stance.experiments.scores.words import (
    METRIC_NAMES,
    difference_told,
    interval_notes,
    rivals_told,
    seed_notes,
    sentence,
    spread,
)
from stance.experiments.spans.answers import SECTION, SpanAnswers, SpanJob
from stance.experiments.spans.config import SpanConfig, SpanConfigFile, SpanModel
from stance.experiments.spans.data import SpanData, load_spans, n_attributions

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.experiments.spans.scoring import Tested


class SpanStudy:
    """Finders of attributions, scored by offsets."""

    form = SpanConfig
    file_form = SpanConfigFile
    answers = SpanAnswers

    def prepared(self, config: SpanConfig) -> SpanData:
        """The corpus of a config, divided as it asks."""
        return load_spans(config)

    def jobs(self, config: SpanConfig, prepared: SpanData) -> list[SpanJob]:
        """Every model that can run on this machine, with every seed that matters to it."""
        return [
            SpanJob(model, seed, prepared)
            for model in config.models
            if not _lacks(model)
            for seed in seeds_that_matter(
                model.finder.kind, model.finder.parameters, config.seeds, section=SECTION
            )
        ]

    def scored(
        self,
        config: SpanConfig,
        prepared: SpanData,
        trained: Sequence[Trained],
        failed: Sequence[Failure],
        *,
        store: Store,
        tell: Progress,
    ) -> tuple[Result, pa.Table] | None:
        """The result and the predictions; None where no finder answered."""
        from stance.experiments.spans.scoring import (
            predictions_table,
            span_cells,
            span_findings,
            tested,
        )

        if not trained:
            return None
        test = tested(prepared)
        rows = [test.rows(one.answers.found) for one in trained]
        cells = span_cells(config, test, trained, rows)
        result = Result(
            name=config.name,
            question=config.question,
            answer=_answer(config, prepared, cells),
            headline=cells[0].headline(
                config.metric, n_groups=len(prepared.test), n_passages=prepared.n_tested
            ),
            cells=cells,
            data=prepared.counts,
            notes=(
                *(failure_note(one, may_show_text=False) for one in failed),
                *_notes(config, test, trained, cells),
            ),
            spans=span_findings(config, test, trained, rows),
        )
        return result, predictions_table(test, trained, rows)

    def ship(
        self, config: SpanConfig, prepared: SpanData, result: Result, *, root: Path
    ) -> Path | None:
        """Save the first model where the config names a folder."""
        from stance.experiments.spans.shipping import ship

        return ship(config, prepared, result, root=root)


def _lacks(model: SpanModel) -> str:
    return lacking(model.finder.kind, section=SECTION)


def _answer(config: SpanConfig, data: SpanData, cells: Sequence[Cell]) -> str:
    head, wanted = cells[0], config.models[0].name
    lost = "failed" if not _lacks(config.models[0]) else "could not be run"
    failed = "" if head.model == wanted else f"{wanted}, the model asked about, {lost}; "
    size = f"{len(data.test):,} articles, {n_attributions(data.test):,} attributions"
    name = METRIC_NAMES[config.metric]
    overlap = ", contents overlapping by more than 0.3" if config.metric == "content_f1" else ""
    strict, source = (head.metrics.get(key) for key in ("content_f1/over_0.8", "source_head"))
    parts = [
        f"{failed}on the {data.split} split of {data.corpus} ({size}), {head.model} reaches {name} "
        f"{spread(head.metrics[config.metric])}{overlap}",
        f"{strict.value:.3f} by more than 0.8" if strict is not None else "",
        f"of the contents found, {100 * source.value:.0f} % have the right source"
        if source is not None
        else "",
        rivals_told(config, cells),
        difference_told(head),
    ]
    return sentence(parts, is_capital=not failed)


def _notes(
    config: SpanConfig, test: Tested, trained: Sequence[Trained], cells: Sequence[Cell]
) -> Iterator[str]:
    for model in config.models:
        if reason := _lacks(model):
            yield f"{model.name} is left out: {reason}."
        elif packages := stands_on(model.finder.kind, section=SECTION):
            told = ", ".join(f"{name} {version}" for name, version in packages.items())
            yield f"{model.name} was run with {told}."
    data = test.data
    yield from data.notes
    yield _leak_note(config, test, cells)
    yield from interval_notes(config, cells, n_groups=len(data.test))
    yield from seed_notes(config, cells)
    yield from (f"{one.model.name}: {told}" for one in trained for told in one.answers.warnings)
    yield (
        "The corpus marks no heads: the head word of a source, true or found, is what one simple "
        "rule takes for it."
    )
    yield (
        f"Tested on {data.corpus} alone: nothing here says how the models do on texts of other "
        "outlets, times or languages."
    )


def _leak_note(config: SpanConfig, test: Tested, cells: Sequence[Cell]) -> str:
    n, total = int(test.is_leaked.sum()), len(test.ids)
    if not n:
        return "No test paragraph stands, equal or nearly equal, among those learned from."
    text = (
        f"{n:,} of {total:,} test paragraphs stand, equal or nearly equal, among those learned from"
    )
    without = cells[0].metrics.get(f"{config.metric}/without_duplicates")
    if without is not None:
        name = METRIC_NAMES[config.metric]
        text += f"; without them {cells[0].model} has {name} {spread(without)}"
    return f"{text}."
