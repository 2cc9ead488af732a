"""Frame: the stances of labels on disk as a table that spreadsheets can hold, a row for each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.labelling.problem import LabellingError

if TYPE_CHECKING:
    from pandas import DataFrame

_FROM_LABELS = ("row", "id", "index", "type", "voice")


def stances_frame(labels: str | os.PathLike[str]) -> DataFrame:
    """A row for each stance of a file of labels: which voice is on which side, toward what.

    Parameters
    ----------
    labels : path
        What ``stance label CORPUS --out labels.parquet --targets FILE`` wrote.

    Returns
    -------
    pandas.DataFrame
        ``row``, ``id``, ``index`` (of pages), ``type`` and ``voice`` of the paragraph; then
        ``target``, ``stance``, its ``probability``, ``probability_<stance>`` of each, and
        ``start`` and ``end`` of the mention. In the order of the rows, then of the targets. All
        stances are held in memory, some 200 bytes each.

    Raises
    ------
    LabellingError
        The file cannot be read, or was made without targets.

    Examples
    --------
    ::

        stances = stances_frame("labels.parquet")
        stances.groupby(["target", "voice", "stance"]).size()
        stances.to_csv("stances.csv", index=False)  # or to_excel, with openpyxl
    """
    import pyarrow as pa
    from pyarrow import compute, parquet

    path = Path(labels)
    try:
        names = parquet.read_schema(path).names
        if "stances" not in names:
            raise LabellingError(f"{path}: expected a column 'stances', got {names}: give targets")
        kept = [name for name in _FROM_LABELS if name in names]
        table = parquet.read_table(path, columns=[*kept, "stances"])
    except (OSError, pa.ArrowException) as error:
        raise LabellingError(f"{path}: cannot be read as Parquet: {error}") from error
    stances = table["stances"].combine_chunks()
    told = table.select(kept).take(compute.list_parent_indices(stances))
    sides: Any = compute.list_flatten(stances)
    for field, values in zip(sides.type, sides.flatten(), strict=True):
        told = told.append_column(field.name, values)
    return told.to_pandas()
