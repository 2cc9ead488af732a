"""How a text relates to a target that is itself a text: a headline, a claim, a topic.

Which of the target's words the text has, how telling they are, and where they stand: in the whole,
at the beginning and end, in the sentence that has most of them. How common words are is learnt
from the training texts (``learn``) and kept by hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, log1p, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.sentence_index import SentenceIndex, index_of, stem_hash
from stance.passage import Passage

Floats = NDArray[np.float32]
Weighted = NDArray[np.float64]

_N_RAREST = 3
_NOWHERE = 1.5  # behind the end: where a word that does not occur is taken to stand
_K, _B, _USUAL = 1.2, 0.75, 350.0  # of BM25; words of a usual text

NAMES = (
    "relation words",
    "relation weight",
    "relation cosine",
    "relation bm25",
    "relation first sentence",
    "relation first three",
    "relation last two",
    "relation best sentence",
    "relation second sentence",
    "relation mean sentence",
    "relation two sentences",
    "relation three sentences",
    "relation best place",
    "relation best words",
    "relation sentences half",
    "relation sentences third",
    "relation share third",
    "relation pairs",
    "relation triples",
    "relation run",
    "relation run share",
    "relation names share",
    "relation names",
    "relation numbers share",
    "relation numbers",
    "relation heaviest missing",
    "relation weight missing",
    "relation weight found",
    "relation words found",
    *(f"relation rarest {i}" for i in range(1, _N_RAREST + 1)),
    "relation mean place",
    "relation first place",
    "relation pieces",
    "relation target words",
    "relation target weight",
    "relation text words",
    "relation text sentences",
)


class Weights:
    """How telling a stem is: its inverse document frequency among the training texts.

    Parameters
    ----------
    learnt : mapping of str to ndarray
        What ``learn`` gave.

    References
    ----------
    K. Spärck Jones, 1972, "A statistical interpretation of term specificity and its application in
    retrieval", Journal of Documentation 28(1), https://doi.org/10.1108/eb026526
    """

    def __init__(self, learnt: Mapping[str, NDArray[Any]]) -> None:
        self._hashes, self._counts = learnt["hashes"], learnt["counts"]
        self._n = int(learnt["n_texts"][0])
        self._memo: dict[str, float] = {}

    def __call__(self, root: str) -> float:
        """Weight of a stem, > 0; one never seen weighs most."""
        found = self._memo.get(root)
        if found is None:
            count = 0
            key = np.uint64(stem_hash(root))
            at = int(np.searchsorted(self._hashes, key))
            if at < len(self._hashes) and self._hashes[at] == key:
                count = int(self._counts[at])
            found = self._memo[root] = log((self._n + 1) / (count + 1)) + 1e-3
        return found

    def length(self, index: SentenceIndex) -> float:
        """Euclidean length of a text's weighted counts; 1 where it has no words."""
        squares = (((1 + log(n)) * self(root)) ** 2 for root, n in index.counts.items())
        return sqrt(sum(squares)) or 1.0


def learn(passages: Sequence[Passage]) -> dict[str, NDArray[Any]]:
    """In how many of the different texts each stem occurs, by the stem's hash.

    Returns
    -------
    dict of str to ndarray
        ``hashes`` uint64 (n_stems,), rising; ``counts`` int32 (n_stems,), 2 or more;
        ``n_texts`` int64 (1,).

    Examples
    --------
    >>> learnt = learn([Passage("The dam broke."), Passage("Two dams held.")])
    >>> learnt["counts"].tolist(), learnt["n_texts"].tolist()
    ([2], [2])
    """
    counts: dict[int, int] = {}
    texts = dict.fromkeys(passage.text for passage in passages)
    for text in texts:
        for root in index_of(text).counts:
            key = stem_hash(root)
            counts[key] = counts.get(key, 0) + 1
    # A stem of one text weighs nearly as much as one never seen: it is not worth its place.
    kept = sorted(key for key, n in counts.items() if n > 1)
    return {
        "hashes": np.array(kept, np.uint64),
        "counts": np.array([counts[key] for key in kept], np.int32),
        "n_texts": np.array([len(texts)], np.int64),
    }


def features(passages: Sequence[Passage], learnt: Mapping[str, NDArray[Any]]) -> Floats:
    """Relation of each text to its target, shape (n_passages, len(NAMES)).

    Shares are 0–1 and count each word of the target once; zeros where there is no target.

    Examples
    --------
    >>> text = "The dam at Lund broke. Nobody was hurt."
    >>> pair = [Passage(text, target="Dam breaks in Lund"), Passage(text, target="Tax on bread")]
    >>> rows = features(pair, learn(pair))
    >>> [round(share, 2) for share in rows[:, NAMES.index("relation words")].tolist()]
    [0.67, 0.0]
    """
    weights = Weights(learnt)
    lengths: dict[str, float] = {}
    out = np.zeros((len(passages), len(NAMES)), np.float32)
    for i, passage in enumerate(passages):
        target, text = index_of(passage.target or ""), index_of(passage.text)
        if not target.content:
            continue
        for one, index in ((passage.target or "", target), (passage.text, text)):
            if one not in lengths:
                lengths[one] = weights.length(index)
        norm = lengths[passage.target or ""] * lengths[passage.text]
        out[i] = _row(target, text, weights=weights, norm=norm)
    return out


def covered(target: SentenceIndex, text: SentenceIndex, weights: Weights) -> Weighted:
    """Share of the target's weight that each sentence of the text has, shape (n_sentences,)."""
    shares = np.zeros(text.n_sentences)
    total = 0.0
    for root in target.counts:
        weight = weights(root)
        total += weight
        for at in text.where.get(root, ()):
            shares[at] += weight
    return shares / total if total else shares


def _row(
    target: SentenceIndex, text: SentenceIndex, *, weights: Weights, norm: float
) -> list[float]:
    roots = sorted(target.counts, key=lambda root: -weights(root))
    weight = {root: weights(root) for root in roots}
    found = [root for root in roots if root in text.counts]
    missing = [weight[root] for root in roots if root not in text.counts]
    total = sum(weight.values())
    hit = sum(weight[root] for root in found)
    rarest = [float(root in text.counts) for root in roots[:_N_RAREST]]
    places = [text.first[root] for root in found]
    n_words = max(1, text.n_words)
    return [
        len(found) / len(roots),
        hit / total,
        _dot(found, target, text, weight) / norm,
        _bm25(found, text, weight),
        *_by_sentence(target, text, weights, total),
        *_phrases(target, text),
        *_names(target, text),
        max(missing, default=0.0),
        sum(missing),
        hit,
        len(found),
        *(rarest + [-1.0] * (_N_RAREST - len(rarest))),
        sum(places) / len(places) / n_words if places else _NOWHERE,
        min(places, default=999),
        len(target.pieces & text.pieces) / max(1, len(target.pieces)),
        target.n_words,
        total,
        log1p(text.n_words),
        text.n_sentences,
    ]


def _dot(
    found: list[str], target: SentenceIndex, text: SentenceIndex, weight: Mapping[str, float]
) -> float:
    return sum(
        weight[root] ** 2 * (1 + log(text.counts[root])) * (1 + log(target.counts[root]))
        for root in found
    )


def _bm25(found: list[str], text: SentenceIndex, weight: Mapping[str, float]) -> float:
    """Okapi BM25 of the text for the target's words.

    References
    ----------
    S. Robertson and H. Zaragoza, 2009, "The probabilistic relevance framework: BM25 and beyond",
    Foundations and Trends in Information Retrieval 3(4), https://doi.org/10.1561/1500000019
    """
    damping = _K * (1 - _B + _B * text.n_words / _USUAL)
    counts = ((weight[root], text.counts[root]) for root in found)
    return sum(one * n * (_K + 1) / (n + damping) for one, n in counts)


def _by_sentence(
    target: SentenceIndex, text: SentenceIndex, weights: Weights, total: float
) -> list[float]:
    shares = covered(target, text, weights)
    ranked = np.sort(shares)[::-1]
    n = len(shares)
    seen = [(weights(root), text.where[root]) for root in target.counts if root in text.where]
    best = int(shares.argmax())
    held = sum(best in where for _, where in seen)
    two = float((shares[:-1] + shares[1:]).max()) if n > 1 else float(shares[0])
    return [
        float(shares[0]),
        sum(one for one, where in seen if where[0] < 3) / total,
        sum(one for one, where in seen if where[-1] >= n - 2) / total,
        float(ranked[0]),
        float(ranked[1]) if n > 1 else 0.0,
        float(shares.mean()),
        two,
        float(ranked[:3].mean()),
        best / max(1, n - 1),
        held / len(target.counts),
        float((shares > 0.5).sum()),
        float((shares > 0.3).sum()),
        float((shares > 0.3).mean()),
    ]


def _phrases(target: SentenceIndex, text: SentenceIndex) -> list[float]:
    run = longest_run(target.run, text)
    return [
        len(target.pairs & text.pairs) / max(1, len(target.pairs)),
        len(target.triples & text.triples) / max(1, len(target.triples)),
        run,
        run / max(1, len(target.run)),
    ]


def _names(target: SentenceIndex, text: SentenceIndex) -> list[float]:
    """Names and numbers of both; -1 where the target has no number."""
    names = len(target.names & text.names)
    numbers = len(target.numbers & text.numbers)
    return [
        names / max(1, len(target.names)),
        names,
        numbers / len(target.numbers) if target.numbers else -1.0,
        numbers,
    ]


def longest_run(run: tuple[str, ...], text: SentenceIndex) -> int:
    """Words in the longest stretch that both have.

    Examples
    --------
    >>> longest_run(index_of("the old dam broke").run, index_of("Yesterday the old dam held."))
    3
    """
    best, before = 0, dict[int, int]()
    for root in run:
        here = {at: before.get(at - 1, 0) + 1 for at in text.places.get(root, ())}
        best = max(best, max(here.values(), default=0))
        before = here
    return best
