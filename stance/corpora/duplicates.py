"""Equal and nearly equal texts: found by hashing, confirmed by counting.

Near duplicates are sought by MinHash over character shingles. Word shingles of five, common for web
pages, are blind on sentences: one exchanged word of twenty leaves a Jaccard similarity of 0.52 on
them, but of about 0.84 on shingles of five characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5  # characters; Leskovec et al. advise 5 for short documents and 9 for long ones
N_BANDS, N_ROWS = 25, 5  # a pair of Jaccard 0.8 shares no band once in 20,000 times
MARGIN = 0.15  # four standard errors of a similarity estimated from 125 hashes
CHUNK = 1 << 16  # shingles hashed at a time: temporaries stay in the processor's cache

_WORD = re.compile(r"\w+")

Codes = NDArray[np.uint64]
Signatures = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two texts whose shingles are nearly the same.

    Parameters
    ----------
    first, second : int
        Positions of the texts, ``first < second``.
    jaccard : float
        Shared shingles over all shingles of both, counted, not estimated.
    """

    first: int
    second: int
    jaccard: float


def folded(text: str) -> str:
    """The words of a text alone: compatibility forms, case, punctuation and white space folded.

    A text without a single word keeps its characters, but for white space.

    Examples
    --------
    >>> folded("The  port -- “closed”, he said.")
    'the port closed he said'
    >>> folded(" * * * ")
    '* * *'
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return " ".join(words or text.split())


def near_duplicates(
    texts: Sequence[str], *, threshold: float = 0.8, seed: int = 0
) -> list[NearPair]:
    """Pairs of texts whose folded forms share most of their shingles of five characters.

    Texts are folded first, and equal folded texts are pairs of Jaccard 1: pass distinct texts
    where only near duplicates are wanted.

    Parameters
    ----------
    texts : sequence of str
    threshold : float in [0.5, 1]
        Least Jaccard similarity. The hashing is laid out for 0.8: of pairs at exactly 0.8 it
        misses one in 20,000, at 0.7 one in 100, at 0.5 nearly half.
    seed : int
        Chooses the hash functions. It can only change which pairs near the threshold are missed.

    Returns
    -------
    list of NearPair, sorted by position

    Raises
    ------
    ValueError
        ``threshold`` is out of range.

    References
    ----------
    Broder (1997). On the resemblance and containment of documents.
    https://doi.org/10.1109/SEQUEN.1997.666900
    Leskovec, Rajaraman, Ullman (2020). Mining of Massive Datasets, chapter 3 (banding, choice of
    the shingle). https://doi.org/10.1017/9781108684163
    Dietzfelbinger, Hagerup, Katajainen, Penttonen (1997). A reliable randomized algorithm for the
    closest-pair problem (the hash family). https://doi.org/10.1006/jagm.1997.0873

    Examples
    --------
    >>> texts = ["The port closed on Monday after the storm had passed.", "It snowed.",
    ...          "The port closed on Monday, after the storms had passed."]
    >>> [(pair.first, pair.second, round(pair.jaccard, 2)) for pair in near_duplicates(texts)]
    [(0, 2, 0.83)]
    """
    if not 0.5 <= threshold <= 1:
        raise ValueError(f"threshold: expected a number from 0.5 to 1, got {threshold!r}")
    if len(texts) < 2:
        return []
    codes, starts = _shingles([folded(text) for text in texts])
    signatures = _signatures(codes, starts, seed=seed)
    pairs = _likely(_candidates(signatures), signatures, least=threshold - MARGIN)
    return list(_confirmed(pairs, codes, starts, threshold=threshold))


def leaked(
    texts: Sequence[str], reference: Sequence[str], *, threshold: float = 0.8
) -> NDArray[np.bool_]:
    """Which texts stand, equal or nearly equal, in a reference (mostly: the training split).

    Parameters
    ----------
    texts : sequence of str, length n
    reference : sequence of str
    threshold : float in [0.5, 1]
        As in :func:`near_duplicates`; 1 asks for equal shingles, so all but equal folded texts.

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> leaked(["It snowed!", "It rained."], ["it snowed"]).tolist()
    [True, False]
    """
    known = {folded(text) for text in reference}
    own = [folded(text) for text in texts]
    fresh = sorted(set(own) - known)
    together = fresh + sorted(known)
    for pair in near_duplicates(together, threshold=threshold):
        if pair.first < len(fresh) <= pair.second:
            known.add(fresh[pair.first])
    return np.array([text in known for text in own], dtype=bool)


def _shingles(texts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    """Every shingle of every text as a number, and where each text's shingles begin.

    Numbers are unique while the texts use fewer than 7,131 different characters; beyond that they
    wrap around and are hashes.
    """
    padded = [text.ljust(SHINGLE) for text in texts]
    characters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32)
    alphabet, letters = np.unique(characters, return_inverse=True)
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    n = len(letters) - SHINGLE + 1
    codes = np.zeros(n, dtype=np.uint64)
    for k in range(SHINGLE):
        codes *= np.uint64(len(alphabet))
        codes += letters[k : k + n].astype(np.uint64)
    ends = np.cumsum(lengths)
    within = np.ones(n, dtype=bool)
    for k in range(1, SHINGLE):  # shingles that reach over into the next text
        within[ends[:-1] - k] = False
    n_shingles = lengths - SHINGLE + 1
    return codes[within], np.concatenate([[0], np.cumsum(n_shingles)])


def _signatures(codes: Codes, starts: NDArray[np.int64], *, seed: int) -> Signatures:
    """Least hash value of each text under each hash function, shape (n_texts, 125)."""
    rng = np.random.default_rng(seed)
    n_hashes = N_BANDS * N_ROWS
    factors = rng.integers(0, 2**64, n_hashes, dtype=np.uint64) | np.uint64(1)
    shifts = rng.integers(0, 2**64, n_hashes, dtype=np.uint64)
    signatures = np.empty((len(starts) - 1, n_hashes), dtype=np.uint32)
    for low, high in _chunks(starts):
        part = codes[starts[low] : starts[high]]
        offsets = starts[low:high] - starts[low]
        for h in range(n_hashes):
            hashed = (part * factors[h] + shifts[h]) >> np.uint64(32)
            signatures[low:high, h] = np.minimum.reduceat(hashed.astype(np.uint32), offsets)
    return signatures


def _chunks(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Ranges of texts with about CHUNK shingles each; a longer text stands alone."""
    low, n = 0, len(starts) - 1
    while low < n:
        high = int(np.searchsorted(starts, starts[low] + CHUNK, side="right")) - 1
        high = min(max(high, low + 1), n)
        yield low, high
        low = high


def _candidates(signatures: Signatures) -> NDArray[np.int64]:
    """Pairs that agree on all rows of some band, shape (n_pairs, 2), sorted, each once."""
    n = len(signatures)
    found: set[int] = set()
    for band in range(N_BANDS):
        rows = np.ascontiguousarray(signatures[:, band * N_ROWS : (band + 1) * N_ROWS])
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, key in enumerate(rows.view(f"V{4 * N_ROWS}").ravel().tolist()):
            buckets[key].append(i)
        for members in buckets.values():
            found.update(a * n + b for k, a in enumerate(members) for b in members[k + 1 :])
    pairs = np.array(sorted(found), dtype=np.int64)
    return np.stack([pairs // n, pairs % n], axis=1)


def _likely(pairs: NDArray[np.int64], signatures: Signatures, *, least: float) -> NDArray[np.int64]:
    """The pairs whose similarity, estimated from the signatures, may reach the threshold."""
    kept = [
        part[(signatures[part[:, 0]] == signatures[part[:, 1]]).mean(axis=1) >= least]
        for part in np.array_split(pairs, len(pairs) // CHUNK + 1)
    ]
    return np.concatenate(kept)


def _confirmed(
    pairs: NDArray[np.int64], codes: Codes, starts: NDArray[np.int64], *, threshold: float
) -> Iterator[NearPair]:
    """The pairs whose Jaccard similarity, counted over their shingles, reaches the threshold."""
    sets: dict[int, Codes] = {}
    for i in np.unique(pairs).tolist():
        sets[i] = np.unique(codes[starts[i] : starts[i + 1]])
    for first, second in pairs.tolist():
        a, b = sets[first], sets[second]
        shared = len(np.intersect1d(a, b, assume_unique=True))
        jaccard = shared / (len(a) + len(b) - shared)
        if jaccard >= threshold:
            yield NearPair(first, second, jaccard)
