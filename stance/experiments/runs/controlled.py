"""Controlled: data from which something is taken that the answer should depend on.

A stance that can be told without the target, or without the text, is no evidence that anything was
read. Where a thing is removed, it is removed from training and test alike: the control is what can
be learned without it. Where targets are shuffled, a model that has learned as always is asked about
targets of other passages: the control is how much its answers depend on what they are asked about.
Where labels are shuffled, a model learns from passages of which each has the label of another one:
what it then still gets right, it had not from the labels that it was given.

References
----------
M. Ojala and G. C. Garriga, 2010, "Permutation tests for studying classifier performance", Journal
of Machine Learning Research 11, 1833-1863, https://www.jmlr.org/papers/v11/ojala10a.html.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from stance.experiments.runs.data import Data, DataError, Part
from stance.experiments.runs.fingerprint import digest
from stance.passage import Passage

LABELS_SHUFFLED = "labels-shuffled"
"""The control that is drawn anew for every seed: ``labels_shuffled``."""

NO_TEXT = "(removed)"
"""What stands where text was: vectorisers refuse texts without a single word."""


def controlled(data: Data, control: str) -> Data:
    """Data for a control of ``stance.experiments.config.Control``, but ``LABELS_SHUFFLED``.

    Raises
    ------
    DataError
        There is nothing to take: no passage has a target, or none a quotation.
    """
    test = replace(data.test, passages=_CONTROLS[control](data.test.passages))
    if test.passages == data.test.passages:
        what = {"target-removed": "no target", "target-shuffled": "no two targets"}
        raise DataError(
            f"control {control!r}: the test set of {data.corpus!r} has "
            f"{what.get(control, 'nothing to remove')}, leave it out"
        )
    folds = data.folds
    if control != "target-shuffled":
        folds = tuple(replace(fold, train=_without(fold.train, control)) for fold in folds)
    return replace(data, test=test, folds=folds, fingerprint=digest([control, data.fingerprint]))


def labels_shuffled(data: Data, *, seed: int) -> Data:
    """Data whose training passages have each other's labels; what is tested stays as it is.

    Labels are dealt anew over all training passages of a fold, so that each label is as frequent as
    it was. A pipeline that is sound then does no better than guesses: its accuracy falls to the
    share of the commonest label or below. Its macro-F1 falls to that of guesses too, which may lie
    above that of always saying the commonest label. A model that learns nothing in ``fit`` keeps
    its score, and so does one that gets at the answers by another way than training.

    Other than in Ojala and Garriga's first test, labels of test passages keep their places: answers
    are held against the truth, as they are for all other models of a report.

    Parameters
    ----------
    data : Data
    seed : int
        Of the order; each fold is drawn for itself.

    Raises
    ------
    DataError
        A fold's training passages all have the same label.
    """
    folds = []
    for i, fold in enumerate(data.folds):
        labels = fold.train.labels
        if len(set(labels)) < 2:
            raise DataError(
                f"control {LABELS_SHUFFLED!r}: the training passages of {data.corpus!r} all have "
                f"the label {labels[0]!r}, leave it out"
            )
        order = np.random.default_rng([seed, i]).permutation(len(labels))
        dealt = tuple(labels[j] for j in order)
        folds.append(replace(fold, train=replace(fold.train, labels=dealt)))
    fingerprint = digest([LABELS_SHUFFLED, seed, data.fingerprint])
    return replace(data, folds=tuple(folds), fingerprint=fingerprint)


def _without(part: Part, control: str) -> Part:
    return replace(part, passages=_CONTROLS[control](part.passages))


def _target_removed(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(replace(passage, target=None, mentions=()) for passage in passages)


def _text_removed(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Target and place are left; the words around the passage go with its own."""
    return tuple(
        replace(passage, text=NO_TEXT, headline="", previous="", following="", mentions=())
        for passage in passages
    )


def _target_shuffled(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Every passage gets the target of another one, and another target as far as there are enough.

    In an order in which equal targets stand together, each takes the target that stands as many
    places on as the commonest target has passages.
    """
    order = list(range(len(passages)))
    Random(0).shuffle(order)
    order.sort(key=lambda i: passages[i].target or "")
    targets = [passages[i].target for i in order]
    step = max(Counter(targets).values(), default=0)
    shuffled = list(passages)
    for place, i in enumerate(order):
        target = targets[(place + step) % len(order)]
        shuffled[i] = replace(passages[i], target=target, mentions=())
    return tuple(shuffled)


def _quotation_removed(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    from stance.quotes.marks import ends_open, quoted_spans

    without = []
    for passage in passages:
        is_open = bool(passage.previous) and ends_open(passage.previous)
        spans = quoted_spans(passage.text, is_open=is_open)
        ends = [0, *(span.end for span in spans)]
        starts = [*(span.start for span in spans), len(passage.text)]
        kept = (passage.text[end:start] for end, start in zip(ends, starts, strict=True))
        text = "".join(kept).strip() or NO_TEXT
        without.append(replace(passage, text=text, mentions=()) if spans else passage)
    return tuple(without)


_CONTROLS: dict[str, Callable[[Sequence[Passage]], tuple[Passage, ...]]] = {
    "target-removed": _target_removed,
    "target-shuffled": _target_shuffled,
    "text-removed": _text_removed,
    "quotation-removed": _quotation_removed,
}
