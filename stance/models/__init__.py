"""Trained models that ship with the package, each a folder with its model card."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    from stance.classifiers.quotation_scorer import QuotationScorer
    from stance.classifiers.saving import Kind
    from stance.classifiers.stance_scorer import StanceScorer
    from stance.classifiers.type_scorer import TypeScorer

DEFAULT = "paragraph-type"
QUOTATIONS = "quotations"
STANCE = "stance"
_KINDS: dict[str, Kind] = {QUOTATIONS: "quotations", STANCE: "stance"}


def names() -> list[str]:
    """Names of the models that ship.

    Examples
    --------
    >>> {"paragraph-type", "quotations"} <= set(names())
    True
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


@overload
def load(name: Literal["quotations"]) -> QuotationScorer: ...  # type: ignore[overload-overlap]


@overload
def load(name: Literal["stance"]) -> StanceScorer: ...  # type: ignore[overload-overlap]


@overload
def load(name: str = ...) -> TypeScorer: ...


def load(name: str = DEFAULT) -> TypeScorer | QuotationScorer | StanceScorer:
    """A shipped model, loaded once per process: what finds attributions, tells types or sides.

    Raises
    ------
    ValueError
        No model has that name.
    """
    return _load(name)


@cache
def _load(name: str) -> TypeScorer | QuotationScorer | StanceScorer:
    from stance.classifiers.saving import load_model

    if name == QUOTATIONS:
        return load_model(folder(name), kind="quotations")
    if name == STANCE:
        return load_model(folder(name), kind="stance")
    return load_model(folder(name))


def summary(name: str) -> dict[str, Any]:
    """What is known of a model: settings, size in bytes, and what it was trained on."""
    from stance.classifiers.saving import load_settings

    home = folder(name)
    settings = load_settings(home, kind=_KINDS.get(name, "paragraph-type"))
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
