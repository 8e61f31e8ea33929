"""What Google refuses about tools: names, and schemas of a kind that is not its own."""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import need

_NAME = re.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")
_NO_SCHEMA = (
    "$ref",
    "$schema",
    "$defs",
    "definitions",
    "additionalProperties",
    "oneOf",
    "allOf",
    "const",
    "not",
)
"""What the vendor's own kind of schema does not have."""


def camel(body: Mapping[str, Any]) -> dict[str, Any]:
    """The vendor takes either spelling."""
    return {re.sub(r"_([a-z])", lambda found: found[1].upper(), name): value for name, value in body.items()}


def check_tools(tools: Any) -> None:
    functions = [function for tool in tools for function in camel(tool).get("functionDeclarations") or ()]
    for place, function in enumerate(functions):
        where = f"tools[0].function_declarations[{place}]"
        need(
            _NAME.fullmatch(function.get("name", "")),
            f"* GenerateContentRequest.{where}.name: Invalid function name. Must start with a letter or "
            "an underscore.",
        )
        _check_schema(camel(function).get("parameters"), f"{where}.parameters")
    names = [function["name"] for function in functions]
    for name in names:
        need(names.count(name) == 1, f"Duplicate function declaration found: {name}")


def _check_schema(schema: Any, where: str) -> None:
    if isinstance(schema, list):
        for place, item in enumerate(schema):
            _check_schema(item, f"{where}[{place}]")
    if not isinstance(schema, dict):
        return
    for member in _NO_SCHEMA:
        unknown = f"Invalid JSON payload received. Unknown name \"{member}\" at '{where}': Cannot find field."
        need(member not in schema, unknown)
    need(
        not isinstance(schema.get("type"), list),
        f"Proto field is not repeating, cannot start list. ({where}.type)",
    )
    for name, property_ in (schema.get("properties") or {}).items():
        _check_schema(property_, f"{where}.properties[{name}]")
    _check_schema(schema.get("items"), f"{where}.items")
    _check_schema(schema.get("anyOf"), f"{where}.any_of")
