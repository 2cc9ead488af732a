"""What true attributions are like."""

from __future__ import annotations

import pytest

from stance.article import Span
from stance.evaluation.attributed import Attributed
from stance.evaluation.attribution_traits import TRAITS, traits_of


def traits(text: str, *, content: str, cue: str = "", quoted: float = 0.0) -> dict[str, str]:
    def span(words: str) -> tuple[Span, ...]:
        return (Span(text.index(words), text.index(words) + len(words)),) if words else ()

    one = Attributed(span(content), span(cue), quoted=quoted)
    (found,) = traits_of(text, [one], sources_elsewhere=[False], crosses=[False])
    assert all(found[trait] in known for trait, known in TRAITS.items())
    return found


@pytest.mark.parametrize(
    ("text", "cue", "kind"),
    [
        ("The mayor claims it held.", "claims", "a verb or phrase"),
        ("The mayor’s claim that it held.", "claim", "a noun"),
        ("A statement that it held.", "A statement", "a noun"),
        ("In a letter, it held.", "In a letter", "a noun"),
        ("According to Berg, it held.", "According to", "a verb or phrase"),
        ("Officials report that it held.", "report", "a verb or phrase"),
        ("Their fears that it held.", "fears", "a noun"),
        ("“it held”", "", "absent"),
    ],
)
def test_kind_of_cue(text: str, cue: str, kind: str) -> None:
    assert traits(text, content="it held", cue=cue)["cue is"] == kind


def test_place_of_the_cue() -> None:
    text = "Now he says it held."
    assert traits(text, content="it held", cue="says")["cue stands"] == "before"
    assert traits(text, content="Now", cue="says")["cue stands"] == "after"
    assert traits(text, content="Now he says it", cue="says")["cue stands"] == "inside"
    assert traits(text, content="Now")["cue stands"] == "nowhere"


@pytest.mark.parametrize(
    ("n", "value"), [(1, "1 to 5"), (5, "1 to 5"), (6, "6 to 15"), (30, "16 to 30"), (31, "31 or")]
)
def test_length_in_words(n: int, value: str) -> None:
    text = " ".join(["word"] * n)
    assert traits(text, content=text)["words"].startswith(value)


@pytest.mark.parametrize(
    ("quoted", "value"), [(0.0, "indirect"), (0.5, "mixed"), (0.51, "direct"), (1.0, "direct")]
)
def test_quotation(quoted: float, value: str) -> None:
    assert traits("it held", content="it held", quoted=quoted)["quotation"] == value


def test_what_the_offsets_of_others_and_the_corpus_tell() -> None:
    outer, inner = Attributed((Span(0, 9), Span(10, 20))), Attributed((Span(2, 5),))
    alone = Attributed((Span(30, 34),), (), (Span(21, 24),))
    found = traits_of(
        "x" * 40,
        [outer, inner, alone],
        sources_elsewhere=[True, False, False],
        crosses=[False, False, True],
    )
    assert [one["nesting"] for one in found] == ["holds another", "inside another", "alone"]
    assert [one["source"] for one in found] == ["elsewhere", "none", "in the paragraph"]
    assert [one["pieces"] for one in found] == ["several", "one", "one"]
    assert [one["paragraphs"] for one in found] == ["one", "one", "goes on in the next"]
