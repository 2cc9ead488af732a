"""EncoderConfig: which encoder is trained on what. ``kind: encoder`` tells it from others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from stance.encoders.network import Shape
from stance.encoders.settings import Settings
from stance.experiments.configs.base import REPORT_NAME, BaseConfig, NamedModel
from stance.experiments.configs.data_config import (
    CorpusConfig,
    OfficialSplit,
    Section,
    Split,
    SplitNames,
)
from stance.experiments.result import Role

ENCODER, FLOAT, BASELINE = "encoder", "encoder float32", "ngrams"

Share = Annotated[float, Field(ge=0, lt=1)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class SourceConfig(Section):
    """A corpus of a task: what of it is learned from, and what chooses among what was learned.

    ``held_out`` names splits whose texts are never learned from, by any task: where one of them
    stands among the training or validation passages of whatever source, that passage loses its
    label. Nothing else of these splits is looked at. ``where`` keeps the rows that have one of the
    given values in a column.
    """

    corpus: CorpusConfig
    train: SplitNames = ("train",)
    validation: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ("test",)
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class TaskConfig(Section):
    """What one head learns, and from what.

    ``context`` says whether a head of types looks at neighbours and places; ``weight`` how often an
    epoch goes over the task's passages.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    kind: Literal["type", "stance"] = "type"
    context: bool = True
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    sources: Annotated[tuple[SourceConfig, ...], Field(min_length=1)]


class TrainingConfig(Section):
    """How the network is trained; see ``stance.encoders.settings.Settings``."""

    epochs: Count = 4
    cycles: Count = 1
    batch: Count = 16
    window: Count = 32
    learning_rate: Rate = 8e-5
    head_rate: Rate = 5e-4
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.9
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    warm_up: Share = 0.06
    clip: Rate = 1.0
    smoothing: Share = 0.0
    freeze_words: bool = True
    max_tokens: Annotated[int, Field(ge=8)] = 160
    keep: Literal["last", "best", "average"] = "last"
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: Count | None = None
    checkpoint_minutes: Annotated[float, Field(ge=0)] = 3.0
    n_heads: Count = 4
    type_width: Count = 128
    stance_width: Count = 256
    dropout: Share = 0.1

    def settings(self, *, seed: int) -> Settings:
        """The settings of a training."""
        values = self.model_dump()
        sizes = {name: values.pop(name) for name in ("n_heads", "type_width", "stance_width")}
        shape = Shape(**sizes, dropout=values.pop("dropout"))
        return Settings(**values, seed=seed, shape=shape)


class QuantisationConfig(Section):
    """How the encoder is made small.

    ``auto`` takes the first of ``dynamic``, ``weights`` and ``none`` that costs no more than
    ``max_loss`` of mean macro-F1 on validation passages. ``kept`` names products that stay float32
    (``stance.encoders.export.matrices``).
    """

    how: Literal["auto", "dynamic", "weights", "none"] = "auto"
    max_loss: Annotated[float, Field(ge=0, le=1)] = 0.005
    kept: tuple[str, ...] = ()


class EncoderModel(NamedModel):
    """One of the report's models, which are always the same."""


def _model(name: str, role: Role) -> EncoderModel:
    return EncoderModel(name=name, role=role)


class EncoderConfig(BaseConfig):
    """One experiment in training an encoder on several tasks.

    It is scored on validation passages alone: test splits are for configs that ask one question
    each, of the model that this one leaves. The encoder as it was trained, in float32, is left in
    ``.cache/encoders/NAME OF THE CONFIG``: others can go on from it.

    Parameters
    ----------
    kind : {"encoder"}
    name, question, bootstrap
        As in every config.
    encoder : str
        A folder, ``package:NAME/FOLDER`` for a folder in an installed package, or an id of the
        Hugging Face hub, which goes to the network.
    encoder_terms : str
        What its weights are called, whose they are, and their licence, for the model card; needed
        where ``save_model`` is given.
    tasks : tuple of TaskConfig
        The headline is the mean over those with validation passages.
    training : TrainingConfig
    quantisation : QuantisationConfig
    seeds : tuple of int
        The first one alone is used.
    save_model : str or None
        Folder below the project's root that gets the model.
    """

    kind: Literal["encoder"]
    metric: Literal["macro_f1"] = "macro_f1"
    encoder: str = Field(min_length=1)
    encoder_terms: str = ""
    tasks: Annotated[tuple[TaskConfig, ...], Field(min_length=1)]
    training: TrainingConfig = TrainingConfig()
    quantisation: QuantisationConfig = QuantisationConfig()
    save_model: Annotated[str, Field(pattern=REPORT_NAME)] | None = None
    # What other kinds say of their data and models is said by the tasks, or always the same.
    corpus: CorpusConfig = Field(default=CorpusConfig(name="of the tasks"), exclude=True)
    split: Split = Field(default=OfficialSplit(kind="official"), exclude=True)
    models: Annotated[tuple[EncoderModel, ...], Field(min_length=1)] = Field(
        default=(
            _model(ENCODER, "model"),
            _model(FLOAT, "variant"),
            _model(BASELINE, "baseline"),
        ),
        exclude=True,
    )
    baseline: str = Field(default=BASELINE, exclude=True)

    @field_validator("corpus", "split", "models", "baseline", mode="before")
    @classmethod
    def _not_here(cls, value: Any) -> Any:
        raise ValueError(
            "left out: each task names its sources, and the models are always the same"
        )

    @field_validator("tasks")
    @classmethod
    def _of_different_names(cls, tasks: tuple[TaskConfig, ...]) -> tuple[TaskConfig, ...]:
        names = [task.name for task in tasks]
        if len(set(names)) < len(names):
            raise ValueError(f"tasks of different names, got {', '.join(names)}")
        return tasks

    @model_validator(mode="after")
    def _says_whose_weights(self) -> EncoderConfig:
        if self.save_model is not None and not self.encoder_terms.strip():
            raise ValueError(
                "encoder_terms: where save_model is given, say what the encoder's weights are "
                "called, whose they are, and their licence"
            )
        return self


class EncoderConfigFile(EncoderConfig):
    """What a file may say beside; see ``stance.experiments.config.ConfigFile``."""

    extends: str | tuple[str, ...] = ()
    sweep: dict[str, Any] = Field(default_factory=dict)
