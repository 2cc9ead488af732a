"""Baselines that name voices."""

from __future__ import annotations

from stance.classifiers.baselines_voices import AuthorNamer, LastNamer, NearestNamer, RuleNamer

TEXTS = [
    "Ola Berg met Ida Lund in Sund.",
    "“It held,” Berg told Ida Lund.",
    "“Nobody slept.”",
]
TYPES = ["report", "quote", "quote"]


def names(namer: NearestNamer | LastNamer | AuthorNamer | RuleNamer) -> list[str]:
    return [voice.name for voice in namer.name(TEXTS, TYPES, headline="The dam")]


def test_the_author_has_what_is_no_quote() -> None:
    for namer in (NearestNamer(), LastNamer(), RuleNamer(), AuthorNamer()):
        assert names(namer)[0] == "author"


def test_the_nearest_name_is_the_one_at_the_word_of_speech() -> None:
    assert names(NearestNamer()) == ["author", "Berg", "unnamed source"]


def test_the_last_name_is_carried_on() -> None:
    assert names(LastNamer())[1] == "Ida Lund"
    assert LastNamer().name(["it held"], ["quote"], headline="")[0].name == "unnamed source"


def test_always_the_author() -> None:
    assert names(AuthorNamer()) == ["author"] * 3


def test_the_rules_give_the_canonical_name() -> None:
    assert names(RuleNamer())[1] == "Ola Berg"
