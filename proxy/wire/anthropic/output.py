"""The form of the answer: `output_config.format`, read and written, and what stands beside it."""

from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra, Output, OutputKind
from proxy.wire.reading import UNREADABLE, decoded, given, members_of


class _Format(Struct):
    type: str
    schema: Raw = Raw()


_FORMAT = msgspec.json.Decoder(_Format)
_EFFORT = msgspec.json.Decoder(str | None)
_ANYTHING = msgspec.json.Decoder()
_BY_NAME = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
"""What holds schemas under names that anyone may choose."""
_DATA = ("const", "default", "enum", "examples")
"""What holds values, not schemas, whatever they look like."""


class OutputConfig(Struct, frozen=True):
    """What `output_config` says; `rest` are the members that we do not understand."""

    effort: str | None = None
    output: Output | None = None
    rest: Extra | None = None


def read_output_config(raw: Raw | None, old_format: Raw | None) -> OutputConfig:
    """`old_format` is what stands as `output_format`, the form's former place."""
    members = members_of(raw) if raw is not None else {}
    effort = decoded(_EFFORT, members.pop("effort", Raw(b"null")))
    asked = given(members.get("format", Raw()))
    output = _read_format(asked) or _read_format(old_format)
    if output is not None or asked is None:
        members.pop("format", None)
    return OutputConfig(effort, output, members or None)


def _read_format(raw: Raw | None) -> Output | None:
    if raw is None:
        return None
    form = decoded(_FORMAT, raw)
    return Output(OutputKind.SCHEMA, schema=given(form.schema)) if form.type == "json_schema" else None


def written_format(output: Output, *, own: bool) -> dict[str, object] | None:
    """The form, or None for JSON of any shape, which cannot be asked for."""
    if output.kind is not OutputKind.SCHEMA or output.schema is None:
        return None
    return {"type": "json_schema", "schema": output.schema if own else _closed(output.schema)}


def _closed(schema: Raw) -> Raw:
    """The schema with every object closed to other properties, which Anthropic demands and others do not."""
    try:
        value = decoded(_ANYTHING, schema)
        closed = _close(value)
    except UNREADABLE:
        return schema
    return Raw(msgspec.json.encode(value)) if closed else schema


def _close(value: object) -> bool:
    """Closes the objects in place; whether any was open."""
    if isinstance(value, list):
        return sum(map(_close, value)) > 0
    if not isinstance(value, dict):
        return False
    was_open = _is_of_objects(value) and "additionalProperties" not in value
    if was_open:
        value["additionalProperties"] = False
    return sum(map(_close, _inner_schemas(value))) > 0 or was_open


def _is_of_objects(schema: dict[str, object]) -> bool:
    type_ = schema.get("type")
    return type_ == "object" or (isinstance(type_, list) and "object" in type_)


def _inner_schemas(schema: dict[str, object]) -> Iterator[object]:
    for name, value in schema.items():
        if name in _BY_NAME and isinstance(value, dict):
            yield from value.values()
        elif name not in _DATA:
            yield value
