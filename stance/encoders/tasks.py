"""Tasks: what a model with one encoder can be asked, each answered by a head of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.encoders.folder import Settings
from stance.encoders.heads import StanceHead, TypeHead, mean_state
from stance.encoders.state_cache import States
from stance.encoders.tokens import Encoded
from stance.passage import Passage

Floats = NDArray[np.float64]


class Reader(Protocol):
    """What reads passages for the heads: ``AccurateModel``."""

    settings: Settings

    def read(
        self, passages: Sequence[Passage], *, with_targets: bool
    ) -> Iterator[tuple[int, Encoded, States]]:
        """Places, encodings and hidden states of passages, as they are done."""
        ...


class TypeTask:
    """Probabilities of a task's classes for paragraphs or sentences.

    Parameters
    ----------
    model : Reader
    head : TypeHead
    """

    def __init__(self, model: Reader, head: TypeHead) -> None:
        self._model = model
        self._head = head

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._head.classes

    def predict_proba(self, passages: Sequence[Passage]) -> Floats:
        """Probabilities, shape (n_passages, n_classes); neighbours in an article inform each other.

        Raises
        ------
        ModelError
            The encoder breaks.
        """
        means = np.zeros((len(passages), self._model.settings.hidden), np.float32)
        for i, encoded, states in self._model.read(passages, with_targets=False):
            means[i] = mean_state(states, encoded.text)
        return self._head.predict_proba(means, passages)


class StanceTask:
    """Probabilities of the sides that passages take toward their targets.

    Parameters
    ----------
    model : Reader
    head : StanceHead
    """

    def __init__(self, model: Reader, head: StanceHead) -> None:
        self._model = model
        self._head = head

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._head.classes

    def predict_proba(self, passages: Sequence[Passage]) -> Floats:
        """Probabilities, shape (n_passages, n_classes).

        Raises
        ------
        ModelError
            The encoder breaks.
        """
        rows = np.zeros((len(passages), 3 * self._model.settings.hidden), np.float32)
        for i, encoded, states in self._model.read(passages, with_targets=True):
            rows[i] = self._head.inputs(states, encoded)[0]
        return self._head.predict_proba(rows)

    def predict_without(self, passage: Passage, spans: Sequence[Span]) -> Floats:
        """Probabilities of a passage with each stretch of its text hidden in turn.

        Hidden from the head alone: its attention and its mean pass over the tokens. The encoder has
        read the whole text, so what the other tokens know of a word by having stood beside it is
        still there; reading each text anew would cost a pass for every word.

        Parameters
        ----------
        passage : Passage
        spans : sequence of Span
            Of the text; the target's own tokens are never hidden.

        Returns
        -------
        ndarray of float64, shape (2 + n_spans, n_classes)
            Of the whole passage, of the passage with all its words but the target hidden, then
            without each span.
        """
        ((_, encoded, states),) = self._model.read([passage], with_targets=True)
        free = encoded.text & ~encoded.mention
        hidden = [np.zeros_like(free), free, *(free & _within(encoded, span) for span in spans)]
        return self._head.predict_proba(self._head.inputs(states, encoded, kept=~np.stack(hidden)))


def _within(encoded: Encoded, span: Span) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (encoded.offsets[:, 0] < span.end) & (
        encoded.offsets[:, 1] > span.start
    )
    return found
