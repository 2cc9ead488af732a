"""Cache of answers: one small file for each request that was answered, named by its content."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.classifiers.llm_answer import Answer
from stance.classifiers.saving import write_whole

_LOG = logging.getLogger(__name__)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class AnswerCache:
    """Answers on disk, shared by processes; may be deleted at any time.

    An entry holds the label and its odds: neither a word of the passage nor of the response. A file
    appears whole or not at all; one that cannot be read counts as none, and is written anew.

    Parameters
    ----------
    folder : Path
    """

    folder: Path

    def get(self, key: str, *, labels: Sequence[str]) -> Answer | None:
        """The answer to a request; None where there is none, or none of these labels.

        Parameters
        ----------
        key : str
            Hexadecimal digits.
        labels : sequence of str
        """
        try:
            return _answer(json.loads(self._path(key).read_bytes()), labels)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer. A folder that cannot be written costs time, later, and money; no more."""
        entry = {"version": _VERSION, "label": answer.label, "odds": answer.odds}
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(entry).encode())
        except OSError as error:
            _LOG.warning("answer not kept, %s cannot be written: %s", path, error)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def _answer(entry: Any, labels: Sequence[str]) -> Answer:
    label, odds = entry["label"], entry["odds"]
    if entry["version"] != _VERSION or label not in labels:
        raise ValueError("an entry of another version or label set")
    if odds is not None:
        values = [float(odds[one]) for one in labels]
        if min(values) < 0 or not math.isclose(sum(values), 1.0, abs_tol=1e-6):
            raise ValueError("odds that are none")
        odds = dict(zip(labels, values, strict=True))
    return Answer(label, odds)
