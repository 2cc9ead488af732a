"""Why a passage is on a side: what each of its words adds to the decision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from stance.article import Span
from stance.classifiers.explanation import WORDS_TOGETHER, Explanation, Reason
from stance.features.frame import mentions_of
from stance.passage import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.classifiers.teller import Teller

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_N_WORDS = 400
# All texts that are read anew, together: a page of 5 MB in one line would be read 400 times.
_N_CHARACTERS = 500_000
_NOTHING = 1e-9


def explain(scorer: Teller, passage: Passage, *, label: str | None = None) -> Explanation:
    """Reasons for ``label`` (by default the predicted one), each a word of the passage.

    A word's weight is by how much the log-odds fall when it is left out and everything is read
    anew: places and windows around the target shift with it. The target's mentions stay. Up to 400
    words are left out, fewer where the passage has over 1,250 characters.

    Where the model is an encoder, words are hidden from its head instead, and nothing is read anew
    (``stance.encoders.tasks.StanceTask.predict_without``).

    Raises
    ------
    ValueError
        The model does not know the label.
    """
    if label is not None and label not in scorer.classes:
        close = get_close_matches(label, scorer.classes, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown label {label!r}, expected of {list(scorer.classes)}{hint}")
    spans = list(_words(passage))
    proba = probabilities_without(scorer, passage, spans)
    odds = np.log(np.maximum(proba, 1e-15))
    at = scorer.classes.index(label) if label is not None else int(proba[0].argmax())
    other = int(np.argmax(np.where(np.arange(proba.shape[1]) == at, -1.0, proba[0])))
    margin = odds[:, at] - odds[:, other]
    moved = margin[0] - margin[2:]
    reasons = [
        Reason(passage.text[span.start : span.end], float(value), span)
        for span, value in zip(spans, moved, strict=True)
        if abs(value) > _NOTHING
    ]
    rest = float(margin[0] - margin[1] - moved.sum())
    if abs(rest) > _NOTHING:
        reasons.append(Reason(WORDS_TOGETHER, rest))
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return Explanation(
        scorer.classes[at],
        scorer.classes[other],
        float(proba[0, at]),
        float(margin[1]),
        tuple(reasons),
    )


def probabilities_without(
    scorer: Teller, passage: Passage, spans: Sequence[Span]
) -> NDArray[np.float64]:
    """Probabilities of a passage, of nothing but its target, then without each span.

    Returns
    -------
    ndarray of float64, shape (2 + n_spans, n_classes)
    """
    if isinstance(scorer, _HidesWords):
        return scorer.predict_without(passage, spans)
    empty = replace(passage, text="", mentions=(), headline="", previous="", following="")
    return scorer.predict_proba([passage, empty, *without(passage, spans)])


@runtime_checkable
class _HidesWords(Protocol):
    def predict_without(self, passage: Passage, spans: Sequence[Span]) -> NDArray[np.float64]: ...


def without(passage: Passage, spans: Sequence[Span]) -> list[Passage]:
    """The passage with each span left out in turn, mentions moved along.

    Examples
    --------
    >>> one = Passage("We like Lund.", target="Lund", mentions=(Span(8, 12),))
    >>> [(p.text, p.mentions) for p in without(one, [Span(3, 7)])]
    [('We  Lund.', (Span(start=4, end=8),))]
    """
    mentions = mentions_of(passage)
    return [_without(passage, span, mentions) for span in spans]


def _without(passage: Passage, span: Span, mentions: Sequence[Span]) -> Passage:
    width = span.end - span.start
    moved = tuple(
        Span(m.start - width, m.end - width) if m.start >= span.end else m for m in mentions
    )
    text = passage.text[: span.start] + passage.text[span.end :]
    return replace(passage, text=text, mentions=moved)


def _words(passage: Passage) -> Iterator[Span]:
    mentions = mentions_of(passage)
    most = min(_N_WORDS, _N_CHARACTERS // max(1, len(passage.text)))
    for n, match in enumerate(_WORD.finditer(passage.text)):
        if n == most:
            return
        span = Span(*match.span())
        if not any(span.start < m.end and m.start < span.end for m in mentions):
            yield span
