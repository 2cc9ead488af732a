"""AccurateClassifier: a trained encoder's answers in scikit-learn's manner."""

from __future__ import annotations

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.encoders.accurate import SHIPPED, loaded
from stance.encoders.folder import SETTINGS, Settings, read_settings
from stance.passage import as_passages

ACCURATE = "accurate"
_PACKAGES = ("onnxruntime", "tokenizers")


class AccurateClassifier(ClassifierMixin, BaseEstimator):
    """Probabilities of one task of an encoder that was trained elsewhere.

    ``fit`` learns nothing: it remembers which labels there are, and checks that the task has them.
    The weights are those of the model's folder, whatever passages are given; where these were among
    what the model was trained on (its card says on what), scores on them say nothing.

    Parameters
    ----------
    task : str
        One of the model's tasks: "type", "stance", "quote" …
    model : str or path
        "accurate", the model that ships, or the folder of another encoder.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_classes,)
        The labels given to ``fit``, sorted. Classes of the task that are not among them are never
        predicted: the others' probabilities are divided by their sum.
    """

    def __init__(self, *, task: str = "stance", model: str = ACCURATE) -> None:
        self.task = task
        self.model = model

    @staticmethod
    def lacking() -> str:
        """What is missing on this machine; empty where nothing is."""
        missing = [name for name in _PACKAGES if find_spec(name) is None]
        return f"{' and '.join(missing)}: not installed (extra encoder)" if missing else ""

    @staticmethod
    def versions() -> dict[str, str]:
        """Versions of the packages that it stands on; what is missing is left out."""
        return {name: version(name) for name in _PACKAGES if find_spec(name) is not None}

    def fit(self, X: Any, y: Any) -> AccurateClassifier:
        """Remember which labels there are.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str, shape (n_passages,)

        Raises
        ------
        ValueError
            There is not one label for each passage, no passage, or the task does not have a label.
        ModelError
            The model's folder cannot be used.
        """
        labels = checked_labels(y, n=len(as_passages(X)), n_classes=1)
        known = self._classes()
        found = np.unique(labels)
        if foreign := [label for label in found.tolist() if label not in known]:
            raise ValueError(
                f"task {self.task!r}: expected labels of {list(known)}, got {foreign!r:.200}: this "
                "model is not trained here, so rename the labels or choose another task"
            )
        self.classes_ = found
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1; columns follow classes_.

        Raises
        ------
        ModelError
            The model's folder cannot be used.
        ExtraMissingError
            onnxruntime or tokenizers is not installed.
        """
        check_is_fitted(self)
        task = loaded(self._folder()).task(self.task)
        columns = [task.classes.index(label) for label in self.classes_.tolist()]
        # A class may be as good as impossible, and so may all that are left.
        proba = np.maximum(task.predict_proba(as_passages(X))[:, columns], 1e-300)
        shares: NDArray[np.float64] = proba / proba.sum(axis=1, keepdims=True)
        return shares

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each passage, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def _classes(self) -> tuple[str, ...]:
        settings: Settings = read_settings(self._folder())
        if self.task not in settings.tasks:
            raise ValueError(
                f"task = {self.task!r:.80}, expected of {sorted(settings.tasks)}, the tasks of "
                f"the model {os.fspath(self.model)!r:.80}"
            )
        return settings.tasks[self.task].classes

    def _folder(self) -> Path:
        if self.model != ACCURATE:
            return Path(self.model).resolve()
        if not (SHIPPED / SETTINGS).is_file():
            raise ValueError(
                f"model {ACCURATE!r}: does not ship with this version of the package; give the "
                "folder of an encoder instead"
            )
        return SHIPPED
