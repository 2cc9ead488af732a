"""Cards as YAML: read strictly, so that a slip of the pen is found with its place in the file."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from reprlib import Repr
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stance.corpora.card import Card, Task
from stance.corpora.names import unknown


class CardError(ValueError):
    """A card that does not say what a card has to say, or says it in the wrong form."""


def read_card(path: Path) -> Card:
    """The card in a YAML file.

    Raises
    ------
    CardError
        The file is no YAML, lacks a key, has one too many, or a value of the wrong type. The
        message gives the file and the place in it.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one takes a tenth
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise CardError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise CardError(f"{path}: not YAML: {error}") from error
    made: Card = _made(Card, content, str(path))
    if made.name != path.stem:
        raise CardError(f"{path}: expected name {path.stem!r}, the file's own, got {made.name!r}")
    for task in made.tasks:
        _check(task, f"{path}: tasks.{task.name}")
    return made


def _check(task: Task, where: str) -> None:
    """What types alone cannot say of a task."""
    if not task.variants:
        raise CardError(f"{where}.variants: expected at least one")
    allowed = {*task.labels, "unlabelled"}
    for variant in task.variants:
        for split, counts in variant.counts.items():
            if not allowed >= set(counts):
                raise CardError(
                    f"{where}.variants.{variant.name}.counts.{split}: expected labels out of "
                    f"{sorted(allowed)}, got {sorted(set(counts) - allowed)}"
                )
    if strange := sorted(set(task.label_map.values()) - set(task.labels)):
        raise CardError(f"{where}.label_map: {strange} are not among labels {task.labels}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, value: Any, where: str) -> Any:
    """The value as an instance of a type: a dataclass, tuple, mapping, literal or scalar."""
    if is_dataclass(kind):
        return _record(kind, value, where)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _made(inner[0], value, where)
    if origin is tuple:
        _expect(value, list, where)
        return tuple(_made(inner[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is Mapping:
        _expect(value, dict, where)
        for key in value:
            _expect(key, str, f"{where}: key")
        return {key: _made(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin is Literal:
        if value not in inner:
            raise CardError(f"{where}: expected one of {inner}, got {_shown(value)}")
        return value
    return _scalar(kind, value, where)


def _record(kind: Any, value: Any, where: str) -> Any:
    _expect(value, dict, where)
    known = {field.name: field for field in fields(kind)}
    for key in value:
        if key not in known:
            raise CardError(f"{where}: {unknown('key', key, list(known))}")
    missing = [name for name, f in known.items() if f.default is MISSING and name not in value]
    if missing:
        raise CardError(f"{where}: expected key {missing[0]!r}, got only {sorted(value)}")
    hints = _hints(kind)
    return kind(**{key: _made(hints[key], item, f"{where}.{key}") for key, item in value.items()})


def _scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # bool is an int, and YAML reads `no` as a bool
        raise CardError(f"{where}: expected {kind.__name__}, got {_shown(value)}")
    return value


def _expect(value: Any, kind: type, where: str) -> None:
    if not isinstance(value, kind):
        raise CardError(f"{where}: expected {kind.__name__}, got {_shown(value)}")


def _shown(value: Any) -> str:
    """A value in a message. Aliases can name billions of values in a page: two levels are shown."""
    short = Repr()
    short.maxlevel = 2
    short.maxstring = short.maxother = 80
    return short.repr(value)
