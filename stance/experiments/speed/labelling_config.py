"""LabellingConfig: what a speed experiment on whole corpora measures. ``kind: labelling``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from stance.experiments.config import NAME, REPORT_NAME
from stance.experiments.configs.data_config import Section
from stance.experiments.configs.mistakes import mistake, nearest
from stance.experiments.speed.config import (
    LabelledConfig,
    Positive,
    Role,
    TextsConfig,
    Written,
    read_config,
)
from stance.experiments.speed.contenders import CONTENDERS
from stance.targets import TargetError, parse_targets

if TYPE_CHECKING:
    from pathlib import Path

    from stance.experiments.configs.source import Source


class SizeConfig(Section):
    """A corpus of so many rows, and in how many rounds it is labelled."""

    rows: Positive
    n_rounds: int = Field(default=3, ge=1, le=100)


class WayConfig(Section):
    """A way to label a corpus, under its name in the report.

    Parameters
    ----------
    name, role : str
    model : str
        A shipped model of paragraph types; or a kind of contender, which learns first and is then
        driven by ``dataset.map``.
    voices : bool
        Whether a shipped model tells voices too.
    targets : tuple of str
        What the stances of voices are asked about, as ``--target`` takes it.
    cores : tuple of int
        Numbers of processes that are measured.
    max_rows : int
        Larger corpora are not labelled in this way.
    """

    name: str = Field(pattern=NAME, max_length=60)
    role: Role = "variant"
    model: str
    voices: bool = False
    targets: tuple[str, ...] = ()
    cores: Annotated[tuple[Positive, ...], Field(min_length=1)] = (1, 2)
    max_rows: Positive = 100_000

    @property
    def is_contender(self) -> bool:
        """Whether it has to learn first."""
        return self.model in CONTENDERS


class LabellingConfig(Written):
    """One experiment on the speed of labelling, from file to file.

    Parameters
    ----------
    kind : {"labelling"}
    name, question : str
        As in every config.
    labelled : LabelledConfig
        What contenders learn from: its ``train`` split alone.
    texts : tuple of TextsConfig
        Rows of the corpora, repeated until a corpus has its size.
    ways : tuple of WayConfig
        The first one is the headline's.
    baseline : str
        The way that all ratios are to.
    sizes : tuple of SizeConfig
    """

    kind: Literal["labelling"]
    name: str = Field(pattern=REPORT_NAME, max_length=120)
    question: str = Field(min_length=1)
    labelled: LabelledConfig
    texts: Annotated[tuple[TextsConfig, ...], Field(min_length=1)]
    ways: Annotated[tuple[WayConfig, ...], Field(min_length=2)]
    baseline: str
    sizes: Annotated[tuple[SizeConfig, ...], Field(min_length=1)]

    def ways_for(self, size: SizeConfig) -> tuple[WayConfig, ...]:
        """The ways in which a corpus of that size is labelled."""
        return tuple(way for way in self.ways if size.rows <= way.max_rows)

    @property
    def main_size(self) -> SizeConfig:
        """The largest corpus that is labelled in every way: the headline's."""
        limit = min(way.max_rows for way in self.ways)
        fitting = [size for size in self.sizes if size.rows <= limit]
        return max(fitting, key=lambda size: size.rows)


def load_labelling_config(path: Path) -> LabellingConfig:
    """A config of this kind from its file.

    Raises
    ------
    ConfigError
        With every mistake of the file, each on a line of its own with its place.
    """
    return read_config(path, LabellingConfig, _cross_mistakes)


def _cross_mistakes(source: Source) -> Iterator[str]:
    from stance.models import names, summary

    known = [name for name in names() if summary(name)["task"] == "paragraph-type"]
    known += CONTENDERS
    listed = source.value.get("ways")
    ways = [way for way in listed if isinstance(way, dict)] if isinstance(listed, list) else []
    taken: list[str] = []
    for i, way in enumerate(ways):
        name, model = str(way.get("name")), way.get("model")
        if name in taken:
            yield mistake(source, ("ways", i, "name"), "different from the other names")
        taken.append(name)
        if isinstance(model, str) and model not in known:
            must_be = f"one of {', '.join(map(repr, known))}{nearest(model, known)}"
            yield mistake(source, ("ways", i, "model"), must_be)
        if way.get("voices") is True and model in CONTENDERS:
            yield mistake(source, ("ways", i, "voices"), f"false: {model!r} tells types alone")
        yield from _target_mistakes(source, i, way)
    baseline = source.value.get("baseline")
    if isinstance(baseline, str) and taken and baseline not in taken:
        must_be = f"one of the ways {', '.join(map(repr, taken))}{nearest(baseline, taken)}"
        yield mistake(source, ("baseline",), must_be)
    yield from _size_mistakes(source, ways)


def _target_mistakes(source: Source, i: int, way: dict[str, object]) -> Iterator[str]:
    targets = way.get("targets")
    if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
        return  # none, or told elsewhere
    if targets and way.get("voices") is not True:
        must_be = "[] where voices are not told: stances are theirs"
        yield mistake(source, ("ways", i, "targets"), must_be)
    try:
        parse_targets(targets)
    except TargetError as error:
        yield mistake(source, ("ways", i, "targets"), f"targets: {error}")


def _size_mistakes(source: Source, ways: list[dict[str, object]]) -> Iterator[str]:
    listed = source.value.get("sizes")
    sizes = listed if isinstance(listed, list) else []
    rows = [one.get("rows") for one in sizes if isinstance(one, dict)]
    limits = [way.get("max_rows", 100_000) for way in ways]
    numbers = [n for n in (*rows, *limits) if isinstance(n, int)]
    if len(numbers) < len(rows) + len(limits) or not rows or not limits:
        return  # told elsewhere
    if len(set(rows)) < len(rows):
        yield mistake(source, ("sizes",), "corpora of different sizes")
    elif min(n for n in numbers[: len(rows)]) > min(numbers[len(rows) :]):
        must_be = "a list with one size, or more, that no max_rows of the ways is below"
        yield mistake(source, ("sizes",), must_be)
