"""Heads: what an encoder's hidden states say about a passage, in numpy.

Each passage is worked out by itself, row by row: its numbers do not depend, not even in the last
bit, on what else is asked with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from stance.encoders.places import N_PLACES, neighbours, places
from stance.encoders.tokens import Encoded
from stance.passage import Passage

__all__ = [
    "N_PLACES",
    "StanceHead",
    "TypeHead",
    "checked",
    "gelu",
    "mean_state",
    "neighbours",
    "places",
    "probabilities",
]

Floats = NDArray[np.float32]

_MAX_WIDTH = 4096
"""Of a head's hidden layer."""

_MAX_WEIGHT = 65504  # float16's largest: with states of ``MAX_STATE``, all sums fit into float32


class TypeHead:
    """Probabilities of classes of paragraphs, from their own mean states and their neighbours'.

    ``softmax(out(gelu(mix([p_i, p_i-1, p_i+1, places_i]))) / temperature)``, where ``p`` is the
    mean of the hidden states over a paragraph's tokens, and zeros where there is no neighbour.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        ``mix.weight`` (width, 3 * hidden + 8), ``mix.bias``, ``out.weight`` (n_classes, width) and
        ``out.bias``.
    hidden : int
        Of the encoder.
    classes : sequence of str
    temperature : float
    context : bool
        Whether neighbours and places are looked at, else zeros stand for them.

    Raises
    ------
    ValueError
        An array is missing, of another shape, or not finite.

    References
    ----------
    D. Hendrycks and K. Gimpel, 2016, "Gaussian Error Linear Units", arXiv:1606.08415 (gelu).
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, 2017, "On Calibration of Modern Neural
    Networks", ICML (temperature).
    """

    def __init__(
        self,
        arrays: Mapping[str, NDArray[Any]],
        *,
        hidden: int,
        classes: Sequence[str],
        temperature: float,
        context: bool,
    ) -> None:
        self.classes = tuple(classes)
        self.temperature = float(temperature)
        self.context = context
        width = _width(arrays)
        shapes = _dense("mix", width, 3 * hidden + N_PLACES) | _dense("out", len(classes), width)
        self._arrays = checked(arrays, shapes)

    def predict_proba(self, means: Floats, passages: Sequence[Passage]) -> NDArray[np.float64]:
        """Probabilities, shape (n_passages, n_classes).

        Parameters
        ----------
        means : ndarray of float32, shape (n_passages, hidden)
            Mean states of the passages (``mean_state``).
        passages : sequence of Passage
        """
        return probabilities(self.logits(self.inputs(means, passages)), self.temperature)

    def inputs(self, means: Floats, passages: Sequence[Passage]) -> Floats:
        """What the head reads of each passage, shape (n_passages, 3 * hidden + 8)."""
        n, hidden = means.shape
        z = np.zeros((n, 3 * hidden + N_PLACES), np.float32)
        z[:, :hidden] = means
        if self.context:
            for k, near in enumerate(neighbours(passages), start=1):
                there = near >= 0
                z[there, k * hidden : (k + 1) * hidden] = means[near[there]]
            z[:, 3 * hidden :] = places(passages)
        return z

    def logits(self, inputs: Floats) -> Floats:
        """Unnormalised log-probabilities before the temperature, shape (n_passages, n_classes)."""
        return _mixed(inputs, self._arrays)


class StanceHead:
    """Probabilities of sides toward a target, from the states around its mentions.

    ``m`` is the mean state of the target's tokens, ``t`` that of the text's; ``c`` is what several
    heads of attention from ``m`` gather over all tokens, the nearer ones more where ``near`` is
    positive: scores ``q(m)·k(h) / sqrt(hidden / n_heads) - near · log1p(|position - centre|)``.
    ``softmax(out(gelu(mix([m, c, t]))) / temperature)``.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        ``q``, ``k`` and ``v``, each ``.weight`` (hidden, hidden) and ``.bias``; ``near``
        (n_heads,); ``mix.weight`` (width, 3 * hidden), ``mix.bias``; ``out.weight``
        (n_classes, width), ``out.bias``.
    hidden : int
    n_heads : int
        Divides ``hidden``.
    classes : sequence of str
    temperature : float

    Raises
    ------
    ValueError
        An array is missing, of another shape, or not finite.

    References
    ----------
    A. Vaswani et al., 2017, "Attention Is All You Need", NeurIPS.
    """

    def __init__(
        self,
        arrays: Mapping[str, NDArray[Any]],
        *,
        hidden: int,
        n_heads: int,
        classes: Sequence[str],
        temperature: float,
    ) -> None:
        self.classes = tuple(classes)
        self.temperature = float(temperature)
        self._n_heads = n_heads
        width = _width(arrays)
        shapes = {"near": (n_heads,)} | _dense("mix", width, 3 * hidden)
        shapes |= _dense("out", len(classes), width)
        for name in ("q", "k", "v"):
            shapes |= _dense(name, hidden, hidden)
        self._arrays = checked(arrays, shapes)

    def inputs(
        self, states: Floats, encoded: Encoded, *, kept: NDArray[np.bool_] | None = None
    ) -> Floats:
        """What the head reads of a passage, shape (n_views, 3 * hidden).

        Parameters
        ----------
        states : ndarray of float32, shape (n_tokens, hidden)
        encoded : Encoded
        kept : ndarray of bool, shape (n_views, n_tokens), optional
            Views of the passage in which some tokens are hidden from attention and from the mean
            of the text; the target's tokens and the first one shall be kept. By default one view of
            the whole.
        """
        kept = np.ones((1, len(states)), np.bool_) if kept is None else kept
        arrays, n_heads = self._arrays, self._n_heads
        mention = mean_state(states, encoded.mention)
        query = (arrays["q.weight"] @ mention + arrays["q.bias"]).reshape(n_heads, -1)
        width = query.shape[1]
        # q·(K h + b) = (K'q)·h + q·b: one product with the states instead of one for every token.
        keys = arrays["k.weight"].reshape(n_heads, width, -1)
        asked = np.stack([q @ k for q, k in zip(query, keys, strict=True)])
        constant = (query * arrays["k.bias"].reshape(n_heads, width)).sum(axis=1, keepdims=True)
        scores = (asked @ states.T + constant) / np.float32(np.sqrt(width))
        scores -= arrays["near"][:, None] * _distances(encoded.mention)
        weights = _softmax(np.where(kept[:, None, :], scores[None], -np.inf)).astype(np.float32)
        values = arrays["v.weight"].reshape(n_heads, width, -1)
        bias = arrays["v.bias"]
        rows = []
        for view, mask in zip(weights, kept, strict=True):
            # The weights sum to 1, so the states may be gathered before they become values.
            gathered = view @ states
            c = np.concatenate([v @ g for v, g in zip(values, gathered, strict=True)]) + bias
            rows.append(np.concatenate([mention, c, mean_state(states, encoded.text & mask)]))
        return np.stack(rows).astype(np.float32)

    def logits(self, inputs: Floats) -> Floats:
        """Unnormalised log-probabilities before the temperature, shape (n_views, n_classes)."""
        return _mixed(inputs, self._arrays)

    def predict_proba(self, inputs: Floats) -> NDArray[np.float64]:
        """Probabilities, shape (n_views, n_classes)."""
        return probabilities(self.logits(inputs), self.temperature)


def mean_state(states: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Mean of the states where the mask is true, shape (hidden,); zeros where it nowhere is.

    Examples
    --------
    >>> mean_state(np.array([[1, 2], [3, 4], [9, 9]], np.float32), np.array([1, 1, 0], bool))
    array([2., 3.], dtype=float32)
    """
    if not mask.any():
        return np.zeros(states.shape[1], np.float32)
    mean: Floats = states[mask].mean(axis=0, dtype=np.float32)
    return mean


def probabilities(logits: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """Softmax of logits over a temperature, row by row."""
    return _softmax(logits.astype(np.float64) / temperature)


def gelu(x: Floats) -> Floats:
    """``x · Φ(x)`` with the exact normal distribution function, as torch has it by default.

    Examples
    --------
    >>> gelu(np.array([-1, 0, 1], np.float32)).astype(float).round(4).tolist()
    [-0.1587, 0.0, 0.8413]
    """
    done: Floats = (x * 0.5 * (1 + erf(x / np.sqrt(np.float32(2))))).astype(np.float32)
    return done


def checked(
    arrays: Mapping[str, NDArray[Any]], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Floats]:
    """Arrays of these names and shapes as float32.

    Raises
    ------
    ValueError
        One is missing or not asked for, of another shape or type, or not finite.
    """
    if set(arrays) != set(shapes):
        raise ValueError(f"expected arrays {sorted(shapes)}, got {sorted(arrays)!r:.200}")
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype.char not in "ef":
            raise ValueError(
                f"array {name!r}: expected floats of shape {shape}, got {array.dtype} {array.shape}"
            )
        if not (np.abs(array) <= _MAX_WEIGHT).all():  # nor is one that is no number
            raise ValueError(f"array {name!r}: expected finite numbers, {_MAX_WEIGHT:,} at most")
    return {name: np.ascontiguousarray(arrays[name], np.float32) for name in shapes}


def _dense(name: str, n_out: int, n_in: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (n_out, n_in), f"{name}.bias": (n_out,)}


def _width(arrays: Mapping[str, NDArray[Any]]) -> int:
    shape = np.shape(arrays.get("mix.bias", ()))
    if len(shape) != 1 or not 1 <= shape[0] <= _MAX_WIDTH:
        raise ValueError(f"array 'mix.bias': expected 1 to {_MAX_WIDTH} numbers, got shape {shape}")
    return int(shape[0])


def _mixed(inputs: Floats, arrays: Mapping[str, Floats]) -> Floats:
    rows = [
        arrays["out.weight"] @ gelu(arrays["mix.weight"] @ z + arrays["mix.bias"])
        + arrays["out.bias"]
        for z in inputs
    ]
    n_classes = len(arrays["out.bias"])
    return np.array(rows, np.float32).reshape(len(inputs), n_classes)


def _distances(mention: NDArray[np.bool_]) -> Floats:
    """``log1p`` of each token's distance from the middle of the mentions; from 0 without any."""
    at = np.flatnonzero(mention)
    centre = at.mean() if len(at) else 0.0
    far: Floats = np.log1p(np.abs(np.arange(len(mention)) - centre)).astype(np.float32)
    return far


def _softmax(logits: NDArray[Any]) -> NDArray[Any]:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    proba: NDArray[Any] = shifted / shifted.sum(axis=-1, keepdims=True)
    return proba
