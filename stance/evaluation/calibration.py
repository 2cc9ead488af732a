"""Do probabilities mean what they say? Brier score, log-loss, calibration error, reliability.

Each is a ratio of sums over passages. ``calibration_terms`` gives what a passage adds to these sums
and ``calibration_scores`` the metrics that follow from them, so the bootstrap of
``stance.evaluation.bootstrap`` takes them like confusion counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

N_BINS = 10
_SMALLEST = 1e-15  # a true label of probability 0 costs 34.5, not infinity


@dataclass(frozen=True, slots=True)
class ReliabilityBins:
    """Confidence against accuracy per non-empty bin; ``n`` are the passages in it."""

    confidence: tuple[float, ...]
    accuracy: tuple[float, ...]
    n: tuple[int, ...]


def calibration_terms(
    proba: Floats, truth: NDArray[np.int64], predicted: NDArray[np.int64]
) -> Floats:
    """What each passage adds to the sums of which Brier score, log-loss and ECE are made.

    Parameters
    ----------
    proba : ndarray of float64, shape (n_passages, n_labels)
        Rows sum to 1. A label that the model does not know has a column of zeros.
    truth, predicted : ndarray of int64, shape (n_passages,)
        Columns of the true and the predicted label, 0 to n_labels - 1. The predicted one is right
        if they agree, whichever has the highest probability.

    Returns
    -------
    ndarray of float64, shape (n_passages, 3 + 3 * N_BINS)
        1, Brier term, log-loss term; then for each bin 1, confidence, and 1 if right, where the
        passage falls into that bin, else 0.

    Raises
    ------
    ValueError
        A row is not made of probabilities, or the shapes do not fit.
    """
    proba = _checked(proba, n=len(truth))
    rows = np.arange(len(truth))
    hit = np.zeros_like(proba)
    hit[rows, truth] = 1.0
    confidence = proba[rows, predicted]
    terms = np.zeros((len(truth), 3 + 3 * N_BINS))
    terms[:, 0] = 1.0
    terms[:, 1] = ((proba - hit) ** 2).sum(axis=1)
    terms[:, 2] = -np.log(np.maximum(proba[rows, truth], _SMALLEST))
    bins = 3 + 3 * np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    terms[rows, bins] = 1.0
    terms[rows, bins + 1] = confidence
    terms[rows, bins + 2] = truth == predicted
    return terms


def calibration_scores(sums: NDArray[Any]) -> dict[str, Floats]:
    """``brier``, ``log_loss`` and ``ece`` from sums of terms.

    - Brier score: mean over passages of the sum over labels of (probability - hit)², 0 to 2.
    - Log-loss: mean of -ln of the true label's probability, which counts as 1e-15 at least.
    - Expected calibration error: mean distance of accuracy and confidence (the probability of the
      predicted label) over ten bins of equal width, weighted by their passages, 0 to 1.

    Parameters
    ----------
    sums : ndarray, shape (..., 3 + 3 * N_BINS)

    Returns
    -------
    dict of str to ndarray of float64, shape (...)

    References
    ----------
    G. W. Brier, 1950, "Verification of forecasts expressed in terms of probability",
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2. M. P. Naeini, G. F. Cooper and
    M. Hauskrecht, 2015, "Obtaining well calibrated probabilities using Bayesian binning",
    doi:10.1609/aaai.v29i1.9602 (ECE).

    Examples
    --------
    >>> terms = calibration_terms(np.array([[0.8, 0.2], [0.6, 0.4]]), np.array([0, 1]),
    ...                           np.array([0, 0]))
    >>> {name: round(float(v), 3) for name, v in calibration_scores(terms.sum(axis=0)).items()}
    {'brier': 0.4, 'log_loss': 0.57, 'ece': 0.4}
    """
    n = sums[..., 0]
    bins = sums[..., 3:].reshape(*sums.shape[:-1], N_BINS, 3)
    gap = np.abs(bins[..., 2] - bins[..., 1]).sum(axis=-1)
    return {"brier": sums[..., 1] / n, "log_loss": sums[..., 2] / n, "ece": gap / n}


def reliability_bins(sums: NDArray[Any]) -> ReliabilityBins:
    """The reliability diagram of sums of terms, shape (3 + 3 * N_BINS,).

    Examples
    --------
    >>> reliability_bins(calibration_terms(np.array([[0.75, 0.25], [0.25, 0.75]]),
    ...                                    np.array([0, 0]), np.array([0, 1])).sum(axis=0))
    ReliabilityBins(confidence=(0.75,), accuracy=(0.5,), n=(2,))
    """
    bins = sums[3:].reshape(N_BINS, 3)
    bins = bins[bins[:, 0] > 0]
    return ReliabilityBins(
        confidence=tuple((bins[:, 1] / bins[:, 0]).tolist()),
        accuracy=tuple((bins[:, 2] / bins[:, 0]).tolist()),
        n=tuple(bins[:, 0].astype(int).tolist()),
    )


def reliability_scores(sums: NDArray[Any]) -> dict[str, Floats]:
    """Accuracy of each bin from sums of terms, NaN where a bin is empty.

    Parameters
    ----------
    sums : ndarray, shape (..., 3 + 3 * N_BINS)

    Returns
    -------
    dict of str to ndarray of float64, shape (...)
        ``bin/0`` to ``bin/9``, for ``stance.evaluation.bootstrap.bootstrap``.

    Examples
    --------
    >>> terms = calibration_terms(np.array([[0.75, 0.25]]), np.array([0]), np.array([0]))
    >>> float(reliability_scores(terms.sum(axis=0))["bin/7"])
    1.0
    """
    bins = sums[..., 3:].reshape(*sums.shape[:-1], N_BINS, 3)
    n, right = bins[..., 0], bins[..., 2]
    shares = np.divide(right, n, out=np.full(n.shape, np.nan), where=n > 0)
    return {f"bin/{i}": shares[..., i] for i in range(N_BINS)}


def _checked(proba: Floats, *, n: int) -> Floats:
    proba = np.asarray(proba, np.float64)
    if proba.ndim != 2 or len(proba) != n:
        raise ValueError(
            f"expected one row of probabilities for each of {n} passages, got shape {proba.shape}"
        )
    wrong = ~((proba >= 0).all(axis=1) & (np.abs(proba.sum(axis=1) - 1) < 1e-3))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"proba[{at}] = {proba[at].tolist()}, expected probabilities with sum 1")
    return proba
