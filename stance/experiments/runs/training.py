"""Training: one model of a config, fitted on every fold, and what it says of the test set."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.experiments.config import ModelConfig
from stance.experiments.configs.registry import Classifier, build
from stance.experiments.runs.data import Data, Fold
from stance.experiments.runs.store import Answers
from stance.experiments.runs.usage import added, usage_of
from stance.experiments.runs.watched import watched


def trained_answers(model: ModelConfig, data: Data, *, seed: int) -> Answers:
    """Fit a fresh classifier on each fold and predict that fold's rows.

    Raises
    ------
    ValueError
        The classifier answers with another number of labels or probabilities than it was asked
        for. Whatever else the classifier raises passes through.
    """
    n = len(data.test)
    predicted: list[str | None] = [None] * n
    proba: NDArray[np.float32] | None = np.zeros((n, len(data.labels)), np.float32)
    seconds = np.zeros(2)
    usage: dict[str, float] = {}
    with watched() as warnings:
        for fold in data.folds:
            started = perf_counter()
            classifier = build(model.classifier.kind, model.classifier.parameters, seed=seed)
            classifier.fit(list(fold.train.passages), list(fold.train.labels))
            fitted = perf_counter()
            labels, part = _answers(classifier, data, fold)
            seconds += fitted - started, perf_counter() - fitted
            usage = added(usage, usage_of(classifier))
            for row, label in zip(fold.rows.tolist(), labels, strict=True):
                predicted[row] = label
            if part is None or proba is None:
                proba = None
            else:
                proba[fold.rows] = part
    return Answers(
        predicted=tuple(predicted),
        proba=proba,
        fit_seconds=round(float(seconds[0]), 3),
        predict_seconds=round(float(seconds[1]), 3),
        warnings=tuple(warnings),
        usage=usage,
    )


def _answers(
    classifier: Classifier, data: Data, fold: Fold
) -> tuple[list[str | None], NDArray[np.float32] | None]:
    passages = [data.test.passages[row] for row in fold.rows]
    raw = list(classifier.predict(passages))
    _check_length("predict", len(raw), len(passages))
    labels = [None if label is None else str(label) for label in raw]
    if not hasattr(classifier, "predict_proba"):
        return labels, None
    given = np.asarray(classifier.predict_proba(passages), np.float64)
    classes = [str(label) for label in classifier.classes_]  # type: ignore[attr-defined]
    _check_length("predict_proba", given.shape, (len(passages), len(classes)))
    aligned = np.zeros((len(passages), len(data.labels)), np.float32)
    for column, label in enumerate(classes):
        if label in data.labels:
            aligned[:, data.labels.index(label)] = given[:, column]
    return labels, aligned


def _check_length(method: str, got: Any, expected: Any) -> None:
    if got != expected:
        raise ValueError(f"{method} must answer for every passage: expected {expected}, got {got}")
