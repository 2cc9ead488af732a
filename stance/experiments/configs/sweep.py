"""Sweep: alternatives that a config spells out, each of which becomes a model of its report.

::

    sweep:
      models.paragraph-type.classifier.ngram_C: [0.1, 1]   # a grid over any keys
      ablate: [models.paragraph-type.classifier.groups]    # each of its items left out in turn
      variants:                                            # named ones, of any number of changes
        alone: {classifier.chain_weight: 0, classifier.groups: [speech]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

from stance.experiments.configs.overrides import Sections, location_of
from stance.experiments.configs.source import Location, Source
from stance.experiments.configs.variants import OF_DATA, Change, with_variant

KEY = "sweep"
MAX_VARIANTS = 200
"""A grid of more is a slip of the pen, or no question that one report can answer."""

_ABLATE, _VARIANTS = "ablate", "variants"


@dataclass(frozen=True, slots=True)
class _Alternative:
    label: str
    changes: tuple[Change, ...]


def spelled_out(source: Source, *, sections: Sections | None = None) -> Source:
    """The source with a model for every alternative of its ``sweep``, and without the sweep.

    A model is named after the one it varies, ``ngrams C=0.1``, ``ngrams without layout``,
    ``ngrams flat``, and has the role ``variant``. Alternatives to ``corpus`` or ``split`` alone are
    variants of the first model. What is wrong with a sweep is among the source's ``mistakes``.

    Parameters
    ----------
    source : Source
    sections : mapping, optional
        As ``stance.experiments.configs.overrides.location_of`` takes it.
    """
    if KEY not in source.value:
        return source
    reading = _Reading(source, sections or {})
    alternatives = list(reading.alternatives(source.value[KEY]))
    if len(alternatives) > MAX_VARIANTS:
        reading.wrong((KEY,), f"names {len(alternatives)} variants, must be {MAX_VARIANTS} at most")
        alternatives = []
    value = {key: item for key, item in source.value.items() if key != KEY}
    made = replace(source, value=value, mistakes=(*source.mistakes, *reading.mistakes))
    for alternative in alternatives:
        made = _with_models(made, alternative)
    return made


def _with_models(source: Source, alternative: _Alternative) -> Source:
    """One more model for every model that an alternative changes."""
    models = source.value.get("models")
    if not isinstance(models, list):
        return source
    data = [change for change in alternative.changes if change.at[0] in OF_DATA]
    own = [change for change in alternative.changes if change.at[0] == "models"]
    for i in dict.fromkeys(int(change.at[1]) for change in own) or [0]:
        if i < len(models) and isinstance(models[i], dict):
            name = f"{models[i].get('name')} {alternative.label}"
            changes = [*(change for change in own if change.at[1] == i), *data]
            source = with_variant(source, i, changes, name=name, role="variant")
    return source


class _Reading:
    """What a sweep says, and what is wrong with it."""

    def __init__(self, source: Source, sections: Sections) -> None:
        self.source = source
        self.sections = sections
        self.mistakes: list[str] = []

    def wrong(self, at: Location, what: str) -> None:
        self.mistakes.append(f"{self.source.place(at)}: {self.source.called(at)} {what}")

    def alternatives(self, sweep: Any) -> Iterator[_Alternative]:
        if not isinstance(sweep, dict):
            self.wrong((KEY,), f"= {sweep!r:.80}, must be a section of keys and values")
            return
        yield from self._grid({k: v for k, v in sweep.items() if k not in (_ABLATE, _VARIANTS)})
        yield from self._ablations(sweep.get(_ABLATE, []))
        yield from self._variants(sweep.get(_VARIANTS, {}))

    def _grid(self, grid: Mapping[str, Any]) -> Iterator[_Alternative]:
        axes: list[list[Change]] = []
        for key, values in grid.items():
            at, written = self._place(key, (KEY, key)), (KEY, key)
            if not isinstance(values, list) or not values:
                self.wrong(written, f"= {values!r:.80}, must be a list of alternatives")
            elif at is not None:
                axes.append([Change(at, v, (*written, i)) for i, v in enumerate(values)])
        for own in _by_model(axes):
            n = prod(len(axis) for axis in own)
            if n > MAX_VARIANTS:  # told before billions are made
                self.wrong((KEY,), f"names {n} variants, must be {MAX_VARIANTS} at most")
                return
            names = _short_names([axis[0].at for axis in own])
            for changes in product(*own):
                words = (f"{name}={shown(c.value)}" for name, c in zip(names, changes, strict=True))
                yield _Alternative(" ".join(words), changes)

    def _ablations(self, keys: Any) -> Iterator[_Alternative]:
        listed = [keys] if isinstance(keys, str) else keys
        if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
            self.wrong((KEY, _ABLATE), f"= {keys!r:.80}, must be a list of keys")
            return
        for i, key in enumerate(listed):
            written: Location = (KEY, _ABLATE, i)
            at = self._place(key, written)
            if at is not None:
                yield from self._without(at, written)

    def _without(self, at: Location, written: Location) -> Iterator[_Alternative]:
        value = _value_at(self.source.value, at)
        if value is True:
            yield _Alternative(f"without {at[-1]}", (Change(at, False, written),))
        elif isinstance(value, list | tuple) and value:
            for j, item in enumerate(value):
                rest = [*value[:j], *value[j + 1 :]]
                yield _Alternative(f"without {shown(item)}", (Change(at, rest, written),))
        else:
            self.wrong(written, f"is {value!r:.80} in the model, must be a list or true")

    def _variants(self, variants: Any) -> Iterator[_Alternative]:
        if not isinstance(variants, dict):
            self.wrong(
                (KEY, _VARIANTS), f"= {variants!r:.80}, must be names, each with its changes"
            )
            return
        for name, changes in variants.items():
            written: Location = (KEY, _VARIANTS, name)
            if not isinstance(changes, dict) or not changes:
                self.wrong(written, f"= {changes!r:.80}, must be a section of keys and values")
                continue
            placed = [(self._place(key, (*written, key)), key) for key in changes]
            found = [Change(at, changes[key], (*written, key)) for at, key in placed if at]
            if found:
                yield _Alternative(str(name), tuple(found))

    def _place(self, key: str, written: Location) -> Location | None:
        try:
            at = location_of(self.source.value, key, sections=self.sections)
        except KeyError as error:
            self.wrong(written, f"leads nowhere: {error.args[0]}")
            return None
        is_of_model = at[0] == "models" and len(at) > 2 and isinstance(at[1], int)
        if not is_of_model and at[0] not in OF_DATA:
            self.wrong(written, "must be a key of a model, of corpus or of split")
            return None
        return at


def shown(value: Any) -> str:
    """A value as part of a model's name.

    Examples
    --------
    >>> shown(0.01), shown([1, 2]), shown(["layout", "speech"]), shown(None), shown(False)
    ('0.01', '1+2', 'layout+speech', 'none', 'no')
    """
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, list | tuple):
        return "+".join(map(shown, value)) or "nothing"
    if isinstance(value, Mapping):
        return "+".join(f"{key}={shown(item)}" for key, item in value.items()) or "nothing"
    return re.sub(r"[^\w.+-]+", "_", str(value), flags=re.ASCII) or "nothing"


def _by_model(axes: Sequence[list[Change]]) -> list[list[list[Change]]]:
    """The axes of each model, with those of the data: alternatives to two models are no product."""
    data = [axis for axis in axes if axis[0].at[0] in OF_DATA]
    places = dict.fromkeys(axis[0].at[1] for axis in axes if axis not in data)
    if not places:
        return [data] if data else []
    return [[*(axis for axis in axes if axis[0].at[1] == i), *data] for i in places]


def _short_names(places: Sequence[Location]) -> list[str]:
    """The last key of each place, with as many before it as tell them apart."""
    names = []
    for place in places:
        n = 1
        while n < len(place) and sum(other[-n:] == place[-n:] for other in places) > 1:
            n += 1
        names.append(".".join(str(step) for step in place[-n:]))
    return names


def _value_at(config: Mapping[str, Any], at: Location) -> Any:
    """What a place holds; a parameter that is not given has its builder's default."""
    from stance.experiments.configs.registry import SECTIONS, default_of, kinds_of

    value: Any = config
    for step in at[:-1]:
        value = value[step] if not isinstance(value, dict) else value.get(step, {})
    last = at[-1]
    if isinstance(value, dict) and last in value:
        return value[last]
    section = str(at[2]) if at[0] == "models" and len(at) > 3 else ""
    if section in SECTIONS and isinstance(value, dict) and value.get("kind") in kinds_of(section):
        return default_of(value["kind"], str(last), section=section)
    return None
