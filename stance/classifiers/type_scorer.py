"""TypeScorer: a trained paragraph-type model, ready to predict with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.chain import decode, runs_of
from stance.classifiers.trees import Trees
from stance.features.paragraph import feature_names, paragraph_features
from stance.features.scorer import NgramScorer
from stance.passage import Passage

Floats = NDArray[np.float64]

FORMAT_VERSION = 1


class TypeScorer:
    """Probabilities of paragraph types.

    Two layers and a chain. N-gram scores of the passage (``NgramScorer``) and its dense features
    (``paragraph_features``) are the columns that boosted trees read; the chain then weighs
    neighbours in the article. A logistic head over the same columns, values and bins, was 1.1 to
    1.8 points of macro-F1 below the trees in cross-validation.

    Parameters
    ----------
    ngrams : NgramScorer or None
    trees : Trees
    ratios : ndarray of float, shape (n_classes, n_classes)
        Potentials of the chain (``stance.classifiers.chain``).
    classes : sequence of str
    groups : sequence of str
        Feature groups of the dense columns, in order.
    """

    def __init__(
        self,
        ngrams: NgramScorer | None,
        *,
        trees: Trees,
        ratios: NDArray[Any],
        classes: Sequence[str],
        groups: Sequence[str],
    ) -> None:
        self.classes: tuple[str, ...] = tuple(classes)
        self.groups = tuple(groups)
        self._ngrams = ngrams
        self._trees = trees
        self._ratios = np.asarray(ratios)
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
        return decode(local, list(runs_of(passages)), self._ratios.astype(np.float64))

    def inputs(self, passages: Sequence[Passage]) -> Floats:
        """The head's columns, shape (n_passages, n_columns)."""
        dense = paragraph_features(passages, self.groups).astype(np.float64)
        if self._ngrams is None:
            return dense
        scores = self._ngrams.scores([passage.text for passage in passages])
        return np.hstack([scores.astype(np.float64), dense])

    @property
    def intercept(self) -> Floats:
        """What each class gets before a passage is read, shape (n_classes,)."""
        return self._trees.intercept

    def logits(self, inputs: Floats) -> Floats:
        """Unnormalised log-probabilities, shape (n_passages, n_classes)."""
        return self._trees.logits(inputs)

    def contributions(self, inputs: Floats) -> Floats:
        """What each column adds to each class, shape (n_passages, n_columns, n_classes).

        With ``intercept``, they sum to ``logits``.
        """
        return self._trees.contributions(inputs)

    def word_contributions(self, passage: Passage, spans: Sequence[tuple[int, int]]) -> Floats:
        """What each stretch of a passage's text adds to each class through its n-grams.

        By leaving the stretch out: shape (n_spans, n_classes).
        """
        if self._ngrams is None or not spans:
            return np.zeros((len(spans), len(self.classes)))
        text = passage.text
        without = [f"{text[:start]} {text[end:]}" for start, end in spans]
        inputs = np.tile(self.inputs([passage]), (len(without) + 1, 1))
        inputs[1:, : self._ngrams.n_outputs] = self._ngrams.scores(without)
        logits = self.logits(inputs)
        moved: Floats = logits[0] - logits[1:]
        return moved

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, for saving."""
        rooms = {"trees": self._trees.arrays()}
        if self._ngrams is not None:
            rooms["ngrams"] = self._ngrams.arrays()
        named = {
            f"{room}.{name}": a for room, arrays in rooms.items() for name, a in arrays.items()
        }
        return named | {"chain.ratios": self._ratios}

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
        parts: dict[str, dict[str, NDArray[Any]]] = {"ngrams": {}, "trees": {}, "chain": {}}
        for name, array in arrays.items():
            room, _, rest = name.partition(".")
            if room not in parts:
                raise ValueError(f"unexpected array {name!r}")
            parts[room][rest] = array
        if set(parts["chain"]) != {"ratios"}:
            raise ValueError(f"expected array 'chain.ratios', got {sorted(parts['chain'])!r:.80}")
        for key in ("classes", "groups"):
            value = settings.get(key)
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ValueError(f"setting {key!r}: expected a list of str, got {value!r:.80}")
        ngrams = settings.get("ngrams")
        scorer = NgramScorer.from_arrays(parts["ngrams"], ngrams) if ngrams else None
        return cls(
            scorer,
            trees=Trees(parts["trees"]),
            ratios=parts["chain"]["ratios"],
            classes=settings["classes"],
            groups=settings["groups"],
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
        n = len(self.classes)
        if self._trees.n_classes != n or self._trees.n_columns > len(self.columns):
            raise ValueError(
                f"expected trees for {n} classes over {len(self.columns)} columns, got "
                f"{self._trees.n_classes} and {self._trees.n_columns}"
            )
        ratios = self._ratios
        if ratios.shape != (n, n) or ratios.dtype.char not in "ef":
            raise ValueError(f"array 'ratios': unexpected shape {ratios.shape} or {ratios.dtype}")
        if not np.isfinite(ratios).all() or (ratios <= 0).any():
            raise ValueError("array 'ratios': expected positive numbers")


def _check_names(names: Sequence[str], *, name: str, at_least: int) -> None:
    if len(names) < at_least or len(set(names)) < len(names):
        raise ValueError(f"{name}: expected {at_least} or more different names, got {names!r:.80}")


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    proba: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return proba
