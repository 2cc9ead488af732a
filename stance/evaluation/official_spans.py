"""F1 of quotation spans: exact, and by how much of a span is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from stance.evaluation.official import OfficialScore

Spans = Sequence[tuple[int, int]]
Overlap = Literal["symmetric", "gold"]


def span_f1(
    gold: Sequence[Spans],
    predicted: Sequence[Spans],
    *,
    threshold: float | None = None,
    overlap: Overlap = "symmetric",
) -> OfficialScore:
    """F1 of predicted spans, each matched to at most one gold span of the same article.

    Matches are counted over all articles together. As many pairs as possible are matched, so the
    result does not depend on the order of the spans.

    Parameters
    ----------
    gold, predicted : sequence of (sequence of (start, end)), one entry per article
        Half-open character offsets into the article. A span whose end does not lie after its
        start is invalid: an error in ``gold``, a false positive in ``predicted``.
    threshold : float in [0, 1), or None
        Two spans match where their overlap is greater than this. None: both offsets are equal.
    overlap : {"symmetric", "gold"}
        Shared characters over those of both spans together (Jaccard), or over those of the gold
        span alone. The numbers published for the Gender Gap Tracker at 0.3 and 0.8 come from
        ``"gold"`` (its program left the symmetric form behind); that form never punishes a
        prediction for being too long, so it is not the default here.

    Returns
    -------
    OfficialScore
        ``parts``: ``precision``, ``recall``, ``n_predicted``, ``n_matched``. Nothing to find and
        nothing found gives 0, as in :mod:`stance.evaluation.official`.

    Raises
    ------
    ValueError
        Numbers of articles differ, an unknown ``overlap``, a ``threshold`` outside [0, 1), or an
        invalid gold span.

    Notes
    -----
    The Tracker's program takes for each gold span in turn the best prediction still free, which
    can find fewer pairs where several spans overlap, never more.

    References
    ----------
    Asr, Mazraeh, Lopes, Gautam, Gonzales, Rao, Taboada (2021). The Gender Gap Tracker.
    https://doi.org/10.1371/journal.pone.0245533, and its ``evaluate_quotes.py``.

    Examples
    --------
    >>> gold, predicted = [[(0, 10), (20, 30)]], [[(0, 8), (40, 45)]]
    >>> span_f1(gold, predicted).value, span_f1(gold, predicted, threshold=0.3).value
    (0.0, 0.5)
    """
    if len(gold) != len(predicted):
        raise ValueError(f"expected one entry per article, got {len(gold)} and {len(predicted)}")
    is_match = _matcher(threshold, overlap)
    n_gold = n_predicted = n_matched = n_invalid = 0
    for i, (wanted, found) in enumerate(zip(gold, predicted, strict=True)):
        _check_gold_spans(wanted, i)
        valid = [span for span in found if span[0] < span[1]]
        n_gold += len(wanted)
        n_predicted += len(found)
        n_invalid += len(found) - len(valid)
        n_matched += _n_pairs([[j for j, b in enumerate(valid) if is_match(a, b)] for a in wanted])
    parts = {
        "precision": n_matched / n_predicted if n_predicted else 0.0,
        "recall": n_matched / n_gold if n_gold else 0.0,
        "n_predicted": float(n_predicted),
        "n_matched": float(n_matched),
    }
    total = n_gold + n_predicted
    name = "span_f1/exact" if threshold is None else f"span_f1/{overlap}>{threshold:g}"
    return OfficialScore(name, 2 * n_matched / total if total else 0.0, parts, n_gold, n_invalid)


def _check_gold_spans(spans: Spans, article: int) -> None:
    for start, end in spans:
        if not 0 <= start < end:
            raise ValueError(
                f"gold[{article}]: expected 0 <= start < end, got the span ({start}, {end})"
            )


def _matcher(
    threshold: float | None, overlap: Overlap
) -> Callable[[tuple[int, int], tuple[int, int]], bool]:
    if overlap not in ("symmetric", "gold"):
        raise ValueError(f"overlap: expected 'symmetric' or 'gold', got {overlap!r}")
    if threshold is None:
        return lambda a, b: tuple(a) == tuple(b)
    if not 0 <= threshold < 1:
        raise ValueError(f"threshold: expected a number in [0, 1) or None, got {threshold!r}")

    def is_match(a: tuple[int, int], b: tuple[int, int]) -> bool:
        shared = min(a[1], b[1]) - max(a[0], b[0])
        whole = a[1] - a[0]
        if overlap == "symmetric":
            whole += b[1] - b[0] - shared
        return shared > 0 and shared / whole > threshold

    return is_match


def _n_pairs(partners: list[list[int]]) -> int:
    """Size of a largest one-to-one matching, by augmenting paths (Kuhn 1955)."""
    taken: dict[int, int] = {}

    def find(i: int, seen: set[int]) -> bool:
        for j in partners[i]:
            if j not in seen:
                seen.add(j)
                if j not in taken or find(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    return sum(find(i, set()) for i in range(len(partners)))
