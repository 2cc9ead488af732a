"""Two stages: what is apart first, the side of the rest then."""

import numpy as np
import pytest
from sklearn.base import clone

from stance.classifiers.stance_stages import TwoStageStanceClassifier, topics_of
from stance.passage import Passage

PLACES = "Lund Ystad Malmo Kalmar Visby Gavle Umea Boden".split()


def pairs() -> tuple[list[Passage], list[str]]:
    passages, labels = [], []
    for i, place in enumerate(PLACES):
        said = (f"The dam at {place} broke on Friday, police confirmed.", "agree")
        denied = (f"Reports that the dam at {place} broke are false, a hoax.", "disagree")
        for text, label in (said, denied):
            group = f"{place} {label}"
            passages.append(Passage(text, target=f"Dam breaks at {place}", group=group))
            labels.append(label)
            other = PLACES[(i + 3) % len(PLACES)]
            passages.append(Passage(text, target=f"{other} bakes bread", group=group))
            labels.append("unrelated")
    return passages, labels


@pytest.fixture(scope="module")
def fitted() -> TwoStageStanceClassifier:
    return TwoStageStanceClassifier(views=("words",), n_rounds=40).fit(*pairs())


def test_relation_and_side_of_a_place_never_seen(fitted: TwoStageStanceClassifier) -> None:
    target = "Dam breaks at Skara"
    passages = [
        Passage("The dam at Skara broke on Friday, police confirmed.", target=target),
        Passage("Reports that the dam at Skara broke are false, a hoax.", target=target),
        Passage("The dam at Skara broke on Friday.", target="Boden bakes bread"),
    ]
    assert fitted.predict(passages).tolist() == ["agree", "disagree", "unrelated"]


def test_probabilities_follow_the_order_of_the_passages(fitted: TwoStageStanceClassifier) -> None:
    passages = pairs()[0]
    proba = fitted.predict_proba(passages)
    assert proba.sum(axis=1) == pytest.approx(1)
    order = np.random.default_rng(0).permutation(len(passages))
    shuffled = fitted.predict_proba([passages[i] for i in order])
    assert np.allclose(shuffled, proba[order], atol=1e-6)


def test_the_order_of_training_does_not_matter(fitted: TwoStageStanceClassifier) -> None:
    passages, labels = pairs()
    order = np.random.default_rng(1).permutation(len(passages))
    again = clone(fitted).fit([passages[i] for i in order], [labels[i] for i in order])
    assert again.predict(passages).tolist() == fitted.predict(passages).tolist()


def test_topics_join_articles_and_targets() -> None:
    rows = [("a", "x"), ("a", "y"), ("b", "y"), ("c", "z"), ("", None), ("", None)]
    passages = [Passage(f"t{i}", target=t, group=g) for i, (g, t) in enumerate(rows)]
    assert topics_of(passages) == ["0", "0", "0", "3", "4", "5"]


def test_apart_must_be_a_label() -> None:
    passages, labels = pairs()
    with pytest.raises(ValueError, match="apart = 'other', expected one of the labels"):
        TwoStageStanceClassifier(apart="other").fit(passages, labels)


def test_two_labels_are_too_few() -> None:
    passages, labels = pairs()
    two = ["unrelated" if label == "unrelated" else "agree" for label in labels]
    with pytest.raises(ValueError, match="3"):
        TwoStageStanceClassifier().fit(passages, two)
