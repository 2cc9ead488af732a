"""AccurateClassifier: an encoder's answers; its fit checks labels and learns nothing."""

from __future__ import annotations

import pickle
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from stance.classifiers.accurate import AccurateClassifier
from stance.encoders.accurate import SHIPPED, loaded
from stance.labels import ParagraphType
from stance.passage import Passage

from ..encoders.tiny import write_tiny


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture(scope="module")
def fitted(folder: Path, data: Any) -> AccurateClassifier:
    return AccurateClassifier(task="type", model=folder).fit(data.passages, data.labels)


def test_answers_are_the_encoders(fitted: AccurateClassifier, folder: Path, data: Any) -> None:
    task = loaded(folder).task("type")
    proba = fitted.predict_proba(data.passages)
    assert fitted.classes_.tolist() == list(task.classes)
    assert proba == pytest.approx(task.predict_proba(data.passages))
    assert (fitted.predict(data.passages) == fitted.classes_[proba.argmax(axis=1)]).all()


def test_classes_that_are_not_asked_for_share_out_their_probability(
    fitted: AccurateClassifier, data: Any
) -> None:
    labels = ["quote" if label == "quote" else "report" for label in data.labels]
    two = clone(fitted).fit(data.passages, labels)
    assert two.classes_.tolist() == ["quote", "report"]
    whole = fitted.predict_proba(data.passages)[:, 2:]
    assert two.predict_proba(data.passages) == pytest.approx(
        whole / whole.sum(axis=1, keepdims=True)
    )


def test_fit_learns_nothing(fitted: AccurateClassifier, data: Any) -> None:
    other = clone(fitted).fit(data.passages[::-1], data.labels)
    assert (other.predict(data.passages) == fitted.predict(data.passages)).all()
    assert sorted(key for key in vars(other) if key.endswith("_")) == ["classes_"]


def test_labels_that_the_task_does_not_have(folder: Path, data: Any) -> None:
    message = r"task 'type': expected labels of \['analysis', .*\], got \['speech'\]"
    labels = ["speech", *data.labels[1:]]
    with pytest.raises(ValueError, match=message):
        AccurateClassifier(task="type", model=folder).fit(data.passages, labels)
    with pytest.raises(ValueError, match=r"expected labels of .*, got \[1\]"):
        AccurateClassifier(task="type", model=folder).fit(["a"], [1])
    with pytest.raises(ValueError, match="one label for each of 2 passages"):
        AccurateClassifier(task="type", model=folder).fit(["a", "b"], ["quote"])


def test_unknown_task_and_model(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="task = 'tone', expected of"):
        AccurateClassifier(task="tone", model=folder).fit(["a"], ["quote"])
    with pytest.raises(ValueError, match=r"model\.json: expected a file, there is none"):
        AccurateClassifier(model=tmp_path).fit(["a"], ["quote"])
    if not SHIPPED.is_dir():
        with pytest.raises(ValueError, match="does not ship with this version"):
            AccurateClassifier().fit(["a"], ["favor"])


def test_not_fitted(folder: Path) -> None:
    for method in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError):
            getattr(AccurateClassifier(model=folder), method)(["a"])


def test_every_kind_of_input_gives_the_same(fitted: AccurateClassifier, data: Any) -> None:
    expected = fitted.predict(data.passages)
    rows = [asdict(passage) | {"mentions": []} for passage in data.passages]
    for table in (rows, pd.DataFrame(rows), {key: [row[key] for row in rows] for key in rows[0]}):
        assert (fitted.predict(table) == expected).all()
    alone = fitted.predict([Passage(text) for text in data.texts])
    assert (fitted.predict(data.texts) == alone).all()


def test_order_of_passages_does_not_matter(fitted: AccurateClassifier, data: Any) -> None:
    order = np.random.default_rng(5).permutation(len(data.passages))
    shuffled = fitted.predict_proba([data.passages[i] for i in order])
    assert shuffled == pytest.approx(fitted.predict_proba(data.passages)[order], abs=1e-6)


def test_scikit_learns_machines(fitted: AccurateClassifier, data: Any) -> None:
    expected = fitted.predict(data.passages)
    pipeline = make_pipeline(FunctionTransformer(), clone(fitted))
    assert (pipeline.fit(data.passages, data.labels).predict(data.passages) == expected).all()
    cut: dict[str, Any] = {"cv": GroupKFold(2), "groups": data.groups}
    found = cross_val_predict(clone(fitted), data.passages, data.labels, **cut)
    assert (found == expected).all()
    copy = pickle.loads(pickle.dumps(fitted))
    assert (copy.predict(data.passages) == expected).all()
    assert repr(fitted).startswith("AccurateClassifier(")
    members = [ParagraphType(label) for label in data.labels]
    assert clone(fitted).fit(data.passages, members).classes_.tolist() == list(fitted.classes_)


def test_controls_of_stance_change_the_answer(folder: Path) -> None:
    rows = [Passage("The council praised Lund.", target=name) for name in ("Lund", "council")]
    model = AccurateClassifier(model=folder).fit(rows * 2, ["favor", "against", "neutral", "favor"])
    whole = model.predict_proba(rows)
    for control in (
        [replace(row, target=None) for row in rows],
        [replace(row, text="(removed)") for row in rows],
        rows[::-1],
    ):
        assert not np.allclose(model.predict_proba(control), whole)


def test_says_what_it_stands_on() -> None:
    assert AccurateClassifier.lacking() == ""
    assert set(AccurateClassifier.versions()) == {"onnxruntime", "tokenizers"}


def test_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    folder = write_tiny(tmp_path / "tiny")
    model = AccurateClassifier(task="type", model=folder).fit(["a"], ["quote"])
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ImportError, match=r"pip install 'stance-lab\[encoder\]'"):
        model.predict(["a"])
