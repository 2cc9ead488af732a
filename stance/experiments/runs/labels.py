"""LabelStudy: experiments in telling labels apart, the kind that a config without a kind is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from stance.experiments.config import Config, ConfigFile, ModelConfig
from stance.experiments.result import ModelUsage, Result
from stance.experiments.runs.controlled import LABELS_SHUFFLED, controlled, labels_shuffled
from stance.experiments.runs.data import Data, load_data
from stance.experiments.runs.job import Failure, Job, Trained, seeds_that_matter
from stance.experiments.runs.progress import Progress, Step
from stance.experiments.runs.shipping import ship
from stance.experiments.runs.stamp import foundations
from stance.experiments.runs.store import Answers, Store

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.experiments.scores.asking import Ask
    from stance.experiments.scores.parts import TestedTogether


@dataclass(frozen=True, slots=True)
class LabelJob(Job):
    """One classifier to train on one division of a corpus with one seed."""

    data: Data

    def answers(self) -> Answers:
        """Labels and probabilities of the test set."""
        from stance.experiments.runs.training import trained_answers

        return trained_answers(self.model, self.data, seed=self.seed)

    @property
    def about(self) -> list[Any]:
        """The classifier and what it stands on, the label set, the data."""
        classifier = self.model.classifier.model_dump(mode="json")
        stands_on = list(foundations(classifier, section="classifier"))
        return [classifier, *stands_on, self.data.labels, self.data.fingerprint]

    @property
    def kind(self) -> str:
        """The classifier's."""
        kind: str = self.model.classifier.kind
        return kind

    @property
    def n_learned(self) -> int:
        """Passages that are learned from, all folds together."""
        return sum(len(fold.train) for fold in self.data.folds)


@dataclass(frozen=True, slots=True)
class LabelData:
    """The data of a config, and those of each of its models."""

    main: Data
    every: tuple[Data, ...]

    @property
    def fingerprint(self) -> str:
        """Of the config's own data."""
        return self.main.fingerprint

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Of all data."""
        return (self.main.fingerprint, *(one.fingerprint for one in self.every))

    @property
    def n_learned(self) -> int:
        """Passages that a model of the config's own data learns from, all folds together."""
        return sum(len(fold.train) for fold in self.main.folds)

    @property
    def n_tested(self) -> int:
        """Passages of the config's test set."""
        return len(self.main.test)


class LabelStudy:
    """Classifiers that tell labels apart."""

    form = Config
    file_form = ConfigFile
    answers = Answers

    def prepared(self, config: Config) -> LabelData:
        """The data, after a look at whether they have the slices that are asked for.

        Raises
        ------
        DataError, ValueError
            The corpus lacks what the config asks of it.
        """
        from stance.experiments.scores.slicing import check_slices

        data = model_data(config)
        check_slices(config, data.main)
        return data

    def jobs(self, config: Config, prepared: LabelData) -> list[LabelJob]:
        """Every model with every seed that matters to it, in the order of the config."""
        return [
            LabelJob(model, seed, _dealt(model, one, seed))
            for model, one in zip(config.models, prepared.every, strict=True)
            for seed in _seeds(model, config)
        ]

    def scored(
        self,
        config: Config,
        prepared: LabelData,
        trained: Sequence[Trained],
        failed: Sequence[Failure],
        *,
        store: Store,
        tell: Progress,
    ) -> tuple[Result, pa.Table] | None:
        """The result and the predictions; None where no model answered the main test set."""
        from stance.experiments.scores.parts import parts_of

        parts = parts_of(prepared.main, trained, jobs=self.jobs(config, prepared))
        if not parts or parts[0].data is not prepared.main:
            return None
        ask = asker(parts[0].trained[0], store=store, tell=tell)
        return _result(config, parts, failed, ask=ask)

    def ship(
        self, config: Config, prepared: LabelData, result: Result, *, root: Path
    ) -> Path | None:
        """Save the first model where the config names a folder."""
        return ship(config, prepared.main, result, root=root)


def model_data(config: Config) -> LabelData:
    """The data of a config, and those of each of its models.

    Raises
    ------
    DataError, ValueError
        As ``load_data``.
    """
    main = load_data(config)
    loaded = {_asked(config): main}
    every = []
    for model in config.models:
        own = config.model_copy(
            update={"corpus": model.corpus or config.corpus, "split": model.split or config.split}
        )
        if _asked(own) not in loaded:
            loaded[_asked(own)] = load_data(own)
        data = loaded[_asked(own)]
        is_taken = model.control is not None and model.control != LABELS_SHUFFLED
        every.append(controlled(data, str(model.control)) if is_taken else data)
    return LabelData(main, tuple(every))


def asker(head: Trained, *, store: Store, tell: Progress) -> Ask:
    """What trains the model of a finished job on other data, or finds its answers in the store."""

    def ask(what: str, data: Data) -> Answers:
        job, begun = LabelJob(head.model, head.seed, data), perf_counter()
        kept: Answers | None = store.get(job.key)
        if kept is not None:
            tell(Step(what, "kept"))
            return kept
        tell(Step(what, "started"))
        answers = job.answers()
        store.put(job.key, answers)
        tell(Step(what, "done", seconds=round(perf_counter() - begun, 3)))
        return answers

    return ask


def _result(
    config: Config, parts: Sequence[TestedTogether], failed: Sequence[Failure], *, ask: Ask
) -> tuple[Result, pa.Table]:
    from stance.experiments.runs.held_out import held_out_notes
    from stance.experiments.scores.answer import answer_sentence, notes
    from stance.experiments.scores.parts import scored_parts
    from stance.experiments.scores.probing import probe
    from stance.experiments.scores.scoring import confident_mistakes
    from stance.experiments.scores.shuffling import shuffle_notes

    cells, predictions = scored_parts(config, parts)
    main = parts[0]
    data = main.data
    about = notes(config, data, cells, trained=main.trained, is_leaked=main.is_leaked)
    probes, probe_notes = probe(config, data, main.trained, ask=ask)
    other = [note for part in parts[1:] for note in part.notes]
    result = Result(
        name=config.name,
        question=config.question,
        answer=answer_sentence(config, data, cells),
        headline=cells[0].headline(
            config.metric, n_groups=data.test.n_groups, n_passages=len(data.test)
        ),
        cells=cells,
        data=data.counts,
        mistakes=confident_mistakes(data, main.trained[0].answers),
        notes=(
            *(failure_note(one, may_show_text=data.may_show_text) for one in failed),
            *about,
            *shuffle_notes(config, data, cells),
            *held_out_notes(config, data, main.trained[0]),
            *other,
            *probe_notes,
        ),
        probes=probes,
        usage=_usage(parts),
    )
    return result, predictions


def failure_note(failure: Failure, *, may_show_text: bool) -> str:
    """That a model failed. Messages may quote what it was given: they stay out where text must."""
    kind = failure.message.partition(":")[0]
    reason = failure.message if may_show_text else kind
    return f"{failure.model} (seed {failure.seed}) failed and is left out: {reason:.300}"


def _seeds(model: ModelConfig, config: Config) -> tuple[int, ...]:
    """The seeds that a model is trained with: all where its labels are drawn, whatever its kind."""
    if model.control == LABELS_SHUFFLED:
        return config.seeds
    kind = model.classifier
    return seeds_that_matter(kind.kind, kind.parameters, config.seeds)


def _dealt(model: ModelConfig, data: Data, seed: int) -> Data:
    return labels_shuffled(data, seed=seed) if model.control == LABELS_SHUFFLED else data


def _usage(parts: Sequence[TestedTogether]) -> tuple[ModelUsage, ...]:
    trained = [one for part in parts for one in part.trained if one.answers.usage]
    return tuple(ModelUsage(one.model.name, one.seed, dict(one.answers.usage)) for one in trained)


def _asked(config: Config) -> str:
    return f"{config.corpus!r} {config.split!r}"
