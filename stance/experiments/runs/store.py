"""Store: the answers of models that have finished."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.saving import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

_METADATA = b"stance.answers"


class Kept(Protocol):
    """What a model answered, in a form that can be kept: a table, and what is known of the run."""

    @property
    def fit_seconds(self) -> float:
        """Wall-clock of learning."""

    @property
    def predict_seconds(self) -> float:
        """Wall-clock of answering."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the libraries warned of."""

    def table(self) -> pa.Table:
        """The answers, a row for each."""

    @classmethod
    def from_table(cls, table: pa.Table, about: Mapping[str, Any]) -> Kept:
        """What ``table`` gave; ``about`` holds the seconds, the warnings, usage if there is any."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a trained model said of a test set.

    Parameters
    ----------
    predicted : tuple of str or None, length n
        None where the model gave no label.
    proba : ndarray of float32, shape (n, n_labels), or None
        Columns in the order of the data's labels; zeros for a label that the model does not know,
        so a row that does not sum to 1 gives probability to labels that the corpus has not.
    fit_seconds, predict_seconds : float
        Wall-clock, all folds together, of the run that trained the model.
    warnings : tuple of str
        What the libraries warned of while the model learned.
    usage : mapping of str to float
        What the classifier says of its own work (``usage_``), all folds together.
    """

    predicted: tuple[str | None, ...]
    proba: NDArray[np.float32] | None
    fit_seconds: float
    predict_seconds: float
    warnings: tuple[str, ...] = ()
    usage: Mapping[str, float] = field(default_factory=dict)

    def table(self) -> pa.Table:
        """Labels in the first column, then the probability of each label."""
        import pyarrow as pa

        columns = {"predicted": pa.array(self.predicted, pa.string())}
        if self.proba is not None:
            columns |= {f"p{i}": pa.array(p) for i, p in enumerate(self.proba.T.copy())}
        return pa.table(columns)

    @classmethod
    def from_table(cls, table: pa.Table, about: Mapping[str, Any]) -> Answers:
        """What ``table`` gave."""
        columns = [table.column(name).to_numpy() for name in table.column_names[1:]]
        return cls(
            predicted=tuple(table.column("predicted").to_pylist()),
            proba=np.stack(columns, axis=1) if columns else None,
            **about,
        )


@dataclass(frozen=True, slots=True)
class Store:
    """Answers on disk, one file per trained model, named by what they depend on.

    The folder is ``.cache/cells`` beside the project's ``reports/``. It is shared by all configs of
    the project, may be deleted at any time, and belongs in no repository.

    Parameters
    ----------
    folder : Path
    of : type
        What the answers are read as.
    """

    folder: Path
    of: type[Kept] = Answers

    def has(self, key: str) -> bool:
        """Whether there is a file of answers of this key, whole or damaged."""
        return self._path(key).is_file()

    def get(self, key: str) -> Any:
        """The answers of this key; None where there are none, or the file is damaged."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._path(key)
        if not path.is_file():
            return None
        try:
            table = pq.read_table(path)
            kept = json.loads(table.schema.metadata[_METADATA])
            about = {
                "fit_seconds": kept["fit_seconds"],
                "predict_seconds": kept["predict_seconds"],
                "warnings": tuple(kept["warnings"]),
            }
            if kept.get("usage"):
                about["usage"] = dict(kept["usage"])
            return self.of.from_table(table, about)
        except (pa.ArrowException, OSError, KeyError, TypeError, ValueError):
            return None

    def put(self, key: str, answers: Kept) -> None:
        """Keep answers; the file is there whole or not at all."""
        about = {
            "fit_seconds": answers.fit_seconds,
            "predict_seconds": answers.predict_seconds,
            "warnings": answers.warnings,
            "usage": dict(getattr(answers, "usage", {})),
        }
        table = answers.table().replace_schema_metadata({_METADATA: json.dumps(about)})
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._path(key), parquet_bytes(table))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.parquet"


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet: the same bytes for the same table and version of pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content
