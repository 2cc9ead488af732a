"""Scores of attributions, by hand and against the scorer of single spans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.article import Span
from stance.evaluation.attributed import Attributed
from stance.evaluation.attribution import (
    ATTRIBUTION_METRICS,
    attribution_counts,
    attribution_scores,
    coverage,
    overlap,
    paired,
)
from stance.evaluation.official_spans import span_f1


def one(
    *content: tuple[int, int],
    cue: tuple[int, int] | None = None,
    source: tuple[int, int] | None = None,
    quoted: float = 0.0,
) -> Attributed:
    """An attribution whose source is a single word."""
    return Attributed(
        tuple(Span(*span) for span in content),
        (Span(*cue),) if cue else (),
        (Span(*source),) if source else (),
        Span(*source) if source else None,
        quoted,
    )


def scores(
    gold: list[list[Attributed]], found: list[list[Attributed]], groups: list[str] | None = None
) -> dict[str, float]:
    counts = attribution_counts(gold, found, groups=groups or ["a"] * len(gold))
    return {name: float(v[0]) for name, v in attribution_scores(counts.sum(axis=0)[None]).items()}


def test_scores_of_two_paragraphs_by_hand() -> None:
    gold = [
        [
            one((0, 10), (20, 30), cue=(12, 16), source=(17, 19), quoted=1.0),  # hull 0–30
            one((40, 50), cue=(32, 36), source=(37, 39)),
        ],
        [one((0, 20), cue=(22, 26))],  # no source
    ]
    found = [
        [
            one((0, 10), cue=(12, 16), source=(17, 19), quoted=1.0),  # 10 of 30: above 0.3
            one((40, 49), cue=(32, 37), source=(30, 39)),  # 9 of 10: above 0.8; another head
        ],
        [one((0, 20), cue=(22, 26), source=(30, 33)), one((40, 60), quoted=1.0)],
    ]
    by_name = scores(gold, found)
    assert by_name["content_f1"] == pytest.approx(2 * 3 / (3 + 4))
    assert by_name["content_precision"] == pytest.approx(3 / 4)
    assert by_name["content_recall"] == 1.0
    assert by_name["content_f1/over_0.8"] == pytest.approx(2 * 2 / 7)
    assert by_name["content_f1/exact"] == pytest.approx(2 * 1 / 7)
    # Pieces: 0–10 and 40–49 and 0–20 of four true ones and four found ones.
    assert by_name["content_f1/pieces"] == pytest.approx(2 * 3 / 8)
    # 10 of the 30 characters of the first, all of the others' but one.
    assert by_name["content_f1/of_true_0.3"] == pytest.approx(2 * 3 / 7)
    assert by_name["content_f1/of_true_0.8"] == pytest.approx(2 * 2 / 7)
    assert by_name["cue_f1"] == pytest.approx(2 * 2 / 6)  # the last of those found has none
    assert by_name["source_exact"] == by_name["source_head"] == pytest.approx(1 / 2)
    assert by_name["no_source"] == 0.0
    assert by_name["attribution_f1"] == pytest.approx(2 * 1 / 7)
    # The direct one is not found above 0.8: itself and the stray one count as found.
    assert by_name["direct_f1"] == 0.0
    assert by_name["direct_source_head"] == 1.0


def test_direct_counts_only_what_is_direct_or_belongs_to_it() -> None:
    gold = [[one((0, 10), quoted=0.6), one((20, 30), quoted=0.5)]]
    found = [[one((0, 10), quoted=0.2), one((20, 30), quoted=0.9)]]
    # 0–10 is true and found; 20–30 was found and matches what is not direct: neither way.
    assert scores(gold, found)["direct_f1"] == 1.0


def test_head_is_enough_where_the_source_is_not_the_same() -> None:
    gold = Attributed((Span(0, 9),), (), (Span(10, 20),), Span(16, 20))
    found = Attributed((Span(0, 9),), (), (Span(16, 20),), Span(16, 20))
    by_name = scores([[gold]], [[found]])
    assert (by_name["source_exact"], by_name["source_head"]) == (0.0, 1.0)
    assert by_name["attribution_f1"] == 1.0


def test_nothing_to_score_is_no_score() -> None:
    by_name = scores([[]], [[]])
    assert all(np.isnan(value) for value in by_name.values())
    assert list(by_name) == list(ATTRIBUTION_METRICS)


def test_counts_stand_by_article() -> None:
    gold = [[one((0, 5))], [], [one((0, 5))]]
    counts = attribution_counts(gold, gold, groups=["b", "a", "b"])
    assert counts[:, 0].tolist() == [[2, 2, 2], [0, 0, 0]]
    with pytest.raises(ValueError, match="expected as many entries each, got 1, 2 and 1"):
        attribution_counts([[]], [[], []], groups=["a"])


def test_as_many_pairs_as_can_be_before_the_nearest() -> None:
    gold, found = [Span(0, 10), Span(0, 14)], [Span(0, 11), Span(0, 40)]
    # 0–14 is nearest to 0–11 too; paired with it, 0–10 would be left with 0–40 (10 of 40).
    assert paired(gold, found, threshold=0.3) == [(0, 0), (1, 1)]
    assert paired([Span(0, 10)], [Span(0, 9), Span(0, 10)], threshold=0.3) == [(0, 1)]
    assert paired([], [Span(0, 1)], threshold=0.3) == []


def test_overlap_is_of_characters_of_both() -> None:
    assert overlap(Span(0, 10), Span(0, 5)) == 0.5
    assert overlap(Span(0, 4), Span(2, 6)) == pytest.approx(2 / 6)
    assert overlap(Span(0, 4), Span(4, 6)) == 0.0


LISTS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 20)).map(lambda s: Span(s[0], s[0] + s[1])),
    max_size=6,
)


@settings(max_examples=150)
@given(LISTS, LISTS, st.sampled_from([None, 0.3, 0.8]))
def test_numbers_of_pairs_are_those_of_the_span_scorer(
    gold: list[Span], found: list[Span], threshold: float | None
) -> None:
    pairs = paired(gold, found, threshold=threshold)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    expected: Any = span_f1([gold], [found], threshold=threshold)
    assert len(pairs) == expected.parts["n_matched"]
    if threshold is not None:
        covered = paired(gold, found, threshold=threshold, nearness=coverage)
        expected = span_f1([gold], [found], threshold=threshold, overlap="gold")
        assert len(covered) == expected.parts["n_matched"]
