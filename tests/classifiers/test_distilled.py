"""DistilledClassifier: what a student learns of a teacher beside the labels given."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone

from stance.classifiers.baselines import CueRuleClassifier, MajorityClassifier
from stance.classifiers.distilled import DistilledClassifier
from stance.classifiers.stance import StanceClassifier
from stance.classifiers.tfidf import TfidfClassifier
from stance.classifiers.unlabelled import about_names, unlabelled
from stance.corpora import CorpusMissingError, load
from stance.passage import Passage, as_passages


class Stub(ClassifierMixin, BaseEstimator):
    """Sure of the first class where a text is of even length, of the last one but half otherwise.

    It has learnt elsewhere; ``fit`` remembers names alone.
    """

    asked: list[Passage] = []  # noqa: RUF012

    def fit(self, X: Any, y: Any) -> Stub:
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X: Any) -> Any:
        Stub.asked = list(X)
        proba = np.zeros((len(X), len(self.classes_)))
        for row, passage in zip(proba, X, strict=True):
            is_even = len(passage.text) % 2 == 0
            row[0] = 0.9 if is_even else 0.4
            row[-1] = 1 - row[0]
        return proba


class Notebook(ClassifierMixin, BaseEstimator):
    """Writes down what it is taught; answers what it was taught last."""

    def fit(self, X: Any, y: Any) -> Notebook:
        self.classes_ = np.unique(y)
        self.taught_ = list(zip(X, y.tolist(), strict=True))
        return self

    def predict(self, X: Any) -> Any:
        return np.array([self.taught_[-1][1]] * len(X))


def gold() -> tuple[list[Passage], list[str]]:
    return [Passage(text) for text in ("even", "odd", "four", "seven")], ["b", "a", "b", "c"]


def test_student_learns_the_labels_given_and_then_the_teachers_sure_ones() -> None:
    passages, labels = gold()
    both = DistilledClassifier(Notebook(), Stub(), min_confidence=0.8).fit(passages, labels)
    taught = [(passage.text, label) for passage, label in both.student_.taught_]
    given = [("even", "b"), ("odd", "a"), ("four", "b"), ("seven", "c")]
    assert taught == [*given, ("even", "a"), ("four", "a")]
    assert both.n_taught_ == 2
    assert both.predict(["?"]).tolist() == ["a"]


def test_every_label_is_sure_enough_for_a_threshold_of_0() -> None:
    both = DistilledClassifier(Notebook(), Stub(), min_confidence=0).fit(*gold())
    told = [label for _, label in both.student_.taught_[4:]]
    assert told == ["a", "c", "a", "c"]


def test_no_label_is_sure_enough() -> None:
    both = DistilledClassifier(Notebook(), Stub(), min_confidence=0.95).fit(*gold())
    assert (both.n_taught_, len(both.student_.taught_)) == (0, 4)


def test_as_many_are_asked_about_as_is_said() -> None:
    passages, labels = gold()
    DistilledClassifier(Notebook(), Stub(), n_passages=3).fit(passages, labels)
    assert len(Stub.asked) == 3
    places = [passages.index(passage) for passage in Stub.asked]
    assert places == sorted(places)


def test_classes_keep_their_shares() -> None:
    passages = [Passage("x" * n) for n in (2, 4, 6, 8, 10, 1, 3, 5)]
    labels = ["a", "a", "c", "c", "c", "c", "c", "c"]  # shares 1/4 and 3/4
    both = DistilledClassifier(Notebook(), Stub(), min_confidence=0, keep_shares=True)
    told = [label for _, label in both.fit(passages, labels).student_.taught_[8:]]
    # The teacher gives five a and three c: all c can be kept, and one a for three of them.
    assert Counter(told) == {"a": 1, "c": 3}


def test_shares_cannot_be_kept_where_the_teacher_never_says_a_class() -> None:
    both = DistilledClassifier(Notebook(), Stub(), min_confidence=0, keep_shares=True)
    assert both.fit(*gold()).n_taught_ == 0  # it never says b


def test_paragraphs_of_a_corpus_are_asked_about_where_there_are_no_targets() -> None:
    both = DistilledClassifier(Notebook(), Stub(), corpora=["sample"], n_passages=40)
    both.fit(*gold())
    learnable = set(load("sample", split="train", task="type")["text"])
    assert len(Stub.asked) == 40
    assert {passage.text for passage in Stub.asked} <= learnable
    assert {passage.target for passage in Stub.asked} == {None}


def test_sentences_about_names_are_asked_about_where_there_are_targets() -> None:
    both = DistilledClassifier(Notebook(), Stub(), corpora=["sample"], n_passages=40)
    passages = [Passage("Lund won.", target="Lund"), Passage("Aske lost.", target="Aske")]
    both.fit(passages, ["favor", "against"])
    assert len(Stub.asked) == 40
    for passage in Stub.asked:
        start, end = passage.mentions[0]
        assert passage.target == passage.text[start:end]
        assert passage.group


def test_a_stance_is_learnt_from_a_teacher() -> None:
    who = ["Voters", "Critics", "Farmers", "Nurses", "Drivers", "Pupils"]
    passages = [
        Passage(f"{one} {verb} Lund.", target="Lund")
        for verb in ("admire", "despise")
        for one in who
    ]
    labels = ["favor"] * 6 + ["against"] * 6
    student = StanceClassifier(n_splits=2, views=("text",))
    both = DistilledClassifier(student, TfidfClassifier(min_df=1), min_confidence=0.5)
    both.fit(passages, labels)
    assert both.n_taught_ > 0
    assert both.predict([Passage("Many despise Aske.", target="Aske")]).tolist() == ["against"]


def test_what_is_drawn_depends_on_the_seed_alone() -> None:
    one, same, other = (unlabelled(["sample"], n=30, random_state=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_neighbours_of_paragraphs_are_known() -> None:
    article = [p for p in unlabelled(["sample"], n=500) if p.n_paragraphs > 2][:3]
    assert article[1].previous == article[0].text
    assert article[1].following == article[2].text
    assert article[0].group == article[2].group


def test_articles_are_cut_into_paragraphs() -> None:
    try:
        found = unlabelled(["wikinews_en"], n=50)
    except CorpusMissingError as error:
        pytest.skip(str(error))
    assert len(found) == 50
    assert max(len(passage.text) for passage in found) < 3000
    assert all("\n" not in passage.text for passage in found)


def test_nothing_is_named_in_an_article_without_names() -> None:
    assert list(about_names([])) == []
    assert list(about_names([Passage("it rained all day.")])) == []


def test_is_an_estimator(data: Any) -> None:
    both = DistilledClassifier(TfidfClassifier(), TfidfClassifier(), min_confidence=0.5)
    both.fit(data.passages, data.labels)
    proba = both.predict_proba(data.passages)
    again = clone(both)
    assert not [key for key in vars(again) if key.endswith("_")]
    assert (again.fit(data.passages, data.labels).predict_proba(data.passages) == proba).all()
    copy = pickle.loads(pickle.dumps(both))
    assert (copy.predict(data.passages) == both.predict(data.passages)).all()
    assert both.classes_.tolist() == both.student_.classes_.tolist()
    assert both.set_params(student__C=3.0).student.C == 3.0


def test_a_student_without_probabilities_gives_none() -> None:
    both = DistilledClassifier(CueRuleClassifier(), MajorityClassifier())
    assert not hasattr(both, "predict_proba")
    assert hasattr(DistilledClassifier(TfidfClassifier(), MajorityClassifier()), "predict_proba")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"teacher": CueRuleClassifier()}, "teacher: expected probabilities, CueRuleClassifier"),
        ({"n_passages": 0}, "n_passages = 0, must be >= 1"),
        ({"min_confidence": 1.5}, "min_confidence = 1.5, must be within 0 and 1"),
        ({"corpora": "sample"}, "corpora = 'sample', must be a list of names"),
        ({"corpora": ["wikinews"]}, "unknown corpus 'wikinews', .*; did you mean 'wikinews_en'?"),
    ],
)
def test_mistakes_are_told(settings: dict[str, Any], message: str) -> None:
    known: dict[str, Any] = {"student": Notebook(), "teacher": Stub()}
    with pytest.raises(ValueError, match=message):
        DistilledClassifier(**known | settings).fit(as_passages(["a", "b"]), ["x", "y"])


def test_a_corpus_without_a_split_to_learn_from_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr("stance.classifiers.unlabelled.SPLITS", ("nowhere",))
    with pytest.raises(ValueError, match=r"corpus 'sample': expected a split of \['nowhere'\]"):
        unlabelled(["sample"], n=5)
