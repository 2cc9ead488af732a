"""Span answers: what a finder said of a test set, and the job that makes it say so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from stance.article import Span
from stance.experiments.configs.registry import build, stands_on
from stance.experiments.runs.job import Job
from stance.experiments.runs.watched import watched
from stance.experiments.spans.data import SpanData
from stance.quotes.spans import AttributedSpans

if TYPE_CHECKING:
    import pyarrow as pa

SECTION = "finder"


@dataclass(frozen=True, slots=True)
class SpanAnswers:
    """The attributions that a finder found.

    Parameters
    ----------
    found : tuple of tuple of AttributedSpans
        Of every paragraph of the test set, article by article.
    fit_seconds, predict_seconds : float
        Wall-clock of the run that found them.
    warnings : tuple of str
    """

    found: tuple[tuple[AttributedSpans, ...], ...]
    fit_seconds: float
    predict_seconds: float
    warnings: tuple[str, ...] = ()

    def table(self) -> pa.Table:
        """A line of JSON for each paragraph."""
        import pyarrow as pa

        return pa.table({"found": pa.array(map(_line, self.found), pa.string())})

    @classmethod
    def from_table(cls, table: pa.Table, about: Mapping[str, Any]) -> SpanAnswers:
        """What ``table`` gave."""
        return cls(found=tuple(map(_spans, table.column("found").to_pylist())), **about)


@dataclass(frozen=True, slots=True)
class SpanJob(Job):
    """One finder to train with one seed, and to ask."""

    data: SpanData

    def answers(self) -> SpanAnswers:
        """What it finds in the test set.

        Raises
        ------
        ValueError
            It answers for another number of paragraphs than it was asked about.
        """
        finder_config, train = self.model.finder, self.data.train
        with watched() as warnings:
            started = perf_counter()
            finder = build(
                finder_config.kind, finder_config.parameters, seed=self.seed, section=SECTION
            )
            if hasattr(finder, "fit"):
                finder.fit([list(one.texts) for one in train], [list(one.gold) for one in train])
            fitted = perf_counter()
            found = [_asked(finder, article.texts) for article in self.data.test]
            done = perf_counter()
        return SpanAnswers(
            found=tuple(spans for article in found for spans in article),
            fit_seconds=round(fitted - started, 3),
            predict_seconds=round(done - fitted, 3),
            warnings=tuple(warnings),
        )

    @property
    def about(self) -> list[Any]:
        """The finder, what it stands on, and the data."""
        finder = self.model.finder
        packages = stands_on(finder.kind, section=SECTION)
        return [finder.model_dump(mode="json"), packages, self.data.fingerprint]

    @property
    def kind(self) -> str:
        """The finder's, told from a classifier's."""
        return f"{SECTION} {self.model.finder.kind}"

    @property
    def n_learned(self) -> int:
        """Paragraphs that are learned from."""
        return self.data.n_learned


def _asked(finder: Any, texts: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
    found = [tuple(spans) for spans in finder.find(list(texts))]
    if len(found) != len(texts):
        raise ValueError(
            f"find must answer for every paragraph: expected {len(texts)}, got {len(found)}"
        )
    return found


def _line(found: Sequence[AttributedSpans]) -> str:
    values = [[o.content, o.cue, o.source, round(float(o.probability), 4)] for o in found]
    return json.dumps(values, separators=(",", ":"))


def _spans(line: str) -> tuple[AttributedSpans, ...]:
    return tuple(
        AttributedSpans(_read(content), _read(cue), _read(source), probability)
        for content, cue, source, probability in json.loads(line)
    )


def _read(spans: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in spans)
