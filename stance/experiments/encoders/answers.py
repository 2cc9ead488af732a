"""Encoder answers: what a trained encoder says of validation passages, and the jobs that ask."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.experiments.configs.registry import build
from stance.experiments.encoders.config import BASELINE, EncoderConfig
from stance.experiments.encoders.data import EncoderData, TaskData
from stance.experiments.encoders.findings import EncoderFindings, Epoch
from stance.experiments.reports.record import record
from stance.experiments.runs.fingerprint import digest
from stance.experiments.runs.job import Job
from stance.experiments.runs.progress import Progress, Step, silent
from stance.experiments.runs.watched import watched

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.encoders.export import Quantisation
    from stance.encoders.outcome import Standing, TrainedNetwork

SMALL, FULL = "small", "float32"
"""Whose answers they are: those of the model that ships, and those of the float32 encoder."""

MODEL, FOLDER = "model", "encoders"
"""Folder of a finished model in that of its training, which lies in this folder of the cache."""

LIBRARIES = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers")

Proba = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderAnswers:
    """Probabilities of the classes of every task's labelled validation passages.

    Parameters
    ----------
    proba : dict of str to (dict of str to ndarray of float32, shape (n_passages, n_classes))
        Whose, ``SMALL`` or ``FULL`` (a baseline has the one), then task.
    findings : EncoderFindings or None
        None for a baseline.
    fit_seconds, predict_seconds : float
    warnings : tuple of str
    """

    proba: dict[str, dict[str, Proba]]
    findings: EncoderFindings | None
    fit_seconds: float
    predict_seconds: float
    warnings: tuple[str, ...] = ()

    def table(self) -> pa.Table:
        """A row for each passage, and one before them for the findings."""
        import pyarrow as pa

        told = "" if self.findings is None else json.dumps(asdict(self.findings))
        rows = [
            (whose, task, row)
            for whose, tasks in self.proba.items()
            for task, proba in tasks.items()
            for row in proba.tolist()
        ]
        return pa.table(
            {
                "whose": pa.array([told, *(one[0] for one in rows)], pa.string()),
                "task": pa.array(["", *(one[1] for one in rows)], pa.string()),
                "proba": pa.array([[], *(one[2] for one in rows)], pa.list_(pa.float32())),
            }
        )

    @classmethod
    def from_table(cls, table: pa.Table, about: Mapping[str, Any]) -> EncoderAnswers:
        """What ``table`` gave."""
        whose, tasks, rows = (table.column(name).to_pylist() for name in table.column_names)
        found: dict[str, dict[str, list[Any]]] = {}
        for one, task, row in zip(whose[1:], tasks[1:], rows[1:], strict=True):
            found.setdefault(one, {}).setdefault(task, []).append(row)
        proba = {
            one: {task: np.array(own, np.float32) for task, own in of.items()}
            for one, of in found.items()
        }
        findings = record(EncoderFindings, json.loads(whose[0])) if whose[0] else None
        return cls(proba=proba, findings=findings, **about)


@dataclass(frozen=True, slots=True)
class BaselineJob(Job):
    """n-grams, trained for every task by themselves."""

    data: EncoderData

    def answers(self) -> EncoderAnswers:
        """What they say of the validation passages."""
        proba, seconds = {}, np.zeros(2)
        with watched() as warnings:
            for task in filter(lambda one: one.tested, self.data.tasks):
                proba[task.name], own = _baseline(task, seed=self.seed)
                seconds += own
        return EncoderAnswers(
            proba={SMALL: proba},
            findings=None,
            fit_seconds=round(float(seconds[0]), 3),
            predict_seconds=round(float(seconds[1]), 3),
            warnings=tuple(warnings),
        )

    @property
    def about(self) -> list[Any]:
        """The classifier and the data."""
        return ["encoder baseline", BASELINE, self.data.fingerprint]

    @property
    def kind(self) -> str:
        """The classifier's."""
        return BASELINE

    @property
    def n_learned(self) -> int:
        """Of all tasks."""
        return self.data.n_learned


@dataclass(frozen=True, slots=True)
class EncoderJob(Job):
    """A network to train, to make small, and to ask before and after.

    Parameters
    ----------
    cache : Path or None
        Gets the checkpoint and the finished model; see ``within``.
    tell : callable
        Called with a Step as the training goes on.
    """

    data: EncoderData
    cache: Path | None = None
    tell: Progress = silent

    def within(self, cache: Path, tell: Progress) -> EncoderJob:
        """The job as it runs: where it keeps its checkpoint, and whom it tells how far it is."""
        return replace(self, cache=cache, tell=tell)

    def answers(self) -> EncoderAnswers:
        """Train, or go on with it; make the encoder small; ask both.

        Raises
        ------
        ExtraMissingError
            The extra ``train`` is not installed.
        EncoderError
            The encoder cannot be had or trained.
        """
        from stance.encoders.export import pretrained_files, write_folder
        from stance.encoders.training import train

        if self.cache is None:
            with TemporaryDirectory() as place:
                return replace(self, cache=Path(place)).answers()
        folder = training_folder(self.cache, self.data.config, self.data)
        lessons = [task.lesson for task in self.data.tasks]
        settings = self.data.config.training.settings(seed=self.seed)
        trained = train(self.data.config.encoder, lessons, settings, folder=folder, tell=self._told)
        write_folder(
            encoder_folder(self.cache, self.data.config), pretrained_files(trained.network)
        )
        begun = perf_counter()
        how, proba, sizes = self._made_small(trained, folder / MODEL)
        return EncoderAnswers(
            proba=proba,
            findings=_findings(self.data.config, trained, how, sizes),
            fit_seconds=trained.seconds,
            predict_seconds=round(perf_counter() - begun, 3),
        )

    def _made_small(
        self, trained: TrainedNetwork, folder: Path
    ) -> tuple[str, dict[str, dict[str, Proba]], dict[str, int]]:
        """How it was done, the answers before and after, and sizes; the model is in ``folder``."""
        from stance.encoders.export import encoder_onnx, folder_files, quantised, write_folder

        wide = encoder_onnx(trained.network)
        self.tell(Step("float32 encoder", "started"))
        write_folder(folder, folder_files(trained, wide, about={}))
        full = _asked(folder, self.data)
        choice = self.data.config.quantisation
        ways: tuple[Quantisation, ...] = ("dynamic", "weights", "none")
        if choice.how != "auto":
            ways = (choice.how,)
        for how in ways:
            self.tell(Step(f"encoder made small: {how}", "started"))
            small_encoder = quantised(wide, how, kept=choice.kept)
            files = folder_files(trained, small_encoder, about={})
            write_folder(folder, files)
            small = _asked(folder, self.data)
            loss = mean_macro_f1(self.data, full) - mean_macro_f1(self.data, small)
            if choice.how != "auto" or loss <= choice.max_loss or how == "none":
                break
        sizes = {name: len(data) for name, data in sorted(files.items())}
        return how, {SMALL: small, FULL: full}, sizes | {"float32 encoder": len(wide)}

    def _told(self, standing: Standing) -> None:
        score = f", macro-F1 {standing.macro_f1:.3f}" if standing.macro_f1 is not None else ""
        what = (
            f"epoch {standing.epoch} of {standing.n_epochs}, loss {standing.loss:.3f}{score}, "
            f"{standing.tokens_per_second:,.0f} tokens a second, step"
        )
        self.tell(
            Step(
                what,
                "done",
                standing.step,
                standing.n_steps,
                standing.seconds,
                standing.seconds_left,
            )
        )

    @property
    def about(self) -> list[Any]:
        """Encoder, tasks, training, quantisation, the data, and the libraries."""
        return [
            *training_about(self.data.config, self.data),
            self.data.config.quantisation.model_dump(),
        ]

    @property
    def kind(self) -> str:
        """Encoders of other names take other times."""
        return f"encoder {self.data.config.encoder}, {self.data.config.training.epochs} epochs"

    @property
    def n_learned(self) -> int:
        """Of all tasks."""
        return self.data.n_learned


def training_about(config: EncoderConfig, data: EncoderData) -> list[Any]:
    """Plain values of all that tells a training from others."""
    training = config.training.model_dump(exclude={"checkpoint_minutes"})
    tasks = [task.model_dump(mode="json") for task in config.tasks]
    return [config.encoder, training, tasks, config.seeds[0], data.fingerprint, libraries()]


def training_folder(cache: Path, config: EncoderConfig, data: EncoderData) -> Path:
    """Where a training keeps its checkpoint and its model.

    Its name does not depend on the package's code: a training of hours shall survive a mended
    typing error elsewhere.
    """
    return cache / FOLDER / digest(training_about(config, data))[:32]


def encoder_folder(cache: Path, config: EncoderConfig) -> Path:
    """Where a training leaves its encoder in float32, for other configs to go on from.

    It bears the config's name, so that another config can name it: ``encoder:
    .cache/encoders/accurate/shipped``.
    """
    return cache / FOLDER / config.name


def libraries() -> dict[str, str]:
    """Versions of what only trained encoders need."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def mean_macro_f1(data: EncoderData, proba: Mapping[str, Proba]) -> float:
    """Mean macro-F1 over the tasks."""
    from stance.encoders.judging import macro_f1

    values = []
    for task in filter(lambda one: one.tested, data.tasks):
        classes = task.lesson.task.classes
        truth = [classes.index(str(task.lesson.validation.labels[i])) for i in task.tested]
        predicted = proba[task.name].argmax(axis=1)
        values.append(macro_f1(np.array(truth, np.int64), predicted, len(classes)))
    return float(np.mean(values))


def _asked(folder: Path, data: EncoderData) -> dict[str, Proba]:
    """What the model in a folder says of every task's labelled validation passages."""
    from stance.encoders.accurate import AccurateModel

    model = AccurateModel.load(folder)
    return {
        task.name: np.asarray(
            model.task(task.name).predict_proba(task.lesson.validation.passages), np.float32
        )[task.tested]
        for task in data.tasks
        if task.tested
    }


def _baseline(task: TaskData, *, seed: int) -> tuple[Proba, NDArray[np.float64]]:
    lesson, started = task.lesson, perf_counter()
    pairs = zip(lesson.train.passages, lesson.train.labels, strict=True)
    learned = [(passage, label) for passage, label in pairs if label is not None]
    classifier = build(BASELINE, {}, seed=seed)
    classifier.fit([one[0] for one in learned], [one[1] for one in learned])
    fitted = perf_counter()
    given = classifier.predict_proba([lesson.validation.passages[i] for i in task.tested])
    proba = np.zeros((len(task.tested), len(lesson.task.classes)), np.float32)
    for column, label in enumerate(classifier.classes_):
        proba[:, lesson.task.classes.index(str(label))] = given[:, column]
    return proba, np.array([fitted - started, perf_counter() - fitted])


def _findings(
    config: EncoderConfig, trained: TrainedNetwork, how: str, sizes: Mapping[str, int]
) -> EncoderFindings:
    machine = trained.machine
    precision = "bfloat16" if machine.is_half else "float32"
    threads = config.training.threads
    told = f", {threads} threads" if threads else ""
    return EncoderFindings(
        encoder=config.encoder,
        quantisation=how,
        bytes=dict(sizes),
        temperatures={name: round(t, 4) for name, t in trained.temperatures.items()},
        epochs=tuple(Epoch(one.loss, one.macro_f1, one.seconds) for one in trained.epochs),
        seconds=trained.seconds,
        n_steps=trained.n_steps,
        n_tokens=trained.n_tokens,
        peak_bytes=trained.peak_bytes,
        machine=f"{machine.device} ({platform.machine()}), {precision}{told}",
        versions=libraries(),
    )
