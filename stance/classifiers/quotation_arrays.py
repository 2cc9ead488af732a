"""The arrays of a quotation tagger: which there are, and of which shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.quotation_decoding import EVIDENCE
from stance.features.token_context import N_BETWEEN, N_DISTANCES, N_HEADS, N_STATES

SECOND = (-10, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 10)
"""Places around a token that its second window looks at."""

N_ROLES = 6
"""First and last token of content, source and cue."""

LEXICON = ("lexicon_words", "lexicon_classes")


def _shapes(arrays: Mapping[str, NDArray[Any]]) -> dict[str, tuple[int, ...]]:
    """The shape that each array must have, by those that decide the others'."""
    n_buckets, width = arrays["words"].shape
    first, squeezed = arrays["squeeze"].shape
    both, pair = arrays["token"].shape
    shapes: dict[str, tuple[int, ...]] = {
        "words": (n_buckets, width),
        "window": (arrays["window"].shape[0], first),
        "states": (N_STATES, first),
        "hidden": (1, first),
        "squeeze": (first, squeezed),
        "window2": (len(SECOND) * squeezed, both - first),
        "hidden2": (1, both - first),
        "anchor": (both, 1),
        "anchor_bias": (1, 1),
        "roles": (pair, N_ROLES),
        "end": (pair, 1),
        "confidence": (len(EVIDENCE), 1),
    }
    shapes |= dict.fromkeys(("token", "cue", "end_token", "end_cue", "end_start"), (both, pair))
    for name, n in (("distance", N_DISTANCES), ("between", N_BETWEEN), ("heads", N_HEADS)):
        shapes |= dict.fromkeys((name, f"end_{name}", f"end_{name}_cue"), (n, pair))
    return shapes


def checked_arrays(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays, if they are those of a tagger.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Tables of floats, and ``LEXICON``: two columns of hashes.

    Raises
    ------
    ValueError
        One is missing, unknown, or of the wrong shape, type or value.
    """
    for name in ("words", "squeeze", "token", "window"):
        if name not in arrays or np.ndim(arrays[name]) != 2:
            raise ValueError(f"expected an array {name!r} of two dimensions")
    shapes = _shapes(arrays)
    wanted = sorted([*shapes, *LEXICON])
    if sorted(arrays) != wanted:
        raise ValueError(f"expected the arrays {wanted}, got {sorted(arrays)!r:.300}")
    _check_lexicon(*(np.asarray(arrays[name]) for name in LEXICON))
    for name, shape in shapes.items():
        array = np.asarray(arrays[name])
        if array.shape != shape or 0 in shape or array.dtype.char not in "ef":
            raise ValueError(
                f"array {name!r}: expected floats of shape {shape}, got {array.dtype} "
                f"of {array.shape}"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"array {name!r}: expected finite values, got NaN or infinity")
    n_buckets, width = shapes["words"]
    if n_buckets & (n_buckets - 1) or n_buckets < 2 or shapes["window"][0] % (2 * width) != width:
        raise ValueError(
            f"expected 2**i word rows and a window of an odd number of words, got {n_buckets} "
            f"and {shapes['window'][0]} rows for {width} columns"
        )
    return {name: np.asarray(arrays[name]) for name in wanted}


def _check_lexicon(words: NDArray[Any], classes: NDArray[Any]) -> None:
    for name, array in zip(LEXICON, (words, classes), strict=True):
        if array.dtype != np.uint64 or array.shape != (len(words),):
            raise ValueError(
                f"array {name!r}: expected {len(words)} hashes, got {array.dtype} of {array.shape}"
            )
    if not words.all() or len(np.unique(words)) < len(words):
        raise ValueError("array 'lexicon_words': expected distinct hashes above 0")
