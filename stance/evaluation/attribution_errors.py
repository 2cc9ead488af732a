"""What goes wrong where attributions are found: each true and each found one in one kind of error.

Contents that overlap by more than 0.8 are right, and their sources are looked at. Of the others,
those that were run together or cut apart are told first; then the nearest are paired one to one,
and each pair is named after the end that is farther off; what is left was missed or invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.article import Span
from stance.evaluation.attributed import Attributed
from stance.evaluation.attribution import STRICT, has_right_source, overlap, paired

KINDS = (
    "right",
    "wrong source",
    "no source",
    "needless source",
    "too long left",
    "too long right",
    "too short left",
    "too short right",
    "merged",
    "split",
    "missed",
    "spurious",
)
"""In the order in which reports tell them. All but the last are kinds of true attributions."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one attribution.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    span : Span
        The content's hull: of the true attribution, or of the one found where it is spurious.
    """

    kind: str
    span: Span


def verdicts(gold: Sequence[Attributed], found: Sequence[Attributed]) -> list[Verdict]:
    """The kind of every true attribution of a paragraph, and of those found that belong to none.

    A content that was found with its source wrong, absent, or given where none is written has the
    kind of its source; both right is ``right``. A true content is *merged* where one that was
    found covers more than half of it and of another, and *split* where more than half of each of
    two that were found lies in it. What was found and is part of a pair, a merger or a split is
    not spurious.

    Examples
    --------
    >>> gold = [Attributed((Span(0, 10),)), Attributed((Span(20, 40),))]
    >>> found = [Attributed((span,)) for span in (Span(0, 10), Span(20, 30), Span(50, 60))]
    >>> [verdict.kind for verdict in verdicts(gold, found)]
    ['right', 'too short right', 'spurious']
    """
    hulls, others = [one.hull for one in gold], [one.hull for one in found]
    kinds: dict[int, str] = {}
    used: set[int] = set()
    for i, j in paired(hulls, others, threshold=STRICT):
        kinds[i] = _source_kind(gold[i], found[j])
        used.add(j)
    left = [i for i in range(len(gold)) if i not in kinds]
    over = [j for j in range(len(found)) if j not in used]
    for i, j in _mergers(hulls, others, left, over):
        kinds[i] = "merged"
        used.add(j)
    for i, j in _splits(hulls, others, left, over):
        kinds.setdefault(i, "split")
        used.add(j)
    left = [i for i in left if i not in kinds]
    over = [j for j in over if j not in used]
    pairs = paired([hulls[i] for i in left], [others[j] for j in over], threshold=0.0)
    for i, j in pairs:
        kinds[left[i]] = _boundary(hulls[left[i]], others[over[j]])
        used.add(over[j])
    told = [Verdict(kinds.get(i, "missed"), span) for i, span in enumerate(hulls)]
    return told + [Verdict("spurious", s) for j, s in enumerate(others) if j not in used]


def _source_kind(gold: Attributed, found: Attributed) -> str:
    if has_right_source(gold, found):
        return "right"
    if not found.source:
        return "no source"
    return "wrong source" if gold.source else "needless source"


def _mergers(
    gold: Sequence[Span], found: Sequence[Span], left: Sequence[int], over: Sequence[int]
) -> Iterator[tuple[int, int]]:
    for j in over:
        covered = [i for i in left if _share(gold[i], found[j]) > 0.5]
        apart = [i for i in covered if any(not overlap(gold[i], gold[k]) for k in covered)]
        yield from ((i, j) for i in apart)


def _splits(
    gold: Sequence[Span], found: Sequence[Span], left: Sequence[int], over: Sequence[int]
) -> Iterator[tuple[int, int]]:
    for i in left:
        inside = [j for j in over if _share(found[j], gold[i]) > 0.5]
        apart = [j for j in inside if any(not overlap(found[j], found[k]) for k in inside)]
        yield from ((i, j) for j in apart)


def _share(part: Span, whole: Span) -> float:
    """How much of ``part`` lies in ``whole``, 0–1."""
    shared = min(part.end, whole.end) - max(part.start, whole.start)
    return max(0, shared) / (part.end - part.start)


def _boundary(gold: Span, found: Span) -> str:
    """The end that is farther off, and on which side of the true one it lies."""
    at_left, at_right = gold.start - found.start, found.end - gold.end
    if abs(at_left) > abs(at_right):
        return "too long left" if at_left > 0 else "too short left"
    return "too long right" if at_right > 0 else "too short right"
