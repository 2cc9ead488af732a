"""State cache: hidden states of the texts that an encoder read last."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

States = NDArray[np.float32]
"""Hidden states of a text, shape (n_tokens, hidden)."""


class StateCache:
    """States by key, those of the latest use. Threads may share it.

    Parameters
    ----------
    most : int
        Bytes of states that are kept; one text's that are more are not.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._n_bytes = 0
        self._states: OrderedDict[bytes, States] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes) -> States | None:
        """The states that go by a key; None where they are not kept (any more)."""
        with self._lock:
            if key in self._states:
                self._states.move_to_end(key)
            return self._states.get(key)

    def put(self, key: bytes, states: States) -> None:
        """Keep a copy of states; the longest unused ones make room."""
        if states.nbytes > self._most:
            return
        with self._lock:
            old = self._states.pop(key, None)
            self._n_bytes += states.nbytes - (old.nbytes if old is not None else 0)
            # A copy: a view would keep its whole batch alive.
            self._states[key] = states.copy()
            while self._n_bytes > self._most:
                self._n_bytes -= self._states.popitem(last=False)[1].nbytes
