"""Findings of a training, beside its cells: the course of it, and what it took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Epoch:
    """What came of an epoch.

    Parameters
    ----------
    loss, macro_f1 : dict of str to float
        By task: mean training loss; macro-F1 on validation passages, where there are some.
    seconds : float
        Since the training began.
    """

    loss: dict[str, float]
    macro_f1: dict[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class EncoderFindings:
    """What a report on an encoder tells beside its cells.

    Parameters
    ----------
    encoder : str
        What was trained.
    quantisation : str
        ``dynamic``, ``weights`` or ``none``.
    bytes : dict of str to int
        Sizes of the files, ``encoder.onnx`` and the others, and of the encoder in float32.
    temperatures : dict of str to float
    epochs : tuple of Epoch
    seconds : float
        Of learning, all sittings together.
    n_steps, n_tokens : int
    peak_bytes : int
    machine : str
        Where it was trained: processor or GPU, and in what precision.
    versions : dict of str to str
        Of the libraries that only training needs.
    """

    encoder: str
    quantisation: str
    bytes: dict[str, int]
    temperatures: dict[str, float]
    epochs: tuple[Epoch, ...]
    seconds: float
    n_steps: int
    n_tokens: int
    peak_bytes: int
    machine: str
    versions: dict[str, str]
