"""EncoderClassifier, over tiny encoders. Needs the extra ``train``."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_val_score

pytest.importorskip("torch", reason="fine-tunes encoders: pip install 'stance-lab[train]'")
pytest.importorskip("transformers", reason="fine-tunes encoders: pip install 'stance-lab[train]'")

from stance.classifiers.encoder import EncoderClassifier
from stance.encoders.accurate import AccurateModel
from stance.encoders.pretrained import EncoderError
from stance.passage import Passage

from ..encoders.test_training import sides, types
from ..encoders.tiny_encoders import write_encoder


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_encoder(tmp_path_factory.mktemp("encoders") / "bert"))


def made(bert: str, **changes: Any) -> EncoderClassifier:
    settings: dict[str, Any] = {
        "encoder": bert,
        "epochs": 6,
        "learning_rate": 2e-3,
        "head_rate": 5e-3,
        "max_tokens": 20,
        "precision": "float32",
        "threads": 1,
        "random_state": 0,
    }
    return EncoderClassifier(**(settings | changes))


@pytest.fixture(scope="module")
def fitted(bert: str) -> EncoderClassifier:
    given = sides(90, seed=0)
    return made(bert).fit(list(given.passages), list(given.labels))


def test_learns_sides(fitted: EncoderClassifier) -> None:
    given = sides(40, seed=1)
    assert fitted.classes_.tolist() == ["against", "favor"]
    assert fitted.score(list(given.passages), list(given.labels)) == 1.0
    proba = fitted.predict_proba(list(given.passages))
    assert proba.sum(axis=1) == pytest.approx(np.ones(40))
    best = fitted.classes_[proba.argmax(axis=1)]
    assert (best == fitted.predict(list(given.passages))).all()


def test_learns_what_stands_before(bert: str) -> None:
    given, other = types(30, seed=0), types(10, seed=1)
    with_context, without = (
        made(bert, task="type", context=value)
        .fit(list(given.passages), list(given.labels))
        .score(list(other.passages), list(other.labels))
        for value in (True, False)
    )
    assert with_context == 1.0 and without < 0.9


def test_order_and_company_do_not_matter(fitted: EncoderClassifier) -> None:
    passages = list(sides(20, seed=2).passages)
    proba = fitted.predict_proba(passages)
    assert fitted.predict_proba(passages[::-1]) == pytest.approx(proba[::-1], abs=1e-6)
    assert fitted.predict_proba(passages[:3]) == pytest.approx(proba[:3], abs=1e-6)


def test_the_contract_of_scikit_learn(fitted: EncoderClassifier, bert: str) -> None:
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params() and not hasattr(copy, "classes_")
    passages = list(sides(20, seed=2).passages)
    again = pickle.loads(pickle.dumps(fitted))
    assert (again.predict_proba(passages) == fitted.predict_proba(passages)).all()
    assert fitted.predict([]).shape == (0,) and fitted.predict_proba([]).shape == (0, 2)
    assert set(fitted.predict(["", "港", "\ud800"])) <= {"against", "favor"}
    with pytest.raises(NotFittedError, match="not fitted"):
        made(bert).predict(["The pier is shut."])
    given = types(12, seed=0)
    groups = [passage.group for passage in given.passages]
    scores = cross_val_score(
        made(bert, task="type", epochs=1),
        list(given.passages),
        list(given.labels),
        cv=GroupKFold(2),
        groups=groups,
    )
    assert scores.shape == (2,)


def test_fitting_twice_gives_the_same_and_whole_numbers_are_labels_too(bert: str) -> None:
    given = sides(30, seed=0)
    passages, numbers = list(given.passages), [len(label or "") for label in given.labels]
    one, two = (made(bert, epochs=1).fit(passages, numbers) for _ in range(2))
    assert one.classes_.tolist() == [5, 7] and one.predict(passages).dtype.kind == "i"
    assert (one.predict_proba(passages) == two.predict_proba(passages)).all()


def test_the_voice_is_read_where_it_is_asked_for(bert: str) -> None:
    passages = [
        Passage("it rain fell", target="harbour", voice=voice)
        for voice in ["minister", "mayor"] * 30
    ]
    labels = ["favor", "against"] * 30
    hears, is_deaf = (
        made(bert, voice=value).fit(passages, labels).score(passages, labels)
        for value in (True, False)
    )
    assert (hears, is_deaf) == (1.0, 0.5)


def test_what_is_saved_runs_without_torch(fitted: EncoderClassifier, tmp_path: Path) -> None:
    fitted.save(tmp_path / "mine", about={"trained_on": ["mine"]})
    model = AccurateModel.load(tmp_path / "mine", threads=1)
    passages = list(sides(20, seed=2).passages)
    assert np.abs(model.sides.predict_proba(passages) - fitted.predict_proba(passages)).max() < 0.1
    assert model.settings.about == {"trained_on": ["mine"]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "sides"}, "task = 'sides', must be 'stance' or 'type'"),
        ({"epochs": 0}, "epochs = 0, must be >= 1"),
        ({"encoder": "./nowhere"}, r"encoder './nowhere': expected a folder"),
    ],
)
def test_mistakes(bert: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made(bert, **changes).fit(["the port closed", "the port opened"], ["a", "b"])


def test_missing_labels_are_told(bert: str) -> None:
    with pytest.raises(ValueError, match="expected two classes or more"):
        made(bert).fit(["the port closed"] * 2, ["a", "a"])
    with pytest.raises(ValueError, match="one label for each of 1 passages"):
        made(bert).fit(["the port closed"], ["a", "b"])
    assert issubclass(EncoderError, ValueError)
