"""Config: what an experiment asks, of which data and models. Read from YAML, checked whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from stance.experiments.configs.base import (
    NAME,
    REPORT_NAME,
    BaseConfig,
    BootstrapConfig,
    KindConfig,
    NamedModel,
)
from stance.experiments.configs.checks import cross_mistakes
from stance.experiments.configs.data_config import CorpusConfig, Split
from stance.experiments.configs.extends import read_extended
from stance.experiments.configs.mistakes import sections_of, told
from stance.experiments.configs.overrides import Sections, with_overrides
from stance.experiments.configs.source import ConfigError, Source
from stance.experiments.configs.sweep import spelled_out
from stance.experiments.configs.variants import with_controls
from stance.experiments.study import Study, study_of

__all__ = [
    "NAME",
    "REPORT_NAME",
    "BootstrapConfig",
    "ClassifierConfig",
    "Config",
    "ConfigFile",
    "Control",
    "ModelConfig",
    "PerturbationName",
    "checked_config",
    "known_sections",
    "load_config",
    "project_root",
    "read_config",
    "report_name",
]

Control = Literal[
    "target-removed", "target-shuffled", "text-removed", "quotation-removed", "labels-shuffled"
]

PerturbationName = Literal["marks", "unclosed", "typography", "typos", "case", "names", "negation"]


class ClassifierConfig(KindConfig):
    """A kind of classifier and its parameters, which stand beside ``kind``."""


class ModelConfig(NamedModel):
    """A classifier under its name in the report.

    ``corpus`` and ``split`` stand in place of the config's: for a variant that learns from other
    data, or is tested on others. ``control`` takes away what the answer should depend on.
    """

    classifier: ClassifierConfig
    control: Control | None = None
    corpus: CorpusConfig | None = None
    split: Split | None = None


class Config(BaseConfig):
    """One experiment in telling labels apart.

    Parameters
    ----------
    name : str
        The report's name; by default the config's path below ``experiments/``.
    question : str
        What the report answers, in one sentence.
    corpus : CorpusConfig
    split : OfficialSplit, GroupKFold, LeaveOneGroupOut or Transfer
    metric : {"macro_f1", "accuracy", "f_avg", "weighted_score"}
        Of the headline and the comparisons; ``f_avg``, the mean F1 of favor and against, and
        ``weighted_score``, that of the Fake News Challenge, where the corpus has their labels.
    models : tuple of ModelConfig
        The first one is the headline's; its role is ``model``.
    baseline : str
        Name of the model that all others are tested against.
    seeds : tuple of int
        A model whose builder has a ``random_state`` is trained once for each, others once.
    bootstrap : BootstrapConfig
    slices : tuple of str
        Parts of the test set that are scored by themselves: columns of the corpus, or ``length``,
        ``position``, ``label``.
    coverage : float or None
        How often conformal sets of the headline model shall hold the true label.
    perturbations : tuple of str
        Changes of the test passages that the headline model has to stand; those of
        ``stance.evaluation.perturbation``.
    learning_curve : tuple of float
        Shares of the training articles that the headline model is trained on.
    learning_draws : int
        How often each share but the whole is drawn.
    save_model : str or None
        Folder below the project's root that gets the first model, trained on the training splits.
    """

    metric: Literal["macro_f1", "accuracy", "f_avg", "weighted_score"] = "macro_f1"
    models: Annotated[tuple[ModelConfig, ...], Field(min_length=1)]
    slices: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    coverage: Annotated[float, Field(gt=0, lt=1)] | None = None
    perturbations: tuple[PerturbationName, ...] = ()
    learning_curve: tuple[Annotated[float, Field(gt=0, le=1)], ...] = ()
    learning_draws: int = Field(default=3, ge=1, le=100)
    save_model: Annotated[str, Field(pattern=REPORT_NAME)] | None = None


class ConfigFile(Config):
    """What a file may say beside: keys that are spelled out before the config is made.

    Parameters
    ----------
    extends : str or tuple of str
        Files to begin with, relative to this one.
    sweep : dict
        Alternatives: see ``stance.experiments.configs.sweep``.
    controls : tuple of str
        "target-removed", "target-shuffled", "text-removed", "quotation-removed", "labels-shuffled".
        Each becomes a model of the role ``control``: the first one, without what it names.
    """

    extends: str | tuple[str, ...] = ()
    sweep: dict[str, Any] = Field(default_factory=dict)
    controls: tuple[Control, ...] = ()


def known_sections(form: type[BaseConfig] = ConfigFile) -> Sections:
    """The keys of a config, and the keys of each that is a section.

    Parameters
    ----------
    form : type
        What the file may say.
    """
    return {
        name: [key for one in sections_of(field.annotation) for key in one.model_fields]
        if name != "models"
        else []
        for name, field in form.model_fields.items()
    }


def read_config(path: Path, *, overrides: Sequence[str] = ()) -> Source:
    """The values of a config and its bases, with overrides, before anything is spelled out.

    Raises
    ------
    ConfigError
        A file cannot be read, is of no known kind, or an override leads nowhere.
    """
    source = read_extended(path)
    form = _study(source).file_form if overrides else ConfigFile
    source = with_overrides(source, overrides, sections=known_sections(form))
    source.value.setdefault("name", report_name(path))
    return source


def load_config(path: Path, *, overrides: Sequence[str] = ()) -> Any:
    """A config from its file: a ``Config``, or that of the kind that the file names.

    Parameters
    ----------
    path : Path
    overrides : sequence of str
        ``"key=value"``, as ``stance.experiments.configs.source.with_overrides`` takes them.

    Raises
    ------
    ConfigError
        With every mistake of the file, each on a line of its own with its place.
    """
    return checked_config(read_config(path, overrides=overrides))


def checked_config(source: Source) -> Any:
    """The config that ``read_config`` has read, its sweep and controls spelled out.

    Raises
    ------
    ConfigError
        As ``load_config``.
    """
    study = _study(source)
    source = with_controls(spelled_out(source, sections=known_sections(study.file_form)))
    mistakes = [*source.mistakes, *cross_mistakes(source)]
    try:
        config = study.form.model_validate(source.value)
    except ValidationError as error:
        mistakes += told(error, source, model=study.file_form)
    if mistakes:
        raise ConfigError(sorted(dict.fromkeys(mistakes), key=lambda text: _order(text, source)))
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


def _study(source: Source) -> Study:
    return study_of(source.value, place=source.place(("kind",)))


def _anchor(path: Path) -> Path | None:
    parents = path.resolve().parents
    return next((folder for folder in parents if folder.name in ("experiments", "reports")), None)


def _order(text: str, source: Source) -> tuple[bool, str, int]:
    """Mistakes in the order of the file, those of its bases after its own."""
    found = re.match(r"(.*?)(?::(\d+): |, override: )", text)
    path = found.group(1) if found else ""
    return path != source.path, path, int(found.group(2) or 0) if found else 0
