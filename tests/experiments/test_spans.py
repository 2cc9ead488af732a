"""Experiments in spans: the config, a run on a small corpus, compare and reproduce."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from stance.article import Span
from stance.evaluation.attributed import decoded
from stance.experiments.config import load_config
from stance.experiments.configs import registry
from stance.experiments.configs.source import ConfigError
from stance.experiments.reports.compare import CompareError, compare
from stance.experiments.reports.reproduce import reproduce
from stance.experiments.result import Result
from stance.experiments.run import RunError, run_config
from stance.experiments.runs.plan import config_files, plan_config
from stance.experiments.runs.progress import Step
from stance.experiments.spans.answers import SpanAnswers
from stance.experiments.spans.data import load_spans
from stance.quotes.spans import AttributedSpans

CONFIG = """\
kind: spans
question: Who says what?
corpus: {name: quay, task: spans}
models:
  - name: learner
    finder: {kind: learner}
  - name: first
    role: baseline
    finder: {kind: first}
  - name: far
    role: baseline
    finder: {kind: absent}
baseline: first
bootstrap: {n_resamples: 200}
"""

# Content, cue and source of "“It held,” said Berg."
TEXT = "“It held,” said Berg."
TRUE = {"content": [[0, 10]], "cue": [[11, 15]], "source": [[16, 20]]}


class First:
    """The first ten characters of every paragraph, without a source."""

    def find(self, paragraphs: list[str]) -> list[tuple[AttributedSpans, ...]]:
        return [(AttributedSpans((Span(0, 10),)),) for _ in paragraphs]


class Learner:
    """What it learned that paragraphs of the same words hold."""

    seen: list[int] = []  # noqa: RUF012 (numbers of articles of every fit, for a test to look at)

    def __init__(self, *, n_words: int = 4, random_state: int = 0) -> None:
        self.n_words = n_words
        self.random_state = random_state

    def fit(self, articles: Any, spans: Any) -> Learner:
        Learner.seen.append(len(articles))
        self.known = {
            text: found
            for texts, every in zip(articles, spans, strict=True)
            for text, found in zip(texts, every, strict=True)
        }
        return self

    def find(self, paragraphs: list[str]) -> list[tuple[AttributedSpans, ...]]:
        return [self.known.get(text, ()) for text in paragraphs]


class Absent(First):
    """Stands on a package that is not there."""

    @staticmethod
    def lacking() -> str:
        return Absent.reason

    reason = "the package textual is not installed"

    @staticmethod
    def versions() -> dict[str, str]:
        return {} if Absent.reason else {"textual": "3"}


class Short(First):
    """Answers for fewer paragraphs than it was asked about."""

    def find(self, paragraphs: list[str]) -> list[tuple[AttributedSpans, ...]]:
        return super().find(paragraphs)[1:]


def row(group: str, index: int, text: str, *found: dict[str, Any], **more: Any) -> dict[str, Any]:
    blank = {"id": "E1", "content": [], "cue": [], "source": [], "source_text": ""}
    covered = {i for one in found for a, b in (blank | one)["content"] for i in range(a, b)}
    return {
        "text": text,
        "group": group,
        "index": index,
        "id": f"{group}#{index}",
        "content_share": len(covered) / len(text),
        "attributions": [blank | one for one in found],
        **more,
    }


def article(group: str) -> list[dict[str, Any]]:
    """Three paragraphs: a direct quotation; one whose content goes on in the third."""
    long = "He said that it held."
    return [
        row(group, 0, TEXT, TRUE | {"source_text": "Berg"}),
        row(
            group,
            1,
            long,
            {"content": [[13, 21]], "cue": [[3, 7]], "source_text": "Berg"},
            {"id": "E2", "cue": [[0, 2]]},
        ),
        row(group, 2, "And so on.", content_share=1.0),
    ]


@pytest.fixture
def quay(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """The corpus ``quay``, which only these tests have."""
    from datasets import Dataset

    splits = {
        name: [line for i in range(n) for line in article(f"{name}/{i}")]
        for name, n in (("train", 4), ("dev", 2), ("test", 3))
    }

    def load(name: str, *, split: str, task: str) -> Any:
        return Dataset.from_list([line for part in split.split("+") for line in splits[part]])

    task = SimpleNamespace(
        name="spans",
        unit="paragraph",
        language="en",
        labels=(),
        faithfulness="exact",
        variants=(SimpleNamespace(name="full", counts=dict.fromkeys(splits)),),
    )

    def card(name: str) -> Any:
        return SimpleNamespace(
            title="Quay",
            citation="@misc{quay-2020, title = {Quay}}",
            tasks=(task,),
            task=lambda name: task,
            licence=SimpleNamespace(may_show_text=False),
            access=SimpleNamespace(kind="download"),
        )

    monkeypatch.setattr("stance.corpora.load", load)
    monkeypatch.setattr("stance.corpora.card", card)
    monkeypatch.setattr("stance.corpora.corpus_names", lambda: ["quay"])
    return splits


@pytest.fixture(autouse=True)
def _finders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("fake_finders")
    fakes = (First, Learner, Absent, Short)
    for fake in fakes:
        setattr(module, fake.__name__, fake)
    monkeypatch.setitem(sys.modules, "fake_finders", module)
    kinds = {fake.__name__.lower(): f"fake_finders:{fake.__name__}" for fake in fakes}
    monkeypatch.setattr(registry, "FINDERS", kinds)
    monkeypatch.setattr(registry, "OPTIONAL", ("absent",))
    Learner.seen = []
    yield
    for cached in (registry._builder, registry._parameters, registry._hints):
        cached.cache_clear()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(text: str = CONFIG, *, name: str = "x") -> Path:
        path = tmp_path / "experiments" / "quotes" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


Write = Callable[..., Path]


# Config


def test_a_config_is_read_with_its_kind_sweeps_and_overrides(write: Write, quay: Any) -> None:
    path = write(CONFIG + "sweep:\n  learner.finder.n_words: [2, 8]\n")
    config = load_config(path, overrides=["n_words=3", "seeds=[0, 1]"])
    assert (config.kind, config.name, config.seeds) == ("spans", "quotes/x", (0, 1))
    assert [model.name for model in config.models][3:] == ["learner n_words=2", "learner n_words=8"]
    assert config.models[0].finder.parameters == {"n_words": 3}
    assert config.to_yaml().startswith("kind: spans\nname: quotes/x\n")
    assert load_config(write(config.to_yaml(), name="y")) == config


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "kind: spans",
            "kind: spam",
            r":1: kind = 'spam', must be one of 'spans', .* mean 'spans'",
        ),
        ("kind: spans", "kind: speed", r":1: kind = 'speed' is measured anew each time: run it wi"),
        ("kind: spans", "kind: [a]", r":1: kind = \['a'\], must be one of 'spans', 'voices'"),
        ("kind: first", "kind: frist", r":9: models\[1\]\.finder\.kind = 'frist', .*'first'\?"),
        ("{kind: first}", "{kind: first, x: 1}", r":9: models\[1\]\.finder\.x = 1, must be one of"),
        ("{kind: learner}", "{kind: learner, n_words: a}", r":6: .*n_words = 'a', must be a whole"),
        ("baseline: first", "baseline: frist", r":13: baseline = 'frist', .*'first'\?"),
        (
            "bootstrap:",
            "slices: [length]\nbootstrap:",
            r":14: slices = .*, must be one of the keys",
        ),
        ("bootstrap:", "metric: macro_f1\nbootstrap:", r":14: metric = .* one of 'content_f1', "),
        ("bootstrap:", "split: {kind: official, test: tset}\nbootstrap:", r":14: split\.test = 't"),
    ],
)
def test_mistakes(write: Write, quay: Any, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(write(CONFIG.replace(old, new)))


def test_configs_of_a_folder_are_planned_with_the_others(write: Write, quay: Any) -> None:
    path = write()
    assert config_files(path.parents[1]) == [path]
    plan = plan_config(path)
    assert (plan.n_models, plan.n_kept, plan.n_learned, plan.n_tested) == (2, 0, 12, 9)


# Data


def test_gold_attributions_are_those_with_content(write: Write, quay: Any) -> None:
    data = load_spans(load_config(write()))
    assert [len(data.train), len(data.test), data.n_tested] == [4, 3, 9]
    one = data.test[0]
    assert one.gold[0] == (AttributedSpans((Span(0, 10),), (Span(11, 15),), (Span(16, 20),)),)
    assert [len(spans) for spans in one.gold] == [1, 1, 0]
    assert one.elsewhere == ((False,), (True,), ())
    assert one.crosses == ((False,), (True,), ())
    assert "3 go on in the next paragraph" in data.notes[0]
    assert data.counts[0].labels == {"attributions": 8, "with a cue": 8, "with a source": 4}


def test_a_corpus_without_attributions_is_refused(write: Write, quay: Any) -> None:
    for lines in quay.values():
        for line in lines:
            del line["attributions"]
    with pytest.raises(ValueError, match="corpus 'quay' has no attributions: expected the columns"):
        run_config(write())


# Run


@pytest.fixture
def outcome(write: Write, quay: Any, plain_report: None) -> Any:
    return run_config(write())


def test_a_run_scores_every_finder(outcome: Any) -> None:
    result = outcome.result
    learner, first = result.cells
    assert (learner.model, first.model, learner.labels) == ("learner", "first", ())
    assert learner.metrics["content_f1"].value == 1.0
    # The first ten characters are right in one paragraph of three; 0–10 of 13–21 is nothing.
    assert first.metrics["content_f1"].value == pytest.approx(2 * 3 / (6 + 9))
    assert first.metrics["source_head"].value == 0.0
    assert learner.comparison.against == "first"
    assert learner.comparison.difference.value == pytest.approx(0.6)
    assert result.headline.metric == "content_f1" and result.headline.n_passages == 9
    assert "far is left out: the package textual is not installed." in result.notes
    assert any("3 articles, 6 attributions" in text for text in [result.answer])
    assert "learner reaches content F1 1.000" in result.answer


def test_a_run_tells_traits_and_errors(outcome: Any) -> None:
    found = outcome.result.spans
    assert (found.n_true, found.n_found) == (6, {"learner": 6, "first": 9})
    by_trait = {(one.trait, one.value): one for one in found.traits}
    direct = by_trait["quotation", "direct"]
    assert (direct.n, direct.n_groups, direct.found["first"].value) == (3, 3, 1.0)
    assert by_trait["source", "elsewhere"].found["first"].value == 0.0
    assert by_trait["paragraphs", "goes on in the next"].n == 3
    kinds = {one.kind: one.n for one in found.errors}
    assert kinds["right"] == {"learner": 6, "first": 0}
    assert kinds["no source"] == {"learner": 0, "first": 3}
    assert kinds["missed"] == {"learner": 0, "first": 3}
    assert kinds["spurious"] == {"learner": 0, "first": 6}


def test_predictions_hold_offsets(outcome: Any) -> None:
    rows = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    assert len(rows) == 2 * 9
    assert [one.content for one in decoded(rows[0]["label"])] == [(Span(0, 10),)]
    assert rows[0]["is_duplicate"]  # all articles are alike


def test_a_report_says_what_was_found_and_shows_no_text(write: Write, quay: Any) -> None:
    outcome = run_config(write())
    folder = outcome.folder
    for path in folder.rglob("*"):
        assert not path.is_file() or b"It held" not in path.read_bytes(), path
    page, text = ((folder / f"report.{end}").read_text("utf-8") for end in ("html", "md"))
    for shown in (page, text):
        assert outcome.answer.split(";")[0] in shown.replace("\\", "")
        assert "far is left out" in shown
    assert "<script" not in page and page.count("<figure>") == 3
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {f"{n}.{e}" for n in ("models", "breakdown", "errors") for e in ("svg", "png")}
    values = json.loads((folder / "results.json").read_text("utf-8"))
    begin = ["schema_version", "name", "question", "answer", "headline", "cells"]
    assert list(values)[:6] == begin and "voices" not in values
    again = Result.from_json((folder / "results.json").read_text("utf-8"))
    assert again.spans is not None and again.spans.errors == outcome.result.spans.errors


def test_what_is_done_is_not_done_again(outcome: Any, write: Write) -> None:
    assert run_config(write()).was_up_to_date
    assert Learner.seen == [4]
    steps: list[Step] = []
    changed = CONFIG.replace("n_resamples: 200", "n_resamples: 100")
    run_config(write(changed), progress=steps.append)
    assert Learner.seen == [4]
    assert [step.what for step in steps if step.state == "kept"] == ["learner", "first"]


def test_a_package_that_has_come_is_used(
    outcome: Any, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Absent, "reason", "")
    again = run_config(write())
    assert not again.was_up_to_date
    assert [cell.model for cell in again.result.cells] == ["learner", "first", "far"]
    assert "far was run with textual 3." in again.result.notes


def test_answers_are_kept_as_they_were() -> None:
    one = AttributedSpans((Span(0, 3), Span(5, 6)), (Span(4, 5),), (), 0.25)
    answers = SpanAnswers(((one,), ()), 0.5, 0.25, ("UserWarning: w",))
    about = {"fit_seconds": 0.5, "predict_seconds": 0.25, "warnings": ("UserWarning: w",)}
    assert SpanAnswers.from_table(answers.table(), about) == answers


@pytest.mark.usefixtures("plain_report")
def test_seeds_are_trained_where_they_matter(write: Write, quay: Any) -> None:
    result = run_config(write(), overrides=["seeds=[0, 1]"]).result
    assert [(cell.model, cell.seed) for cell in result.cells] == [
        ("learner", 0),
        ("learner", 1),
        ("first", 0),
    ]
    assert any("learner was trained with 2 seeds: content F1" in note for note in result.notes)


@pytest.mark.usefixtures("plain_report")
def test_a_finder_that_fails_does_not_cost_the_others(write: Write, quay: Any) -> None:
    outcome = run_config(write(CONFIG.replace("kind: learner", "kind: short")))
    assert [one.model for one in outcome.failed] == ["learner"]
    assert "must answer for every paragraph: expected 3, got 2" in outcome.failed[0].message
    assert outcome.answer.startswith("learner, the model asked about, failed; on the test split")
    both = CONFIG.replace("kind: learner", "kind: short").replace("kind: first", "kind: short")
    with pytest.raises(RunError, match="every model failed"):
        run_config(write(both, name="both"))


# Reports


def test_reports_are_compared_by_their_offsets(outcome: Any, write: Write) -> None:
    board = compare([outcome.folder], n_permutations=100)
    assert [one.model for one in board.standings] == ["learner", "first"]
    assert board.standings[0].accuracy is None
    assert board.pairs[0].difference.value == pytest.approx(0.6)
    strict = compare([outcome.folder], metric="content_f1/exact", n_permutations=100)
    assert strict.metric == "content_f1/exact"
    with pytest.raises(CompareError, match="metric = 'macro_f1', must be one of 'content_f1'"):
        compare([outcome.folder], metric="macro_f1")


def test_changed_predictions_are_found_out(outcome: Any) -> None:
    import pyarrow as pa

    path = outcome.folder / "predictions.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("predicted")
    for new, message in (("[]", "give content_f1 0.000000"), ("no", "expected attributions as")):
        column = pa.array([new] * table.num_rows, pa.string())
        pq.write_table(table.set_column(place, "predicted", column), path)
        with pytest.raises(CompareError, match=message):
            compare([outcome.folder], n_permutations=100)


def test_a_report_is_reproduced(outcome: Any) -> None:
    found = reproduce(outcome.folder)
    assert found.is_reproduced, found.moved
    assert found.n_predictions == 18
    assert Learner.seen == [4, 4]
    assert {file.state for file in found.files} == {"identical"}
