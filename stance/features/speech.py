"""How much of a paragraph is somebody else's words, and how it says so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.passage import Passage
from stance.quotes.attribution import Speech, speech_of
from stance.quotes.cues import VERBS
from stance.quotes.marks import ends_open

_CLASSES = (*VERBS, "according", "label")
NAMES = (
    "speech share",
    "speech over half",
    "speech quoted",
    "speech verbatim whole",
    "speech attributions",
    "speech source first",
    "speech source last",
    "speech pronoun",
    "speech named",
    "speech plural",
    "speech open before",
    "speech open after",
    "speech broken",
    "speech scare",
    *(f"cue {name}" for name in _CLASSES),
)
_PRONOUNS = frozenset("he she they it who i we".split())


def speech_features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Shares and signs of speech in passages.

    The paragraph before counts where it leaves a quotation open.

    Parameters
    ----------
    passages : sequence of Passage

    Returns
    -------
    ndarray of float32, shape (n_passages, len(NAMES))

    Examples
    --------
    >>> row = dict(zip(NAMES, speech_features([Passage("“We will go,” she said.")])[0].tolist()))
    >>> row["speech share"] > 0.3, row["speech pronoun"], row["cue say"]
    (True, 1.0, 1.0)
    """
    out = np.empty((len(passages), len(NAMES)), np.float32)
    for i, passage in enumerate(passages):
        is_open = bool(passage.previous) and ends_open(passage.previous)
        out[i] = _row(passage.text, speech_of(passage.text, is_open=is_open), is_open=is_open)
    return out


def _row(text: str, speech: Speech, *, is_open: bool) -> NDArray[np.float32]:
    length = max(1, len(text))
    row = np.zeros(len(NAMES), np.float32)
    quoted = sum(q.end - q.start for q in speech.quoted)
    sources = [text[a.source.start : a.source.end] for a in speech.attributions]
    row[: len(NAMES) - len(_CLASSES)] = (
        speech.share,
        speech.share > 0.5,
        quoted / length,
        quoted / length > 0.9,
        min(4, len(speech.attributions)) / 4,
        any(a.source.start < 0.2 * length for a in speech.attributions),
        any(a.source.end > 0.8 * length for a in speech.attributions),
        any(source.lower() in _PRONOUNS for source in sources),
        any(source[:1].isupper() for source in sources),
        any(source.endswith("s") for source in sources),
        is_open,
        bool(speech.quoted) and not speech.quoted[-1].is_closed,
        any(not (q.is_opened and q.is_closed) for q in speech.quoted),
        bool(speech.quoted) and speech.share < 0.3,
    )
    for attribution in speech.attributions:
        row[len(NAMES) - len(_CLASSES) + _CLASSES.index(attribution.cue_class)] = 1
    return row
