"""Calibration of a head's scores: temperature and vector scaling, fitted on held-out scores.

References
----------
C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, 2017, "On calibration of modern neural networks",
ICML, arXiv:1706.04599.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.stance_scorer import softmax

Floats = NDArray[np.float64]
Method = Literal["temperature", "vector", "none"]
_N_BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """A scale and a bias per class, and what they do to scores they were not fitted on.

    Parameters
    ----------
    scale, bias : tuple of float, length n_classes
        Calibrated log-odds are ``scale * logits + bias``.
    before, after : mapping of str to float
        ``log_loss`` and ``ece`` (ten bins) of held-out scores; ``after`` by halves, each calibrated
        by what was fitted on the other one.
    """

    scale: tuple[float, ...]
    bias: tuple[float, ...]
    before: Mapping[str, float]
    after: Mapping[str, float]

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """As ``StanceScorer`` takes it."""
        return {
            "scale": np.array(self.scale, np.float32),
            "bias": np.array(self.bias, np.float32),
        }


def untouched(n_classes: int) -> Calibration:
    """Calibration that leaves scores as they are."""
    return Calibration((1.0,) * n_classes, (0.0,) * n_classes, {}, {})


def calibrated(
    logits: Floats,
    codes: NDArray[np.int64],
    halves: NDArray[np.bool_],
    *,
    method: Method,
    weights: Floats | None = None,
) -> Calibration:
    """Calibration that makes held-out scores most likely.

    Parameters
    ----------
    logits : ndarray of float64, shape (n_passages, n_classes)
        Of passages that the head has not learnt from.
    codes : ndarray of int64, shape (n_passages,)
        True classes.
    halves : ndarray of bool, shape (n_passages,)
        Which half a passage is in, articles whole.
    method : {"temperature", "vector", "none"}
        One scale for all classes; a scale and a bias for each; nothing.
    weights : ndarray of float64, shape (n_passages,), optional
        Of the passages, where classes weigh differently.

    Examples
    --------
    Scores that are twice as sure as they should be:

    >>> logits = np.array([[2 * np.log(3), 0.0]] * 4 + [[0.0, 2 * np.log(3)]] * 4)
    >>> codes = np.array([0, 0, 0, 1, 1, 1, 1, 0])
    >>> halves = np.array([False] * 4 + [True] * 4)
    >>> round(calibrated(logits, codes, halves, method="temperature").scale[0], 3)
    0.5
    """
    weights = np.ones(len(codes)) if weights is None else weights
    n = logits.shape[1]
    if method == "none":
        plain = untouched(n)
        scores = _scores(softmax(logits), codes, weights)
        return Calibration(plain.scale, plain.bias, scores, scores)
    scale, bias = _fitted(logits, codes, weights, method=method)
    after = np.zeros_like(logits)
    for half in (False, True):
        mine, others = halves == half, halves != half
        if mine.any() and others.any():
            s, b = _fitted(logits[others], codes[others], weights[others], method=method)
            after[mine] = logits[mine] * s + b
    return Calibration(
        tuple(scale.tolist()),
        tuple(bias.tolist()),
        _scores(softmax(logits), codes, weights),
        _scores(softmax(after), codes, weights),
    )


def _fitted(
    logits: Floats, codes: NDArray[np.int64], weights: Floats, *, method: Method
) -> tuple[Floats, Floats]:
    from scipy.optimize import minimize

    n, rows = logits.shape[1], np.arange(len(codes))
    total = weights.sum()
    truth = np.zeros_like(logits)
    truth[rows, codes] = 1.0

    def loss(x: Floats) -> tuple[float, Floats]:
        scale, bias = _spread(x, n)
        proba = softmax(logits * scale + bias)
        error = (proba - truth) * weights[:, None] / total
        value = -(weights * np.log(np.maximum(proba[rows, codes], 1e-15))).sum() / total
        by_scale, by_bias = (error * logits).sum(axis=0), error.sum(axis=0)
        if len(x) == 1:
            return value, np.array([by_scale.sum()])
        # Keeps a bias that few passages speak for near 0.
        pull = 1e-3 * (x - start)
        return value + 500 * float(pull @ pull), np.concatenate([by_scale, by_bias]) + pull

    start = np.ones(1) if method == "temperature" else np.repeat([1.0, 0.0], n)
    bounds = [(0.05, 20.0)] * (len(start) if len(start) == 1 else n)
    bounds += [(-20.0, 20.0)] * (len(start) - len(bounds))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return _spread(found.x, n)


def _spread(x: Floats, n: int) -> tuple[Floats, Floats]:
    return (np.repeat(x, n), np.zeros(n)) if len(x) == 1 else (x[:n], x[n:])


def _scores(proba: Floats, codes: NDArray[np.int64], weights: Floats) -> dict[str, float]:
    share = weights / weights.sum()
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == codes
    bins = np.minimum((confidence * _N_BINS).astype(np.int64), _N_BINS - 1)
    gaps = np.bincount(bins, weights=share * (right - confidence), minlength=_N_BINS)
    likely = np.maximum(proba[np.arange(len(codes)), codes], 1e-15)
    return {"log_loss": float(-(share * np.log(likely)).sum()), "ece": float(np.abs(gaps).sum())}
