from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from stance.experiments.reports.ties import tie_letters


def test_nothing_different_is_one_group() -> None:
    assert tie_letters(4, []) == ("a", "a", "a", "a")


def test_all_different_share_nothing() -> None:
    assert tie_letters(3, combinations(range(3), 2)) == ("a", "b", "c")


def test_middle_that_is_tied_with_both_ends_has_both_letters() -> None:
    assert tie_letters(4, [(0, 2), (0, 3), (1, 3)]) == ("a", "ab", "bc", "c")


def test_alphabet_that_is_used_up_goes_on() -> None:
    letters = tie_letters(54, combinations(range(54), 2))
    assert letters[51:] == ("Z", "(53)", "(54)")


@given(st.integers(1, 7), st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_two_share_a_letter_exactly_if_they_were_not_told_apart(
    n: int, drawn: set[tuple[int, int]]
) -> None:
    different = {(i, j) for i, j in drawn if i < j < n}
    letters = tie_letters(n, sorted(different))
    for i, j in combinations(range(n), 2):
        assert bool(set(letters[i]) & set(letters[j])) == ((i, j) not in different)
    assert all(letters)
