"""Schema: what a config may say, as JSON Schema, for editors that complete and check YAML."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

from stance.experiments.config import ConfigFile
from stance.experiments.configs.registry import KINDS, default_of, parameter_hint, parameter_names

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def config_schema() -> dict[str, Any]:
    """JSON Schema of ``experiments/**.yaml``, with the parameters of every kind of classifier.

    A file that extends another one may leave out what that one gives.

    Examples
    --------
    >>> sorted(config_schema()["anyOf"][0]["required"])
    ['extends']
    """
    schema = ConfigFile.model_json_schema()
    required = [key for key in schema.pop("required") if key != "name"]
    definitions = schema["$defs"]
    definitions["ClassifierConfig"] = {"oneOf": [_classifier(kind) for kind in KINDS]}
    return {
        "$schema": ADDRESS,
        **schema,
        "title": "An experiment of stance",
        "anyOf": [{"required": ["extends"]}, {"required": required}],
    }


def _classifier(kind: str) -> dict[str, Any]:
    parameters = {name: _parameter(kind, name) for name in parameter_names(kind)}
    required = [
        name for name in parameters if default_of(kind, name) is None and _is_needed(kind, name)
    ]
    return {
        "type": "object",
        "title": kind,
        "properties": {"kind": {"const": kind}, **parameters},
        "required": ["kind", *required],
        "additionalProperties": False,
    }


def _is_needed(kind: str, name: str) -> bool:
    from stance.experiments.configs.registry import parameter_mistakes

    return ((name,), "given") in list(parameter_mistakes(kind, {}))


def _parameter(kind: str, name: str) -> dict[str, Any]:
    """A parameter's type and default; types that JSON cannot hold are left open."""
    default = default_of(kind, name)
    known: dict[str, Any] = {} if default is None else {"default": _plain(default)}
    try:
        hint = parameter_hint(kind, name)
        adapter = TypeAdapter[Any](hint, config={"arbitrary_types_allowed": True})
        return adapter.json_schema() | known
    except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError):
        return known


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
