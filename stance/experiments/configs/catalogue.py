"""Catalogue: what a config may ask of a corpus, told before the corpus is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.experiments.configs.mistakes import nearest
from stance.experiments.configs.source import Location


def corpus_mistakes(corpus: Mapping[str, Any], split: Any) -> Iterator[tuple[Location, str]]:
    """What a config asks of a catalogued corpus that it does not have.

    Parameters
    ----------
    corpus, split : mapping
        Sections as the file has them; values of the wrong type are passed over.

    Yields
    ------
    tuple of location, str
        Where in the config, and what must be there.
    """
    from stance.corpora import card, corpus_names

    name, names = corpus.get("name"), corpus_names()
    asked = {key: corpus.get(key) for key in ("task", "variant")}
    if not isinstance(name, str) or not all(isinstance(v, str | None) for v in asked.values()):
        return
    if name not in names:
        if "/" not in name and not Path(name).suffix and not Path(name).exists():
            yield ("corpus", "name"), f"a file or one of {_listed(names)}{nearest(name, names)}"
        return
    tasks = {task.name: task for task in card(name).tasks}
    task = asked["task"] or next(iter(tasks))
    if task not in tasks:
        yield ("corpus", "task"), f"one of {_listed(list(tasks))}{nearest(task, list(tasks))}"
        return
    variants = {variant.name: variant for variant in tasks[task].variants}
    chosen = asked["variant"] or next(iter(variants))
    if chosen not in variants:
        known = list(variants)
        yield ("corpus", "variant"), f"one of {_listed(known)}{nearest(chosen, known)}"
        return
    is_transfer = isinstance(split, Mapping) and split.get("kind") == "transfer"
    keys = ("train",) if is_transfer else ("train", "validation", "test", "pool")
    yield from _split_mistakes(split, list(variants[chosen].counts), keys)
    if is_transfer and isinstance(split.get("to"), Mapping):
        for at, must_be in corpus_mistakes(split["to"], {"test": split.get("test", "test")}):
            yield (("split", *at[1:]) if at[0] == "split" else ("split", "to", *at[1:])), must_be


def _split_mistakes(
    split: Any, known: list[str], keys: Sequence[str]
) -> Iterator[tuple[Location, str]]:
    if not isinstance(split, Mapping):
        return
    for key in keys:
        value = split.get(key)
        places: list[tuple[Location, Any]] = [((), value)] if isinstance(value, str) else []
        if isinstance(value, list):
            places = [((i,), item) for i, item in enumerate(value)]
        for at, part in places:
            if part not in known:
                yield ("split", key, *at), f"one of {_listed(known)}{nearest(part, known)}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names))
