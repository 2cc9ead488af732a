"""Speed of labelling: the figure and the tables of what whole corpora cost, from file to file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.experiments.result import Cell, Estimate, Result
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.number import MISSING, count
from stance.reporting.palette import INK, MUTED, ROLE_MARKERS
from stance.reporting.speed_tables import (
    hundredth,
    measured_entry,
    megabytes,
    number_columns,
    tenth,
    whole,
)
from stance.reporting.table import Entry, Row, Table

NAME = "labelling"
_HEIGHT = 3.7
_NAMES_WIDTH = 2.2
_NAME_HEIGHT = 0.15

LABELLING_CAPTION = (
    "Both axes are logarithmic. Circles are the headline's model, diamonds others, squares the "
    "baseline; upright lines are the range of the rounds. Full lines are one core, dashed ones "
    "more. A level line says that a corpus ten times as large takes ten times as long."
)

LABELLING_METHOD = (
    "Each run is a process of its own that reads a Parquet file and writes one. Its clock, the one "
    "on the wall, starts when the model is loaded and the file is still closed, and stops when the "
    "output is complete: reading, cutting into words, labelling, writing, and with more than one "
    "core the start of the other processes all count. The start of Python and its imports do not.",
    "Runs of one size are made in rounds: each round makes every run once, in an order that moves "
    "on from round to round, so that what slows the machine slows all alike. Ratios are taken "
    "within a round, between runs on as many cores. Numerical libraries keep to one thread.",
    "The baseline is a scikit-learn pipeline, a FeatureUnion of TF-IDF of words (1–2) and of "
    "characters (2–5, within words) before a LinearSVC. It has learned before; dataset.map of the "
    "library datasets drives it, in batches of 1,000.",
    "A process knows no word when it begins, and remembers those that it meets. To "
    "paragraph-type-fast words are nearly all: with it a small corpus costs more for each "
    "paragraph than a large one. paragraph-type also reads sentences for who says what, and voices "
    "and stances are found anew in every paragraph: there the size hardly counts, but for corpora "
    "of a few thousand paragraphs, where fewer share what a process makes once.",
)


def labelling_table(result: Result) -> Table:
    """A row for each way and number of cores, on the headline's corpus."""
    columns = (
        "Paragraphs a second",
        "µs a paragraph",
        "Processor, µs",
        "Times as fast",
        "Peak, MB",
    )
    rows = [
        Row(
            (
                Entry(cell.model, cell.role),
                measured_entry(cell, "per_second", whole),
                measured_entry(cell, "microseconds", tenth),
                measured_entry(cell, "cpu_microseconds", tenth),
                measured_entry(cell, "time_ratio", hundredth),
                measured_entry(cell, "peak_bytes", megabytes),
            ),
            is_headline=cell.model == result.headline.model,
        )
        for cell in result.cells
        if cell.split == result.headline.split
    ]
    caption = (
        f"{result.headline.split}: median and range of the rounds. Times as fast: as the baseline "
        "on as many cores. Processor: seconds of all processes on a processor. Peak: most memory "
        "that the process held, Python, libraries and model included; on one core only."
    )
    return Table(caption, number_columns("Way", columns), tuple(rows))


def rate_table(result: Result) -> Table:
    """Paragraphs a second by the size of the corpus."""
    caption = "Paragraphs a second, by the clock on the wall: median and range of the rounds."
    return _by_size(result, "per_second", how=whole, caption=caption)


def memory_table(result: Result) -> Table:
    """Peak memory by the size of the corpus, on one core."""
    caption = (
        "Most memory in MB that the process held at once, on one core: with more, each process "
        "has a model of its own."
    )
    return _by_size(result, "peak_bytes", how=megabytes, caption=caption)


def labelling_finding(result: Result) -> str:
    """What a paragraph costs the headline's model at both ends of the sizes."""
    lines = _lines(result)[result.headline.model]
    (small, first), (large, last) = lines[0], lines[-1]
    costs = [whole(one.metrics["microseconds"].value) for one in (first, last)]
    text = f"{result.headline.model}: {costs[-1]} µs a paragraph in a corpus of {count(large)}"
    return text if small == large else f"{text}, {costs[0]} µs in one of {count(small)}"


def labelling_chart(result: Result) -> Chart:
    """Cost of a paragraph against the size of the corpus. The same result gives the same bytes."""
    title, lines = labelling_finding(result), _lines(result)
    with drawing_style():
        figure, total = canvas(title, height=_HEIGHT)
        width = (WIDTH - 0.75 - _NAMES_WIDTH) / WIDTH
        height = _HEIGHT - 0.7
        axes = figure.add_axes((0.75 / WIDTH, 0.55 / total, width, height / total))
        axes.set_xscale("log")
        axes.set_yscale("log")
        _limits(axes, list(lines.values()))
        for name, cells in lines.items():
            _line(axes, cells, is_headline=name == result.headline.model)
        _names(axes, lines, headline=result.headline.model, height=height)
        axes.set_xlabel("paragraphs in the corpus")
        axes.set_ylabel("microseconds a paragraph")
        axes.grid(which="major")
        return rendered(figure, name=NAME, finding=title, alt=_alt(lines), height=_HEIGHT)


def _lines(result: Result) -> dict[str, list[tuple[int, Cell]]]:
    """Each line's cells with the sizes of their corpora, smallest first."""
    sizes = {part.split: part.n_passages for part in result.data}
    found: dict[str, list[tuple[int, Cell]]] = {}
    for cell in result.cells:
        found.setdefault(cell.model, []).append((sizes[cell.split], cell))
    return {name: sorted(cells, key=lambda one: one[0]) for name, cells in found.items()}


def _by_size(result: Result, metric: str, *, how: Any, caption: str) -> Table:
    sizes = sorted({part.n_passages for part in result.data})
    rows = []
    for name, cells in _lines(result).items():
        found = {size: measured_entry(cell, metric, how) for size, cell in cells}
        if all(entry.text == MISSING for entry in found.values()):
            continue
        entries = (found.get(size, Entry(MISSING)) for size in sizes)
        first = Entry(name, cells[0][1].role)
        rows.append(Row((first, *entries), is_headline=name == result.headline.model))
    names = [f"Corpus of {count(size)}" for size in sizes]
    return Table(caption, number_columns("Way", names), tuple(rows))


def _limits(axes: Any, lines: Sequence[list[tuple[int, Cell]]]) -> None:
    sizes = sorted({size for cells in lines for size, _ in cells})
    costs = [
        end for cells in lines for _, cell in cells for end in _ends(cell.metrics["microseconds"])
    ]
    low, high = min(costs) / 1.3, max(costs) * 1.3
    axes.set_xlim(sizes[0] / 1.5, sizes[-1] * 1.5)
    axes.set_ylim(low, high)
    axes.set_xticks(sizes, [count(size) for size in sizes])
    marks = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    inside = [mark for mark in marks if low <= mark <= high]
    axes.set_yticks(inside, [count(mark) for mark in inside])  # not as powers: no mathtext
    axes.minorticks_off()


def _ends(estimate: Estimate) -> list[float]:
    return [end for end in (estimate.low, estimate.value, estimate.high) if end is not None]


def _line(axes: Any, cells: list[tuple[int, Cell]], *, is_headline: bool) -> None:
    colour = INK if is_headline else MUTED
    is_one_core = cells[0][1].model.endswith(" 1 core")
    for size, cell in cells:
        ends = _ends(cell.metrics["microseconds"])
        axes.plot([size, size], [ends[0], ends[-1]], color=colour, linewidth=1.2)
    axes.plot(
        [size for size, _ in cells],
        [cell.metrics["microseconds"].value for _, cell in cells],
        color=colour,
        linewidth=1.4 if is_headline else 1.0,
        linestyle="-" if is_one_core else (0, (4, 2)),
        marker=ROLE_MARKERS[cells[0][1].role],
        markersize=5,
    )


def _names(
    axes: Any, lines: dict[str, list[tuple[int, Cell]]], *, headline: str, height: float
) -> None:
    """Each line's name at the right, as near to the line's height as the other names allow."""
    from math import log

    low, high = map(log, axes.get_ylim())
    ends = {name: cells[-1][1].metrics["microseconds"].value for name, cells in lines.items()}
    order = sorted(ends, key=lambda name: ends[name])
    wanted = [(log(ends[name]) - low) / (high - low) for name in order]
    for name, y in zip(order, spaced(wanted, gap=_NAME_HEIGHT / height), strict=True):
        size, (x_low, x_high) = lines[name][-1][0], map(log, axes.get_xlim())
        axes.annotate(
            shown(name, limit=32),
            ((log(size) - x_low) / (x_high - x_low), (log(ends[name]) - low) / (high - low)),
            (1.03, y),
            xycoords="axes fraction",
            textcoords="axes fraction",
            va="center",
            fontsize=8,
            fontweight="bold" if name == headline else "normal",
            color=INK,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.4, "shrinkB": 4},
        )


def spaced(wanted: Sequence[float], *, gap: float) -> list[float]:
    """Heights at least a gap apart, near those that are wanted.

    Parameters
    ----------
    wanted : sequence of float
        In rising order.
    gap : float

    Examples
    --------
    >>> [round(y, 2) for y in spaced([0.5, 0.5, 0.9], gap=0.1)]
    [0.45, 0.55, 0.9]
    """
    blocks: list[list[float]] = []  # of names that touch: their wanted heights
    for y in wanted:
        blocks.append([y])
        while len(blocks) > 1 and _end(blocks[-2], gap) > _end(blocks[-1], -gap):
            last = blocks.pop()
            blocks[-1] += last
    return [
        _mean(block) + gap * (i - (len(block) - 1) / 2)
        for block in blocks
        for i in range(len(block))
    ]


def _mean(block: Sequence[float]) -> float:
    return sum(block) / len(block)


def _end(block: Sequence[float], gap: float) -> float:
    """Where the space of its names ends, above; below where the gap is negative."""
    return _mean(block) + gap * len(block) / 2


def _alt(lines: dict[str, list[tuple[int, Cell]]]) -> str:
    told = []
    for name, cells in lines.items():
        costs = [
            f"{cell.metrics['microseconds'].value:.0f} of {count(size)}" for size, cell in cells
        ]
        told.append(f"{name} {', '.join(costs)}")
    return "Microseconds a paragraph against paragraphs in the corpus: " + "; ".join(told) + "."
