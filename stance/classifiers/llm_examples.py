"""Examples for a prompt: drawn by seed, as many of each class, none from the passage's article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.passage import Passage


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled passages to choose from, in the order in which they are preferred.

    Parameters
    ----------
    pools : tuple of (str, tuple of Passage)
        Each label with its passages: so many that enough are left without those of any one article.
    shots : int
        Passages of each label that a prompt shows, at most.
    """

    pools: tuple[tuple[str, tuple[Passage, ...]], ...] = ()
    shots: int = 0

    def of(self, passage: Passage) -> list[tuple[Passage, str]]:
        """Examples for a passage, the labels in turns; none of its article, or with its text."""
        chosen = [
            [(one, label) for one in pool if not _is_near(one, passage)][: self.shots]
            for label, pool in self.pools
        ]
        return [column[i] for i in range(self.shots) for column in chosen if i < len(column)]


def drawn_examples(
    passages: Sequence[Passage], labels: Sequence[str], *, shots: int, seed: int | None
) -> Examples:
    """Examples from which every passage can be given ``shots`` of each label, as far as there are.

    Parameters
    ----------
    passages : sequence of Passage
    labels : sequence of str, shape (n_passages,)
    shots : int
    seed : int or None

    Examples
    --------
    >>> passages = [Passage("“Yes,” she said."), Passage("It rained."), Passage("“No,” he said.")]
    >>> drawn = drawn_examples(passages, ["quote", "report", "quote"], shots=1, seed=0)
    >>> [label for _, label in drawn.of(Passage("“So what?” they said."))]
    ['quote', 'report']
    """
    if not shots:
        return Examples()
    order = np.random.default_rng(seed).permutation(len(passages)).tolist()
    pools = []
    for label in sorted(set(labels)):
        mine = [passages[i] for i in order if labels[i] == label]
        pools.append((label, tuple(_enough(mine, shots))))
    return Examples(tuple(pools), shots)


def _enough(passages: Sequence[Passage], shots: int) -> list[Passage]:
    """The first so many that ``shots`` are left without any one article and any one text."""
    groups: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for n, passage in enumerate(passages, start=1):
        groups[passage.group] += bool(passage.group)
        texts[passage.text] += 1
        if n - max(groups.values()) - max(texts.values()) >= shots:
            return list(passages[:n])
    return list(passages)


def _is_near(one: Passage, other: Passage) -> bool:
    return one.text == other.text or (one.group != "" and one.group == other.group)
