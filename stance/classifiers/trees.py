"""Boosted decision trees as plain arrays: trained by scikit-learn, read by numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

Floats = NDArray[np.float64]

_KINDS = {"column": "i", "threshold": "f", "left": "i", "right": "i", "value": "f", "root": "i"}
_CHUNK = 4096


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
        Shapes or types do not fit, or a child does not stand behind its parent.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        missing = [name for name in (*_KINDS, "baseline") if name not in arrays]
        if missing:
            raise ValueError(f"missing arrays {missing}")
        self._arrays = {name: np.asarray(arrays[name]) for name in (*_KINDS, "baseline")}
        self._check()
        self._depth = self._deepest()

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

    def logits(self, inputs: Floats) -> Floats:
        """Sums of the leaves that each row reaches, shape (n_rows, n_classes)."""
        parts = [
            self._leaf_sums(inputs[start : start + _CHUNK])
            for start in range(0, len(inputs), _CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.n_classes))

    def contributions(self, inputs: Floats) -> Floats:
        """What each column adds on the way to the leaves.

        Returns
        -------
        ndarray of float64, shape (n_rows, n_columns of inputs, n_classes)
            With ``intercept``, they sum to ``logits``.

        References
        ----------
        A. Saabas (2014), Interpreting random forests,
        https://blog.datadive.net/interpreting-random-forests/
        """
        out = np.zeros((len(inputs), inputs.shape[1], self.n_classes))
        value = self._arrays["value"].astype(np.float64)
        rows = np.arange(len(inputs))[:, None]
        classes = np.arange(self.n_classes)[None, :]
        for roots in self._arrays["root"]:
            at = np.tile(roots, (len(inputs), 1))
            for _ in range(self._depth):
                column = self._arrays["column"][at]
                following = self._next(at, inputs)
                moved = np.where(column >= 0, value[following] - value[at], 0.0)
                np.add.at(out, (rows, np.maximum(column, 0), classes), moved)
                at = following
        return out

    def _leaf_sums(self, inputs: Floats) -> Floats:
        root = self._arrays["root"]
        at = np.tile(root.ravel(), (len(inputs), 1))
        for _ in range(self._depth):
            at = self._next(at, inputs)
        leaves = self._arrays["value"][at].reshape(len(inputs), *root.shape)
        sums: Floats = self._arrays["baseline"] + leaves.sum(axis=1, dtype=np.float64)
        return sums

    def _next(self, at: NDArray[Any], inputs: Floats) -> NDArray[Any]:
        """The child each row goes to from node ``at``; leaves stay where they are."""
        column = self._arrays["column"][at]
        seen = inputs[np.arange(len(inputs))[:, None], np.maximum(column, 0)]
        goes_left = seen <= self._arrays["threshold"][at]
        child = np.where(goes_left, self._arrays["left"][at], self._arrays["right"][at])
        following: NDArray[Any] = np.where(column >= 0, child, at)
        return following

    def _check(self) -> None:
        arrays = self._arrays
        n = arrays["column"].shape[0] if arrays["column"].ndim == 1 else -1
        for name, kind in _KINDS.items():
            array = arrays[name]
            if array.dtype.kind != kind or (name != "root" and array.shape != (n,)):
                raise ValueError(f"array {name!r}: unexpected type {array.dtype} or shape")
        root, baseline = arrays["root"], arrays["baseline"]
        if root.ndim != 2 or baseline.shape != root.shape[1:] or baseline.dtype.kind != "f":
            raise ValueError("arrays 'root' and 'baseline': expected (n_rounds, n) and (n,)")
        if not all(np.isfinite(arrays[name]).all() for name in ("threshold", "value", "baseline")):
            raise ValueError("arrays of trees: expected finite numbers")
        inner = arrays["column"] >= 0
        for name in ("left", "right"):
            child = arrays[name][inner]
            # Children behind their parents: no circle, so every walk ends.
            if (child <= np.flatnonzero(inner)).any() or (child >= n).any():
                raise ValueError(f"array {name!r}: a child does not stand behind its parent")
        if root.size and (root.min() < 0 or root.max() >= n):
            raise ValueError("array 'root': names nodes that are not there")

    def _deepest(self) -> int:
        """Length of the longest way from a root to a leaf."""
        at = np.unique(self._arrays["root"])
        column, depth = self._arrays["column"], 0
        while len(at := at[column[at] >= 0]):
            at = np.unique(np.concatenate([self._arrays["left"][at], self._arrays["right"][at]]))
            depth += 1
        return depth


def _expected(nodes: NDArray[Any], is_leaf: NDArray[np.bool_]) -> Floats:
    """Value of every node: a leaf's own, else its children's, weighted by how many reach them."""
    value: Floats = nodes["value"].astype(np.float64)
    for i in np.flatnonzero(~is_leaf)[::-1]:
        children = [nodes["left"][i], nodes["right"][i]]
        value[i] = np.average(value[children], weights=np.maximum(nodes["count"][children], 1))
    return value


def _with_first_class(joined: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """A first class whose trees are one leaf of value 0."""
    out = {name: np.append(array, 0) for name, array in joined.items() if name != "root"}
    out["column"][-1] = -1
    n = len(out["column"]) - 1
    root = joined["root"]
    return out | {"root": np.hstack([np.full_like(root, n), root])}
