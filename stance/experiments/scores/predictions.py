"""Predictions: every answer of every model, as a table without a word of the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.metrics import label_codes
from stance.experiments.runs.data import Data
from stance.experiments.runs.job import Trained

if TYPE_CHECKING:
    import pyarrow as pa


def predictions_table(
    data: Data, trained: Sequence[Trained], *, is_leaked: NDArray[np.bool_]
) -> pa.Table:
    """One row per model, seed and test passage.

    Returns
    -------
    pyarrow.Table
        ``model``, ``role``, ``seed``, ``corpus``, ``split``, ``fold``, ``id``, ``group``,
        ``is_duplicate`` (the text stands, or nearly so, in training), ``label``, ``predicted``
        (null: no answer), ``probability`` (of the predicted label; null where the model gives
        none), and ``p/<label>`` for every label of the corpus.
    """
    import pyarrow as pa

    return pa.concat_tables([_table(data, one, is_leaked) for one in trained])


def _table(data: Data, one: Trained, is_leaked: NDArray[np.bool_]) -> pa.Table:
    import pyarrow as pa

    n, answers = len(data.test), one.answers
    folds = np.zeros(n, np.int16)
    for i, fold in enumerate(data.folds):
        folds[fold.rows] = i
    columns: dict[str, Any] = {
        "model": pa.array([one.model.name] * n, pa.string()),
        "role": pa.array([one.model.role] * n, pa.string()),
        "seed": pa.array(np.full(n, one.seed, np.int64)),
        "corpus": pa.array([data.corpus] * n, pa.string()),
        "split": pa.array([data.split] * n, pa.string()),
        "fold": pa.array(folds),
        "id": pa.array(data.test.ids, pa.string()),
        "group": pa.array(data.test.groups, pa.string()),
        "is_duplicate": pa.array(is_leaked),
        "label": pa.array(data.test.labels, pa.string()),
        "predicted": pa.array(answers.predicted, pa.string()),
        "probability": pa.array(_of_predicted(data, one), pa.float32(), from_pandas=True),
    }
    for i, label in enumerate(data.labels):
        given = None if answers.proba is None else answers.proba[:, i].copy()
        columns[f"p/{label}"] = pa.nulls(n, pa.float32()) if given is None else pa.array(given)
    return pa.table(columns)


def _of_predicted(data: Data, one: Trained) -> NDArray[np.float32]:
    """Probability of the predicted label, NaN where there is none; shape (n_test,)."""
    codes = label_codes(one.answers.predicted, data.labels)
    chosen = np.full(len(codes), np.nan, np.float32)
    rows = np.flatnonzero(codes < len(data.labels))
    if one.answers.proba is not None:
        chosen[rows] = one.answers.proba[rows, codes[rows]]
    return chosen
