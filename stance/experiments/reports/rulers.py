"""Rulers: how the answers of each kind of experiment are measured again from its predictions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from stance.evaluation.attributed import decoded
from stance.evaluation.attribution import ATTRIBUTION_METRICS, attribution_counts
from stance.evaluation.metrics import METRICS, Metric, confusion_counts
from stance.evaluation.voices import VOICE_METRICS, Named, voice_counts

Row = Mapping[str, Any]


class Ruler(Protocol):
    """What one kind of experiment is measured by.

    ``metrics`` holds what models can be compared by, each from counts of shape (n, ...) to values
    of shape (n,); ``columns`` names those of the predictions that it needs beside ``label``,
    ``predicted`` and ``group``.
    """

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """Metric → what computes it from counts."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns beside the usual ones."""

    def counts(self, rows: Sequence[Row], labels: Sequence[str]) -> NDArray[Any]:
        """What each article contributes, shape (n_groups, n_rows, n_columns).

        Parameters
        ----------
        rows : sequence of mapping
            One model's rows of ``predictions.parquet``.
        labels : sequence of str
            The label set, where the kind has one.
        """


class LabelRuler:
    """Labels: confusion counts."""

    metrics: Mapping[str, Metric] = METRICS
    columns: tuple[str, ...] = ()

    def counts(self, rows: Sequence[Row], labels: Sequence[str]) -> NDArray[Any]:
        """Confusion counts of each article."""
        return confusion_counts(
            [row["label"] for row in rows],
            [row["predicted"] for row in rows],
            labels=labels,
            groups=[row["group"] for row in rows],
        )


class SpanRuler:
    """Attributions: matched, true and found ones."""

    metrics: Mapping[str, Metric] = ATTRIBUTION_METRICS
    columns: tuple[str, ...] = ()

    def counts(self, rows: Sequence[Row], labels: Sequence[str]) -> NDArray[Any]:
        """Attribution counts of each article; ValueError where a row holds no attributions."""
        return attribution_counts(
            [decoded(row["label"]) for row in rows],
            [decoded(row["predicted"]) for row in rows],
            groups=[row["group"] for row in rows],
        )


class VoiceRuler:
    """Voices: right ones and all."""

    metrics: Mapping[str, Metric] = VOICE_METRICS
    columns: tuple[str, ...] = ("type", "via", "predicted_via")

    def counts(self, rows: Sequence[Row], labels: Sequence[str]) -> NDArray[Any]:
        """Voice counts of each article."""
        return voice_counts(
            [Named(row["label"], tuple(json.loads(row["via"]))) for row in rows],
            [Named(row["predicted"], tuple(json.loads(row["predicted_via"]))) for row in rows],
            types=[row["type"] for row in rows],
            groups=[row["group"] for row in rows],
        )


def ruler_of(config: Mapping[str, Any]) -> Ruler:
    """The ruler of a report's kind, that of labels where it names none."""
    rulers: dict[str, Ruler] = {"spans": SpanRuler(), "voices": VoiceRuler()}
    return rulers.get(str(config.get("kind", "")), LabelRuler())
