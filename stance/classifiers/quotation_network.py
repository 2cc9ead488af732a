"""The network behind the quotation tagger: its parameters, and its loss on a batch of articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from stance.classifiers.quotation_arrays import N_ROLES, SECOND
from stance.classifiers.quotation_tape import (
    Value,
    beside,
    choice_loss,
    mixed_rows,
    plus,
    rectified,
    sigmoid_loss,
    thinned,
    times,
    windows,
)
from stance.features.token_context import (
    N_BETWEEN,
    N_DISTANCES,
    N_HEADS,
    N_STATES,
    heads_between,
)
from stance.features.tokens import Flags, Ints

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths of the network.

    Parameters
    ----------
    n_buckets, n_word : int
        Rows and columns of the table of hashed word features.
    reach : int
        Words to either side in the first window.
    n_near, n_far : int
        Columns of a token's row that rest on the first window, and on the second.
    n_squeezed : int
        Columns that a row of the first window is cut down to before the second reads it.
    n_pair : int
        Columns of the row of a cue's head with a token.
    """

    n_buckets: int
    n_word: int
    reach: int
    n_near: int
    n_far: int
    n_squeezed: int
    n_pair: int


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Choices: runs of tokens one of which is right.

    Parameters
    ----------
    token, anchor, start : ndarray of int64, shape (n_pairs,)
        The token that may be chosen, the cue's head, and where the content begins, where known.
    n_tokens : int
    distance, between : tuple of sparse matrix, shape (n_pairs, N_DISTANCES or N_BETWEEN)
        From the head to the token; in the second choice, from the start to the token before that.
    bounds : ndarray of int64, shape (n_runs + 1,)
    chosen : ndarray of int64, shape (n_runs, n_roles)
        The pair that is right; -1 where none is.
    """

    token: Ints
    anchor: Ints
    start: Ints
    n_tokens: int
    distance: tuple[Any, ...]
    between: tuple[Any, ...]
    bounds: Ints
    chosen: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Articles in a row, as the network reads them.

    Parameters
    ----------
    features : sparse matrix, shape (n_distinct, n_buckets)
    words : sparse matrix, shape (n_tokens, n_distinct)
    states : sparse matrix, shape (n_tokens, N_STATES)
    is_head : ndarray of float32, shape (n_tokens, 1)
    near, after : Pairs
        Tokens of the head's paragraph for all roles, and those from the content's start on for
        its end.
    """

    features: Any
    words: Any
    states: Any
    is_head: Floats
    near: Pairs
    after: Pairs


def initial(shape: Shape, random: np.random.Generator) -> dict[str, Floats]:
    """Parameters before training, by the names that ``QuotationScorer`` knows them by."""

    def draw(n: int, m: int, scale: float = 0.1) -> Floats:
        return (random.standard_normal((n, m)) * scale).astype(np.float32)

    def dense(n: int, m: int, gain: float = 1.0) -> Floats:
        return draw(n, m, (gain / n) ** 0.5)

    near, far, pair = shape.n_near, shape.n_far, shape.n_pair
    params = {
        "words": draw(shape.n_buckets, shape.n_word),
        "window": dense((2 * shape.reach + 1) * shape.n_word, near, 2),
        "states": draw(N_STATES, near),
        "hidden": np.zeros((1, near), np.float32),
        "squeeze": dense(near, shape.n_squeezed),
        "window2": dense(len(SECOND) * shape.n_squeezed, far, 2),
        "hidden2": np.zeros((1, far), np.float32),
        "anchor": draw(near + far, 1),
        "anchor_bias": np.full((1, 1), -3, np.float32),
        "roles": dense(pair, N_ROLES),
        "end": dense(pair, 1),
    }
    for name in ("token", "cue", "end_token", "end_cue", "end_start"):
        params[name] = dense(near + far, pair)
    for name, n in (("distance", N_DISTANCES), ("between", N_BETWEEN), ("heads", N_HEADS)):
        for variant in (name, f"end_{name}", f"end_{name}_cue"):
            params[variant] = draw(n, pair)
    return params


def loss_of(
    params: dict[str, Value],
    batch: Batch,
    shape: Shape,
    *,
    rate: float,
    random: np.random.Generator,
) -> Value:
    """Summed loss of a batch: of the cues' heads, and of the choices each of them makes."""
    hidden = _hidden(params, batch, shape, rate=rate, random=random)
    anchors = plus(times(hidden, params["anchor"]), params["anchor_bias"])
    found = sigmoid_loss(anchors, batch.is_head)
    if not len(batch.near.chosen):
        return found
    # The heads that the network finds by now: at work it has no others to go by.
    heads = anchors.array[:, 0] > 0
    near = thinned(_near(params, hidden, batch.near, heads), rate=rate, random=random)
    found = plus(
        found, choice_loss(times(near, params["roles"]), batch.near.bounds, batch.near.chosen)
    )
    after = thinned(_after(params, hidden, batch.after, heads), rate=rate, random=random)
    return plus(
        found, choice_loss(times(after, params["end"]), batch.after.bounds, batch.after.chosen)
    )


def _near(params: dict[str, Value], hidden: Value, pairs: Pairs, heads: Flags) -> Value:
    n = pairs.n_tokens
    return rectified(
        plus(
            mixed_rows(one_hot(pairs.token, n), times(hidden, params["token"])),
            mixed_rows(one_hot(pairs.anchor, n), times(hidden, params["cue"])),
            mixed_rows(pairs.distance[0], params["distance"]),
            mixed_rows(pairs.between[0], params["between"]),
            mixed_rows(_heads(heads, pairs.anchor, pairs.token), params["heads"]),
        )
    )


def _after(params: dict[str, Value], hidden: Value, pairs: Pairs, heads: Flags) -> Value:
    n = pairs.n_tokens
    parts = [
        mixed_rows(one_hot(pairs.token, n), times(hidden, params["end_token"])),
        mixed_rows(one_hot(pairs.anchor, n), times(hidden, params["end_cue"])),
        mixed_rows(one_hot(pairs.start, n), times(hidden, params["end_start"])),
    ]
    for i, (origin, suffix) in enumerate(((pairs.start, ""), (pairs.anchor, "_cue"))):
        parts += [
            mixed_rows(pairs.distance[i], params[f"end_distance{suffix}"]),
            mixed_rows(pairs.between[i], params[f"end_between{suffix}"]),
            mixed_rows(_heads(heads, origin, pairs.token), params[f"end_heads{suffix}"]),
        ]
    return rectified(plus(*parts))


def _heads(heads: Flags, left: Ints, right: Ints) -> Any:
    return one_hot(heads_between(heads, left, right), N_HEADS)


def _hidden(
    params: dict[str, Value],
    batch: Batch,
    shape: Shape,
    *,
    rate: float,
    random: np.random.Generator,
) -> Value:
    """A row for each token, by the words around it, near and farther."""
    words = mixed_rows(batch.words, mixed_rows(batch.features, params["words"]))
    words = thinned(words, rate=rate, random=random)
    near = plus(
        times(windows(words, range(-shape.reach, shape.reach + 1)), params["window"]),
        mixed_rows(batch.states, params["states"]),
        params["hidden"],
    )
    near = thinned(rectified(near), rate=rate, random=random)
    far = times(windows(times(near, params["squeeze"]), SECOND), params["window2"])
    far = rectified(plus(far, params["hidden2"]))
    return beside(near, thinned(far, rate=rate, random=random))


def one_hot(columns: Ints, width: int) -> Any:
    """Sparse rows with a single 1 each; none where the column is negative."""
    rows = np.flatnonzero(columns >= 0)
    data = np.ones(len(rows), np.float32)
    return sparse.csr_matrix((data, (rows, columns[rows])), shape=(len(columns), width))
