"""Small invented articles with labelled paragraphs, for every estimator."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

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
