"""Tiers: the figure and the tables of how fast and how accurate each tier is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stance.experiments.result import Cell, Estimate, Result
from stance.labels import Stance
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.number import MISSING, decimal, interval
from stance.reporting.palette import INK, MUTED, PAPER, ROLE_MARKERS
from stance.reporting.speed_labelling import spaced
from stance.reporting.speed_tables import (
    hundredth,
    measured_entry,
    megabytes,
    number_columns,
    tenth,
    whole,
)
from stance.reporting.table import Entry, Row, Table, estimated

NAME = "tiers"
METRIC = "passages_per_second"
_PANEL = 2.0
_GAP = 0.42
_BOTTOM = 0.7
_LEFT = 0.75
_LABEL = 0.15

TIERS_CAPTION = (
    "A tier stands where its speed on the most cores is, and hollow where that on the fewest is; "
    "upright lines are 95 % intervals of macro-F1, level ones join the two speeds. Circles are the "
    "headline's tier, squares baselines, diamonds others. The dotted line joins what nothing else "
    "beats in both. Ticks at the foot are tiers that have a speed alone."
)

TIERS_METHOD = (
    "Each run is made by new processes that load the tier's model and the passages, label eight of "
    "them, and wait. The clock, the one on the wall, starts when they are told to begin and stops "
    "when the last one has labelled its share: features, tokens and probabilities count, the start "
    "of Python, imports and loading do not. Nothing is kept from one run to the next.",
    "Runs are made in rounds: each round makes every run once, in an order that moves on from "
    "round to round, so that what slows the machine slows all alike. Ratios are taken within a "
    "round, between runs on as many cores; numbers are medians and ranges of the rounds.",
    "One core means that the processes may use one of the machine's logical processors and no "
    "other, where the system can hold them to it (Linux), and that numerical libraries keep to one "
    "thread. On more cores an encoder, in onnxruntime or in torch, is one process with as many "
    "threads; n-grams and trees are as many processes of one thread, and the passages are shared "
    "out among them, articles whole where there are any.",
    "n-grams are scikit-learn's TF-IDF of words and characters before a logistic regression, as in "
    "the reports that their scores are from; they learned before. The encoder in onnxruntime is "
    "the one that ships, with eight-bit weights where these are what ships; the one in torch "
    "computes in float32 and pads batches of passages of like length to the longest of each, "
    "which costs it time that the other does not spend; its heads are of the same size.",
    "Memory is the most that the processes of a run held at once, each by itself, added up: "
    "Python, libraries, model and passages. Size is that of the model's files. A cold start is the "
    "command `stance label PAGE --model NAME` in a new process, from its start to its end, on all "
    "cores, with the files in the system's cache after the first time.",
)


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier on one corpus.

    Parameters
    ----------
    name : str
    runs : mapping of int to Cell
        By number of cores.
    score : Cell or None
        With its macro-F1.
    """

    name: str
    runs: Mapping[int, Cell]
    score: Cell | None

    @property
    def speed(self) -> Estimate:
        """Passages a second on the most cores."""
        return self.runs[max(self.runs)].metrics[METRIC]

    @property
    def slow(self) -> Estimate:
        """Passages a second on the fewest cores."""
        return self.runs[min(self.runs)].metrics[METRIC]

    @property
    def f1(self) -> Estimate:
        """Macro-F1; of a tier that has none, an error."""
        if self.score is None:
            raise ValueError(f"tier {self.name!r}: expected a score, it has a speed alone")
        return self.score.metrics["macro_f1"]


def tiers_of(result: Result) -> dict[str, tuple[Tier, ...]]:
    """The tiers on each corpus, in the order of the result."""
    runs: dict[tuple[str, str], dict[int, Cell]] = {}
    for cell in result.cells:
        if METRIC in cell.metrics:
            name, _, cores = cell.model.rpartition(", ")
            runs.setdefault((cell.corpus, name), {})[int(cores.split()[0])] = cell
    scores = {(c.corpus, c.model): c for c in result.cells if "macro_f1" in c.metrics}
    found: dict[str, tuple[Tier, ...]] = {}
    for (corpus, name), own in runs.items():
        tier = Tier(name, own, scores.get((corpus, name)))
        found[corpus] = (*found.get(corpus, ()), tier)
    return found


def tiers_front(tiers: Sequence[Tier]) -> tuple[Tier, ...]:
    """Of the tiers with a score, those that no other beats in one and equals in the other."""
    scored = [one for one in tiers if one.score is not None]

    def is_beaten(one: Tier) -> bool:
        own = (one.speed.value, one.f1.value)
        places = [(other.speed.value, other.f1.value) for other in scored]
        return any(s >= own[0] and f >= own[1] and (s, f) != own for s, f in places)

    best = [one for one in scored if not is_beaten(one)]
    return tuple(sorted(best, key=lambda one: one.speed.value))


def tiers_finding(result: Result) -> str:
    """What the headline's tier has in macro-F1, and gives up in speed, beside the next best."""
    model = result.headline.model.rpartition(",")[0]
    told = []
    for tiers in tiers_of(result).values():
        own = next((one for one in tiers if one.name == model and one.score is not None), None)
        others = [one for one in tiers if one.score is not None and one is not own]
        if own is None or not others:
            continue
        best = max(others, key=lambda one: one.f1.value)
        gap = decimal(own.f1.value - best.f1.value, is_signed=True)
        times = whole(best.speed.value / own.speed.value)
        told.append(f"{gap} macro-F1 at {times} times the cost of {best.name}")
    if not told:
        return f"{model}: {whole(result.headline.value)} passages a second"
    return f"{model}: {'; '.join(told)}"


def tiers_table(result: Result) -> Table:
    """A row for each tier and corpus: speed on each number of cores, ratio, macro-F1."""
    cores = sorted({n for tiers in tiers_of(result).values() for one in tiers for n in one.runs})
    names = [f"A second, {n} core{'s' if n > 1 else ''}" for n in cores]
    names += [f"Times the baseline's, {n}" for n in cores]
    rows = []
    for corpus, tiers in tiers_of(result).items():
        for one in tiers:
            some = [one.runs.get(n) for n in cores]
            rates = [measured_entry(c, METRIC, whole) if c else Entry(MISSING) for c in some]
            times = [measured_entry(c, "time_ratio", tenth) if c else Entry(MISSING) for c in some]
            f1 = estimated(one.score.metrics["macro_f1"] if one.score else None)
            first = Entry(one.name, next(iter(one.runs.values())).role)
            is_main = (
                result.headline.model.startswith(f"{one.name},")
                and corpus == result.headline.corpus
            )
            rows.append(Row((first, Entry(corpus), *rates, *times, f1), is_headline=is_main))
    caption = (
        "Passages that each tier labels in a second, by the clock on the wall, and how many times "
        "that is the baseline's: median and range of the rounds. macro-F1 with its 95 % interval "
        "is that of other reports."
    )
    columns = number_columns("Tier", ["Corpus", *names, "macro-F1"])
    return Table(caption, columns, tuple(rows))


def tier_cost_table(result: Result) -> Table:
    """Size on disk and memory of each tier."""
    rows = []
    for corpus, tiers in tiers_of(result).items():
        for one in tiers:
            small, large = one.runs[min(one.runs)], one.runs[max(one.runs)]
            costs = (
                measured_entry(small, "model_bytes", megabytes),
                measured_entry(small, "peak_bytes", megabytes),
                measured_entry(large, "peak_bytes", megabytes),
            )
            rows.append(Row((Entry(one.name, small.role), Entry(corpus), *costs)))
    names = ["Corpus", "Model, MB", "Peak, fewest cores, MB", "Peak, most cores, MB"]
    return Table(
        "Size of the model's files; peak memory.", number_columns("Tier", names), tuple(rows)
    )


def start_table(result: Result) -> Table | None:
    """Seconds of cold starts; None where none was timed."""
    cells = [cell for cell in result.cells if "start_seconds" in cell.metrics]
    if not cells:
        return None
    rows = [
        Row((Entry(cell.model), measured_entry(cell, "start_seconds", hundredth))) for cell in cells
    ]
    caption = f"From the start of a new process to the labelled page, {cells[0].split}."
    return Table(caption, number_columns("Model", ["Seconds"]), tuple(rows))


def tiers_chart(result: Result) -> Chart:
    """Macro-F1 against passages a second. The same result gives the same bytes."""
    title, panels = tiers_finding(result), tiers_of(result)
    height = _BOTTOM + len(panels) * (_PANEL + _GAP)
    rates = [x for tiers in panels.values() for one in tiers for x in (one.slow, one.speed)]
    ends = [end for one in rates for end in _ends(one)]
    with drawing_style():
        figure, total = canvas(title, height=height)
        for i, (corpus, tiers) in enumerate(panels.items()):
            low = height - (i + 1) * (_PANEL + _GAP)
            box = (_LEFT / WIDTH, low / total, (WIDTH - _LEFT - 0.15) / WIDTH)
            axes = figure.add_axes((*box, _PANEL / total))
            axes.set_xscale("log")
            axes.set_xlim(min(ends) / 1.5, max(ends) * 3)  # names stand at the right
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")  # not a power: no mathtext
            axes.tick_params(labelbottom=True)
            _panel(axes, tiers, headline=result.headline.model)
            axes.set_title(_title(corpus, tiers), loc="left", fontsize=9, color=INK)
            axes.set_ylabel("macro-F1")
            axes.grid(which="major")
        cores = {n for tiers in panels.values() for one in tiers for n in one.runs}
        axes.set_xlabel(_x_label(cores))
        return rendered(figure, name=NAME, finding=title, alt=_alt(panels), height=height)


def _panel(axes: Any, tiers: Sequence[Tier], *, headline: str) -> None:
    scored = sorted((one for one in tiers if one.score is not None), key=lambda one: one.f1.value)
    ends = [end for one in scored for end in _ends(one.f1)] or [0.0, 1.0]
    pad = max(max(ends) - min(ends), 0.02)
    alone = [one for one in tiers if one.score is None]
    axes.set_ylim(min(ends) - pad * (0.08 + 0.12 * len(alone)), max(ends) + 0.1 * pad)
    line = tiers_front(tiers)
    axes.plot(
        [one.speed.value for one in line],
        [one.f1.value for one in line],
        color=MUTED,
        linewidth=0.9,
        linestyle=(0, (2, 2)),
    )
    low, high = axes.get_ylim()
    wanted = [(one.f1.value - low) / (high - low) for one in scored]
    heights = spaced(wanted, gap=_LABEL / _PANEL)
    for one, y in zip(scored, heights, strict=True):
        is_headline = headline.startswith(f"{one.name},")
        _mark(axes, one, colour=INK if is_headline else MUTED)
        _name(axes, one, y, weight="bold" if is_headline else "normal")
    for i, one in enumerate(sorted(alone, key=lambda one: one.speed.value)):
        _tick(axes, one, row=i)


def _mark(axes: Any, one: Tier, *, colour: str) -> None:
    x, y, marker = one.speed.value, one.f1.value, ROLE_MARKERS[_role(one)]
    ends = _ends(one.f1)
    axes.plot([x, x], [ends[0], ends[-1]], color=colour, linewidth=1.2)
    axes.plot([one.slow.value, x], [y, y], color=colour, linewidth=0.8)
    if len(one.runs) > 1:
        hollow = {"markerfacecolor": PAPER, "markeredgecolor": colour}
        axes.plot([one.slow.value], [y], marker, markersize=4.5, **hollow)
    axes.plot([x], [y], marker, color=colour, markersize=6)


def _name(axes: Any, one: Tier, y: float, *, weight: str) -> None:
    """The tier's name above its mark at the right: the dotted line falls away from there."""
    from math import log

    low, high = map(log, axes.get_xlim())
    x = (log(one.speed.value) - low) / (high - low)
    axes.annotate(
        shown(one.name, limit=28),
        (x, y),
        (5, 8),
        xycoords="axes fraction",
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        fontweight=weight,
        color=INK,
    )


def _tick(axes: Any, one: Tier, *, row: int) -> None:
    """A tier without a score: a tick at the foot for each number of cores, and its name."""
    places = axes.get_xaxis_transform()
    y = 0.05 + row * _LABEL / _PANEL
    for rate in {one.slow.value, one.speed.value}:
        axes.plot([rate], [y], "|", color=MUTED, markersize=7, transform=places)
    axes.plot([one.slow.value, one.speed.value], [y, y], color=MUTED, lw=0.8, transform=places)
    low, high = axes.get_xlim()
    is_right = one.speed.value**2 > low * high  # beyond the middle of a logarithmic axis
    x, shift, side = (one.slow.value, -7, "right") if is_right else (one.speed.value, 7, "left")
    axes.annotate(
        f"{shown(one.name, limit=28)} (speed alone)",
        (x, y),
        (shift, 0),
        xycoords=places,
        textcoords="offset points",
        va="center",
        ha=side,
        fontsize=7.5,
        color=MUTED,
    )


def _x_label(cores: set[int]) -> str:
    """What the figure needs where no caption stands beside it."""
    what = "passages labelled in a second (logarithmic)"
    if len(cores) == 1:
        return f"{what}; upright lines: 95 % intervals"
    low, high = min(cores), max(cores)
    marks = f"hollow: {low} core{'s' if low > 1 else ''}, filled: {high} cores"
    return f"{what}\n{marks}; upright lines: 95 % intervals"


def _title(corpus: str, tiers: Sequence[Tier]) -> str:
    labels = {label for one in tiers if one.score is not None for label in one.score.labels}
    what = "Stances" if labels and labels <= set(Stance) else "Paragraph types"
    return shown(f"{what}: {corpus}", limit=60)


def _role(one: Tier) -> str:
    return next(iter(one.runs.values())).role


def _ends(estimate: Estimate) -> list[float]:
    return [end for end in (estimate.low, estimate.value, estimate.high) if end is not None]


def _alt(panels: Mapping[str, Sequence[Tier]]) -> str:
    told = []
    for corpus, tiers in panels.items():
        each = [
            f"{one.name} {whole(one.speed.value)} a second"
            + (f", macro-F1 {decimal(one.f1.value)} ({interval(one.f1)})" if one.score else "")
            for one in tiers
        ]
        told.append(f"{_title(corpus, tiers)}: {'; '.join(each)}")
    return f"Macro-F1 against passages a second on the most cores. {'. '.join(told)}."
