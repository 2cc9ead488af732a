"""Controlled: data from which something is taken that the answer should depend on.

A stance that can be told without the target, or without the text, is no evidence that anything was
read. Where a thing is removed, it is removed from training and test alike: the control is what can
be learned without it. Where targets are shuffled, a model that has learned as always is asked about
targets of other passages: the control is how much its answers depend on what they are asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from stance.experiments.runs.data import Data, DataError, Part
from stance.experiments.runs.fingerprint import digest
from stance.passage import Passage

NO_TEXT = "(removed)"
"""What stands where text was: vectorisers refuse texts without a single word."""


def controlled(data: Data, control: str) -> Data:
    """Data for a control of ``stance.experiments.config.Control``.

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
