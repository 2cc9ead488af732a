"""Source: a YAML file as values, each with the line that it stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

Location = tuple[str | int, ...]

_MAX_NODES = 100_000  # aliases of aliases can name billions of values in a page
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


class ConfigError(ValueError):
    """Mistakes of a config, one a line: ``file:line: key = value, must be …``."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says, and where it says it.

    Parameters
    ----------
    path : str
        As it is to be shown.
    value : dict
        Of plain dicts, lists and scalars.
    lines : mapping of location to int
        Line of every key and list item, counted from one; 0 for what an override set.
    mistakes : tuple of str
        What is wrong with the file whatever its values mean: keys given twice.
    """

    path: str
    value: dict[str, Any]
    lines: Mapping[Location, int]
    mistakes: tuple[str, ...] = ()

    def place(self, location: Location) -> str:
        """Where a value stands: ``file:line``, by the nearest key above where it is missing."""
        while location and location not in self.lines:
            location = location[:-1]
        line = self.lines.get(location, 1)
        return f"{self.path}:{line}" if line else f"{self.path}, override"


def read_source(path: Path) -> Source:
    """The values of a YAML file and their lines.

    Nothing but plain values is built from the file: tags that would make objects are refused.
    Merge keys (``<<``) are not: they are a key that no section knows.

    Raises
    ------
    ConfigError
        The file cannot be read, is not YAML, or is no map of keys. Keys that are given twice are
        among the source's ``mistakes``, to be told together with others.
    """
    try:
        node = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror or error}"]) from error
    except yaml.YAMLError as error:
        raise ConfigError([f"{path}:{_error_line(error)}: {_error_text(error)}"]) from error
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError([f"{path}:1: expected keys and values, such as 'question: …'"])
    reader = _Reader(str(path))
    value = reader.read(node, ())
    return Source(str(path), value, reader.lines, tuple(reader.mistakes))


def with_overrides(source: Source, overrides: Sequence[str]) -> Source:
    """The source with values set from outside, ``"models[0].classifier.C=2"``.

    Items of a list are named by place, ``models[0]`` or ``models.0``, or by their ``name``,
    ``models.ngrams``. Values are read as YAML. A key that is not there yet is added.

    Raises
    ------
    ConfigError
        An override has no ``=``, or a step of its path leads nowhere.

    Examples
    --------
    >>> source = Source("x.yaml", {"seeds": [0]}, {})
    >>> with_overrides(source, ["seeds=[1, 2]"]).value
    {'seeds': [1, 2]}
    """
    value, lines, mistakes = _copied(source.value), dict(source.lines), []
    for override in overrides:
        path, equals, text = override.partition("=")
        try:
            if not equals:
                raise KeyError("must have the form key=value")
            location = _set(value, path.strip(), yaml.safe_load(text))
        except (KeyError, yaml.YAMLError) as error:
            reason = error.args[0] if isinstance(error, KeyError) else _error_text(error)
            mistakes.append(f"override {override!r}: {reason}")
            continue
        lines = {at: line for at, line in lines.items() if at[: len(location)] != location}
        lines[location] = 0
    if mistakes:
        raise ConfigError([*source.mistakes, *mistakes])
    return replace(source, value=value, lines=lines)


def spelled(location: Location) -> str:
    """A location as users write it.

    Examples
    --------
    >>> spelled(("models", 0, "classifier", "C"))
    'models[0].classifier.C'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


class _Reader:
    """Nodes of YAML → values, keeping book of lines and of keys given twice."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: dict[Location, int] = {}
        self.mistakes: list[str] = []
        self._scalars = yaml.SafeLoader("")
        self._n_nodes = 0
        self._open: list[yaml.Node] = []

    def read(self, node: yaml.Node, at: Location) -> Any:
        self._n_nodes += 1
        if self._n_nodes > _MAX_NODES or any(node is outer for outer in self._open):
            line = node.start_mark.line + 1
            raise ConfigError([f"{self.path}:{line}: an alias that never ends, or too many values"])
        self.lines.setdefault(at, node.start_mark.line + 1)
        self._open.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, at)
            if isinstance(node, yaml.SequenceNode):
                return [self.read(item, (*at, i)) for i, item in enumerate(node.value)]
            return self._scalar(node)
        finally:
            self._open.pop()

    def _mapping(self, node: yaml.MappingNode, at: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            where = (*at, key)
            if key in values:
                self.mistakes.append(
                    f"{self.path}:{line}: {spelled(where)} is given twice, must be given once "
                    f"(first on line {self.lines[where]})"
                )
                continue
            self.lines[where] = line
            values[key] = self.read(value_node, where)
        return values

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            line = node.start_mark.line + 1
            raise ConfigError([f"{self.path}:{line}: {_error_text(error)}"]) from error


def _set(value: Any, path: str, new: Any) -> Location:
    """Put a value where a path leads; the place as a location."""
    steps = [name or int(place) for name, place in _STEP.findall(path)]
    if not steps:
        raise KeyError("must have the form key=value")
    location: list[str | int] = []
    for step in steps[:-1]:
        location.append(_found(value, step, location))
        value = value[location[-1]]
    last = steps[-1]
    if isinstance(value, dict):
        location.append(str(last))
    else:
        location.append(_found(value, last, location))
    value[location[-1]] = new
    return tuple(location)


def _found(value: Any, step: str | int, above: list[str | int]) -> str | int:
    """The key or place that a step names in a value."""
    if isinstance(value, dict):
        known: list[str | int] = list(value)
        step = str(step)
    elif isinstance(value, list):
        names = [item.get("name") if isinstance(item, dict) else None for item in value]
        if isinstance(step, str) and step in names:
            return names.index(step)
        known = list(range(len(value)))
        step = int(step) if str(step).isdecimal() else step
    else:
        known = []
    if step not in known:
        where = spelled(tuple(above)) or "the config"
        raise KeyError(f"{where} has no {step!r}, must be one of {known}")
    return step


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _error_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _error_text(error: Exception) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return f"cannot be read as YAML: {problem}"
