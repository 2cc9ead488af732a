"""A soak, kills and embedded orders: labels or a refusal, no row lost, memory flat, none obeyed.

The lane for continuous integration, which also writes the report::

    STANCE_SOAK_SECONDS=480 STANCE_RELIABILITY=reports/reliability \
        pytest -m slow tests/test_reliability.py

``STANCE_SOAK_SECONDS`` is 20 where it is not set. Where ``STANCE_CORPORA`` is set, half of the
pages are damaged ones of Wikinews.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from time import monotonic
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from stance.analysis import AnalysedArticle
from stance.evaluation.bootstrap import Interval
from stance.evaluation.hostile_pages import KINDS, hostile_page
from stance.evaluation.injection import FlipRate, flip_rate
from stance.evaluation.soak import Soak, check_article, soak
from stance.reporting.article_page import articles_page
from stance.reporting.quotation_page import quotations_page
from stance.reporting.reliability_report import Kills, reliability_files, report, results

from .labelling.conftest import SMALL, paragraphs
from .labelling.test_kills import RUN, killed_again_and_again
from .labelling.test_run import files

OUTPUTS = {
    "article": lambda article: articles_page([article]),
    "quotations": lambda article: quotations_page([article]),
}


def test_pages_are_made_by_their_numbers() -> None:
    made = [hostile_page(i, seed=3) for i in range(60)]
    assert made == [hostile_page(i, seed=3) for i in range(60)]
    assert made != [hostile_page(i, seed=4) for i in range(60)]
    assert {page.kind for page in made} == set(KINDS) - {"corpus"}
    assert max(len(page.data) for page in made) <= 1_000_000
    damaged = [hostile_page(i, seed=3, texts=["Ice in port\n\nA ferry."]) for i in range(20)]
    assert "corpus" in {page.kind for page in damaged}


def test_few_pages_have_the_same_outcome_each_time() -> None:
    first, second = (soak(60, seed=5, most=4, outputs=OUTPUTS) for _ in range(2))
    assert (first.n_pages, first.faults) == (4, ())
    assert (first.digest, first.tried, first.n_bytes) == (
        second.digest,
        second.tried,
        second.n_bytes,
    )
    assert soak(60, seed=6, most=4).digest != first.digest


def test_what_raises_is_a_fault_with_its_page() -> None:
    def broken(article: AnalysedArticle) -> str:
        raise KeyError("lost")

    found = soak(60, seed=5, most=3, outputs={"broken": broken})
    assert found.faults and all("KeyError: 'lost'" in fault.problem for fault in found.faults)
    assert len(found.faults) + sum(found.refused.values()) == 3


def test_labels_that_do_not_hold_together_are_told() -> None:
    article = AnalysedArticle("a", "", "Text that no part covers.", ())
    with pytest.raises(ValueError, match="parts do not cover the page"):
        check_article(article)


def test_report_has_every_figure() -> None:
    found = Soak(
        7, 12.34, {"text": 10, "noise": 5}, {"text": 0, "noise": 4}, 900, 30, 20, (), "ab",
        ((200, 150_000_000), (300, 151_000_000)),
    )  # fmt: skip
    kills = Kills(8, 1000, 0, True, 60.0)
    spread = Interval(0.25, 0.125, 0.5)
    flips = {"small": FlipRate(12, 4, 3, spread, Interval(0.0), spread, {"order": (0.25, 0.0, 12)})}
    text = report(found, kills, flips)
    assert "15 hostile pages: 11 labelled, 4 refused with a message, 0 faults; 8 kills" in text
    assert (
        "150 MB after 200 pages, 151 MB after 300" in text and "| noise | 5 | 1 | 4 | 0 |" in text
    )
    assert "4 paragraphs, 12 pairs" in text
    shares = "0.250 [0.125, 0.500] | 0.250 [0.125, 0.500] | 0.000 | 0.125"
    assert f"| small | {shares} |" in text
    values = results(found, kills, flips)
    assert values["injections"]["small"]["flipped"] == {"value": 0.25, "low": 0.125, "high": 0.5}
    assert values["soak"]["memory_end"] == 151_000_000 and values["kills"]["n_lost"] == 0
    assert json.loads(reliability_files(found, kills, {})["results.json"])["soak"]["n_pages"] == 15


def corpus_texts() -> list[str]:
    if not os.environ.get("STANCE_CORPORA"):
        return []
    from stance.corpora import load

    return [f"{row['headline']}\n\n{row['text']}" for row in load("wikinews_en", split="all")]


def kill_runs(folder: Path) -> Kills:
    """Kill a run over 1,000 rows, and compare what it wrote in the end."""
    from stance.labelling import label_corpus

    start = monotonic()
    corpus, script = folder / "corpus.parquet", folder / "run.py"
    script.write_text(RUN, encoding="utf-8")
    rows = paragraphs(1000, seed=1)
    parquet.write_table(pa.table(rows), corpus)
    label_corpus(corpus, folder / "labels.parquet", size=SMALL)
    whole = files(folder)
    for path in folder.glob("labels*"):
        path.unlink()
    n_kills = killed_again_and_again(script, corpus, jobs=1, seed=1, most=8)
    found: set[Any] = set()
    for path in (folder / "labels.parquet", folder / "labels.errors.parquet"):
        if path.is_file():
            found |= set(parquet.read_table(path)["row"].to_pylist())
    n_lost = len(set(range(1000)) - found)
    return Kills(n_kills, 1000, n_lost, files(folder) == whole, monotonic() - start)


def shipped_flip_rates() -> dict[str, FlipRate]:
    """What embedded instructions do to the labels of the models that ship."""
    from stance.models import load

    names = ("paragraph-type-fast", "paragraph-type", "stance")
    return {name: flip_rate(load(name)) for name in names}


def test_shipped_models_obey_no_embedded_instruction() -> None:
    for name, rate in shipped_flip_rates().items():
        assert rate.n_pairs == 108, name
        # As often as a changed label falls on the one demanded by chance: within the interval.
        assert rate.obeyed.low is not None and rate.obeyed.low <= rate.by_chance, name


@pytest.mark.slow
def test_nothing_but_labels_or_a_refusal_and_no_row_lost(tmp_path: Path) -> None:
    seconds = float(os.environ.get("STANCE_SOAK_SECONDS", "20"))
    found = soak(seconds, outputs=OUTPUTS, texts=corpus_texts())
    kills = kill_runs(tmp_path)
    flips = shipped_flip_rates()
    if folder := os.environ.get("STANCE_RELIABILITY"):
        from stance.classifiers.saving import write_whole

        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, data in reliability_files(found, kills, flips).items():
            write_whole(Path(folder) / name, data)
    assert not found.faults
    assert kills.n_kills and not kills.n_lost and kills.same_bytes
    if found.memory:  # caches of words fill up; what leaks per page would go on for ever
        assert found.memory[-1][1] - found.memory[0][1] < 300e6
