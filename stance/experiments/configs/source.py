"""Source: a YAML file as values, each with the line that it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Location = tuple[str | int, ...]

_TOO_DEEP = "lists or maps stand too deep in each other; write them flatter"
_MAX_NODES = 100_000  # aliases of aliases can name billions of values in a page


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
    paths : mapping of location to str
        File of every line that stands in another one than ``path``.
    names : mapping of location to str
        What the user wrote where it is not what the location says: a model that a sweep made is
        called by the model that it was made of.
    """

    path: str
    value: dict[str, Any]
    lines: Mapping[Location, int]
    mistakes: tuple[str, ...] = ()
    paths: Mapping[Location, str] = field(default_factory=dict)
    names: Mapping[Location, str] = field(default_factory=dict)

    def place(self, location: Location) -> str:
        """Where a value stands: ``file:line``, by the nearest key above where it is missing."""
        while location and location not in self.lines:
            location = location[:-1]
        line, path = self.lines.get(location, 1), self.paths.get(location, self.path)
        return f"{path}:{line}" if line else f"{path}, override"

    def called(self, location: Location) -> str:
        """A location as the user wrote it; the nearest name above it says how it begins."""
        for n in range(len(location), 0, -1):
            if location[:n] in self.names:
                rest = spelled(location[n:])
                dot = "." if rest and not rest.startswith("[") else ""
                return f"{self.names[location[:n]]}{dot}{rest}"
        return spelled(location)

    def below(self, location: Location) -> Iterable[Location]:
        """The places that have a line at or below a location."""
        n = len(location)
        return (at for at in self.lines if at[:n] == location)


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
        raise ConfigError([f"{path}:{_error_line(error)}: {error_text(error)}"]) from error
    except RecursionError as error:
        raise ConfigError([f"{path}:1: {_TOO_DEEP}"]) from error
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError([f"{path}:1: expected keys and values, such as 'question: …'"])
    reader = _Reader(str(path))
    try:
        value = reader.read(node, ())
    except RecursionError as error:
        raise ConfigError([f"{path}:1: {_TOO_DEEP}"]) from error
    return Source(str(path), value, reader.lines, tuple(reader.mistakes))


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
            raise ConfigError([f"{self.path}:{line}: {error_text(error)}"]) from error


def copied(value: Any) -> Any:
    """Plain values, so that a change to the copy is none to the original."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def _error_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def error_text(error: Exception) -> str:
    """What PyYAML found wrong, in one line."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return f"cannot be read as YAML: {problem}"
