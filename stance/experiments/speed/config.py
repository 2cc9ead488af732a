"""SpeedConfig: what a speed experiment measures. ``kind: speed`` tells it from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError

from stance.experiments.config import NAME, REPORT_NAME, report_name
from stance.experiments.configs.data_config import Section
from stance.experiments.configs.mistakes import mistake, nearest, told
from stance.experiments.configs.source import ConfigError, Source, read_source
from stance.experiments.speed.contenders import CONTENDERS, Contender

Role = Literal["model", "baseline", "variant"]
Positive = Annotated[int, Field(ge=1)]
Form = TypeVar("Form", bound="Written")


class LabelledConfig(Section):
    """What the contenders learn from, and what their F1 is measured on."""

    corpus: str = Field(min_length=1)
    task: str = Field(min_length=1)
    train: str = "train"
    test: str = "validation"


class TextsConfig(Section):
    """Texts to label. ``unit`` says whether a row is one, or each of its lines is."""

    corpus: str = Field(min_length=1)
    task: str | None = None
    split: str = Field(min_length=1)
    unit: Literal["rows", "lines"] = "rows"


class ContenderConfig(Section):
    """A way to learn and label, under its name in the report."""

    name: str = Field(pattern=NAME, max_length=60)
    role: Role = "variant"
    kind: str
    parameters: dict[str, float | int | None] = Field(default_factory=dict)

    def built(self) -> Contender:
        """The contender, unfitted."""
        contender: Contender = CONTENDERS[self.kind](**self.parameters)
        return contender


class Written(Section):
    """A config that reports show whole."""

    def to_yaml(self) -> str:
        """The config with all defaults spelled out."""
        values = self.model_dump(mode="json", exclude_none=True)
        return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


class SpeedConfig(Written):
    """One speed experiment.

    Parameters
    ----------
    kind : {"speed"}
    name, question : str
        As in every config.
    labelled : LabelledConfig
    texts : tuple of TextsConfig
        The headline is that of the first.
    contenders : tuple of ContenderConfig
        The first one is the headline's.
    baseline : str
        The contender that all ratios and differences are to.
    n_rounds : int
        In each, everything is timed once.
    batches : tuple of int
        Sizes of the batches that ``predict`` is also called with, on the first texts.
    max_batches, batch_texts : int
        Of each size, no more batches and no more texts are timed.
    n_starts : int
        New processes started for each contender.
    """

    kind: Literal["speed"]
    name: str = Field(pattern=REPORT_NAME, max_length=120)
    question: str = Field(min_length=1)
    labelled: LabelledConfig
    texts: Annotated[tuple[TextsConfig, ...], Field(min_length=1)]
    contenders: Annotated[tuple[ContenderConfig, ...], Field(min_length=2)]
    baseline: str
    n_rounds: int = Field(default=5, ge=1, le=100)
    batches: tuple[Positive, ...] = (1, 20, 512)
    max_batches: Positive = 200
    batch_texts: Positive = 2048
    n_starts: int = Field(default=3, ge=1, le=100)


def kind_of(path: Path) -> str:
    """The ``kind`` at the top of a file; empty where there is none, or the file cannot be read."""
    try:
        return str(read_source(path).value.get("kind", ""))
    except ConfigError:
        return ""


def is_speed_config(path: Path) -> bool:
    """Whether a file says ``kind: speed`` at its top; False also where it cannot be read."""
    return kind_of(path) == "speed"


def load_speed_config(path: Path) -> SpeedConfig:
    """A speed config from its file.

    Raises
    ------
    ConfigError
        With every mistake of the file, each on a line of its own with its place.
    """
    return read_config(path, SpeedConfig, _cross_mistakes)


def read_config(path: Path, form: type[Form], cross: Callable[[Source], Iterable[str]]) -> Form:
    """A config of some form from its file.

    Parameters
    ----------
    path : Path
    form : type
    cross : callable
        Tells the mistakes that the form does not see.

    Raises
    ------
    ConfigError
        With every mistake of the file, each on a line of its own with its place.
    """
    source = read_source(path)
    source.value.setdefault("name", report_name(path))
    mistakes = [*source.mistakes, *cross(source)]
    try:
        config = form.model_validate(source.value)
    except ValidationError as error:
        mistakes += told(error, source, model=form)
    if mistakes:
        raise ConfigError(sorted(mistakes))
    return config


def _cross_mistakes(source: Source) -> Iterator[str]:
    listed = source.value.get("contenders")
    contenders = listed if isinstance(listed, list) else []
    names: list[str] = []
    for i, one in enumerate(contenders):
        if not isinstance(one, dict):
            continue
        name, kind = one.get("name"), one.get("kind")
        if name in names:
            yield mistake(source, ("contenders", i, "name"), "different from the other names")
        elif isinstance(name, str):
            names.append(name)
        if isinstance(kind, str):
            yield from _kind_mistakes(source, i, kind, one.get("parameters"))
    baseline = source.value.get("baseline")
    if isinstance(baseline, str) and names and baseline not in names:
        known = f"one of the contenders {', '.join(map(repr, names))}{nearest(baseline, names)}"
        yield mistake(source, ("baseline",), known)


def _kind_mistakes(source: Source, i: int, kind: str, parameters: Any) -> Iterator[str]:
    if kind not in CONTENDERS:
        known = list(CONTENDERS)
        must_be = f"one of {', '.join(map(repr, known))}{nearest(kind, known)}"
        yield mistake(source, ("contenders", i, "kind"), must_be)
        return
    known = [one.name for one in fields(CONTENDERS[kind]) if one.init]
    for name in parameters if isinstance(parameters, dict) else ():
        if name not in known:
            must_be = f"one of the keys {', '.join(known)}{nearest(name, known)}"
            yield mistake(source, ("contenders", i, "parameters", name), must_be)
