"""SpanConfig: which finders of attributions are compared. ``kind: spans`` tells it from others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from stance.experiments.configs.base import REPORT_NAME, BaseConfig, KindConfig, NamedModel
from stance.experiments.configs.data_config import OfficialSplit


class FinderConfig(KindConfig):
    """A kind of finder and its parameters, which stand beside ``kind``."""


class SpanModel(NamedModel):
    """A finder of attributions under its name in the report."""

    finder: FinderConfig


class SpanConfig(BaseConfig):
    """One experiment in finding attributions.

    Parameters
    ----------
    kind : {"spans"}
    name, question, baseline, seeds, bootstrap
        As in every config.
    corpus : CorpusConfig
        With a column ``attributions``.
    split : OfficialSplit
    metric : {"content_f1", "attribution_f1"}
        Of the headline and the comparisons; see ``stance.evaluation.attribution``.
    models : tuple of SpanModel
        The first one is the headline's.
    save_model : str or None
        Folder below the project's root that gets the first model, trained on the training splits.
    """

    kind: Literal["spans"]
    split: OfficialSplit = OfficialSplit(kind="official")
    metric: Literal["content_f1", "attribution_f1"] = "content_f1"
    models: Annotated[tuple[SpanModel, ...], Field(min_length=1)]
    save_model: Annotated[str, Field(pattern=REPORT_NAME)] | None = None


class SpanConfigFile(SpanConfig):
    """What a file may say beside; see ``stance.experiments.config.ConfigFile``."""

    extends: str | tuple[str, ...] = ()
    sweep: dict[str, Any] = Field(default_factory=dict)
