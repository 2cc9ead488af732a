"""Study: what each kind of experiment does in its own way; ``run`` does the rest alike for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from stance.experiments.configs.mistakes import nearest
from stance.experiments.configs.source import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.experiments.configs.base import BaseConfig
    from stance.experiments.result import Result
    from stance.experiments.runs.cells import Failure, Job, Trained
    from stance.experiments.runs.progress import Progress
    from stance.experiments.runs.store import Kept, Store


class Prepared(Protocol):
    """The data of a config, read and divided."""

    @property
    def fingerprint(self) -> str:
        """Digest of what models see and are judged by."""

    @property
    def fingerprints(self) -> Sequence[str]:
        """Digests of all that the report depends on, but for config, code and versions."""

    @property
    def n_learned(self) -> int:
        """Passages learned from."""

    @property
    def n_tested(self) -> int:
        """Passages tested on."""


class Study(Protocol):
    """A kind of experiment.

    Parameters
    ----------
    form, file_form : type
        What a config of this kind says; what its file may say beside.
    answers : type
        What its models' answers are kept as.
    """

    form: type[BaseConfig]
    file_form: type[BaseConfig]
    answers: type[Kept]

    def prepared(self, config: Any) -> Prepared:
        """Read the corpora of a config; DataError where they lack what it asks of them."""

    def jobs(self, config: Any, prepared: Any) -> Sequence[Job]:
        """Every model with every seed that matters to it, in the order of the config."""

    def scored(
        self,
        config: Any,
        prepared: Any,
        trained: Sequence[Trained],
        failed: Sequence[Failure],
        *,
        store: Store,
        tell: Progress,
    ) -> tuple[Result, pa.Table] | None:
        """The result and the predictions; None where no model answered the main test set."""

    def ship(self, config: Any, prepared: Any, result: Result, *, root: Path) -> Path | None:
        """Save the first model where the config names a folder."""


STUDIES: Mapping[str, str] = MappingProxyType(
    {
        "": "stance.experiments.runs.labels:LabelStudy",
        "spans": "stance.experiments.spans.study:SpanStudy",
        "voices": "stance.experiments.voices.study:VoiceStudy",
        "encoder": "stance.experiments.encoders.study:EncoderStudy",
    }
)
"""``kind`` of a config → ``module:class``; a config without a kind tells labels apart."""

ELSEWHERE = ("speed", "labelling", "tiers")
"""Kinds that other code runs: nothing of theirs can be kept, so nothing of this is theirs."""


def study_of(value: Mapping[str, Any], *, place: str = "config") -> Study:
    """The study that a config asks for.

    Parameters
    ----------
    value : mapping
        The config's values.
    place : str
        Of the kind in its file, for the message.

    Raises
    ------
    ConfigError
        Its ``kind`` is none.
    """
    kind = value.get("kind", "")
    if not isinstance(kind, str) or kind not in STUDIES or ("kind" in value and not kind):
        if kind in ELSEWHERE:
            raise ConfigError(
                [f"{place}: kind = {kind!r} is measured anew each time: run it without options"]
            )
        known = [name for name in STUDIES if name]
        must_be = f"one of {', '.join(map(repr, known))}, or not be there{nearest(kind, known)}"
        raise ConfigError([f"{place}: kind = {kind!r:.80}, must be {must_be}"])
    module, name = STUDIES[kind].split(":")
    study: Study = getattr(import_module(module), name)()
    return study
