"""Dataset: a ``datasets.Dataset`` → the same with columns of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.labelling.columns import Columns
from stance.labelling.labeller import Labelled, Labeller
from stance.labelling.problem import LabellingError
from stance.labelling.shards import PARAGRAPHS, shards_of
from stance.labelling.source import open_source
from stance.labelling.workers import in_this_process, on_processes

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset


def label_dataset(
    dataset: Dataset,
    *,
    labeller: Labeller | None = None,
    columns: Columns | None = None,
    jobs: int = 1,
) -> Dataset:
    """The dataset with columns of labels: ``type``, ``probability``, ``voice`` and the others.

    With ``labeller=Labeller(targets=[…])`` also ``stances``, of each paragraph's voice.

    Parameters
    ----------
    dataset : datasets.Dataset
        A paragraph in each row. Its own columns stay as they are.
    labeller : Labeller, optional
    columns : Columns, optional
    jobs : int
        Processes.

    Returns
    -------
    datasets.Dataset
        With the columns of ``labeller.schema()`` but ``row`` and ``id``, and ``error``: why a row
        could not be labelled, null where it could. Labels are held in memory, 100 bytes a row; for
        more than memory takes, save the dataset and use ``label_corpus``.

    Raises
    ------
    LabellingError
        A column is missing, or has the name of one to come.

    Examples
    --------
    >>> from datasets import Dataset
    >>> texts = ["“We lost,” said Ida Lund.", "The port was shut on Monday for a week."]
    >>> dataset = Dataset.from_dict({"text": texts})
    >>> labelled = label_dataset(dataset)
    >>> labelled["type"][:], labelled["voice"][:]
    (['quote', 'report'], ['Ida Lund', 'author'])
    """
    import pyarrow as pa
    from datasets import Dataset, concatenate_datasets

    labeller = labeller or Labeller()
    if labeller.pages:
        raise LabellingError("expected rows that are paragraphs: pages are for label_corpus")
    if jobs < 1:
        raise LabellingError(f"jobs = {jobs!r}, must be >= 1")
    taken = {*labeller.schema().names[2:], "error"} & set(dataset.column_names)
    if taken:
        raise LabellingError(
            f"the dataset has the columns {sorted(taken)} already: remove_columns or rename_column "
            "makes room"
        )
    source = open_source(dataset, columns=columns)
    shards = shards_of(source.batches(), size=PARAGRAPHS)
    found = (
        in_this_process(labeller, shards)
        if jobs == 1
        else on_processes(labeller, shards, jobs=jobs)
    )
    tables = dict(found)
    labels = [_aligned(tables[number]) for number in sorted(tables)]
    if not labels:
        raise LabellingError("the dataset has no rows")
    added = Dataset(pa.concat_tables(labels).drop_columns(["row", "id"]))
    return concatenate_datasets([dataset, added], axis=1)


def _aligned(labelled: Labelled) -> pa.Table:
    """A row for every row of the shard, null where it could not be labelled."""
    import pyarrow as pa

    labels, errors = labelled
    nulls: dict[str, Any] = {"row": errors["row"], "error": errors["reason"]}
    missing = pa.table(nulls)
    named = labels.append_column("error", pa.nulls(labels.num_rows, pa.string()))
    together = pa.concat_tables([named, missing], promote_options="default")
    return together.sort_by("row")
