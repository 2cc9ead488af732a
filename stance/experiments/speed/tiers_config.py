"""TiersConfig: tiers set side by side in speed and accuracy. ``kind: tiers`` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from stance.experiments.config import NAME, REPORT_NAME
from stance.experiments.configs.data_config import CorpusConfig, Section
from stance.experiments.configs.mistakes import mistake, nearest
from stance.experiments.speed.config import Positive, Role, Written, read_config

if TYPE_CHECKING:
    from pathlib import Path

    from stance.experiments.configs.source import Source

TierKind = Literal["ngrams", "shipped", "encoder", "torch"]


class ScoreConfig(Section):
    """Where a tier's macro-F1 stands: a folder of reports, and the model's name in it."""

    report: str = Field(min_length=1)
    cell: str = Field(min_length=1)


class TierConfig(Section):
    """A tier, under its name in the report.

    Parameters
    ----------
    name, role : str
    kind : {"ngrams", "shipped", "encoder", "torch"}
        scikit-learn's n-grams, which learn first; a shipped model of n-grams and trees; an encoder
        in onnxruntime; a pretrained encoder in torch, float32, under heads that have not learned.
    model : str
        Name of a shipped model, "accurate" or the folder of an encoder, or what torch shall read.
    task : str
        Which head of an encoder answers.
    score : ScoreConfig, optional
        Without it the tier has a speed alone.
    """

    name: str = Field(pattern=NAME, max_length=60)
    role: Role = "variant"
    kind: TierKind
    model: str = ""
    task: str = ""
    score: ScoreConfig | None = None


class PanelConfig(Section):
    """What tiers are asked of which passages: the first ``max_passages`` of different texts."""

    asks: Literal["types", "stances"]
    corpus: CorpusConfig
    split: str = Field(min_length=1)
    train: str = "train"
    max_passages: Positive = 2000
    tiers: Annotated[tuple[TierConfig, ...], Field(min_length=1)]


class StartsConfig(Section):
    """A page that is labelled in new processes, with which models, and how often."""

    page: str = Field(min_length=1)
    models: Annotated[tuple[str, ...], Field(min_length=1)]
    n_rounds: int = Field(default=5, ge=1, le=100)


class TiersConfig(Written):
    """One comparison of tiers.

    Parameters
    ----------
    kind : {"tiers"}
    name, question : str
        As in every config.
    panels : tuple of PanelConfig
        The headline is that of the first one's tier of role ``model``, on the most cores.
    baseline : str
        The tier that ratios are to, in each panel where it is.
    cores : tuple of int
        Numbers of cores that each tier is given.
    n_rounds : int
        In each, every tier labels its passages once on each number of cores.
    starts : StartsConfig, optional
    """

    kind: Literal["tiers"]
    name: str = Field(pattern=REPORT_NAME, max_length=120)
    question: str = Field(min_length=1)
    panels: Annotated[tuple[PanelConfig, ...], Field(min_length=1)]
    baseline: str
    cores: Annotated[tuple[Positive, ...], Field(min_length=1)] = (1, 2)
    n_rounds: int = Field(default=5, ge=1, le=100)
    starts: StartsConfig | None = None

    @property
    def main_tier(self) -> TierConfig:
        """The headline's."""
        return next(tier for tier in self.panels[0].tiers if tier.role == "model")


def load_tiers_config(path: Path) -> TiersConfig:
    """A config of this kind from its file.

    Raises
    ------
    ConfigError
        With every mistake of the file, each on a line of its own with its place.
    """
    return read_config(path, TiersConfig, _cross_mistakes)


def _cross_mistakes(source: Source) -> Iterator[str]:
    panels = _maps(source.value.get("panels"))
    corpora: list[Any] = []
    taken: list[str] = []
    for i, panel in enumerate(panels):
        given = panel.get("corpus")
        corpus = given.get("name") if isinstance(given, dict) else None
        if corpus is not None and corpus in corpora:
            yield mistake(source, ("panels", i, "corpus", "name"), "different in each panel")
        corpora.append(corpus)
        tiers = _maps(panel.get("tiers"))
        yield from _tier_mistakes(source, i, tiers)
        taken += [str(tier.get("name")) for tier in tiers]
    if panels and all(tier.get("role") != "model" for tier in _maps(panels[0].get("tiers"))):
        yield mistake(source, ("panels", 0, "tiers"), "tiers of which one has the role 'model'")
    baseline = source.value.get("baseline")
    if isinstance(baseline, str) and taken and baseline not in taken:
        known = list(dict.fromkeys(taken))
        must_be = f"one of the tiers {', '.join(map(repr, known))}{nearest(baseline, known)}"
        yield mistake(source, ("baseline",), must_be)


def _tier_mistakes(source: Source, panel: int, tiers: list[dict[str, Any]]) -> Iterator[str]:
    from stance.models import names, summary

    taken: list[str] = []
    for i, tier in enumerate(tiers):
        at = ("panels", panel, "tiers", i)
        name, kind, model = str(tier.get("name")), tier.get("kind"), tier.get("model", "")
        if name in taken:
            yield mistake(source, (*at, "name"), "different from the other names")
        taken.append(name)
        if kind in ("encoder", "torch") and not model:
            yield mistake(source, at, f"a tier with a model, as one of kind {kind!r} needs")
        if kind == "encoder" and not tier.get("task"):
            yield mistake(source, at, "a tier with a task, as one of kind 'encoder' needs")
        asks = source.value["panels"][panel].get("asks")
        task = "stance" if asks == "stances" else "paragraph-type"
        known = [one for one in names() if summary(one)["task"] == task]
        if kind == "shipped" and model not in known:
            must_be = f"one of {', '.join(map(repr, known))}{nearest(model, known)}"
            yield mistake(source, (*at, "model"), must_be)


def _maps(listed: Any) -> list[dict[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
