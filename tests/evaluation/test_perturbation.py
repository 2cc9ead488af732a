from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.evaluation.edits import apply_edits, moved, rewriter
from stance.evaluation.perturbation import (
    PERTURBATIONS,
    expected_of,
    flip_score,
    is_asked,
    perturbed,
)
from stance.passage import Passage


def after(name: str, text: str) -> str:
    return perturbed([Passage(text)], name)[0].text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("marks", "“Go,” she said. “Now.”", "«Go,» she said. «Now.»"),
        ("marks", '"Go," she said.', "«Go,» she said."),
        ("marks", "«Go», she said.", "“Go”, she said."),
        ("marks", "“Go, she said.", "«Go, she said."),
        ("marks", "Nobody spoke.", "Nobody spoke."),
        ("unclosed", "“Go,” she said. “Now.”", "“Go,” she said. “Now."),
        ("unclosed", "She left.", "She left."),
        ("typography", "It’s “late” – very…", 'It\'s "late" - very...'),
        ("typography", 'It\'s "late".', "It’s “late”."),
        ("typography", "It is late.", "It is late."),
        ("case", "The Port of Tarn", "the port of tarn"),
        ("negation", "The port is closed.", "The port is not closed."),
        ("negation", "The port closed.", "It is not true that The port closed."),
        ("negation", "It is not closed, it was sold.", "It is not closed, it was not sold."),
        ("names", "It was Ola Berg.", "It was Ola Berg."),
    ],
)
def test_what_each_perturbation_does(name: str, text: str, expected: str) -> None:
    if name == "names":
        assert after(name, text) != expected
        assert after(name, text).startswith("It was ")
    else:
        assert after(name, text) == expected


def test_typos_swap_neighbouring_letters_inside_words_and_always_alike() -> None:
    text = "Fishermen of the northern harbour complained about inspections on Tuesday"
    changed = after("typos", text)
    assert changed != text
    assert sorted(changed) == sorted(text)
    assert len(changed.split()) == len(text.split())
    assert changed == after("typos", text)
    for old, new in zip(text.split(), changed.split(), strict=True):
        assert (old[0], old[-1]) == (new[0], new[-1])


def test_people_keep_one_new_name_throughout_their_article() -> None:
    first = Passage("The mayor, Maud Pellew, left.", following="Pellew was tired.", group="a")
    second = Passage("Pellew was tired. The Ministry of Ports was not.", group="a")
    other = Passage("Pellew is a village.", group="b")
    new = perturbed([first, second, other], "names")
    name = new[1].text.split()[0]
    assert name != "Pellew"
    assert name in new[0].text
    assert new[0].following == f"{name} was tired."
    assert "The Ministry of Ports was not." in new[1].text
    assert new[2] == other  # another article, where nobody has this name


def test_mentions_and_target_move_along() -> None:
    text = "“Go,” said Maud Pellew… of the quay."
    at = text.index("Maud")
    passage = Passage(text, target="Maud Pellew", mentions=(Span(at, at + 11),), group="a")
    plain = perturbed([passage], "typography")[0]
    assert plain.text[slice(*plain.mentions[0])] == "Maud Pellew"
    passage = Passage(
        "It was, said Maud Pellew, late.", target="Maud Pellew", mentions=(Span(13, 24),)
    )
    renamed = perturbed([passage], "names")[0]
    assert renamed.target is not None
    assert renamed.target != "Maud Pellew"
    assert renamed.text[slice(*renamed.mentions[0])] == renamed.target


@given(st.sampled_from(sorted(PERTURBATIONS)), st.text(max_size=80), st.data())
def test_edits_stand_in_order_and_stretches_stay_inside(
    name: str, text: str, data: st.DataObject
) -> None:
    edits = rewriter(name, [text])(text)
    changed = apply_edits(text, edits)
    ends = [0, *(place for edit in edits for place in (edit.start, edit.end)), len(text)]
    assert ends == sorted(ends)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = moved(Span(start, end), edits)
    assert 0 <= span.start <= span.end <= len(changed)


def test_negation_turns_a_stance_and_leaves_a_type() -> None:
    assert expected_of("negation", ("favor", "against", "neutral")) == "change"
    assert expected_of("negation", ("quote", "report")) == "stay"
    assert expected_of("typos", ("favor", "against")) == "stay"


def test_only_changed_passages_are_asked_and_sides_where_they_shall_turn() -> None:
    old = [Passage("a"), Passage("b"), Passage("c")]
    new = [Passage("a"), Passage("B"), Passage("C")]
    before = ["favor", "favor", "neutral"]
    assert is_asked(old, new, before, expected="stay").tolist() == [False, True, True]
    assert is_asked(old, new, before, expected="change").tolist() == [False, True, False]


def test_flips_by_hand() -> None:
    before = ["quote", "quote", "report", "report", None]
    after_ = ["quote", "report", "report", "quote", None]
    truth = ["quote", "report", "report", "report", "quote"]
    score = flip_score(before, after_, truth, groups=["a", "a", "b", "b", "b"], n_resamples=100)
    assert (score.n_passages, score.n_groups) == (5, 2)
    assert score.changed.value == pytest.approx(2 / 5)
    assert score.before.value == pytest.approx(3 / 5)
    assert score.after.value == pytest.approx(3 / 5)
    assert {label: (e.value, n) for label, (e, n) in score.labels.items()} == {
        "quote": (0.5, 2),
        "report": (0.5, 2),
    }
    assert score.changed.low is not None


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match="perturbation 'noise', must be one of marks, unclosed"):
        perturbed([Passage("a")], "noise")
    with pytest.raises(ValueError, match=r"got \[1, 2, 1, 1\]"):
        flip_score(["a"], ["a", "b"], ["a"], groups=["g"])
