"""Trained models that ship with the package, each a folder with its model card."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    from stance.classifiers.quotation_scorer import QuotationScorer
    from stance.classifiers.saving import Kind
    from stance.classifiers.stance_scorer import StanceScorer
    from stance.classifiers.type_scorer import TypeScorer
    from stance.encoders.accurate import AccurateModel

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
def load(name: Literal["accurate"]) -> AccurateModel: ...  # type: ignore[overload-overlap]


@overload
def load(name: str = ...) -> TypeScorer: ...


def load(name: str = DEFAULT) -> TypeScorer | QuotationScorer | StanceScorer | AccurateModel:
    """A shipped model, loaded once per process: what finds attributions, tells types or sides.

    ``stance.models.tiers`` finds the right ones for an article by the name of a tier.

    Raises
    ------
    ValueError
        No model has that name.
    ModelError
        Its files are damaged.
    ExtraMissingError
        It is an encoder, and the extra that runs encoders is not installed.
    """
    return _load(name)


@cache
def _load(name: str) -> TypeScorer | QuotationScorer | StanceScorer | AccurateModel:
    from stance.classifiers.saving import load_model

    if is_encoder_model(name):
        from stance.encoders.accurate import loaded

        return loaded(folder(name))
    if name == QUOTATIONS:
        return load_model(folder(name), kind="quotations")
    if name == STANCE:
        return load_model(folder(name), kind="stance")
    return load_model(folder(name))


def is_encoder_model(name: str) -> bool:
    """Whether a shipped model is an encoder with heads.

    Examples
    --------
    >>> is_encoder_model("stance")
    False
    """
    from stance.encoders.folder import is_encoder

    return is_encoder(folder(name))


def summary(name: str) -> dict[str, Any]:
    """What is known of a model: settings, size in bytes, licence, and what it was trained on.

    Of an encoder, ``classes`` are its paragraph types, and ``tasks`` has those of all its heads.
    """
    from stance.classifiers.saving import load_settings

    home = folder(name)
    if is_encoder_model(name):
        return _encoder_summary(name, home)
    settings = load_settings(home, kind=_KINDS.get(name, "paragraph-type"))
    n_bytes = (home / "model.safetensors").stat().st_size
    return {
        "name": name,
        "task": settings["kind"],
        "classes": settings["classes"],
        "bytes": n_bytes,
        "licence": licence(name),
        **settings.get("about", {}),
    }


def licence(name: str) -> str:
    """What the model's card says of its licence, up to the first comma or full stop.

    Examples
    --------
    >>> licence("stance")
    'Apache-2.0'
    """
    _, _, text = model_card(name).partition("## Licence\n")
    found = re.match(r"\s*(.+?)(?=[,;\n]|\.\s|$)", text)
    return found.group(1) if found else ""


def _encoder_summary(name: str, home: Path) -> dict[str, Any]:
    from stance.encoders.folder import ENCODER, HEADS, TOKENIZER, read_settings

    settings = read_settings(home)
    types = settings.tasks.get("type")
    about = settings.about
    found = about.get("validation_macro_f1")
    scores = {task: {"validation_macro_f1": n} for task, n in (found or {}).items()}
    return {
        "licence": licence(name),
        "scores": scores,
        **about,
        "name": name,
        "task": "encoder",
        "classes": list(types.classes) if types else [],
        "tasks": {task: list(told.classes) for task, told in settings.tasks.items()},
        "learned": about.get("tasks"),
        "bytes": sum((home / file).stat().st_size for file in (ENCODER, HEADS, TOKENIZER)),
    }


def model_card(name: str) -> str:
    """The model card, Markdown."""
    return (folder(name) / "README.md").read_text(encoding="utf-8")
