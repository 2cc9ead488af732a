from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from stance.features.issue import NAMES, features
from stance.features.issue_words import CLASSES, classes_of
from stance.passage import Passage


def named(text: str, target: str | None = None) -> dict[str, float]:
    row = features([Passage(text, target=target)])[0]
    return dict(zip(NAMES, row.tolist(), strict=True))


def test_shares_by_hand() -> None:
    row = named("They fabricated it all")
    assert row["issue denial all"] == pytest.approx(1 / sqrt(4))
    assert row["issue denial near"] == 0


def test_a_negator_reaches_three_words() -> None:
    assert named("no proof of a hoax")["issue denial negated"] == 0
    assert named("this is not a hoax")["issue denial negated"] > 0


def test_classes_near_the_target_are_told_from_others() -> None:
    text = "The vaccine works well and nobody here had any doubts, but the weather was a disaster."
    row = named(text, "vaccination")
    assert row["issue harm all"] > 0
    assert row["issue harm near"] == 0


def test_what_a_target_says_of_itself() -> None:
    assert named("Yes.", "ban on hunting")["issue target turns"] == 1
    assert named("Yes.", "corruption")["issue target bad"] > 0
    assert named("Yes.")["issue target classes"] == 0


def test_tone_by_hand() -> None:
    row = named("@lund WHY #now #here? Really?! http://a.b :(")
    counts = {"hashtags": 2, "addressed first": 1, "questions": 2, "exclamations": 1, "links": 1}
    for name, n in counts.items():
        assert row[f"tone {name}"] == pytest.approx(log(1 + n))
    assert row["tone capitals"] == pytest.approx(log(2))


def test_good_and_bad_words_turn_behind_a_negator() -> None:
    assert named("a brave plan")["issue opinion sum"] > 0
    assert named("not a brave plan")["issue opinion sum"] < 0


def test_beginnings_of_words_count() -> None:
    names = list(CLASSES)
    assert "harm" in [names[i] for i in classes_of("catastrophic")]
    assert classes_of("zyx") == ()


def test_rows_are_finite_for_any_shape_of_text() -> None:
    texts = ["", "!", "a", "one two three", "word " * 900]
    rows = features([Passage(text, target="taxes") for text in texts])
    assert rows.shape == (len(texts), len(NAMES))
    assert np.isfinite(rows).all()
