"""VoiceConfig: which ways to name voices are compared. ``kind: voices`` tells it from others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from stance.experiments.config import ClassifierConfig
from stance.experiments.configs.base import BaseConfig, KindConfig, NamedModel
from stance.experiments.configs.data_config import OfficialSplit


class NamerConfig(KindConfig):
    """A kind of namer and its parameters, which stand beside ``kind``."""


class VoiceModel(NamedModel):
    """A namer of voices under its name in the report.

    ``types`` says whether it is given the paragraphs' true types, or those that ``classifier``
    predicts, which learns from the training splits.
    """

    namer: NamerConfig
    types: Literal["true", "predicted"] = "true"
    classifier: ClassifierConfig = ClassifierConfig(kind="paragraph_type")


class VoiceConfig(BaseConfig):
    """One experiment in naming voices.

    Parameters
    ----------
    kind : {"voices"}
    name, question, baseline, seeds, bootstrap
        As in every config.
    corpus : CorpusConfig
        With types as labels, and the columns ``voice``, ``via`` and ``outlet``.
    split : OfficialSplit
    metric : {"voice_accuracy", "all_accuracy", "chain_accuracy"}
        Of the headline and the comparisons: right voices of quotes, of all paragraphs, and voices
        of quotes that are right with whoever passed them on.
    models : tuple of VoiceModel
        The first one is the headline's.
    """

    kind: Literal["voices"]
    split: OfficialSplit = OfficialSplit(kind="official")
    metric: Literal["voice_accuracy", "all_accuracy", "chain_accuracy"] = "voice_accuracy"
    models: Annotated[tuple[VoiceModel, ...], Field(min_length=1)]


class VoiceConfigFile(VoiceConfig):
    """What a file may say beside; see ``stance.experiments.config.ConfigFile``."""

    extends: str | tuple[str, ...] = ()
    sweep: dict[str, Any] = Field(default_factory=dict)
