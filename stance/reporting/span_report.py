"""Span report: what a report on attributions tells of its result."""

from __future__ import annotations

from collections.abc import Sequence

from stance.experiments.result import Result
from stance.experiments.spans.findings import SpanFindings, TraitScore
from stance.reporting.breakdown_figure import Part, breakdown_chart
from stance.reporting.counts_figure import counts_chart
from stance.reporting.drawing import Chart, drawing_style
from stance.reporting.figures import models_chart
from stance.reporting.finding import headline_cell
from stance.reporting.method import METHOD, REFERENCES, Reference
from stance.reporting.number import count, decimal
from stance.reporting.probe_tables import differences_table
from stance.reporting.sections import Exhibit, Section
from stance.reporting.study_parts import StudyParts, count_table, estimate_entry, score_table
from stance.reporting.table import Column, Entry, Row, Table

SUMMARY = ("content_f1", "content_f1/over_0.8", "cue_f1", "source_head", "attribution_f1")
CONTENTS = (
    "content_precision",
    "content_recall",
    "content_f1",
    "content_f1/over_0.8",
    "content_f1/exact",
    "content_f1/pieces",
    "content_f1/of_true_0.3",
    "content_f1/of_true_0.8",
)
SOURCES = ("source_exact", "source_head", "no_source", "attribution_f1", "cue_f1")
DIRECT = ("direct_f1", "direct_source_head")

ENOUGH = 30
"""True attributions that a trait must have before it makes the title of a figure."""

SPAN_METHOD = (
    "Two contents are the same attribution where they overlap by more than 0.3: the characters "
    "that both hold, over those of both together [8, 9]; 0.8 and equal offsets are asked for "
    "beside. Each true content is matched to one that was found at most, as many as can be. A "
    "content in several pieces counts as one stretch, from its first character to its last, since "
    "an attribution is one thing however often its cue interrupts it; piece by piece, every piece "
    "is matched by itself. White space at the ends does not count.",
    "Cues are right where the offsets are the same. Sources are looked at in the contents that "
    "were found (overlap above 0.3) and have a source in their paragraph: exact asks for the same "
    "offsets, the head word for the same last word before the first comma, bracket, dash, "
    "preposition or relative pronoun. F1 of content and source counts a content only if its source "
    "is right too, by the head word or by being absent. A content is direct where more than half "
    "of it stands in quotation marks; F1 of direct quotations counts, of what was found and "
    "matches nothing, only what is direct itself.",
    "Parts of the test set are those of true attributions, so what is told of them is the share "
    "that was found. A cue is a noun where its last word is one of a list of nouns of speech and a "
    "determiner or possessive stands before it.",
    "Each true attribution has one kind of error: contents that overlap by more than 0.8 are "
    "right, or have a wrong, missing or needless source; of the others, those that were run "
    "together (merged) or cut apart (split) come first; the rest are paired by overlap and named "
    "after the end that is farther off; what is left was missed. What was found and belongs to "
    "none is spurious.",
)

SPAN_REFERENCES = (
    Reference(
        "Pareti, S., O'Keefe, T., Konstas, I., Curran, J. R. and Koprinska, I. (2013). "
        "Automatically detecting and attributing indirect quotations. EMNLP.",
        "https://aclanthology.org/D13-1101",
    ),
    Reference(
        "Asr, F. T., Mazraeh, M., Lopes, A., Gautam, V., Gonzales, J., Rao, P. and Taboada, M. "
        "(2021). The Gender Gap Tracker. PLOS ONE 16(1).",
        "https://doi.org/10.1371/journal.pone.0245533",
    ),
)


def span_parts(result: Result, found: SpanFindings) -> StudyParts:
    """Summary, sections, figures and method of a report on spans."""
    first, second = _models(result)
    head = headline_cell(result)
    with drawing_style():
        charts = (
            models_chart(result, head),
            _breakdown(found.traits, first, second),
            _errors(found, first, second),
        )
    caption = (
        f"{result.headline.corpus}, {result.headline.split}: "
        f"{count(result.headline.n_groups)} articles, {count(found.n_true)} true attributions. "
        "Ranges are 95 % intervals over articles; p is two-sided and corrected for the number of "
        "comparisons. Sources are those of contents that were found."
    )
    return StudyParts(
        summary=score_table(result, SUMMARY, caption=caption, is_compared=True),
        charts=charts,
        sections=_sections(result, found),
        method=(*SPAN_METHOD, *METHOD[1:3]),
        references=(*REFERENCES, *SPAN_REFERENCES),
    )


def _models(result: Result) -> tuple[str, str]:
    """The headline's model and the one that it is compared with, or the next."""
    head = headline_cell(result)
    names = list(dict.fromkeys(cell.model for cell in result.cells))
    second = head.comparison.against if head.comparison else names[min(1, len(names) - 1)]
    return head.model, second


def _sections(result: Result, found: SpanFindings) -> tuple[Section, ...]:
    marks = (
        "Circles are models, squares baselines, diamonds variants; the dotted line is the baseline."
    )
    exhibits = [Exhibit("models", marks)]
    for metrics, caption in (
        (
            CONTENTS,
            "Contents; precision and recall at an overlap above 0.3. What is said to be of the "
            "true one divides by its characters alone, as the Gender Gap Tracker does [9]: there, "
            "what is too long costs nothing.",
        ),
        (SOURCES, "Sources of contents that were found (overlap above 0.3), and cues."),
        (DIRECT, "Contents that stand mostly inside quotation marks."),
    ):
        exhibits.append(Exhibit("", "", score_table(result, metrics, caption=caption)))
    gaps = [differences_table(result), differences_table(result, is_ablation=True)]
    exhibits += [Exhibit("", "", table) for table in gaps if table is not None]
    how = (
        "Share of true attributions whose content was found at an overlap above 0.3, with their "
        "number; dark circles are the headline's model, grey squares the one it is compared with."
    )
    errors = "Every true attribution once, and those found that belong to none."
    return (
        Section("scores", "Contents, cues, sources", tuple(exhibits)),
        Section("breakdown", "By kind", (Exhibit("breakdown", how, _trait_table(found.traits)),)),
        Section(
            "errors",
            "Errors",
            (
                Exhibit("errors", errors, _error_table(found)),
                Exhibit("", "", _example_table(found, _models(result)[0])),
            ),
        ),
    )


def _breakdown(traits: Sequence[TraitScore], first: str, second: str) -> Chart:
    parts = [
        Part(one.trait, one.value, one.n, one.found.get(first), one.found.get(second))
        for one in traits
    ]
    enough = [one for one in traits if one.n >= ENOUGH] or list(traits)
    best = max(enough, key=lambda one: one.found[first].value)
    worst = min(enough, key=lambda one: one.found[first].value)
    finding = (
        f"{first}: most are found where {_told(best)} ({decimal(best.found[first].value)} of "
        f"{count(best.n)}), fewest where {_told(worst)} ({decimal(worst.found[first].value)} of "
        f"{count(worst.n)})"
    )
    axis = "share found, overlap above 0.3, point and 95 % interval"
    return breakdown_chart(parts, finding=finding, axis=axis, models=(first, second))


def _told(one: TraitScore) -> str:
    words = {
        "quotation": f"the quotation is {one.value}",
        "words": f"it has {one.value} words",
        "source": f"the source is {one.value}",
        "nesting": f"it stands {one.value}",
        "pieces": f"it has {one.value} pieces" if one.value == "several" else "it is one piece",
        "paragraphs": "it goes on in the next paragraph" if one.value != "one" else "it ends in it",
    }
    return words.get(one.trait, f"the {one.trait} {one.value}")


def _errors(found: SpanFindings, first: str, second: str) -> Chart:
    kinds = {one.kind: (one.n[first], one.n[second]) for one in found.errors}
    wrong = {kind: n[0] for kind, n in kinds.items() if kind not in ("right", "spurious")}
    most = max(wrong, key=lambda kind: wrong[kind])
    finding = (
        f"{first}: {count(kinds['right'][0])} of {count(found.n_true)} true attributions are "
        f"right, content and source; of the others most are {most} ({count(wrong[most])})"
    )
    return counts_chart(kinds, finding=finding, models=(first, second))


def _trait_table(traits: Sequence[TraitScore]) -> Table:
    models = list(dict.fromkeys(name for one in traits for name in one.found))
    columns = [Column("Attributions"), Column("n", is_number=True)]
    for name in models:
        columns += [
            Column(f"{name}, found", is_number=True),
            Column("overlap > 0.8", is_number=True),
            Column("right source", is_number=True),
        ]
    rows = []
    for one in traits:
        entries = [Entry(one.value, one.trait), Entry(count(one.n), f"{count(one.n_groups)} art.")]
        for name in models:
            entries += [
                estimate_entry(scores, name)
                for scores in (one.found, one.found_strictly, one.source)
            ]
        rows.append(Row(tuple(entries)))
    caption = (
        "Shares of true attributions; right source, by its head word, of those found that have "
        "one. Of several seeds, the first."
    )
    return Table(caption, tuple(columns), tuple(rows))


def _error_table(found: SpanFindings) -> Table:
    kinds = {one.kind: one.n for one in found.errors}
    whole = {kind: 0 if kind == "spurious" else found.n_true for kind in kinds}
    table = count_table(
        kinds,
        heading="Kind",
        whole=whole,
        caption=f"Shares are of the {count(found.n_true)} true attributions.",
    )
    n_found = Row((Entry("found in all"), *(Entry(count(n)) for n in found.n_found.values())))
    return Table(table.caption, table.columns, (*table.rows, n_found))


def _example_table(found: SpanFindings, model: str) -> Table:
    rows = tuple(
        Row((Entry(one.kind), Entry(", ".join(one.examples))))
        for one in found.errors
        if one.examples
    )
    caption = (
        f"Where to look: some of the errors of {model}, as paragraph and offsets of the true "
        "content (of a spurious one: of what was found). All are in predictions.parquet."
    )
    return Table(caption, (Column("Kind"), Column("Paragraphs and offsets")), rows)
