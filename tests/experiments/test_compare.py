from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stance.evaluation.metrics import confusion_counts, macro_f1
from stance.evaluation.significance import paired_difference, permutation_test
from stance.experiments.reports.compare import CompareError, Leaderboard, compare
from stance.experiments.reports.report import ReportError
from stance.experiments.run import run_config

from .conftest import CONFIG, LABELS, Corpus

Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("classifiers", "plain_report", "corpus")

TWO = (
    CONFIG.replace("  - name: words\n    classifier: {kind: words}\n", "")
    .replace(
        "  - name: majority\n    role: baseline\n    classifier: {kind: most}\n",
        "  - name: coin\n    classifier: {kind: coin}\n",
    )
    .replace(
        "  - name: coin\n    role: control\n    classifier: {kind: coin}\n",
        "  - name: majority\n    role: baseline\n    classifier: {kind: most}\n",
    )
)


@pytest.fixture
def one(write: Write, project: Path) -> Path:
    return run_config(write(), out=project / "one").folder


def other(write: Write, project: Path, *, name: str = "two", text: str = TWO) -> Path:
    folder = run_config(write(text), out=project / name).folder
    edit(folder, lambda values: values | {"name": f"type/{name}"})
    return folder


def edit(folder: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    path = folder / "results.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))), encoding="utf-8")


def rewrite(folder: Path, column: str, values: Callable[[list[Any]], list[Any]]) -> None:
    path = folder / "predictions.parquet"
    table = pq.read_table(path)
    place = table.column_names.index(column)
    changed = pa.array(values(table[column].to_pylist()), table.schema.field(column).type)
    pq.write_table(table.set_column(place, column, changed), path)


def places(board: Leaderboard) -> list[str]:
    return [standing.model for standing in board.standings]


def test_models_of_two_reports_stand_in_order_with_their_reports(
    one: Path, write: Write, project: Path
) -> None:
    board = compare([one, other(write, project)], n_permutations=200)
    values = [standing.estimate.value for standing in board.standings]
    assert values == sorted(values, reverse=True)
    assert board.standings[0].model == "words"
    assert board.standings[0].reports == ("type/x",)
    assert (board.metric, board.corpus, board.task, board.split) == (
        "macro_f1",
        "harbour",
        "type",
        "test",
    )
    assert (board.n_groups, board.n_passages, board.labels) == (32, 128, LABELS)


def test_same_model_with_the_same_answers_stands_once(
    one: Path, write: Write, project: Path
) -> None:
    board = compare([one, other(write, project)], n_permutations=200)
    assert sorted(places(board)) == ["coin", "majority", "words"]
    shared = next(s for s in board.standings if s.model == "majority")
    assert shared.reports == ("type/x", "type/two")


def test_pairs_are_tested_on_the_predictions_and_corrected_for_all(one: Path) -> None:
    board = compare([one], n_permutations=500)
    rows = pq.read_table(one / "predictions.parquet").to_pylist()
    counts = {
        model: confusion_counts(
            [row["label"] for row in rows if row["model"] == model],
            [row["predicted"] for row in rows if row["model"] == model],
            labels=LABELS,
            groups=[row["group"] for row in rows if row["model"] == model],
        )
        for model in places(board)
    }
    assert [(pair.first, pair.second) for pair in board.pairs] == [(0, 1), (0, 2), (1, 2)]
    for pair in board.pairs:
        first, second = (counts[places(board)[i]] for i in (pair.first, pair.second))
        expected = permutation_test(first, second, n_permutations=500).p_value
        assert pair.p_value == expected
        gap = macro_f1(first.sum(axis=0)) - macro_f1(second.sum(axis=0))
        assert pair.difference.value == pytest.approx(float(gap))
        paired = paired_difference(first, second, n_resamples=500)
        assert pair.difference.low == pytest.approx(paired.low, abs=0.02)
        assert pair.difference.high == pytest.approx(paired.high, abs=0.02)
    # The least of three p-values is multiplied by three.
    least = min(board.pairs, key=lambda pair: pair.p_value)
    assert least.corrected == pytest.approx(3 * least.p_value)


def test_rows_in_another_order_are_joined_by_id(one: Path, write: Write, project: Path) -> None:
    second = other(write, project)
    expected = compare([one, second], n_permutations=200)
    table = pq.read_table(second / "predictions.parquet")
    order = pc.sort_indices(table, sort_keys=[("id", "descending")])
    pq.write_table(table.take(order), second / "predictions.parquet")
    assert compare([one, second], n_permutations=200) == expected


def test_ties_and_ranks_tell_the_good_from_the_rest(one: Path) -> None:
    board = compare([one], n_permutations=1000)
    best, *rest = board.standings
    assert (best.model, best.rank, best.group) == ("words", 1, "a")
    assert all("a" not in standing.group and standing.rank > 1 for standing in rest)


def test_model_with_the_answers_of_another_name_is_tied(write: Write, project: Path) -> None:
    text = CONFIG.replace(
        "baseline: majority",
        "  - {name: twin, role: variant, classifier: {kind: words}}\nbaseline: majority",
    )
    board = compare([run_config(write(text), out=project / "r").folder], n_permutations=200)
    assert places(board)[:2] == ["twin", "words"]
    assert [s.group for s in board.standings[:2]] == ["a", "a"]
    assert board.pairs[0].p_value == 1.0


def test_against_the_best_there_are_fewer_tests(one: Path) -> None:
    board = compare([one], against="best", n_permutations=200)
    assert [(pair.first, pair.second) for pair in board.pairs] == [(0, 1), (0, 2)]
    assert [standing.group for standing in board.standings] == ["a", "", ""]
    assert [standing.rank for standing in board.standings] == [1, 2, 2]


def test_json_tells_metric_correction_and_pairs(one: Path) -> None:
    values = json.loads(json.dumps(compare([one], n_permutations=200).to_dict()))
    assert (values["schema_version"], values["correction"], values["level"]) == (1, "holm", 0.05)
    assert len(values["standings"]) == 3
    assert {pair["is_different"] for pair in values["pairs"]} <= {True, False}


def test_other_corpus_task_split_and_metric_are_refused_at_once(
    one: Path, write: Write, project: Path
) -> None:
    second = other(write, project)

    def changed(values: dict[str, Any]) -> dict[str, Any]:
        values["headline"] |= {"split": "validation", "metric": "accuracy"}
        return values

    edit(second, changed)
    config = (second / "config.yaml").read_text().replace("task: type", "task: stance")
    (second / "config.yaml").write_text(config)
    with pytest.raises(CompareError) as caught:
        compare([one, second])
    lines = str(caught.value).splitlines()
    assert [
        line.removeprefix("type/two cannot be compared with type/x: ") for line in lines[:3]
    ] == [
        "its task is 'stance', not 'type'",
        "its split is 'validation', not 'test'",
        "its metric is 'accuracy', not 'macro_f1': ask for one of them by name",
    ]


def test_metric_that_is_asked_for_makes_reports_comparable(
    one: Path, write: Write, project: Path
) -> None:
    second = other(write, project, text=TWO + "metric: accuracy\n")
    with pytest.raises(CompareError, match="its metric is 'accuracy', not 'macro_f1'"):
        compare([one, second])
    board = compare([one, second], metric="accuracy", n_permutations=200)
    assert [s.estimate.value for s in board.standings] == pytest.approx(
        [s.accuracy for s in board.standings], abs=1e-6
    )


def test_unknown_metric_is_told_with_the_nearest(one: Path) -> None:
    with pytest.raises(CompareError, match=r"'macro_f', must be one of .* mean 'macro_f1'\?"):
        compare([one], metric="macro_f")


def test_other_passages_are_refused(one: Path, corpus: Corpus, write: Write, project: Path) -> None:
    corpus.splits["test"] = corpus.splits["test"][4:]
    second = other(write, project)
    with pytest.raises(CompareError, match=r"4 test passages are missing .* \(one is 'test/0#0'\)"):
        compare([one, second])
    with pytest.raises(CompareError, match="4 test passages are in it alone"):
        compare([second, one])


def test_other_labels_are_refused(one: Path, corpus: Corpus, write: Write, project: Path) -> None:
    corpus.splits["test"][0]["label"] = "quote"
    corpus.splits["test"][1]["label"] = "quote"
    second = other(write, project)
    with pytest.raises(CompareError, match=r"test passages have another label \('test/0#\d': 'quo"):
        compare([one, second])


def test_other_articles_are_refused(one: Path, corpus: Corpus, write: Write, project: Path) -> None:
    corpus.splits["test"][0]["group"] = "elsewhere"
    with pytest.raises(CompareError, match="1 test passages have another article"):
        compare([one, other(write, project)])


def test_changed_prediction_is_noticed(one: Path) -> None:
    rewrite(one, "predicted", lambda old: ["report"] * 64 + old[64:])
    with pytest.raises(CompareError, match=r"predictions of words give macro_f1 0.* was changed"):
        compare([one])


def test_missing_answers_are_noticed(one: Path) -> None:
    table = pq.read_table(one / "predictions.parquet")
    pq.write_table(table.slice(0, table.num_rows - 1), one / "predictions.parquet")
    with pytest.raises(CompareError, match="coin answered 127 passages of the 128"):
        compare([one])


def test_difference_in_training_is_told(one: Path, write: Write, project: Path) -> None:
    text = TWO + "split: {kind: official, train: [train, validation]}\n"
    board = compare([one, other(write, project, text=text)], n_permutations=200)
    assert board.notes == (
        "Not the same before the test: split.train is ['train', 'validation'] in type/two, "
        "['train'] in type/x.",
    )


def test_cell_of_another_test_set_is_left_out_and_told(one: Path) -> None:
    def changed(values: dict[str, Any]) -> dict[str, Any]:
        values["cells"][2]["split"] = "elsewhere"
        return values

    edit(one, changed)
    board = compare([one], n_permutations=200)
    assert places(board) == ["words", "majority"]
    assert "coin (seed 0) of type/x is left out: tested on another set" in board.notes[0]


@pytest.mark.parametrize("name", ["results.json", "predictions.parquet", "config.yaml"])
def test_folder_that_is_no_report_is_told(one: Path, name: str) -> None:
    (one / name).unlink()
    with pytest.raises(ReportError, match=f"{name} missing: `stance run` writes one"):
        compare([one])


def test_damaged_files_are_told(one: Path) -> None:
    whole = (one / "predictions.parquet").read_bytes()
    (one / "predictions.parquet").write_bytes(whole[:50])
    with pytest.raises(ReportError, match="cannot be read as Parquet"):
        compare([one])
    (one / "results.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match=r"results\.json: no result of a run"):
        compare([one])


def test_one_model_alone_is_no_leaderboard(write: Write, project: Path) -> None:
    text = CONFIG.split("  - name: majority")[0] + "baseline: words\n"
    with pytest.raises(CompareError, match=r"expected two models at least, got \['words'\]"):
        compare([run_config(write(text), out=project / "r").folder])


def test_no_folder_at_all_is_told() -> None:
    with pytest.raises(CompareError, match="expected a report's folder at least"):
        compare([])
