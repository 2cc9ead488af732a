"""Classifier words: what a paper says of each kind of classifier, and whom it cites for it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from stance.experiments.configs.registry import KINDS

_PEDREGOSA = "pedregosa-etal-2011-scikit"
_LIBLINEAR = "fan-etal-2008-liblinear"
_SALTON = "salton-buckley-1988-term"
_HASHING = "weinberger-etal-2009-hashing"

_CLASSIFIERS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "majority": ("always gives the commonest label of the training data", ()),
        "cue_rules": (
            "applies the codebook's questions as hand-written rules over quotation marks, cues of "
            "speech and word lists, and learns nothing",
            (),
        ),
        "ngrams": (
            "is a linear model over TF-IDF weighted word n-grams and character n-grams within "
            "words, by scikit-learn",
            (_SALTON, _PEDREGOSA),
        ),
        "hashed_ngrams": (
            "is a linear support vector machine, one class against the rest, over TF-IDF weighted "
            "word n-grams and hashed character n-grams within words",
            (_SALTON, _HASHING, _LIBLINEAR),
        ),
        "paragraph_type": (
            "joins the scores of a linear model over word n-grams and hashed character n-grams "
            "with features of speech, layout and word classes in an additive logistic model; the "
            "labels of an article are decoded together by a linear chain",
            (_HASHING, _PEDREGOSA, "rabiner-1989-tutorial"),
        ),
    }
)


def classifier_words(kind: str) -> tuple[str, tuple[str, ...]]:
    """What follows a model's name in a sentence, and the keys of the works behind it.

    A kind that has no sentence here is told by the first line of its class's docstring.

    Examples
    --------
    >>> classifier_words("majority")
    ('always gives the commonest label of the training data', ())
    """
    return _CLASSIFIERS[kind] if kind in _CLASSIFIERS else (_summary(kind), ())


def has_settings(kind: str) -> bool:
    """Whether a config can set anything of the kind."""
    return kind in KINDS and bool(inspect.signature(_builder(kind)).parameters)


def _summary(kind: str) -> str:
    """What a kind of classifier says of itself, for one that has no sentence here."""
    if kind not in KINDS:
        return f"is a classifier of the kind {kind or 'unknown'}"
    builder = _builder(kind)
    doc = inspect.getdoc(builder) or builder.__name__
    first = doc.partition("\n\n")[0].replace("\n", " ").replace("`", "").rstrip(".")
    return f"is a {builder.__name__} ({first[:1].lower()}{first[1:]})"


def _builder(kind: str) -> Any:
    module, name = KINDS[kind].split(":")
    return getattr(import_module(module), name)
