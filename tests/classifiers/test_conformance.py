"""scikit-learn's contract, asked of every classifier and extractor of the package.

scikit-learn's own checks feed matrices of numbers; these feed passages.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    cross_val_predict,
    cross_val_score,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from stance.classifiers.accurate import AccurateClassifier
from stance.classifiers.baselines import CueRuleClassifier, MajorityClassifier
from stance.classifiers.distilled import DistilledClassifier
from stance.classifiers.encoder import EncoderClassifier
from stance.classifiers.llm import LLMClassifier
from stance.classifiers.ngram_linear import NgramClassifier
from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.classifiers.quotation_tagger import QuotationTagger
from stance.classifiers.stacked import StackedClassifier
from stance.classifiers.stance import StanceClassifier
from stance.classifiers.stance_stages import TwoStageStanceClassifier
from stance.classifiers.tfidf import TfidfClassifier
from stance.features.ngrams import NgramFeatures
from stance.labels import ParagraphType
from stance.passage import Passage

from ..encoders.tiny import write_tiny
from .llm_server import sensible_server


@cache
def tiny_encoder() -> Path:
    return write_tiny(Path(mkdtemp()) / "tiny")


SMALL = 2**12  # buckets: enough for these few words, and a fit takes a tenth of the time
MAKERS: dict[str, Callable[[], Any]] = {
    "accurate": lambda: AccurateClassifier(task="type", model=tiny_encoder()),
    "majority": MajorityClassifier,
    "cue rules": CueRuleClassifier,
    "llm": lambda: LLMClassifier(base_url=sensible_server().url, model="small", shots=2),
    "ngrams": lambda: NgramClassifier(n_buckets=SMALL, random_state=0),
    "paragraph type": lambda: ParagraphTypeClassifier(n_splits=2, n_rounds=20, learning_rate=0.2),
    "stance": lambda: StanceClassifier(n_splits=2, views=("text", "patterns")),
    "tfidf": TfidfClassifier,
    "tfidf svm": lambda: TfidfClassifier(solver="svm", random_state=0),
}
NOT_LEARNING = ("accurate", "majority", "cue rules")
LEARNING = [name for name in MAKERS if name not in NOT_LEARNING]
# A parameter to search over, where there is one.
GRIDS: dict[str, dict[str, list[Any]]] = {
    "accurate": {},
    "majority": {},
    "cue rules": {},
    "llm": {"shots": [1, 2]},
    "ngrams": {"C": [0.01, 0.5]},
    "paragraph type": {"n_rounds": [5, 20]},
    "stance": {"C": [0.003, 0.03]},
    "tfidf": {"C": [0.01, 1.0]},
    "tfidf svm": {"C": [0.01, 1.0]},
}


@pytest.fixture(scope="module")
def fitted(data: Any) -> dict[str, Any]:
    """Every classifier, fitted once; no test changes them."""
    return {name: make().fit(data.passages, data.labels) for name, make in MAKERS.items()}


@pytest.fixture(params=MAKERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def tables(passages: list[Passage]) -> dict[str, Any]:
    rows = [asdict(passage) | {"mentions": []} for passage in passages]
    return {
        "mappings": rows,
        "columns": {key: [row[key] for row in rows] for key in rows[0]},
        "frame": pd.DataFrame(rows),
        "dataset": Dataset.from_list(rows),
    }


# Parameters


def test_clone_keeps_parameters_and_forgets_what_was_learnt(
    name: str, fitted: dict[str, Any]
) -> None:
    copy = clone(fitted[name])
    assert copy.get_params() == fitted[name].get_params()
    assert not [key for key in vars(copy) if key.endswith("_")]


def test_set_params_changes_one_and_keeps_the_rest(name: str) -> None:
    for parameter, values in GRIDS[name].items():
        before = MAKERS[name]().get_params()
        after = MAKERS[name]().set_params(**{parameter: values[0]}).get_params()
        assert after == before | {parameter: values[0]}
    with pytest.raises(ValueError, match="Invalid parameter 'sharpness'"):
        MAKERS[name]().set_params(sharpness=3)


def test_repr_can_be_read(name: str) -> None:
    estimator = MAKERS[name]()
    assert repr(estimator).startswith(type(estimator).__name__ + "(")
    assert "<div" in estimator._repr_html_()


def test_fit_changes_no_parameter_and_gives_the_estimator(name: str, data: Any) -> None:
    estimator = MAKERS[name]()
    before = estimator.get_params()
    assert estimator.fit(data.passages, data.labels) is estimator
    assert estimator.get_params() == before


# What is predicted


def test_classes_are_sorted_and_predictions_among_them(
    name: str, fitted: dict[str, Any], data: Any
) -> None:
    found = fitted[name].predict(data.passages)
    assert fitted[name].classes_.tolist() == sorted(set(data.labels))
    assert found.shape == (len(data.passages),) and set(found) <= set(fitted[name].classes_)
    assert found.dtype == fitted[name].classes_.dtype


def test_prediction_is_the_most_probable_class(
    name: str, fitted: dict[str, Any], data: Any
) -> None:
    if not hasattr(fitted[name], "predict_proba"):
        assert name in ("cue rules", "ngrams", "tfidf svm")
        return
    proba = fitted[name].predict_proba(data.passages)
    assert proba.shape == (len(data.passages), 4) and (proba >= 0).all()
    assert proba.sum(axis=1) == pytest.approx(np.ones(len(proba)))
    best = fitted[name].classes_[proba.argmax(axis=1)]
    assert (best == fitted[name].predict(data.passages)).all()


@pytest.mark.parametrize("name", LEARNING)
def test_learns_what_is_plain(name: str, data: Any) -> None:
    n = len(data.passages) // 2
    estimator = MAKERS[name]().fit(data.passages[:n], data.labels[:n])
    assert estimator.score(data.passages[n:], data.labels[n:]) > 0.8


def test_fitting_twice_gives_the_same(name: str, fitted: dict[str, Any], data: Any) -> None:
    again = clone(fitted[name]).fit(data.passages, data.labels)
    for method in ("predict_proba", "decision_function", "predict"):
        if hasattr(again, method):
            one, two = (getattr(e, method)(data.passages) for e in (fitted[name], again))
            assert (one == two).all()
    # And nothing of an earlier fit is left in a later one.
    labels = ["quote" if label == "quote" else "report" for label in data.labels]
    assert again.fit(data.passages, labels).classes_.tolist() == ["quote", "report"]
    fresh = MAKERS[name]().fit(data.passages, labels)
    assert (again.predict(data.passages) == fresh.predict(data.passages)).all()


@pytest.mark.parametrize("kind", ["mappings", "columns", "frame", "dataset"])
def test_every_kind_of_input_gives_the_same(
    name: str, kind: str, fitted: dict[str, Any], data: Any
) -> None:
    table = tables(data.passages)[kind]
    expected = fitted[name].predict(data.passages)
    assert (fitted[name].predict(table) == expected).all()
    if name != "paragraph type" or kind == "dataset":  # once is enough of the slowest
        other = clone(fitted[name]).fit(table, pd.Series(data.labels))
        assert (other.predict(data.passages) == expected).all()


def test_bare_strings_are_passages_alone(name: str, fitted: dict[str, Any], data: Any) -> None:
    alone = [Passage(text) for text in data.texts]
    expected = fitted[name].predict(alone)
    assert (fitted[name].predict(data.texts) == expected).all()
    assert (fitted[name].predict(np.array(data.texts)) == expected).all()


def test_order_of_passages_does_not_matter(name: str, fitted: dict[str, Any], data: Any) -> None:
    order = np.random.default_rng(5).permutation(len(data.passages))
    shuffled = [data.passages[i] for i in order]
    assert (fitted[name].predict(shuffled) == fitted[name].predict(data.passages)[order]).all()
    if hasattr(fitted[name], "predict_proba"):
        one, two = (fitted[name].predict_proba(X) for X in (shuffled, data.passages))
        assert one == pytest.approx(two[order])


def test_articles_do_not_touch_each_other(name: str, fitted: dict[str, Any], data: Any) -> None:
    first = [p for p in data.passages if p.group == "article 0"]
    together = fitted[name].predict(data.passages)[: len(first)]
    assert (fitted[name].predict(first) == together).all()


# scikit-learn's machines


def test_works_at_the_end_of_a_pipeline(name: str, fitted: dict[str, Any], data: Any) -> None:
    pipeline = make_pipeline(FunctionTransformer(), clone(fitted[name]))
    pipeline.fit(data.passages, data.labels)
    assert (pipeline.predict(data.passages) == fitted[name].predict(data.passages)).all()
    assert pipeline.classes_.tolist() == fitted[name].classes_.tolist()


def test_cross_validates_by_article(name: str, data: Any) -> None:
    folds = GroupKFold(2)
    kept: dict[str, Any] = {"cv": folds, "groups": data.groups}
    labels = cross_val_predict(MAKERS[name](), data.passages, data.labels, **kept)
    scores = cross_val_score(MAKERS[name](), data.passages, data.labels, **kept)
    parts = [test for _, test in folds.split(data.passages, groups=data.groups)]
    truth = np.array(data.labels)
    assert scores == pytest.approx([(labels[test] == truth[test]).mean() for test in parts])


def test_cross_validates_probabilities_of_a_frame(data: Any) -> None:
    frame = pd.DataFrame([asdict(p) for p in data.passages])
    proba = cross_val_predict(
        MAKERS["paragraph type"](),
        frame,
        data.labels,
        cv=GroupKFold(2),
        groups=data.groups,
        method="predict_proba",
    )
    assert proba.shape == (len(frame), 4)
    best = np.array(sorted(set(data.labels)))[proba.argmax(axis=1)]
    assert (best == np.array(data.labels)).mean() > 0.8


def test_grid_search(name: str, data: Any) -> None:
    search = GridSearchCV(MAKERS[name](), GRIDS[name], cv=GroupKFold(2))
    search.fit(data.passages, data.labels, groups=data.groups)
    assert search.predict(data.passages[:3]).shape == (3,)
    assert set(search.best_params_) == set(GRIDS[name])
    if name in LEARNING:
        assert search.best_score_ > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ngrams", "paragraph type"])
def test_grid_search_over_processes(name: str, data: Any) -> None:
    one, two = (
        GridSearchCV(MAKERS[name](), GRIDS[name], cv=GroupKFold(2), n_jobs=n_jobs).fit(
            data.passages, data.labels, groups=data.groups
        )
        for n_jobs in (None, 2)
    )
    assert one.best_params_ == two.best_params_
    assert (
        one.cv_results_["mean_test_score"].tolist() == two.cv_results_["mean_test_score"].tolist()
    )


def test_survives_pickling(name: str, fitted: dict[str, Any], data: Any) -> None:
    copy = pickle.loads(pickle.dumps(fitted[name]))
    assert (copy.predict(data.passages) == fitted[name].predict(data.passages)).all()


# Labels


def test_labels_of_the_enumeration_are_plain_strings(name: str, data: Any) -> None:
    members = [ParagraphType(label) for label in data.labels]
    estimator = MAKERS[name]().fit(data.passages, members)
    assert estimator.classes_.tolist() == sorted(set(data.labels))
    assert type(estimator.predict(data.passages[:1]).tolist()[0]) is str


@pytest.mark.parametrize("name", [n for n in MAKERS if n not in ("accurate", "cue rules")])
def test_whole_numbers_are_labels_too(name: str, data: Any) -> None:
    codes = {"quote": 7, "report": 2, "analysis": 30, "disclaimer": 4}
    numbers = [codes[label] for label in data.labels]
    estimator = MAKERS[name]().fit(data.passages, numbers)
    named = MAKERS[name]().fit(data.passages, data.labels)
    assert estimator.classes_.tolist() == [2, 4, 7, 30]
    found = estimator.predict(data.passages)
    assert found.dtype.kind == "i"
    agree = [codes[label] for label in named.predict(data.passages)] == found
    assert agree.mean() > 0.9


def test_cue_rules_refuse_labels_they_have_no_rule_for(data: Any) -> None:
    message = r"expected labels of \['furniture', 'disclaimer', .*\], got \[1\]"
    with pytest.raises(ValueError, match=message):
        CueRuleClassifier().fit(data.passages, [1] * len(data.passages))


@pytest.mark.parametrize("missing", [None, float("nan"), 0.5])
def test_missing_label_is_told_with_its_row(name: str, missing: Any, data: Any) -> None:
    labels: list[Any] = list(data.labels)
    labels[2] = missing
    with pytest.raises(ValueError, match=f"row 2: expected a label, .* got {missing!r}"):
        MAKERS[name]().fit(data.passages, labels)


def test_mixed_labels_are_told(name: str, data: Any) -> None:
    with pytest.raises(
        ValueError, match="row 1: expected labels of one type, got 3 after 'report'"
    ):
        MAKERS[name]().fit(data.passages, ["report", 3, *data.labels[2:]])


@pytest.mark.parametrize("n", [-1, 1])
def test_wrong_number_of_labels(name: str, n: int, data: Any) -> None:
    labels = [*data.labels, "quote"] if n > 0 else data.labels[:-1]
    n_passages = len(data.passages)
    message = rf"one label for each of {n_passages} passages, got shape \({n_passages + n},\)"
    with pytest.raises(ValueError, match=message):
        MAKERS[name]().fit(data.passages, labels)


def test_labels_in_a_column_of_a_table(name: str, data: Any) -> None:
    frame = pd.DataFrame({"label": data.labels})
    with pytest.raises(ValueError, match=r"one label for each of .* got shape \(\d+, 1\)"):
        MAKERS[name]().fit(data.passages, frame)


@pytest.mark.parametrize("name", LEARNING)
def test_one_class_cannot_be_learnt(name: str, data: Any) -> None:
    with pytest.raises(ValueError, match=r"expected two classes or more, got \['quote'\]"):
        MAKERS[name]().fit(data.passages, ["quote"] * len(data.passages))


def test_one_class_is_enough_for_baselines(data: Any) -> None:
    for estimator in (MajorityClassifier(), CueRuleClassifier()):
        estimator.fit(data.passages, ["quote"] * len(data.passages))
        assert set(estimator.predict(data.passages)) == {"quote"}


# Nothing


def test_nothing_to_learn_from(name: str) -> None:
    with pytest.raises(ValueError, match="expected passages to learn from, got none"):
        MAKERS[name]().fit([], [])


def test_nothing_to_predict(name: str, fitted: dict[str, Any]) -> None:
    assert fitted[name].predict([]).shape == (0,)
    if hasattr(fitted[name], "predict_proba"):
        assert fitted[name].predict_proba([]).shape == (0, 4)


def test_not_fitted(name: str) -> None:
    with pytest.raises(NotFittedError, match="not fitted"):
        MAKERS[name]().predict(["The pier is shut."])


def test_text_without_words(name: str, fitted: dict[str, Any]) -> None:
    found = fitted[name].predict(["", " ", "…", "港", "\ud800", "a\0b"])
    assert set(found) <= set(fitted[name].classes_)


@pytest.mark.parametrize("X", ["one text", {"text": "one text"}])
def test_one_passage_is_no_sequence(name: str, X: Any, fitted: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="put it in a list"):
        fitted[name].predict(X)


# Extractors


def test_extractor_keeps_the_contract(data: Any) -> None:
    extractor = NgramFeatures(n_buckets=SMALL)
    matrix = extractor.fit_transform(data.passages)
    assert clone(extractor).get_params() == extractor.get_params()
    assert repr(extractor) == f"NgramFeatures(n_buckets={SMALL})"
    assert (abs(matrix - extractor.transform(data.passages)) > 1e-6).nnz == 0
    for table in tables(data.passages).values():
        assert (extractor.transform(table) != extractor.transform(data.passages)).nnz == 0
    assert len(extractor.get_feature_names_out()) == matrix.shape[1]
    copy = pickle.loads(pickle.dumps(extractor))
    assert (copy.transform(data.passages) != extractor.transform(data.passages)).nnz == 0
    with pytest.raises(NotFittedError, match="not fitted"):
        clone(extractor).transform(data.passages)


def test_extractor_in_a_pipeline_and_a_search(data: Any) -> None:
    pipeline = Pipeline(
        [("ngrams", NgramFeatures(n_buckets=SMALL)), ("linear", LogisticRegression(C=10.0))]
    )
    search = GridSearchCV(pipeline, {"ngrams__min_df": [1, 2]}, cv=GroupKFold(2))
    search.fit(data.passages, data.labels, groups=data.groups)
    assert search.best_score_ > 0.8


def test_every_estimator_of_the_package_is_asked() -> None:
    import pkgutil
    from importlib import import_module

    import stance.classifiers
    import stance.features

    found = {
        value
        for package in (stance.classifiers, stance.features)
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, type) and issubclass(value, BaseEstimator)
        if value.__module__ == module.name
    }
    # The tagger learns from articles with spans; the two stages need the label that stands apart.
    # Encoders are fine-tuned by torch, which need not be here: test_encoder asks the same of them.
    # Members of a stack, and student and teacher, are no plain parameters: test_stacked and
    # test_distilled ask the same of them.
    others = {
        DistilledClassifier,
        EncoderClassifier,
        NgramFeatures,
        QuotationTagger,
        StackedClassifier,
        TwoStageStanceClassifier,
    }
    assert found == {type(make()) for make in MAKERS.values()} | others
