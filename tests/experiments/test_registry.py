from __future__ import annotations

import pytest

from stance.experiments.configs.registry import (
    KINDS,
    build,
    has_seed,
    kinds_of,
    parameter_mistakes,
)


def test_every_kind_can_be_built_without_parameters() -> None:
    for kind in KINDS:
        assert hasattr(build(kind, {}, seed=0), "fit"), kind


def test_every_finder_and_namer_can_be_built_without_parameters() -> None:
    for section, method in (("finder", "find"), ("namer", "name")):
        for kind in kinds_of(section):
            assert hasattr(build(kind, {}, seed=0, section=section), method), kind


def test_a_kind_of_another_section_is_none_of_this() -> None:
    with pytest.raises(ValueError, match=r"namer 'majority': kind must be one of 'rules', "):
        build("majority", {}, seed=0, section="namer")


def test_lists_of_a_config_become_the_tuples_of_the_builder() -> None:
    classifier = build("ngrams", {"char_range": [3, 4], "C": 2}, seed=5)
    assert classifier.char_range == (3, 4)  # type: ignore[attr-defined]
    assert classifier.C == 2.0  # type: ignore[attr-defined]
    assert classifier.random_state == 5  # type: ignore[attr-defined]


def test_given_random_state_is_kept() -> None:
    assert build("ngrams", {"random_state": 1}, seed=5).random_state == 1  # type: ignore[attr-defined]
    assert has_seed("ngrams")


@pytest.mark.parametrize(
    ("parameters", "at", "must_be"),
    [
        ({"C": -1}, ("C",), "> 0.0"),
        ({"C": "x"}, ("C",), "a number"),
        ({"solver": "svn"}, ("solver",), "one of 'logistic', 'svm'; did you mean 'svm'?"),
        ({"char_range": [2]}, ("char_range", 1), "given"),
        ({"char_range": [0, 2]}, ("char_range", 0), ">= 1"),
        ({"min_df": 1.5}, ("min_df",), "a whole number"),
    ],
)
def test_wrong_values_are_named(
    parameters: dict[str, object], at: tuple[str | int, ...], must_be: str
) -> None:
    assert list(parameter_mistakes("ngrams", parameters)) == [(at, must_be)]


def test_building_with_wrong_values_is_refused() -> None:
    with pytest.raises(ValueError, match=r"classifier 'ngrams': C must be > 0\.0"):
        build("ngrams", {"C": 0}, seed=0)
    with pytest.raises(ValueError, match=r"kind must be one of .* did you mean 'ngrams'"):
        build("ngram", {}, seed=0)
