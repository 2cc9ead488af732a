"""Why a paragraph got its type: what each feature and each word added to the decision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from stance.article import Span
from stance.passage import Passage

if TYPE_CHECKING:
    from stance.classifiers.type_scorer import TypeScorer

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_N_WORDS = 400
_NOTHING = 1e-9
WORDS_TOGETHER = "all words together"


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature or word, and by how much it moved the decision.

    Parameters
    ----------
    name : str
        Column of the head, the word itself, or ``WORDS_TOGETHER`` for what the n-grams add beyond
        the single words.
    weight : float
        Difference it makes to the log-odds of the label against the next likely one.
    span : Span or None
        Where the word stands in the passage; None for a feature of the whole.
    """

    name: str
    weight: float
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons for a label, strongest first.

    Their weights and ``bias`` add up to the log-odds of the label against the other one.

    Parameters
    ----------
    label, instead_of : str
        The label explained, and the likeliest other one it is held against.
    probability : float
        Of the label, for the passage by itself.
    bias : float
        What speaks for the label before anything is read.
    reasons : tuple of Reason
    """

    label: str
    instead_of: str
    probability: float
    bias: float
    reasons: tuple[Reason, ...]


def explain(scorer: TypeScorer, passage: Passage, *, label: str | None = None) -> Explanation:
    """Reasons for ``label`` (by default the predicted one) of a passage by itself.

    Raises
    ------
    ValueError
        The model does not know the label.
    """
    if label is not None and label not in scorer.classes:
        close = get_close_matches(label, scorer.classes, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown label {label!r}, expected of {list(scorer.classes)}{hint}")
    inputs = scorer.inputs([passage])
    proba = scorer.predict_proba([passage])[0]
    at = scorer.classes.index(label) if label is not None else int(proba.argmax())
    other = int(np.argmax(np.where(np.arange(len(proba)) == at, -1.0, proba)))
    added = scorer.contributions(inputs)[0]
    difference = added[:, at] - added[:, other]
    columns = scorer.columns
    n_ngrams = sum(name.startswith("n-grams ") for name in columns)
    reasons = [
        Reason(name, float(value))
        for name, value in zip(columns[n_ngrams:], difference[n_ngrams:], strict=True)
        if value
    ]
    reasons += _words(scorer, passage, float(difference[:n_ngrams].sum()), at, other)
    reasons.sort(key=lambda reason: -abs(reason.weight))
    logits = scorer.logits(inputs)[0]
    return Explanation(
        scorer.classes[at],
        scorer.classes[other],
        float(proba[at]),
        float(logits[at] - logits[other] - difference.sum()),
        tuple(reasons),
    )


def _words(scorer: TypeScorer, passage: Passage, total: float, at: int, other: int) -> list[Reason]:
    """The n-grams' part of the decision: what each word makes of it, and what they do together."""
    text = passage.text
    spans = [Span(*match.span()) for match in _WORD.finditer(text)][:_N_WORDS]
    moved = scorer.word_contributions(passage, spans)
    pull = moved[:, at] - moved[:, other]
    reasons = [
        Reason(text[span.start : span.end], float(value), span)
        for span, value in zip(spans, pull, strict=True)
        if value
    ]
    rest = total - float(pull.sum())
    return [*reasons, Reason(WORDS_TOGETHER, rest)] if abs(rest) > _NOTHING else reasons
