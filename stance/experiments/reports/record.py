"""Record: frozen dataclasses from the plain values of a JSON file."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def record(kind: type[T], values: dict[str, Any]) -> T:
    """A dataclass from its values; sections become dataclasses, lists tuples.

    A key that the file lacks takes the field's default, so that files of older versions can be
    read.

    Parameters
    ----------
    kind : type
        A dataclass whose fields are plain values, dataclasses, tuples and mappings of these, or
        one of them or None.
    values : dict

    Raises
    ------
    ValueError
        A key is unknown, or one without a default is missing.

    Examples
    --------
    >>> from stance.experiments.scores.estimate import Estimate
    >>> record(Estimate, {"value": 0.5})
    Estimate(value=0.5, low=None, high=None)
    """
    hints = _hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise ValueError(
            f"{kind.__name__} has no key {unknown[0]!r}, only {', '.join(hints)}: the file may "
            "come from a newer version of stance-lab"
        )
    try:
        return kind(**{name: _built(hints[name], value) for name, value in values.items()})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _built(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if is_dataclass(hint) and isinstance(hint, type):
        return record(hint, value)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _built(next(one for one in inner if one is not type(None)), value)
    if origin is tuple:
        return tuple(_built(inner[0], item) for item in value)
    if origin is dict:
        return {key: _built(inner[1], item) for key, item in value.items()}
    return value
