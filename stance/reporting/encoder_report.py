"""Encoder report: what a report on a trained encoder tells of its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stance.experiments.encoders.findings import EncoderFindings, Epoch
from stance.experiments.result import Cell, Result
from stance.experiments.runs.forecast import spelled_seconds
from stance.reporting.drawing import WIDTH, Chart, canvas, drawing_style, rendered, shown
from stance.reporting.figures import models_chart
from stance.reporting.finding import headline_cell
from stance.reporting.method import METHOD, REFERENCES, Reference
from stance.reporting.number import MISSING, count, decimal, p_value
from stance.reporting.palette import INK, MUTED, PAPER
from stance.reporting.sections import Exhibit, Section
from stance.reporting.study_parts import StudyParts, score_table
from stance.reporting.table import Column, Entry, Row, Table, estimated

METRIC = "macro_f1"

ENCODER_METHOD = (
    "One encoder reads each passage once; a head for each task reads its states. Heads of types "
    "take the mean state of a paragraph's tokens, those of its neighbours, and its place in the "
    "article; heads of stances the mean state of the target's tokens, what attention from there "
    "gathers, and the mean of the text. Each step of the training takes a batch of one task; "
    "batches, dropout and learning rates of a step follow from the seed and its number. The "
    "probabilities of each task are divided by a temperature [8] that was fitted on the passages "
    "scored here, which changes no answer.",
    "The encoder is then written in ONNX and made small: word embeddings and matrices become bytes "
    "with a scale for each word and each column. Both are scored as they will run, with "
    "onnxruntime.",
)
ENCODER_REFERENCES = (
    *REFERENCES[:7],
    Reference(
        "Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On Calibration of Modern "
        "Neural Networks. ICML.",
        "https://doi.org/10.48550/arXiv.1706.04599",
    ),
)


def encoder_parts(result: Result, found: EncoderFindings) -> StudyParts:
    """Summary, sections, figures and method of a report on an encoder."""
    head = headline_cell(result)
    means = tuple(cell for cell in result.cells if cell.corpus == head.corpus)
    short = replace(result, cells=means)
    with drawing_style():
        charts = (models_chart(short, head), _training(found.epochs))
    caption = (
        f"Mean macro-F1 over tasks; {count(result.headline.n_passages)} validation passages in "
        "all. Ranges are 95 % intervals over articles."
    )
    return StudyParts(
        summary=score_table(short, (METRIC,), caption=caption),
        charts=charts,
        sections=_sections(result, found, means),
        method=(*ENCODER_METHOD, *METHOD[:3]),
        references=ENCODER_REFERENCES,
    )


def _sections(result: Result, found: EncoderFindings, means: Sequence[Cell]) -> tuple[Section, ...]:
    marks = "Circles are the encoder, diamonds variants of it, squares baselines."
    course = "The thick line is the mean of the tasks, thin lines are the tasks."
    tasks = Exhibit("", "", _task_table(result, {cell.corpus for cell in means}))
    return (
        Section("compared", "Models compared", (Exhibit("models", marks), tasks)),
        Section("training", "Training", (Exhibit("training", course, _epoch_table(found.epochs)),)),
        Section("size", "Size and time", (Exhibit("", "", _cost_table(found)),)),
    )


def _task_table(result: Result, means: set[str]) -> Table:
    cells = [cell for cell in result.cells if cell.corpus not in means]
    models = list(dict.fromkeys(cell.model for cell in cells))
    against = {cell.comparison.against for cell in cells if cell.comparison is not None}
    to = f" to {against.pop()}" if len(against) == 1 else ""
    columns = [Column("Task"), *(Column(name, is_number=True) for name in models)]
    columns += [Column(f"Difference{to}", is_number=True), Column("p", is_number=True)]
    rows = []
    for place in dict.fromkeys((cell.corpus, cell.split) for cell in cells):
        own = {cell.model: cell for cell in cells if (cell.corpus, cell.split) == place}
        task, _, corpus = place[0].partition(": ")
        entries = [Entry(task, f"{corpus} · {place[1]}")]
        entries += [
            estimated(own[name].metrics.get(METRIC)) if name in own else Entry(MISSING)
            for name in models
        ]
        gap = own[models[0]].comparison
        entries.append(estimated(gap.difference if gap else None, is_signed=True))
        entries.append(Entry(p_value(gap.p_value if gap else None)))
        rows.append(Row(tuple(entries)))
    text = "Macro-F1 on the validation passages of each task; p corrected within a task."
    return Table(text, tuple(columns), tuple(rows))


def _epoch_table(epochs: Sequence[Epoch]) -> Table:
    tasks = list(dict.fromkeys(task for one in epochs for task in (*one.loss, *one.macro_f1)))
    columns = [Column("Task")]
    columns += [Column(f"Epoch {i}", is_number=True) for i, _ in enumerate(epochs, start=1)]
    rows = []
    for task in tasks:
        entries = [
            Entry(decimal(one.macro_f1.get(task)), f"loss {decimal(one.loss.get(task))}")
            for one in epochs
        ]
        rows.append(Row((Entry(task), *entries)))
    times = [Entry(spelled_seconds(one.seconds)) for one in epochs]
    rows.append(Row((Entry("since the start"), *times)))
    text = "Macro-F1 on validation passages after each epoch, and mean training loss within it."
    return Table(text, tuple(columns), tuple(rows))


def _cost_table(found: EncoderFindings) -> Table:
    sizes = {name: f"{n / 2**20:.2f} MiB" for name, n in found.bytes.items()}
    peak = f"{found.peak_bytes / 2**30:.2f} GiB" if found.peak_bytes else MISSING
    told = {
        "trained from": found.encoder,
        "made small by": found.quantisation,
        **sizes,
        "time to train": spelled_seconds(found.seconds),
        "on": found.machine,
        "memory at most": peak,
        "steps": count(found.n_steps),
        "tokens": count(found.n_tokens),
        "tokens a second": count(round(found.n_tokens / max(found.seconds, 0.1))),
        **found.versions,
    }
    rows = tuple(Row((Entry(name), Entry(value))) for name, value in told.items())
    text = "What the training took, once, on this machine, with whatever else it had to do."
    return Table(text, (Column("What"), Column("How much")), rows)


def _training(epochs: Sequence[Epoch]) -> Chart:
    means = [sum(one.macro_f1.values()) / max(1, len(one.macro_f1)) for one in epochs]
    best = max(range(len(means)), key=means.__getitem__) + 1
    finding = (
        f"The mean macro-F1 of the tasks is {decimal(means[-1])} after {len(means)} epochs"
        + (f", its best {decimal(max(means))} after {best}" if best < len(means) else "")
    )
    height = 3.6
    figure, total = canvas(finding, height=height)
    axes = figure.add_axes((0.75 / WIDTH, 0.55 / total, 3.4 / WIDTH, (height - 0.7) / total))
    x = list(range(1, len(epochs) + 1))
    ends = []
    for task in epochs[-1].macro_f1:
        y = [one.macro_f1[task] for one in epochs]
        axes.plot(x, y, "-", color=MUTED, linewidth=0.9)
        ends.append((y[-1], task))
    axes.plot(x, means, "-o", color=INK, linewidth=2.0, markersize=5, markeredgecolor=PAPER)
    for place, (value, task) in zip(_apart(ends), sorted(ends), strict=True):
        text = f"{shown(task, limit=18)} {decimal(value)}"
        axes.annotate(
            text, (x[-1], place), (8, 0), textcoords="offset points", va="center", fontsize=7.5
        )
    axes.set_xticks(x)
    axes.set(xlabel="epoch", ylabel="macro-F1, validation")
    axes.grid(axis="y")
    lines = [f"epoch {i}: {decimal(mean)}" for i, mean in zip(x, means, strict=True)]
    alt = f"Mean macro-F1 of the tasks after each epoch: {'; '.join(lines)}."
    return rendered(figure, name="training", finding=finding, alt=alt, height=height)


def _apart(ends: Sequence[tuple[float, str]]) -> list[float]:
    """Heights of names beside the ends of lines, lowest first, none upon another."""
    values = sorted(value for value, _ in ends)
    if not values:
        return []
    gap = max(0.02, (values[-1] - values[0]) / 14)
    places = [values[0]]
    for value in values[1:]:
        places.append(max(value, places[-1] + gap))
    return places
