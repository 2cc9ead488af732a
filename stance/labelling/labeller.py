"""Labeller: some rows of a corpus → a table of their labels and one of what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stance.article import Part
from stance.labelling.findings import Findings, find
from stance.labelling.pages import articles_in
from stance.labelling.problem import LabellingError
from stance.labelling.rows import id_text, runs_in, values_of
from stance.models import DEFAULT, load

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.classifiers.type_scorer import TypeScorer

DIGITS = 4
"""Of probabilities, as everywhere in the package."""


class Labelled(NamedTuple):
    """Tables of labels and of errors, in the order of rows."""

    labels: pa.Table
    errors: pa.Table


@dataclass(frozen=True, slots=True)
class Labeller:
    """Labels tables of paragraphs, or of pages. Small, picklable; the model is loaded on first use.

    Parameters
    ----------
    model : str
        Name of a paragraph-type model of ``stance.models.names()``.
    voices : bool
        Whether voices are told too; types alone take a fraction of the time.
    pages : bool
        Whether each row is a whole page, of which every part gets a row of labels.

    Examples
    --------
    >>> found = Labeller()({"text": ["“It will reopen,” said mayor Ida Lund.", None]})
    >>> found["type"], found["voice"], found["error"]
    (['quote', None], ['Ida Lund', None], [None, 'text: nothing there (null)'])
    """

    model: str = DEFAULT
    voices: bool = True
    pages: bool = False

    def __post_init__(self) -> None:
        from stance.models import names, summary

        fitting = [name for name in names() if summary(name)["task"] == "paragraph-type"]
        if self.model not in fitting:
            raise LabellingError(
                f"unknown model {self.model!r}, expected one that tells paragraph types: {fitting}"
            )

    @property
    def scorer(self) -> TypeScorer:
        """The model, loaded once in a process."""
        return load(self.model)

    def schema(self) -> pa.Schema:
        """Columns of the table of labels."""
        import pyarrow as pa

        place = [("row", pa.int64()), ("id", pa.string())]
        if self.pages:
            place += [("index", pa.int32()), ("part", pa.string()), ("reason", pa.string())]
            place += [("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())]
        columns = [*place, ("type", pa.string()), ("probability", pa.float64())]
        columns += [(f"probability_{name}", pa.float64()) for name in self.scorer.classes]
        if self.voices:
            columns += [("voice", pa.string()), ("via", pa.list_(pa.string()))]
        return pa.schema(columns)

    def label(self, table: pa.Table) -> Labelled:
        """Labels of some rows. They do not depend on rows of other articles.

        Parameters
        ----------
        table : pyarrow.Table
            Columns as ``stance.labelling.rows`` names them.

        Returns
        -------
        Labelled
            ``labels`` has the columns of ``schema()``, a row for every row that could be labelled
            (every part of it, of pages); ``errors`` has ``row``, ``id``, ``reason``.
        """
        columns = {name: values_of(table[name]) for name in table.column_names}
        ids = [id_text(value) for value in columns.get("id", [None] * table.num_rows)]
        if self.pages:
            owners, named, found, reasons = self._pages(columns, ids)
        else:
            owners, named = list(range(table.num_rows)), {}
            found, reasons = self._paragraphs(columns)
        rows = {"row": [columns["row"][i] for i in owners], "id": [ids[i] for i in owners]}
        labels = _table(rows | named | self._columns(found), self.schema())
        if reasons:
            labels = labels.take(_positions(k for k, i in enumerate(owners) if i not in reasons))
        failed = sorted(reasons)
        errors = {
            "row": [columns["row"][i] for i in failed],
            "id": [ids[i] for i in failed],
            "reason": [id_text(reasons[i]) for i in failed],
        }
        return Labelled(labels, _table(errors, error_schema()))

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """New columns for ``dataset.map(labeller, batched=True)``, null where there is an error.

        Rows of one ``group`` that stand together in the batch are decoded together; where that
        matters at the batches' ends too, ``label_dataset`` is the better way.

        Raises
        ------
        LabellingError
            The batch has no ``text``, or this labeller is for pages.
        """
        if self.pages or "text" not in batch:
            raise LabellingError(
                f"expected rows that are paragraphs, with a column 'text', got {list(batch)}: "
                "rename_column gives it that name; pages are for label_corpus"
            )
        found, reasons = self._paragraphs({name: list(batch[name]) for name in batch})
        made = {name: column.to_pylist() for name, column in self._columns(found).items()}
        for i in reasons:
            for values in made.values():
                values[i] = None
        return made | {"error": [reasons.get(i) for i in range(len(found.voices))]}

    def _paragraphs(self, columns: Mapping[str, list[Any]]) -> tuple[Findings, dict[int, str]]:
        runs, rejected = runs_in(columns)
        found = find(self.scorer, runs, len(columns["text"]), voices=self.voices)
        return found, found.reasons | {one.at: one.reason for one in rejected}

    def _pages(
        self, columns: Mapping[str, list[Any]], ids: Sequence[str | None]
    ) -> tuple[list[int], dict[str, list[Any]], Findings, dict[int, str]]:
        """Of each part the row that it belongs to, and what the columns say of it."""
        articles, runs, reasons = articles_in(columns, ids)
        parts = [(i, k, part) for i, article in articles for k, part in enumerate(article.parts)]
        found = find(self.scorer, runs, len(parts), voices=self.voices)
        owners = [i for i, _, _ in parts]
        reasons |= {owners[at]: reason for at, reason in found.reasons.items()}
        return owners, _part_columns([(k, part) for _, k, part in parts]), found, reasons

    def _columns(self, found: Findings) -> dict[str, pa.Array]:
        """Columns of types and voices, null where nothing was found."""
        import pyarrow as pa

        classes, proba = self.scorer.classes, found.probabilities
        is_found = ~np.isnan(proba[:, 0])
        best = np.where(is_found[:, None], proba, 0).argmax(axis=1).astype(np.int8)
        codes = pa.array(best, mask=~is_found)
        rounded = proba.round(DIGITS)
        columns = {
            "type": pa.DictionaryArray.from_arrays(codes, list(classes)).cast(pa.string()),
            "probability": pa.array(rounded.max(axis=1), from_pandas=True),  # NaN becomes null
        }
        for name, values in zip(classes, rounded.T, strict=True):
            columns[f"probability_{name}"] = pa.array(values, from_pandas=True)
        if self.voices:
            names = [voice and voice.name for voice in found.voices]
            via = [None if voice is None else list(voice.via) for voice in found.voices]
            columns["voice"] = pa.array(names, pa.string())
            columns["via"] = pa.array(via, pa.list_(pa.string()))
        return columns


def error_schema() -> pa.Schema:
    """Columns of the table of errors."""
    import pyarrow as pa

    return pa.schema([("row", pa.int64()), ("id", pa.string()), ("reason", pa.string())])


def _positions(found: Iterable[int]) -> pa.Array:
    import pyarrow as pa

    return pa.array(found, pa.int64())


def _part_columns(parts: Sequence[tuple[int, Part]]) -> dict[str, list[Any]]:
    return {
        "index": [k for k, _ in parts],
        "part": [part.kind for _, part in parts],
        "reason": [part.reason for _, part in parts],
        "start": [part.start for _, part in parts],
        "end": [part.end for _, part in parts],
        "text": [id_text(part.text) for _, part in parts],  # which may hold a lone surrogate
    }


def _table(columns: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    given = [columns[field.name] for field in schema]
    arrays = [
        pa.array(one, field.type) if isinstance(one, list) else one
        for one, field in zip(given, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
