from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from stance.experiments.result import Comparison, Estimate, ModelUsage, Result
from stance.experiments.scores.probes import (
    Conformal,
    CoverageRisk,
    LabelFlips,
    LearningCurve,
    LearningPoint,
    Perturbation,
    Probes,
    SeedSpread,
    Slice,
)
from stance.reporting.probe_figures import PROBE_NAMES
from stance.reporting.probe_finding import (
    ablation_finding,
    conformal_finding,
    coverage_finding,
    learning_finding,
    perturbations_finding,
    power_words,
    slices_finding,
)
from stance.reporting.probe_method import method_of
from stance.reporting.sections import sections_of

from .conftest import near
from .test_report import Seen, written


def slice_of(value: str, score: float, *, p: float | None, n_groups: int = 20) -> Slice:
    return Slice(
        "genre", value, n_groups, 50, "macro_f1", near(score, 0.05), near(score, 0.05),
        near(score - 0.8, 0.05), p,
    )  # fmt: skip


SLICES = (
    slice_of("live blog", 0.6123, p=None, n_groups=2),
    slice_of("op-ed", 0.6911, p=0.004),
    slice_of("wire", 0.8822, p=0.9),
)
CURVE = CoverageRisk(
    (0.97, 0.81, 0.31), (0.4, 0.8, 1.0), (Estimate(0.0), near(0.0213, 0.01), near(0.0791, 0.02)),
    near(0.0157, 0.004), 0.0791, 0.0033,
)  # fmt: skip
SETS = Conformal(
    0.9, 0.5379, 897, 48, near(0.9172, 0.03), near(1.0471, 0.02), near(0.9554, 0.02),
    {"quote": near(0.9073, 0.04), "report": near(0.9444, 0.03)},
)  # fmt: skip
PERTURBATIONS = (
    Perturbation(
        "typos", "neighbouring letters swapped", "stay", 24, 443, near(0.0158, 0.01),
        near(0.9233, 0.03), near(0.9211, 0.03),
    ),
    Perturbation(
        "case", "all in lower case", "stay", 24, 447, near(0.0837, 0.02), near(0.9239, 0.03),
        near(0.9061, 0.03),
        (LabelFlips("report", 169, near(0.1006, 0.04)), LabelFlips("quote", 9, near(0.04, 0.03))),
    ),
)  # fmt: skip
LEARNING = LearningCurve(
    "macro_f1",
    (
        LearningPoint(0.25, 12, 223, near(0.8793, 0.04), (0.8894, 0.8781, 0.8706)),
        LearningPoint(1.0, 48, 897, near(0.9259, 0.03), (0.9259,)),
    ),
    near(0.0466, 0.02),
)


@pytest.fixture(scope="module")
def probed(result: Result) -> Result:
    head, variant, *rest = result.cells
    found = Comparison("ngram-linear", "macro_f1", near(-0.0205, 0.012), 0.0131)
    comparison = replace(
        head.comparison, mcnemar_p=0.0021, wins=near(0.6712, 0.05), detectable=0.0269
    )  # type: ignore[type-var]
    cells = (replace(head, comparison=comparison), replace(variant, ablation=found), *rest)
    probes = Probes(
        "ngram-linear",
        0,
        SLICES,
        CURVE,
        SETS,
        PERTURBATIONS,
        LEARNING,
        (SeedSpread("coin", "macro_f1", (0, 1), (0.3111, 0.3557), 0.3333, 0.0314, 0.0177),),
    )
    return replace(result, cells=cells, probes=probes)


@pytest.fixture(scope="module")
def files(
    probed: Result, predictions: pa.Table, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    return written(probed, predictions, tmp_path_factory.mktemp("report"))


def test_every_probe_has_its_section_figure_and_place_in_the_contents(
    probed: Result, files: dict[str, bytes]
) -> None:
    page = files["report.html"].decode()
    sections = [section.id for section in sections_of(probed)]
    assert sections == ["differences", "unsure", "slices", "perturbations", "learning"]
    for name in sections:
        assert f'<a href="#{name}">' in page
        assert f'<section id="{name}">' in page
    for name in PROBE_NAMES:
        root = ElementTree.fromstring(files[f"figures/{name}.svg"])
        assert len(root.findtext("{http://www.w3.org/2000/svg}desc") or "") > 60
        assert f"](figures/{name}.svg)" in files["report.md"].decode()


def test_numbers_of_the_probes_are_on_page_and_in_markdown(files: dict[str, bytes]) -> None:
    page = Seen(files["report.html"].decode()).words
    for text in (page, files["report.md"].decode()):
        for number in (
            *("0.612", "0.691", "0.882", "0.004"),  # slices
            *("0.021", "0.016", "0.003", "7.9 %"),  # coverage and risk
            *("0.917", "1.047", "0.955", "0.462", "897"),  # sets
            *("0.016", "0.084", "10.1 %", "443"),  # perturbations
            *("0.879", "0.926", "0.889, 0.878, 0.871"),  # learning
            *("0.031", "0.018", "0.311, 0.356"),  # seeds
            *("0.002", "0.671", "0.027", "−0.021", "0.013"),  # differences
        ):
            assert number in text, number


def test_bytes_are_the_same_each_time(
    probed: Result, predictions: pa.Table, files: dict[str, bytes], tmp_path: Path
) -> None:
    assert written(probed, predictions, tmp_path) == files


def test_figures_that_a_report_no_longer_has_are_taken_away(
    probed: Result, result: Result, predictions: pa.Table, tmp_path: Path
) -> None:
    written(probed, predictions, tmp_path)
    left = written(result, predictions, tmp_path)
    assert not {f"figures/{name}.svg" for name in PROBE_NAMES} & set(left)
    assert '"#slices"' not in left["report.html"].decode()


def test_hostile_slices_come_out_as_words(
    probed: Result, predictions: pa.Table, hostile: str, tmp_path: Path
) -> None:
    assert probed.probes is not None
    bad = replace(SLICES[0], column=hostile, value=hostile)
    page = written(
        replace(probed, probes=replace(probed.probes, slices=(bad,))), predictions, tmp_path
    )["report.html"].decode()
    assert "<script" not in page
    assert "<img" not in page


def test_worst_slice_is_named_only_where_it_is_told_apart() -> None:
    assert slices_finding(SLICES) == (
        "Worst on genre “op-ed”: macro-F1 0.691, 0.109 below the rest"
    )
    unsure = tuple(replace(one, p_value=one.p_value and 0.4) for one in SLICES)
    assert slices_finding(unsure) == (
        "No slice is told apart from the rest; lowest is genre “op-ed” (macro-F1 0.691, n 50)"
    )


def test_findings_of_abstaining() -> None:
    assert coverage_finding(CURVE) == (
        "Answering only the surest 80 % cuts mistakes from 7.9 % to 2.1 %"
    )
    flat = replace(CURVE, risk=(Estimate(0.1),) * 3)
    assert coverage_finding(flat) == (
        "Abstaining does not help: the surest 80 % are wrong as often as all"
    )
    assert conformal_finding(SETS) == (
        "Sets meant to hold the truth in 90 % of cases do so in 91.7 %, with 1.05 labels on average"
    )
    short = replace(SETS, coverage=Estimate(0.82, 0.78, 0.86))
    assert "do so in 82.0 % only" in conformal_finding(short)


def test_findings_of_perturbations_and_learning() -> None:
    assert perturbations_finding(PERTURBATIONS) == (
        "Most fragile: all in lower case, 8.4 % of labels change"
    )
    assert perturbations_finding(PERTURBATIONS[:1]) == (
        "No change moves more than 1.6 % of labels (most: neighbouring letters swapped)"
    )
    assert learning_finding(LEARNING) == (
        "Still rising: from 12 to 48 articles, macro-F1 gains 0.047 (+0.027 to +0.067)"
    )
    flat = replace(LEARNING, gain=Estimate(0.004, -0.003, 0.012))
    assert learning_finding(flat) == (
        "Levelling off: from 12 to 48 articles, macro-F1 moves by +0.004, −0.003 to +0.012"
    )


def test_what_differences_say(probed: Result) -> None:
    assert power_words(probed) == (
        "A true difference of 0.027 macro-F1 to tf-idf + SVM would be found four times of five on "
        "a test set of this size; smaller ones may go unseen. McNemar's test, as a second opinion, "
        "agrees."
    )
    assert ablation_finding(probed.cells) == (
        "ngram-linear, no context costs most: −0.021 macro-F1 against ngram-linear"
    )


def test_method_speaks_of_the_probes_that_there_are(probed: Result, result: Result) -> None:
    paragraphs, references = method_of(probed)
    text = " ".join(paragraphs)
    assert len(references) == 12
    assert "McNemar's exact test [8]" in text
    assert "CheckList" in references[11].text
    assert "direction [12]" in text
    assert max(int(n) for n in re.findall(r"\[(\d+)\]", text)) == 12
    assert "Conformal" not in " ".join(method_of(result)[0])


def test_usage_is_a_table_with_a_row_for_each_model(result: Result) -> None:
    used = (
        ModelUsage("chat", 0, {"n_answered": 1200, "cost": 0.00163}),
        ModelUsage("chat", 1, {"n_answered": 1199, "cost": 2.5, "n_of_tomorrow": 4}),
        ModelUsage("other", 0, {"n_answered": 7}),
    )
    section = sections_of(replace(result, usage=used))[-1]
    assert (section.id, section.title) == ("usage", "Usage")
    (exhibit,) = section.exhibits
    assert exhibit.table is not None
    assert [column.name for column in exhibit.table.columns] == [
        "Model", "answered", "cost", "n of tomorrow",
    ]  # fmt: skip
    assert [[entry.text for entry in row.entries] for row in exhibit.table.rows] == [
        ["chat", "1,200", "0.00163", "–"],
        ["chat", "1,199", "2.50", "4"],
        ["other", "7", "–", "–"],
    ]
    notes = [row.entries[0].note for row in exhibit.table.rows]
    assert notes == ["seed 0", "seed 1", ""]
    assert "usage" not in [section.id for section in sections_of(result)]
