"""The shelf: which corpora there are, where their files lie on this machine, who reads them."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

from stance.corpora.card import Card
from stance.corpora.card_file import read_card
from stance.corpora.example import Reader
from stance.corpora.names import unknown

_HERE = Path(__file__).parent


class CorpusMissingError(FileNotFoundError):
    """A corpus whose files are not on this machine."""


def corpus_names() -> list[str]:
    """Names of all corpora, in alphabetical order: one per card in this folder."""
    return sorted(path.stem for path in _HERE.glob("*.yaml"))


@cache
def card(name: str) -> Card:
    """What is known of a corpus.

    Raises
    ------
    ValueError
        There is no corpus of this name.

    Examples
    --------
    >>> [task.name for task in card("sample").tasks]
    ['type', 'parts', 'stance']
    """
    if name not in corpus_names():
        raise ValueError(unknown("corpus", name, corpus_names()))
    return read_card(_HERE / f"{name}.yaml")


def catalogue() -> list[Card]:
    """The cards of all corpora, in alphabetical order."""
    return [card(name) for name in corpus_names()]


def reader(name: str) -> Reader:
    """The function that reads a corpus's files."""
    read: Reader = import_module(f"stance.corpora.{card(name).name}").examples
    return read


def available(name: str) -> bool:
    """Whether the files of a corpus are on this machine.

    Raises
    ------
    ValueError
        There is no corpus of this name.
    """
    corpus = card(name)
    is_here = any(_is_complete(folder, corpus) for folder in _places(corpus))
    return is_here and all(available(other) for other in corpus.access.needs)


def locate(name: str) -> Path:
    """The folder that holds the files of a corpus.

    A mirror (the environment variable ``STANCE_CORPORA``, with ``<corpus>/<file>`` below it) goes
    before the user's cache. Files are not checked against their checksums here.

    Raises
    ------
    ValueError
        There is no corpus of this name.
    CorpusMissingError
        Its files are not on this machine. The message says how to get them.
    """
    corpus = card(name)
    _check_needs(corpus)
    places = _places(corpus)
    for folder in places:
        if _is_complete(folder, corpus):
            return folder
    raise CorpusMissingError(
        f"corpus {name!r} is not on this machine: looked for {_wanted(corpus)} in "
        f"{', '.join(str(folder) for folder in places)}. {_way_to_get(corpus)}"
    )


def cache_folder() -> Path:
    """The user's folder for what can be made or fetched again; not created here.

    ``STANCE_CACHE`` if set, else the platform's: ``XDG_CACHE_HOME`` or ``~/.cache`` on Linux,
    ``~/Library/Caches`` on macOS, ``%LOCALAPPDATA%`` on Windows, each with ``stance`` below it.
    Downloaded corpora lie in its ``corpora`` folder, parsed ones in ``parsed``.
    """
    if own := os.environ.get("STANCE_CACHE"):
        return Path(own).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "stance"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "stance" / "Cache"
    xdg = os.environ.get("XDG_CACHE_HOME")
    return (Path(xdg) if xdg else Path.home() / ".cache") / "stance"


def _check_needs(corpus: Card) -> None:
    """Raise where a corpus of annotations lacks corpora whose texts it annotates."""
    missing = [name for name in corpus.access.needs if not available(name)]
    if missing:
        raise CorpusMissingError(
            f"corpus {corpus.name!r} holds annotations alone, the texts are those of other "
            f"corpora. Not on this machine: {', '.join(missing)}. Get each with "
            "`stance corpora get NAME`."
        )


def _places(corpus: Card) -> list[Path]:
    """Folders in which the corpus may lie, the preferred one first."""
    if corpus.access.kind == "packaged":
        # An installed wheel carries the data inside the package, a checkout beside it.
        below = corpus.access.folder or corpus.name
        return [_HERE / f"{corpus.name}_data", _HERE.parents[1] / "data" / below]
    mirror = os.environ.get("STANCE_CORPORA")
    mirrored = [Path(mirror).expanduser() / corpus.name] if mirror else []
    return [*mirrored, cache_folder() / "corpora" / corpus.name]


def _is_complete(folder: Path, corpus: Card) -> bool:
    archive = corpus.access.archive
    if archive is not None:
        # Thousands of files are not looked up one by one: they were put here in one move.
        return all((folder / kept).exists() for kept in archive.keep)
    if not corpus.access.files:
        return folder.is_dir()
    return all((folder / file.path).is_file() for file in corpus.access.files)


def _wanted(corpus: Card) -> str:
    archive = corpus.access.archive
    paths = archive.keep if archive else tuple(file.path for file in corpus.access.files)
    return ", ".join(paths) or "its folder"


def _way_to_get(corpus: Card) -> str:
    if corpus.access.kind == "packaged":
        return "It ships with the package: install the package again."
    if corpus.access.kind == "agreement":
        return f"`stance corpora get {corpus.name}` says how to get it."
    return f"Get it with `stance corpora get {corpus.name}`."
