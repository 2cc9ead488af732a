"""Tiers: what a user may ask for by name, fast or accurate, for all questions of an article."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from stance import models

if TYPE_CHECKING:
    from stance.classifiers.teller import Teller
    from stance.encoders.accurate import AccurateModel

FAST, ACCURATE = "fast", "accurate"

ABOUT_FAST = "n-grams and trees, in numpy alone; one model each for types, quotations and stances"
ABOUT_ACCURATE = (
    "one encoder that reads a paragraph once, with a head for each question; on types and stances "
    "the fast tier is heard too"
)
WEIGHTS = (2 / 3, 1 / 3)
"""Of the encoder and of the fast tier, where both are asked.

Of 0, 0.25, 0.5 and 1 for the second against 1 for the first, 0.5 was best on the validation parts
of NewsMTSC, of newsdiscourse's paragraphs, and of the sample corpus; with a sum of 1 probabilities
are closest to frequencies. What it brings on test parts stands in the reports of
``experiments/accurate/stacked-….yaml``.
"""

FAST_PER_SECOND = 3600
"""Paragraphs of 35 words, types and voices, on one core of a small cloud machine.

As ``reports/speed/labelling`` measured it: 276 µs each.
"""

ACCURATE_PER_SECOND = 350
"""Paragraphs, types alone, on one core of the same machine: the encoder's 390, then the fast tier.

As ``reports/speed/tiers`` measured each of them.
"""

NOT_SHIPPED = "does not ship with this version of the package"

_NO_ACCURATE = (
    f"model {ACCURATE!r}: {NOT_SHIPPED}; give the folder of an encoder instead, or ask for {FAST!r}"
)
ENCODER_FILES = ("encoder.onnx", "heads.safetensors", "tokenizer.json", "model.json")
_PACKAGES = ("onnxruntime", "tokenizers")
_PIP = "pip install 'stance-lab[encoder]'"
_FAST_MODELS = (models.DEFAULT, models.QUOTATIONS, models.STANCE)
_KNOWN = ("tasks", "scores", "bytes", "paragraphs_per_second", "licence")
_SCORES = ("macro_f1", "content_f1")


class Models(Protocol):
    """What answers the questions of an article: ``Tier``, or an ``AccurateModel``."""

    @property
    def types(self) -> Teller:
        """What tells paragraph types."""

    @property
    def sides(self) -> Teller:
        """What tells stances."""

    @property
    def quoted(self) -> Teller | None:
        """What tells whether a paragraph is quoted, class "quote"; None where nothing does."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Models for the questions that are asked of an article; loaded on first use.

    Parameters
    ----------
    name : str
        As it was asked for.
    type_model : str
        Which shipped model tells types, where no encoder does.
    folder : Path or None
        Of the encoder that answers everything; None without one.
    """

    name: str
    type_model: str = models.DEFAULT
    folder: Path | None = None

    @property
    def types(self) -> Teller:
        """What tells paragraph types: of the accurate tier, the encoder and the fast tier."""
        if self.folder is None:
            return models.load(self.type_model)
        alone = _encoder(self.folder).types
        return _pooled(alone, models.DEFAULT) if self._is_pooled else alone

    @property
    def sides(self) -> Teller:
        """What tells stances: of the accurate tier, the encoder and the fast tier."""
        if self.folder is None:
            return models.load(models.STANCE)
        alone = _encoder(self.folder).sides
        return _pooled(alone, models.STANCE) if self._is_pooled else alone

    @property
    def quoted(self) -> Teller | None:
        """What tells whether a paragraph is quoted, class "quote"; None where nothing does."""
        return None if self.folder is None else _encoder(self.folder).quoted

    @property
    def is_shipped(self) -> bool:
        """Whether every installation of this version has the models."""
        return self.folder in (None, _home(ACCURATE))

    @property
    def lacking(self) -> str:
        """What is to be installed first; empty where nothing is."""
        missing = [] if self.folder is None else [n for n in _PACKAGES if find_spec(n) is None]
        return f"expected {' and '.join(missing)} to be installed: {_PIP}" if missing else ""

    @property
    def stance_name(self) -> str:
        """Which models tell stances, and the digests of their weights."""
        return self._told_by(models.STANCE, models.STANCE)

    @property
    def type_name(self) -> str:
        """Which models tell types, and the digests of their weights."""
        return self._told_by(self.type_model, models.DEFAULT)

    @property
    def _is_pooled(self) -> bool:
        return self.folder == _home(ACCURATE)

    def _told_by(self, alone: str, heard_too: str) -> str:
        if self.folder is None:
            return _digested(alone)
        encoder = f"encoder ({_digest(self.folder / name for name in ENCODER_FILES)})"
        return f"{encoder} + {_digested(heard_too)}" if self._is_pooled else encoder


def tier(name: str | os.PathLike[str]) -> Tier:
    """What a name stands for.

    Parameters
    ----------
    name : str or path
        "fast", "accurate", a shipped model of paragraph types (stances are then told by the fast
        tier's), or the folder of an encoder.

    Raises
    ------
    ValueError
        Nothing has that name, or "accurate" does not ship with this version of the package.

    Examples
    --------
    >>> tier("fast").types is tier("paragraph-type").types
    True
    """
    asked = os.fspath(name)
    if asked in (FAST, models.DEFAULT):
        return Tier(asked)
    shipped = models.names()
    if asked in shipped:
        home = models.folder(asked)
        if models.is_encoder_model(asked):
            return Tier(asked, folder=home)
        if models.summary(asked)["task"] == "paragraph-type":
            return Tier(asked, type_model=asked)
    if asked == ACCURATE:
        raise ValueError(_NO_ACCURATE)
    if Path(asked).is_dir() or os.sep in asked:
        return Tier(asked, folder=_encoder_folder(Path(asked)))
    known = tier_names()
    close = get_close_matches(asked, [*known, ACCURATE], n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"unknown model {asked!r:.80}, expected of {known} or the folder of an encoder{hint}"
    )


def models_of(model: Models | Teller | str | os.PathLike[str] | None) -> Models:
    """What a user means by a model: a name, an encoder, or a model of types alone.

    Raises
    ------
    ValueError
        Nothing has that name.
    """
    if model is None:
        return Tier(FAST)
    if isinstance(model, str | os.PathLike):
        return tier(model)
    if hasattr(model, "types"):
        return cast("Models", model)
    return _Own(model)


@dataclass(frozen=True, slots=True)
class _Own:
    """A user's own model of types; the rest is the fast tier's."""

    types: Teller
    quoted: Teller | None = None

    @property
    def sides(self) -> Teller:
        return Tier(FAST).sides


def tier_names() -> list[str]:
    """What ``tier`` takes, but for folders.

    Examples
    --------
    >>> tier_names()[0]
    'fast'
    """
    shipped = models.names()
    rest = [n for n in shipped if models.summary(n)["task"] in ("paragraph-type", "encoder")]
    return [FAST, *sorted(rest, key=lambda n: (n != ACCURATE, n))]


def tier_card(name: str) -> str:
    """The model card of a tier or a shipped model, Markdown; of the fast tier, all three.

    Raises
    ------
    ValueError
        Nothing has that name, or "accurate" does not ship with this version of the package.
    """
    if name == FAST:
        return "\n".join(map(models.model_card, _FAST_MODELS))
    if name == ACCURATE and name not in models.names():
        raise ValueError(_NO_ACCURATE)
    return models.model_card(name)


def tier_summaries() -> list[dict[str, Any]]:
    """What is known of each tier: tasks, numbers, size, speed and licence.

    Returns
    -------
    list of dict
        ``name``, ``is_there``, ``about``, ``needs`` (the extra to install, empty where none is),
        ``tasks`` (a table of classes by task), ``scores`` (a table by task), ``bytes``,
        ``paragraphs_per_second`` and ``licence``; None for what is not known.
    """
    return [_fast_summary(), _accurate_summary()]


def _home(name: str) -> Path:
    return Path(models.__file__).parent / name


def _digested(model: str) -> str:
    return f"{model} ({_digest([models.folder(model) / 'model.safetensors'])})"


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()[:16]


@cache
def _pooled(alone: Teller, heard_too: str) -> Teller:
    from stance.classifiers.pooled import PooledTeller

    return PooledTeller((alone, models.load(heard_too)), WEIGHTS)


def _encoder(folder: Path) -> AccurateModel:
    from stance.encoders.accurate import loaded

    return loaded(folder)


def _encoder_folder(folder: Path) -> Path:
    from stance.encoders.folder import read_settings

    read_settings(folder)
    return folder.resolve()


def _fast_summary() -> dict[str, Any]:
    parts = {name: models.summary(name) for name in _FAST_MODELS}
    return {
        "name": FAST,
        "is_there": True,
        "about": ABOUT_FAST,
        "needs": "",
        "tasks": {part["task"]: list(part["classes"]) for part in parts.values()},
        "scores": {
            part["task"]: {key: part[key] for key in _SCORES if key in part}
            for part in parts.values()
        },
        "bytes": sum(part["bytes"] for part in parts.values()),
        "paragraphs_per_second": FAST_PER_SECOND,
        "licence": ", ".join(dict.fromkeys(part["licence"] for part in parts.values())),
    }


def _accurate_summary() -> dict[str, Any]:
    is_there = ACCURATE in models.names()
    found = models.summary(ACCURATE) if is_there else {}
    speed = {"paragraphs_per_second": ACCURATE_PER_SECOND} if is_there else {}
    known = speed | found
    return {
        "name": ACCURATE,
        "is_there": is_there,
        "about": found.get("about", ABOUT_ACCURATE) if is_there else NOT_SHIPPED,
        "needs": "encoder",
        **{key: known.get(key) for key in _KNOWN},
    }
