"""A whole model: types, flags and stances from one reading of each text."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.analysis import label_article
from stance.article import Span
from stance.classifiers.stance_explanation import explain
from stance.encoders.accurate import AccurateModel
from stance.encoders.heads import mean_state
from stance.passage import Passage, chained

from .tiny import write_tiny

TEXTS = [
    "The port shut on Monday.",
    "“Lund said the port is lost,” the council said.",
    "Nobody knows why it was lost.",
    "The council praised Lund and the port.",
]
PASSAGES = list(chained(TEXTS, group="a"))
PAGE = "A storm\n\n" + "\n\n".join(TEXTS)


def about(target: str) -> list[Passage]:
    return [replace(passage, target=target) for passage in PASSAGES]


def test_probabilities_are_rows_that_sum_to_one(tiny: AccurateModel) -> None:
    for name in tiny.tasks:
        task = tiny.task(name)
        proba = task.predict_proba(about("port"))
        assert proba.shape == (4, len(task.classes)) and proba.dtype == np.float64
        assert proba.sum(axis=1) == pytest.approx(np.ones(4))
        assert task.predict_proba([]).shape == (0, len(task.classes))


def test_one_reading_serves_types_flags_and_stances(tiny: AccurateModel) -> None:
    tiny.types.predict_proba(PASSAGES)
    assert tiny.n_read == 4
    assert tiny.quoted is not None
    tiny.quoted.predict_proba(PASSAGES)
    for target in ("port", "council", "Lund"):
        mentioned = [p for p in about(target) if target.casefold() in p.text.casefold()]
        tiny.sides.predict_proba(mentioned)
    assert tiny.n_read == 4
    # A target that a text does not mention is read with it.
    tiny.sides.predict_proba(about("tariff"))
    assert tiny.n_read == 8
    tiny.sides.predict_proba(about("tariff"))
    assert tiny.n_read == 8


def test_equal_texts_are_read_once(tiny: AccurateModel) -> None:
    proba = tiny.task("subjectivity").predict_proba([Passage("The port.")] * 5)
    assert tiny.n_read == 1 and (proba == proba[0]).all()


@pytest.mark.parametrize("cache_bytes", [0, 2000])
def test_a_small_cache_costs_readings_and_changes_nothing(
    cache_bytes: int, tiny: AccurateModel, tiny_folder: Path
) -> None:
    small = AccurateModel.load(tiny_folder, cache_bytes=cache_bytes)
    for _ in range(2):
        assert (small.types.predict_proba(PASSAGES) == tiny.types.predict_proba(PASSAGES)).all()
    assert small.n_read > tiny.n_read == 4


@pytest.mark.parametrize("quantised", [False, True])
def test_an_article_does_not_depend_on_its_company(quantised: bool, tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "model", quantised=quantised)
    others = [replace(p, group="b", text=p.text * 3) for p in PASSAGES]
    alone, together = (AccurateModel.load(folder, threads=n) for n in (1, 2))
    one = alone.types.predict_proba(PASSAGES)
    two = together.types.predict_proba([*others, *PASSAGES])[4:]
    assert (one == two).all() if quantised else one == pytest.approx(two, abs=1e-6)


def test_neighbours_inform_types_and_nothing_else(tiny: AccurateModel) -> None:
    alone = [replace(p, group="") for p in PASSAGES]
    assert not np.allclose(tiny.types.predict_proba(alone), tiny.types.predict_proba(PASSAGES))
    for task in (tiny.task("subjectivity"), tiny.sides):
        assert (task.predict_proba(alone) == task.predict_proba(PASSAGES)).all()


def test_controls_change_the_answer(tiny: AccurateModel) -> None:
    whole = tiny.sides.predict_proba(about("port"))
    removed = tiny.sides.predict_proba([replace(p, target=None) for p in PASSAGES])
    shuffled = tiny.sides.predict_proba(about("tariff"))
    silent = tiny.sides.predict_proba([replace(p, text="(removed)") for p in about("port")])
    for control in (removed, shuffled, silent):
        assert not np.allclose(control, whole)
    assert (silent == silent[0]).all()


def test_words_are_hidden_from_the_head_without_reading_anew(tiny: AccurateModel) -> None:
    passage = replace(PASSAGES[3], target="port")
    spans = [Span(0, 3), Span(4, 11), Span(33, 37)]  # The, council, port
    proba = tiny.sides.predict_without(passage, spans)
    assert tiny.n_read == 1 and proba.shape == (5, 3)
    assert proba[0] == pytest.approx(tiny.sides.predict_proba([passage])[0])
    assert not np.allclose(proba[3], proba[0])
    assert proba[4] == pytest.approx(proba[0])  # the target itself stays


def test_reasons_of_a_stance_add_up(tiny: AccurateModel) -> None:
    found = explain(tiny.sides, replace(PASSAGES[3], target="port"))
    odds = np.log(tiny.sides.predict_proba([replace(PASSAGES[3], target="port")])[0])
    at = tiny.sides.classes.index(found.label)
    other = tiny.sides.classes.index(found.instead_of)
    total = found.bias + sum(reason.weight for reason in found.reasons)
    assert total == pytest.approx(odds[at] - odds[other], abs=1e-4)
    assert {"council", "praised"} <= {reason.name for reason in found.reasons}
    assert tiny.n_read == 1


def test_an_article_is_labelled_in_one_reading_of_each_paragraph(
    tiny: AccurateModel, tiny_folder: Path
) -> None:
    found = label_article(PAGE, model=tiny, targets=["the council", "Lund", "port"])
    assert tiny.n_read == len(found.paragraphs) == 4
    assert all(0 <= (part.quoted or 0) <= 1 for part in found.paragraphs)
    assert found.parts[0].quoted is None
    assert {side.target for side in found.parts[2].stances} == {"the council", "Lund", "port"}
    assert any(side.words for part in found.paragraphs for side in part.stances)
    assert label_article(PAGE, model=tiny_folder, targets=["the council", "Lund", "port"]) == found
    assert label_article(PAGE, model=str(tiny_folder)).parts[1].stances == ()
    assert {part.quoted for part in label_article(PAGE).parts} == {None}


def test_quoted_is_none_where_no_head_tells(tmp_path: Path) -> None:
    tasks = {"type": {"kind": "type", "classes": ["quote", "report"]}}
    model = AccurateModel.load(write_tiny(tmp_path / "model", tasks=tasks))
    assert model.quoted is None
    assert {part.quoted for part in label_article(PAGE, model=model).parts} == {None}
    with pytest.raises(ValueError, match=r"unknown task 'stance', expected of \['type'\]"):
        _ = model.sides


def test_unknown_task_is_told_with_the_closest(tiny: AccurateModel) -> None:
    with pytest.raises(ValueError, match=r"unknown task 'stanse', .*; did you mean 'stance'\?"):
        tiny.task("stanse")


def test_survives_pickling(tiny: AccurateModel) -> None:
    copy = pickle.loads(pickle.dumps(tiny))
    assert (copy.types.predict_proba(PASSAGES) == tiny.types.predict_proba(PASSAGES)).all()


def test_types_are_read_from_the_mean_of_the_texts_tokens(tiny: AccurateModel) -> None:
    ((_, encoded, states),) = tiny.read([Passage("the port")], with_targets=False)
    assert mean_state(states, encoded.text) == pytest.approx(states[1:3].mean(axis=0), abs=1e-6)
