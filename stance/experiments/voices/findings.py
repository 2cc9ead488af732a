"""Findings of an experiment in voices, beside its cells: by slice, and by kind of mistake."""

from __future__ import annotations

from dataclasses import dataclass

from stance.experiments.scores.estimate import Estimate


@dataclass(frozen=True, slots=True)
class VoiceSlice:
    """How often the voice is right in some of the quotes.

    Parameters
    ----------
    column, value : str
        ``outlet`` and its name; ``source`` and one of ``stance.evaluation.voices.SOURCE_KINDS``;
        ``passed on`` and ``yes`` or ``no``.
    n_groups, n : int
        Articles and quotes.
    right : dict of str to Estimate
        By model.
    """

    column: str
    value: str
    n_groups: int
    n: int
    right: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class VoiceMistake:
    """How often quotes were given one kind of voice, of ``stance.evaluation.voices.MISTAKES``."""

    kind: str
    n: dict[str, int]


@dataclass(frozen=True, slots=True)
class VoiceFindings:
    """What a report on voices tells beside its cells."""

    n_quotes: int
    slices: tuple[VoiceSlice, ...]
    mistakes: tuple[VoiceMistake, ...]
