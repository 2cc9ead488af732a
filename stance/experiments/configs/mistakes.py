"""Mistakes: what pydantic found wrong, in the words and at the lines of the user's file."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stance.experiments.configs.source import Location, Source

# By the beginning of pydantic's error type; what is not here is told in pydantic's own words.
_WANTED = {
    "tuple_type": "a list",
    "list_type": "a list",
    "model": "a section of keys and values",
    "dict_type": "a section of keys and values",
    "string_pattern": "letters, digits, '-', '_' and '+', beginning with a letter or digit",
    "string_too_short": "not empty",
    "string_too_long": "{max_length} characters at most",
    "string": "text",
    "too_short": "a list of {min_length} or more",
    "greater_than_equal": ">= {ge}",
    "greater_than": "> {gt}",
    "less_than_equal": "<= {le}",
    "less_than": "< {lt}",
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "bool": "true or false",
    "missing": "given",
}


def told(error: ValidationError, source: Source, *, model: type[BaseModel]) -> Iterator[str]:
    """One line per mistake: ``file:line: key = value, must be …``.

    Parameters
    ----------
    error : ValidationError
        From validating ``source.value`` as ``model``.
    """
    for detail in error.errors():
        if detail["type"] == "too_short" and detail["input"]:
            continue  # pydantic drops wrong items, then finds the list empty: they are told
        at, section = _walked(detail["loc"], source.value, model)
        names = list(section.model_fields)
        if detail["type"].startswith("union_tag"):
            names = _kinds(section.model_fields[str(at[-1])].annotation)
            at = (*at, "kind")
        yield mistake(source, at, wanted(detail, names=names))


def wanted(detail: ErrorDetails, *, names: list[str]) -> str:
    """What a value must be, from the error that pydantic reports for it.

    Parameters
    ----------
    detail : ErrorDetails
    names : list of str
        Keys of the section, where the error is a key that it does not have; kinds that there are,
        where the error is that none is given.
    """
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"one of the keys {', '.join(names)}{nearest(detail['loc'][-1], names)}"
    if kind == "union_tag_not_found":
        return f"one of {', '.join(map(repr, names))}"
    if kind in ("union_tag_invalid", "literal_error"):
        text = str(context.get("expected_tags", context.get("expected", "")))
        known = text.replace(" or ", ", ").replace("'", "").split(", ")
        given = context.get("tag", detail["input"])
        return f"one of {', '.join(map(repr, known))}{nearest(given, known)}"
    for beginning, words in _WANTED.items():
        if kind.startswith(beginning):
            return words.format(**context)
    return detail["msg"].removeprefix("Input should be ")


def nearest(given: Any, known: list[str]) -> str:
    """``; did you mean 'x'?``, or nothing where no known name is near.

    Examples
    --------
    >>> nearest("quesion", ["question", "corpus"])
    "; did you mean 'question'?"
    """
    close = get_close_matches(str(given), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def mistake(source: Source, at: Location, must_be: str) -> str:
    """The line for one mistake, with the value as the file has it."""
    value: Any = source.value
    for step in at:
        known = (
            value
            if isinstance(value, dict)
            else range(len(value) if isinstance(value, list) else 0)
        )
        if step not in known:
            return f"{source.place(at)}: {source.called(at)} is missing, must be {must_be}"
        value = value[step]
    name = source.called(at) or "the config"
    return f"{source.place(at)}: {name} = {value!r:.80}, must be {must_be}"


def sections_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections that an annotation names, through tuples, unions and ``Annotated``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from sections_of(argument)


def _walked(
    loc: tuple[int | str, ...], value: Any, model: type[BaseModel]
) -> tuple[Location, type[BaseModel]]:
    """Location in the file, and the section that holds its last key.

    Pydantic puts the ``kind`` it has chosen between the keys; no file has it there.
    """
    at: list[str | int] = []
    choices: list[type[BaseModel]] = [model]
    for i, step in enumerate(loc):
        is_last = i == len(loc) - 1
        is_key = isinstance(value, dict) and (step in value or is_last)
        if not is_key and not isinstance(value, list):
            choices = [c for c in choices if _is_of_kind(c, step)] or choices
            continue
        at.append(step)
        if is_last:
            break
        value = value[step]
        if isinstance(step, str):
            field = choices[0].model_fields.get(step)
            choices = list(sections_of(field.annotation)) if field else choices
    return tuple(at), (choices or [model])[0]


def _kinds(annotation: Any) -> list[str]:
    fields = (section.model_fields["kind"] for section in sections_of(annotation))
    return [str(kind) for field in fields for kind in get_args(field.annotation)]


def _is_of_kind(section: type[BaseModel], kind: object) -> bool:
    field = section.model_fields.get("kind")
    return field is not None and kind in get_args(field.annotation)
