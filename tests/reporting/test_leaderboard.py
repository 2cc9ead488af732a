from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from stance.experiments.reports.compare import Leaderboard, Pair, Standing
from stance.experiments.result import Estimate
from stance.reporting.leaderboard import (
    board_chart,
    board_finding,
    board_method,
    leaderboard_page,
    pair_table,
    standing_table,
)


def standing(model: str, value: float, *, rank: int, group: str, report: str = "a") -> Standing:
    estimate = Estimate(value, value - 0.02, value + 0.02)
    return Standing(rank, group, model, "model", 0, (report,), estimate, value + 0.01)


def pair(first: int, second: int, gap: float, p: float) -> Pair:
    return Pair(first, second, Estimate(gap, gap - 0.03, gap + 0.01), p / 3, p)


@pytest.fixture
def board() -> Leaderboard:
    return Leaderboard(
        metric="macro_f1",
        corpus="harbour",
        task="type",
        split="test",
        n_groups=32,
        n_passages=1280,
        labels=("quote", "report"),
        reports=("a", "b"),
        against="all",
        n_permutations=10_000,
        standings=(
            standing("words", 0.9, rank=1, group="a"),
            standing("words", 0.88, rank=1, group="ab", report="b"),
            standing("coin", 0.85, rank=2, group="b"),
        ),
        pairs=(pair(0, 1, 0.02, 0.3), pair(0, 2, 0.05, 0.012), pair(1, 2, 0.03, 0.08)),
        notes=("Not the same before the test: seeds.",),
    )


def test_finding_names_the_leader_and_those_tied_with_it(board: Leaderboard) -> None:
    assert board_finding(board) == (
        "words (a) leads with macro-F1 0.900, but cannot be told apart from words (b)"
    )
    ahead = (pair(0, 1, 0.02, 0.01), *board.pairs[1:])
    assert board_finding(replace(board, pairs=ahead)).endswith(", ahead of all others")
    tied = (board.pairs[0], pair(0, 2, 0.05, 0.2), board.pairs[2])
    assert board_finding(replace(board, pairs=tied)).endswith("cannot be told apart from any other")


def test_table_has_rank_letters_interval_and_the_way_to_the_best(board: Leaderboard) -> None:
    table = standing_table(board)
    last = [(entry.text, entry.note) for entry in table.rows[2].entries]
    assert last == [
        ("coin", "model"),
        ("2", ""),
        ("b", ""),
        ("0.850", "0.830–0.870"),
        ("0.860", ""),
        ("−0.050", "−0.060 to −0.020"),
        ("0.012", ""),
        ("a", ""),
    ]
    assert table.caption.startswith("harbour, task type, test: 32 articles, 1,280 passages.")


def test_every_test_is_told_as_it_is_and_corrected(board: Leaderboard) -> None:
    texts = [[entry.text for entry in row.entries] for row in pair_table(board).rows]
    assert texts[0] == ["words (a)", "words (b)", "+0.020", "0.100", "0.300", "not told apart"]
    assert texts[1][-1] == "different"


def test_method_says_which_pairs_were_tested_and_how_corrected(board: Leaderboard) -> None:
    assert board_method(board).startswith("Every two of the 3 models were tested")
    assert "Holm's method for 3 tests" in board_method(board)
    best = replace(board, against="best", pairs=board.pairs[:2])
    assert "against the best, which the same numbers chose" in board_method(best)


def test_chart_is_the_same_each_time_and_says_in_words_what_it_shows(board: Leaderboard) -> None:
    chart = board_chart(board)
    assert chart == board_chart(board)
    assert "words (b) 0.880 (0.860–0.900), ties ab" in chart.alt
    ElementTree.fromstring(chart.svg)


def test_page_is_whole_and_shows_hostile_names_as_text(board: Leaderboard, hostile: str) -> None:
    evil = replace(board.standings[0], model=hostile, reports=(hostile,))
    page = leaderboard_page(
        replace(board, standings=(evil, *board.standings[1:]), notes=(hostile,), reports=(hostile,))
    )
    page.encode("utf-8")
    seen: list[str] = []

    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)
            assert not any(name.startswith("on") for name, _ in attrs)

    Seen().feed(page)
    assert {"script", "img"} & set(seen) == set()
    assert seen.count("h1") == 1
