"""Ties: which of several models no test tells apart, as letters that they share."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_letters


def tie_letters(n: int, different: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """Letters such that two items share one exactly if they were not told apart.

    "Not told apart" is no equivalence: a and b may be tied, and b and c, while a is better than c.
    So an item may carry several letters, and no partition into groups would do.

    Parameters
    ----------
    n : int
        Items, the best first.
    different : iterable of (int, int)
        Pairs of items that differ.

    Returns
    -------
    tuple of str, length n
        ``"a"`` is the group of the first item; more than 52 groups go on with ``(53)``.

    References
    ----------
    H.-P. Piepho, 2004, "An algorithm for a letter-based representation of all-pairwise
    comparisons", doi:10.1198/1061860043515 (insert and absorb).

    Examples
    --------
    >>> tie_letters(3, [(0, 2)])
    ('a', 'ab', 'b')
    >>> tie_letters(2, []), tie_letters(2, [(0, 1)])
    (('a', 'a'), ('a', 'b'))
    """
    groups = [frozenset(range(n))]
    for first, second in different:
        split: list[frozenset[int]] = []
        for group in groups:
            is_split = first in group and second in group
            split += [group - {first}, group - {second}] if is_split else [group]
        groups = [group for group in dict.fromkeys(split) if not any(group < o for o in split)]
    groups.sort(key=sorted)
    named = [(_letter(i), group) for i, group in enumerate(groups)]
    return tuple("".join(letter for letter, group in named if i in group) for i in range(n))


def _letter(i: int) -> str:
    return ascii_letters[i] if i < len(ascii_letters) else f"({i + 1})"
