"""About: a table that says which outlet published a page, and when, for pages that do not."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from stance.reading.decoding import PageError, decode
from stance.reading.provenance import Provenance, day_in, provenance_of

_COLUMNS = ("page", "outlet", "date")
_MAX_BYTES = 50_000_000


class AboutError(ValueError):
    """A table of pages cannot be read."""


def read_about(path: Path) -> dict[str, Provenance]:
    """Provenance by page.

    Parameters
    ----------
    path : Path
        CSV with a header: ``page`` (as it is given to the command, or the file's name alone), and
        ``outlet`` or ``date`` or both. Dates as in ``day_in``: 2021-03-04, 4 March 2021.

    Raises
    ------
    AboutError
        The file cannot be read, lacks a column, or a date is none.
    """
    try:
        with path.open("rb") as file:
            text = decode(file.read(_MAX_BYTES), source=str(path))
    except OSError as error:
        raise AboutError(f"{path}: cannot be read: {error.strerror}; check the path") from error
    except PageError as error:
        raise AboutError(str(error)) from error
    rows = csv.DictReader(text.splitlines())
    header = tuple(rows.fieldnames or ())
    if "page" not in header or len(set(header) & set(_COLUMNS)) < 2:
        raise AboutError(
            f"{path}: expected the columns page, outlet and date, got {', '.join(header)!r:.80}"
        )
    found = {}
    for row in rows:
        day = (row.get("date") or "").strip()
        if day and day_in(day) is None:
            raise AboutError(
                f"{path}, line {rows.line_num}: date = {day!r:.40}, must be a day with its year, "
                "such as 2021-03-04"
            )
        outlet = " ".join((row.get("outlet") or "").split())
        found[(row["page"] or "").strip()] = Provenance(outlet, day_in(day))
    return found


def provenance_in(source: str, table: Mapping[str, Provenance]) -> Provenance:
    """Where a page comes from: by the table, and by the page itself where the table is silent.

    Parameters
    ----------
    source : str
        The page's path, address, or ``-``.
    table : mapping of str to Provenance
        What ``read_about`` gives.
    """
    told = table.get(source) or table.get(Path(source).name) or Provenance()
    if told.outlet and told.day:
        return told
    own = provenance_of(_characters(source), source=source)
    return Provenance(told.outlet or own.outlet, told.day or own.day)


def _characters(source: str) -> str:
    """The page's characters; none where it is no file (an address tells by itself)."""
    if "://" in source or source in ("", "-"):
        return ""
    try:
        return decode(Path(source).read_bytes(), source=source)
    except (OSError, PageError, ValueError):
        return ""
