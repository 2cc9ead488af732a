"""Labeller: some rows of a corpus → a table of their labels and one of what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stance.article import Part
from stance.labelling.findings import Findings, find
from stance.labelling.pages import articles_in, on_page
from stance.labelling.problem import LabellingError
from stance.labelling.rows import id_text, runs_in, values_of
from stance.labelling.stances import DIGITS, Sides, sides_column, sides_type
from stance.models import DEFAULT
from stance.models.tiers import tier
from stance.targets import Target, TargetError, finder_of, parse_targets

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset, Features

    from stance.classifiers.teller import Teller
    from stance.labelling.rows import Run
    from stance.models.tiers import Tier


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
        "fast", "accurate", a shipped model of paragraph types, or the folder of an encoder
        (``stance.models.tiers.tier``).
    voices : bool
        Whether voices are told too; types alone take a fraction of the time.
    pages : bool
        Whether each row is a whole page, of which every part gets a row of labels.
    targets : tuple of Target
        What the stances of voices are asked about. Texts are read as ``parse_targets`` does:
        "Russia", "the coalition=United States,American forces".

    Raises
    ------
    LabellingError
        There is no such model, or it needs an extra that is not installed; a target cannot be one,
        or two have the same name; or targets are given without voices.

    Examples
    --------
    >>> found = Labeller()({"text": ["“It will reopen,” said mayor Ida Lund.", None]})
    >>> found["type"], found["voice"], found["error"]
    (['quote', None], ['Ida Lund', None], [None, 'text: nothing there (null)'])
    >>> text = "“The ferry sale robs us all and must be stopped,” said mayor Ida Lund."
    >>> (side,) = Labeller(targets=["the ferry sale"])({"text": [text]})["stances"][0]
    >>> side["target"], side["stance"], text[side["start"] : side["end"]]
    ('the ferry sale', 'against', 'ferry sale')
    """

    model: str = DEFAULT
    voices: bool = True
    pages: bool = False
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", _targets(self.targets))
        if self.targets and not self.voices:
            raise LabellingError("targets: expected voices as well: a stance is a voice's")
        try:
            lacking = self.tier.lacking
        except ValueError as error:
            raise LabellingError(str(error)) from error
        if lacking:
            raise LabellingError(f"model {self.model!r:.80}: {lacking}")

    @property
    def tier(self) -> Tier:
        """What the model's name stands for."""
        return tier(self.model)

    def load(self) -> None:
        """Load the models now: what is wrong with them is told before any work is begun.

        Raises
        ------
        ModelError
            Their files are missing or damaged.
        """
        _ = self.scorer, self.sides

    @property
    def scorer(self) -> Teller:
        """What tells types, loaded once in a process."""
        return self.tier.types

    @property
    def sides(self) -> Sides | None:
        """What tells stances; None where nothing is asked about."""
        return Sides(finder_of(self.targets), self.tier.sides) if self.targets else None

    def schema(self) -> pa.Schema:
        """Columns of the table of labels."""
        import pyarrow as pa

        place = [("row", pa.int64()), ("id", pa.string())]
        if self.pages:
            place += [("index", pa.int32()), ("part", pa.string()), ("reason", pa.string())]
            place += [("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())]
        columns = [*place, ("type", pa.string()), ("probability", pa.float64())]
        columns += [(f"probability_{name}", pa.float64()) for name in self.scorer.classes]
        if self.tier.quoted is not None:
            columns.append(("quoted", pa.float64()))
        if self.voices:
            columns += [("voice", pa.string()), ("via", pa.list_(pa.string()))]
        if self.targets:
            columns.append(("stances", sides_type(self.tier.sides.classes)))
        return pa.schema(columns)

    def features(self, dataset: Dataset) -> Features:
        """What ``dataset.map(labeller, batched=True, features=…)`` makes of a dataset.

        Without them, ``map`` takes each column's type from the first batch alone, and stops where
        that has nothing to take it from: no paragraph of it that mentions a target, say.
        """
        import pyarrow as pa
        from datasets import Features

        added = pa.schema([*list(self.schema())[2:], pa.field("error", pa.string())])
        return Features(dataset.features | Features.from_arrow_schema(added))

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
        matters at the batches' ends too, ``label_dataset`` is the better way. With targets, give
        ``map`` also ``features=labeller.features(dataset)``.

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

    def _found(self, runs: Sequence[Run], n: int) -> Findings:
        asked = self.tier
        return find(asked.types, runs, n, voices=self.voices, sides=self.sides, quoted=asked.quoted)

    def _paragraphs(self, columns: Mapping[str, list[Any]]) -> tuple[Findings, dict[int, str]]:
        runs, rejected = runs_in(columns)
        n = len(columns["text"])
        found = self._found(runs, n)
        return found, found.reasons | {one.at: one.reason for one in rejected}

    def _pages(
        self, columns: Mapping[str, list[Any]], ids: Sequence[str | None]
    ) -> tuple[list[int], dict[str, list[Any]], Findings, dict[int, str]]:
        """Of each part the row that it belongs to, and what the columns say of it."""
        articles, runs, reasons = articles_in(columns, ids)
        parts = [(i, k, part) for i, article in articles for k, part in enumerate(article.parts)]
        found = self._found(runs, len(parts))
        pages = {i: article.text for i, article in articles}
        for at, ((i, _, part), told) in enumerate(zip(parts, found.stances, strict=True)):
            if told:
                found.stances[at] = on_page(told, part, pages[i])
        owners = [i for i, _, _ in parts]
        reasons |= {owners[at]: reason for at, reason in found.reasons.items()}
        return owners, _part_columns([(k, part) for _, k, part in parts]), found, reasons

    def _columns(self, found: Findings) -> dict[str, pa.Array]:
        """Columns of types, voices and stances, null where nothing was found."""
        import pyarrow as pa

        classes, proba = self.scorer.classes, found.probabilities
        codes = pa.array(found.types.astype(np.int8), mask=found.types < 0)
        rounded = proba.round(DIGITS)
        # Of what has no type, a probability of the last class: it has none of any.
        of_type = np.take_along_axis(rounded, found.types[:, None], axis=1)[:, 0]
        columns = {
            "type": pa.DictionaryArray.from_arrays(codes, list(classes)).cast(pa.string()),
            "probability": pa.array(of_type, from_pandas=True),  # NaN becomes null
        }
        for name, values in zip(classes, rounded.T, strict=True):
            columns[f"probability_{name}"] = pa.array(values, from_pandas=True)
        if (quoted := self.tier.quoted) is not None and found.flags is not None:
            flags = found.flags[:, quoted.classes.index("quote")].round(DIGITS)
            columns["quoted"] = pa.array(flags, from_pandas=True)
        if self.voices:
            names = [voice and voice.name for voice in found.voices]
            via = [None if voice is None else list(voice.via) for voice in found.voices]
            columns["voice"] = pa.array(names, pa.string())
            columns["via"] = pa.array(via, pa.list_(pa.string()))
        if self.targets:
            columns["stances"] = sides_column(found.stances, self.tier.sides.classes)
        return columns


def error_schema() -> pa.Schema:
    """Columns of the table of errors."""
    import pyarrow as pa

    return pa.schema([("row", pa.int64()), ("id", pa.string()), ("reason", pa.string())])


def _targets(given: Iterable[Target | str]) -> tuple[Target, ...]:
    if isinstance(given, str):
        raise LabellingError(
            f"targets: expected a list of targets, got {given!r:.80}: articles of a corpus share "
            "theirs, so that their stances can be compared"
        )
    try:
        targets = tuple(
            one if isinstance(one, Target) else parse_targets([one])[0] for one in given
        )
    except TargetError as error:
        raise LabellingError(f"targets: {error}") from error
    names = [target.name.casefold() for target in targets]
    twice = next((t.name for t in targets if names.count(t.name.casefold()) > 1), None)
    if twice is not None:
        raise LabellingError(f"targets: {twice!r:.80} is given twice: join its aliases")
    return targets


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
