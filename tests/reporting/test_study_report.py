"""Reports on attributions and voices: what they tell, and that nothing in them breaks out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stance.evaluation.attribution_errors import KINDS
from stance.experiments.result import (
    Cell,
    Comparison,
    Estimate,
    Headline,
    Result,
    SplitCount,
)
from stance.experiments.spans.findings import ErrorKind, SpanFindings, TraitScore
from stance.experiments.voices.findings import VoiceFindings, VoiceMistake, VoiceSlice
from stance.reporting.report import write_report
from stance.reporting.span_report import span_parts
from stance.reporting.study_report import study_parts
from stance.reporting.voice_report import voice_parts

from .conftest import HOSTILE, build_predictions, build_result, near

MODELS = ("tagger", "rules")


def cell(model: str, metric: str, at: float) -> Cell:
    metrics = {metric: near(at, 0.03), "content_f1/exact": Estimate(at - 0.1)}
    gap = Comparison("rules", metric, near(0.1, 0.02), 0.001, detectable=0.04)
    is_model = model == "tagger"
    return Cell(
        model=model,
        corpus="quay",
        split="test",
        seed=0,
        role="model" if is_model else "baseline",
        labels=(),
        metrics=metrics,
        confusion=(),
        comparison=gap if is_model else None,
    )


def result(metric: str, **findings: object) -> Result:
    head = Headline(metric, 0.7, 0.67, 0.73, "tagger", "quay", "test", 84, 1768)
    return Result(
        name="quotes/quay",
        question="Who says what?",
        answer="The tagger finds most.",
        headline=head,
        cells=(cell("tagger", metric, 0.7), cell("rules", metric, 0.6)),
        data=(SplitCount("quay", "test", 84, 1768, {"attributions": 200}),),
        notes=("Tested on quay alone.",),
        **findings,  # type: ignore[arg-type]
    )


def trait(name: str, value: str, n: int, at: float) -> TraitScore:
    found = {"tagger": near(at, 0.05), "rules": near(at - 0.1, 0.05)}
    return TraitScore(name, value, 20, n, found, found, {"tagger": near(0.9, 0.05)})


@pytest.fixture
def spans() -> SpanFindings:
    errors = tuple(
        ErrorKind(kind, {"tagger": 10 * i, "rules": 5}, ("a#1 [0, 9)",) if i else ())
        for i, kind in enumerate(KINDS)
    )
    traits = (
        trait("quotation", "direct", 150, 0.9),
        trait("quotation", "indirect", 45, 0.5),
        trait("nesting", "inside another", 5, 0.1),
    )
    return SpanFindings(200, {"tagger": 190, "rules": 150}, traits, errors)


@pytest.fixture
def voices() -> VoiceFindings:
    right = {"tagger": near(0.8, 0.1), "rules": near(0.4, 0.1)}
    slices = (
        VoiceSlice("source", "role", 10, 40, right),
        VoiceSlice("source", "document", 3, 3, {name: Estimate(0.1) for name in MODELS}),
        VoiceSlice("outlet", "The Argus", 6, 43, right),
    )
    mistakes = (
        VoiceMistake("right", {"tagger": 34, "rules": 17}),
        VoiceMistake("author", {"tagger": 2, "rules": 20}),
        VoiceMistake("nobody quoted", {"tagger": 7, "rules": 6}),
    )
    return VoiceFindings(43, slices, mistakes)


def test_figures_say_what_they_show(spans: SpanFindings, voices: VoiceFindings) -> None:
    parts = span_parts(result("content_f1", spans=spans), spans)
    models, breakdown, errors = (chart.finding for chart in parts.charts)
    assert models == "tagger is ahead of rules by 0.100 content F1 (+0.080 to +0.120)"
    # Five nested ones are too few for a title.
    assert breakdown == (
        "tagger: most are found where the quotation is direct (0.900 of 150), fewest where the "
        "quotation is indirect (0.500 of 45)"
    )
    assert errors.startswith("tagger: 0 of 200 true attributions are right, content and source;")
    assert errors.endswith("of the others most are missed (100)")
    _, breakdown, errors = (
        chart.finding
        for chart in voice_parts(result("voice_accuracy", voices=voices), voices).charts
    )
    assert breakdown == (
        "tagger: the voice is least often right where the source is known by a role (0.800 of 40 "
        "quotes)"
    )
    assert errors.endswith("the most frequent mistake is nobody quoted (7)")


def test_figures_are_the_same_each_time(spans: SpanFindings) -> None:
    one, two = (span_parts(result("content_f1", spans=spans), spans).charts for _ in range(2))
    assert one == two


def test_tables_have_every_number_once(spans: SpanFindings) -> None:
    parts = span_parts(result("content_f1", spans=spans), spans)
    assert [row.entries[0].text for row in parts.summary.rows] == ["tagger", "rules"]
    assert parts.summary.rows[0].entries[1].text == "0.700"
    assert parts.summary.rows[0].entries[-2].text == "+0.100"
    breakdown, errors = (
        section.exhibits[0].table for section in parts.sections if section.id != "scores"
    )
    assert breakdown is not None and errors is not None
    assert [row.entries[0].text for row in breakdown.rows] == [
        "direct",
        "indirect",
        "inside another",
    ]
    by_kind = {row.entries[0].text: row.entries[1] for row in errors.rows}
    assert (by_kind["missed"].text, by_kind["missed"].note) == ("100", "50 %")
    assert (by_kind["spurious"].text, by_kind["spurious"].note) == ("110", "")
    assert by_kind["found in all"].text == "190"
    # No answer is simply right or wrong: no McNemar test, and no column for it.
    gaps = parts.sections[0].exhibits[-1].table
    assert gaps is not None
    assert [column.name for column in gaps.columns] == ["Model", "Difference", "p", "Detectable"]


def test_results_of_labels_are_told_elsewhere() -> None:
    assert study_parts(build_result()) is None


def test_nothing_breaks_out_of_the_page(spans: SpanFindings, tmp_path: Path) -> None:
    hostile = replace(
        result("content_f1", spans=spans),
        question=HOSTILE,
        answer=HOSTILE,
        notes=(HOSTILE,),
    )
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "errors.svg").write_text("old", encoding="utf-8")
    write_report(
        hostile,
        build_predictions(),
        folder=tmp_path,
        config='question: "</script><img src=x onerror=alert(5)>"\n',
        environment={"versions": {"python": "3"}},
    )
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<img" not in page and "onerror=alert" in page
    assert "default-src &#39;none&#39;" in page
    for name in ("models", "breakdown", "errors"):
        assert (tmp_path / "figures" / f"{name}.svg").read_bytes().startswith(b"<?xml")
    tables = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"models.tex", "data.tex", "breakdown.tex", "scores-1.tex", "errors-1.tex"} <= tables
    assert {"models.csv", "data.csv"} <= tables
    assert (tmp_path / "methods.md").is_file() and (tmp_path / "references.bib").is_file()


def test_two_sections_never_share_a_file(
    spans: SpanFindings, voices: VoiceFindings, tmp_path: Path
) -> None:
    for name, one in (
        ("spans", result("content_f1", spans=spans)),
        ("voices", result("voice_accuracy", voices=voices)),
    ):
        parts = study_parts(one)
        assert parts is not None
        ids = [section.id for section in parts.sections]
        assert len(set(ids) | {"models", "data"}) == len(ids) + 2, name
        drawn = {chart.name for chart in parts.charts}
        assert {e.chart for s in parts.sections for e in s.exhibits if e.chart} == drawn
