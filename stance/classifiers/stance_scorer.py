"""StanceScorer: a trained stance model, ready to predict with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.trees import Trees
from stance.features.scorer import NgramScorer
from stance.features.stance import Arrays, feature_names, read
from stance.features.views import view
from stance.passage import Passage

Floats = NDArray[np.float64]

FORMAT_VERSION = 1
_LINEAR = ("coef", "intercept")
_CALIBRATION = ("bias", "scale")


class StanceScorer:
    """Calibrated probabilities of the sides that a passage may take toward its target.

    N-gram scores of several views of the passage and its dense features are the columns of a head:
    boosted trees, a linear model, or both, whose log-odds are then averaged. A scale and a bias per
    class make probabilities of them that hold for passages of the kind learnt from.

    Parameters
    ----------
    ngrams : mapping of str to NgramScorer
        By view (``stance.features.views``), in the order of the columns.
    groups : sequence of str
        Feature groups of the dense columns, in order.
    classes : sequence of str
    trees : Trees or None
    linear : mapping of str to ndarray, or None
        ``coef`` (n_columns, n_classes) and ``intercept`` (n_classes,). One head is needed at least.
    calibration : mapping of str to ndarray
        ``scale`` and ``bias``, shape (n_classes,) each.
    learnt : mapping of str to mapping of str to ndarray
        What feature groups that learn have learnt, by group.

    Raises
    ------
    ValueError
        A part has another number of columns or classes than the others.
    """

    def __init__(
        self,
        ngrams: Mapping[str, NgramScorer],
        *,
        groups: Sequence[str],
        classes: Sequence[str],
        trees: Trees | None,
        linear: Mapping[str, NDArray[Any]] | None,
        calibration: Mapping[str, NDArray[Any]],
        learnt: Mapping[str, Arrays] = MappingProxyType({}),
    ) -> None:
        self.classes: tuple[str, ...] = tuple(classes)
        self.groups = tuple(groups)
        self.views = tuple(ngrams)
        self._ngrams = dict(ngrams)
        self._trees = trees
        self._linear = None if linear is None else {n: np.asarray(linear[n]) for n in linear}
        self._calibration = {name: np.asarray(array) for name, array in calibration.items()}
        self._learnt = {name: dict(arrays) for name, arrays in learnt.items()}
        self._check()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the head's columns: each view's n-gram scores, then the dense features."""
        known = self.classes[1:] if len(self.classes) == 2 else self.classes
        scores = tuple(f"n-grams {one}: {name}" for one in self.views for name in known)
        return (*scores, *feature_names(self.groups))

    def predict_proba(self, passages: Sequence[Passage]) -> Floats:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1."""
        return softmax(self.logits(self.inputs(passages)))

    def inputs(self, passages: Sequence[Passage]) -> Floats:
        """The head's columns, shape (n_passages, n_columns)."""
        texts, dense = read(passages, views=self.views, groups=self.groups, learnt=self._learnt)
        scores = [scorer.scores(texts[name]) for name, scorer in self._ngrams.items()]
        return np.hstack([*scores, dense]).astype(np.float64)

    def logits(self, inputs: Floats) -> Floats:
        """Unnormalised log-probabilities, calibrated, shape (n_passages, n_classes)."""
        calibrated: Floats = (
            self.raw_logits(inputs) * self._calibration["scale"] + self._calibration["bias"]
        )
        return calibrated

    def raw_logits(self, inputs: Floats) -> Floats:
        """What the head says before calibration, shape (n_passages, n_classes)."""
        parts = []
        if self._trees is not None:
            parts.append(self._trees.logits(inputs))
        if self._linear is not None:
            parts.append(inputs @ self._linear["coef"] + self._linear["intercept"])
        return mean_logits(parts)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, for saving."""
        rooms: dict[str, Mapping[str, NDArray[Any]]] = {
            f"ngrams.{name}": scorer.arrays() for name, scorer in self._ngrams.items()
        }
        if self._trees is not None:
            rooms["trees"] = self._trees.arrays()
        if self._linear is not None:
            rooms["linear"] = self._linear
        rooms["calibration"] = self._calibration
        rooms |= {f"learnt.{name}": arrays for name, arrays in self._learnt.items()}
        return {f"{room}.{name}": a for room, arrays in rooms.items() for name, a in arrays.items()}

    def settings(self) -> dict[str, Any]:
        """Everything that is no array, fit for JSON."""
        return {
            "kind": "stance",
            "format_version": FORMAT_VERSION,
            "classes": list(self.classes),
            "groups": list(self.groups),
            "views": {name: scorer.settings() for name, scorer in self._ngrams.items()},
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any]
    ) -> StanceScorer:
        """Scorer from what ``arrays`` and ``settings`` gave.

        Raises
        ------
        ValueError
            An array or setting is missing, or of the wrong shape, type or value.
        """
        classes, groups = _names(settings, "classes"), _names(settings, "groups")
        views = settings.get("views")
        if not isinstance(views, dict):
            raise ValueError(f"setting 'views': expected a table, got {views!r:.80}")
        rooms: dict[str, dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            room, _, rest = name.rpartition(".")
            rooms.setdefault(room, {})[rest] = array
        known = {*(f"ngrams.{name}" for name in views), "trees", "linear", "calibration"}
        known |= {f"learnt.{name}" for name in groups}
        if set(rooms) - known:
            raise ValueError(f"unexpected arrays {sorted(set(rooms) - known)!r:.80}")
        ngrams = {
            view_name(name): NgramScorer.from_arrays(rooms.get(f"ngrams.{name}", {}), views[name])
            for name in views
        }
        return cls(
            ngrams,
            groups=groups,
            classes=classes,
            trees=Trees(rooms["trees"]) if "trees" in rooms else None,
            linear=rooms.get("linear"),
            calibration=rooms.get("calibration", {}),
            learnt={name: rooms[f"learnt.{name}"] for name in groups if f"learnt.{name}" in rooms},
        )

    def _check(self) -> None:
        n = len(self.classes)
        if n < 2 or len(set(self.classes)) < n:
            raise ValueError(f"classes: expected two or more different names, got {self.classes!r}")
        if len(set(self.groups)) < len(self.groups):
            raise ValueError(f"groups: expected different names, got {self.groups!r:.80}")
        wanted = 1 if n == 2 else n
        for name, scorer in self._ngrams.items():
            if scorer.n_outputs != wanted:
                raise ValueError(
                    f"view {name!r}: expected {wanted} scores for {n} classes, "
                    f"got {scorer.n_outputs}"
                )
        n_columns = len(self.columns)
        if self._trees is None and self._linear is None:
            raise ValueError("expected trees, a linear model or both, got neither")
        if self._trees is not None and not (
            self._trees.n_classes == n and self._trees.n_columns <= n_columns
        ):
            raise ValueError(
                f"expected trees for {n} classes over {n_columns} columns, got "
                f"{self._trees.n_classes} and {self._trees.n_columns}"
            )
        if self._linear is not None:
            _check_arrays(self._linear, {"coef": (n_columns, n), "intercept": (n,)})
        _check_arrays(self._calibration, {"scale": (n,), "bias": (n,)})


def softmax(logits: Floats) -> Floats:
    """Probabilities, row by row."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    proba: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return proba


def mean_logits(parts: Sequence[Floats]) -> Floats:
    """Mean of several heads' log-odds, each row centred: only differences count.

    Examples
    --------
    >>> mean_logits([np.array([[1.0, 3.0]]), np.array([[0.0, 0.0]])]).tolist()
    [[-0.5, 0.5]]
    """
    centred = [part - part.mean(axis=1, keepdims=True) for part in parts]
    mean: Floats = np.mean(centred, axis=0)
    return mean


def view_name(name: Any) -> str:
    """A view's name, where there is such a view."""
    view(name)
    return str(name)


def _names(settings: Mapping[str, Any], key: str) -> list[str]:
    value = settings.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"setting {key!r}: expected a list of str, got {value!r:.80}")
    return value


def _check_arrays(
    arrays: Mapping[str, NDArray[Any]], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    if set(arrays) != set(shapes):
        raise ValueError(f"expected arrays {sorted(shapes)}, got {sorted(arrays)!r:.80}")
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype.char not in "efd":
            raise ValueError(
                f"array {name!r}: expected floats of shape {shape}, got {array.dtype} {array.shape}"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"array {name!r}: expected finite numbers")
