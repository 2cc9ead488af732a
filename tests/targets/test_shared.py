"""Targets of several articles: merged where they share a name, with the names that two use."""

from __future__ import annotations

from stance.reading import read_text
from stance.targets import shared_targets

PIER = """Harbour Board closes the pier

The Harbour Board closed the pier. The Harbour Board, or HB, gave no reason.

The United States has asked the Harbour Board for the pier. The U.S.-led coalition wants it too.
"""
SHIP = """Harbour Board buys a ship

The Harbour Board bought a ship on Monday. The Harbour Board paid in cash.

The United States sold it. The United States wants the Harbour Board to buy more.
"""


def test_articles_that_share_a_name_share_a_target() -> None:
    names = [one.name for one in shared_targets([read_text(PIER), read_text(SHIP)], 5)]
    assert names.count("Harbour Board") == 1 and "United States" in names


def test_an_alias_of_one_article_is_none_of_all() -> None:
    found = {one.name: one for one in shared_targets([read_text(PIER), read_text(SHIP)], 5)}
    assert not any("coalition" in name for name in found["United States"].names)


def test_no_articles_no_targets() -> None:
    assert shared_targets([]) == []
