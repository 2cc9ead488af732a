"""Boosted decision trees as plain arrays: trained by scikit-learn, read by numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_DEPTH = 64  # trees that boosting grows have some ten levels; a file may claim a million
_KINDS = {"column": "i", "threshold": "f", "left": "i", "right": "i", "value": "f", "root": "i"}
_NAMES = (*_KINDS, "baseline")
_CELLS = 1 << 17  # nodes times rows looked at together: what fits into a core's cache


@dataclass(frozen=True, slots=True)
class _Level:
    """Inner nodes as far from their roots as each other, by class and column."""

    at: Ints  # which of the level above's children they are: first all left ones, then all right
    column: Ints
    owner: Ints  # class that the node's tree speaks for
    threshold: Floats  # (n_nodes, 1), as are the two below
    left: Floats  # what going left changes
    right: Floats


class Trees:
    """Sums of boosted trees, one sum per class.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Per node ``column`` (-1 in leaves), ``threshold``, ``left``, ``right`` (positions of the
        children) and ``value`` (what training passages that reach the node get on average);
        ``root`` (n_rounds, n_classes): the first node of every tree; ``baseline`` (n_classes,).

    Raises
    ------
    ValueError
        An array is missing or of the wrong shape, type or value; a child does not stand behind its
        parent; a node belongs to no tree or to two; a tree is deeper than ``MAX_DEPTH``.

    Examples
    --------
    One tree for each of two classes. The first asks whether column 0 is at most 0.5; the second is
    a single leaf.

    >>> trees = Trees({
    ...     "column": np.array([0, -1, -1, -1]), "threshold": np.array([0.5, 0.0, 0.0, 0.0]),
    ...     "left": np.array([1, 0, 0, 0]), "right": np.array([2, 0, 0, 0]),
    ...     "value": np.array([0.25, 1.0, -2.0, 0.0], np.float32),
    ...     "root": np.array([[0, 3]]), "baseline": np.array([0.5, 0.0], np.float32)})
    >>> trees.logits(np.array([[0.5], [0.6]])).tolist()
    [[1.5, 0.0], [-1.5, 0.0]]
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        missing = [name for name in _NAMES if name not in arrays]
        if missing or len(arrays) > len(_NAMES):
            raise ValueError(
                f"expected arrays of trees {list(_NAMES)}, got {sorted(arrays)!r:.300}"
            )
        self._arrays = {name: np.asarray(arrays[name]) for name in _NAMES}
        self._check_shapes()
        self._check_values()
        self._levels = self._by_level()

    @classmethod
    def of(cls, model: HistGradientBoostingClassifier) -> Trees:
        """Trees of a fitted classifier.

        scikit-learn has no public way to its histogram trees; every converter reads the nodes of
        ``_predictors``. A test holds the result to the classifier's own probabilities.
        """
        columns: dict[str, list[NDArray[Any]]] = {name: [] for name in _KINDS}
        at = 0
        for stage in model._predictors:
            roots = []
            for predictor in stage:
                nodes = predictor.nodes
                is_leaf = nodes["is_leaf"].astype(bool)
                columns["column"].append(np.where(is_leaf, -1, nodes["feature_idx"]))
                columns["threshold"].append(np.where(is_leaf, 0.0, nodes["num_threshold"]))
                columns["left"].append(np.where(is_leaf, 0, nodes["left"] + at))
                columns["right"].append(np.where(is_leaf, 0, nodes["right"] + at))
                columns["value"].append(_expected(nodes, is_leaf))
                roots.append(at)
                at += len(nodes)
            columns["root"].append(np.array([roots]))
        joined = {name: np.concatenate(parts) for name, parts in columns.items()}
        baseline = np.asarray(model._baseline_prediction, np.float64).ravel()
        if len(baseline) == 1:  # two classes have one sum, that of the second
            joined, baseline = _with_first_class(joined), np.array([0.0, baseline[0]])
        # Thresholds keep all their digits: a value that equals one must go the same way after
        # saving. Values lose what no sum of a few hundred notices.
        kept = {"column": np.int16, "left": np.int32, "right": np.int32, "root": np.int32}
        arrays = {name: joined[name].astype(dtype) for name, dtype in kept.items()}
        arrays["threshold"] = joined["threshold"].astype(np.float64)
        arrays["value"] = joined["value"].astype(np.float32)
        return cls(arrays | {"baseline": baseline.astype(np.float32)})

    @property
    def n_classes(self) -> int:
        """How many sums there are."""
        return int(self._arrays["root"].shape[1])

    @property
    def n_columns(self) -> int:
        """How many columns the trees read at least."""
        return int(self._arrays["column"].max(initial=-1)) + 1

    @property
    def intercept(self) -> Floats:
        """What a passage gets before any column is looked at, shape (n_classes,)."""
        roots: Floats = self._arrays["value"][self._arrays["root"]].sum(axis=0, dtype=np.float64)
        total: Floats = self._arrays["baseline"] + roots
        return total

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, for saving."""
        return dict(self._arrays)

    def scaled(self, factor: float) -> Trees:
        """Trees that give these trees' sums times ``factor``.

        Parameters
        ----------
        factor : float, > 0
            Below 1, probabilities from the sums are less sure; which is the largest stays.
        """
        by_factor = {
            name: (self._arrays[name].astype(np.float64) * factor).astype(np.float32)
            for name in ("value", "baseline")
        }
        return Trees(self._arrays | by_factor)

    def logits(self, inputs: Floats) -> Floats:
        """Sums of the leaves that each row reaches, shape (n_rows, n_classes)."""
        out = np.empty((len(inputs), self.n_classes))
        for rows in self._chunks(len(inputs)):
            sums = np.zeros((self.n_classes, len(inputs[rows])))
            for level, moved in self._walk(inputs[rows]):
                starts = _starts(level.owner)
                sums[level.owner[starts]] += np.add.reduceat(moved, starts, axis=0)
            out[rows] = sums.T
        out += self.intercept
        return out

    def contributions(self, inputs: Floats) -> Floats:
        """What each column adds on the way from the roots to the leaves.

        Every node moves the expected value from its own to that of the child taken; the difference
        is its column's.

        Returns
        -------
        ndarray of float64, shape (n_rows, n_columns of inputs, n_classes)
            With ``intercept``, they sum to ``logits``.

        References
        ----------
        A. Saabas (2014), Interpreting random forests,
        https://blog.datadive.net/interpreting-random-forests/
        """
        out = np.zeros((inputs.shape[1], self.n_classes, len(inputs)))
        for rows in self._chunks(len(inputs)):
            for level, moved in self._walk(inputs[rows]):
                starts = _starts(level.owner, level.column)
                cells = level.column[starts], level.owner[starts]
                out[..., rows][cells] += np.add.reduceat(moved, starts, axis=0)
        turned: Floats = np.moveaxis(out, 2, 0)
        return turned

    def _chunks(self, n_rows: int) -> Iterator[slice]:
        widest = max((len(level.column) for level in self._levels), default=1)
        step = max(1, _CELLS // widest)
        return (slice(start, start + step) for start in range(0, n_rows, step))

    def _walk(self, inputs: Floats) -> Iterator[tuple[_Level, Floats]]:
        """By how much each node of a level moves each row, shape (n_nodes, n_rows).

        All nodes ask all rows, also those that never come by: whole arrays in order are read
        several times faster than one node per row from all over the place.
        """
        columns = np.ascontiguousarray(inputs.T)
        reached = np.ones((self._arrays["root"].size, len(inputs)), np.bool_)
        for level in self._levels:
            goes_left = columns[level.column] <= level.threshold
            here = reached[level.at]
            left = here & goes_left
            right = here ^ left
            # Two products take half the time of a choice between both, then made zero elsewhere.
            moved = level.left * left
            moved += level.right * right
            yield level, moved
            reached = np.concatenate([left, right])

    def _by_level(self) -> tuple[_Level, ...]:
        root, column = self._arrays["root"], self._arrays["column"].astype(np.int64)
        value = self._arrays["value"].astype(np.float64)
        nodes, owner = root.ravel(), np.tile(np.arange(root.shape[1]), root.shape[0])
        levels: list[_Level] = []
        while len(at := np.flatnonzero(column[nodes] >= 0)):
            if len(levels) == MAX_DEPTH:
                raise ValueError(f"arrays of trees: expected at most {MAX_DEPTH} levels")
            at = at[np.lexsort((column[nodes[at]], owner[at]))]
            nodes, owner = nodes[at], owner[at]
            left, right = self._arrays["left"][nodes], self._arrays["right"][nodes]
            threshold = self._arrays["threshold"][nodes].astype(np.float64)
            steps = (value[child] - value[nodes] for child in (left, right))
            levels.append(
                _Level(at, column[nodes], owner, threshold[:, None], *(s[:, None] for s in steps))
            )
            nodes, owner = np.concatenate([left, right]), np.tile(owner, 2)
        return tuple(levels)

    def _check_shapes(self) -> None:
        for name, kind in _KINDS.items():
            array = self._arrays[name]
            # Sums of the largest float64 are infinite, those of float32 are not.
            fits = array.dtype.char in "ef" if name == "value" else array.dtype.kind == kind
            shape = self._arrays["root" if name == "root" else "column"].shape
            if not fits:
                raise ValueError(f"array {name!r}: unexpected type {array.dtype}")
            if array.shape != shape or len(shape) != (2 if name == "root" else 1):
                raise ValueError(f"array {name!r}: unexpected shape {array.shape}")
        root, baseline = self._arrays["root"], self._arrays["baseline"]
        if baseline.dtype.char not in "ef":
            raise ValueError(f"array 'baseline': unexpected type {baseline.dtype}")
        if baseline.shape != root.shape[1:]:
            raise ValueError(
                f"array 'baseline': expected shape {root.shape[1:]}, got {baseline.shape}"
            )

    def _check_values(self) -> None:
        for name in ("threshold", "value", "baseline"):
            if not np.isfinite(self._arrays[name]).all():
                raise ValueError(f"array {name!r}: expected finite numbers")
        column, root = self._arrays["column"], self._arrays["root"]
        n = len(column)
        if (column < -1).any():
            raise ValueError("array 'column': expected -1 or more")
        if root.size and not (root.min() >= 0 and root.max() < n):
            raise ValueError(f"array 'root': expected nodes of 0 to {n - 1}")
        inner = np.flatnonzero(column >= 0)
        for name in ("left", "right"):
            child = self._arrays[name][inner]
            # Children behind their parents: no circle, so every walk ends.
            if (child <= inner).any() or (child >= n).any():
                raise ValueError(f"array {name!r}: a child does not stand behind its parent")
        named = (root.ravel(), self._arrays["left"][inner], self._arrays["right"][inner])
        times = np.bincount(np.concatenate(named).astype(np.int64), minlength=n)
        if (times != 1).any():
            node = int(np.argmax(times != 1))
            raise ValueError(f"node {node}: expected to be in one tree once, got {times[node]}")


def _starts(*keys: Ints) -> Ints:
    """Where a new run of equal keys begins."""
    changed = np.zeros(len(keys[0]), np.bool_)
    changed[0] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed)


def _expected(nodes: NDArray[Any], is_leaf: NDArray[np.bool_]) -> Floats:
    """Value of every node: a leaf's own, else its children's, weighted by how many reach them."""
    value: Floats = nodes["value"].astype(np.float64)
    for i in np.flatnonzero(~is_leaf)[::-1]:
        children = [nodes["left"][i], nodes["right"][i]]
        value[i] = np.average(value[children], weights=np.maximum(nodes["count"][children], 1))
    return value


def _with_first_class(joined: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """A first class whose trees are single leaves of value 0."""
    root = joined["root"]
    n_rounds, n_nodes = len(root), len(joined["column"])
    leaf = {name: -1 if name == "column" else 0 for name in joined if name != "root"}
    out = {name: np.append(joined[name], np.full(n_rounds, blank)) for name, blank in leaf.items()}
    return out | {"root": np.hstack([n_nodes + np.arange(n_rounds)[:, None], root])}
