"""Registry: what a config calls a kind of classifier, span finder or namer, and what builds it."""

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


STACKED, DISTILLED = "stacked", "distilled"
"""Kinds that are made of classifiers of other kinds."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "accurate": "stance.classifiers.accurate:AccurateClassifier",
        "majority": "stance.classifiers.baselines:MajorityClassifier",
        "cue_rules": "stance.classifiers.baselines:CueRuleClassifier",
        "ngrams": "stance.classifiers.tfidf:TfidfClassifier",
        "hashed_ngrams": "stance.classifiers.ngram_linear:NgramClassifier",
        "encoder": "stance.classifiers.encoder:EncoderClassifier",
        "llm": "stance.classifiers.llm:LLMClassifier",
        STACKED: "stance.experiments.configs.stacking:stacked",
        DISTILLED: "stance.experiments.configs.stacking:distilled",
        "paragraph_type": "stance.classifiers.paragraph_type:ParagraphTypeClassifier",
        "stance": "stance.classifiers.stance:StanceClassifier",
        "two_stage_stance": "stance.classifiers.stance_stages:TwoStageStanceClassifier",
    }
)
"""Kind → ``module:class``. A module is imported when a config asks for its kind."""

FINDERS: Mapping[str, str] = MappingProxyType(
    {
        "tagger": "stance.classifiers.quotation_tagger:QuotationTagger",
        "rules": "stance.quotes.rule_finder:RuleFinder",
        "regex_nearest": "stance.classifiers.baselines_spans:NearestSpans",
        "textacy": "stance.classifiers.textacy_spans:TextacySpans",
    }
)
"""What finds attributions in paragraphs, ``stance.quotes.spans.SpanFinder``."""

NAMERS: Mapping[str, str] = MappingProxyType(
    {
        "rules": "stance.classifiers.baselines_voices:RuleNamer",
        "nearest_name": "stance.classifiers.baselines_voices:NearestNamer",
        "last_voice": "stance.classifiers.baselines_voices:LastNamer",
        "author": "stance.classifiers.baselines_voices:AuthorNamer",
    }
)
"""What names the voice of each paragraph."""

OPTIONAL = ("accurate", "encoder", "llm", "textacy")
"""Kinds that stand on packages which this one does not install.

Their classes say by static methods what is missing (``lacking``) and what is there (``versions``).
"""

SECTIONS = ("classifier", "finder", "namer")
"""What the section of a model is called that holds its kind and parameters."""


def kinds_of(section: str) -> Mapping[str, str]:
    """The kinds that a section of ``SECTIONS`` may be of."""
    return {"classifier": KINDS, "finder": FINDERS, "namer": NAMERS}[section]


def build(
    kind: str, parameters: Mapping[str, Any], *, seed: int, section: str = "classifier"
) -> Any:
    """A fresh classifier (``Classifier``), or what else the section holds.

    Parameters
    ----------
    kind : str
        One of ``kinds_of(section)``.
    parameters : mapping
        Keyword arguments of the builder, as a config gives them; values are converted to what
        its annotations say (lists to tuples).
    seed : int
        The builder's ``random_state``, where it has one and ``parameters`` do not.
    section : str
        One of ``SECTIONS``.

    Raises
    ------
    ValueError
        There is no such kind, or a parameter is unknown or of the wrong type.
    """
    wrong = parameter_mistakes(kind, parameters, section=section)
    mistakes = [f"{spelled(at)} must be {must_be}" for at, must_be in wrong]
    if mistakes:
        raise ValueError(f"{section} {kind!r}: {'; '.join(mistakes)}")
    values = {name: _converted(section, kind, name, value) for name, value in parameters.items()}
    if has_seed(kind, section=section):
        values.setdefault("random_state", seed)
    return _builder(section, kind)(**values)


def is_optional(kind: str) -> bool:
    """Whether a kind stands on packages which this one does not install."""
    return kind in OPTIONAL


def lacking(kind: str, *, section: str = "classifier") -> str:
    """What a kind needs that this machine does not have; empty where nothing is missing."""
    told: str = _builder(section, kind).lacking() if is_optional(kind) else ""
    return told


def stands_on(kind: str, *, section: str = "classifier") -> dict[str, str]:
    """Versions of the packages that a kind of ``OPTIONAL`` stands on; empty for all others."""
    found: dict[str, str] = _builder(section, kind).versions() if is_optional(kind) else {}
    return found


def has_seed(kind: str, *, section: str = "classifier") -> bool:
    """Whether the kind's result may depend on a seed."""
    return "random_state" in _parameters(section, kind)


def parameter_names(kind: str, *, section: str = "classifier") -> tuple[str, ...]:
    """The parameters that a kind takes, in the order of its builder."""
    return tuple(_parameters(section, kind))


def default_of(kind: str, parameter: str, *, section: str = "classifier") -> Any:
    """The value that a parameter has where a config gives none; None where it has none."""
    known = _parameters(section, kind).get(parameter)
    return None if known is None or known.default is known.empty else known.default


def parameter_hint(kind: str, parameter: str, *, section: str = "classifier") -> Any:
    """The annotation of a parameter; ``Any`` where it has none."""
    return _hints(section, kind).get(parameter, Any)


def parameter_mistakes(
    kind: str, parameters: Mapping[str, Any], *, section: str = "classifier"
) -> Iterator[tuple[Location, str]]:
    """What is wrong with a model's section: where in it, and what must be there.

    An unknown kind is the mistake of the key ``kind``.
    """
    kinds = list(kinds_of(section))
    if kind not in kinds:
        yield ("kind",), f"one of {', '.join(map(repr, kinds))}{nearest(kind, kinds)}"
        return
    known = _parameters(section, kind)
    for name, value in parameters.items():
        if name in known:
            yield from _type_mistakes(section, kind, name, value)
        else:
            keys = ["kind", *known]
            yield (name,), f"one of the keys {', '.join(keys)}{nearest(name, keys)}"
    if kind in (STACKED, DISTILLED):
        from stance.experiments.configs.stacking import member_mistakes

        yield from member_mistakes(parameters)
    required = [n for n, p in known.items() if p.default is p.empty and n not in parameters]
    yield from (((name,), "given") for name in required)


def _type_mistakes(
    section: str, kind: str, name: str, value: Any
) -> Iterator[tuple[Location, str]]:
    try:
        _converted(section, kind, name, value)
    except ValidationError as error:
        found: dict[Location, list[str]] = {}
        for detail in error.errors():
            # Names between the places are pydantic's, for the members of a union.
            at: Location = (name, *(step for step in detail["loc"] if isinstance(step, int)))
            found.setdefault(at, []).append(wanted(detail, names=[]))
        yield from ((at, " or ".join(dict.fromkeys(words))) for at, words in found.items())


def _converted(section: str, kind: str, name: str, value: Any) -> Any:
    hint = _hints(section, kind).get(name, Any)
    return TypeAdapter(hint, config={"arbitrary_types_allowed": True}).validate_python(value)


@cache
def _builder(section: str, kind: str) -> Any:
    module, name = kinds_of(section)[kind].split(":")
    return getattr(import_module(module), name)


@cache
def _parameters(section: str, kind: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(_builder(section, kind)).parameters)


@cache
def _hints(section: str, kind: str) -> dict[str, Any]:
    builder = _builder(section, kind)
    is_function = inspect.isfunction(builder)
    return get_type_hints(builder if is_function else builder.__init__, include_extras=True)
