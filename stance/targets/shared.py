"""Targets that several articles share, their names merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from stance.article import Article
from stance.targets.discovery import FoundTarget, found_targets
from stance.targets.target import Target

_PER_ARTICLE = 8
_MAX_ALIASES = 50


@dataclass(slots=True)
class _Merged:
    """One target as several articles name it."""

    names: dict[str, str] = field(default_factory=dict)  # as compared → as first written
    counts: Counter[str] = field(default_factory=Counter)  # how many articles use a name
    n_articles: int = 0
    n_paragraphs: int = 0

    def add(self, found: FoundTarget) -> None:
        for name in found.target.names:
            self.names.setdefault(name.casefold(), name)
        self.counts.update({name.casefold() for name in found.target.names})
        self.n_articles += 1
        self.n_paragraphs += found.n_paragraphs

    def target(self) -> Target:
        """With the aliases that two articles use: "the coalition" of one is not another's."""
        first, *others = self.names
        kept = [self.names[name] for name in others if self.counts[name] > 1]
        return Target(self.names[first], tuple(kept[:_MAX_ALIASES]))


def shared_targets(articles: Iterable[Article], n: int = 5) -> list[Target]:
    r"""Targets that most of the articles speak about.

    Parameters
    ----------
    articles : iterable of Article
    n : int
        At most so many.

    Returns
    -------
    list of Target
        By number of articles, then of paragraphs. Two articles mean the same target where a name
        or alias of one is a name or alias of the other, in upper or lower case; its name is the
        one that came first.

    Examples
    --------
    >>> from stance.reading import read_text
    >>> pages = ["Port strike\n\nThe Harbour Union began a strike. The Harbour Union wants more.",
    ...          "Port open\n\nThe strike is over, the Harbour Union said. The strike was long."]
    >>> [target.name for target in shared_targets(map(read_text, pages), 2)]
    ['strike', 'Harbour Union']
    """
    merged: list[_Merged] = []
    for article in articles:
        for found in found_targets(article, _PER_ARTICLE):
            names = {name.casefold() for name in found.target.names}
            same = next((one for one in merged if names & one.names.keys()), None)
            if same is None:
                merged.append(same := _Merged())
            same.add(found)
    merged.sort(key=lambda one: (-one.n_articles, -one.n_paragraphs))
    return [one.target() for one in merged[:n]]
