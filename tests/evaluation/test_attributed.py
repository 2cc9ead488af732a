"""Attributions as they are scored: offsets, heads, shares of quotation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.evaluation.attributed import Attributed, attributed, decoded, encoded, head_of, hull
from stance.quotes.spans import AttributedSpans

TEXT = "“It held,” said Ola Berg, the mayor. “Nobody slept.”"


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("source", "head"),
    [
        ("Ola Berg", "Berg"),
        ("Ola Berg, the mayor", "Berg"),
        ("the mayor of Sund", "mayor"),
        ("two officials who asked for silence", "officials"),
        ("a spokesman for the Harbour Board", "spokesman"),
        ("the port’s own engineers", "engineers"),
        ("the mayor’s", "mayor"),
        ("his wife's", "wife"),
        ("Berg — the mayor", "Berg"),
        ("the co-founder (of two)", "co-founder"),
        ("of Sund", "Sund"),
        ("U.S. officials", "officials"),
        ("she", "she"),
    ],
)
def test_head_is_the_last_word_before_what_follows_a_head(source: str, head: str) -> None:
    text = f"Then {source} said so."
    assert text[slice(*head_of(text, span(text, source)))] == head


def test_a_source_without_a_word_is_its_own_head() -> None:
    assert head_of("… said", Span(0, 1)) == Span(0, 1)


def test_what_is_scored_of_an_article() -> None:
    said = AttributedSpans(
        (span(TEXT, "“Nobody slept.”"), span(TEXT, "“It held,”")),
        (span(TEXT, "said"),),
        (span(TEXT, "Ola Berg, the mayor"),),
    )
    ((one,),) = attributed([TEXT], [[said]])
    assert one.content == (Span(0, 10), span(TEXT, "“Nobody slept.”"))  # in order
    assert one.hull == Span(0, len(TEXT)) == hull(one.content)
    assert one.head == span(TEXT, "Berg")
    assert (one.quoted, one.is_direct) == (1.0, True)


def test_share_of_quotation_counts_characters() -> None:
    text = "They were “rather lucky”."
    ((one,),) = attributed([text], [[AttributedSpans((Span(0, 24),))]])
    assert one.quoted == pytest.approx(14 / 24)
    assert one.is_direct
    ((less,),) = attributed([text], [[AttributedSpans((Span(0, 17),))]])
    assert less.quoted == pytest.approx(7 / 17)
    assert not less.is_direct


def test_a_quotation_goes_on_from_the_paragraph_before() -> None:
    texts = ["“It held.", "Nobody slept,” she said."]
    found = attributed(texts, [[], [AttributedSpans((Span(0, 14),))]])
    assert found[1][0].quoted == 1.0


def test_white_space_and_what_lies_outside_are_cut_off() -> None:
    text = " It held. "
    ((one,),) = attributed([text], [[AttributedSpans((Span(0, 30),), (Span(8, 90),))]])
    assert (one.content, one.cue, one.head) == ((Span(1, 9),), (Span(8, 9),), None)
    assert attributed([text], [[AttributedSpans((Span(9, 10),))]]) == [()]


def test_every_paragraph_must_have_an_entry() -> None:
    with pytest.raises(ValueError, match="expected 2 paragraphs' attributions, got 1"):
        attributed(["a", "b"], [[]])


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda s: Span(*s)))


@given(SPANS, SPANS, st.none() | st.integers(0, 9).map(lambda i: Span(i, i + 3)))
def test_what_is_written_is_read(
    content: list[Span], source: list[Span], head: Span | None
) -> None:
    rows = (Attributed(tuple(content), (), tuple(source), head, 0.25),) * 2
    assert decoded(encoded(rows)) == rows
    assert decoded(encoded([])) == ()


@pytest.mark.parametrize("line", ["", "quote", "[1]", "[[[],[]]]", "[[[[1]],[],[],null,0]]"])
def test_a_line_that_is_no_attribution_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="expected attributions as JSON, got"):
        decoded(line)
