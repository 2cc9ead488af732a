"""NgramClassifier: scikit-learn's contract, and that the compiled scorer says the same."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC
from sklearn.utils.validation import NotFittedError

from stance.classifiers.ngram_linear import NgramClassifier
from stance.passage import Passage

SUBJECTS = ["The mayor", "A harbour pilot", "Ms. Ödegaard", "The Zürich office", "One resident"]
SAYS = ["said", "told reporters", "added", "warned"]
FACTS = ["the gates stay shut", "nobody was hurt", "the ferry is late", "work starts in May"]
VIEWS = ["is a mistake", "shows little care", "may well fail", "deserves praise"]


def invented() -> tuple[list[str], list[str], list[str]]:
    """Sentences of three types, with an article for every four."""
    rows = [
        row
        for i, who in enumerate(SUBJECTS)
        for says, fact, view in zip(SAYS, FACTS, VIEWS, strict=True)
        for row in (
            (f"“{fact.capitalize()},” {who} {says} in town {i}.", "quote"),
            (f"{who} left before noon; {fact}.", "report"),
            (f"Seen from town {i}, the plan of {who} {view}.", "analysis"),
        )
    ]
    groups = [f"article {i // 4}" for i in range(len(rows))]
    return [text for text, _ in rows], [label for _, label in rows], groups


TEXTS, LABELS, GROUPS = invented()
BINARY = ["quote" if label == "quote" else "other" for label in LABELS]


@pytest.fixture(scope="module")
def classifier() -> NgramClassifier:
    return NgramClassifier(random_state=0).fit(TEXTS, LABELS)


def sklearn_twin() -> object:
    return make_pipeline(
        FeatureUnion(
            [
                ("word", TfidfVectorizer(ngram_range=(1, 2))),
                ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))),
            ]
        ),
        LinearSVC(random_state=0),
    )


def test_learns_what_its_sklearn_twin_learns():
    train = [i for i in range(len(TEXTS)) if i % 5]
    test = [i for i in range(len(TEXTS)) if i % 5 == 0]

    def take(rows, which):
        return [rows[i] for i in which]

    ours = NgramClassifier(random_state=0).fit(take(TEXTS, train), take(LABELS, train))
    twin = sklearn_twin().fit(take(TEXTS, train), take(LABELS, train))
    assert ours.score(take(TEXTS, test), take(LABELS, test)) == 1.0
    assert (ours.predict(take(TEXTS, test)) == twin.predict(take(TEXTS, test))).all()


def test_worked_example():
    # One feature, "port" in one of two texts; the rest occurs in both or is too short.
    classifier = NgramClassifier(char_range=None, min_df=1, C=1.0, tol=1e-6, random_state=0)
    classifier.fit(["port a", "b"], ["report", "quote"])
    # Squared hinge, C = 1, bias penalised like a weight; x = 1 for "report", x = 0 for "quote":
    # minimise (w² + b²) / 2 + (1 - w - b)² + (1 + b)². Derivatives 0: 3w + 2b = 2 and
    # 2w + 5b = 0, so w = 10 / 11, b = -4 / 11.
    assert classifier.classes_.tolist() == ["quote", "report"]
    assert classifier.coef_ == pytest.approx(np.array([[10 / 11]]), abs=1e-3)
    assert classifier.intercept_ == pytest.approx([-4 / 11], abs=1e-3)
    scores = classifier.decision_function(["port port", "", "elsewhere"])
    # twice the word: tf 2, norm sqrt(2 idf²), hence sqrt(2) times the weight
    assert scores == pytest.approx([2**0.5 * 10 / 11 - 4 / 11, -4 / 11, -4 / 11], abs=1e-3)
    assert classifier.predict(["port", "pier"]).tolist() == ["report", "quote"]


def test_scorer_is_the_matrix_product(classifier: NgramClassifier):
    texts = [*TEXTS, "", "Nobody knows — 港 said the mayor"]
    product = classifier.features_.transform(texts) @ classifier.coef_.T + classifier.intercept_
    assert classifier.compile().scores(texts) == pytest.approx(product, abs=1e-4)
    assert (classifier.decision_function(texts) == classifier.compile().scores(texts)).all()


@given(st.lists(st.text(alphabet=st.characters(codec=None, exclude_categories=())), max_size=4))
def test_same_labels_compiled_and_not(classifier: NgramClassifier, texts: list[str]):
    compiled = classifier.classes_[classifier.compile().scores(texts).argmax(axis=1)]
    assert (classifier.predict(texts) == compiled).all()


def test_two_classes_have_one_column():
    classifier = NgramClassifier(random_state=0).fit(TEXTS, BINARY)
    scores = classifier.decision_function(TEXTS)
    assert scores.shape == (len(TEXTS),) and classifier.compile().scores(TEXTS).shape[1] == 1
    assert (classifier.predict(TEXTS) == np.array(["other", "quote"])[(scores > 0) * 1]).all()
    assert classifier.score(TEXTS, BINARY) == 1.0


def test_takes_whatever_passages_come_from(classifier: NgramClassifier):
    passages = [Passage(text, headline="Not looked at") for text in TEXTS]
    other = NgramClassifier(random_state=0).fit(passages, LABELS)
    assert (other.coef_ == classifier.coef_).all()
    rows = {"text": TEXTS, "index": list(range(len(TEXTS)))}
    assert (classifier.predict(rows) == classifier.predict(passages)).all()


def test_same_seed_same_model(classifier: NgramClassifier):
    again = clone(classifier).fit(TEXTS, LABELS)
    for name, array in classifier.compile().arrays().items():
        assert array.tobytes() == again.compile().arrays()[name].tobytes()


def test_class_weight_moves_the_decision():
    heavy = NgramClassifier(class_weight={"quote": 50.0}, C=0.01, random_state=0)
    light = NgramClassifier(C=0.01, random_state=0)
    counts = [(c.fit(TEXTS, BINARY).predict(TEXTS) == "quote").sum() for c in (heavy, light)]
    assert counts[0] > counts[1]


def test_sklearn_contract(classifier: NgramClassifier):
    assert set(clone(classifier).get_params()) == set(NgramClassifier().get_params())
    with pytest.raises(NotFittedError, match="not fitted"):
        clone(classifier).predict(TEXTS)
    with pytest.raises(NotFittedError, match="not fitted"):
        NgramClassifier().compile()
    copy = pickle.loads(pickle.dumps(classifier))
    assert (copy.predict(TEXTS) == classifier.predict(TEXTS)).all()
    pipeline = make_pipeline(FunctionTransformer(), NgramClassifier(random_state=0))
    assert (pipeline.fit(TEXTS, LABELS).predict(TEXTS) == classifier.predict(TEXTS)).all()
    search = GridSearchCV(NgramClassifier(random_state=0), {"C": [0.01, 0.5]}, cv=3)
    assert search.fit(TEXTS, LABELS).best_score_ > 0.9
    scores = cross_val_predict(
        NgramClassifier(random_state=0), TEXTS, LABELS, cv=3, method="decision_function"
    )
    assert scores.shape == (len(TEXTS), 3)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (LABELS[:-1], r"one label for each of 60 passages, got shape \(59,\)"),
        (["report"] * 60, r"two classes or more, got \['report'\]"),
    ],
)
def test_bad_labels(y: list[str], message: str):
    with pytest.raises(ValueError, match=message):
        NgramClassifier().fit(TEXTS, y)


def test_bad_parameters_are_named():
    with pytest.raises(ValueError, match="min_df = 0"):
        NgramClassifier(min_df=0).fit(TEXTS, LABELS)
    with pytest.raises(ValueError, match="'C' parameter of LinearSVC"):
        NgramClassifier(C=-1.0).fit(TEXTS, LABELS)
    with pytest.raises(ValueError, match="memo_size"):
        NgramClassifier(memo_size=0).fit(TEXTS, LABELS)


# cross_fit_scores


def test_cross_fit_is_a_model_per_fold():
    classifier = NgramClassifier(random_state=0)
    scores = classifier.cross_fit_scores(TEXTS, LABELS, GROUPS, n_splits=3)
    assert scores.shape == (len(TEXTS), 3) and scores.dtype == np.float32
    assert (np.unique(LABELS)[scores.argmax(axis=1)] == np.array(LABELS)).mean() > 0.9
    assert (scores == classifier.cross_fit_scores(TEXTS, LABELS, GROUPS, n_splits=3)).all()
    assert not hasattr(classifier, "classes_")


def test_cross_fit_sees_no_label_of_its_own_group():
    # Every group has words of its own and one label: nothing can be learnt from other groups.
    texts = [f"{word} {word}ed" for word in ("aa", "bb", "cc", "dd", "ee", "ff") for _ in range(4)]
    labels = ["x"] * 4 + ["y"] * 4 + ["x"] * 4 + ["y"] * 4 + ["x"] * 4 + ["y"] * 4
    groups = [text[:2] for text in texts]
    classifier = NgramClassifier(random_state=0, char_range=None)
    scores = classifier.cross_fit_scores(texts, labels, groups, n_splits=3)
    flipped = ["y" if g == "aa" else label for g, label in zip(groups, labels, strict=True)]
    other = classifier.cross_fit_scores(texts, flipped, groups, n_splits=6)
    same = classifier.cross_fit_scores(texts, labels, groups, n_splits=6)
    assert scores.shape == (24, 1) and np.ptp(scores[:4]) == 0
    assert (other[:4] == same[:4]).all()


def test_groups_come_from_the_passages():
    passages = [Passage(t, group=g) for t, g in zip(TEXTS, GROUPS, strict=True)]
    classifier = NgramClassifier(random_state=0)
    by_passage = classifier.cross_fit_scores(passages, LABELS, n_splits=3)
    assert (by_passage == classifier.cross_fit_scores(TEXTS, LABELS, GROUPS, n_splits=3)).all()
    assert classifier.cross_fit_scores(TEXTS, LABELS, n_splits=3).shape == (60, 3)


def test_cross_fit_with_a_class_in_one_group_only():
    labels = ["rare" if g == GROUPS[0] else label for g, label in zip(GROUPS, LABELS, strict=True)]
    scores = NgramClassifier(random_state=0).cross_fit_scores(TEXTS, labels, GROUPS, n_splits=3)
    held_out = [i for i, group in enumerate(GROUPS) if group == GROUPS[0]]
    assert (scores[held_out, sorted(set(labels)).index("rare")] == -1).all()
    only_two = [
        "rare" if g == GROUPS[0] else label for g, label in zip(GROUPS, BINARY, strict=True)
    ]
    assert (np.isfinite(NgramClassifier().cross_fit_scores(TEXTS, only_two, GROUPS))).all()
    one_each = ["a" if g == GROUPS[0] else "b" for g in GROUPS]
    scores = NgramClassifier().cross_fit_scores(TEXTS, one_each, GROUPS)
    assert (scores[held_out] == 1).all()


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (GROUPS[:-1], "one group for each of 60 passages, got 59"),
        (["one"] * 30 + ["two"] * 30, "expected 5 groups or more, got 2"),
    ],
)
def test_bad_groups(groups: list[str], message: str):
    with pytest.raises(ValueError, match=message):
        NgramClassifier().cross_fit_scores(TEXTS, LABELS, groups)
