"""Registry: what a config calls a kind of classifier, and what builds it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Protocol, get_type_hints

from pydantic import TypeAdapter, ValidationError

from stance.experiments.configs.mistakes import nearest, wanted
from stance.experiments.configs.source import Location, spelled


class Classifier(Protocol):
    """What an experiment needs; ``predict_proba``, and ``classes_`` with it, may be missing."""

    def fit(self, X: Any, y: Any) -> Any:
        """Learn from passages and their labels."""

    def predict(self, X: Any) -> Any:
        """Label of each passage."""


KINDS: Mapping[str, str] = MappingProxyType(
    {
        "majority": "stance.classifiers.baselines:MajorityClassifier",
        "cue_rules": "stance.classifiers.baselines:CueRuleClassifier",
        "ngrams": "stance.classifiers.tfidf:TfidfClassifier",
        "hashed_ngrams": "stance.classifiers.ngram_linear:NgramClassifier",
        "paragraph_type": "stance.classifiers.paragraph_type:ParagraphTypeClassifier",
    }
)
"""Kind → ``module:class``. A module is imported when a config asks for its kind."""


def build(kind: str, parameters: Mapping[str, Any], *, seed: int) -> Classifier:
    """A fresh classifier.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    parameters : mapping
        Keyword arguments of the builder, as a config gives them; values are converted to what
        its annotations say (lists to tuples).
    seed : int
        The builder's ``random_state``, where it has one and ``parameters`` do not.

    Raises
    ------
    ValueError
        There is no such kind, or a parameter is unknown or of the wrong type.
    """
    mistakes = [
        f"{spelled(at)} must be {must_be}" for at, must_be in parameter_mistakes(kind, parameters)
    ]
    if mistakes:
        raise ValueError(f"classifier {kind!r}: {'; '.join(mistakes)}")
    values = {name: _converted(kind, name, value) for name, value in parameters.items()}
    if has_seed(kind):
        values.setdefault("random_state", seed)
    classifier: Classifier = _builder(kind)(**values)
    return classifier


def has_seed(kind: str) -> bool:
    """Whether the kind's result may depend on a seed."""
    return "random_state" in _parameters(kind)


def parameter_names(kind: str) -> tuple[str, ...]:
    """The parameters that a kind takes, in the order of its builder."""
    return tuple(_parameters(kind))


def default_of(kind: str, parameter: str) -> Any:
    """The value that a parameter has where a config gives none; None where it has none."""
    known = _parameters(kind).get(parameter)
    return None if known is None or known.default is known.empty else known.default


def parameter_hint(kind: str, parameter: str) -> Any:
    """The annotation of a parameter; ``Any`` where it has none."""
    return _hints(kind).get(parameter, Any)


def parameter_mistakes(kind: str, parameters: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """What is wrong with a classifier section: where in it, and what must be there.

    An unknown kind is the mistake of the key ``kind``.
    """
    if kind not in KINDS:
        yield ("kind",), f"one of {', '.join(map(repr, KINDS))}{nearest(kind, list(KINDS))}"
        return
    known = _parameters(kind)
    for name, value in parameters.items():
        if name in known:
            yield from _type_mistakes(kind, name, value)
        else:
            keys = ["kind", *known]
            yield (name,), f"one of the keys {', '.join(keys)}{nearest(name, keys)}"
    required = [n for n, p in known.items() if p.default is p.empty and n not in parameters]
    yield from (((name,), "given") for name in required)


def _type_mistakes(kind: str, name: str, value: Any) -> Iterator[tuple[Location, str]]:
    try:
        _converted(kind, name, value)
    except ValidationError as error:
        found: dict[Location, list[str]] = {}
        for detail in error.errors():
            # Names between the places are pydantic's, for the members of a union.
            at: Location = (name, *(step for step in detail["loc"] if isinstance(step, int)))
            found.setdefault(at, []).append(wanted(detail, names=[]))
        yield from ((at, " or ".join(dict.fromkeys(words))) for at, words in found.items())


def _converted(kind: str, name: str, value: Any) -> Any:
    hint = _hints(kind).get(name, Any)
    return TypeAdapter(hint, config={"arbitrary_types_allowed": True}).validate_python(value)


@cache
def _builder(kind: str) -> Any:
    module, name = KINDS[kind].split(":")
    return getattr(import_module(module), name)


@cache
def _parameters(kind: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(_builder(kind)).parameters)


@cache
def _hints(kind: str) -> dict[str, Any]:
    return get_type_hints(_builder(kind).__init__, include_extras=True)
