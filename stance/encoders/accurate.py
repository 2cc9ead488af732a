"""AccurateModel: one encoder and its heads, ready to tell types, quotation flags and stances."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.encoders.folder import (
    ENCODER,
    HEADS,
    TOKENIZER,
    Settings,
    TaskSettings,
    read_bytes,
    read_heads,
    read_settings,
)
from stance.encoders.heads import StanceHead, TypeHead, mean_state
from stance.encoders.session import Session
from stance.encoders.tokens import Encoded, Tokens
from stance.extras import ExtraMissingError
from stance.model_error import ModelError
from stance.passage import Passage

Floats = NDArray[np.float64]
States = NDArray[np.float32]
_Task = TypeVar("_Task", "TypeTask", "StanceTask")

TYPE, STANCE, QUOTE = "type", "stance", "quote"
"""Tasks of the article's own questions: a paragraph's type, its voice's side, whether it is quoted.

The class of ``QUOTE`` that says so is ``QUOTED``.
"""

QUOTED = "quote"

SHIPPED = Path(__file__).parents[1] / "models" / "accurate"
"""Folder of the model that ships, where this version of the package has one."""

CACHE_BYTES = 192 << 20
"""Of states that are kept: 1,500 paragraphs of 80 tokens, in an encoder of 384 numbers each."""

_PASSAGES = 2048  # encoded at a time: the tokens of a whole corpus need not be in memory


class AccurateModel:
    """An encoder with heads that read its states; each distinct text is read once.

    What was read is kept, up to ``cache_bytes``, so that a paragraph's type, its quotation flag and
    its stances toward every target that it mentions cost one pass. Targets that a text does not
    mention are read together with it, one pass each. Passages that come with ``previous`` and
    ``following`` but without these neighbours among them are read as if they had none.

    Use ``load``.
    """

    def __init__(
        self,
        session: Session,
        *,
        tokens: Tokens,
        heads: Mapping[str, TypeHead | StanceHead],
        settings: Settings,
        folder: Path,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self._session = session
        self._tokens = tokens
        self._cache = _Cache(cache_bytes)
        self._tasks: dict[str, TypeTask | StanceTask] = {
            name: TypeTask(self, head) if isinstance(head, TypeHead) else StanceTask(self, head)
            for name, head in heads.items()
        }

    @classmethod
    def load(
        cls,
        folder: str | os.PathLike[str],
        *,
        threads: int | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> AccurateModel:
        """A model from its folder (``stance.encoders.folder``). Runs nothing but the encoder.

        Parameters
        ----------
        folder : path
        threads : int, optional
            Of the encoder; by default one for each core. Results are the same with any number.
        cache_bytes : int
            How much of what was read is kept.

        Raises
        ------
        ModelError
            A file is missing, damaged, too large or of a newer format; the parts do not fit
            together; or the encoder asks for other files, foreign operators, loops or branches.
        ExtraMissingError
            onnxruntime or tokenizers is not installed.
        """
        folder = Path(folder)
        settings = read_settings(folder)
        data = {
            name: read_bytes(folder, name, digests=settings.sha256)
            for name in (HEADS, TOKENIZER, ENCODER)
        }
        at = HEADS
        try:
            heads = _heads(read_heads(data[HEADS]), settings)
            at = TOKENIZER
            tokens = Tokens.from_json(data[TOKENIZER], max_tokens=settings.max_tokens)
            at = ENCODER
            session = Session(data[ENCODER], hidden=settings.hidden, threads=threads)
            probe = np.array([tokens.first, tokens.largest_id, tokens.last], np.int64)
            list(session.states([probe]))
        except ExtraMissingError:
            raise
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise ModelError(f"{folder / at}: {error}") from error
        session.n_read = 0
        return cls(
            session,
            tokens=tokens,
            heads=heads,
            settings=settings,
            folder=folder,
            cache_bytes=cache_bytes,
        )

    def __reduce__(self) -> Any:
        return AccurateModel.load, (self.folder,)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of what the model can be asked."""
        return tuple(self._tasks)

    @property
    def types(self) -> TypeTask:
        """What tells paragraph types."""
        return self._of_kind(TYPE, TypeTask)

    @property
    def sides(self) -> StanceTask:
        """What tells stances."""
        return self._of_kind(STANCE, StanceTask)

    @property
    def quoted(self) -> TypeTask | None:
        """What tells whether most of a paragraph is somebody's words; None where nothing does."""
        known = self.settings.tasks.get(QUOTE)
        is_there = known is not None and known.kind == "type" and QUOTED in known.classes
        return self._of_kind(QUOTE, TypeTask) if is_there else None

    @property
    def n_read(self) -> int:
        """How many texts the encoder has read."""
        return self._session.n_read

    def task(self, name: str) -> TypeTask | StanceTask:
        """What answers one of ``tasks``.

        Raises
        ------
        ValueError
            The model has no such task.
        """
        if name not in self._tasks:
            close = get_close_matches(name, self._tasks, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ValueError(
                f"{self.folder}: unknown task {name!r:.80}, expected of {sorted(self._tasks)}{hint}"
            )
        return self._tasks[name]

    def read(
        self, passages: Sequence[Passage], *, with_targets: bool
    ) -> Iterator[tuple[int, Encoded, States]]:
        """Places, encodings and hidden states of passages, as they are done.

        Raises
        ------
        ModelError
            The encoder breaks.
        """
        for start in range(0, len(passages), _PASSAGES):
            some = passages[start : start + _PASSAGES]
            encoded = self._tokens.encode(some, with_targets=with_targets)
            for i, states in self._states(encoded):
                yield start + i, encoded[i], states

    def _states(self, encoded: Sequence[Encoded]) -> Iterator[tuple[int, States]]:
        places: dict[bytes, list[int]] = {}
        for i, one in enumerate(encoded):
            places.setdefault(one.key, []).append(i)
        missing = []
        for key, at in places.items():
            states = self._cache.get(key)
            if states is None:
                missing.append(at)
            else:
                yield from ((i, states) for i in at)
        texts = [encoded[at[0]].ids for at in missing]
        try:
            for k, states in self._session.states(texts):
                self._cache.put(encoded[missing[k][0]].key, states)
                yield from ((i, states) for i in missing[k])
        except ValueError as error:
            raise ModelError(f"{self.folder}: {error}") from error

    def _of_kind(self, name: str, kind: type[_Task]) -> _Task:
        found = self.task(name)
        if not isinstance(found, kind):
            raise ModelError(f"{self.folder}: expected the task {name!r} to be of another kind")
        return found


@cache
def loaded(folder: Path) -> AccurateModel:
    """A model from its folder, once per process.

    Raises
    ------
    ModelError
        The folder cannot be used.
    ExtraMissingError
        onnxruntime or tokenizers is not installed.
    """
    return AccurateModel.load(folder)


class TypeTask:
    """Probabilities of a task's classes for paragraphs or sentences.

    Parameters
    ----------
    model : AccurateModel
    head : TypeHead
    """

    def __init__(self, model: AccurateModel, head: TypeHead) -> None:
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
    model : AccurateModel
    head : StanceHead
    """

    def __init__(self, model: AccurateModel, head: StanceHead) -> None:
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


class _Cache:
    """States by key, those of the latest use, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._n_bytes = 0
        self._states: OrderedDict[bytes, States] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes) -> States | None:
        with self._lock:
            if key in self._states:
                self._states.move_to_end(key)
            return self._states.get(key)

    def put(self, key: bytes, states: States) -> None:
        if states.nbytes > self._most:
            return
        with self._lock:
            old = self._states.pop(key, None)
            self._n_bytes += states.nbytes - (old.nbytes if old is not None else 0)
            # A copy: a view would keep its whole batch alive.
            self._states[key] = states.copy()
            while self._n_bytes > self._most:
                self._n_bytes -= self._states.popitem(last=False)[1].nbytes


def _within(encoded: Encoded, span: Span) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (encoded.offsets[:, 0] < span.end) & (
        encoded.offsets[:, 1] > span.start
    )
    return found


def _heads(
    arrays: Mapping[str, Mapping[str, NDArray[Any]]], settings: Settings
) -> dict[str, TypeHead | StanceHead]:
    if set(arrays) != set(settings.tasks):
        raise ValueError(
            f"expected arrays of the tasks {sorted(settings.tasks)!r:.200}, "
            f"got those of {sorted(arrays)!r:.200}"
        )
    return {name: _head(name, arrays[name], settings) for name in settings.tasks}


def _head(
    name: str, arrays: Mapping[str, NDArray[Any]], settings: Settings
) -> TypeHead | StanceHead:
    task: TaskSettings = settings.tasks[name]
    known: dict[str, Any] = {
        "hidden": settings.hidden,
        "classes": task.classes,
        "temperature": task.temperature,
    }
    try:
        if task.kind == "stance":
            return StanceHead(arrays, n_heads=settings.heads, **known)
        return TypeHead(arrays, context=task.context, **known)
    except ValueError as error:
        raise ValueError(f"task {name!r}: {error}") from error
