"""Running: what a network in torch says of passages, on whatever machine there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stance.encoders.batches import Read, Rows, by_length, padded
from stance.encoders.network import (
    Network,
    Tensor,
    mean_states,
    stance_logits,
    type_logits,
)
from stance.encoders.pretrained import EXTRA, EncoderError
from stance.encoders.tokens import Encoded
from stance.extras import imported

Precision = Literal["auto", "float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda"]

ASKED_AT_ONCE = 64
"""Passages in a batch where nothing is learned."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a network runs.

    Parameters
    ----------
    device : str
        ``"cpu"`` or ``"cuda"``.
    is_half : bool
        Whether the encoder multiplies matrices in bfloat16; heads never do.
    """

    device: str
    is_half: bool


def machine_of(device: Device = "auto", precision: Precision = "auto") -> Machine:
    """The machine that settings ask for.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}
        ``auto`` takes a GPU where there is one.
    precision : {"auto", "float32", "bfloat16"}
        ``auto`` takes bfloat16 where the processor computes with it.

    Raises
    ------
    EncoderError
        A GPU is asked for, and there is none.
    """
    torch = imported("torch", extra=EXTRA)
    has_gpu = bool(torch.cuda.is_available())
    if device == "cuda" and not has_gpu:
        raise EncoderError("device = 'cuda': this machine has no GPU that torch can use")
    place = "cuda" if has_gpu and device != "cpu" else "cpu"
    if precision != "auto":
        return Machine(place, precision == "bfloat16")
    return Machine(place, _has_half(torch, place))


def states_of(
    network: Network, encoded: Sequence[Encoded], machine: Machine
) -> tuple[Tensor, dict[str, Tensor]]:
    """Hidden states in float32, and the masks they go with (``batches.padded``)."""
    torch = imported("torch", extra=EXTRA)
    pad = int(getattr(network.encoder.config, "pad_token_id", None) or 0)
    arrays = {
        name: torch.from_numpy(array).to(machine.device)
        for name, array in padded(encoded, pad=pad).items()
    }
    with torch.autocast(machine.device, dtype=torch.bfloat16, enabled=machine.is_half):
        states = network.states(arrays["ids"], arrays["attention"])
    return states.float(), arrays


def means_of(network: Network, read: Read, rows: Rows, machine: Machine, *, at_once: int) -> Tensor:
    """Mean states of the texts of some passages, shape (n_rows, hidden).

    Parameters
    ----------
    at_once : int
        Passages that the encoder reads at the same time, those of like length together.
    """
    torch = imported("torch", extra=EXTRA)
    pieces = by_length(read.lengths[rows], at_once)
    means = []
    for piece in pieces:
        states, masks = states_of(network, [read.encoded[i] for i in rows[piece]], machine)
        means.append(mean_states(states, masks["text"]))
    back = np.argsort(np.concatenate(pieces), kind="stable")
    return torch.cat(means)[torch.from_numpy(back).to(machine.device)]


def type_logits_of(
    network: Network, read: Read, rows: Rows, machine: Machine, *, neighbours: Rows, at_once: int
) -> Tensor:
    """Logits of a head of types for some passages, shape (n_rows, n_classes).

    Parameters
    ----------
    neighbours : ndarray of int, shape (n_rows, 2)
        Places among ``rows``; -1 for none.
    """
    torch = imported("torch", extra=EXTRA)
    means = means_of(network, read, rows, machine, at_once=at_once)
    return type_logits(
        network.head(read.task.name),
        means,
        torch.from_numpy(neighbours).to(machine.device),
        torch.from_numpy(read.places[rows]).to(machine.device),
        context=read.task.context,
    )


def stance_logits_of(network: Network, read: Read, rows: Rows, machine: Machine) -> Tensor:
    """Logits of a stance head for some passages, shape (n_rows, n_classes)."""
    states, masks = states_of(network, [read.encoded[i] for i in rows], machine)
    head = network.head(read.task.name)
    return stance_logits(head, states, masks["attention"], masks["mention"], masks["text"])


def all_logits(network: Network, read: Read, machine: Machine) -> NDArray[np.float32]:
    """Logits of every passage of a task, in the order that they were given in.

    Returns
    -------
    ndarray of float32, shape (n_passages, n_classes)
    """
    torch = imported("torch", extra=EXTRA)
    n = len(read.encoded)
    logits = np.zeros((n, len(read.task.classes)), np.float32)
    if not n:
        return logits
    was_training = network.module.training
    network.module.eval()
    with torch.no_grad():
        if read.task.kind == "type":
            logits[:] = _plain(
                type_logits_of(
                    network,
                    read,
                    np.arange(n),
                    machine,
                    neighbours=read.neighbours,
                    at_once=ASKED_AT_ONCE,
                )
            )
        else:
            for rows in by_length(read.lengths, ASKED_AT_ONCE):
                logits[rows] = _plain(stance_logits_of(network, read, rows, machine))
    network.module.train(was_training)
    given = np.empty_like(logits)
    given[read.order] = logits
    return given


@contextmanager
def threads(n: int | None) -> Iterator[None]:
    """Let torch work on this many threads, by default as many as it does."""
    torch = imported("torch", extra=EXTRA)
    before = torch.get_num_threads()
    if n is not None:
        torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _plain(tensor: Tensor) -> Any:
    return tensor.float().cpu().numpy()


def _has_half(torch: Any, place: str) -> bool:
    if place == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    try:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    except (AttributeError, RuntimeError):  # a build of torch without oneDNN
        return False
