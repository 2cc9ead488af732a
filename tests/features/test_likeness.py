from __future__ import annotations

import numpy as np
import pytest

from stance.features.likeness import NAMES, features
from stance.passage import Passage


def named(passage: Passage) -> dict[str, float]:
    return {
        name.removeprefix("likeness "): value
        for name, value in zip(NAMES, features([passage])[0].tolist(), strict=True)
    }


def test_the_same_words_are_as_like_as_can_be() -> None:
    row = named(Passage("school lunches", target="School lunches"))
    for name in ("text", "near", "closest mean", "closest least", "closest most", "window"):
        assert row[name] == pytest.approx(1, abs=1e-4) or name == "window"
    assert (row["same words"], row["like words"], row["target words"]) == (1, 1, 2)


def test_shares_of_spelling_by_hand() -> None:
    row = named(Passage("Schools close.", target="school lunches"))
    assert (row["same words"], row["like words"]) == (0, 0.5)


def test_another_topic_is_less_like() -> None:
    text = "Teachers say that pupils learn more in small classes."
    near, far = (named(Passage(text, target=t)) for t in ("education", "nuclear weapons"))
    for name in ("text", "near", "closest mean", "closest five", "word", "window"):
        assert near[name] > far[name]


def test_nothing_to_compare_is_zero_and_finite() -> None:
    for passage in (Passage("Rain."), Passage("", target="rain"), Passage("雨", target="雨")):
        row = named(passage)
        assert np.isfinite(list(row.values())).all()
        assert row["closest most"] == 0
