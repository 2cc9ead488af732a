"""Settings: how a network is trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from stance.encoders.network import Shape
from stance.encoders.running import Device, Precision


@dataclass(frozen=True, slots=True)
class Settings:
    """How a network is trained.

    Learning rates rise and fall once in every cycle. Several cycles, and the mean of the weights at
    their ends, give what is better than either end where these lie in one valley of the loss.

    Parameters
    ----------
    epochs : int, >= 1
    cycles : int, >= 1
        Divides ``epochs``.
    batch : int, >= 1
        Passages of a step, where they stand alone.
    window : int, >= 1
        Passages of a step, where whole articles are read.
    learning_rate : float, > 0
        Of the encoder's last layer, at its highest.
    head_rate : float, > 0
        Of the heads, at its highest.
    layer_decay : float, in (0, 1]
        Of the learning rate, from each layer to the one below it.
    weight_decay : float, >= 0
    warm_up : float, in [0, 1)
        Share of a cycle's steps in which rates rise; then they fall to 0 in a straight line.
    clip : float, > 0
        Greatest norm of a step's gradient.
    smoothing : float, in [0, 1)
        Label smoothing.
    freeze_words : bool
        Whether the table of word embeddings stays as it is. Updating it took more time than all
        the rest of a small encoder, on a processor.
    max_tokens : int, >= 8
        Word pieces of a text that are read.
    keep : {"last", "best", "average"}
        Weights of the last epoch, of the one with the best mean macro-F1 on validation passages, or
        the mean of the weights at the ends of all cycles.
    precision : {"auto", "float32", "bfloat16"}
    device : {"auto", "cpu", "cuda"}
    threads : int or None
        By default as many as torch takes.
    seed : int, >= 0
    checkpoint_minutes : float, >= 0
        What an interruption costs at most.
    shape : Shape
        Sizes of the heads.

    References
    ----------
    P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov and A. G. Wilson (2018). Averaging Weights
    Leads to Wider Optima and Better Generalization. UAI, 876-885. doi:10.48550/arXiv.1803.05407.
    """

    epochs: int = 4
    cycles: int = 1
    batch: int = 16
    window: int = 32
    learning_rate: float = 8e-5
    head_rate: float = 5e-4
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warm_up: float = 0.06
    clip: float = 1.0
    smoothing: float = 0.0
    freeze_words: bool = True
    max_tokens: int = 160
    keep: Literal["last", "best", "average"] = "last"
    precision: Precision = "auto"
    device: Device = "auto"
    threads: int | None = None
    seed: int = 0
    checkpoint_minutes: float = 3.0
    shape: Shape = field(default_factory=Shape)


def check_settings(settings: Settings) -> None:
    """Raise ValueError where a setting is out of range."""
    least = {"epochs": 1, "cycles": 1, "batch": 1, "window": 1, "max_tokens": 8}
    least |= {"weight_decay": 0, "warm_up": 0, "smoothing": 0, "seed": 0, "checkpoint_minutes": 0}
    for name, value in least.items():
        if not getattr(settings, name) >= value:
            raise ValueError(f"{name} = {getattr(settings, name)!r}, must be >= {value}")
    for name in ("learning_rate", "head_rate", "clip", "layer_decay"):
        if not 0 < getattr(settings, name) < np.inf:
            raise ValueError(f"{name} = {getattr(settings, name)!r}, must be > 0 and finite")
    for name in ("warm_up", "smoothing"):
        if not getattr(settings, name) < 1:
            raise ValueError(f"{name} = {getattr(settings, name)!r}, must be < 1")
    if settings.epochs % settings.cycles:
        raise ValueError(
            f"cycles = {settings.cycles!r}, must divide the number of epochs, {settings.epochs}"
        )
    if settings.keep == "average" and settings.cycles < 2:
        raise ValueError("keep = 'average': expected cycles >= 2, whose ends can be averaged")
    if settings.layer_decay > 1:
        raise ValueError(f"layer_decay = {settings.layer_decay!r}, must be <= 1")
    if settings.threads is not None and settings.threads < 1:
        raise ValueError(f"threads = {settings.threads!r}, must be >= 1")
