"""Data config: the sections of a config that say which passages are learned from and tested on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SplitNames = Annotated[tuple[str, ...], Field(min_length=1)]


class Section(BaseModel):
    """A part of a config: never changed, no key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Hidden = Literal["target", "mentions", "voice", "headline", "previous", "following"]


class CorpusConfig(Section):
    """Which data, as ``stance.corpora.load`` takes it, and what of it no model may see.

    ``hide`` takes fields of Passage away. Whose words a paragraph has was annotated by hand in some
    corpora and says by itself what is a quote, so ``voice`` is hidden unless a config shows it.
    ``relabel`` maps labels to a space that corpora share, ``{report: other, analysis: other}``;
    labels that it does not name stay, and passages of those that it maps to null are left out.
    """

    name: str = Field(min_length=1)
    task: str | None = None
    variant: str | None = None
    columns: dict[str, str] | None = None
    relabel: dict[str, str | None] | None = None
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


class LeaveOneGroupOut(Section):
    """Every value of a column held out in turn: a target, an outlet that no model has learned from.

    ``column`` is a field of Passage (``target``) or a column of the corpus (``outlet``). Passages
    without a value are learned from and not tested on; those of an article that is tested are not
    learned from. ``pool`` is as in ``group_kfold``.
    """

    kind: Literal["leave_one_group_out"]
    column: str = Field(min_length=1)
    pool: tuple[str, ...] = ()


class OtherCorpus(Section):
    """Another corpus, to test on; keys are those of the config's."""

    name: str = Field(min_length=1)
    task: str | None = None
    variant: str | None = None
    columns: dict[str, str] | None = None
    relabel: dict[str, str | None] | None = None


class Transfer(Section):
    """Learned from the config's corpus, tested on another one, as far as both have a label.

    Of a corpus that is a file, which has no splits, all is learned from or tested on.
    """

    kind: Literal["transfer"]
    to: OtherCorpus
    train: SplitNames = ("train",)
    test: str = "test"


Split = Annotated[
    OfficialSplit | GroupKFold | LeaveOneGroupOut | Transfer, Field(discriminator="kind")
]
