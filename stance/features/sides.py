"""Which camp of US politics voice and target belong to: knowledge of the world, not of the text.

For corpora in which the names of both say much of the stance. A model that is to judge words alone
does without: then nothing holds for a name that was not measured in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from stance.features.frame import frame_of
from stance.passage import Passage

_CAMPS = ("left", "right", "foe", "friend")
_MAX_WORDS = 4
_TRIM = " .,;:'’\"“”()"

NAMES = (
    *(f"sides {whose} {camp}" for whose in ("target", "voice", "text") for camp in _CAMPS),
    "sides same camp",
    "sides other camp",
    "sides product",
    "sides text against target",
    "sides text with target",
)


def features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Camps of target, voice and text, and whether they are the same, (n_passages, len(NAMES)).

    Examples
    --------
    >>> row = features([Passage("", target="Democrats", voice="Mitch McConnell")])[0]
    >>> dict(zip(NAMES, row.tolist()))["sides other camp"]
    1.0
    """
    return np.array([_row(passage) for passage in passages], np.float32).reshape(-1, len(NAMES))


def _row(passage: Passage) -> list[float]:
    target = _camps(_words(passage.target))
    voice = _camps(_words(passage.voice))
    text = _camps(list(frame_of(passage).words))
    here, there = _lean(target), _lean(voice)
    around = np.sign(_lean(text))
    return [
        *(min(n, 3) for n in (*target, *voice, *text)),
        float(here * there > 0),
        float(here * there < 0),
        float(np.sign(here) * np.sign(there)),
        float(around * here < 0),
        float(around * here > 0),
    ]


def _words(name: str | None) -> list[str]:
    return [word.strip(_TRIM).replace("’", "'").lower() for word in (name or "").split()]


def _camps(words: list[str]) -> list[int]:
    """How many names of each camp stand in the words, the longest first."""
    known, counts, i = _known(), [0] * len(_CAMPS), 0
    while i < len(words):
        for width in range(min(_MAX_WORDS, len(words) - i), 0, -1):
            camp = known.get("_".join(words[i : i + width]))
            if camp is not None:
                counts[camp] += 1
                i += width - 1
                break
        i += 1
    return counts


def _lean(camps: list[int]) -> int:
    return camps[1] - camps[0]


@cache
def _known() -> dict[str, int]:
    text = files("stance.features").joinpath("lexicons", "sides.txt").read_text(encoding="utf-8")
    found: dict[str, int] = {}
    for line in text.splitlines():
        camp, _, names = line.partition(": ")
        if camp in _CAMPS:
            for name in names.split():
                found.setdefault(name, _CAMPS.index(camp))
    return found
