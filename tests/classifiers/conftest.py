"""Small invented articles with labelled paragraphs, for every estimator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from stance.passage import Passage, chained

PLACES = ("Ardmoor", "Belvane", "Corrie", "Dunhollow", "Eskmere", "Farrow", "Glint", "Harrow Bay")
PEOPLE = ("Ida Lund", "Per Aske", "Mona Veil", "Tariq Sool", "Jun Okabe", "Rosa Dell", "Ole Marn")
THINGS = ("pier", "library", "tram", "dam", "market hall", "ferry")


@dataclass(frozen=True)
class Labelled:
    """Passages with their labels."""

    passages: list[Passage]
    labels: list[str]

    @property
    def texts(self) -> list[str]:
        return [passage.text for passage in self.passages]

    @property
    def groups(self) -> list[str]:
        return [passage.group for passage in self.passages]

    def labelled_as(self, names: dict[str, str]) -> Labelled:
        return replace(self, labels=[names[label] for label in self.labels])


def paragraphs(i: int) -> list[tuple[str, str]]:
    place, who, thing = PLACES[i % 8], PEOPLE[i % 7], THINGS[i % 6]
    rows = [
        (
            f"The {thing} in {place} was shut on Monday after {i + 2} beams fell, police found.",
            "report",
        ),
        (f"“We heard the {thing} go and ran for the road,” {who} said on Monday.", "quote"),
        (
            f"{who} told reporters that the {thing} had not been inspected for {i + 3} years.",
            "quote",
        ),
        (f"Workers closed the road to {place} at noon and set up {i + 4} barriers.", "report"),
        (
            f"The town may well regret it: a {thing} is hard to replace and harder to fund.",
            "analysis",
        ),
        ("This article was translated from the local edition and edited for length.", "disclaimer"),
    ]
    return rows if i % 3 else [rows[0], rows[4], rows[1], rows[3], rows[5]]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost such small fits more time than they save, most of all on a busy machine."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def data() -> Labelled:
    """Sixteen articles, some ninety paragraphs of four types."""
    passages: list[Passage] = []
    labels: list[str] = []
    for i in range(16):
        rows = paragraphs(i)
        headline = f"{THINGS[i % 6].capitalize()} shut in {PLACES[i % 8]}"
        passages += chained([text for text, _ in rows], headline=headline, group=f"article {i}")
        labels += [label for _, label in rows]
    return Labelled(passages, labels)


# A tree by hand: a leaf is its value, any other node (column, threshold, value, left, right).
Tree = float | tuple[int, float, float, "Tree", "Tree"]
Planted = dict[str, NDArray[Any]]


def planted(rounds: Sequence[Sequence[Tree]], baseline: Sequence[float]) -> Planted:
    """Arrays of trees; ``rounds[i][j]`` is the tree of class j in round i."""
    nodes: list[list[float]] = []  # column, threshold, left, right, value

    def plant(tree: Tree) -> int:
        at = len(nodes)
        if isinstance(tree, tuple):
            column, threshold, value, left, right = tree
            nodes.append([column, threshold, 0, 0, value])
            nodes[at][2:4] = [plant(left), plant(right)]
        else:
            nodes.append([-1, 0.0, 0, 0, tree])
        return at

    roots = [[plant(tree) for tree in trees] for trees in rounds]
    table = np.array(nodes, np.float64).reshape(-1, 5)
    return {
        "column": table[:, 0].astype(np.int16),
        "threshold": table[:, 1],
        "left": table[:, 2].astype(np.int32),
        "right": table[:, 3].astype(np.int32),
        "value": table[:, 4].astype(np.float32),
        "root": np.array(roots, np.int32).reshape(len(rounds), len(baseline)),
        "baseline": np.array(baseline, np.float32),
    }


@pytest.fixture(scope="session")
def plant() -> Callable[[Sequence[Sequence[Tree]], Sequence[float]], Planted]:
    """What makes arrays of trees worked out by hand."""
    return planted
