"""Variants: models of a config that are spelled out from another one, and controls likewise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stance.experiments.configs.extends import laid_over
from stance.experiments.configs.mistakes import mistake
from stance.experiments.configs.overrides import put
from stance.experiments.configs.source import Location, Source, copied

CONTROLS = "controls"
OF_DATA = ("corpus", "split")
"""Sections of a config that a model may have for itself."""

_OFFICIAL = {"kind": "official"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a variant: where it goes, and where the file says so."""

    at: Location
    value: Any
    written: Location


def with_variant(
    source: Source, i: int, changes: Sequence[Change], *, name: str, role: str
) -> Source:
    """The source with one more model: a changed copy of model ``i``.

    Changes of ``corpus`` and ``split`` become the new model's own. A copy in which nothing has
    changed is left out: the model is there already.

    Parameters
    ----------
    source : Source
    i : int
        Place of the model among ``models``; it is a map.
    changes : sequence of Change
        Places in the whole config, of model ``i``, ``corpus`` or ``split``.
    name, role : str
        Of the new model.
    """
    value = dict(source.value)
    old, n = value["models"][i], len(value["models"])
    new = copied(old)
    moved: dict[Location, Location] = {("models", i): ("models", n)}
    for section in OF_DATA:
        if any(change.at[0] == section for change in changes):
            new[section] = copied(old.get(section, value.get(section, _OFFICIAL)))
            if not isinstance(new[section], dict):
                return source  # the section's own mistake, told where it stands
            if section not in old:
                moved[(section,)] = ("models", n, section)
    for change in changes:
        place = change.at if change.at[0] in OF_DATA else change.at[2:]
        put(new, place, laid_over(_at(new, place), change.value))
    if new == old:
        return source
    value["models"] = [*value["models"], new | {"name": name, "role": role}]
    book = _Book(source)
    for start, end in moved.items():
        book.copy(start, end)
    for change in changes:
        place = change.at if change.at[0] in OF_DATA else change.at[2:]
        book.copy(change.written, ("models", n, *place))
    return replace(source, value=value, lines=book.lines, paths=book.paths, names=book.names)


def with_controls(source: Source) -> Source:
    """The source with a model for each of its ``controls``: the first one with that control.

    Values that are no controls are left to the section of the model that they make.
    """
    value = {key: item for key, item in source.value.items() if key != CONTROLS}
    controls, models = source.value.get(CONTROLS, []), value.get("models")
    if not isinstance(controls, list):
        told = mistake(source, (CONTROLS,), "a list")
        return replace(source, value=value, mistakes=(*source.mistakes, told))
    source = replace(source, value=value)
    if not isinstance(models, list) or not models or not isinstance(models[0], dict):
        return source
    for j, control in enumerate(controls):
        change = Change(("models", 0, "control"), control, (CONTROLS, j))
        name = f"{models[0].get('name')} {control}"
        source = with_variant(source, 0, [change], name=name, role="control")
    return source


class _Book:
    """Where things stand and how they are called, while places are copied."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = dict(source.lines)
        self.paths = dict(source.paths)
        self.names = dict(source.names)

    def copy(self, start: Location, end: Location) -> None:
        """Let what stands at ``end`` be told as what stands at ``start``."""
        for place in list(self.source.below(start)):
            new = (*end, *place[len(start) :])
            self.lines[new] = self.source.lines[place]
            self.paths[new] = self.source.paths.get(place, self.source.path)
        self.names[end] = self.source.called(start)


def _at(value: Any, place: Location) -> Any:
    for step in place:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
