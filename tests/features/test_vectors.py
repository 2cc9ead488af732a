from __future__ import annotations

import numpy as np
import pytest

from stance.features.vectors import NAMES, closeness, directions, features, words_of
from stance.passage import Passage


def test_hashtags_are_cut_at_capitals() -> None:
    assert words_of("#SaveOURSeas #savetheseas It’s 2015") == (
        *("save", "our", "seas", "savetheseas", "it's", "2015"),
    )


def test_a_long_text_is_read_to_its_four_hundredth_word() -> None:
    assert len(words_of("sea " * 1000)) == 400


def test_directions_have_length_one_or_none() -> None:
    known = directions(Passage("The dam broke.", target="dams"))
    assert [float(np.linalg.norm(one)) for one in known] == pytest.approx([1, 1, 1])
    target, near, text = directions(Passage("The dam broke."))
    assert not target.any() and not near.any() and text.any()
    assert not any(one.any() for one in directions(Passage("")))


def test_what_stands_near_is_of_the_target_and_not_of_the_whole() -> None:
    tail = " The orchestra played a waltz, and the dancers liked the music and the wine." * 3
    _, near, text = directions(Passage("Cheap bread hurts bakers." + tail, target="bakeries"))
    alone = directions(Passage("Cheap bread hurts bakers.", target="bakeries"))[2]
    assert near @ alone > text @ alone


def test_rows_do_not_depend_on_the_others() -> None:
    one, two = Passage("The dam broke.", target="dams"), Passage("Rain.", target="weather")
    both = features([one, two])
    assert both.shape == (2, len(NAMES)) and both.dtype == np.float32
    assert np.array_equal(both, np.vstack([features([one]), features([two])]))
    assert features([]).shape == (0, len(NAMES))


def test_closeness_is_one_for_the_same_word_and_zero_without_target() -> None:
    assert closeness(Passage("dams burst", target="Dams"))[0] == pytest.approx(1, abs=1e-5)
    assert closeness(Passage("dams burst")).tolist() == [0, 0]
    assert closeness(Passage("", target="dams")).shape == (0,)
