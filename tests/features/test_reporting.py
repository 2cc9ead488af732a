"""Reporting words by place: counted by hand."""

import numpy as np

from stance.features.reporting import LISTS, NAMES, features, learn, signals
from stance.passage import Passage


def found(text: str, target: str | None) -> dict[str, float]:
    rows = [Passage(text, target=target)]
    values = features(rows, learn(rows))[0].tolist()
    return {n.removeprefix("reporting "): v for n, v in zip(NAMES, values, strict=True)}


def test_signals_by_place() -> None:
    values = found("The dam broke, posts say. Lund denied it. It rained.", "Dam breaks?")
    assert values["target question"] == 1
    assert values["best report"] == 1  # "say"; "posts" is in no list
    assert values["best refute"] == 0
    assert values["beside refute"] == 1
    assert values["first refute"] == 1
    assert abs(values["share refute"] - 1 / 3) < 1e-6


def test_negation_reaches_four_words() -> None:
    counts = signals("It was not really any fake. It is not that all of this was fake.")
    names = [*LISTS, "refute negated"]
    assert counts[:, names.index("refute negated")].tolist() == [1, 0]


def test_target_and_text_that_refute_together() -> None:
    both = found("The dam story is a hoax.", "Dam story was fake")
    one = found("The dam story is a hoax.", "Dam breaks in Lund story")
    assert both["agreement"] > 0
    assert both["refuted in one"] == 0
    assert one["agreement"] == 0
    assert one["refuted in one"] == 1


def test_words_of_the_text_count_without_a_target() -> None:
    assert found("It is a hoax.", None)["density hoax"] > 0


def test_no_list_holds_a_word_twice() -> None:
    for name, words in LISTS.items():
        assert len(set(words.split())) == len(words.split()), name


def test_features_do_not_depend_on_the_batch() -> None:
    rows = [Passage("A hoax, they say.", target="Hoax"), Passage("", target="x"), Passage("Yes.")]
    learnt = learn(rows)
    alone = np.vstack([features([row], learnt) for row in rows])
    assert np.array_equal(features(rows, learnt), alone)
