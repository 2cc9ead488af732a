"""The scores by which each public corpus is compared, computed as its authors compute them.

A gold label outside the label set is a mistake of the caller. A prediction outside it (or missing:
``None``) is a mistake of the model: it counts as wrong, and the result says how many there were.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = Sequence[Hashable]
Counts = NDArray[np.int64]

SEMEVAL_LABELS = ("FAVOR", "AGAINST", "NONE")
FNC1_LABELS = ("agree", "disagree", "discuss", "unrelated")
NEWSMTSC_LABELS = (-1, 0, 1)
NEWSDISCOURSE_LABELS = (
    "NA",
    "Main",
    "Main_Consequence",
    "Cause_Specific",
    "Cause_General",
    "Distant_Historical",
    "Distant_Anecdotal",
    "Distant_Evaluation",
    "Distant_Expectations_Consequences",
)


@dataclass(frozen=True, slots=True)
class OfficialScore:
    """A corpus's own score of one system.

    Parameters
    ----------
    metric : str
        Name of the score that papers print.
    value : float
        That score, 0–1.
    parts : dict of str to float
        The numbers it is made of, and the others that the corpus's papers print.
    n : int
        Items scored (spans: gold spans).
    n_invalid : int
        Predictions that were missing or outside the label set; each counts as wrong.
    """

    metric: str
    value: float
    parts: dict[str, float]
    n: int
    n_invalid: int


def semeval2016_f_avg(
    gold: Labels, predicted: Labels, *, labels: Labels = SEMEVAL_LABELS
) -> OfficialScore:
    """F_avg of SemEval-2016 task 6: the mean of F1 FAVOR and F1 AGAINST over all targets pooled.

    Parameters
    ----------
    gold, predicted : sequence of label, length n
        All targets in one sequence: the official score is not the mean of scores per target.
    labels : sequence of 3 labels
        How favor, against and none are spelt, in this order. None counts only by way of the
        false positives and negatives of the other two.

    Returns
    -------
    OfficialScore
        ``parts``: ``f1/favor``, ``f1/against``.

    Raises
    ------
    ValueError
        Lengths differ, nothing to score, or a gold label that is not in ``labels``.

    References
    ----------
    Mohammad, Kiritchenko, Sobhani, Zhu, Cherry (2016). SemEval-2016 Task 6: Detecting Stance in
    Tweets. https://doi.org/10.18653/v1/S16-1003

    Examples
    --------
    >>> score = semeval2016_f_avg(["FAVOR", "AGAINST", "NONE"], ["FAVOR", "AGAINST", "FAVOR"])
    >>> round(score.value, 4)  # F1 FAVOR 2/3, F1 AGAINST 1
    0.8333
    """
    _require(labels, 3)
    table = _Table(gold, predicted, labels)
    favor, against = table.f1()[:2].tolist()
    parts = {"f1/favor": favor, "f1/against": against}
    return table.score("f_avg", (favor + against) / 2, parts)


def fnc1_weighted(
    gold: Labels, predicted: Labels, *, labels: Labels = FNC1_LABELS
) -> OfficialScore:
    """Weighted score of the Fake News Challenge, as a share of what a perfect system gets.

    A quarter point for telling related from unrelated, three quarters more for the right one of
    agree, disagree and discuss.

    Parameters
    ----------
    gold, predicted : sequence of label, length n
    labels : sequence of 4 labels
        How agree, disagree, discuss and unrelated are spelt, in this order.

    Returns
    -------
    OfficialScore
        ``parts``: ``points`` and ``max_points`` (absolute), ``null_points`` (everything called
        unrelated) and ``percent``, the number that papers print.

    Raises
    ------
    ValueError
        Lengths differ, nothing to score, or a gold label that is not in ``labels``.

    References
    ----------
    Pomerleau, Rao (2017). Fake News Challenge Stage 1: Stance Detection.
    http://www.fakenewschallenge.org

    Examples
    --------
    >>> score = fnc1_weighted(["agree", "discuss", "unrelated"], ["agree", "agree", "unrelated"])
    >>> score.parts["points"], score.parts["max_points"]
    (1.5, 2.25)
    """
    _require(labels, 4)
    table = _Table(gold, predicted, labels)
    worth = np.zeros((4, 5))  # the last column holds invalid predictions: no points
    worth[:3, :3] = 0.25
    worth[np.arange(3), np.arange(3)] = 1.0
    worth[3, 3] = 0.25
    points = float((worth * table.counts).sum())
    null = 0.25 * float(table.counts[3].sum())
    best = null + float(table.counts[:3].sum())
    parts = {
        "points": points,
        "max_points": best,
        "null_points": null,
        "percent": 100 * points / best,
    }
    return table.score("weighted_score", points / best, parts)


def vast_macro_f1(
    gold: Labels, predicted: Labels, *, seen: Sequence[object], labels: Labels = SEMEVAL_LABELS
) -> OfficialScore:
    """Macro-F1 of VAST over all items, and over those whose topic training has not or has seen.

    Parameters
    ----------
    gold, predicted : sequence of label, length n
    seen : sequence of {0, 1, "0", "1", bool}, length n
        The corpus's column ``seen?``: 0 is a zero-shot topic, 1 a few-shot topic.
    labels : sequence of 3 labels
        How favor, against and none are spelt. All three count in every mean, also where a part
        of the corpus has none of them.

    Returns
    -------
    OfficialScore
        ``parts``: ``macro_f1/zero``, ``macro_f1/few`` (absent where no item is of that kind), and
        ``f1/<label>``.

    Raises
    ------
    ValueError
        Lengths differ, nothing to score, a gold label not in ``labels``, or a ``seen`` that is
        neither 0 nor 1.

    References
    ----------
    Allaway, McKeown (2020). Zero-Shot Stance Detection: A Dataset and Model using Generalized
    Topic Representations. https://doi.org/10.18653/v1/2020.emnlp-main.717

    Examples
    --------
    >>> gold = ["FAVOR", "AGAINST", "NONE", "FAVOR", "AGAINST", "NONE"]
    >>> score = vast_macro_f1(gold, gold[:3] + gold[2::-1], seen=[0, 0, 0, 1, 1, 1])
    >>> score.parts["macro_f1/zero"], round(score.parts["macro_f1/few"], 4)
    (1.0, 0.3333)
    """
    _require(labels, 3)
    table = _Table(gold, predicted, labels)
    parts = _per_label(table.f1(), labels)
    few = _seen(seen, len(gold))
    for name, mask in (("zero", ~few), ("few", few)):
        if mask.any():
            parts[f"macro_f1/{name}"] = float(table.part(mask).f1().mean())
    return table.score("macro_f1", float(table.f1().mean()), parts)


def newsmtsc_macro_f1(
    gold: Labels, predicted: Labels, *, labels: Labels = NEWSMTSC_LABELS
) -> OfficialScore:
    """Macro-F1 of NewsMTSC over its three polarities, with F1pn, accuracy and mean recall.

    Parameters
    ----------
    gold, predicted : sequence of label, length n
    labels : sequence of 3 labels
        How negative, neutral and positive are spelt, in this order.

    Returns
    -------
    OfficialScore
        ``parts``: ``f1pn`` (mean F1 of positive and negative), ``accuracy``, ``mean_recall``,
        ``f1/<label>``.

    Raises
    ------
    ValueError
        Lengths differ, nothing to score, or a gold label that is not in ``labels``.

    References
    ----------
    Hamborg, Donnay (2021). NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment
    Classification in Political News Articles. https://doi.org/10.18653/v1/2021.eacl-main.142

    Examples
    --------
    >>> score = newsmtsc_macro_f1([-1, 0, 1, 1], [-1, 0, 1, 0])
    >>> round(score.value, 4), round(score.parts["f1pn"], 4)  # F1 1, 2/3, 2/3
    (0.7778, 0.8333)
    """
    _require(labels, 3)
    table = _Table(gold, predicted, labels)
    f1 = table.f1()
    parts = {
        "f1pn": float(f1[[0, 2]].mean()),
        "accuracy": table.accuracy(),
        "mean_recall": float(table.recall().mean()),
        **_per_label(f1, labels),
    }
    return table.score("macro_f1", float(f1.mean()), parts)


def newsdiscourse_macro_f1(
    gold: Labels, predicted: Labels, *, labels: Labels = NEWSDISCOURSE_LABELS
) -> OfficialScore:
    """Macro-F1 and micro-F1 of NewsDiscourse over the nine sentence roles, NA among them.

    The authors' program trains and scores on nine classes and lets NA count like any other. It
    averages over the classes that occur in the gold labels or in the predictions; on the whole
    test set these are all nine. Micro-F1 of one label a sentence is accuracy.

    Parameters
    ----------
    gold, predicted : sequence of label, length n
    labels : sequence of label

    Returns
    -------
    OfficialScore
        ``parts``: ``micro_f1`` and ``f1/<label>`` of every label that occurs.

    Raises
    ------
    ValueError
        Lengths differ, nothing to score, or a gold label that is not in ``labels``.

    References
    ----------
    Choubey, Lee, Huang, Wang (2020). Discourse as a Function of Event.
    https://doi.org/10.18653/v1/2020.acl-main.478, and ``code/main.py`` of the corpus's repository.

    Examples
    --------
    >>> score = newsdiscourse_macro_f1(["Main", "Main", "NA"], ["Main", "NA", "NA"])
    >>> round(score.value, 4), round(score.parts["micro_f1"], 4)
    (0.6667, 0.6667)
    """
    table = _Table(gold, predicted, labels)
    occurs = (table.counts.sum(axis=1) + table.counts[:, :-1].sum(axis=0)) > 0
    f1 = table.f1()[occurs]
    kept = [label for label, is_there in zip(labels, occurs, strict=True) if is_there]
    parts = {"micro_f1": table.accuracy(), **_per_label(f1, kept)}
    return table.score("macro_f1", float(f1.mean()), parts)


class _Table:
    """Gold against predicted labels, counted: rows gold, columns predicted, the last invalid."""

    def __init__(self, gold: Labels, predicted: Labels, labels: Labels) -> None:
        self.codes = _codes(gold, predicted, labels)
        k = len(labels)
        flat = np.bincount(self.codes[:, 0] * (k + 1) + self.codes[:, 1], minlength=k * (k + 1))
        self.counts: Counts = flat.reshape(k, k + 1)

    def part(self, mask: NDArray[np.bool_]) -> _Table:
        """The table of some of the items."""
        return _Table(
            self.codes[mask, 0].tolist(), self.codes[mask, 1].tolist(), range(len(self.counts))
        )

    def recall(self) -> NDArray[np.float64]:
        """Recall per label; 0 where the label does not occur."""
        return _ratio(np.diag(self.counts), self.counts.sum(axis=1))

    def f1(self) -> NDArray[np.float64]:
        """F1 per label; 0 where the label neither occurs nor is predicted."""
        right = np.diag(self.counts)
        return _ratio(2 * right, self.counts.sum(axis=1) + self.counts[:, :-1].sum(axis=0))

    def accuracy(self) -> float:
        """Share of right predictions."""
        return float(np.trace(self.counts) / self.counts.sum())

    def score(self, metric: str, value: float, parts: dict[str, float]) -> OfficialScore:
        """A score with the numbers of items that this table knows."""
        n, n_invalid = int(self.counts.sum()), int(self.counts[:, -1].sum())
        return OfficialScore(metric, float(value), parts, n, n_invalid)


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _codes(gold: Labels, predicted: Labels, labels: Labels) -> NDArray[np.int64]:
    """Positions in ``labels``, shape (n, 2); ``len(labels)`` stands for an invalid prediction."""
    if len(gold) != len(predicted):
        raise ValueError(
            f"expected one prediction per gold label, got {len(gold)} gold labels and "
            f"{len(predicted)} predictions (a missing prediction is None)"
        )
    if len(gold) == 0:
        raise ValueError("expected at least one item to score, got none")
    order = {label: i for i, label in enumerate(labels)}
    for i, label in enumerate(gold):
        if label not in order:
            raise ValueError(f"gold[{i}]: expected one of {list(labels)}, got {label!r}")
    pairs = [(order[a], order.get(b, len(order))) for a, b in zip(gold, predicted, strict=True)]
    return np.array(pairs, dtype=np.int64)


def _require(labels: Labels, n: int) -> None:
    if len(set(labels)) != n or len(labels) != n:
        raise ValueError(f"labels: expected {n} different labels, got {list(labels)}")


def _per_label(f1: NDArray[np.float64], labels: Labels) -> dict[str, float]:
    return {f"f1/{label}": float(value) for label, value in zip(labels, f1, strict=True)}


def _seen(seen: Sequence[object], n: int) -> NDArray[np.bool_]:
    if len(seen) != n:
        raise ValueError(f"seen: expected {n} values, one per item, got {len(seen)}")
    known = {"0": False, "1": True, "False": False, "True": True}
    for i, value in enumerate(seen):
        if str(value) not in known:
            raise ValueError(f"seen[{i}]: expected 0 (zero-shot) or 1 (few-shot), got {value!r}")
    return np.array([known[str(value)] for value in seen], dtype=bool)
