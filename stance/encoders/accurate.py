"""AccurateModel: one encoder and its heads, ready to tell types, quotation flags and stances."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

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
from stance.encoders.heads import StanceHead, TypeHead
from stance.encoders.session import Session
from stance.encoders.state_cache import StateCache, States
from stance.encoders.tasks import StanceTask, TypeTask
from stance.encoders.tokens import Encoded, Tokens
from stance.extras import ExtraMissingError
from stance.model_error import ModelError
from stance.passage import Passage

_Task = TypeVar("_Task", TypeTask, StanceTask)

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
        self._cache = StateCache(cache_bytes)
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
