"""Config: what an experiment asks, of which data and models. Read from YAML, checked whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stance.experiments.catalogue import corpus_mistakes
from stance.experiments.mistakes import mistake, nearest, told
from stance.experiments.registry import parameter_mistakes
from stance.experiments.result import Role
from stance.experiments.source import (
    ConfigError,
    Source,
    read_source,
    with_overrides,
)

NAME = r"^[A-Za-z0-9][A-Za-z0-9 _+-]*$"
REPORT_NAME = r"^[A-Za-z0-9][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*)*$"

SplitNames = Annotated[tuple[str, ...], Field(min_length=1)]


class Section(BaseModel):
    """A part of a config: never changed, no key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Hidden = Literal["target", "mentions", "voice", "headline", "previous", "following"]


class CorpusConfig(Section):
    """Which data, as ``stance.corpora.load`` takes it, and what of it no model may see.

    ``hide`` takes fields of Passage away. Whose words a paragraph has was annotated by hand in some
    corpora and says by itself what is a quote, so ``voice`` is hidden unless a config shows it.
    """

    name: str = Field(min_length=1)
    task: str | None = None
    variant: str | None = None
    columns: dict[str, str] | None = None
    hide: tuple[Hidden, ...] = ("voice",)


class OfficialSplit(Section):
    """The corpus's own division. ``validation`` is left aside: not learned from, not tested on."""

    kind: Literal["official"]
    train: SplitNames = ("train",)
    validation: str | None = None
    test: str = "test"


class GroupKFold(Section):
    """Cross-validation by article, stratified by label, over some of the corpus's splits.

    ``pool`` names the splits that are joined; without it, all that there is.
    """

    kind: Literal["group_kfold"]
    n_splits: int = Field(default=5, ge=2, le=100)
    pool: tuple[str, ...] = ()
    seed: int = Field(default=0, ge=0)


class ClassifierConfig(BaseModel):
    """A kind of classifier and its parameters, which stand beside ``kind``."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str

    @property
    def parameters(self) -> dict[str, Any]:
        """All keys but ``kind``; the builder's signature says which there may be."""
        return dict(self.model_extra or {})


class ModelConfig(Section):
    """A model under its name in the report."""

    name: str = Field(pattern=NAME, max_length=60)
    role: Role = "model"
    classifier: ClassifierConfig


class BootstrapConfig(Section):
    """How often articles are drawn again, for intervals and for tests."""

    n_resamples: int = Field(default=10_000, ge=100, le=1_000_000)
    seed: int = Field(default=0, ge=0)


class Config(Section):
    """One experiment.

    Parameters
    ----------
    name : str
        The report's name; by default the config's path below ``experiments/``.
    question : str
        What the report answers, in one sentence.
    corpus : CorpusConfig
    split : OfficialSplit or GroupKFold
    metric : {"macro_f1", "accuracy"}
        Of the headline and the comparisons.
    models : tuple of ModelConfig
        The first one is the headline's; its role is ``model``.
    baseline : str
        Name of the model that all others are tested against.
    seeds : tuple of int
        A model whose builder has a ``random_state`` is trained once for each, others once.
    bootstrap : BootstrapConfig
    save_model : str or None
        Folder below the project's root that gets the first model, trained on the training splits.
    """

    name: str = Field(pattern=REPORT_NAME, max_length=120)
    question: str = Field(min_length=1)
    corpus: CorpusConfig
    split: Annotated[OfficialSplit | GroupKFold, Field(discriminator="kind")] = OfficialSplit(
        kind="official"
    )
    metric: Literal["macro_f1", "accuracy"] = "macro_f1"
    models: Annotated[tuple[ModelConfig, ...], Field(min_length=1)]
    baseline: str
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] = (0,)
    bootstrap: BootstrapConfig = BootstrapConfig()
    save_model: Annotated[str, Field(pattern=REPORT_NAME)] | None = None

    def to_yaml(self) -> str:
        """The config with all defaults spelled out; running it gives the same results."""
        values = self.model_dump(mode="json", exclude_none=True)
        return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


def load_config(path: Path, *, overrides: Sequence[str] = ()) -> Config:
    """A config from its file.

    Parameters
    ----------
    path : Path
    overrides : sequence of str
        ``"key=value"``, as ``stance.experiments.source.with_overrides`` takes them.

    Raises
    ------
    ConfigError
        With every mistake of the file, each on a line of its own with its place.
    """
    source = with_overrides(read_source(path), overrides)
    source.value.setdefault("name", report_name(path))
    mistakes = [*source.mistakes, *_cross_mistakes(source)]
    try:
        config = Config.model_validate(source.value)
    except ValidationError as error:
        mistakes += told(error, source, model=Config)
    if mistakes:
        raise ConfigError(sorted(mistakes, key=_line))
    return config


def project_root(path: Path) -> Path:
    """The folder that holds ``experiments/`` (or ``reports/``), else the config's own.

    Examples
    --------
    >>> project_root(Path("/home/me/study/experiments/type/x.yaml")).as_posix()
    '/home/me/study'
    """
    anchor = _anchor(path)
    return anchor.parent if anchor is not None else path.resolve().parent


def report_name(path: Path) -> str:
    """The config's path below ``experiments/``, without its ending; else the file's name.

    Examples
    --------
    >>> report_name(Path("/home/me/study/experiments/type/x.yaml"))
    'type/x'
    """
    anchor = _anchor(path)
    path = path.resolve().with_suffix("")
    return path.relative_to(anchor).as_posix() if anchor is not None else path.name


def _anchor(path: Path) -> Path | None:
    parents = path.resolve().parents
    return next((folder for folder in parents if folder.name in ("experiments", "reports")), None)


def _cross_mistakes(source: Source) -> Iterator[str]:
    """What no section can see by itself; parts of the wrong type are left to the sections."""
    listed = source.value.get("models")
    models = [model if isinstance(model, dict) else {} for model in _list(listed)]
    names: list[str] = []
    for i, model in enumerate(models):
        name = model.get("name")
        if name in names:
            yield mistake(source, ("models", i, "name"), "different from the other names")
        elif isinstance(name, str):
            names.append(name)
        yield from _classifier_mistakes(source, i, model.get("classifier"))
    if models and models[0].get("role", "model") in get_args(Role)[1:]:
        yield mistake(source, ("models", 0, "role"), "'model': the first one is the headline's")
    corpus, split = source.value.get("corpus"), source.value.get("split")
    if isinstance(corpus, dict):
        for at, must_be in corpus_mistakes(corpus, split):
            yield mistake(source, at, must_be)
    baseline = source.value.get("baseline")
    if isinstance(baseline, str) and names and baseline not in names:
        known = f"one of the models {', '.join(map(repr, names))}{nearest(baseline, names)}"
        yield mistake(source, ("baseline",), known)
    seeds = _list(source.value.get("seeds"))
    if len({repr(seed) for seed in seeds}) < len(seeds):
        yield mistake(source, ("seeds",), "different from each other")


def _classifier_mistakes(source: Source, i: int, classifier: Any) -> Iterator[str]:
    if isinstance(classifier, dict) and isinstance(classifier.get("kind"), str):
        parameters = {key: value for key, value in classifier.items() if key != "kind"}
        for at, must_be in parameter_mistakes(classifier["kind"], parameters):
            yield mistake(source, ("models", i, "classifier", *at), must_be)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _line(text: str) -> int:
    """The line that a mistake names, to tell mistakes in the order of the file."""
    found = re.search(r":(\d+): ", text)
    return int(found.group(1)) if found else 0
