from __future__ import annotations

import pytest

from stance.classifiers.baselines import CueRuleClassifier, MajorityClassifier
from stance.passage import Passage

TYPES = ["disclaimer", "quote", "analysis", "report"]
FURNITURE = "Read also: Storm closes port"
DISCLAIMER = "This article was translated from the local edition."
QUOTE = "“We left because we had to,” she said on Monday."
ANALYSIS = "The plan may well fail because the problem is serious and the risk clear."
REPORT = "The port shut at noon on Monday after a crane fell on two barges."
LINES = [FURNITURE, DISCLAIMER, QUOTE, ANALYSIS, REPORT]


def rules(*labels: str) -> CueRuleClassifier:
    return CueRuleClassifier().fit(["text"] * len(labels), list(labels))


def test_majority_by_hand() -> None:
    found = MajorityClassifier().fit(["a", "b", "c", "d"], ["quote", "report", "report", "x"])
    assert found.classes_.tolist() == ["quote", "report", "x"]
    assert found.predict(["e", "f"]).tolist() == ["report", "report"]
    assert found.predict_proba(["e"]).tolist() == [[0.25, 0.5, 0.25]]


def test_a_tie_goes_to_the_first_label() -> None:
    assert MajorityClassifier().fit(["a", "b"], ["z", "y"]).predict(["c"]).tolist() == ["y"]


def test_every_rule_finds_its_own() -> None:
    found = rules("furniture", *TYPES).predict(LINES).tolist()
    assert found == ["furniture", "disclaimer", "quote", "analysis", "report"]


@pytest.mark.parametrize("silent", ["furniture", "disclaimer", "quote", "analysis"])
def test_rule_of_an_unknown_label_is_silent(silent: str) -> None:
    known = [label for label in ("furniture", *TYPES) if label != silent]
    assert silent not in rules(*known).predict(LINES)


def test_without_report_the_last_of_the_others_is_left() -> None:
    assert rules("quote", "disclaimer").predict([REPORT]).tolist() == ["quote"]
    assert rules("analysis", "quote").predict([REPORT]).tolist() == ["analysis"]


def test_labels_without_a_rule_are_never_predicted() -> None:
    assert rules("quote", "report", "weather").predict(LINES).tolist().count("weather") == 0


def test_a_quotation_left_open_goes_on() -> None:
    passage = Passage("Nobody came, and so we left.”", previous="“We waited all night at the pier.")
    assert rules(*TYPES).predict([passage, REPORT]).tolist() == ["quote", "report"]


def test_what_no_rule_claims_goes_to_the_label_without_one() -> None:
    rules = CueRuleClassifier().fit([QUOTE, REPORT], ["quote", "other"])
    assert rules.predict([QUOTE, REPORT]).tolist() == ["quote", "other"]
