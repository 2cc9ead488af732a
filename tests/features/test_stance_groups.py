from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.features import sides, target, utterance
from stance.features import stance as registry
from stance.features.addressing import is_addressed
from stance.features.stance import GROUPS, feature_names, learnt_by, stance_features
from stance.features.views import NOTHING, VIEWS, view
from stance.passage import Passage

ONE = Passage("The council praised Ida Lund on Monday.", target="Ida Lund")
OURS = ("target", "opinion", "speech", "sides")


def grammar(text: str, **more: object) -> dict[str, float]:
    row = target.features([Passage(text, target="Lund", **more)])[0]  # type: ignore[arg-type]
    return dict(zip(target.NAMES, row.tolist(), strict=True))


def test_subject_object_and_preposition() -> None:
    assert grammar("Lund was late.")["target subject"] == 1
    assert grammar("We met Lund.")["target object"] == 1
    row = grammar("A vote against Lund failed.")
    assert row["target after preposition"] == row["target after against"] == 1


def test_possessive_apposition_and_title() -> None:
    assert grammar("Lund's plan failed.")["target possessive"] == 1
    assert grammar("Lund, the mayor, left.")["target apposition"] == 1
    assert grammar("They met Mayor Lund.")["target after title"] == 1


def test_shares_over_several_mentions() -> None:
    assert grammar("Lund was late, so we left Lund.")["target object"] == 0.5


def test_other_names_and_their_distance() -> None:
    row = grammar("We saw Lund with Aske.")
    assert row["target other after"] == 1 and row["target other before"] == 0
    assert row["target distance to other"] == 0.5


def test_a_target_that_is_not_there() -> None:
    row = grammar("It rained.", headline="Lund resigns")
    assert row["target none"] == 1 and row["target in headline"] == 1
    assert row["target subject"] == 0


def test_voice_and_target() -> None:
    row = grammar("Aske met Lund.", voice="Aske")
    assert row["voice given"] == 1 and row["voice before target"] == 1
    assert row["voice distance"] == 0.5 and row["voice same clause"] == 1
    assert grammar("Lund left.", voice="Lund")["voice is target"] == 1


def test_who_speaks() -> None:
    def named(text: str) -> dict[str, float]:
        row = utterance.features([Passage(text, target="Lund")])[0]
        return dict(zip(utterance.NAMES, row.tolist(), strict=True))

    row = named("“Aske lied to us all,” Lund said.")
    assert row["utterance target speaks"] == row["utterance speaks say"] == 1
    row = named("“Lund lied to us all about the pier,” Aske said.")
    assert row["utterance target quoted"] == row["utterance others speak"] == 1


def test_camps() -> None:
    def named(voice: str, about: str) -> dict[str, float]:
        row = sides.features([Passage("", target=about, voice=voice)])[0]
        return dict(zip(sides.NAMES, row.tolist(), strict=True))

    assert named("Republicans", "Nancy Pelosi")["sides other camp"] == 1
    assert named("House Democrats", "Barack Obama")["sides same camp"] == 1
    assert not any(named("Ida Lund", "Per Aske").values())


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("The ferry sank.", "night ferries", True),
        ("It was drained.", "the draining", True),
        ("It rained.", "night ferries", False),
        ("It rained.", None, False),
    ],
)
def test_addressed(text: str, name: str | None, found: bool) -> None:
    assert is_addressed(Passage(text, target=name)) is found


def test_a_mention_is_an_address() -> None:
    assert is_addressed(Passage("It rained.", target="ferries", mentions=(Span(0, 2),)))


@pytest.mark.parametrize("name", OURS)
def test_a_group_gives_a_column_for_every_name(name: str) -> None:
    rows = stance_features([ONE, Passage("")], [name])
    assert rows.shape == (2, len(feature_names([name]))) and rows.dtype == np.float32
    assert len(set(feature_names([name]))) == rows.shape[1]
    assert stance_features([], [name]).shape == (0, rows.shape[1])


def test_groups_stand_side_by_side() -> None:
    both = stance_features([ONE], ["opinion", "target"])
    assert (both == np.hstack([stance_features([ONE], [n]) for n in ("opinion", "target")])).all()


def test_an_unknown_group_is_told_with_the_closest() -> None:
    with pytest.raises(ValueError, match=r"unknown feature group 'opinon'.*did you mean 'opinion'"):
        stance_features([ONE], ["opinon"])


def test_a_group_may_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    learning = SimpleNamespace(
        NAMES=("length",),
        learn=lambda passages: {"mean": np.array([np.mean([len(p.text) for p in passages])])},
        features=lambda passages, learnt: np.array(
            [[len(p.text) / learnt["mean"][0]] for p in passages], np.float32
        ),
    )
    monkeypatch.setattr(registry, "group", lambda name: learning)
    learnt = learnt_by(["length"], [Passage("ab"), Passage("abcd")])
    assert stance_features([Passage("abc")], ["length"], learnt).tolist() == [[1.0]]
    with pytest.raises(ValueError, match="'length': expected what it has learnt, got nothing"):
        stance_features([Passage("abc")], ["length"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("text", "the council praised ttarget on monday ."),
        ("left", "the council praised ttarget"),
        ("right", "ttarget on monday ."),
        ("clause", "the council praised ttarget on monday ."),
        ("names", "t_ida t_lund tt_ida_lund"),
        ("patterns", "praised_patient v_praise_patient good_patient"),
        ("context", NOTHING),
    ],
)
def test_views(name: str, text: str) -> None:
    assert view(name).make(ONE) == text


def test_words_near_the_target_carry_their_place() -> None:
    words = view("near").make(ONE).split()
    assert {"l1_praised", "l_praised", "r1_on", "lr_praised_on"} <= set(words)


def test_names_of_voice_and_target_are_paired() -> None:
    words = view("names").make(Passage("", target="Lund", voice="Per Aske")).split()
    assert {"t_lund", "v_per", "p_lund_aske", "pp_lund_per_aske"} <= set(words)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_shows_something_of_nothing(name: str) -> None:
    assert view(name).make(Passage("")) == NOTHING


@pytest.mark.parametrize("name", ["text", "left", "right", "clause", "near", "patterns", "context"])
def test_most_views_never_show_the_target(name: str) -> None:
    assert "lund" not in view(name).make(ONE).lower()


def test_an_unknown_view_is_told_with_the_closest() -> None:
    with pytest.raises(ValueError, match=r"unknown view 'txt'.*did you mean 'text'"):
        view("txt")


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_passage_has_views_and_features(text: str, name: str) -> None:
    one = Passage(text, target=name)
    assert all(VIEWS[key].make(one) for key in VIEWS)
    assert np.isfinite(stance_features([one], ["target", "sides"])).all()


def test_every_group_is_found() -> None:
    assert set(OURS) <= set(GROUPS)
