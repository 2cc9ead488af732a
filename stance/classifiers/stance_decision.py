"""Decision: what an answer is worth, so that macro-F1 or another score is what gets maximised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = np.exp(np.linspace(-2.0, 2.0, 41))
_ROUNDS = 3


def macro_f1_worth(proba: Floats, codes: NDArray[np.int64]) -> Floats:
    """Worth of a right answer per class, such that the best-worth answers have a high macro-F1.

    Found by coordinate search over held-out probabilities. The rarer a class, the more a right
    answer of it lifts macro-F1; by how much depends on how sure the probabilities are.

    Parameters
    ----------
    proba : ndarray of float64, shape (n_passages, n_classes)
    codes : ndarray of int64, shape (n_passages,)
        True classes.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        Geometric mean 1.

    Examples
    --------
    Of four passages, the rare second class is never the likeliest:

    >>> proba = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]])
    >>> worth = macro_f1_worth(proba, np.array([0, 0, 0, 1]))
    >>> (proba * worth).argmax(axis=1).tolist()
    [0, 0, 0, 1]
    """
    n = proba.shape[1]
    worth = np.ones(n)
    best = _macro_f1(proba, codes, n)
    for one in [*range(n)] * _ROUNDS:
        for step in _STEPS:
            tried = worth.copy()
            tried[one] = step
            score = _macro_f1(proba * tried, codes, n)
            if score > best + 1e-9:
                best, worth = score, tried
    scaled: Floats = worth / np.exp(np.log(worth).mean())
    return scaled


def _macro_f1(worth: Floats, codes: NDArray[np.int64], n: int) -> float:
    found = worth.argmax(axis=1)
    right = np.bincount(codes[found == codes], minlength=n)
    total = np.bincount(found, minlength=n) + np.bincount(codes, minlength=n)
    return float((2 * right / np.maximum(total, 1)).mean())
