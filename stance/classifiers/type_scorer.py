"""TypeScorer: a trained paragraph-type model, ready to predict with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.chain import decode, runs_of
from stance.features.paragraph import feature_names, paragraph_features
from stance.features.scorer import NgramScorer
from stance.passage import Passage

Floats = NDArray[np.float64]

FORMAT_VERSION = 1
_HEAD_SHAPES = {
    "center": ("n_columns",),
    "scale": ("n_columns",),
    "slopes": ("n_columns", "n_classes"),
    "edges": ("n_edges",),
    "edge_bounds": ("n_bounds",),
    "steps": ("n_edges", "n_classes"),
    "intercept": ("n_classes",),
    "ratios": ("n_classes", "n_classes"),
}


class TypeScorer:
    """Probabilities of paragraph types.

    Two layers and a chain. N-gram scores of the passage (``NgramScorer``) and its dense features
    (``paragraph_features``) are the columns of an additive head: every column contributes a slope
    and a step function of its value to each class. The chain then weighs neighbours in the article.
    The head is additive so that what it decides can be read off column by column; gradient-boosted
    trees over the same columns were one point of macro-F1 better and could not be.

    Parameters
    ----------
    ngrams : NgramScorer or None
    head : mapping of str to ndarray
        ``center``, ``scale`` (n_columns,), ``slopes`` (n_columns, n_classes), ``edges`` (n_edges,),
        ``edge_bounds`` (n_columns + 1,), ``steps`` (n_edges, n_classes), ``intercept``
        (n_classes,), ``ratios`` (n_classes, n_classes).
    classes : sequence of str
    groups : sequence of str
        Feature groups of the dense columns, in order.
    """

    def __init__(
        self,
        ngrams: NgramScorer | None,
        *,
        head: Mapping[str, NDArray[Any]],
        classes: Sequence[str],
        groups: Sequence[str],
    ) -> None:
        self.classes = tuple(classes)
        self.groups = tuple(groups)
        self._ngrams = ngrams
        self._head = {name: np.asarray(head[name]) for name in _HEAD_SHAPES}
        self._check()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the head's columns: n-gram scores first, then the dense features."""
        n = self._ngrams.n_outputs if self._ngrams else 0
        named = self.classes if n == len(self.classes) else self.classes[-n:] if n else ()
        return (*(f"n-grams {name}" for name in named), *feature_names(self.groups))

    def predict_proba(self, passages: Sequence[Passage]) -> Floats:
        """Probabilities, shape (n_passages, n_classes); an article's passages decoded together."""
        local = _softmax(self.logits(self.inputs(passages)))
        return decode(local, list(runs_of(passages)), self._head["ratios"].astype(np.float64))

    def inputs(self, passages: Sequence[Passage]) -> Floats:
        """The head's columns, shape (n_passages, n_columns)."""
        dense = paragraph_features(passages, self.groups).astype(np.float64)
        if self._ngrams is None:
            return dense
        scores = self._ngrams.scores([passage.text for passage in passages])
        return np.hstack([scores.astype(np.float64), dense])

    def logits(self, inputs: Floats) -> Floats:
        """Unnormalised log-probabilities, shape (n_passages, n_classes)."""
        out: Floats = self._head["intercept"] + self.contributions(inputs).sum(axis=1)
        return out

    def contributions(self, inputs: Floats) -> Floats:
        """What each column adds to each class, shape (n_passages, n_columns, n_classes)."""
        head = self._head
        out: Floats = ((inputs - head["center"]) / head["scale"])[:, :, None] * head["slopes"]
        bounds = head["edge_bounds"]
        for column in range(inputs.shape[1]):
            low, high = bounds[column], bounds[column + 1]
            if low < high:
                passed = np.searchsorted(head["edges"][low:high], inputs[:, column], side="left")
                steps = np.vstack([np.zeros(out.shape[2]), head["steps"][low:high]])
                out[:, column] += steps[passed]
        return out

    def word_contributions(self, text: str, spans: Sequence[tuple[int, int]]) -> Floats:
        """What each stretch of a text adds to each class through its n-grams.

        By leaving the stretch out: shape (n_spans, n_classes).
        """
        if self._ngrams is None or not spans:
            return np.zeros((len(spans), len(self.classes)))
        without = [f"{text[:start]} {text[end:]}" for start, end in spans]
        n = self._ngrams.n_outputs
        inputs = np.tile(self._head["center"].astype(np.float64), (len(without) + 1, 1))
        inputs[:, :n] = self._ngrams.scores([text, *without])
        added = self.contributions(inputs)[:, :n].sum(axis=1)
        moved: Floats = added[0] - added[1:]
        return moved

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, for saving."""
        ngrams = self._ngrams.arrays() if self._ngrams else {}
        return {f"ngrams.{name}": array for name, array in ngrams.items()} | {
            f"head.{name}": array for name, array in self._head.items()
        }

    def settings(self) -> dict[str, Any]:
        """Everything that is no array, fit for JSON."""
        return {
            "kind": "paragraph-type",
            "format_version": FORMAT_VERSION,
            "classes": list(self.classes),
            "groups": list(self.groups),
            "ngrams": self._ngrams.settings() if self._ngrams else None,
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any]
    ) -> TypeScorer:
        """Scorer from what ``arrays`` and ``settings`` gave.

        Raises
        ------
        ValueError
            An array or setting is missing, or of the wrong shape, type or value.
        """
        parts: dict[str, dict[str, NDArray[Any]]] = {"ngrams": {}, "head": {}}
        for name, array in arrays.items():
            room, _, rest = name.partition(".")
            if room not in parts:
                raise ValueError(f"unexpected array {name!r}")
            parts[room][rest] = array
        missing = [name for name in _HEAD_SHAPES if name not in parts["head"]]
        if missing:
            raise ValueError(f"missing arrays {missing}")
        for key in ("classes", "groups"):
            value = settings.get(key)
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ValueError(f"setting {key!r}: expected a list of str, got {value!r:.80}")
        ngrams = settings.get("ngrams")
        scorer = NgramScorer.from_arrays(parts["ngrams"], ngrams) if ngrams else None
        return cls(
            scorer, head=parts["head"], classes=settings["classes"], groups=settings["groups"]
        )

    def _check(self) -> None:
        _check_names(self.classes, name="classes", at_least=2)
        _check_names(self.groups, name="groups", at_least=0)
        n_outputs = self._ngrams.n_outputs if self._ngrams else 0
        fitting = (0, 1) if len(self.classes) == 2 else (0, len(self.classes))
        if n_outputs not in fitting:
            raise ValueError(
                f"expected {fitting[1]} n-gram scores for {len(self.classes)} classes, "
                f"got {n_outputs}"
            )
        head = self._head
        n_edges = head["edges"].shape[0] if head["edges"].ndim else 0
        sizes = {
            "n_classes": len(self.classes),
            "n_columns": len(self.columns),
            "n_edges": n_edges,
            "n_bounds": len(self.columns) + 1,
        }
        for name, axes in _HEAD_SHAPES.items():
            expected, array = tuple(sizes[axis] for axis in axes), head[name]
            if array.shape != expected:
                raise ValueError(f"array {name!r}: expected shape {expected}, got {array.shape}")
            # No float64: what fits into float32 stays finite in all that is computed from it.
            if array.dtype.char not in (np.typecodes["Integer"] if name == "edge_bounds" else "ef"):
                raise ValueError(f"array {name!r}: unexpected type {array.dtype}")
            if not np.isfinite(array).all():
                raise ValueError(f"array {name!r}: expected finite numbers")
        bounds = head["edge_bounds"]
        if bounds[0] != 0 or bounds[-1] != n_edges or (np.diff(bounds) < 0).any():
            raise ValueError("array 'edge_bounds': expected to rise from 0 to the number of edges")
        if (head["scale"] <= 0).any() or (head["ratios"] <= 0).any():
            raise ValueError("arrays 'scale' and 'ratios': expected positive numbers")


def _check_names(names: Sequence[str], *, name: str, at_least: int) -> None:
    if len(names) < at_least or len(set(names)) < len(names):
        raise ValueError(f"{name}: expected {at_least} or more different names, got {names!r:.80}")


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    proba: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return proba
