"""StackedClassifier: what members say of passages they have not seen, mixed."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone

from stance.classifiers.baselines import CueRuleClassifier, MajorityClassifier
from stance.classifiers.stacked import StackedClassifier
from stance.classifiers.tfidf import TfidfClassifier


class Parrot(ClassifierMixin, BaseEstimator):
    """Knows by heart what it was fitted on, and nothing else."""

    def fit(self, X: Any, y: Any) -> Parrot:
        self.classes_ = np.unique(y)
        self.articles_ = {passage.group for passage in X}
        self.known_ = {p.text: label for p, label in zip(X, y, strict=True)}
        return self

    def predict_proba(self, X: Any) -> Any:
        rows = [self.classes_ == self.known_.get(passage.text) for passage in X]
        proba = np.array(rows, float)
        proba[proba.sum(axis=1) == 0] = 1 / len(self.classes_)
        return proba


def members() -> list[Any]:
    return [Parrot(), TfidfClassifier()]


@pytest.mark.parametrize("held_out", [0.0, 0.4])
def test_a_member_that_only_remembers_gets_the_lesser_say(held_out: float, data: Any) -> None:
    n = len(data.passages) // 2
    stack = StackedClassifier(members(), held_out=held_out, n_splits=3)
    stack.fit(data.passages[:n], data.labels[:n])
    assert stack.mix_ is not None
    weight = np.abs(stack.mix_.coef_)
    assert weight[:, :4].max() < weight[:, 4:].max() / 2  # a line that returns is worth something
    assert stack.score(data.passages[n:], data.labels[n:]) > 0.8
    proba = stack.predict_proba(data.passages)
    assert proba.sum(axis=1) == pytest.approx(np.ones(len(proba)))
    assert (stack.predict(data.passages) == stack.classes_[proba.argmax(axis=1)]).all()


def test_held_out_articles_are_not_shown_to_members(data: Any) -> None:
    stack = StackedClassifier([Parrot()], held_out=0.4).fit(data.passages, data.labels)
    (member,) = stack.members_
    assert 0 < len(member.articles_) < len(set(data.groups))


def test_given_weights_are_powers(data: Any) -> None:
    stack = StackedClassifier([TfidfClassifier(), MajorityClassifier()], weights=[2, 0.5])
    stack.fit(data.passages, data.labels)
    one, two = (member.predict_proba(data.passages) for member in stack.members_)
    product = one**2 * two**0.5
    expected = product / product.sum(axis=1, keepdims=True)
    assert stack.mix_ is None
    assert stack.predict_proba(data.passages) == pytest.approx(expected, abs=1e-4)


def test_members_keep_their_labels_names(data: Any) -> None:
    stack = StackedClassifier([MajorityClassifier()], weights=[1.0]).fit(["a", "b"], ["x", "y"])
    assert stack.members_[0].classes_.tolist() == ["x", "y"]


def test_is_an_estimator(data: Any) -> None:
    stack = StackedClassifier(members(), n_splits=2).fit(data.passages, data.labels)
    again = clone(stack).fit(data.passages, data.labels)
    assert not [key for key in vars(clone(stack)) if key.endswith("_")]
    assert (again.predict_proba(data.passages) == stack.predict_proba(data.passages)).all()
    copy = pickle.loads(pickle.dumps(stack))
    assert (copy.predict(data.passages) == stack.predict(data.passages)).all()
    assert stack.predict_proba([]).shape == (0, 4)


@pytest.mark.parametrize("weights", [None, [1, 1]])
def test_balance_gives_rare_classes_their_due(weights: Any, data: Any) -> None:
    plain, even = (
        StackedClassifier(members(), weights=weights, balance=balance, n_splits=3).fit(
            data.passages, data.labels
        )
        for balance in (0.0, 1.0)
    )
    shares = np.array([np.mean(np.array(data.labels) == label) for label in plain.classes_])
    given = plain.predict_proba(data.passages) / shares
    proba = even.predict_proba(data.passages)
    assert proba == pytest.approx(given / given.sum(axis=1, keepdims=True))
    assert (
        proba.mean(axis=0)[shares.argmin()]
        > plain.predict_proba(data.passages).mean(axis=0)[shares.argmin()]
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"members": []}, "members: expected classifiers, got none"),
        ({"members": [CueRuleClassifier()]}, "CueRuleClassifier gives none"),
        ({"weights": [1]}, "weights: expected 2 numbers"),
        ({"weights": [1, -1]}, "weights: expected 2 numbers, 0 or more and not all 0"),
        ({"weights": [0, 0]}, "not all 0"),
        ({"balance": 1.5}, "balance = 1.5, must be >= 0 and <= 1"),
        ({"held_out": 1.0}, "held_out = 1.0, must be >= 0 and < 1"),
        ({"n_splits": 1}, "n_splits = 1, must be >= 2"),
    ],
)
def test_mistakes_are_told(settings: dict[str, Any], message: str, data: Any) -> None:
    with pytest.raises(ValueError, match=message):
        StackedClassifier(**{"members": members()} | settings).fit(data.passages, data.labels)


def test_one_article_cannot_be_held_out(data: Any) -> None:
    rows, labels = data.passages[:5], data.labels[:5]
    with pytest.raises(ValueError, match="expected two articles or more"):
        StackedClassifier(members()).fit(rows, labels)
    with pytest.raises(ValueError, match="held_out: expected two articles or more"):
        StackedClassifier(members(), held_out=0.2).fit(rows, labels)
