"""Training: one encoder and its heads, on several tasks at once; goes on where it stopped.

Every step takes one batch of one task. Batches, dropout and learning rates of a step follow from
the seed and the step's number alone, so a training that was interrupted, and one that was not,
come to the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.encoders.batches import (
    SUB_BATCH,
    UNLABELLED,
    Batch,
    Lesson,
    epoch_batches,
    neighbours_within,
    read,
)
from stance.encoders.checkpoint import (
    Checkpoint,
    load_checkpoint,
    save_checkpoint,
    training_key,
)
from stance.encoders.judging import fitted_temperature, macro_f1
from stance.encoders.network import (
    Network,
    Tensor,
    check_length,
    freeze_words,
    new_network,
    rated_parameters,
)
from stance.encoders.outcome import EpochScore, Standing, TrainedNetwork, peak_bytes
from stance.encoders.pretrained import EXTRA, EncoderError
from stance.encoders.running import (
    Machine,
    all_logits,
    machine_of,
    stance_logits_of,
    threads,
    type_logits_of,
)
from stance.encoders.schedule import Schedule
from stance.encoders.settings import Settings, check_settings
from stance.encoders.tokens import Tokens
from stance.extras import imported

Tell = Callable[[Standing], None]


def train(
    encoder: str,
    lessons: Sequence[Lesson],
    settings: Settings,
    *,
    folder: Path | None = None,
    tell: Tell | None = None,
    tell_seconds: float = 30.0,
) -> TrainedNetwork:
    """Train an encoder and a head for every task, or go on with it.

    Parameters
    ----------
    encoder : str
        A folder, ``package:NAME/FOLDER``, or an id of the Hugging Face hub; see
        ``stance.encoders.network.encoder_place``.
    lessons : sequence of Lesson
        One for each task.
    settings : Settings
    folder : Path, optional
        Gets the checkpoint. A training that was interrupted goes on from there; one that had
        finished is done at once.
    tell : callable, optional
        Called with a Standing every ``tell_seconds``, and after every epoch.

    Raises
    ------
    ExtraMissingError
        torch or transformers is not installed.
    EncoderError
        The encoder cannot be had, cannot read as much text, the checkpoint is of another training,
        or the loss is no number any more.
    ValueError
        A setting is out of range, two tasks share a name, or a label is none of its task's.
    """
    check_settings(settings)
    names = [lesson.task.name for lesson in lessons]
    if len(set(names)) < len(names) or not names:
        raise ValueError(f"expected tasks of different names, got {names}")
    torch = imported("torch", extra=EXTRA)
    with torch.random.fork_rng(), threads(settings.threads):
        network = new_network(
            encoder, [one.task for one in lessons], shape=settings.shape, seed=settings.seed
        )
        run = _Run(torch, network, lessons, settings, folder=folder)
        return run.finished(tell or (lambda standing: None), tell_seconds=tell_seconds)


@dataclass(slots=True)
class _Place:
    """Where a run stands: all that its steps change but the tensors."""

    epoch: int = 0
    position: int = 0
    step: int = 0
    n_tokens: int = 0
    seconds: float = 0.0
    losses: dict[str, list[float]] = field(default_factory=dict)  # sum and number of steps
    epochs: list[EpochScore] = field(default_factory=list)
    n_kept: int = 0

    def values(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> _Place:
        epochs = [EpochScore(**one) for one in values["epochs"]]
        return cls(**(dict(values) | {"epochs": epochs}))


class _Run:
    """A training under way."""

    def __init__(
        self,
        torch: Any,
        network: Network,
        lessons: Sequence[Lesson],
        settings: Settings,
        *,
        folder: Path | None,
    ) -> None:
        self._torch, self._network, self._settings = torch, network, settings
        self._machine = machine_of(settings.device, settings.precision)
        self._folder = folder
        tokens = Tokens.from_json(network.tokenizer, max_tokens=settings.max_tokens)
        check_length(network, settings.max_tokens)
        self._train = {one.task.name: read(one.task, one.train, tokens) for one in lessons}
        self._validation = {
            one.task.name: read(one.task, one.validation, tokens) for one in lessons
        }
        weights = {one.task.name: one.weight for one in lessons}
        self._plans = [
            epoch_batches(
                self._train,
                weights=weights,
                size=settings.batch,
                window=settings.window,
                seed=(settings.seed, epoch),
            )
            for epoch in range(settings.epochs)
        ]
        self._schedule = Schedule(
            [len(plan) for plan in self._plans], cycles=settings.cycles, warm_up=settings.warm_up
        )
        self._n_tokens = sum(self._tokens_of(batch) for plan in self._plans for batch in plan)
        self._key = training_key(
            network,
            (self._train, self._validation),
            settings=settings,
            also=repr((weights, self._machine)),
        )
        self._place = _Place()
        self._kept: dict[str, Tensor] = {}
        network.module.to(self._machine.device)
        if settings.freeze_words:
            freeze_words(network)
        self._optimizer = _optimizer(torch, network, settings)
        self._rates = [group["lr"] for group in self._optimizer.param_groups]

    def finished(self, tell: Tell, *, tell_seconds: float) -> TrainedNetwork:
        self._go_on()
        self._network.module.train()
        self._learn(tell, tell_seconds)
        self._settle()
        return self._trained()

    def _learn(self, tell: Tell, tell_seconds: float) -> None:
        place, begun, before = self._place, perf_counter(), self._place.seconds
        n_before = place.n_tokens
        saved = told = begun
        while place.epoch < self._settings.epochs:
            plan = self._plans[place.epoch]
            while place.position < len(plan):
                self._step(plan[place.position])
                now = perf_counter()
                place.seconds = before + now - begun
                if now - told >= tell_seconds:
                    told = now
                    tell(self._standing((place.n_tokens - n_before) / (now - begun)))
                if now - saved >= 60 * self._settings.checkpoint_minutes:
                    self._save()
                    saved = perf_counter()
            self._end_epoch()
            place.seconds = before + perf_counter() - begun
            self._save()
            saved = told = perf_counter()
            tell(self._standing((place.n_tokens - n_before) / (saved - begun)))

    def _step(self, batch: Batch) -> None:
        torch, place = self._torch, self._place
        torch.manual_seed(_step_seed(self._settings.seed, place.step))
        share = self._schedule.share(place.step)
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * share
        loss = self._loss(batch)
        loss.backward()
        parameters = [p for group in self._optimizer.param_groups for p in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, self._settings.clip)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        value = float(loss.detach())
        if not np.isfinite(value):
            raise EncoderError(
                f"the loss of task {batch.task!r} is {value} at step {place.step + 1}: expected a "
                "number; try a lower learning_rate, or precision float32"
            )
        sums = place.losses.setdefault(batch.task, [0.0, 0])
        sums[0], sums[1] = sums[0] + value, sums[1] + 1
        place.n_tokens += self._tokens_of(batch)
        place.step, place.position = place.step + 1, place.position + 1

    def _tokens_of(self, batch: Batch) -> int:
        return int(self._train[batch.task].lengths[batch.rows].sum())

    def _loss(self, batch: Batch) -> Tensor:
        torch, lesson, rows = self._torch, self._train[batch.task], batch.rows
        if lesson.task.kind == "stance":
            logits = stance_logits_of(self._network, lesson, rows, self._machine)
        else:
            at_once = SUB_BATCH if self._machine.device == "cpu" else len(rows)
            logits = type_logits_of(
                self._network,
                lesson,
                rows,
                self._machine,
                neighbours=neighbours_within(lesson, rows),
                at_once=at_once,
            )
        codes = np.where(batch.is_learned, lesson.codes[rows], UNLABELLED)
        return torch.nn.functional.cross_entropy(
            logits,
            torch.from_numpy(codes).to(self._machine.device),
            ignore_index=UNLABELLED,
            label_smoothing=self._settings.smoothing,
        )

    def _end_epoch(self) -> None:
        place = self._place
        loss = {task: total / n for task, (total, n) in place.losses.items()}
        scores = self._scores(self._logits(self._machine))
        score = EpochScore(place.epoch + 1, loss, scores, place.seconds)
        self._consider(score)
        place.epochs.append(score)
        place.epoch, place.position, place.losses = place.epoch + 1, 0, {}

    def _consider(self, score: EpochScore) -> None:
        """Keep this epoch's weights where the settings ask for them."""
        keep, place, weights = self._settings.keep, self._place, self._weights()
        if keep == "best" and score.mean > max((one.mean for one in place.epochs), default=-1.0):
            self._kept = {name: value.detach().clone() for name, value in weights.items()}
            place.n_kept = 1
        if keep == "average" and self._schedule.ends_cycle(score.epoch):
            before = self._kept or dict.fromkeys(weights, 0.0)
            self._kept = {name: before[name] + value.detach() for name, value in weights.items()}
            place.n_kept += 1

    def _settle(self) -> None:
        """Put the weights that were kept into the network."""
        if self._kept:
            with self._torch.no_grad():
                for name, value in self._weights().items():
                    value.copy_(self._kept[name] / self._place.n_kept)

    def _logits(self, machine: Machine) -> dict[str, NDArray[np.float32]]:
        return {
            name: all_logits(self._network, one, machine) for name, one in self._validation.items()
        }

    def _codes(self, task: str) -> NDArray[np.int64]:
        own = self._validation[task]
        codes = np.empty_like(own.codes)
        codes[own.order] = own.codes
        return codes

    def _scores(self, logits: Mapping[str, NDArray[np.float32]]) -> dict[str, float]:
        found = {}
        for name, own in logits.items():
            codes = self._codes(name)
            known = codes != UNLABELLED
            if known.any():
                predicted = own[known].argmax(axis=1)
                found[name] = macro_f1(codes[known], predicted, own.shape[1])
        return found

    def _trained(self) -> TrainedNetwork:
        self._network.module.eval()
        # What was learned in bfloat16 will run in float32 or in bytes.
        logits = self._logits(replace(self._machine, is_half=False))
        place = self._place
        temperatures = {}
        for name, own in logits.items():
            codes = self._codes(name)
            known = codes != UNLABELLED
            temperatures[name] = fitted_temperature(own[known], codes[known])
        return TrainedNetwork(
            network=replace(self._network, module=self._network.module.to("cpu")),
            temperatures=temperatures,
            logits=logits,
            epochs=tuple(place.epochs),
            seconds=round(place.seconds, 1),
            n_steps=place.step,
            n_tokens=place.n_tokens,
            peak_bytes=peak_bytes(),
            machine=self._machine,
            max_tokens=self._settings.max_tokens,
        )

    def _standing(self, tokens_per_second: float) -> Standing:
        place = self._place
        sums = np.array([*place.losses.values()] or [[0.0, 1]]).sum(axis=0)
        is_between = not place.losses and bool(place.epochs)
        last = place.epochs[-1] if is_between else None
        left = (self._n_tokens - place.n_tokens) / max(1.0, tokens_per_second)
        return Standing(
            step=place.step,
            n_steps=self._schedule.n_steps,
            epoch=place.epoch + (not is_between),
            n_epochs=self._settings.epochs,
            loss=float(np.mean([*last.loss.values()])) if last else float(sums[0] / sums[1]),
            tokens_per_second=tokens_per_second,
            seconds=place.seconds,
            seconds_left=left,
            macro_f1=place.epochs[-1].mean if place.epochs else None,
        )

    def _weights(self) -> dict[str, Any]:
        named = self._network.module.named_parameters()
        return {name: value for name, value in named if value.requires_grad}

    def _save(self) -> None:
        if self._folder is None:
            return
        tensors = {f"weights/{name}": value for name, value in self._weights().items()}
        tensors |= {f"kept/{name}": value for name, value in self._kept.items()}
        for i, own in self._optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer/{i}/{name}": value for name, value in own.items()}
        about = self._place.values()
        save_checkpoint(self._folder, Checkpoint(tensors, about), key=self._key)

    def _go_on(self) -> None:
        """Take up the checkpoint, where there is one."""
        found = None if self._folder is None else load_checkpoint(self._folder, key=self._key)
        if found is None:
            return
        self._place = _Place.of(found.about)
        device = self._machine.device
        state: dict[int, dict[str, Tensor]] = {}
        with self._torch.no_grad():
            for name, value in self._weights().items():
                value.copy_(found.tensors[f"weights/{name}"])
        for name, value in found.tensors.items():
            kind, _, rest = name.partition("/")
            if kind == "kept":
                self._kept[rest] = value.to(device)
            elif kind == "optimizer":
                i, _, part = rest.partition("/")
                state.setdefault(int(i), {})[part] = value
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": state, "param_groups": groups})


def _optimizer(torch: Any, network: Network, settings: Settings) -> Any:
    groups = [
        {"params": own, "lr": rate, "weight_decay": settings.weight_decay if is_decayed else 0.0}
        for rate, own, is_decayed in rated_parameters(
            network,
            rate=settings.learning_rate,
            head_rate=settings.head_rate,
            decay=settings.layer_decay,
        )
    ]
    return torch.optim.AdamW(groups)


def _step_seed(seed: int, step: int) -> int:
    return int(np.random.SeedSequence((seed, 1, step)).generate_state(1)[0])
