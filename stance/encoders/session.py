"""Session: token ids in, hidden states out, through onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.encoders.graph import read_graph
from stance.encoders.tokens import EXTRA
from stance.extras import imported

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

INPUTS = ("input_ids", "attention_mask")
OUTPUT = "hidden"

MAX_STATE = 1_000_000
"""What a state may be at most, either way: no sum of a head's can then overflow."""

_FATAL = 4  # onnxruntime's messages reach the user as exceptions, once


class Session:
    """An encoder that runs.

    Where the encoder quantises its activations by the range of a whole batch, every text is read by
    itself: its states do not depend, to the last bit, on its company. (A batch of its own cost an
    eight-bit encoder of six layers nothing that could be measured.) Otherwise texts of one length
    are read together, so nothing is padded, and company can move no more than the last digits of a
    float32 number. Each batch is worked out by one thread, so their number changes nothing.

    Parameters
    ----------
    data : bytes
        An ONNX file.
    hidden : int
        Numbers for each token.
    threads : int, optional
        By default one for each core that this process may use (``n_cores``).
    batch_tokens : int
        How many tokens are read at a time by each thread, unless a single text has more. It bounds
        the memory, which is some 50 kB for each of them in an encoder of six layers.

    Raises
    ------
    ExtraMissingError
        onnxruntime is not installed.
    ValueError
        The file is no encoder, or one that may not be run (``read_graph``).
    """

    def __init__(
        self, data: bytes, *, hidden: int, threads: int | None = None, batch_tokens: int = 2048
    ) -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"threads = {threads!r}, must be >= 1")
        graph = read_graph(data)
        self.hidden = hidden
        self.threads = threads or n_cores()
        self.n_read = 0
        self._batch_tokens = 0 if graph.scales_by_batch else batch_tokens
        self._session = _opened(data, hidden)

    def states(self, texts: Sequence[Ids]) -> Iterator[tuple[int, Floats]]:
        """Places of the texts and their hidden states, shape (n_tokens, hidden), as they are done.

        Shorter texts come before longer ones. ``n_read`` counts all that were read.

        Raises
        ------
        ValueError
            The encoder breaks, or gives states of another shape or ones that are not finite.
        """
        batches = self._batches(texts)
        if self.threads == 1:
            for batch in batches:
                yield from zip(batch, self._run([texts[i] for i in batch]), strict=True)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            # A few batches at a time: all of a corpus at once would not fit into memory.
            while some := list(islice(batches, 4 * self.threads)):
                made = pool.map(self._run, [[texts[i] for i in batch] for batch in some])
                for batch, states in zip(some, made, strict=True):
                    yield from zip(batch, states, strict=True)

    def _batches(self, texts: Sequence[Ids]) -> Iterator[list[int]]:
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), i))
        batch: list[int] = []
        for i in order:
            n = len(texts[i])
            is_full = (len(batch) + 1) * n > self._batch_tokens
            if batch and (is_full or len(texts[batch[0]]) != n):
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    def _run(self, texts: Sequence[Ids]) -> Floats:
        ids = np.stack(texts)
        feed = {INPUTS[0]: ids, INPUTS[1]: np.ones_like(ids)}
        try:
            (states,) = self._session.run([OUTPUT], feed)
        except Exception as error:  # onnxruntime's own, which share no base
            raise ValueError(f"the encoder cannot read a text: {error!s:.300}") from error
        if not isinstance(states, np.ndarray) or states.shape != (*ids.shape, self.hidden):
            shape = getattr(states, "shape", None)
            raise ValueError(f"expected states of shape {(*ids.shape, self.hidden)}, got {shape}")
        # Written so that no number that is none passes.
        if states.dtype != np.float32 or not (np.abs(states) <= MAX_STATE).all():
            raise ValueError(
                f"expected the encoder's states to be finite float32 numbers, {MAX_STATE:,} at most"
            )
        self.n_read += len(texts)
        return states


def n_cores() -> int:
    """Cores that this process may use: as many as ``OMP_NUM_THREADS`` says, where it is set."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _opened(data: bytes, hidden: int) -> Any:
    library = imported("onnxruntime", extra=EXTRA)
    options = library.SessionOptions()
    options.intra_op_num_threads = 1  # threads share batches, not the sums within one
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL
    # Lengths differ from batch to batch; a pattern of memory for each would be kept forever.
    options.enable_mem_pattern = False
    try:
        # Without the fallback, which tries the same again and prints to stdout that it does.
        session = library.InferenceSession(
            data, options, providers=["CPUExecutionProvider"], enable_fallback=0
        )
    except Exception as error:  # onnxruntime's own, which share no base
        raise ValueError(f"onnxruntime cannot open the encoder: {error!s:.300}") from error
    _check(session, hidden)
    return session


def _check(session: Any, hidden: int) -> None:
    inputs = {one.name: (one.type, len(one.shape)) for one in session.get_inputs()}
    if inputs != dict.fromkeys(INPUTS, ("tensor(int64)", 2)):
        raise ValueError(
            f"expected an encoder with the inputs {', '.join(INPUTS)}, int64 in two dimensions, "
            f"got {inputs!r:.200}"
        )
    outputs = {one.name: (one.type, one.shape[-1:]) for one in session.get_outputs()}
    kind, width = outputs.get(OUTPUT, ("", []))
    if kind != "tensor(float)" or (width and isinstance(width[0], int) and width[0] != hidden):
        raise ValueError(
            f"expected an encoder with the output {OUTPUT}, float32 of width {hidden}, "
            f"got {outputs!r:.200}"
        )
