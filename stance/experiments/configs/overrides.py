"""Overrides: values set from outside of a file, and which place of a config a key means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from stance.experiments.configs.mistakes import nearest
from stance.experiments.configs.source import (
    ConfigError,
    Location,
    Source,
    copied,
    error_text,
    spelled,
)

Sections = Mapping[str, Sequence[str]]
"""Keys of a config, and what each may hold below it where it is a section."""

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_OF_FILES = ("extends", "sweep", "controls")


def with_overrides(
    source: Source, overrides: Sequence[str], *, sections: Sections | None = None
) -> Source:
    """The source with values set from outside, ``"models[0].classifier.C=2"``.

    Keys are found as ``location_of`` finds them. Values are read as YAML. A key that is not there
    yet is added.

    Raises
    ------
    ConfigError
        An override has no ``=``, or its key leads nowhere or to more than one place.

    Examples
    --------
    >>> source = Source("x.yaml", {"seeds": [0]}, {})
    >>> with_overrides(source, ["seeds=[1, 2]"]).value
    {'seeds': [1, 2]}
    """
    value, lines, mistakes = copied(source.value), dict(source.lines), []
    for override in overrides:
        key, equals, text = override.partition("=")
        try:
            if not equals:
                raise KeyError("must have the form key=value")
            location = location_of(value, key.strip(), sections=sections)
            put(value, location, yaml.safe_load(text))
        except (KeyError, yaml.YAMLError, ValueError) as error:
            reason = error.args[0] if isinstance(error, KeyError) else error_text(error)
            mistakes.append(f"override {override!r}: {reason}")
            continue
        lines = {at: line for at, line in lines.items() if at[: len(location)] != location}
        lines[location] = 0
    if mistakes:
        raise ConfigError([*source.mistakes, *mistakes])
    return replace(source, value=value, lines=lines)


def location_of(
    value: Mapping[str, Any], key: str, *, sections: Sections | None = None
) -> Location:
    """The place of a config that a written key means.

    Items of a list are named by place, ``models[0]`` or ``models.0``, or by their ``name``,
    ``models.ngrams``. A key may be cut at its beginning as far as it still means one place:
    ``classifier.C`` where one model alone has a C.

    Raises
    ------
    KeyError
        The key leads nowhere, or may mean several places; the message names them.

    Examples
    --------
    >>> config = {"models": [{"name": "ngrams", "classifier": {"kind": "ngrams", "C": 1}}]}
    >>> location_of(config, "models.ngrams.classifier.C"), location_of(config, "C")
    (('models', 0, 'classifier', 'C'), ('models', 0, 'classifier', 'C'))
    """
    steps: list[str | int] = [name or int(place) for name, place in _STEP.findall(key)]
    if not steps:
        raise KeyError("must have the form key=value")
    known = sections or {}
    if steps[0] in value or steps[0] in known:
        return _walked(value, steps, known)
    places = {_written(value, at): at for at in _places(value, known)}
    ends = [at for at in places.values() if _named(value, at)[-len(steps) :] == tuple(steps)]
    if len(ends) > 1:
        names = " or ".join(_written(value, at) for at in ends)
        raise KeyError(f"{key} may mean {names}: write one of them")
    if ends:
        return ends[0]
    try:
        return _walked(value, steps, known)
    except KeyError as error:
        raise KeyError(f"{error.args[0]}{nearest(key, list(places))}") from error


def put(value: Any, location: Location, new: Any) -> None:
    """Set the value of a place; sections on the way to it that are missing are made."""
    for step in location[:-1]:
        value = value.setdefault(step, {}) if isinstance(value, dict) else value[step]
    value[location[-1]] = new


def _walked(value: Any, steps: Sequence[str | int], known: Sections) -> Location:
    """The place that a key in full leads to; its last step may be new to a map."""
    location: list[str | int] = []
    for i, step in enumerate(steps):
        is_last = i == len(steps) - 1
        if isinstance(value, dict) and (is_last or (i == 0 and step in known)):
            location.append(str(step))
            value = value.get(str(step), {})
            continue
        location.append(_found(value, step, location))
        value = value[location[-1]]
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


def _places(value: Any, known: Sections) -> Iterator[Location]:
    """Every place that has a value or may have one."""
    given = [key for key in value if key not in _OF_FILES]
    places = dict.fromkeys(at for key in given for at in _below(value[key], (key,)))
    for key, keys in known.items():
        if key not in _OF_FILES:
            places |= dict.fromkeys([(key,), *((key, name) for name in keys)])
    models = value.get("models")
    for i, model in enumerate(models if isinstance(models, list) else []):
        places |= dict.fromkeys(("models", i, *names) for names in _parameters(model))
    yield from places


def _below(value: Any, at: Location) -> Iterator[Location]:
    yield at
    steps = list(value) if isinstance(value, dict) else []
    for step in range(len(value)) if isinstance(value, list) else steps:
        yield from _below(value[step], (*at, step))


def _parameters(model: Any) -> Iterator[tuple[str, str]]:
    """The parameters that a model may have, each below its section."""
    from stance.experiments.configs.registry import SECTIONS, kinds_of, parameter_names

    for section in SECTIONS:
        given = model.get(section) if isinstance(model, dict) else None
        kind = given.get("kind") if isinstance(given, dict) else None
        if isinstance(kind, str) and kind in kinds_of(section):
            yield from ((section, name) for name in parameter_names(kind, section=section))


def _named(value: Any, location: Location) -> Location:
    """A place with a model's name where its number is."""
    if len(location) > 1 and location[0] == "models":
        model = value["models"][location[1]]
        name = model.get("name") if isinstance(model, dict) else None
        if isinstance(name, str):
            return ("models", name, *location[2:])
    return location


def _written(value: Any, location: Location) -> str:
    """A place as users write it."""
    return spelled(_named(value, location))
