"""Voice answers: what a namer said of a test set, and the job that makes it say so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from stance.evaluation.voices import Named
from stance.experiments.configs.registry import build
from stance.experiments.runs.job import Job
from stance.experiments.runs.watched import watched
from stance.experiments.voices.data import VoiceArticle, VoiceData

if TYPE_CHECKING:
    import pyarrow as pa

SECTION = "namer"


@dataclass(frozen=True, slots=True)
class VoiceAnswers:
    """The voices that a namer gave.

    Parameters
    ----------
    given : tuple of Named
        Of every paragraph of the test set, article by article.
    types : tuple of str
        What the namer was told of each.
    fit_seconds, predict_seconds : float
        Wall-clock of learning and predicting types, and of naming.
    warnings : tuple of str
    """

    given: tuple[Named, ...]
    types: tuple[str, ...]
    fit_seconds: float
    predict_seconds: float
    warnings: tuple[str, ...] = ()

    def table(self) -> pa.Table:
        """Voice, via (a line of JSON) and type of each paragraph."""
        import pyarrow as pa

        via = [json.dumps(one.via, ensure_ascii=False) for one in self.given]
        columns = {"voice": [one.voice for one in self.given], "via": via, "type": self.types}
        return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})

    @classmethod
    def from_table(cls, table: pa.Table, about: Mapping[str, Any]) -> VoiceAnswers:
        """What ``table`` gave."""
        rows = table.to_pylist()
        return cls(
            given=tuple(Named(row["voice"], tuple(json.loads(row["via"]))) for row in rows),
            types=tuple(row["type"] for row in rows),
            **about,
        )


@dataclass(frozen=True, slots=True)
class VoiceJob(Job):
    """One namer to ask, and a classifier of types before it where it is given predicted ones."""

    data: VoiceData

    def answers(self) -> VoiceAnswers:
        """The voices that it gives.

        Raises
        ------
        ValueError
            It answers for another number of paragraphs than it was asked about.
        """
        own = self.model.namer
        with watched() as warnings:
            started = perf_counter()
            types, told = self._types()
            typed = perf_counter()
            namer = build(own.kind, own.parameters, seed=self.seed, section=SECTION)
            given = [one for article in self.data.test for one in _named(namer, article, types)]
            done = perf_counter()
        return VoiceAnswers(
            given=tuple(given),
            types=tuple(types[name] for article in self.data.test for name in article.ids),
            fit_seconds=round(typed - started, 3),
            predict_seconds=round(done - typed, 3),
            warnings=(*told, *warnings),
        )

    def _types(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """The type that the namer is told of each paragraph, and what its classifier warned of."""
        data = self.data.labels
        if self.model.types == "true":
            return dict(zip(data.test.ids, data.test.labels, strict=True)), ()
        from stance.experiments.runs.training import trained_answers

        answers = trained_answers(self.model, data, seed=self.seed)
        predicted = [label or "" for label in answers.predicted]
        return dict(zip(data.test.ids, predicted, strict=True)), answers.warnings

    @property
    def about(self) -> list[Any]:
        """The namer, the types that it is given, the data."""
        given = self.model.model_dump(mode="json", exclude={"name", "role"})
        return [given, self.data.fingerprint]

    @property
    def kind(self) -> str:
        """The namer's, told from a classifier's."""
        return f"{SECTION} {self.model.namer.kind}, {self.model.types} types"

    @property
    def n_learned(self) -> int:
        """Paragraphs that types are learned from, or could be."""
        return self.data.n_learned


def _named(namer: Any, article: VoiceArticle, types: Mapping[str, str]) -> list[Named]:
    told = [types[name] for name in article.ids]
    voices = list(namer.name(list(article.texts), told, headline=article.headline))
    if len(voices) != len(article.texts):
        raise ValueError(
            f"name must answer for every paragraph: expected {len(article.texts)}, "
            f"got {len(voices)}"
        )
    return [Named(voice.name, tuple(voice.via)) for voice in voices]
