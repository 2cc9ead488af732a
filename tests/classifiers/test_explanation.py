from __future__ import annotations

import re
from math import log
from typing import Any

import pytest

from stance.article import Span
from stance.classifiers.explanation import WORDS_TOGETHER, explain
from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.classifiers.type_scorer import TypeScorer
from stance.passage import Passage


@pytest.fixture(scope="module")
def scorer(data: Any) -> TypeScorer:
    classifier = ParagraphTypeClassifier(n_splits=2, n_rounds=100).fit(data.passages, data.labels)
    return classifier.compile()


@pytest.fixture(scope="module")
def binary(data: Any) -> TypeScorer:
    labels = ["quote" if label == "quote" else "other" for label in data.labels]
    return ParagraphTypeClassifier(n_splits=2, n_rounds=30).fit(data.passages, labels).compile()


def test_reasons_add_up_to_the_log_odds(scorer: TypeScorer, binary: TypeScorer, data: Any) -> None:
    for model in (scorer, binary):
        for passage in (*data.passages[:6], Passage(""), Passage("“…”")):
            found = explain(model, passage)
            proba = dict(zip(model.classes, model.predict_proba([passage])[0], strict=True))
            odds = log(proba[found.label] / proba[found.instead_of])
            assert found.bias + sum(r.weight for r in found.reasons) == pytest.approx(odds)
            assert found.probability == proba[found.label] == max(proba.values())


def test_the_other_label_is_the_likeliest_of_the_rest(scorer: TypeScorer, data: Any) -> None:
    passage = data.passages[0]
    proba = dict(zip(scorer.classes, scorer.predict_proba([passage])[0].tolist(), strict=True))
    first, second = sorted(proba, key=proba.__getitem__, reverse=True)[:2]
    assert (explain(scorer, passage).label, explain(scorer, passage).instead_of) == (first, second)
    asked = explain(scorer, passage, label=second)
    assert (asked.label, asked.instead_of) == (second, first)


def test_strongest_first_and_spans_index_the_text(scorer: TypeScorer, data: Any) -> None:
    for passage in data.passages[:6]:
        reasons = explain(scorer, passage).reasons
        weights = [abs(reason.weight) for reason in reasons]
        assert weights == sorted(weights, reverse=True) and 0 not in weights
        for reason in (reason for reason in reasons if reason.span):
            assert reason.span is not None
            assert passage.text[slice(*reason.span)] == reason.name


def test_a_word_weighs_what_is_lost_without_it(scorer: TypeScorer, data: Any) -> None:
    passage = data.passages[1]
    text, n = passage.text, len(scorer.classes)
    found = explain(scorer, passage)
    at, other = (scorer.classes.index(name) for name in (found.label, found.instead_of))
    inputs = scorer.inputs([passage])

    def odds(words: str) -> float:
        """What the trees make of the passage, were these the words that the n-grams score."""
        changed = inputs.copy()
        changed[:, :n] = scorer.inputs([Passage(words)])[:, :n]
        logits = scorer.logits(changed)[0]
        return float(logits[at] - logits[other])

    weights = {reason.span: reason.weight for reason in found.reasons if reason.span}
    words = [Span(*match.span()) for match in re.finditer(r"\w+", text)]
    assert weights and set(weights) <= set(words)
    for span in words:  # a word that no threshold notices is no reason
        lost = odds(text) - odds(f"{text[: span.start]} {text[span.end :]}")
        assert weights.get(span, 0.0) == pytest.approx(lost, abs=1e-6)


def test_words_together_are_what_the_single_words_leave(scorer: TypeScorer, data: Any) -> None:
    passage, n = data.passages[1], len(scorer.classes)
    found = explain(scorer, passage)
    at, other = (scorer.classes.index(name) for name in (found.label, found.instead_of))
    added = scorer.contributions(scorer.inputs([passage]))[0, :n].sum(axis=0)
    words = [reason for reason in found.reasons if reason.span or reason.name == WORDS_TOGETHER]
    assert sum(r.weight for r in words) == pytest.approx(added[at] - added[other])


def test_what_is_like_a_quote_speaks_for_it(scorer: TypeScorer) -> None:
    found = explain(scorer, Passage("“We will stay,” Ida Lund said."), label="quote")
    assert found.label == "quote" and found.probability > 0.5
    speech = sum(r.weight for r in found.reasons if r.name.startswith("speech"))
    assert speech > 0


def test_very_long_passages_are_explained_too(scorer: TypeScorer) -> None:
    found = explain(scorer, Passage("the pier fell " * 500))
    assert sum(reason.span is not None for reason in found.reasons) <= 400
    assert WORDS_TOGETHER in {reason.name for reason in found.reasons}


def test_model_without_ngrams_has_no_words(data: Any) -> None:
    classifier = ParagraphTypeClassifier(n_splits=2, n_rounds=30, ngrams=False)
    classifier.fit(data.passages, data.labels)
    found = classifier.explain("“We will stay,” Ida Lund said.")
    assert found.reasons and all(reason.span is None for reason in found.reasons)


def test_unknown_label_is_told(scorer: TypeScorer) -> None:
    message = r"unknown label 'qoute', expected of \['analysis', .*did you mean 'quote'\?"
    with pytest.raises(ValueError, match=message):
        explain(scorer, Passage("text"), label="qoute")
