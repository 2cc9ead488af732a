"""Voice report: what a report on voices tells of its result."""

from __future__ import annotations

from collections.abc import Sequence

from stance.experiments.result import Result
from stance.experiments.voices.findings import VoiceFindings, VoiceSlice
from stance.reporting.breakdown_figure import Part, breakdown_chart
from stance.reporting.counts_figure import counts_chart
from stance.reporting.drawing import Chart, drawing_style
from stance.reporting.figures import models_chart
from stance.reporting.finding import headline_cell
from stance.reporting.method import METHOD, REFERENCES
from stance.reporting.number import count, decimal
from stance.reporting.probe_tables import differences_table
from stance.reporting.sections import Exhibit, Section
from stance.reporting.study_parts import StudyParts, count_table, estimate_entry, score_table
from stance.reporting.table import Column, Entry, Row, Table

SUMMARY = ("voice_accuracy", "all_accuracy", "chain_accuracy", "via_accuracy", "source_precision")

ENOUGH = 10
"""Quotes that a kind of source must have before it makes the title of the figure."""

_SPOKEN = {
    "role": "known by a role",
    "organisation": "an organisation",
    "document": "a document",
}

VOICE_METHOD = (
    "A voice is right where its name is the canonical one, but for case, article and titles. Of "
    "quotes, the voice is the source's; the author has all other paragraphs. Given true types, a "
    "namer knows which paragraphs are quotes; given predicted ones, a quote that was taken for "
    "another type has the author for its voice and is wrong. Right go-betweens are those who "
    "passed the words on, all of them in their order, of the quotes that have any.",
    "A source has a name where the last word of its canonical name has a capital and it is no "
    "organisation or document; it is named here where its last name stands in the paragraph. Other "
    "people are unnamed where an article or a number leaves open who is meant, else known by their "
    "role.",
)


def voice_parts(result: Result, found: VoiceFindings) -> StudyParts:
    """Summary, sections, figures and method of a report on voices."""
    head = headline_cell(result)
    second = head.comparison.against if head.comparison else result.cells[-1].model
    with drawing_style():
        charts = (
            models_chart(result, head),
            _breakdown(found.slices, head.model, second),
            _errors(found, head.model, second),
        )
    caption = (
        f"{result.headline.corpus}, {result.headline.split}: "
        f"{count(result.headline.n_groups)} articles, {count(result.headline.n_passages)} "
        f"paragraphs, {count(found.n_quotes)} of them quotes. Ranges are 95 % intervals over "
        "articles; p is two-sided and corrected for the number of comparisons."
    )
    return StudyParts(
        summary=score_table(result, SUMMARY, caption=caption, is_compared=True),
        charts=charts,
        sections=_sections(result, found),
        method=(*VOICE_METHOD, *METHOD[1:3]),
        references=REFERENCES,
    )


def _sections(result: Result, found: VoiceFindings) -> tuple[Section, ...]:
    marks = (
        "Circles are models, squares baselines, diamonds variants; the dotted line is the baseline."
    )
    gaps = [differences_table(result), differences_table(result, is_ablation=True)]
    tables = [Exhibit("", "", table) for table in gaps if table is not None]
    how = (
        "Share of quotes with the right voice, with their number; dark circles are the headline's "
        "model, grey squares the one it is compared with."
    )
    kinds = {one.kind: one.n for one in found.mistakes}
    errors = count_table(
        kinds,
        heading="Voice given",
        whole=dict.fromkeys(kinds, found.n_quotes),
        caption=f"Shares are of the {count(found.n_quotes)} quotes.",
    )
    told = (
        "Part of the name: the last name is right. Another source: one that the article quotes "
        "elsewhere. Nobody quoted: a name or words that are nobody's voice in the article."
    )
    return (
        Section("compared", "Models compared", (Exhibit("models", marks), *tables)),
        Section("breakdown", "By kind", (Exhibit("breakdown", how, _slice_table(found.slices)),)),
        Section("errors", "Mistakes", (Exhibit("errors", told, errors),)),
    )


def _breakdown(slices: Sequence[VoiceSlice], first: str, second: str) -> Chart:
    parts = [
        Part(one.column, one.value, one.n, one.right.get(first), one.right.get(second))
        for one in slices
    ]
    sources = [one for one in slices if one.column == "source"]
    enough = [one for one in sources if one.n >= ENOUGH] or sources
    worst = min(enough, key=lambda one: one.right[first].value)
    finding = (
        f"{first}: the voice is least often right where the source is "
        f"{_SPOKEN.get(worst.value, worst.value)} ({decimal(worst.right[first].value)} of "
        f"{count(worst.n)} quotes)"
    )
    axis = "share of quotes with the right voice, point and 95 % interval"
    return breakdown_chart(parts, finding=finding, axis=axis, models=(first, second))


def _errors(found: VoiceFindings, first: str, second: str) -> Chart:
    kinds = {one.kind: (one.n[first], one.n[second]) for one in found.mistakes}
    wrong = {kind: n[0] for kind, n in kinds.items() if kind != "right"}
    most = max(wrong, key=lambda kind: wrong[kind])
    finding = (
        f"{first}: {count(kinds['right'][0])} of {count(found.n_quotes)} quotes have the right "
        f"voice; the most frequent mistake is {most} ({count(wrong[most])})"
    )
    return counts_chart(kinds, finding=finding, models=(first, second))


def _slice_table(slices: Sequence[VoiceSlice]) -> Table:
    models = list(dict.fromkeys(name for one in slices for name in one.right))
    columns = (
        Column("Quotes"),
        Column("n", is_number=True),
        *(Column(name, is_number=True) for name in models),
    )
    rows = tuple(
        Row(
            (
                Entry(one.value, one.column),
                Entry(count(one.n), f"{count(one.n_groups)} art."),
                *(estimate_entry(one.right, name) for name in models),
            )
        )
        for one in slices
    )
    return Table(
        "Shares of quotes with the right voice. Of several seeds, the first.", columns, rows
    )
