"""Classifier words: what a paper says of each kind of model, and whom it cites for it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from stance.experiments.configs.registry import kinds_of

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


_FINDERS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "tagger": (
            "is a small network over hashed words, trained by backpropagation, that finds cues, "
            "contents and sources",
            (_HASHING,),
        ),
        "rules": ("finds attributions by hand-written rules and learns nothing", ()),
        "regex_nearest": (
            "takes what stands in quotation marks, the nearest capitalised name and the nearest "
            "word of speech",
            (),
        ),
        "textacy": (
            "finds direct quotations by textacy's rules over the parses of spaCy's small English "
            "pipeline",
            ("krestel-etal-2008-minding",),
        ),
    }
)

_NAMERS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "rules": ("names voices by hand-written rules and learns nothing", ()),
        "nearest_name": ("takes the capitalised name nearest to a word of speech", ()),
        "last_voice": ("takes the last capitalised name up to the end of the paragraph", ()),
        "author": ("always names the author", ()),
    }
)

_WORDS = MappingProxyType({"classifier": _CLASSIFIERS, "finder": _FINDERS, "namer": _NAMERS})


def classifier_words(kind: str, *, section: str = "classifier") -> tuple[str, tuple[str, ...]]:
    """What follows a model's name in a sentence, and the keys of the works behind it.

    A kind that has no sentence here is told by the first line of its class's docstring.

    Parameters
    ----------
    kind : str
    section : str
        What the config calls it: a classifier, a finder, a namer.

    Examples
    --------
    >>> classifier_words("majority")
    ('always gives the commonest label of the training data', ())
    """
    known = _WORDS[section]
    return known[kind] if kind in known else (_summary(kind, section), ())


def has_settings(kind: str, *, section: str = "classifier") -> bool:
    """Whether a config can set anything of the kind."""
    if kind not in kinds_of(section):
        return False
    return bool(inspect.signature(_builder(kind, section)).parameters)


def _summary(kind: str, section: str) -> str:
    """What a kind says of itself, for one that has no sentence here."""
    if kind not in kinds_of(section):
        return f"is a {section} of the kind {kind or 'unknown'}"
    builder = _builder(kind, section)
    doc = inspect.getdoc(builder) or builder.__name__
    first = doc.partition("\n\n")[0].replace("\n", " ").replace("`", "").rstrip(".")
    return f"is a {builder.__name__} ({first[:1].lower()}{first[1:]})"


def _builder(kind: str, section: str) -> Any:
    module, name = kinds_of(section)[kind].split(":")
    return getattr(import_module(module), name)
