"""Checks: what is wrong with a config that no section of it can see by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from stance.experiments.configs.catalogue import corpus_mistakes
from stance.experiments.configs.mistakes import mistake, nearest
from stance.experiments.configs.registry import SECTIONS, parameter_mistakes
from stance.experiments.configs.source import Location, Source
from stance.experiments.result import Role


def cross_mistakes(source: Source) -> Iterator[str]:
    """One line per mistake; parts of the wrong type are left to their sections.

    Parameters
    ----------
    source : Source
        Of a config whose sweep and controls are spelled out.
    """
    listed = source.value.get("models")
    models = [model if isinstance(model, dict) else {} for model in _list(listed)]
    names: list[str] = []
    for i, model in enumerate(models):
        name = model.get("name")
        if name in names:
            yield mistake(source, ("models", i, "name"), "different from the other names")
        elif isinstance(name, str):
            names.append(name)
        for section in SECTIONS:
            yield from _kind_mistakes(source, ("models", i, section), model.get(section))
        yield from _data_mistakes(source, model, ("models", i))
    if models and models[0].get("role", "model") in get_args(Role)[1:]:
        yield mistake(source, ("models", 0, "role"), "'model': the first one is the headline's")
    yield from _data_mistakes(source, source.value, ())
    yield from _task_mistakes(source)
    yield from _shipping_mistakes(source)
    baseline = source.value.get("baseline")
    if isinstance(baseline, str) and names and baseline not in names:
        known = f"one of the models {', '.join(map(repr, names))}{nearest(baseline, names)}"
        yield mistake(source, ("baseline",), known)
    seeds = _list(source.value.get("seeds"))
    if len({repr(seed) for seed in seeds}) < len(seeds):
        yield mistake(source, ("seeds",), "different from each other")


def _kind_mistakes(source: Source, at: Location, given: Any) -> Iterator[str]:
    """What the registry knows better, of the section of a model that names a kind."""
    if isinstance(given, dict) and isinstance(given.get("kind"), str):
        section = str(at[-1])
        parameters = {key: value for key, value in given.items() if key != "kind"}
        for place, must_be in parameter_mistakes(given["kind"], parameters, section=section):
            yield mistake(source, (*at, *place), must_be)


def _data_mistakes(source: Source, section: dict[str, Any], at: Location) -> Iterator[str]:
    """What the catalogue knows better, of the config's data or a model's own."""
    has_own = "corpus" in section or "split" in section
    corpus, split = (section.get(key, source.value.get(key)) for key in ("corpus", "split"))
    if has_own and isinstance(corpus, dict):
        for place, must_be in corpus_mistakes(corpus, split):
            if place[0] in section:
                yield mistake(source, (*at, *place), must_be)


def _task_mistakes(source: Source) -> Iterator[str]:
    """What the catalogue knows better, of the sources of the tasks of an encoder."""
    for i, task in enumerate(_list(source.value.get("tasks"))):
        sources = _list(task.get("sources")) if isinstance(task, dict) else []
        for j, one in enumerate(sources):
            if not isinstance(one, dict) or not isinstance(one.get("corpus"), dict):
                continue
            at: Location = ("tasks", i, "sources", j)
            # The catalogue knows the keys of a split: what is joined here is a list each.
            for key in ("train", "validation", "held_out"):
                for place, must_be in corpus_mistakes(one["corpus"], {"pool": one.get(key)}):
                    if place[0] == "split":
                        yield mistake(source, (*at, key, *place[2:]), must_be)
                    elif key == "train":
                        yield mistake(source, (*at, *place), must_be)


def _shipping_mistakes(source: Source) -> Iterator[str]:
    split = source.value.get("split")
    kind = split.get("kind") if isinstance(split, dict) else None
    if isinstance(source.value.get("save_model"), str) and kind not in (None, "official"):
        yield mistake(source, ("split", "kind"), "'official' where a model is to be saved")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
