"""Base: what every config that trains and compares models says, whatever it asks."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from stance.experiments.configs.data_config import CorpusConfig, OfficialSplit, Section, Split
from stance.experiments.result import Role

NAME = r"^[A-Za-z0-9][A-Za-z0-9 _+=.-]*$"
REPORT_NAME = r"^[A-Za-z0-9][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*)*$"


class KindConfig(BaseModel):
    """A kind of the registry and its parameters, which stand beside ``kind``."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str

    @property
    def parameters(self) -> dict[str, Any]:
        """All keys but ``kind``; the builder's signature says which there may be."""
        return dict(self.model_extra or {})


class NamedModel(Section):
    """A model under its name in the report."""

    name: str = Field(pattern=NAME, max_length=120)
    role: Role = "model"


class BootstrapConfig(Section):
    """How often articles are drawn again, for intervals and for tests."""

    n_resamples: int = Field(default=10_000, ge=100, le=1_000_000)
    seed: int = Field(default=0, ge=0)


class BaseConfig(Section):
    """The keys that all kinds of experiments share; each kind narrows what they may hold."""

    name: str = Field(pattern=REPORT_NAME, max_length=120)
    question: str = Field(min_length=1)
    corpus: CorpusConfig
    split: Split = OfficialSplit(kind="official")
    metric: str
    models: Annotated[tuple[NamedModel, ...], Field(min_length=1)]
    baseline: str
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] = (0,)
    bootstrap: BootstrapConfig = BootstrapConfig()

    def to_yaml(self) -> str:
        """The config with all defaults spelled out; running it gives the same results."""
        values = self.model_dump(mode="json", exclude_none=True)
        first = {"kind": values["kind"]} if "kind" in values else {}
        return yaml.safe_dump(first | values, sort_keys=False, allow_unicode=True, width=100)
