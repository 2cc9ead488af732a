"""EncoderStudy: experiments in training an encoder on several tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from stance.encoders.pretrained import EncoderError, encoder_place
from stance.experiments.encoders.answers import BaselineJob, EncoderAnswers, EncoderJob
from stance.experiments.encoders.config import (
    BASELINE,
    ENCODER,
    FLOAT,
    EncoderConfig,
    EncoderConfigFile,
)
from stance.experiments.encoders.data import EncoderData, load_encoder_data
from stance.experiments.result import Cell, Result
from stance.experiments.runs.job import Failure, Job, Trained
from stance.experiments.runs.labels import failure_note
from stance.experiments.runs.progress import Progress
from stance.experiments.runs.store import Store
from stance.experiments.scores.words import interval_notes, sentence, spread

if TYPE_CHECKING:
    import pyarrow as pa

NEEDED = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers")
"""What the extra ``train`` installs."""


class EncoderStudy:
    """An encoder with a head for every task, before and after it is made small."""

    form = EncoderConfig
    file_form = EncoderConfigFile
    answers = EncoderAnswers

    def prepared(self, config: EncoderConfig) -> EncoderData:
        """The passages of every task, after a look at whether the encoder could be trained.

        Raises
        ------
        EncoderError
            The extra ``train`` is not installed, or there is no such encoder.
        DataError, ValueError
            As ``load_encoder_data``.
        """
        if missing := [name for name in NEEDED if find_spec(name) is None]:
            raise EncoderError(
                f"expected {' and '.join(missing)} to be installed: pip install 'stance-lab[train]'"
            )
        encoder_place(config.encoder)
        return load_encoder_data(config)

    def jobs(self, config: EncoderConfig, prepared: EncoderData) -> list[Job]:
        """The training, and the n-grams that it is compared with."""
        names = {model.name: model for model in config.models}
        seed = config.seeds[0]
        return [
            BaselineJob(names[BASELINE], seed, prepared),
            EncoderJob(names[ENCODER], seed, prepared),
        ]

    def scored(
        self,
        config: EncoderConfig,
        prepared: EncoderData,
        trained: Sequence[Trained],
        failed: Sequence[Failure],
        *,
        store: Store,
        tell: Progress,
    ) -> tuple[Result, pa.Table] | None:
        """The result and the predictions; None where the encoder was not trained."""
        from stance.experiments.encoders.scoring import answered, encoder_cells, predictions_table

        own = next((one for one in trained if one.model.name == ENCODER), None)
        if own is None:
            return None
        models = answered(trained)
        cells = encoder_cells(config, prepared, models)
        result = Result(
            name=config.name,
            question=config.question,
            answer=_answer(prepared, cells),
            headline=cells[0].headline(
                "macro_f1", n_groups=_n_articles(prepared), n_passages=prepared.n_tested
            ),
            cells=cells,
            data=prepared.counts,
            notes=(
                *(failure_note(one, may_show_text=False) for one in failed),
                *_notes(config, prepared, cells),
            ),
            encoder=own.answers.findings,
        )
        return result, predictions_table(prepared, models)

    def ship(
        self, config: EncoderConfig, prepared: EncoderData, result: Result, *, root: Path
    ) -> Path | None:
        """Save the model where the config names a folder."""
        from stance.experiments.encoders.shipping import ship

        return ship(config, prepared, result, root=root)


def _n_articles(data: EncoderData) -> int:
    """Of the validation passages of all tasks."""
    found = {
        (task.name, task.lesson.validation.passages[i].group or i)
        for task in data.tasks
        for i in task.tested
    }
    return len(found)


def _answer(data: EncoderData, cells: Sequence[Cell]) -> str:
    means = {
        cell.model: cell.metrics["macro_f1"] for cell in cells if cell.corpus == cells[0].corpus
    }
    own = [cell for cell in cells[1:] if cell.model == ENCODER]
    tasks = [
        f"{cell.corpus.partition(':')[0]} {cell.metrics['macro_f1'].value:.3f}" for cell in own
    ]
    parts = [
        f"on validation passages of {len(tasks)} tasks the encoder reaches a mean macro-F1 of "
        f"{spread(means[ENCODER])}, {means[FLOAT].value:.3f} before it was made small",
        f"{BASELINE} {spread(means[BASELINE])}" if BASELINE in means else "",
        ", ".join(tasks),
    ]
    return sentence(parts)


def _notes(config: EncoderConfig, data: EncoderData, cells: Sequence[Cell]) -> Iterator[str]:
    keep = {
        "last": "Weights are those of the last epoch, whatever its scores",
        "best": "Weights are those of the epoch with the best mean macro-F1 on these very passages",
        "average": f"Weights are the mean of those at the ends of {config.training.cycles} cycles",
    }[config.training.keep]
    yield (
        f"{keep}; temperatures were fitted on these passages, and settings were chosen on them: "
        "scores on test splits, which this run leaves alone, may be lower."
    )
    yield from data.notes
    first = [cell for cell in cells if cell.corpus == cells[-1].corpus]
    yield from interval_notes(config, first, n_groups=min(_n_groups(data)))
    yield "Comparisons are counted, and p-values corrected, within each task."
    yield (
        f"The mean is over tasks of different corpora, each counted alike; {FLOAT} is the encoder "
        "as it was trained, its heads in float16 like those that are saved."
    )


def _n_groups(data: EncoderData) -> list[int]:
    return [
        len({task.lesson.validation.passages[i].group or i for i in task.tested})
        for task in data.tasks
        if task.tested
    ]
