"""The few dense features of a paragraph in its article: place, speech, word classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from stance.features import layout, lexicon, speech
from stance.passage import Passage

Matrix = NDArray[np.float32]

GROUPS: dict[str, tuple[tuple[str, ...], Callable[[Sequence[Passage]], Matrix]]] = {
    "layout": (layout.NAMES, layout.layout_features),
    "speech": (speech.NAMES, speech.speech_features),
    "lexicon": (lexicon.NAMES, lexicon.lexicon_features),
}


def paragraph_features(
    passages: Sequence[Passage], groups: Sequence[str] = tuple(GROUPS)
) -> NDArray[np.float32]:
    """Dense features of passages.

    Parameters
    ----------
    passages : sequence of Passage
    groups : sequence of {"layout", "speech", "lexicon"}
        Which extractors, in which order.

    Returns
    -------
    ndarray of float32, shape (n_passages, n_features)
        Columns follow ``feature_names(groups)``.

    Examples
    --------
    >>> paragraph_features([Passage("“Go,” she said.")], ["speech"]).shape
    (1, 30)
    """
    columns = [_group(name)[1](passages) for name in groups]
    return np.hstack([np.empty((len(passages), 0), np.float32), *columns])


def feature_names(groups: Sequence[str] = tuple(GROUPS)) -> tuple[str, ...]:
    """Column names of ``paragraph_features``."""
    return tuple(name for group in groups for name in _group(group)[0])


def _group(name: str) -> tuple[tuple[str, ...], Callable[[Sequence[Passage]], Matrix]]:
    if name not in GROUPS:
        close = get_close_matches(name, GROUPS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown feature group {name!r}, expected of {sorted(GROUPS)}{hint}")
    return GROUPS[name]
