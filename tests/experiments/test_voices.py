"""Experiments in voices, on the sample corpus that ships."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stance.evaluation.voices import Named
from stance.experiments.config import load_config
from stance.experiments.configs.source import ConfigError
from stance.experiments.reports.compare import CompareError, compare
from stance.experiments.result import Result
from stance.experiments.run import run_config
from stance.experiments.runs.plan import plan_config
from stance.experiments.voices import scoring
from stance.experiments.voices.answers import VoiceAnswers
from stance.experiments.voices.data import load_voices

CONFIG = """\
kind: voices
question: Who speaks?
corpus: {name: sample, task: type}
split: {kind: official, test: validation}
models:
  - name: rules
    namer: {kind: rules}
  - name: nearest
    role: baseline
    namer: {kind: nearest_name}
  - name: author
    role: baseline
    namer: {kind: author}
  - name: guessed
    role: variant
    namer: {kind: rules}
    types: predicted
    classifier: {kind: majority}
baseline: nearest
bootstrap: {n_resamples: 200}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str = CONFIG) -> Path:
        path = tmp_path / "experiments" / "quotes" / "x.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def outcome(write: Write, plain_report: None) -> Any:
    return run_config(write())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("nearest_name", "nearest", r":10: models\[1\]\.namer\.kind = 'nearest', must be one of"),
        ("types: predicted", "types: gold", r":17: models\[3\]\.types = 'gold', must be one of"),
        ("kind: majority", "kind: majorty", r":18: models\[3\]\.classifier\.kind = 'majorty'"),
        ("split: {kind: official", "split: {kind: transfer", r"split\.kind = 'transfer', must be"),
    ],
)
def test_mistakes(write: Write, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(write(CONFIG.replace(old, new)))


def test_articles_have_their_voices(write: Write) -> None:
    data = load_voices(load_config(write()))
    assert (len(data.test), data.n_tested, data.n_quotes) == (12, 228, 75)
    voices = [one for article in data.test for one in article.true]
    assert sum(one.voice != "author" for one in voices) == 75
    assert any(one.via for one in voices)
    assert all(len(one.ids) == len(one.texts) == len(one.types) for one in data.test)


def test_a_corpus_without_voices_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    import stance.corpora

    load = stance.corpora.load
    monkeypatch.setattr(
        "stance.corpora.load",
        lambda *names, **options: load(*names, **options).remove_columns("via"),
    )
    with pytest.raises(ValueError, match="corpus 'sample' has no via: expected the columns voice,"):
        plan_config(write())


def test_a_run_scores_every_namer(outcome: Any) -> None:
    result = outcome.result
    cells = {cell.model: cell for cell in result.cells}
    assert cells["author"].metrics["voice_accuracy"].value == 0.0
    assert cells["author"].metrics["all_accuracy"].value == pytest.approx((228 - 75) / 228)
    assert "source_precision" not in cells["author"].metrics
    # The majority of the types is report: no quote is left to have a source.
    assert cells["guessed"].metrics["voice_accuracy"].value == 0.0
    assert cells["guessed"].ablation.against == "rules"
    assert cells["rules"].metrics["voice_accuracy"].value > 0.7
    assert cells["rules"].comparison.against == "nearest"
    assert "rules reaches a share of right voices of 0." in outcome.answer
    assert any("majority, which learned from train;" in note for note in result.notes)


def test_a_run_tells_slices_and_mistakes(outcome: Any) -> None:
    found = outcome.result.voices
    assert found.n_quotes == 75
    for column in ("source", "passed on", "outlet"):
        assert sum(one.n for one in found.slices if one.column == column) == 75
    kinds = {one.kind: one.n for one in found.mistakes}
    assert kinds["author"]["author"] == 75
    right = outcome.result.cells[0].metrics["voice_accuracy"].value
    assert kinds["right"]["rules"] == round(75 * right)


def test_reports_of_other_kinds_cannot_be_compared(
    outcome: Any, write: Write, tmp_path: Path
) -> None:
    board = compare([outcome.folder], n_permutations=100)
    assert board.metric == "voice_accuracy" and board.standings[0].model == "rules"
    labels = """\
question: Which type?
corpus: {name: sample, task: type}
split: {kind: official, test: validation}
models:
  - {name: rules, classifier: {kind: cue_rules}}
  - {name: majority, role: baseline, classifier: {kind: majority}}
baseline: majority
bootstrap: {n_resamples: 100}
"""
    other = run_config(write(labels), out=tmp_path / "labels")
    with pytest.raises(CompareError, match="its kind is 'labels', not 'voices'"):
        compare([outcome.folder, other.folder])


def test_names_are_hidden_where_text_may_not_be_shown(
    outcome: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    assert len(rows) == 4 * 228
    named = next(row["label"] for row in rows if row["label"] != "author")
    assert " " in named
    assert scoring._hidden("author") == "author"
    assert scoring._hidden(named) == scoring._hidden(named.upper()) != named


def test_answers_are_kept_as_they_were() -> None:
    answers = VoiceAnswers((Named("Berg", ("a", "b")), Named("author")), ("quote", ""), 0.5, 0.25)
    about: dict[str, Any] = {"fit_seconds": 0.5, "predict_seconds": 0.25, "warnings": ()}
    assert VoiceAnswers.from_table(answers.table(), about) == answers


def test_predicted_types_are_learned_once_for_each_seed(write: Write) -> None:
    text = CONFIG.replace("{kind: majority}", "{kind: ngrams}")
    assert plan_config(write(text), overrides=["seeds=[0, 1]"]).n_models == 5


def test_a_report_says_what_was_found(write: Write) -> None:
    outcome = run_config(write())
    page = (outcome.folder / "report.html").read_text("utf-8")
    text = (outcome.folder / "report.md").read_text("utf-8")
    for shown in (page, text):
        assert "Who speaks?" in shown and "right voices of quotes" in shown
        assert "named, a pronoun here" in shown
    assert page.count("<figure>") == 3
    again = Result.from_json((outcome.folder / "results.json").read_text("utf-8"))
    assert again.voices is not None and again.spans is None
    assert run_config(write()).was_up_to_date
