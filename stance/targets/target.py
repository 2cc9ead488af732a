"""Target: what a stance is about, by its name and the other names it goes by."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

MAX_NAME = 300
"""Characters that a name may have; a claim is a sentence, and no longer."""

MAX_ALIASES = 2_000
_MAX_FILE = 4_000_000  # bytes
_BLANKS = re.compile(r"\s+")


class TargetError(ValueError):
    """A target that cannot be one: without a name, too long, or given twice."""


@dataclass(frozen=True, slots=True)
class Target:
    """A person, group, place, policy or claim that a stance can be toward.

    Parameters
    ----------
    name : str
        1 to 300 characters, a letter or digit among them.
    aliases : tuple of str
        Other names of the same target, of the same form; none twice.

    Raises
    ------
    TargetError
        A name is empty, too long or has no letter, or there are more than 2,000 aliases.

    Examples
    --------
    >>> Target("Russia").aliases
    ()
    """

    name: str
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.aliases, tuple):
            raise TargetError(f"target {self.name!r:.80}: aliases must be a tuple of str")
        if len(self.aliases) > MAX_ALIASES:
            raise TargetError(
                f"target {self.name!r:.80}: expected at most {MAX_ALIASES} aliases,"
                f" got {len(self.aliases)}"
            )
        for name in self.names:
            _check(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases, in this order."""
        return (self.name, *self.aliases)


def parse_target(text: str) -> Target:
    """Target from what a user writes: ``NAME`` or ``NAME=ALIAS,ALIAS``.

    Parameters
    ----------
    text : str
        A name that holds "=" or an alias that holds "," cannot be written so; a JSON file can.

    Raises
    ------
    TargetError
        There is no name, an alias is empty or given twice, or one is too long.

    Examples
    --------
    >>> parse_target("U.S.-led coalition=United States, American forces")
    Target(name='U.S.-led coalition', aliases=('United States', 'American forces'))
    """
    if not isinstance(text, str):
        raise TargetError(f"expected a target as text, got {text!r:.80}")
    name, equals, rest = text.partition("=")
    name = _folded(name)
    if not name:
        raise TargetError(f"target {text!r:.80}: expected a name before any '=', got none")
    if "=" in rest:
        raise TargetError(f"target {text!r:.80}: expected one '=', as in NAME=ALIAS,ALIAS")
    if not equals:
        return _distinct(name, (), text)
    aliases = [_folded(alias) for alias in rest.split(",")]
    if not any(aliases):
        raise TargetError(f"target {text!r:.80}: expected an alias after '=', got none")
    if not all(aliases):
        raise TargetError(f"target {text!r:.80}: alias {aliases.index('') + 1} is empty")
    return _distinct(name, tuple(aliases), text)


def parse_targets(texts: Iterable[str]) -> tuple[Target, ...]:
    """Targets from several such texts; no two may share their name.

    Examples
    --------
    >>> [target.name for target in parse_targets(["Russia", "the tax bill"])]
    ['Russia', 'the tax bill']
    """
    return _all_distinct([parse_target(text) for text in texts])


def read_targets(path: str | os.PathLike[str]) -> tuple[Target, ...]:
    """Targets from a file.

    Parameters
    ----------
    path : str or path
        ``.json``: a list of names, or of objects with ``name`` and, if it has any, ``aliases``.
        ``.csv``: a target a row, its name first and aliases in the cells after it; a first row
        that begins with ``name`` is a heading. Any other file: a line each, as
        :func:`parse_target` takes them; empty lines and lines that begin with ``#`` do not count.

    Raises
    ------
    TargetError
        The file cannot be read, names no target, or has one that cannot be one; the message
        says where.
    """
    file = Path(path)
    try:
        if file.stat().st_size > _MAX_FILE:
            raise TargetError(f"{file}: expected a file of at most {_MAX_FILE:,} bytes")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TargetError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TargetError(f"{file}: expected UTF-8, got byte {error.start} that is not") from error
    read = {".json": _from_json, ".csv": _from_csv}.get(file.suffix.lower(), _from_lines)
    try:
        targets = _all_distinct(read(text))
    except TargetError as error:
        raise TargetError(f"{file}: {error}") from error
    if not targets:
        raise TargetError(f"{file}: expected a target, got none")
    return targets


def _from_lines(text: str) -> list[Target]:
    targets = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            targets.append(parse_target(line))
        except TargetError as error:
            raise TargetError(f"line {number}: {error}") from error
    return targets


def _from_csv(text: str) -> list[Target]:
    try:
        rows = list(csv.reader(StringIO(text), strict=True))
    except csv.Error as error:
        raise TargetError(f"expected CSV: {error}") from error
    targets = []
    for number, row in enumerate(rows, 1):
        cells = [_folded(cell) for cell in row]
        if not any(cells) or (number == 1 and cells[0].lower() == "name"):
            continue
        try:
            targets.append(_distinct(cells[0], tuple(filter(None, cells[1:])), ",".join(row)))
        except TargetError as error:
            raise TargetError(f"row {number}: {error}") from error
    return targets


def _from_json(text: str) -> list[Target]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TargetError(f"expected JSON: {error}") from error
    if not isinstance(values, list):
        raise TargetError(f"expected a list of targets, got {values!r:.80}")
    targets = []
    for number, value in enumerate(values, 1):
        try:
            targets.append(_from_value(value))
        except TargetError as error:
            raise TargetError(f"item {number}: {error}") from error
    return targets


def _from_value(value: object) -> Target:
    if isinstance(value, str):
        return _distinct(_folded(value), (), value)
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        raise TargetError(f"expected a name or an object with 'name', got {value!r:.80}")
    unknown = sorted(set(value) - {"name", "aliases"})
    if unknown:
        raise TargetError(f"expected 'name' and 'aliases', got {unknown[0]!r:.80} as well")
    aliases = value.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise TargetError(f"expected 'aliases' to be a list of str, got {aliases!r:.80}")
    return _distinct(_folded(value["name"]), tuple(map(_folded, aliases)), value["name"])


def _distinct(name: str, aliases: tuple[str, ...], text: str) -> Target:
    seen: set[str] = set()
    for given in (name, *aliases):
        if given in seen:
            raise TargetError(f"target {text!r:.80}: {given!r:.80} is given twice")
        seen.add(given)
    return Target(name, aliases)


def _all_distinct(targets: list[Target]) -> tuple[Target, ...]:
    seen: set[str] = set()
    for target in targets:
        key = target.name.casefold()
        if key in seen:
            raise TargetError(f"target {target.name!r:.80} is given twice: join its aliases")
        seen.add(key)
    return tuple(targets)


def _folded(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _check(name: str) -> None:
    if not isinstance(name, str):
        raise TargetError(f"expected the name of a target as text, got {name!r:.80}")
    if len(name) > MAX_NAME:
        raise TargetError(
            f"target {name[:40]!r}…: expected at most {MAX_NAME} characters, got {len(name):,}"
        )
    if not any(character.isalnum() for character in name):
        raise TargetError(f"target {name!r:.80}: expected a letter or a digit in the name")
