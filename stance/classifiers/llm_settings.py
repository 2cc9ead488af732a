"""Settings of a chat model's classifier: what they may be, for configs and for ``fit``."""

from __future__ import annotations

from math import isfinite
from numbers import Integral
from typing import Annotated, Any, Literal, get_args

from annotated_types import Ge, Gt
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from stance.classifiers.llm_codebook import Task
from stance.classifiers.llm_endpoint import checked_url

Probabilities = Literal["one-hot", "logprobs", "votes"]
Count = Annotated[int, Ge(0)]
Number = Annotated[int, Ge(1)]
Seconds = Annotated[float, Gt(0)]
Wait = Annotated[float, Ge(0)]

OWN = frozenset(("model", "messages", "response_format", "stream", "n"))
"""Keys of a request that the classifier sets itself."""


def _address(value: str) -> str:
    """An address as a config gives it: a name or password in it would get into reports."""
    try:
        checked_url(value)
    except ValueError as error:
        raise PydanticCustomError(
            "address", "an http or https address without name, password or query"
        ) from error
    return value


Address = Annotated[str, AfterValidator(_address)]


def check_settings(estimator: Any) -> None:
    """Tell what is out of range.

    Parameters
    ----------
    estimator : LLMClassifier

    Raises
    ------
    ValueError
        The message names the parameter, its value, and what it must be.
    """
    checked_url(estimator.base_url)
    model, more = estimator.model, estimator.more or {}
    if not isinstance(model, str) or not model.strip():
        raise ValueError(f"model = {model!r}, must be the name of a model of the endpoint")
    for name, known in (("task", get_args(Task)), ("probabilities", get_args(Probabilities))):
        if getattr(estimator, name) not in known:
            raise ValueError(f"{name} = {getattr(estimator, name)!r}, must be one of {list(known)}")
    for name, lowest in (("shots", 0), ("n_samples", 1), ("retries", 0), ("n_at_once", 1)):
        value = getattr(estimator, name)
        if not isinstance(value, Integral) or value < lowest:
            raise ValueError(f"{name} = {value!r}, must be a whole number >= {lowest}")
    for name in ("connect_timeout", "read_timeout", "timeout", "first_wait", "longest_wait"):
        value, may_be_0 = getattr(estimator, name), name.endswith("wait")
        if not isfinite(value) or value < 0 or (value == 0 and not may_be_0):
            raise ValueError(
                f"{name} = {value!r}, must be {'>=' if may_be_0 else '>'} 0 and finite"
            )
    if estimator.probabilities == "votes" and estimator.temperature == 0:
        raise ValueError("temperature = 0, must be > 0 or None where answers vote: they differ")
    if taken := sorted(OWN.intersection(more)):
        raise ValueError(f"more: expected none of {sorted(OWN)}, got {taken}")
