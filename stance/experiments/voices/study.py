"""VoiceStudy: experiments in naming voices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
from stance.experiments.voices.answers import SECTION, VoiceAnswers, VoiceJob
from stance.experiments.voices.config import VoiceConfig, VoiceConfigFile, VoiceModel
from stance.experiments.voices.data import VoiceData, load_voices

if TYPE_CHECKING:
    import pyarrow as pa


class VoiceStudy:
    """Namers of voices, given true or predicted types."""

    form = VoiceConfig
    file_form = VoiceConfigFile
    answers = VoiceAnswers

    def prepared(self, config: VoiceConfig) -> VoiceData:
        """The corpus of a config, divided as it asks."""
        return load_voices(config)

    def jobs(self, config: VoiceConfig, prepared: VoiceData) -> list[VoiceJob]:
        """Every model with every seed that matters to it, in the order of the config."""
        return [
            VoiceJob(model, seed, prepared)
            for model in config.models
            for seed in _seeds(model, config.seeds)
        ]

    def scored(
        self,
        config: VoiceConfig,
        prepared: VoiceData,
        trained: Sequence[Trained],
        failed: Sequence[Failure],
        *,
        store: Store,
        tell: Progress,
    ) -> tuple[Result, pa.Table] | None:
        """The result and the predictions; None where no namer answered."""
        from stance.experiments.voices.scoring import (
            predictions_table,
            voice_cells,
            voice_findings,
        )

        if not trained:
            return None
        cells = voice_cells(config, prepared, trained)
        may_show = prepared.labels.may_show_text
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
                *(failure_note(one, may_show_text=may_show) for one in failed),
                *_notes(config, prepared, trained, cells),
            ),
            voices=voice_findings(config, prepared, trained),
        )
        return result, predictions_table(prepared, trained)

    def ship(
        self, config: VoiceConfig, prepared: VoiceData, result: Result, *, root: Path
    ) -> Path | None:
        """Nothing: rules are code."""
        return None


def _seeds(model: VoiceModel, seeds: tuple[int, ...]) -> tuple[int, ...]:
    """Seeds matter to a namer, or to the classifier before it."""
    own = seeds_that_matter(model.namer.kind, model.namer.parameters, seeds, section=SECTION)
    if model.types == "true" or len(own) > 1:
        return own
    return seeds_that_matter(model.classifier.kind, model.classifier.parameters, seeds)


def _answer(config: VoiceConfig, data: VoiceData, cells: Sequence[Cell]) -> str:
    head, wanted = cells[0], config.models[0].name
    failed = "" if head.model == wanted else f"{wanted}, the model asked about, failed; "
    size = f"{len(data.test):,} articles, {data.n_quotes:,} quotes"
    value = spread(head.metrics[config.metric])
    parts = [
        f"{failed}on the {data.split} split of {data.corpus} ({size}), {head.model} reaches a "
        f"{METRIC_NAMES[config.metric]} of {value}",
        rivals_told(config, cells),
        difference_told(head),
    ]
    return sentence(parts, is_capital=not failed)


def _notes(
    config: VoiceConfig, data: VoiceData, trained: Sequence[Trained], cells: Sequence[Cell]
) -> Iterator[str]:
    yield from (note for note in data.labels.notes if not note.startswith("Hidden"))
    yield from interval_notes(config, cells, n_groups=len(data.test))
    yield from seed_notes(config, cells)
    yield from (f"{one.model.name}: {told}" for one in trained for told in one.answers.warnings)
    learned = sorted({m.classifier.kind for m in config.models if m.types == "predicted"})
    if learned:
        parts = "+".join(config.split.train)
        yield (
            f"Predicted types come from {', '.join(learned)}, which learned from {parts}; a quote "
            "that is taken for another type has the author for its voice, and counts as wrong."
        )
    yield "A name counts as right where it is the canonical one but for case, article and titles."
    yield (
        f"Tested on {data.corpus} alone: nothing here says how the models do on texts of other "
        "outlets, times or languages."
    )
