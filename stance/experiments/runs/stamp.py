"""Stamp: a digest of a config and of the very files of its corpora, before any is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.experiments.configs.registry import SECTIONS, is_optional, lacking, stands_on
from stance.experiments.runs.fingerprint import code_digest, digest, file_digest, versions

_OF_CORPORA = ("corpus", "to")
_OF_FOLDERS = ("encoder", "model")


def source_stamp(config: Mapping[str, Any]) -> str:
    """Digest of a config as its files have it, its corpora's files, the code and the versions.

    Parameters
    ----------
    config : mapping
        As ``read_config`` gives it, right or wrong.

    Returns
    -------
    str
        Empty where the files cannot be told without reading the corpus: on the Hub, or in a sweep
        over corpora.
    """
    corpora = dict.fromkeys(_named(config))
    files = [_files_digest(name) for name in corpora]
    sweep, lacks = str(config.get("sweep", "")), list(packages_of(config))
    if not files or "" in files or "corpus" in sweep or "split" in sweep:
        return ""
    return digest([repr(config), files, lacks, code_digest(), versions()])


def packages_of(config: Mapping[str, Any]) -> Iterator[str]:
    """What models stand on that may come and go: once a package is here, its model can be run."""
    models = config.get("models")
    for model in models if isinstance(models, list) else []:
        for section in SECTIONS:
            given = model.get(section) if isinstance(model, Mapping) else None
            yield from foundations(given, section=section)


def foundations(given: Any, *, section: str) -> Iterator[str]:
    """What a model stands on beside its config, the code and the corpora.

    Parameters
    ----------
    given : mapping
        Its section of the config; members of classifiers that are made of others count too.
    section : str
        One of ``SECTIONS``.

    Yields
    ------
    str
        Packages that are there or lacking, and the files of folders of weights that it names.
    """
    if isinstance(given, list | tuple):
        for one in given:
            yield from foundations(one, section=section)
    elif isinstance(given, Mapping):
        kind = given.get("kind")
        if isinstance(kind, str) and is_optional(kind):
            yield f"{lacking(kind, section=section)} {stands_on(kind, section=section)}"
            for name in _OF_FOLDERS:
                yield from _weights(given.get(name))
        for one in given.values():
            yield from foundations(one, section=section)


def _weights(place: Any) -> Iterator[str]:
    folder = Path(place).expanduser() if isinstance(place, str) and place else None
    if folder is not None and folder.is_dir():
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            yield f"{path.relative_to(folder).as_posix()} {file_digest(path)}"


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in _OF_CORPORA and isinstance(item, Mapping):
                yield str(item.get("name"))
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _files_digest(name: str) -> str:
    from stance.corpora import card, corpus_names, locate

    if name not in corpus_names():
        return file_digest(Path(name))
    try:
        folder, corpus = locate(name), card(name)
    except (ValueError, OSError):
        return ""
    paths = [folder / file.path for file in corpus.access.files]
    found = [path for path in paths or sorted(folder.rglob("*")) if path.is_file()]
    return digest([repr(corpus), [[path.name, file_digest(path)] for path in found]])
