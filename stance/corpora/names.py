"""Choices by name, and the message for a name that is none of them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Protocol, TypeVar


class Named(Protocol):
    """Anything that has a name."""

    @property
    def name(self) -> str:
        """The name it is chosen by."""


T = TypeVar("T", bound=Named)


def pick(choices: Iterable[T], name: str | None, *, what: str) -> T:
    """The choice whose ``name`` is asked for, the first for None.

    Raises
    ------
    ValueError
        No choice has that name; the message names the closest one and lists all.
    """
    by_name = {choice.name: choice for choice in choices}
    if name is None:
        return next(iter(by_name.values()))
    if name not in by_name:
        raise ValueError(unknown(what, name, list(by_name)))
    return by_name[name]


def unknown(what: str, name: object, known: list[str]) -> str:
    """The message for a name that is none of the known ones.

    Examples
    --------
    >>> unknown("task", "stanse", ["type", "stance"])
    "task 'stanse' is unknown: did you mean 'stance'? Known: type, stance"
    """
    close = get_close_matches(str(name), known, n=1)
    hint = f" did you mean {close[0]!r}?" if close else ""
    return f"{what} {name!r} is unknown:{hint} Known: {', '.join(known)}".replace(
        ": Known", "; known"
    )
