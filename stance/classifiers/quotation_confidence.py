"""How sure a tagger may be of an attribution: learnt on articles that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from stance.classifiers.quotation_batch import Prepared
from stance.classifiers.quotation_decoding import EVIDENCE
from stance.classifiers.quotation_scorer import QuotationScorer
from stance.features.tokens import Flags, Ints

Floats = NDArray[np.float32]

_ABOUT = 0.3  # Jaccard overlap from which on a content lies about where it should
_FEW = 50


def plain_confidence() -> Floats:
    """Weights by which the cue's head alone decides, shape (n_evidence, 1)."""
    weights = np.zeros((len(EVIDENCE), 1), np.float32)
    weights[EVIDENCE.index("head")] = 1
    return weights


def learnt_confidence(
    scorer: QuotationScorer, articles: Sequence[Sequence[str]], wanted: Sequence[Prepared]
) -> Floats:
    """Weights of the evidence by which candidates of unseen articles turned out right.

    By logistic regression; the plain weights where the articles give too little to learn from.

    Parameters
    ----------
    scorer : QuotationScorer
        Trained on other articles.
    articles : sequence of sequence of str
    wanted : sequence of Prepared
        The same articles with what is to be found in them.
    """
    evidence, right = [], []
    for paragraphs, one in zip(articles, wanted, strict=True):
        _, found = scorer.candidates(paragraphs)
        evidence.append(found.evidence)
        right.append(_is_about(found.spans[:, 0], one.spans[:, :2]))
    X: Any = np.concatenate(evidence) if evidence else np.zeros((0, len(EVIDENCE)))
    y = np.concatenate(right) if right else np.zeros(0, bool)
    if min(y.sum(), len(y) - y.sum()) < _FEW:
        return plain_confidence()
    model = LogisticRegression(fit_intercept=False, max_iter=1000).fit(X, y)
    weights: Floats = model.coef_.T.astype(np.float32)
    return weights


def _is_about(found: Ints, wanted: Ints) -> Flags:
    """Whether each content shares enough with one that is wanted, counted in tokens."""
    first = np.maximum(found[:, None, 0], wanted[None, :, 0])
    last = np.minimum(found[:, None, 1], wanted[None, :, 1])
    shared = np.maximum(last - first + 1, 0)
    sizes = [spans[:, 1] - spans[:, 0] + 1 for spans in (found, wanted)]
    either = sizes[0][:, None] + sizes[1][None, :] - shared
    is_about: Flags = (shared > _ABOUT * either).any(axis=1)
    return is_about
