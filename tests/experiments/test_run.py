from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from stance.evaluation.bootstrap import bootstrap
from stance.evaluation.metrics import confusion_counts, macro_f1
from stance.experiments.result import Result
from stance.experiments.run import RunError, Step, run_config
from stance.experiments.runs.data import DataError

from .conftest import CONFIG, LABELS, Corpus, Stopped, Words

Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("classifiers", "plain_report")


def model(name: str, kind: str, role: str = "variant") -> str:
    return f"  - {{name: {name}, role: {role}, classifier: {{kind: {kind}}}}}\n"


def with_models(*extra: str) -> str:
    head, tail = CONFIG.split("baseline: majority\n")
    return f"{head}{''.join(extra)}baseline: majority\n{tail}"


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_a_run_leaves_a_report_folder_named_like_the_config(
    corpus: Corpus, write: Write, project: Path
) -> None:
    outcome = run_config(write())
    assert outcome.folder == project / "reports" / "type" / "x"
    assert not outcome.was_up_to_date
    assert not outcome.failed
    names = {path.name for path in outcome.folder.iterdir()}
    assert names == {
        "results.json",
        "predictions.parquet",
        "config.yaml",
        "environment.json",
        "report.html",
    }
    text = (outcome.folder / "results.json").read_text(encoding="utf-8")
    assert Result.from_json(text).to_json() == text
    assert list(json.loads(text))[:6] == [
        "schema_version",
        "name",
        "question",
        "answer",
        "headline",
        "cells",
    ]


def test_numbers_are_those_of_the_predictions(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    table = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    rows = [row for row in table if row["model"] == "words"]
    assert [row["id"] for row in rows] == [row["id"] for row in corpus.splits["test"]]
    counts = confusion_counts(
        [row["label"] for row in rows],
        [row["predicted"] for row in rows],
        labels=LABELS,
        groups=[row["group"] for row in rows],
    )
    expected = bootstrap(counts, lambda sums: {"f": macro_f1(sums)}, n_resamples=200)["f"]
    head = outcome.result.headline
    assert (head.value, head.low, head.high) == (expected.value, expected.low, expected.high)
    assert (head.model, head.split, head.n_groups, head.n_passages) == ("words", "test", 32, 128)
    cell = outcome.result.cells[0]
    assert cell.confusion == tuple(tuple(row[:3]) for row in counts.sum(axis=0).tolist())
    assert cell.labels == LABELS
    assert {"ece", "brier", "log_loss", "f1/quote", "precision/report"} <= set(cell.metrics)
    assert sum(cell.reliability.n) == 128 if cell.reliability else False
    for row in rows:
        assert row["probability"] == row[f"p/{row['predicted']}"]
        assert sum(row[f"p/{label}"] for label in LABELS) == pytest.approx(1, abs=1e-5)


def test_model_without_probabilities_has_no_calibration(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    majority = outcome.result.cells[1]
    assert majority.reliability is None
    assert "ece" not in majority.metrics
    table = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    assert {row["probability"] for row in table if row["model"] == "majority"} == {None}


def test_baseline_is_what_all_others_are_tested_against(corpus: Corpus, write: Write) -> None:
    words, majority, coin = run_config(write()).result.cells
    assert majority.comparison is None
    assert words.comparison is not None
    assert coin.comparison is not None
    assert words.comparison.against == coin.comparison.against == "majority"
    gap = words.metrics["macro_f1"].value - majority.metrics["macro_f1"].value
    assert words.comparison.difference.value == pytest.approx(gap)
    # 200 permutations: the least p-value is 1/201, doubled for two comparisons.
    assert words.comparison.p_value == pytest.approx(2 / 201)


def test_answer_is_one_sentence_with_the_numbers(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    head, cells = outcome.result.headline, outcome.result.cells
    assert outcome.answer.startswith(
        "On the test split of harbour (32 articles, 128 paragraphs), words reaches macro-F1 "
        f"{head.value:.3f} [{head.low:.3f}, {head.high:.3f}]; majority "
        f"{cells[1].metrics['macro_f1'].value:.3f} ["
    )
    assert outcome.answer.endswith("p = 0.010.")
    assert "its difference to majority is +0." in outcome.answer


def test_difference_that_is_none_is_not_claimed(corpus: Corpus, write: Write) -> None:
    text = CONFIG.replace("baseline: majority", "baseline: twin").replace(
        "baseline: twin", model("twin", "words") + "baseline: twin"
    )
    answer = run_config(write(text)).answer
    assert "it cannot be told apart from twin (+0.000 [+0.000, +0.000], p = 1.000)" in answer


def test_two_runs_give_the_same_bytes(corpus: Corpus, write: Write, project: Path) -> None:
    path = write()
    first = run_config(path, out=project / "one").folder
    for cell in (project / ".cache" / "cells").iterdir():
        cell.unlink()
    second = run_config(path, out=project / "two").folder
    for name in ("results.json", "predictions.parquet", "config.yaml"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_answers_from_the_store_give_the_same_bytes(
    corpus: Corpus, write: Write, project: Path
) -> None:
    path = write()
    steps: list[Step] = []
    first = run_config(path, out=project / "one").folder
    second = run_config(path, out=project / "two", progress=steps.append).folder
    assert [(s.what, s.state, s.number, s.total) for s in steps if s.total] == [
        ("words", "kept", 1, 3),
        ("majority", "kept", 2, 3),
        ("coin", "kept", 3, 3),
    ]
    assert (first / "results.json").read_bytes() == (second / "results.json").read_bytes()


def test_second_run_is_up_to_date(corpus: Corpus, write: Write) -> None:
    path = write()
    first = run_config(path)
    Words.fitted = []
    before = {p.name: p.stat().st_mtime_ns for p in first.folder.iterdir()}
    second = run_config(path)
    assert second.was_up_to_date
    assert second.answer == first.answer
    assert second.result.to_json() == first.result.to_json()
    assert not Words.fitted
    assert {p.name: p.stat().st_mtime_ns for p in second.folder.iterdir()} == before


@pytest.mark.parametrize("name", ["results.json", "predictions.parquet", "report.html"])
def test_damaged_or_missing_file_is_written_again(corpus: Corpus, write: Write, name: str) -> None:
    path = write()
    folder = run_config(path).folder
    whole = (folder / name).read_bytes()
    (folder / name).unlink()
    assert not run_config(path).was_up_to_date
    assert (folder / name).read_bytes() == whole


def test_edited_result_is_not_taken_for_a_result(corpus: Corpus, write: Write) -> None:
    path = write()
    file = run_config(path).folder / "results.json"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("0.", "0.9"), encoding="utf-8")
    assert not run_config(path).was_up_to_date
    assert file.read_text(encoding="utf-8") == whole


@pytest.mark.parametrize("change", ["config", "data", "code", "versions"])
def test_what_a_result_depends_on_makes_it_old(
    corpus: Corpus, write: Write, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = write()
    run_config(path)
    if change == "config":
        write(CONFIG.replace("200", "300"))
    elif change == "data":
        corpus.splits["test"][0]["text"] += " today"
    elif change == "code":
        monkeypatch.setattr("stance.experiments.run.code_digest", lambda: "other")
    else:
        monkeypatch.setattr("stance.experiments.run.versions", lambda: {"numpy": "3.0"})
    assert not run_config(path).was_up_to_date
    assert run_config(path).was_up_to_date


def test_damaged_answers_in_the_store_are_made_anew(
    corpus: Corpus, write: Write, project: Path
) -> None:
    path = write()
    whole = run_config(path, out=project / "one").result.to_json()
    for cell in (project / ".cache" / "cells").iterdir():
        cell.write_bytes(cell.read_bytes()[:40])
    steps: list[Step] = []
    assert run_config(path, out=project / "two", progress=steps.append).result.to_json() == whole
    assert not [step for step in steps if step.state == "kept"]


def test_interrupted_run_goes_on_where_it_stopped(
    corpus: Corpus, write: Write, project: Path
) -> None:
    path = write(with_models(model("slow", "stopped")))
    with pytest.raises(KeyboardInterrupt):
        run_config(path)
    assert len(Words.fitted) == 1
    assert not (project / "reports").exists()
    Stopped.is_pressed = False
    outcome = run_config(path)
    assert len(Words.fitted) == 1  # not trained again
    assert [cell.model for cell in outcome.result.cells] == ["words", "majority", "coin", "slow"]
    assert not [p for p in project.rglob("*") if p.name.endswith(".part")]


def test_failed_model_is_told_and_the_others_finish(corpus: Corpus, write: Write) -> None:
    path = write(with_models(model("broken", "broken")))
    outcome = run_config(path)
    (failure,) = outcome.failed
    assert (failure.model, failure.seed) == ("broken", 0)
    assert failure.message.startswith("ValueError: cannot learn from '")
    assert [cell.model for cell in outcome.result.cells] == ["words", "majority", "coin"]
    assert outcome.result.notes[0].startswith("broken (seed 0) failed and is left out: ValueError")
    assert read(outcome.folder, "environment.json")["run"]["failed"] == ["broken"]
    assert not run_config(path).was_up_to_date  # it is tried again


@pytest.mark.parametrize(("licensed", "access"), [(False, "packaged"), (True, "download")])
def test_message_that_quotes_a_text_stays_out_where_text_may_not_be_shown(
    corpus: Corpus, write: Write, licensed: bool, access: str
) -> None:
    corpus.may_show_text, corpus.access = licensed, access
    outcome = run_config(write(with_models(model("broken", "broken"))))
    assert outcome.result.notes[0] == "broken (seed 0) failed and is left out: ValueError"
    for path in outcome.folder.iterdir():
        assert b"harbour 1" not in path.read_bytes(), path.name
    assert {mistake.text for mistake in outcome.result.mistakes} == {None}


def test_headline_model_that_fails_is_no_headline(corpus: Corpus, write: Write) -> None:
    text = CONFIG.replace("{kind: words}", "{kind: broken}")
    outcome = run_config(write(text))
    assert outcome.result.headline.model == "majority"
    assert outcome.answer.startswith("words, the model asked about, failed; on the test split")


def test_when_all_fail_there_is_no_report(corpus: Corpus, write: Write, project: Path) -> None:
    text = CONFIG.replace("words}", "broken}").replace("most}", "short}")
    text = text.replace("kind: coin", "kind: broken")
    with pytest.raises(RunError, match=r"x\.yaml: every model failed \(words: ValueError: cannot"):
        run_config(write(text))
    assert not (project / "reports").exists()


def test_too_few_answers_are_a_failure(corpus: Corpus, write: Write) -> None:
    (failure,) = run_config(write(with_models(model("short", "short")))).failed
    assert failure.message == (
        "ValueError: predict must answer for every passage: expected 128, got 127"
    )


def test_missing_and_foreign_answers_count_as_wrong(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(with_models(model("odd", "odd"))))
    words, odd = outcome.result.cells[0], outcome.result.cells[3]
    assert sum(map(sum, odd.confusion)) == 126
    assert odd.metrics["accuracy"].value <= words.metrics["accuracy"].value
    assert "odd gave 2 of 128 test paragraphs no label of the corpus" in " ".join(
        outcome.result.notes
    )
    assert odd.reliability is None


def test_voice_is_hidden_unless_the_config_shows_it(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    assert {passage.voice for passage in Words.fitted[-1]} == {None}
    assert "Hidden from all models: voice." in outcome.result.notes
    run_config(write(), overrides=["corpus.hide=[]"])
    assert {passage.voice for passage in Words.fitted[-1]} == {"a pilot", "author"}


def test_validation_is_counted_but_neither_learned_from_nor_tested_on(
    corpus: Corpus, write: Write
) -> None:
    split = "split: {kind: official, validation: validation}\n"
    outcome = run_config(write(CONFIG + split))
    assert [count.split for count in outcome.result.data] == ["train", "validation", "test"]
    seen = {passage.group.split("/")[0] for passage in Words.fitted[-1]}
    assert seen == {"train"}
    assert {cell.split for cell in outcome.result.cells} == {"test"}


def test_training_on_two_splits(corpus: Corpus, write: Write) -> None:
    run_config(write(), overrides=["split={kind: official, train: [train, validation]}"])
    assert {p.group.split("/")[0] for p in Words.fitted[-1]} == {"train", "validation"}


def test_cross_validation_tests_every_article_by_models_that_did_not_see_it(
    corpus: Corpus, write: Write
) -> None:
    split = "split: {kind: group_kfold, n_splits: 4, pool: [train]}\n"
    outcome = run_config(write(CONFIG + split))
    rows = [
        row
        for row in pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
        if row["model"] == "words"
    ]
    assert [row["id"] for row in rows] == [row["id"] for row in corpus.splits["train"]]
    assert len(Words.fitted) == 4
    for fold, seen in enumerate(Words.fitted):
        tested = {row["group"] for row in rows if row["fold"] == fold}
        assert not tested & {passage.group for passage in seen}
        assert len(tested) + len({passage.group for passage in seen}) == 30
    assert outcome.answer.startswith("On cross-validation of harbour (30 articles, 120 paragraphs)")


def test_more_folds_than_articles_are_refused(corpus: Corpus, write: Write) -> None:
    split = "split: {kind: group_kfold, n_splits: 40, pool: [train]}\n"
    with pytest.raises(DataError, match=r"has 30 articles, fewer than split\.n_splits = 40"):
        run_config(write(CONFIG + split))


def test_texts_that_stand_in_training_are_counted_and_scored_without(
    corpus: Corpus, write: Write
) -> None:
    for i in range(10):
        corpus.splits["test"][i]["text"] = corpus.splits["train"][i]["text"] + "."
    outcome = run_config(write())
    fresh = outcome.result.cells[0].metrics["macro_f1/without_duplicates"]
    table = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    rows = [row for row in table if row["model"] == "words"]
    assert [row["is_duplicate"] for row in rows] == [True] * 10 + [False] * 118
    kept = [row for row in rows if not row["is_duplicate"]]
    counts = confusion_counts(
        [row["label"] for row in kept], [row["predicted"] for row in kept], labels=LABELS
    )
    assert fresh.value == pytest.approx(float(macro_f1(counts[0])))
    note = "10 of 128 test paragraphs stand, equal or nearly equal, among those learned from; "
    assert f"{note}without them words has macro-F1 {fresh.value:.3f}" in " ".join(
        outcome.result.notes
    )


def test_articles_on_both_sides_are_told(corpus: Corpus, write: Write) -> None:
    corpus.splits["test"][0]["group"] = "train/0"
    assert "1 articles stand in both training and test" in " ".join(
        run_config(write()).result.notes
    )


def test_passages_without_a_label_are_left_out_and_counted(corpus: Corpus, write: Write) -> None:
    corpus.splits["test"][0]["label"] = None
    outcome = run_config(write())
    assert outcome.result.headline.n_passages == 127
    assert "1 passages have no label and were left out." in outcome.result.notes


def test_split_without_labels_is_refused(corpus: Corpus, write: Write) -> None:
    for row in corpus.splits["test"]:
        row["label"] = None
    with pytest.raises(DataError, match="'harbour', split 'test': expected labelled passages"):
        run_config(write())


def test_seeds_train_what_draws_and_only_that(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(CONFIG + "seeds: [3, 4, 5]\n"))
    cells = [(cell.model, cell.seed) for cell in outcome.result.cells]
    assert cells == [("words", 3), ("majority", 3), ("coin", 3), ("coin", 4), ("coin", 5)]
    values = [c.metrics["macro_f1"].value for c in outcome.result.cells if c.model == "coin"]
    assert len(set(values)) == 3
    assert f"coin was trained with 3 seeds: macro-F1 {min(values):.3f} to" in " ".join(
        outcome.result.notes
    )
    assert all(c.comparison for c in outcome.result.cells if c.model == "coin")


def test_mistakes_are_the_surest_wrong_answers(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    mistakes = outcome.result.mistakes
    table = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    wrong = [r for r in table if r["model"] == "words" and r["label"] != r["predicted"]]
    expected = sorted(wrong, key=lambda row: (-row["probability"], row["id"]))[:10]
    assert [mistake.id for mistake in mistakes] == [row["id"] for row in expected]
    texts = {row["id"]: row["text"] for row in corpus.splits["test"]}
    assert all(mistake.text == texts[mistake.id] for mistake in mistakes)


def test_few_articles_are_told(corpus: Corpus, write: Write) -> None:
    corpus.splits["test"] = corpus.splits["test"][:40]
    notes = " ".join(run_config(write()).result.notes)
    assert "Intervals rest on 10 articles only" in notes


def test_resolved_config_runs_to_the_same_result(
    corpus: Corpus, write: Write, project: Path
) -> None:
    first = run_config(write(), overrides=["models.words.classifier.smoothing=2"])
    resolved = first.folder / "config.yaml"
    values = yaml.safe_load(resolved.read_text(encoding="utf-8"))
    assert values["models"][0]["classifier"] == {"kind": "words", "smoothing": 2}
    assert values["split"] == {"kind": "official", "train": ["train"], "test": "test"}
    second = run_config(resolved, out=project / "again")
    assert second.result.to_json() == first.result.to_json()
    assert run_config(resolved).was_up_to_date


def test_environment_tells_versions_machine_and_seconds(corpus: Corpus, write: Write) -> None:
    environment = read(run_config(write()).folder, "environment.json")
    assert environment["versions"]["numpy"] == np.__version__
    assert environment["cores"] >= 1
    assert set(environment["seconds"]) == {"corpus", "models", "scores", "report", "total"}
    assert set(environment["seconds"]["models"]) == {"words", "majority", "coin"}


def test_config_outside_of_a_project_has_its_report_beside_it(
    corpus: Corpus, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    outcome = run_config(path)
    assert outcome.folder == tmp_path / "reports" / "mine"
    assert outcome.result.name == "mine"


def test_progress_tells_every_model(corpus: Corpus, write: Write) -> None:
    steps: list[Step] = []
    run_config(write(with_models(model("broken", "broken"))), progress=steps.append)
    told = [(step.what, step.state) for step in steps]
    assert told[:4] == [
        ("corpus", "started"),
        ("corpus", "done"),
        ("words", "started"),
        ("words", "done"),
    ]
    assert ("broken", "failed") in told
    assert told[-1] == ("report", "done")
    assert [step.number for step in steps if step.what == "broken"] == [4, 4]


def test_report_that_came_with_a_clone_is_made_again(corpus: Corpus, write: Write) -> None:
    path = write(CONFIG)
    made = run_config(path)
    assert run_config(path).was_up_to_date
    root = next(folder for folder in made.folder.parents if (folder / ".cache").is_dir())
    shutil.rmtree(root / ".cache")  # git carries the report, not the cache
    assert not run_config(path).was_up_to_date
    assert run_config(path).was_up_to_date
