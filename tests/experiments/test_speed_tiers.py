"""Speed of tiers: the config, the processes, the cells, the report; without torch."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stance.evaluation.timing import Task
from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Cell, Estimate, Headline, Result
from stance.experiments.runs.progress import Step
from stance.experiments.speed import tiers_measuring, tiers_run
from stance.experiments.speed.run import SpeedOutcome
from stance.experiments.speed.tier_process import Job, Workers
from stance.experiments.speed.tiers_config import load_tiers_config
from stance.experiments.speed.tiers_measuring import cpus, shares
from stance.experiments.speed.tiers_run import run_tiers
from stance.passage import Passage
from stance.reporting.speed_tiers import tiers_chart, tiers_front, tiers_of

from ..encoders.tiny import write_tiny

CONFIG = """\
kind: tiers
question: How fast, and how good?
panels:
  - asks: types
    corpus: {name: sample, task: type}
    split: validation
    max_passages: 40
    tiers:
      - name: accurate
        role: model
        kind: encoder
        model: TINY
        task: type
        score: {report: reports/type/x, cell: encoder}
      - {name: fast, kind: shipped, model: paragraph-type-fast}
      - name: full
        kind: shipped
        model: paragraph-type
        score: {report: reports/type/x, cell: pt}
      - {name: words, role: baseline, kind: ngrams, score: {report: reports/type/x, cell: ngrams}}
      - {name: theirs, kind: torch, model: package:nosuchpackage/model}
baseline: words
cores: [1, 2]
n_rounds: 3
"""

F1 = {"encoder": (0.8, 0.7, 0.9), "pt": (0.75, 0.7, 0.78), "ngrams": (0.7, 0.6, 0.72)}
SECONDS = {"accurate": (4.0, 2.0, 8.0), "fast": (0.1,) * 3, "full": (0.5,) * 3, "words": (2.0,) * 3}
"""Of each round on one core; on two, half."""


def cell(model: str, corpus: str, metrics: Mapping[str, tuple[float, float, float]]) -> Cell:
    return Cell(
        model=model,
        corpus=corpus,
        split="test",
        seed=0,
        role="variant",
        labels=("quote", "report"),
        metrics={name: Estimate(*values) for name, values in metrics.items()},
        confusion=(),
    )


def result_of(*cells: Cell) -> Result:
    first = cells[0]
    metric, found = next(iter(first.metrics.items()))
    values = (metric, found.value, found.low, found.high)
    headline = Headline(*values, first.model, first.corpus, first.split, 1, 12)
    return Result("x", "Who?", "They.", headline, cells, ())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A project with a config, a report, and a tiny encoder."""
    pytest.importorskip("onnxruntime")
    tiny = write_tiny(tmp_path / "tiny")
    scored = result_of(*(cell(name, "sample", {"macro_f1": f1}) for name, f1 in F1.items()))
    report = tmp_path / "reports" / "type" / "x" / "results.json"
    report.parent.mkdir(parents=True)
    report.write_text(scored.to_json(), encoding="utf-8")

    def written(text: str = CONFIG) -> Path:
        path = tmp_path / "experiments" / "speed" / "x.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("TINY", str(tiny)), encoding="utf-8")
        return path

    return written


@pytest.fixture
def outcome(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> SpeedOutcome:
    """A run whose tiers take the time that they are told to."""

    def timed(tasks: Mapping[Any, Task], *, n_rounds: int, **_: Any) -> dict[Any, Any]:
        assert n_rounds == 3
        for task in tasks.values():
            task.run(task.prepare())
        return {key: tuple(s / key[2] for s in SECONDS[key[1]]) for key in tasks}

    class Ready:
        def __init__(self, jobs: list[Job], scratch: Path) -> None:
            self.n_processes = len(jobs)
            assert all(job.threads in (1, 2) for job in jobs)

        def label(self) -> float:
            return 100e6 * self.n_processes

        def finish(self) -> None:
            pass

    monkeypatch.setattr(tiers_measuring, "interleaved", timed)
    monkeypatch.setattr(tiers_measuring, "Workers", Ready)
    monkeypatch.setattr(tiers_measuring, "cpus", lambda: (0, 1))
    monkeypatch.setattr(tiers_run, "cpus", lambda: (0, 1))
    return run_tiers(write())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("role: model", "role: variant", r":8: panels\[0\]\.tiers .* has the role 'model'"),
        ("task: type\n", "seed: 1\n", r"tiers\[0\] .* a tier with a task"),
        ("model: TINY", "", r"tiers\[0\] .* a tier with a model"),
        ("baseline: words", "baseline: word", r"baseline = 'word', .* mean 'words'"),
        ("name: fast", "name: full", r"tiers\[2\]\.name .* different from the other names"),
        ("model: paragraph-type-fast", "model: stance", r"model = 'stance', must be one of 'par"),
        ("cores: [1, 2]", "cores: [0]", r"cores\[0\] = 0, must be >= 1"),
    ],
)
def test_mistakes(write: Callable[..., Path], old: str, new: str, message: str):
    with pytest.raises(ConfigError, match=message):
        load_tiers_config(write(CONFIG.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cell: pt", "cell: ngram", r"tier 'full': score.cell = 'ngram', .* mean 'ngrams'"),
        (
            "reports/type/x, cell: pt",
            "reports/y, cell: pt",
            r"'full': .*'reports/y': expected a re",
        ),
        ("cores: [1, 2]", "cores: [4000]", r"cores = \[4000\], must be at most"),
        (
            "model: TINY",
            "model: nowhere",
            r"tier 'accurate' cannot be run: unknown model 'nowhere'",
        ),
    ],
)
def test_what_is_not_there_is_told(write: Callable[..., Path], old: str, new: str, message: str):
    with pytest.raises(ConfigError, match=message):
        run_tiers(write(CONFIG.replace("[1, 2]", "[1]").replace(old.replace("[1, 2]", "[1]"), new)))


def test_scores_on_another_corpus_are_refused(write: Callable[..., Path], tmp_path: Path):
    path = write(CONFIG.replace("cores: [1, 2]", "cores: [1]"))
    other = result_of(*(cell(name, "harbour", {"macro_f1": f1}) for name, f1 in F1.items()))
    (tmp_path / "reports/type/x/results.json").write_text(other.to_json(), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"expected scores on 'sample', .* got 'harbour'"):
        run_tiers(path)


def test_cells_are_what_the_rounds_and_the_reports_say(outcome: SpeedOutcome):
    result = outcome.result
    timed = [c for c in result.cells if "passages_per_second" in c.metrics]
    names = ["accurate", "fast", "full", "words"]
    wanted = [f"{name}, {cores}" for cores in ("2 cores", "1 core") for name in names]
    assert [c.model for c in timed] == wanted
    one = next(c for c in timed if c.model == "accurate, 1 core").metrics
    rate = one["passages_per_second"]
    assert (rate.value, rate.low, rate.high) == (40 / 4, 40 / 8, 40 / 2)
    times = one["time_ratio"]
    assert (times.value, times.low, times.high) == (0.5, 0.25, 1.0)
    peaks = {c.model: c.metrics["peak_bytes"].value for c in timed}
    assert peaks["full, 1 core"] == 100e6 and peaks["full, 2 cores"] == 200e6
    assert peaks["accurate, 2 cores"] == 100e6  # threads, in one process
    assert one["model_bytes"].value > 1000
    scores = {c.model: c.metrics["macro_f1"] for c in result.cells if "macro_f1" in c.metrics}
    assert scores == {
        "accurate": Estimate(0.8, 0.7, 0.9),
        "full": Estimate(0.75, 0.7, 0.78),
        "words": Estimate(0.7, 0.6, 0.72),
    }
    assert result.headline.model == "accurate, 2 cores" and result.headline.value == 20
    assert "accurate 20 at 0.800, full 160 at 0.750, words 40 at 0.700" in result.answer


def test_notes_tell_what_is_left_out_and_whose_accuracy_it_is(outcome: SpeedOutcome):
    notes = " ".join(outcome.result.notes)
    assert "theirs is left out on sample: " in notes
    assert "speed of full is that of the model that ships" in notes
    assert "full on sample: reports/type/x, model pt" in notes


def test_a_run_leaves_a_report(outcome: SpeedOutcome, tmp_path: Path):
    folder = outcome.folder
    assert folder == tmp_path / "reports" / "speed" / "x"
    again = Result.from_json((folder / "results.json").read_text(encoding="utf-8"))
    assert again.headline.metric == "passages_per_second"
    page = (folder / "report.html").read_text(encoding="utf-8")
    text = (folder / "report.md").read_text(encoding="utf-8")
    for shown in (page, text):
        assert "accurate: +0.050 macro-F1 at 8 times the cost of full" in shown
    assert "0.800" in text and page.count("<svg") == 1 and "<script" not in page
    assert {path.name for path in (folder / "figures").iterdir()} == {"tiers.svg", "tiers.png"}
    assert json.loads((folder / "environment.json").read_text())["versions"]["onnxruntime"]
    assert load_tiers_config(folder / "config.yaml").baseline == "words"
    assert tiers_chart(again) == tiers_chart(again)
    assert [one.name for one in tiers_front(tiers_of(again)["sample"])] == ["accurate", "full"]


def test_a_figure_of_speeds_alone(outcome: SpeedOutcome):
    result = outcome.result
    alone = tuple(c for c in result.cells if "macro_f1" not in c.metrics)
    chart = tiers_chart(replace(result, cells=alone))
    assert chart.finding == "accurate: 20 passages a second"


def test_shares_keep_articles_whole():
    assert shares(["a", "a", "b", "b", "b", "b"], 2) == [(0, 2), (2, 6)]
    assert shares([""] * 5, 1) == [(0, 5)]
    assert shares([""] * 6, 3) == [(0, 2), (2, 4), (4, 6)]


def job(tmp_path: Path, **changes: Any) -> Job:
    at = tmp_path / "passages.pickle"
    at.write_bytes(pickle.dumps([Passage("The port closed."), Passage("It reopened.")]))
    plain = Job("shipped", "paragraph-type-fast", "", "types", str(at), 0, 2, 1, ())
    return replace(plain, **changes)


def test_processes_wait_label_and_tell_their_memory(tmp_path: Path):
    held = cpus()[:1] if hasattr(tiers_measuring.os, "sched_setaffinity") else ()
    halves = [job(tmp_path, first=i, last=i + 1, cpus=held) for i in (0, 1)]
    workers = Workers(halves, tmp_path)
    assert workers.label() > 40e6
    workers.finish()


def test_an_encoder_labels_in_a_process_of_its_own(tmp_path: Path):
    pytest.importorskip("onnxruntime")
    tiny = write_tiny(tmp_path / "tiny")
    workers = Workers([job(tmp_path, kind="encoder", model=str(tiny), task="type")], tmp_path)
    assert workers.label() > 40e6
    workers.finish()


def test_a_process_that_fails_is_told(tmp_path: Path):
    with pytest.raises(RuntimeError, match=r"a tier's process failed: .*nowhere"):
        Workers([job(tmp_path, model="nowhere")], tmp_path)


def test_n_grams_learn_before_and_starts_are_timed(write: Callable[..., Path], tmp_path: Path):
    once = CONFIG.replace("[1, 2]", "[1]").replace("rounds: 3", "rounds: 1")
    head, tiers = once.split("    tiers:\n")
    accurate = tiers[: tiers.index("      - {name: fast")]
    rest = tiers[tiers.index("      - {name: words") :].splitlines()
    kept = [
        f"{head}    tiers:",
        *accurate.splitlines(),
        *(one for one in rest if "torch" not in one),
    ]
    starts = "starts: {page: page.txt, models: [fast], n_rounds: 1}"
    (tmp_path / "page.txt").write_text("The port\n\nThe port closed on Monday.\n", encoding="utf-8")
    steps: list[Step] = []
    result = run_tiers(write("\n".join([*kept, starts, ""])), progress=steps.append).result
    start = result.cells[-1]
    assert (start.model, start.corpus, start.split) == ("fast", "one page", "page.txt")
    assert start.metrics["start_seconds"].value > 0.05
    words = next(c for c in result.cells if c.model == "words, 1 core").metrics
    assert words["time_ratio"].value == 1 and words["model_bytes"].value > 1e5
    assert "start 1: fast" in [step.what for step in steps]
