from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from stance.article import Span
from stance.classifiers.saving import ModelError, load_model, save_model
from stance.classifiers.stance import StanceClassifier
from stance.classifiers.stance_scorer import StanceScorer
from stance.passage import Passage

PEOPLE = ("Lund", "Aske", "Veil", "Sool", "Okabe", "Dell", "Marn", "Holt")
WHO = ("The council", "Her party", "The paper", "A union", "The mayor")
VERBS = {
    "favor": ("praised", "admired", "defended", "applauded", "supported"),
    "against": ("condemned", "blamed", "mocked", "denounced", "accused"),
    "neutral": ("met", "called", "saw", "visited", "joined"),
}


def passages() -> tuple[list[Passage], list[str]]:
    """Sentences in which one person is praised, blamed or met, and another only stands by."""
    rows, labels = [], []
    for i, person in enumerate(PEOPLE):
        other = PEOPLE[(i + 3) % len(PEOPLE)]
        for label, verbs in VERBS.items():
            for j, verb in enumerate(verbs):
                text = (
                    f"{WHO[(i + j) % 5]} {verb} {person} on Monday, while {other} stayed at home."
                )
                rows.append(Passage(text, target=person, group=f"article {i}"))
                labels.append(label)
    return rows, labels


@pytest.fixture(scope="module")
def known() -> tuple[list[Passage], list[str]]:
    return passages()


@pytest.fixture(scope="module")
def fitted(known: Any) -> StanceClassifier:
    return StanceClassifier(n_splits=3).fit(*known)


def test_learns_who_is_praised(fitted: StanceClassifier) -> None:
    text = "A teacher admired Quist on Friday, while Brandt blamed the rain."
    asked = [
        Passage(text, target="Quist"),
        Passage(text.replace("admired", "mocked"), target="Quist"),
    ]
    assert fitted.predict(asked).tolist() == ["favor", "against"]


def test_probabilities_are_sound_and_predictions_follow(fitted: Any, known: Any) -> None:
    proba = fitted.predict_proba(known[0])
    assert fitted.classes_.tolist() == ["against", "favor", "neutral"]
    assert proba.sum(axis=1) == pytest.approx(np.ones(len(proba))) and (proba > 0).all()
    assert (fitted.classes_[proba.argmax(axis=1)] == fitted.predict(known[0])).all()


def test_the_same_twice(fitted: StanceClassifier, known: Any) -> None:
    again = clone(fitted).fit(*known)
    assert (again.predict_proba(known[0]) == fitted.predict_proba(known[0])).all()


@pytest.mark.parametrize("head", ["trees", "linear", "mean"])
def test_every_head_learns_and_travels(head: Any, known: Any, tmp_path: Any) -> None:
    model = StanceClassifier(head=head, n_rounds=15, learning_rate=0.3, n_splits=2).fit(*known)
    assert np.mean(model.predict(known[0]) == known[1]) > 0.9
    save_model(model.compile(), tmp_path / "model", about={"report": "x"})
    loaded = load_model(tmp_path / "model", kind="stance")
    assert isinstance(loaded, StanceScorer)
    assert (loaded.predict_proba(known[0]) == model.predict_proba(known[0])).all()


def test_a_model_of_another_kind_is_refused(fitted: StanceClassifier, tmp_path: Any) -> None:
    save_model(fitted.compile(), tmp_path / "model")
    with pytest.raises(ModelError, match="expected the settings of a paragraph-type model"):
        load_model(tmp_path / "model")


def test_a_long_passage_is_read_anew_for_few_of_its_words(fitted: StanceClassifier) -> None:
    sentence = "The council praised Quist, and others blamed the rain. "
    told = fitted.explain(Passage(sentence * 1000, target="Quist"))
    assert len([reason for reason in told.reasons if reason.span is not None]) <= 9
    assert len(fitted.explain(Passage(sentence * 20, target="Quist")).reasons) > 9


def test_two_classes(known: Any) -> None:
    rows = [(p, y) for p, y in zip(*known, strict=True) if y != "neutral"]
    model = StanceClassifier(n_splits=2).fit(*map(list, zip(*rows, strict=True)))
    proba = model.predict_proba([p for p, _ in rows])
    assert proba.shape == (len(rows), 2)
    assert np.mean(model.predict([p for p, _ in rows]) == [y for _, y in rows]) > 0.9
    assert len(model.scorer_.columns) == model.scorer_.inputs(rows[0][:1]).shape[1]


def test_sets_grow_with_coverage(fitted: StanceClassifier, known: Any) -> None:
    narrow = fitted.predict_set(known[0], coverage=0.0)
    wide = fitted.predict_set(known[0], coverage=1.0)
    assert {len(one) for one in narrow} == {1} and {len(one) for one in wide} == {3}
    with pytest.raises(ValueError, match=r"coverage = 1.5, must be within 0 and 1"):
        fitted.predict_set(known[0], coverage=1.5)


def test_explanation_names_the_word_and_adds_up(fitted: StanceClassifier) -> None:
    text = "The council condemned Quist on Monday, while Aske stayed at home."
    told = fitted.explain(Passage(text, target="Quist"))
    assert told.label == "against"
    strongest = next(reason for reason in told.reasons if reason.span is not None)
    assert strongest.name == "condemned" and strongest.weight > 0
    assert strongest.span == Span(12, 21)
    row = fitted.predict_proba([Passage(text, target="Quist")])[0].tolist()
    proba = dict(zip(fitted.classes_.tolist(), row, strict=True))
    odds = np.log(proba[told.label] / proba[told.instead_of])
    assert told.bias + sum(reason.weight for reason in told.reasons) == pytest.approx(odds)
    assert not any(reason.name == "Quist" for reason in told.reasons)


def test_explanation_of_a_label_asked_for(fitted: StanceClassifier) -> None:
    told = fitted.explain(Passage("They praised Quist.", target="Quist"), label="neutral")
    assert told.label == "neutral" and told.instead_of == "favor"
    with pytest.raises(ValueError, match=r"unknown label 'favour'.*did you mean 'favor'"):
        fitted.explain("They praised Quist.", label="favour")


def test_another_target_is_another_question(fitted: StanceClassifier) -> None:
    text = "The council condemned Quist on Monday, while Brandt stayed at home."
    one, other = fitted.predict_proba([Passage(text, target=t) for t in ("Quist", "Brandt")])
    assert one[0] > other[0] + 0.1


def test_given_mentions_and_found_ones_are_the_same(fitted: StanceClassifier) -> None:
    found = Passage("They praised Quist.", target="Quist")
    given = replace(found, mentions=(Span(13, 18),))
    at = fitted.scorer_.columns.index("target found by name")
    same = np.delete(fitted.scorer_.inputs([found, given]), at, axis=1)
    assert (same[0] == same[1]).all()


def test_calibration_is_reported(fitted: StanceClassifier) -> None:
    calibration = fitted.calibration_
    assert set(calibration.before) == set(calibration.after) == {"log_loss", "ece"}
    assert len(calibration.scale) == 3 and min(calibration.scale) > 0


def test_utility_may_prefer_a_class(known: Any) -> None:
    worth = [[1, 0, 0], [0, 1, 0], [0, 0, 1e6]]
    model = StanceClassifier(n_splits=2, utility=worth).fit(*known)
    assert set(model.predict(known[0])) == {"neutral"}
    assert set(known[1]) != {"neutral"}
    with pytest.raises(ValueError, match=r"utility: expected 3 rows of 3 finite numbers"):
        StanceClassifier(utility=[[1.0]]).fit(*known)


def test_utility_for_macro_f1_finds_a_rare_class() -> None:
    rows, labels = passages()
    kept = [i for i, y in enumerate(labels) if y != "favor" or i % 5 == 0]
    rows, labels = [rows[i] for i in kept], [labels[i] for i in kept]
    model = StanceClassifier(n_splits=2, utility="macro_f1").fit(rows, labels)
    assert model.utility_.shape == (3, 3) and (np.diag(model.utility_) > 0).all()


def test_class_weights_lift_the_rare(known: Any) -> None:
    plain = StanceClassifier(n_splits=2, C=1e-5).fit(*known).predict_proba(known[0])
    heavy = StanceClassifier(n_splits=2, C=1e-5, class_weight={"favor": 5.0}).fit(*known)
    assert heavy.predict_proba(known[0])[:, 1].mean() > plain[:, 1].mean() + 0.1


def test_groups_alone_and_views_alone(known: Any) -> None:
    for more in ({"views": ()}, {"groups": ()}):
        model = StanceClassifier(n_splits=2, **more).fit(*known)
        assert np.mean(model.predict(known[0]) == known[1]) > 0.6


def test_passages_without_targets_or_articles() -> None:
    texts = [f"{who} {verb} it." for who in WHO for verbs in VERBS.values() for verb in verbs]
    labels = [label for _ in WHO for label, verbs in VERBS.items() for _ in verbs]
    model = StanceClassifier(n_splits=2).fit(texts, labels)
    assert model.predict(["They applauded it."]).shape == (1,)
    assert model.predict([]).shape == (0,)


def test_addressed(fitted: StanceClassifier) -> None:
    asked = [Passage("They met Lund.", target="Ida Lund"), Passage("It rained.", target="Lund")]
    assert fitted.is_addressed(asked).tolist() == [True, False]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"head": "forest"}, r"head = 'forest', must be of \['trees', 'linear', 'mean'\]"),
        ({"calibration": "isotonic"}, r"calibration = 'isotonic', must be of"),
        ({"n_splits": 1}, r"n_splits = 1, must be a whole number >= 2"),
        ({"C": 0}, r"C = 0, must be > 0 and finite"),
        ({"groups": "target"}, r"groups = 'target', must be different names"),
        ({"groups": ["targets"]}, r"unknown feature group 'targets'.*did you mean 'target'"),
        ({"views": ["texts"]}, r"unknown view 'texts'.*did you mean 'text'"),
        ({"views": (), "groups": ()}, r"there is nothing to learn from"),
        ({"utility": "accuracy"}, r"utility = 'accuracy', must be 'macro_f1' or a matrix"),
        ({"also": ["newsmtcs"]}, r"also: unknown corpus 'newsmtcs'.*'newsmtsc'"),
    ],
)
def test_wrong_parameters_are_told(known: Any, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StanceClassifier(**wrong).fit(*known)


def test_also_learns_from_another_corpus(known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    more = {
        "text": ["Quist is a quux.", "It is."],
        "target": ["Quist", "x"],
        "label": ["favor", "mixed"],
    }
    asked: list[dict[str, Any]] = []

    def load(name: str, **options: Any) -> Any:
        asked.append({"name": name, **options})
        return more

    monkeypatch.setattr("stance.corpora.load", load)
    monkeypatch.setattr("stance.corpora.corpus_names", lambda: ["harbour"])
    model = StanceClassifier(n_splits=2, also=["harbour"]).fit(*known)
    assert asked == [{"name": "harbour", "split": "train", "task": "stance"}]
    assert model.classes_.tolist() == ["against", "favor", "neutral"]
