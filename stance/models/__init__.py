"""Trained models that ship with the package, each a folder with its model card."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.classifiers.type_scorer import TypeScorer

DEFAULT = "paragraph-type"


def names() -> list[str]:
    """Names of the models that ship.

    Examples
    --------
    >>> names()
    ['paragraph-type']
    """
    return sorted(path.parent.name for path in Path(__file__).parent.glob("*/model.json"))


def folder(name: str) -> Path:
    """Where a shipped model lies.

    Raises
    ------
    ValueError
        No model has that name.
    """
    if name not in names():
        close = get_close_matches(name, names(), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown model {name!r}, expected of {names()}{hint}")
    return Path(__file__).parent / name


@cache
def load(name: str = DEFAULT) -> TypeScorer:
    """A shipped model, loaded once per process."""
    from stance.classifiers.saving import load_model

    return load_model(folder(name))


def summary(name: str) -> dict[str, Any]:
    """What is known of a model: settings, size in bytes, and what it was trained on."""
    from stance.classifiers.saving import load_settings

    home = folder(name)
    settings = load_settings(home)
    n_bytes = (home / "model.safetensors").stat().st_size
    return {
        "name": name,
        "task": settings["kind"],
        "classes": settings["classes"],
        "bytes": n_bytes,
        **settings.get("about", {}),
    }


def model_card(name: str) -> str:
    """The model card, Markdown."""
    return (folder(name) / "README.md").read_text(encoding="utf-8")
