"""Features of a text and a target that is a text too: values counted by hand."""

from math import log

import numpy as np
import pytest

from stance.features.relation import NAMES, Weights, covered, features, learn, longest_run
from stance.features.sentence_index import index_of
from stance.passage import Passage

TEXT = "It rained. The old dam at Lund broke on Friday. Nobody was hurt."


def found(target: str | None, text: str = TEXT) -> dict[str, float]:
    rows = [Passage(text, target=target)]
    values = features(rows, learn(rows))[0].tolist()
    return {
        name.removeprefix("relation "): value for name, value in zip(NAMES, values, strict=True)
    }


def test_shares_and_places_of_the_targets_words() -> None:
    values = found("Dam breaks in Lund")  # dam, break, lund; "broke" is another stem
    assert values["words"] == pytest.approx(2 / 3)
    assert values["words found"] == 2
    assert values["best sentence"] == pytest.approx(values["weight"])
    assert values["first sentence"] == 0
    assert values["best place"] == 0.5
    assert values["first place"] == 4  # it, rained, the, old: four words before "dam"
    assert values["names"] == 1
    assert values["numbers share"] == -1


def test_a_phrase_that_both_have() -> None:
    assert longest_run(index_of("The old dam at Ystad").run, index_of(TEXT)) == 4
    assert found("The old dam at Ystad")["run"] == 4


def test_the_text_itself_has_all_of_its_words() -> None:
    values = found(TEXT)
    assert values["words"] == values["weight"] == pytest.approx(1)
    assert values["cosine"] == pytest.approx(1)
    assert values["weight missing"] == 0


def test_without_a_target_everything_is_zero() -> None:
    rows = [Passage(TEXT), Passage(TEXT, target="of the")]
    assert not features(rows, learn(rows)).any()


def test_rare_words_weigh_more() -> None:
    texts = [Passage("dam dam"), Passage("dam broke"), Passage("broke"), Passage("dam")]
    weights = Weights(learn(texts))
    assert weights("dam") == pytest.approx(log(5 / 4), abs=2e-3)
    assert weights("brok") == pytest.approx(log(5 / 3), abs=2e-3)
    assert weights("never seen") == pytest.approx(log(5), abs=2e-3)


def test_a_text_counts_once_however_many_targets_it_has() -> None:
    once = learn([Passage("the dam"), Passage("a dam")])
    often = learn([Passage("the dam", target=str(i)) for i in range(5)] + [Passage("a dam")])
    assert all(np.array_equal(once[name], often[name]) for name in once)


def test_shares_of_sentences() -> None:
    weights = Weights(learn([Passage(TEXT)]))
    shares = covered(index_of("old dam"), index_of(TEXT), weights)
    assert shares.tolist() == pytest.approx([0, 1, 0])


def test_features_do_not_depend_on_the_batch() -> None:
    rows = [Passage(TEXT, target="Dam in Lund"), Passage("It snowed.", target="Snow"), Passage("")]
    learnt = learn(rows)
    alone = np.vstack([features([row], learnt) for row in rows])
    assert np.array_equal(features(rows, learnt), alone)
