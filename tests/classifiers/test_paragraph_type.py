from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.classifiers.type_scorer import TypeScorer
from stance.passage import Passage


@pytest.fixture(scope="module")
def classifier(data: Any) -> ParagraphTypeClassifier:
    return ParagraphTypeClassifier(n_splits=3, n_rounds=30).fit(data.passages, data.labels)


def test_the_scorer_says_what_the_classifier_says(
    classifier: ParagraphTypeClassifier, data: Any
) -> None:
    scorer = classifier.compile()
    assert isinstance(scorer, TypeScorer)
    assert scorer.classes == tuple(classifier.classes_)
    found = scorer.predict_proba(data.passages)
    assert (found == classifier.predict_proba(data.passages)).all()


def test_the_article_speaks_with(data: Any) -> None:
    # In these articles a quote always follows the first paragraph or an analysis.
    chained = ParagraphTypeClassifier(n_splits=3, n_rounds=10, chain_weight=1.0)
    chained.fit(data.passages, data.labels)
    alone = [Passage(p.text, p.target, headline=p.headline) for p in data.passages]
    assert not np.allclose(chained.predict_proba(data.passages), chained.predict_proba(alone))
    without = ParagraphTypeClassifier(n_splits=3, n_rounds=10, chain_weight=0.0)
    without.fit(data.passages, data.labels)
    ratios = without.compile().arrays()["chain.ratios"]
    assert (ratios == 1).all() and not (chained.compile().arrays()["chain.ratios"] == 1).all()


@pytest.mark.parametrize(
    "settings", [{"ngrams": False}, {"groups": ()}, {"groups": ["speech"]}, {"n_rounds": 5}]
)
def test_every_layer_can_be_left_out(settings: dict[str, Any], data: Any) -> None:
    chosen = {"n_splits": 2, "n_rounds": 20, "learning_rate": 0.2} | settings
    classifier = ParagraphTypeClassifier(**chosen).fit(data.passages, data.labels)
    assert classifier.score(data.passages, data.labels) > 0.8
    columns = classifier.compile().columns
    assert any(name.startswith("n-grams ") for name in columns) == settings.get("ngrams", True)


def test_labels_by_chance_leave_the_classifier_unsure(data: Any) -> None:
    labels = np.random.default_rng(3).permutation(data.labels)
    settings: dict[str, Any] = {"n_splits": 2, "n_rounds": 30, "chain_weight": 0.0}
    sure = ParagraphTypeClassifier(calibration="none", **settings).fit(data.passages, labels)
    unsure = ParagraphTypeClassifier(**settings).fit(data.passages, labels)
    (scale,) = set(unsure.calibration_.scale)
    assert scale < 0.5 and sure.calibration_.scale == (1.0,) * len(sure.classes_)
    assert unsure.calibration_.after["log_loss"] < unsure.calibration_.before["log_loss"]
    assert (unsure.predict(data.passages) == sure.predict(data.passages)).all()
    assert unsure.predict_proba(data.passages).max() < sure.predict_proba(data.passages).max()


def test_an_unknown_calibration_is_told(data: Any) -> None:
    with pytest.raises(ValueError, match="calibration = 'platt', must be 'temperature' or 'none'"):
        ParagraphTypeClassifier(calibration="platt").fit(data.passages, data.labels)  # type: ignore[arg-type]


def test_two_types(data: Any) -> None:
    labels = ["quote" if label == "quote" else "other" for label in data.labels]
    classifier = ParagraphTypeClassifier(n_splits=2, n_rounds=30).fit(data.passages, labels)
    proba = classifier.predict_proba(data.passages)
    assert proba.shape[1] == 2 and proba.sum(axis=1) == pytest.approx(np.ones(len(proba)))
    assert classifier.score(data.passages, labels) > 0.95
    assert classifier.explain(data.passages[1]).instead_of in ("quote", "other")


def test_a_handful_of_articles_is_enough(data: Any) -> None:
    few = ParagraphTypeClassifier().fit(data.passages[:5], data.labels[:5])
    assert few.classes_.tolist() == ["analysis", "disclaimer", "quote", "report"]
    assert few.predict(data.passages[:5]).shape == (5,)


TINY: list[tuple[list[str], list[Any]]] = [
    (["It fell.", "“No,” he said."], ["report", "quote"]),
    (["", ""], ["report", "quote"]),
    (["It fell.", "It fell.", "It fell."], ["report", "quote", "quote"]),
    (["It fell.", "“No,” he said.", "Why?"], ["report", "quote", "analysis"]),
    (["It fell.", "“No,” he said.", "It rose.", "“Yes,” she said."], [0, 1, 0, 1]),
]


@pytest.mark.parametrize(("texts", "labels"), TINY)
@pytest.mark.parametrize("settings", [{}, {"class_weight": "balanced"}, {"n_rounds": 1}])
def test_two_passages_are_enough_without_ngrams(
    texts: list[str], labels: list[Any], settings: dict[str, Any]
) -> None:
    classifier = ParagraphTypeClassifier(ngrams=False, **settings).fit(texts, labels)
    proba = classifier.predict_proba(texts)
    assert proba.shape == (len(texts), len(set(labels)))
    assert np.isfinite(proba).all() and proba.sum(axis=1) == pytest.approx(np.ones(len(texts)))
    assert classifier.explain(texts[0]).label in {str(label) for label in labels}


def test_nothing_tells_passages_apart_but_how_common_types_are() -> None:
    classifier = ParagraphTypeClassifier(ngrams=False)
    classifier.fit(["It fell."] * 4, ["quote", "report", "report", "report"])
    assert classifier.predict_proba(["It fell."])[0] == pytest.approx([0.25, 0.75])


def test_more_rounds_and_larger_steps_are_surer(data: Any) -> None:
    def surest(**changes: Any) -> float:
        classifier = ParagraphTypeClassifier(ngrams=False, **changes)
        proba = classifier.fit(data.passages, data.labels).predict_proba(data.passages)
        return float(proba.max(axis=1).mean())

    plain = surest(n_rounds=5, learning_rate=0.05)
    assert surest(n_rounds=20, learning_rate=0.05) > plain + 0.05
    assert surest(n_rounds=5, learning_rate=0.2) > plain + 0.05


def test_every_round_is_one_tree_for_each_type(data: Any) -> None:
    for labels, n in ((data.labels, 4), (["ab"[label == "quote"] for label in data.labels], 2)):
        classifier = ParagraphTypeClassifier(ngrams=False, n_rounds=7).fit(data.passages, labels)
        assert classifier.compile().arrays()["trees.root"].shape == (7, n)


def test_sets_hold_what_it_takes(classifier: ParagraphTypeClassifier, data: Any) -> None:
    proba = classifier.predict_proba(data.passages)
    for coverage in (0.0, 0.5, 0.9, 0.999, 1.0):
        for row, chosen in zip(
            proba, classifier.predict_set(data.passages, coverage=coverage), strict=True
        ):
            of = dict(zip(classifier.classes_.tolist(), row.tolist(), strict=True))
            held = sum(of[label] for label in chosen)
            assert held >= coverage - 1e-9 and len(set(chosen)) == len(chosen) >= 1
            assert held - of[chosen[-1]] < max(coverage, 1e-9)  # the last one was needed
            assert chosen[0] == max(of, key=of.__getitem__)


def test_class_weight_moves_the_decision(data: Any) -> None:
    heavy = {"analysis": 100.0, "disclaimer": 1.0, "quote": 1.0, "report": 1.0}
    light, weighted = (
        ParagraphTypeClassifier(n_splits=2, ngrams=False, class_weight=weight)
        .fit(data.passages, data.labels)
        .predict_proba(data.passages)[:, 0]
        .mean()
        for weight in (None, heavy)
    )
    assert weighted > light


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_rounds": 0}, "n_rounds = 0, must be >= 1"),
        ({"n_rounds": 2.5}, "n_rounds = 2.5, must be a whole number"),
        ({"learning_rate": 0.0}, "learning_rate = 0.0, must be > 0 and finite"),
        ({"learning_rate": -1.0}, "learning_rate = -1.0, must be > 0"),
        ({"learning_rate": float("nan")}, "learning_rate = nan, must be > 0"),
        ({"learning_rate": float("inf")}, "learning_rate = inf, must be > 0"),
        ({"n_splits": 2.5}, "n_splits = 2.5, must be a whole number"),
        ({"n_splits": 1}, "n_splits = 1, must be >= 2"),
        ({"chain_weight": -0.1}, "chain_weight = -0.1, must be >= 0"),
        ({"chain_weight": float("nan")}, "chain_weight = nan, must be >= 0"),
        ({"groups": "layout"}, "groups = 'layout', must be different names of"),
        ({"groups": ("layout", "layout")}, "must be different names of"),
        ({"groups": ("layuot",)}, "unknown feature group 'layuot'.*did you mean 'layout'"),
        ({"groups": (), "ngrams": False}, "there is nothing to learn from"),
        ({"ngram_C": -1.0}, "'C' parameter of LinearSVC"),
    ],
)
def test_bad_parameters_are_named(settings: dict[str, Any], message: str, data: Any) -> None:
    with pytest.raises(ValueError, match=message):
        ParagraphTypeClassifier(**settings).fit(data.passages, data.labels)


@pytest.mark.parametrize("coverage", [-0.1, 1.1, float("nan")])
def test_bad_coverage(coverage: float, classifier: ParagraphTypeClassifier) -> None:
    with pytest.raises(ValueError, match=r"coverage = .*, must be within 0 and 1"):
        classifier.predict_set(["text"], coverage=coverage)
