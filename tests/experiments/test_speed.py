"""Speed experiments: the config, what is measured, the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Result
from stance.experiments.runs.progress import Step
from stance.experiments.speed import contenders
from stance.experiments.speed import measuring as speed_measuring
from stance.experiments.speed import probe as speed_probe
from stance.experiments.speed import run as speed
from stance.experiments.speed.config import is_speed_config, load_speed_config
from stance.experiments.speed.contenders import CONTENDERS
from stance.experiments.speed.probe import measured, peak_bytes, probed
from stance.experiments.speed.run import run_speed
from stance.reporting.speed_figure import finding, front, places, speed_chart

CONFIG = """\
kind: speed
question: Who is faster?
labelled: {corpus: sample, task: type, train: train, test: validation}
texts:
  - {corpus: sample, task: type, split: validation, unit: lines}
contenders:
  - {name: ours, role: model, kind: hashed_ngrams}
  - {name: theirs, role: baseline, kind: sklearn_tfidf, parameters: {C: 0.5}}
  - {name: fast, kind: fasttext}
baseline: theirs
n_rounds: 2
batches: [7]
n_starts: 2
"""

TEXTS = ["He said so.", "She said no.", "The port closed.", "The port is shut."] * 3
LABELS = ["quote", "quote", "report", "report"] * 3


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str = CONFIG) -> Path:
        path = tmp_path / "experiments" / "speed" / "x.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def _no_fasttext(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contenders, "find_spec", lambda name: None)


@pytest.fixture
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of their own take seconds to import scikit-learn."""

    def found(verb: str, job: Path) -> dict[str, float]:
        kind = json.loads(job.read_text(encoding="utf-8"))["kind"]
        size = 80e6 if kind == "hashed_ngrams" else 500e6
        return {"peak_bytes": size, "load_seconds": 0.25, "wall_seconds": 1.5}

    monkeypatch.setattr(speed_measuring, "probed", found)


@pytest.fixture
def outcome(
    write: Callable[..., Path], _no_fasttext: None, _no_processes: None
) -> speed.SpeedOutcome:
    return run_speed(write())


# Config


def test_a_config_is_told_from_others(write: Callable[..., Path], tmp_path: Path):
    assert is_speed_config(write())
    assert not is_speed_config(write("question: Is it?\n"))
    assert not is_speed_config(tmp_path / "missing.yaml")
    assert load_speed_config(write()).name == "speed/x"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: sklearn_tfidf", "kind: sklearn_tfdif", r":8: contenders\[1\]\.kind .*'sklearn_tfi"),
        ("{C: 0.5}", "{c: 0.5}", r":8: contenders\[1\]\.parameters\.c = 0.5, must be one of .* C"),
        ("baseline: theirs", "baseline: their", ":10: baseline = 'their', .* mean 'theirs'"),
        ("name: fast", "name: ours", r":9: contenders\[2\]\.name .* different from the other"),
        ("n_rounds: 2", "n_rounds: 0", ":11: n_rounds = 0, must be >= 1"),
        ("batches: [7]", "batches: [0]", r":12: batches\[0\] = 0, must be >= 1"),
        ("unit: lines", "unit: words", r":5: texts\[0\]\.unit = 'words', must be one of"),
        ("n_starts: 2", "n_start: 2", ":13: n_start = 2, must be one of the keys .*'n_starts'"),
    ],
)
def test_mistakes(write: Callable[..., Path], old: str, new: str, message: str):
    with pytest.raises(ConfigError, match=message):
        load_speed_config(write(CONFIG.replace(old, new)))


# Contenders


@pytest.mark.parametrize("kind", [kind for kind in CONTENDERS if kind != "fasttext"])
def test_a_contender_labels_alike_before_and_after_disk(kind: str, tmp_path: Path):
    contender = CONTENDERS[kind]()
    contender.fit(TEXTS, LABELS)
    assert list(contender.predict(TEXTS)) == LABELS
    contender.forget()
    contender.save(tmp_path)
    loaded = CONTENDERS[kind]()
    loaded.load(tmp_path)
    loaded.forget()
    assert list(loaded.predict(["They said it.", *TEXTS])) == ["quote", *LABELS]


def test_fasttext_gets_lower_case_words_and_marks_apart():
    assert contenders._spaced("“No,” he\nsaid.") == "“ no , ” he said ."


def test_a_process_of_its_own(tmp_path: Path):
    contender = CONTENDERS["hashed_ngrams"]()
    contender.fit(TEXTS, LABELS)
    contender.save(tmp_path)
    job = {"kind": "hashed_ngrams", "parameters": {}, "model": str(tmp_path), "texts": TEXTS}
    assert measured("predict", job)["load_seconds"] > 0
    path = tmp_path / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    found = probed("start", path)
    assert 0 < found["peak_bytes"] < 200e6 and found["wall_seconds"] > 0
    path.write_text(json.dumps(job | {"model": "nowhere"}), encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"speed probe 'start' failed: .*nowhere"):
        probed("start", path)


def test_a_start_imports_no_scikit_learn(tmp_path: Path):
    import subprocess
    import sys

    code = "import sys, stance.experiments.speed.probe as p; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_peak_memory_grows_and_never_shrinks():
    before = peak_bytes()
    held = bytearray(b"x") * (before + 50_000_000)
    assert peak_bytes() >= len(held)
    del held
    assert peak_bytes() >= before + 50_000_000
    assert speed_probe.ONE_THREAD


# Run


def test_a_run_measures_everything(outcome: speed.SpeedOutcome, tmp_path: Path):
    result = outcome.result
    assert outcome.folder == tmp_path / "reports" / "speed" / "x"
    on_texts, split, labelled = result.cells[:2], result.cells[2], result.cells[3:]
    names = ["ours", "theirs", "str.split", "ours", "theirs"]
    assert [cell.model for cell in result.cells] == names
    assert on_texts[0].metrics["predict_ratio"].value > 1
    assert on_texts[0].metrics["predict_ratio"] != on_texts[0].metrics["predict_ratio/cold"]
    assert on_texts[1].metrics["predict_ratio"].value == 1
    assert "per_second/cold" not in on_texts[1].metrics
    assert on_texts[1].metrics["per_second/batch/7"].value > 0
    assert split.role == "control" and split.metrics["per_second"].value > 0
    assert labelled[1].comparison is None and labelled[0].comparison.against == "theirs"
    assert labelled[0].metrics["peak_bytes/fit"].value == 80e6
    assert 10_000 < labelled[0].metrics["model_bytes"].value < 8e6
    assert result.headline.value == on_texts[0].metrics["predict_ratio"].value
    assert result.headline.low <= result.headline.value <= result.headline.high
    assert sum(map(sum, labelled[0].confusion)) == result.data[1].n_passages
    assert any("fast is left out" in note for note in result.notes)
    assert outcome.answer.startswith("ours label sample ")


def test_a_run_leaves_a_report(outcome: speed.SpeedOutcome):
    folder = outcome.folder
    values = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    begin = ["schema_version", "name", "question", "answer", "headline", "cells"]
    assert list(values)[: len(begin)] == begin
    again = Result.from_json((folder / "results.json").read_text(encoding="utf-8"))
    assert again.headline.metric == "predict_ratio"
    environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    assert {"processor", "cores", "load_before", "load_after", "versions"} <= set(environment)
    page = (folder / "report.html").read_text(encoding="utf-8")
    text = (folder / "report.md").read_text(encoding="utf-8")
    for shown in (page, text):
        assert outcome.answer in shown and "one thread" in shown
    assert page.count("<svg") == 1 and "<script" not in page
    assert {path.name for path in (folder / "figures").iterdir()} == {"speed.svg", "speed.png"}
    assert load_speed_config(folder / "config.yaml").baseline == "theirs"


def test_the_figure_is_the_same_each_time(outcome: speed.SpeedOutcome):
    one, two = (speed_chart(outcome.result) for _ in range(2))
    assert one == two
    found = places(outcome.result)
    assert {place.cell.model for place in found} == {"ours", "theirs"}
    assert front(found)[-1].cell.model == "ours"
    assert finding(outcome.result).startswith("ours label ")


def test_progress_is_told(write: Callable[..., Path], _no_fasttext: None, _no_processes: None):
    steps: list[Step] = []
    run_speed(write(), progress=steps.append)
    words = [step.what for step in steps]
    assert words[0] == "corpus" and words[-1] == "report"
    assert "ours: learns" in words and "round 2: theirs" in words


def test_the_first_contender_must_be_there(write: Callable[..., Path], _no_fasttext: None):
    text = CONFIG.replace("kind: hashed_ngrams", "kind: fasttext")
    with pytest.raises(ConfigError, match="'ours' needs the package fasttext: install it"):
        run_speed(write(text))
