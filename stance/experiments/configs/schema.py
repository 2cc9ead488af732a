"""Schema: what a config may say, as JSON Schema, for editors that complete and check YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

from stance.experiments.configs.base import BaseConfig
from stance.experiments.configs.registry import (
    SECTIONS,
    default_of,
    kinds_of,
    parameter_hint,
    parameter_mistakes,
    parameter_names,
)
from stance.experiments.study import ELSEWHERE, STUDIES, study_of

ADDRESS = "https://json-schema.org/draft/2020-12/schema"

MERGED = ("corpus", "split", "bootstrap")
"""Sections that a file lays over those of the file that it extends, key by key."""

PART = "PartOf"


def config_schema() -> dict[str, Any]:
    """JSON Schema of ``experiments/**.yaml``, with the parameters of every kind of every model.

    Which keys there may be is told by ``kind``. A file that extends another one may leave out what
    that one gives, its kind and keys of its sections too.

    Examples
    --------
    >>> schema = config_schema()["$defs"]
    >>> sorted(schema["ConfigFile"]["required"]), schema["PartOfConfigFile"]["required"]
    (['baseline', 'corpus', 'models', 'question'], ['extends'])
    """
    forms = {kind: study_of({"kind": kind} if kind else {}).file_form for kind in STUDIES}
    definitions: dict[str, Any] = {}
    for form in forms.values():
        whole, part, own = _forms(form)
        definitions |= {form.__name__: whole, f"{PART}{form.__name__}": part, **own}
    for section in SECTIONS:
        of = [_section(section, kind) for kind in kinds_of(section)]
        definitions[f"{section.capitalize()}Config"] = {"oneOf": of}
    return {
        "$schema": ADDRESS,
        "title": "An experiment of stance",
        "type": "object",
        "properties": {"kind": {"enum": [*filter(None, STUDIES), *ELSEWHERE]}},
        "allOf": list(_branches({kind: form.__name__ for kind, form in forms.items()})),
        "$defs": definitions,
    }


def _forms(form: type[BaseConfig]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What a file of one kind says, what one says that extends another, and their sections."""
    schema = form.model_json_schema()
    definitions: dict[str, Any] = schema.pop("$defs")
    required = [key for key in schema.pop("required") if key not in ("name", "kind")]
    keys = {
        name: _part(value, definitions) if name in MERGED else value
        for name, value in schema["properties"].items()
    }
    part = schema | {"properties": keys, "required": ["extends"]}
    return schema | {"required": required}, part, definitions


def _part(value: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A section of which only some keys are given, of whatever kind it is."""
    names = re.findall(r'"#/\$defs/(\w+)"', json.dumps(value))
    keys: dict[str, Any] = {}
    for name in dict.fromkeys(names):
        for key, item in definitions[name]["properties"].items():
            keys[key] = {"anyOf": [*keys[key]["anyOf"], item]} if key in keys else {"anyOf": [item]}
    return {"type": ["object", "null"], "properties": keys, "additionalProperties": False}


def _branches(forms: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Which form a file has, by its kind and by whether it takes from another one."""
    for kind, form in forms.items():
        is_it: dict[str, Any] = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
        if not kind:
            is_it = {"not": {"required": ["kind"]}}
        for is_part in (False, True):
            extends = {"required": ["extends"]} if is_part else {"not": {"required": ["extends"]}}
            then: dict[str, Any] = {"$ref": f"#/$defs/{PART if is_part else ''}{form}"}
            if is_part and not kind:  # its kind may be that of the other file
                then = {"anyOf": [{"$ref": f"#/$defs/{PART}{name}"} for name in forms.values()]}
            yield {"if": {"allOf": [is_it, extends]}, "then": then}


def _section(section: str, kind: str) -> dict[str, Any]:
    names = parameter_names(kind, section=section)
    parameters = {name: _parameter(section, kind, name) for name in names}
    wanted = dict(parameter_mistakes(kind, {}, section=section))
    required = [name for name in names if wanted.get((name,)) == "given"]
    return {
        "type": "object",
        "title": kind,
        "properties": {"kind": {"const": kind}, **parameters},
        "required": ["kind", *required],
        "additionalProperties": False,
    }


def _parameter(section: str, kind: str, name: str) -> dict[str, Any]:
    """A parameter's type and default; types that JSON cannot hold are left open."""
    default = default_of(kind, name, section=section)
    known: dict[str, Any] = {} if default is None else {"default": _plain(default)}
    try:
        hint = parameter_hint(kind, name, section=section)
        adapter = TypeAdapter[Any](hint, config={"arbitrary_types_allowed": True})
        return adapter.json_schema() | known
    except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError):
        return known


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
