"""Schemas in the API's older language."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.gemini.openapi import from_openapi, to_openapi


@pytest.mark.parametrize(
    ("older", "expected"),
    [
        (
            {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}},
            {"type": "object", "properties": {"a": {"type": "string"}}},
        ),
        ({"type": "STRING", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "STRING", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"anyOf": [{"type": "STRING"}], "nullable": True},
            {"anyOf": [{"anyOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        (
            {"type": "ARRAY", "items": {"type": "INTEGER"}, "minItems": "1"},
            {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        ),
        ({"type": "TYPE_UNSPECIFIED"}, {}),
        (
            {"properties": {"type": {"type": "STRING"}, "nullable": {"type": "BOOLEAN"}}},
            {"properties": {"type": {"type": "string"}, "nullable": {"type": "boolean"}}},
        ),
    ],
    ids=[
        "types",
        "nullable",
        "nullable enum",
        "nullable choice",
        "counts as text",
        "no type",
        "properties called like keywords",
    ],
)
def test_a_schema_in_the_older_language_is_read_as_json_schema(
    older: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert json.loads(bytes(from_openapi(Raw(json.dumps(older).encode())))) == expected


def test_a_schema_that_reads_the_same_in_both_keeps_its_bytes() -> None:
    raw = Raw(b'{ "type":"object",\n "properties" : {"b":{"$ref":"#/x"}} }')
    assert bytes(from_openapi(raw)) == bytes(raw)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {
                "$schema": "x",
                "type": "object",
                "additionalProperties": False,
                "properties": {"a": {"type": "string"}},
            },
            {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}},
        ),
        (
            {
                "properties": {"a": {"$ref": "#/$defs/n", "description": "d"}},
                "$defs": {"n": {"type": "integer"}},
            },
            {"properties": {"a": {"type": "INTEGER", "description": "d"}}},
        ),
        (
            {
                "$defs": {"t": {"type": "object", "properties": {"next": {"$ref": "#/$defs/t"}}}},
                "$ref": "#/$defs/t",
            },
            {"type": "OBJECT", "properties": {"next": {"type": "OBJECT"}}},
        ),
        ({"type": ["string", "null"]}, {"type": "STRING", "nullable": True}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "STRING"}, {"type": "INTEGER"}]}),
        (
            {"oneOf": [{"type": "string"}, {"type": "null"}]},
            {"anyOf": [{"type": "STRING"}], "nullable": True},
        ),
        ({"const": "a"}, {"type": "STRING", "enum": ["a"]}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "INTEGER", "description": "One of 1, 2."}),
        ({"type": "number", "exclusiveMinimum": 0}, {"type": "NUMBER", "minimum": 0}),
        ({"type": "string", "format": "uri", "pattern": "x"}, {"type": "STRING", "pattern": "x"}),
        (
            {
                "allOf": [{"properties": {"a": {}}}, {"$ref": "#/$defs/b"}],
                "$defs": {"b": {"properties": {"b": {}}}},
            },
            {"properties": {"a": {}, "b": {}}},
        ),
        (True, {}),
    ],
    ids=[
        "unknown keywords",
        "references",
        "a reference to itself",
        "null",
        "several types",
        "either",
        "one value",
        "numbers to choose from",
        "exclusive limits",
        "formats",
        "all at once",
        "anything",
    ],
)
def test_a_schema_is_told_as_far_as_the_older_language_goes(schema: Any, expected: dict[str, Any]) -> None:
    assert json.loads(bytes(to_openapi(Raw(json.dumps(schema).encode())))) == expected
