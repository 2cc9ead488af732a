"""Problem: what keeps a corpus from being labelled, in one message for its user."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class LabellingError(ValueError):
    """A corpus, a setting or a place to write that cannot be used: what, where, what to do."""


def unknown_column(where: object, name: str, known: Iterable[str], *, advice: str) -> str:
    """Message for a column that is not there: the nearest name, and the list.

    Examples
    --------
    >>> unknown_column("news.csv", "txt", ["id", "text"], advice="name it")
    "news.csv: expected a column 'txt', got ['id', 'text']; did you mean 'text'? name it"
    """
    names = [str(one) for one in known]
    close = get_close_matches(name.lower(), [one.lower() for one in names], n=1)
    nearest = next((one for one in names if close and one.lower() == close[0]), None)
    hint = f"did you mean {nearest!r}? " if nearest else ""
    return f"{where}: expected a column {name!r}, got {names!r:.400}; {hint}{advice}"
