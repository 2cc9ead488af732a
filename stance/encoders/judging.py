"""Judging: what a network's logits are worth, and how sure they should be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEMPERATURES = (0.2, 5.0)
"""Temperatures lie within: a handful of validation passages may ask for any."""


def macro_f1(codes: NDArray[np.int64], predicted: NDArray[np.int64], n_classes: int) -> float:
    """Mean F1 over the classes that are there or were predicted.

    Examples
    --------
    >>> macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 3)
    0.6666666666666666
    """
    values = []
    for code in range(n_classes):
        n = int((codes == code).sum() + (predicted == code).sum())
        if n:
            values.append(2 * int(((codes == code) & (predicted == code)).sum()) / n)
    return float(np.mean(values)) if values else 0.0


def fitted_temperature(logits: NDArray[np.float32], codes: NDArray[np.int64]) -> float:
    """The temperature with the least log-loss, within ``TEMPERATURES``; 1 without passages.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, 2017, "On Calibration of Modern Neural
    Networks", ICML, arXiv:1706.04599.

    Examples
    --------
    >>> logits = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 0.0]], np.float32)
    >>> round(fitted_temperature(logits, np.array([0, 0, 0, 1])), 2)  # 2 / log(3)
    1.82
    """
    if not len(codes):
        return 1.0
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    raw = logits.astype(np.float64)
    own = raw[np.arange(len(codes)), codes]

    def loss(log_temperature: float) -> float:
        scale = np.exp(-log_temperature)
        return float((logsumexp(raw * scale, axis=1) - own * scale).mean())

    low, high = np.log(TEMPERATURES)
    found = minimize_scalar(loss, bounds=(low, high), method="bounded")
    return float(np.exp(found.x))
