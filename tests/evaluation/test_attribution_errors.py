"""Each attribution in one kind of error."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.evaluation.attributed import Attributed
from stance.evaluation.attribution_errors import KINDS, verdicts


def at(start: int, end: int, source: int | None = None) -> Attributed:
    """A content, with a source of two letters or none."""
    span = None if source is None else Span(source, source + 2)
    return Attributed((Span(start, end),), (), (span,) if span else (), span)


def kinds(gold: list[Attributed], found: list[Attributed]) -> list[str]:
    return [verdict.kind for verdict in verdicts(gold, found)]


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (at(20, 40, 50), "right"),
        (at(20, 38, 50), "right"),
        (at(20, 40, 60), "wrong source"),
        (at(20, 40), "no source"),
        (at(10, 40, 50), "too long left"),
        (at(20, 49, 50), "too long right"),
        (at(26, 40, 50), "too short left"),
        (at(20, 31, 50), "too short right"),
        (at(10, 44, 50), "too long left"),
        (at(39, 90, 50), "too long right"),
    ],
)
def test_kind_of_a_pair(found: Attributed, kind: str) -> None:
    assert kinds([at(20, 40, 50)], [found]) == [kind]


def test_source_where_none_is_written() -> None:
    assert kinds([at(0, 9)], [at(0, 9, 20)]) == ["needless source"]
    assert kinds([at(0, 9)], [at(0, 9)]) == ["right"]


def test_missed_and_spurious() -> None:
    told = verdicts([at(0, 9)], [at(20, 30)])
    assert [(one.kind, one.span) for one in told] == [
        ("missed", Span(0, 9)),
        ("spurious", Span(20, 30)),
    ]


def test_two_contents_in_one_are_merged() -> None:
    assert kinds([at(0, 10), at(12, 30)], [at(0, 30)]) == ["merged", "merged"]
    # Above 0.8 the larger is right all the same; the smaller was missed.
    assert kinds([at(0, 3), at(4, 30)], [at(0, 30)]) == ["missed", "right"]


def test_nested_contents_are_not_merged() -> None:
    assert kinds([at(0, 40), at(10, 30)], [at(0, 30)]) == ["too short right", "missed"]


def test_one_content_in_two_is_split() -> None:
    assert kinds([at(0, 30)], [at(0, 14), at(16, 30)]) == ["split"]


class TestAnyAttributions:
    spans = st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 25)).map(lambda s: at(s[0], sum(s))),
        max_size=6,
    )

    @given(spans, spans)
    def test_every_true_one_has_one_kind(
        self, gold: list[Attributed], found: list[Attributed]
    ) -> None:
        told = Counter(kinds(gold, found))
        assert set(told) <= set(KINDS)
        assert sum(told.values()) - told["spurious"] == len(gold)
        assert told["spurious"] <= len(found)
        assert kinds(gold, gold).count("right") == len(gold)
