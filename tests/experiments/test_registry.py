from __future__ import annotations

import pytest

from stance.experiments.configs.registry import (
    KINDS,
    build,
    has_seed,
    kinds_of,
    parameter_mistakes,
)

# What nobody can guess: an endpoint of the user's, or what shall be mixed or taught.
REQUIRED = {
    "distilled": {"student": {"kind": "ngrams"}, "teacher": {"kind": "accurate"}},
    "llm": {"base_url": "http://localhost:8000/v1", "model": "small"},
    "stacked": {"members": [{"kind": "majority"}, {"kind": "cue_rules"}]},
}


def test_every_kind_can_be_built_without_parameters() -> None:
    for kind in KINDS:
        assert hasattr(build(kind, REQUIRED.get(kind, {}), seed=0), "fit"), kind


def test_a_kind_that_needs_an_endpoint_says_so() -> None:
    with pytest.raises(ValueError, match="'llm': base_url must be given; model must be given"):
        build("llm", {}, seed=0)
    with pytest.raises(ValueError, match="base_url must be an http or https address without name"):
        build("llm", {"base_url": "http://me:secret@host/v1", "model": "m"}, seed=0)


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


def test_members_of_a_stack_are_built_with_its_seed() -> None:
    members = [{"kind": "ngrams", "C": 2}, {"kind": "accurate", "task": "type"}]
    stack = build("stacked", {"members": members, "held_out": 0.2}, seed=5)
    first, second = stack.members
    assert (first.C, first.random_state) == (2.0, 5)
    assert (second.task, second.model) == ("type", "accurate")
    assert (stack.held_out, stack.random_state) == (0.2, 5)


@pytest.mark.parametrize(
    ("members", "at", "must_be"),
    [
        ([{"kind": "ngrams", "C": -1}], ("members", 0, "C"), "> 0.0"),
        ([{"kind": "ngrams"}, {}], ("members", 1, "kind"), "given"),
        ([{"kind": "stacked"}], ("members", 0, "members"), "given"),
    ],
)
def test_mistakes_of_members_are_named_with_their_place(
    members: object, at: tuple[str | int, ...], must_be: str
) -> None:
    assert (at, must_be) in list(parameter_mistakes("stacked", {"members": members}))


def test_student_and_teacher_are_built_with_the_seed() -> None:
    both = {"student": {"kind": "stance", "C": 0.1}, "teacher": {"kind": "accurate"}}
    distilled = build("distilled", {**both, "corpora": ["wikinews_en"]}, seed=5)
    assert (distilled.student.C, distilled.student.random_state) == (0.1, 5)
    assert (distilled.teacher.task, distilled.corpora) == ("stance", ["wikinews_en"])
    assert distilled.random_state == 5


@pytest.mark.parametrize(
    ("parameters", "at", "must_be"),
    [
        ({"student": {"kind": "ngrams", "C": -1}}, ("student", "C"), "> 0.0"),
        ({"student": {}}, ("student", "kind"), "given"),
        ({"student": {"kind": "ngrams"}}, ("teacher",), "given"),
        ({"teacher": "accurate"}, ("teacher",), "a section"),
        ({"min_confidence": 2}, ("min_confidence",), "<= 1.0"),
    ],
)
def test_mistakes_of_student_and_teacher_are_named_with_their_place(
    parameters: dict[str, object], at: tuple[str | int, ...], must_be: str
) -> None:
    found = list(parameter_mistakes("distilled", parameters))
    assert any(place == at and told.startswith(must_be) for place, told in found), found


@pytest.mark.parametrize("members", [[], None, ["ngrams"], "ngrams"])
def test_members_that_are_none_are_refused(members: object) -> None:
    with pytest.raises(ValueError, match=r"classifier 'stacked': members.* must be"):
        build("stacked", {"members": members}, seed=0)
