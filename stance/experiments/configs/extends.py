"""Extends: a config that begins where another one stands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stance.experiments.configs.mistakes import nearest
from stance.experiments.configs.source import ConfigError, Location, Source, copied, read_source

KEY = "extends"
OWN = ("name", "save_model")
"""Keys that say where a config writes: a config that took them over would write over its base's."""


def read_extended(path: Path) -> Source:
    """The values of a YAML file, laid over those of the files that it extends.

    ``extends: base.yaml`` (or a list, the later ones over the earlier ones) names files relative to
    the one that says so. Maps are merged key by key; lists and single values are replaced, and so
    are maps that are of another ``kind`` than the base's, whose keys mean other things. ``name``
    and ``save_model`` stay with the file that gives them.

    Raises
    ------
    ConfigError
        A file cannot be read, is no YAML, or extends itself, by whatever way round.
    """
    return _Reading().read(path, ())


class _Reading:
    """Every file once, however many extend it."""

    def __init__(self) -> None:
        self.done: dict[str, Source] = {}

    def read(self, path: Path, chain: tuple[Path, ...]) -> Source:
        key = os.path.realpath(path)
        if key not in self.done:
            self.done[key] = self._read(path, (*chain, path))
        return self.done[key]

    def _read(self, path: Path, chain: tuple[Path, ...]) -> Source:
        source = read_source(path)
        whole: Source | None = None
        for at, name in _bases(source):
            base = self.read(_checked(source, at, name, chain=chain), chain)
            whole = _without(base, OWN) if whole is None else merged(whole, _without(base, OWN))
        own = _without(source, (KEY,))
        return own if whole is None else merged(whole, own)


def merged(base: Source, over: Source) -> Source:
    """One source laid over another.

    Examples
    --------
    >>> base = Source("b.yaml", {"split": {"kind": "official"}, "seeds": [0, 1]}, {})
    >>> over = Source("x.yaml", {"split": {"test": "dev"}, "seeds": [7]}, {})
    >>> merged(base, over).value
    {'split': {'kind': 'official', 'test': 'dev'}, 'seeds': [7]}
    """
    replaced: list[Location] = []
    value = _laid(base.value, over.value, (), replaced)
    kept = [at for at in base.lines if not any(at[: len(r)] == r for r in replaced)]
    return replace(
        over,
        value=value,
        lines={at: base.lines[at] for at in kept} | dict(over.lines),
        paths={at: base.paths.get(at, base.path) for at in kept if at not in over.lines}
        | dict(over.paths),
        mistakes=tuple(dict.fromkeys((*over.mistakes, *base.mistakes))),
    )


def laid_over(base: Any, over: Any) -> Any:
    """One value laid over another: maps of one kind are merged, all else is replaced."""
    return _laid(base, over, (), [])


def _laid(base: Any, over: Any, at: Location, replaced: list[Location]) -> Any:
    if not isinstance(base, dict) or not isinstance(over, dict) or _differ(base, over):
        replaced.append(at)
        return copied(over)
    value = copied(base)
    for key, item in over.items():
        where = (*at, key)
        value[key] = _laid(base[key], item, where, replaced) if key in base else copied(item)
    return value


def _differ(base: dict[str, Any], over: dict[str, Any]) -> bool:
    return "kind" in over and "kind" in base and over["kind"] != base["kind"]


def _bases(source: Source) -> list[tuple[Location, str]]:
    given = source.value.get(KEY, [])
    names: list[tuple[Location, str]] = [((KEY,), given)] if isinstance(given, str) else []
    if isinstance(given, list):
        names = [((KEY, i), name) for i, name in enumerate(given)]
    if isinstance(given, str | list) and all(isinstance(name, str) for _, name in names):
        return names
    raise ConfigError(
        [f"{source.place((KEY,))}: {KEY} = {given!r:.80}, must be a file or a list of files"]
    )


def _checked(source: Source, at: Location, name: str, *, chain: Sequence[Path]) -> Path:
    """The path of a base; one that leads back or nowhere is a mistake."""
    path = Path(os.path.normpath(Path(source.path).parent / name))
    told = f"{source.place(at)}: {source.called(at)} = {name!r}, must be"
    try:
        real, before = os.path.realpath(path), [os.path.realpath(one) for one in chain]
        is_file = path.is_file()
    except (ValueError, OSError) as error:  # characters or a length that no path can have
        raise ConfigError([f"{told} a file's name: {error}"]) from error
    if real in before:
        loop = [*chain[before.index(real) :], path]
        raise ConfigError([f"{told} no file that leads back: {' → '.join(map(str, loop))}"])
    if not is_file:
        folder = path.parent
        known = sorted(p.name for p in folder.glob("*.y*ml")) if folder.is_dir() else []
        hint = nearest(path.name, known) if known else ""
        raise ConfigError([f"{told} a file, there is no {path}{hint}"])
    return path


def _without(source: Source, keys: Sequence[str]) -> Source:
    return replace(
        source,
        value={key: value for key, value in source.value.items() if key not in keys},
        lines={at: line for at, line in source.lines.items() if not at or at[0] not in keys},
        paths={at: path for at, path in source.paths.items() if not at or at[0] not in keys},
    )
