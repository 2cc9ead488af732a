"""Speed of labelling: the config, the corpora, the cells, the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Result
from stance.experiments.runs.progress import Step
from stance.experiments.speed import labelling_run
from stance.experiments.speed.config import is_speed_config, kind_of
from stance.experiments.speed.contenders import SklearnTfidf
from stance.experiments.speed.corpora import Paragraphs, write_corpus
from stance.experiments.speed.labelling_config import load_labelling_config
from stance.experiments.speed.labelling_run import run_labelling
from stance.experiments.speed.mapped import mapped
from stance.experiments.speed.run import SpeedOutcome
from stance.labelling.measuring import Measured
from stance.reporting.speed_labelling import labelling_chart, spaced

CONFIG = """\
kind: labelling
question: What does it cost?
labelled: {corpus: sample, task: type, train: train}
texts:
  - {corpus: sample, task: type, split: validation}
baseline: theirs
ways:
  - {name: ours, role: model, model: paragraph-type, max_rows: 40}
  - {name: fast, model: paragraph-type-fast, max_rows: 400, cores: [1]}
  - {name: theirs, role: baseline, model: sklearn_tfidf, max_rows: 40, cores: [1]}
sizes:
  - {rows: 10, n_rounds: 3}
  - {rows: 40, n_rounds: 3}
  - {rows: 400, n_rounds: 1}
"""

MICROSECONDS = {"paragraph-type": (200, 100, 300), "paragraph-type-fast": (50, 50, 50)}
"""Of each round; on two cores half."""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(text: str = CONFIG) -> Path:
        path = tmp_path / "experiments" / "speed" / "x.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def outcome(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> SpeedOutcome:
    """A run whose processes take the time that they are told to."""
    turns: dict[tuple[str, int, int], int] = {}

    def cost(corpus: Path, model: str, jobs: int) -> Measured:
        rows = parquet.read_metadata(corpus).num_rows
        turn = turns[model, jobs, rows] = turns.get((model, jobs, rows), -1) + 1
        seconds = rows * MICROSECONDS.get(model, (400, 400, 400))[turn % 3] / 1e6
        return Measured(rows, seconds / jobs, seconds, 80_000_000 + rows * 1_000_000)

    def ours(
        corpus: Path, out: Path, *, model: str, voices: bool, targets: tuple[str, ...], jobs: int
    ) -> Measured:
        assert not targets or voices
        return cost(corpus, model, jobs)

    def theirs(corpus: Path, out: Path, *, kind: str, model: Path, jobs: int) -> Measured:
        assert (model / "model.pickle").is_file()
        return cost(corpus, kind, jobs)

    monkeypatch.setattr(labelling_run, "measured", ours)
    monkeypatch.setattr(labelling_run, "mapped", theirs)
    return run_labelling(write())


def test_a_config_is_told_from_others(write: Callable[..., Path], tmp_path: Path):
    path = write()
    assert kind_of(path) == "labelling" and not is_speed_config(path)
    assert kind_of(tmp_path / "missing.yaml") == ""
    config = load_labelling_config(path)
    assert config.name == "speed/x"
    assert config.main_size.rows == 40
    assert [way.name for way in config.ways_for(config.sizes[-1])] == ["fast"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("model: sklearn_tfidf", "model: sklearn_tfdif", r":10: ways\[2\]\.model .*'sklearn_tfidf"),
        ("paragraph-type-fast", "quotations", r":9: ways\[1\]\.model = 'quotations', must be one"),
        ("sklearn_tfidf,", "sklearn_tfidf, voices: true,", r"voices = True, must be false: 'skl"),
        ("name: fast", "name: ours", r":9: ways\[1\]\.name .* different from the other"),
        ("baseline: theirs", "baseline: their", ":6: baseline = 'their', .* mean 'theirs'"),
        ("rows: 10,", "rows: 0,", r":12: sizes\[0\]\.rows = 0, must be >= 1"),
        ("rows: 10,", "rows: 40,", ":11: sizes = .* must be corpora of different sizes"),
        ("max_rows: 40}", "max_rows: 4}", ":11: sizes = .* that no max_rows of the ways is below"),
        ("model: paragraph-type,", "model: paragraph-type, targets: [a],", r"where voices are not"),
        (
            "type-fast,",
            "type-fast, voices: true, targets: [a, A],",
            r"targets: target 'A' is given t",
        ),
        ("cores: [1]", "cores: [0]", r"cores\[0\] = 0, must be >= 1"),
    ],
)
def test_mistakes(write: Callable[..., Path], old: str, new: str, message: str):
    with pytest.raises(ConfigError, match=message):
        load_labelling_config(write(CONFIG.replace(old, new)))


def test_a_corpus_repeats_its_paragraphs_as_new_articles(tmp_path: Path):
    paragraphs = Paragraphs("c", ["one two", "three", "four"], ["c/a", "c/a", "c/b"])
    assert paragraphs.n_words == pytest.approx(4 / 3)
    write_corpus(tmp_path / "x.parquet", paragraphs, rows=5)
    table = parquet.read_table(tmp_path / "x.parquet").to_pydict()
    assert table["text"] == ["one two", "three", "four", "one two", "three"]
    assert table["group"] == ["0/c/a", "0/c/a", "0/c/b", "1/c/a", "1/c/a"]
    count = paragraphs.count(5)
    assert (count.n_groups, count.n_passages, count.split) == (3, 5, "5 paragraphs")


def test_cells_are_what_the_rounds_say(outcome: SpeedOutcome):
    result = outcome.result
    names = ["ours, 1 core", "ours, 2 cores", "fast, 1 core", "theirs, 1 core"]
    assert [cell.model for cell in result.cells] == [*names, *names, "fast, 1 core"]
    assert [cell.split for cell in result.cells[::4]] == [f"{n} paragraphs" for n in (40, 10, 400)]
    one, two, _, base = (cell.metrics for cell in result.cells[:4])
    cost = one["microseconds"]
    assert [cost.value, cost.low, cost.high] == pytest.approx([200, 100, 300])
    assert one["time_ratio"].value == pytest.approx(2)
    assert (one["time_ratio"].low, one["time_ratio"].high) == pytest.approx((400 / 300, 4))
    assert base["time_ratio"].value == 1
    assert two["microseconds"].value == pytest.approx(100)
    assert two["cpu_microseconds"].value == pytest.approx(200)
    assert "peak_bytes" not in two and "time_ratio" not in two
    assert one["peak_bytes"].value == 120e6
    once = result.cells[-1].metrics["microseconds"]
    assert once.value == pytest.approx(50) and once.low is None
    assert result.headline.value == pytest.approx(5000) == one["per_second"].value
    assert "ours, 1 core 200 µs (5,000 a second); fast, 1 core 50 µs" in outcome.answer
    assert any("400 paragraphs were labelled once" in note for note in result.notes)


def test_a_report_says_what_each_way_tells_by_which_model(
    write: Callable[..., Path], outcome: SpeedOutcome
):
    asked = "type-fast, voices: true, targets: [Ida Lund, the dam=the weir],"
    notes = run_labelling(write(CONFIG.replace("type-fast,", asked))).result.notes
    assert any(
        "ours tells types by paragraph-type; fast tells types and voices and stances toward Ida "
        "Lund, the dam=the weir by paragraph-type-fast; theirs tells types by sklearn_tfidf" in note
        for note in notes
    )


def test_a_run_leaves_a_report(outcome: SpeedOutcome, tmp_path: Path):
    folder = outcome.folder
    assert folder == tmp_path / "reports" / "speed" / "x"
    again = Result.from_json((folder / "results.json").read_text(encoding="utf-8"))
    assert again.headline.metric == "per_second"
    environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    assert {"processor", "cores", "load_before", "load_after", "versions"} <= set(environment)
    page = (folder / "report.html").read_text(encoding="utf-8")
    text = (folder / "report.md").read_text(encoding="utf-8")
    for shown in (page, text):
        assert outcome.answer in shown and "200 (100–300)" in text
        assert "200 µs a paragraph in a corpus of 40" in shown
    assert page.count("<svg") == 1 and "<script" not in page
    files = {path.name for path in (folder / "figures").iterdir()}
    assert files == {"labelling.svg", "labelling.png"}
    assert load_labelling_config(folder / "config.yaml").baseline == "theirs"
    assert labelling_chart(again) == labelling_chart(again)


def test_progress_is_told(
    write: Callable[..., Path], outcome: SpeedOutcome, monkeypatch: pytest.MonkeyPatch
):
    def cost(*_: Any, **__: Any) -> Measured:
        return Measured(1, 1.0, 1.0, 1)

    monkeypatch.setattr(labelling_run, "measured", cost)
    monkeypatch.setattr(labelling_run, "mapped", cost)
    steps: list[Step] = []
    run_labelling(write(), progress=steps.append)
    words = [step.what for step in steps]
    assert words[0] == "corpus" and words[-1] == "report"
    assert "theirs: learns" in words and "40 rows, round 2: ours, 2 cores" in words


def test_names_that_touch_are_spread_around_their_heights():
    assert spaced([], gap=0.1) == []
    assert spaced([0.2, 0.2, 0.2, 0.9], gap=0.1) == pytest.approx([0.1, 0.2, 0.3, 0.9])
    assert spaced([0.1, 0.2, 0.22], gap=0.1) == pytest.approx([0.0733333, 0.1733333, 0.2733333])


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_contender_labels_a_file_in_a_process_of_its_own(jobs: int, tmp_path: Path):
    texts = ["He said so.", "She said no.", "The port closed.", "The port is shut."] * 3
    labels = ["quote", "quote", "report", "report"] * 3
    contender = SklearnTfidf()
    contender.fit(texts, labels)
    contender.save(tmp_path)
    write_corpus(tmp_path / "x.parquet", Paragraphs("c", texts, ["a"] * 12), rows=12)
    out = tmp_path / "labels.parquet"
    found = mapped(tmp_path / "x.parquet", out, kind="sklearn_tfidf", model=tmp_path, jobs=jobs)
    assert parquet.read_table(out).to_pydict() == {"type": labels}
    assert found.rows == 12 and found.cpu_seconds > 0 and found.peak_bytes > 50e6


def test_a_contender_that_fails_is_told(tmp_path: Path):
    with pytest.raises(RuntimeError, match=r"labelling .*x\.parquet failed: .*nowhere"):
        mapped(
            tmp_path / "x.parquet",
            tmp_path / "y.parquet",
            kind="sklearn_tfidf",
            model=tmp_path / "nowhere",
        )
