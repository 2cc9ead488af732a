"""HashIndex: found is what was added, also where an adversary chose the hashes."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from stance.features.hash_index import HashIndex


def test_finds_what_was_added_and_nothing_else():
    rng = np.random.default_rng(0)
    hashes = np.unique(rng.integers(1, 2**63, 4_000, dtype=np.uint64))
    index = HashIndex(hashes[:3_000])
    index.add(hashes[3_000:])
    assert (index.find(hashes) == np.arange(len(hashes))).all()
    assert (index.find(hashes + np.uint64(2**63)) == -1).all()


def test_ids_do_not_depend_on_the_salt():
    hashes = np.random.default_rng(1).integers(1, 2**63, 500, dtype=np.uint64)
    found = [HashIndex().intern(hashes) for _ in range(2)]
    assert (found[0][0] == found[1][0]).all() and (found[0][1] == found[1][1]).all()


def test_hashes_that_share_their_upper_bits_do_not_pile_up():
    # By their upper bits alone, all of these want slot 0: some 60,000 rounds of probing.
    hashes = np.arange(1, 60_001, dtype=np.uint64)
    began = perf_counter()
    index = HashIndex()
    index.intern(hashes)
    assert (index.find(hashes) == np.arange(len(hashes))).all()
    assert perf_counter() - began < 5
