"""Columns: which columns of a table hold the text, its id, its article and its place there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.labelling.problem import LabellingError, unknown_column

TEXTS = ("headline", "previous", "following")
COUNTS = ("index", "n_paragraphs")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns; what is None goes by its usual name, where there is one.

    Parameters
    ----------
    text, id, group : str or None
        By default ``text``, ``id`` and ``group``. The text must be there; one of the others must
        where it is named here.
    """

    text: str | None = None
    id: str | None = None
    group: str | None = None

    def found(self, known: Sequence[str], *, where: object, pages: bool) -> dict[str, str]:
        """Our names to the table's, for all columns that are read.

        Parameters
        ----------
        known : sequence of str
            Columns of the table.
        where : object
            Names the table in messages.
        pages : bool
            Whether rows are whole pages, which have their headlines and neighbours in themselves.

        Raises
        ------
        LabellingError
            A column is missing.

        Examples
        --------
        >>> Columns(text="body").found(["body", "group", "year"], where="x.csv", pages=False)
        {'text': 'body', 'group': 'group'}
        """
        wanted = {"text": self.text, "id": self.id, "group": None if pages else self.group}
        for ours, name in wanted.items():
            if (name or ours == "text") and (name or ours) not in known:
                advice = f"say which column it is with --{ours}-column"
                raise LabellingError(unknown_column(where, name or ours, known, advice=advice))
        usual = ("text", "id") if pages else ("text", "id", "group", *COUNTS, *TEXTS)
        named = {ours: wanted.get(ours) or ours for ours in usual}
        return {ours: name for ours, name in named.items() if name in known}
