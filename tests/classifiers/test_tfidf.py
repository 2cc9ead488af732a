from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from stance.classifiers.tfidf import TfidfClassifier
from stance.passage import Passage

TEXTS = ["She said the port was shut.", "He said so.", "The port shut on Monday.", "Ships wait."]
LABELS = ["quote", "quote", "report", "report"]


@pytest.mark.parametrize("solver", ["logistic", "svm"])
def test_tells_what_is_plain(solver: str) -> None:
    classifier = TfidfClassifier(solver=solver, min_df=1).fit(TEXTS, LABELS)  # type: ignore[arg-type]
    assert classifier.predict(["She said it.", "Ships in port on Monday."]).tolist() == [
        "quote",
        "report",
    ]
    assert classifier.classes_.tolist() == ["quote", "report"]


def test_prediction_is_the_most_probable_label() -> None:
    classifier = TfidfClassifier(min_df=1).fit([Passage(text) for text in TEXTS], LABELS)
    proba = classifier.predict_proba(TEXTS)
    assert proba.sum(axis=1) == pytest.approx(np.ones(4))
    assert (classifier.classes_[proba.argmax(axis=1)] == classifier.predict(TEXTS)).all()


def test_svm_has_no_probabilities() -> None:
    classifier = TfidfClassifier(solver="svm", min_df=1).fit(TEXTS, LABELS)
    assert not hasattr(classifier, "predict_proba")


def test_clone_keeps_parameters() -> None:
    assert clone(TfidfClassifier(C=3, solver="svm")).get_params()["C"] == 3


def test_unknown_solver_is_named() -> None:
    with pytest.raises(ValueError, match="solver = 'ridge', must be 'logistic' or 'svm'"):
        TfidfClassifier(solver="ridge", min_df=1).fit(TEXTS, LABELS)  # type: ignore[arg-type]
