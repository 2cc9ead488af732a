"""What an experiment found: the values of ``results.json``, from which every report is drawn."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from stance.experiments.encoders.findings import EncoderFindings
from stance.experiments.reports.record import record
from stance.experiments.scores.estimate import Estimate
from stance.experiments.scores.probes import Probes
from stance.experiments.spans.findings import SpanFindings
from stance.experiments.voices.findings import VoiceFindings

__all__ = [
    "SCHEMA_VERSION",
    "Cell",
    "Comparison",
    "Estimate",
    "Headline",
    "Mistake",
    "ModelUsage",
    "Reliability",
    "Result",
    "Role",
    "SplitCount",
]

SCHEMA_VERSION = 1

OF_SOME = ("spans", "voices", "encoder", "usage")
"""What only some experiments find: not written where it is not there."""

Role = Literal["model", "baseline", "control", "variant"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A cell's paired difference to another cell of the same test set.

    Parameters
    ----------
    against : str
        Model of the other cell.
    metric : str
    difference : Estimate
        This cell's value minus the other's, interval by paired bootstrap over groups.
    p_value : float
        Two-sided, corrected for the number of comparisons in the report.
    mcnemar_p : float or None
        Second opinion on accuracy: exact McNemar test, corrected alike. It takes passages for
        independent, so it is too sure of itself where they share articles.
    wins : Estimate or None
        Of the passages that only one of the two gets right, the share that this cell does; its
        distance from one half is Cohen's g.
    detectable : float or None
        The least true difference that a test of level 0.05 finds on this test set with power 0.8.
    """

    against: str
    metric: str
    difference: Estimate
    p_value: float
    mcnemar_p: float | None = None
    wins: Estimate | None = None
    detectable: float | None = None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against accuracy, in bins of the highest probability.

    Parameters
    ----------
    confidence, accuracy : tuple of float
        Mean probability of the predicted label, and share of right ones, per non-empty bin.
    n : tuple of int
        Passages per bin.
    low, high : tuple of (float or None)
        Ends of the accuracy's 95 % interval; empty where none were computed.
    """

    confidence: tuple[float, ...]
    accuracy: tuple[float, ...]
    n: tuple[int, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One model, trained once, on one test set.

    Parameters
    ----------
    model, corpus, split : str
    seed : int
    role : {"model", "baseline", "control", "variant"}
    labels : tuple of str
        Order of the rows and columns of ``confusion``.
    metrics : dict of str to Estimate
        ``macro_f1``, ``accuracy``, and per label ``precision/quote``, ``recall/quote``,
        ``f1/quote``; ``ece``, ``log_loss``, ``brier`` where the model gives probabilities.
    confusion : tuple of tuple of int
        Rows are true labels, columns predicted ones.
    reliability : Reliability or None
    comparison : Comparison or None
        Against the report's named baseline; None for that baseline itself.
    ablation : Comparison or None
        Of a variant or control, against the headline model: what was taken away or changed costs
        or brings the difference.
    """

    model: str
    corpus: str
    split: str
    seed: int
    role: Role
    labels: tuple[str, ...]
    metrics: dict[str, Estimate]
    confusion: tuple[tuple[int, ...], ...]
    reliability: Reliability | None = None
    comparison: Comparison | None = None
    ablation: Comparison | None = None

    def headline(self, metric: str, *, n_groups: int, n_passages: int) -> Headline:
        """What a report says of the cell first of all.

        Parameters
        ----------
        metric : str
            One of ``metrics``.
        n_groups, n_passages : int
            Of the test set.
        """
        estimate = self.metrics[metric]
        return Headline(
            metric=metric,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            model=self.model,
            corpus=self.corpus,
            split=self.split,
            n_groups=n_groups,
            n_passages=n_passages,
        )


@dataclass(frozen=True, slots=True)
class Mistake:
    """A confident mistake of the headline model. ``text`` is None where it may not be shown."""

    id: str
    label: str
    predicted: str
    probability: float
    text: str | None = None


@dataclass(frozen=True, slots=True)
class SplitCount:
    """How much of a corpus a run used: articles, passages, and passages per label."""

    corpus: str
    split: str
    n_groups: int
    n_passages: int
    labels: dict[str, int]


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What a model says of its own work on the test set, where it has ``usage_``.

    Parameters
    ----------
    model : str
    seed : int
    numbers : dict of str to float
        Requests, tokens, cost …, all folds together; of the run that trained the model.
    """

    model: str
    seed: int
    numbers: dict[str, float]


@dataclass(frozen=True, slots=True)
class Headline:
    """The config's first model on its test split."""

    metric: str
    value: float
    low: float | None
    high: float | None
    model: str
    corpus: str
    split: str
    n_groups: int
    n_passages: int


@dataclass(frozen=True, slots=True)
class Result:
    """Everything an experiment found, but for its predictions and its timings."""

    name: str
    question: str
    answer: str
    headline: Headline
    cells: tuple[Cell, ...]
    data: tuple[SplitCount, ...]
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[str, ...] = ()
    probes: Probes | None = None
    spans: SpanFindings | None = None
    voices: VoiceFindings | None = None
    encoder: EncoderFindings | None = None
    usage: tuple[ModelUsage, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)

    def to_json(self) -> str:
        """The text of ``results.json``: keys in a fixed order, floats rounded to six digits."""
        values = asdict(self)
        for name in OF_SOME:
            if not values[name]:
                del values[name]
        first = ("schema_version", "name", "question", "answer", "headline", "cells")
        ordered = {key: values[key] for key in first} | values
        return json.dumps(_rounded(ordered), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Read what ``to_json`` wrote.

        Raises
        ------
        ValueError
            The file was written by a newer version of the package.
        """
        values = json.loads(text)
        version = values.pop("schema_version")
        if version > SCHEMA_VERSION:
            raise ValueError(
                f"results.json has schema version {version}, this package reads up to "
                f"{SCHEMA_VERSION}: upgrade stance-lab"
            )
        return record(cls, values)


def _rounded(value: Any) -> Any:
    """Floats at six digits: what lies beyond differs between processors."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
