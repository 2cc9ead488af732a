"""Scores of attributions: spans found, and their sources, from counts that articles contribute.

Two attributions are the same where their contents overlap enough; each is matched to one other at
most. A content in several pieces counts as one stretch, from its first character to its last
(``hull``): an attribution is one thing, however often its cue interrupts it. ``content_f1/pieces``
counts every piece by itself.

References
----------
S. Pareti, T. O'Keefe, I. Konstas, J. R. Curran and I. Koprinska, 2013, "Automatically detecting and
attributing indirect quotations", EMNLP, https://aclanthology.org/D13-1101 (exact and partial
overlap of contents). F. T. Asr et al., 2021, "The Gender Gap Tracker",
doi:10.1371/journal.pone.0245533 (contents at an overlap above 0.3 and 0.8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.evaluation.attributed import Attributed, hull
from stance.evaluation.metrics import Floats, Metric, group_codes

Rows = Sequence[Sequence[Attributed]]

LOOSE, STRICT = 0.3, 0.8
"""Overlaps above which two contents are the same."""

_ROWS = (
    "content/over_0.3",
    "content/over_0.8",
    "content/exact",
    "pieces/over_0.3",
    "gold/over_0.3",
    "gold/over_0.8",
    "cue/exact",
    "source/exact",
    "source/head",
    "no_source",
    "attribution",
    "direct/over_0.8",
    "direct/head",
)
"""Rows of the counts. Columns: matched, true, found; or for shares: right, asked, nothing."""


def overlap(a: Span, b: Span) -> float:
    """Shared characters over those of both together (Jaccard), 0–1.

    Examples
    --------
    >>> overlap(Span(0, 10), Span(5, 15)), overlap(Span(0, 10), Span(10, 15))
    (0.3333333333333333, 0.0)
    """
    shared = min(a.end, b.end) - max(a.start, b.start)
    if shared <= 0:
        return 0.0
    return shared / (max(a.end, b.end) - min(a.start, b.start))


def coverage(gold: Span, found: Span) -> float:
    """Shared characters over those of the true span, 0–1: what was found is never too long.

    Examples
    --------
    >>> coverage(Span(0, 10), Span(5, 95))
    0.5
    """
    shared = min(gold.end, found.end) - max(gold.start, found.start)
    return max(0, shared) / (gold.end - gold.start)


def paired(
    gold: Sequence[Span],
    found: Sequence[Span],
    *,
    threshold: float | None,
    nearness: Callable[[Span, Span], float] = overlap,
) -> list[tuple[int, int]]:
    """One-to-one pairs of spans that match: as many as can be, and among these the nearest.

    Parameters
    ----------
    gold, found : sequence of Span
    threshold : float or None
        Least nearness, itself not enough; None asks for equal offsets.
    nearness : callable
        ``overlap``, or ``coverage`` where published numbers are counted so.

    Returns
    -------
    list of (int, int)
        Places in ``gold`` and ``found``, in the order of ``gold``.

    Examples
    --------
    >>> gold, found = [Span(0, 10), Span(2, 8)], [Span(0, 9), Span(20, 30)]
    >>> paired(gold, found, threshold=0.3), paired(gold, found, threshold=0.95)
    ([(0, 0)], [])
    """
    near: dict[tuple[int, int], float] = {}
    for i, a in enumerate(gold):
        for j, b in enumerate(found):
            share = nearness(a, b)
            if a == b or (threshold is not None and share > threshold):
                near[i, j] = share
    rows, columns = Counter(i for i, _ in near), Counter(j for _, j in near)
    if all(n == 1 for n in (*rows.values(), *columns.values())):
        return sorted(near)
    return _assigned(near, (len(gold), len(found)))


def attribution_counts(gold: Rows, found: Rows, *, groups: Sequence[str]) -> NDArray[np.int64]:
    """What each article contributes to every score.

    Parameters
    ----------
    gold, found : sequence of sequences of Attributed, one per paragraph
    groups : sequence of str
        The article of each paragraph.

    Returns
    -------
    ndarray of int64, shape (n_articles, n_rows, 3)
        Articles in the order of their first paragraph.

    Raises
    ------
    ValueError
        The three differ in length.
    """
    if not len(gold) == len(found) == len(groups):
        raise ValueError(
            f"expected as many entries each, got {len(gold)}, {len(found)} and {len(groups)}"
        )
    codes = group_codes(groups)
    counts = np.zeros((int(codes.max(initial=-1)) + 1, len(_ROWS), 3), np.int64)
    for code, wanted, answers in zip(codes.tolist(), gold, found, strict=True):
        if wanted or answers:
            counts[code] += _paragraph_counts(wanted, answers)
    return counts


def loose_pairs(
    gold: Sequence[Attributed], found: Sequence[Attributed], *, threshold: float | None = LOOSE
) -> list[tuple[Attributed, Attributed]]:
    """Attributions of a paragraph whose contents match, true ones first."""
    pairs = paired([g.hull for g in gold], [f.hull for f in found], threshold=threshold)
    return [(gold[i], found[j]) for i, j in pairs]


def has_right_source(gold: Attributed, found: Attributed) -> bool:
    """Whether both sources have the same head word, or neither names a source."""
    return gold.head == found.head


def attribution_scores(sums: NDArray[Any]) -> dict[str, Floats]:
    """Every score from counts of shape (n, n_rows, 3); NaN where there is nothing to score."""
    return {name: metric(sums) for name, metric in ATTRIBUTION_METRICS.items()}


def _paragraph_counts(gold: Sequence[Attributed], found: Sequence[Attributed]) -> NDArray[np.int64]:
    hulls, others = [one.hull for one in gold], [one.hull for one in found]
    same = [(gold[i], found[j]) for i, j in paired(hulls, others, threshold=LOOSE)]
    strict = paired(hulls, others, threshold=STRICT)
    pieces = [span for one in gold for span in one.content]
    other_pieces = [span for one in found for span in one.content]
    cues = Counter(hull(one.cue) for one in gold if one.cue)
    other_cues = Counter(hull(one.cue) for one in found if one.cue)
    sourced = [(g, f) for g, f in same if g.source]
    unsourced = [(g, f) for g, f in same if not g.source]
    direct = [(g, f) for g, f in same if g.is_direct and g.source]
    found_strictly = {j for _, j in strict}
    n_direct = sum(gold[i].is_direct for i, _ in strict)
    n_stray = sum(f.is_direct for j, f in enumerate(found) if j not in found_strictly)
    n_both = (len(gold), len(found))
    return np.array(
        [
            (len(same), *n_both),
            (len(strict), *n_both),
            (len(paired(hulls, others, threshold=None)), *n_both),
            (
                len(paired(pieces, other_pieces, threshold=LOOSE)),
                len(pieces),
                len(other_pieces),
            ),
            (len(paired(hulls, others, threshold=LOOSE, nearness=coverage)), *n_both),
            (len(paired(hulls, others, threshold=STRICT, nearness=coverage)), *n_both),
            ((cues & other_cues).total(), cues.total(), other_cues.total()),
            (sum(g.source == f.source for g, f in sourced), len(sourced), 0),
            (sum(has_right_source(g, f) for g, f in sourced), len(sourced), 0),
            (sum(not f.source for _, f in unsourced), len(unsourced), 0),
            (sum(has_right_source(g, f) for g, f in same), *n_both),
            (n_direct, sum(g.is_direct for g in gold), n_direct + n_stray),
            (sum(has_right_source(g, f) for g, f in direct), len(direct), 0),
        ],
        np.int64,
    )


def _assigned(
    near: Mapping[tuple[int, int], float], shape: tuple[int, int]
) -> list[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment

    weights = np.zeros(shape)
    for place, share in near.items():
        weights[place] = 1 + share / (min(shape) + 1)  # a pair more outweighs all nearness
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if (i, j) in near]


def _f1(row: str) -> Metric:
    k = _ROWS.index(row)
    return lambda sums: _ratio(2 * sums[..., k, 0], sums[..., k, 1] + sums[..., k, 2])


def _share(row: str, of: int = 1) -> Metric:
    k = _ROWS.index(row)
    return lambda sums: _ratio(sums[..., k, 0], sums[..., k, of])


def _ratio(part: Any, whole: Any) -> Floats:
    whole = np.asarray(whole, np.float64)
    ratio: Floats = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return ratio


ATTRIBUTION_METRICS: Mapping[str, Callable[[NDArray[Any]], Floats]] = MappingProxyType(
    {
        "content_f1": _f1("content/over_0.3"),
        "content_precision": _share("content/over_0.3", of=2),
        "content_recall": _share("content/over_0.3"),
        "content_f1/over_0.8": _f1("content/over_0.8"),
        "content_f1/exact": _f1("content/exact"),
        "content_f1/pieces": _f1("pieces/over_0.3"),
        "content_f1/of_true_0.3": _f1("gold/over_0.3"),
        "content_f1/of_true_0.8": _f1("gold/over_0.8"),
        "cue_f1": _f1("cue/exact"),
        "source_exact": _share("source/exact"),
        "source_head": _share("source/head"),
        "no_source": _share("no_source"),
        "attribution_f1": _f1("attribution"),
        "direct_f1": _f1("direct/over_0.8"),
        "direct_source_head": _share("direct/head"),
    }
)
"""Score → what computes it from counts of shape (..., n_rows, 3).

``content_f1`` counts contents that overlap by more than 0.3, the names with an ending those by more
than 0.8, with equal offsets, and piece by piece. ``content_f1/of_true_0.3`` and ``…_0.8`` measure
what is shared by the true content alone, as the numbers published for the Gender Gap Tracker do: a
content that is too long costs nothing there. ``cue_f1`` counts cues with equal offsets.
``source_exact`` and ``source_head`` are shares of those contents found (above 0.3) that have a
source in their paragraph; ``no_source`` is the share, of those without one, that are given none.
``attribution_f1`` counts contents (above 0.3) whose source is right too, by its head, or by being
absent. ``direct_f1`` (above 0.8) and ``direct_source_head`` (above 0.3) are of contents that stand
mostly inside quotation marks; of what is found and matches nothing, only such contents count there.
"""
