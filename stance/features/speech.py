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
_SILENT = (0.0,) * len(NAMES)
_OPEN = tuple(float(name == "speech open before") for name in NAMES)


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
    rows = []
    for passage in passages:
        is_open = bool(passage.previous) and ends_open(passage.previous)
        rows.append(_row(passage.text, speech_of(passage.text, is_open=is_open), is_open=is_open))
    return np.array(rows, np.float32).reshape(len(passages), len(NAMES))


def _row(text: str, speech: Speech, *, is_open: bool) -> tuple[float, ...]:
    if not speech.quoted and not speech.attributions:
        return _OPEN if is_open else _SILENT
    length = max(1, len(text))
    quoted = sum(q.end - q.start for q in speech.quoted)
    sources = [text[a.source.start : a.source.end] for a in speech.attributions]
    cues = {attribution.cue_class for attribution in speech.attributions}
    return (
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
        *[name in cues for name in _CLASSES],
    )
