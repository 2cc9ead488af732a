"""Leaderboard page: compared models → a table, a figure of intervals and ties, one HTML page."""

from __future__ import annotations

from typing import Any

from stance.experiments.reports.compare import LEVEL, Leaderboard, Standing
from stance.experiments.result import Estimate
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.number import count, decimal, interval, metric_name, p_value
from stance.reporting.page import document
from stance.reporting.palette import INK, MUTED, ROLE_MARKERS
from stance.reporting.table import Column, Entry, Row, Table, estimated

_ROW = 0.44
_MAX_BARS = 8  # more tie groups than this have no room beside the intervals


def leaderboard_page(board: Leaderboard) -> str:
    """A leaderboard as a self-contained HTML page, without scripts; it prints well."""
    return document(
        "leaderboard.html.j2",
        css="report.css.j2",
        board=board,
        finding=board_finding(board),
        method=board_method(board),
        standings=standing_table(board),
        pairs=pair_table(board),
        chart=board_chart(board),
    )


def board_finding(board: Leaderboard) -> str:
    """Who leads, and from whom the leader cannot be told apart."""
    first, *others = board.standings
    name = f"{_named(first, board)} leads with {metric_name(board.metric)} "
    name += decimal(first.estimate.value)
    tied = [
        _named(other, board)
        for place, other in enumerate(others, start=1)
        if (pair := board.to_best(place)) is not None and not pair.is_different
    ]
    if not tied:
        return f"{name}, ahead of {'all others' if len(others) > 1 else _named(others[0], board)}"
    if len(tied) == len(others):
        return f"{name}, but cannot be told apart from {'any other' if len(tied) > 1 else tied[0]}"
    *most, last = tied
    others_named = f"{', '.join(most)} and {last}" if most else last
    return f"{name}, but cannot be told apart from {others_named}"


def board_method(board: Leaderboard) -> str:
    """Which tests stand behind the ties, in one paragraph."""
    n, tests = len(board.standings), len(board.pairs)
    which = (
        ("The two models were tested" if n == 2 else f"Every two of the {n} models were tested")
        if board.against == "all"
        else f"Each of the {n - 1} others was tested against the best, which the same numbers chose"
    )
    shared = (
        "Models that share a letter were not told apart"
        if board.against == "all"
        else "The letter a marks the best and those not told apart from it"
    )
    return (
        f"{which}, on the same passages joined by id, with a two-sided paired permutation test "
        f"that swaps two models' answers {_unit(board)[:-1]} by {_unit(board)[:-1]} "
        f"({count(board.n_permutations)} permutations, or all where there are fewer); "
        "p is corrected by Holm's method for "
        f"{tests} test{'' if tests == 1 else 's'}. {shared} at the level {LEVEL:g}; a model's rank "
        "is one more than the number of models shown to be better. Not told apart does not mean "
        "equal."
    )


def standing_table(board: Leaderboard) -> Table:
    """A row per model: rank, tie letters, metric, accuracy, how far behind the best."""
    has_accuracy = any(one.accuracy is not None for one in board.standings)
    columns = (
        Column("Model"),
        Column("Rank", is_number=True),
        Column("Ties"),
        Column(metric_name(board.metric), is_number=True),
        *([Column("Accuracy", is_number=True)] if has_accuracy else []),
        Column("Behind the best", is_number=True),
        Column("p", is_number=True),
        Column("Report"),
    )
    rows = []
    for place, one in enumerate(board.standings):
        pair = board.to_best(place)
        gap = _reversed(pair.difference) if pair is not None else None
        rows.append(
            Row(
                (
                    Entry(one.model, _setting(one, board, is_beside_report=True)),
                    Entry(str(one.rank)),
                    Entry(one.group),
                    estimated(one.estimate),
                    *([Entry(decimal(one.accuracy))] if has_accuracy else []),
                    estimated(gap, is_signed=True),
                    Entry(p_value(pair.corrected if pair is not None else None)),
                    Entry(", ".join(one.reports)),
                ),
                is_headline=place == 0,
            )
        )
    task = f", task {board.task}" if board.task else ""
    unit = _unit(board)
    caption = (
        f"{board.corpus}{task}, {board.split}: {count(board.n_groups)} {unit}, "
        f"{count(board.n_passages)} passages. Ranges are 95 % intervals over {unit}; "
        "p is two-sided and corrected."
    )
    return Table(caption, columns, tuple(rows))


def pair_table(board: Leaderboard) -> Table:
    """A row per test: the difference with its interval, p as it is and corrected."""
    names = [_named(one, board) for one in board.standings]
    rows = tuple(
        Row(
            (
                Entry(names[pair.first]),
                Entry(names[pair.second]),
                estimated(pair.difference, is_signed=True),
                Entry(p_value(pair.p_value)),
                Entry(p_value(pair.corrected)),
                Entry("different" if pair.is_different else "not told apart"),
            )
        )
        for pair in board.pairs
    )
    columns = (
        Column("Model"),
        Column("Other"),
        Column("Difference", is_number=True),
        Column("p", is_number=True),
        Column("p corrected", is_number=True),
        Column("At 0.05"),
    )
    return Table(
        f"Differences in {metric_name(board.metric)}; their intervals are not corrected.",
        columns,
        rows,
    )


def board_chart(board: Leaderboard) -> Chart:
    """Every model's interval, with a line on the right along each group of ties."""
    finding = board_finding(board)
    height = _ROW * len(board.standings) + 0.75
    with drawing_style():
        figure, total = canvas(finding, height=height)
        left, right = 2.2, 1.6
        box = (left / WIDTH, 0.55 / total, (WIDTH - left - right) / WIDTH, (height - 0.6) / total)
        axes = figure.add_axes(box)
        for row, one in enumerate(board.standings):
            _draw(axes, row, one, board)
        axes.set_ylim(len(board.standings) - 0.4, -0.6)
        axes.set_yticks([])
        axes.locator_params(axis="x", nbins=4)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.set_xlabel(f"{metric_name(board.metric)}, point and 95 % interval")
        _bars(axes, board)
        lines = [
            f"{_named(one, board)} {decimal(one.estimate.value)} ({interval(one.estimate)}), "
            f"ties {one.group or 'none'}"
            for one in board.standings
        ]
        alt = f"{metric_name(board.metric)} of each model: {'; '.join(lines)}."
        return rendered(figure, name="leaderboard", finding=finding, alt=alt, height=height)


def _draw(axes: Any, row: int, one: Standing, board: Leaderboard) -> None:
    colour = INK if row == 0 else MUTED
    estimate = one.estimate
    if estimate.low is not None and estimate.high is not None:
        axes.plot([estimate.low, estimate.high], [row, row], color=colour, linewidth=1.6)
    axes.plot([estimate.value], [row], ROLE_MARKERS[one.role], color=colour, markersize=5.5)
    written = (
        (shown(one.model), (-10, 4.5), 9, INK, "right", 0),
        (shown(_setting(one, board), limit=38), (-10, -5.5), 7.5, MUTED, "right", 0),
        (decimal(estimate.value), (10, 0), 9, INK, "left", 1),
    )
    for text, offset, size, tone, side, at in written:
        axes.annotate(
            text,
            (at, row),
            xycoords=("axes fraction", "data"),
            xytext=offset,
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=size,
            color=tone,
        )


def _bars(axes: Any, board: Leaderboard) -> None:
    """A line per letter beside the rows that carry it; dots where a row within does not."""
    letters = sorted({letter for one in board.standings for letter in one.group})[:_MAX_BARS]
    for i, letter in enumerate(letters):
        rows = [row for row, one in enumerate(board.standings) if letter in one.group]
        x = 1.34 + 0.075 * i
        options = {"clip_on": False, "color": INK}
        line = axes.get_yaxis_transform()
        axes.plot([x, x], [rows[0], rows[-1]], linewidth=1.1, transform=line, **options)
        axes.plot([x] * len(rows), rows, "o", markersize=3.5, transform=line, **options)
        axes.annotate(
            letter,
            (x, rows[0]),
            xycoords=("axes fraction", "data"),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )


def _setting(one: Standing, board: Leaderboard, *, is_beside_report: bool = False) -> str:
    """Role, seed where a model has several, and report where there are several."""
    words = [one.role]
    models = {other.model for other in board.standings}
    if len({(other.model, other.seed) for other in board.standings}) > len(models):
        words.append(f"seed {one.seed}")
    if len(board.reports) > 1 and not is_beside_report:
        words.append(", ".join(one.reports))
    return " · ".join(words)


def _named(one: Standing, board: Leaderboard) -> str:
    """A model's name, with what tells it from another of the same name."""
    same = [other for other in board.standings if other.model == one.model]
    words = []
    if len({other.reports for other in same}) > 1:
        words.append(", ".join(one.reports))
    if len({other.seed for other in same}) > 1:
        words.append(f"seed {one.seed}")
    return f"{one.model} ({', '.join(words)})" if words else one.model


def _unit(board: Leaderboard) -> str:
    return "articles" if board.n_groups < board.n_passages else "passages"


def _reversed(estimate: Estimate) -> Estimate:
    low, high = estimate.low, estimate.high
    return Estimate(-estimate.value, None if high is None else -high, None if low is None else -low)
