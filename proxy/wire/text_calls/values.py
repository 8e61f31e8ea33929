"""Arguments as JSON: of values that stand as bare text in tags, and of JSON objects that name a tool."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.reading import UNREADABLE, is_json_object, members_of
from proxy.wire.text_calls.form import Call, NotACallError, Schemas

_ANYTHING: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_TEXT = msgspec.json.Decoder(str)
_ARRAY = msgspec.json.Decoder(list[Raw])


def call_of_texts(name: str, values: Iterable[tuple[str, str]], schemas: Schemas) -> Call:
    """A call whose values are text; those that must not be strings are read as JSON."""
    types = _types(schemas.get(name))
    try:
        members = {key: _typed(value, types.get(key)) for key, value in values}
        return Call(_offered(name, schemas), msgspec.json.encode(members).decode())
    except UnicodeEncodeError as error:
        raise NotACallError from error


def call_of_object(text: str | Raw, schemas: Schemas) -> Call:
    """A call that is an object with a name and arguments, which may themselves be a string of JSON."""
    try:
        members = members_of(_bytes(text))
        if "function" in members and "name" not in members:
            members = members_of(members["function"])
        name = _TEXT.decode(members["name"])
        arguments = members.get("arguments") or members.get("parameters") or Raw(b"{}")
        written = bytes(arguments)
        inner = _TEXT.decode(written) if written.startswith(b'"') else written.decode()
    except (*UNREADABLE, KeyError) as error:
        raise NotACallError from error
    arguments_text = "{}" if inner in ("", "null") else inner
    return calls_of_arguments(name, arguments_text, schemas)[0]


def calls_of_objects(_name: str, text: str, schemas: Schemas) -> tuple[Call, ...]:
    """One such object, or an array of them: all of them calls, and at least one."""
    if not text.startswith("["):
        return (call_of_object(text, schemas),)
    try:
        objects = _ARRAY.decode(_bytes(text))
    except UNREADABLE as error:
        raise NotACallError from error
    if not objects:
        raise NotACallError
    return tuple(call_of_object(each, schemas) for each in objects)


def calls_of_arguments(name: str, text: str, schemas: Schemas) -> tuple[Call, ...]:
    """A call whose name stands before the JSON."""
    if not is_json_object(text):
        raise NotACallError
    return (Call(_offered(name, schemas), text),)


def _offered(name: str, schemas: Schemas) -> str:
    if name not in schemas:
        raise NotACallError
    return name


def _bytes(text: str | Raw) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def _typed(value: str, types: frozenset[str] | None) -> str | Raw:
    """As what the schema says; a value of unknown type is text unless it can only be JSON."""
    json = value.strip()
    if types is not None and "string" in types and not (json == "null" and "null" in types):
        return value
    try:
        read = _ANYTHING.decode(_bytes(json))
    except UNREADABLE:
        return value
    return value if types is None and isinstance(read, str) else Raw(json.encode())


def _types(schema: Raw | None) -> dict[str, frozenset[str]]:
    """The types of each property, as far as the schema says them."""
    try:
        properties = _ANYTHING.decode(schema)["properties"] if schema is not None else {}
        types = {name: _types_of(property_) for name, property_ in properties.items()}
    except (*UNREADABLE, KeyError, TypeError, AttributeError):
        return {}
    return {name: frozenset(of) for name, of in types.items() if of}


def _types_of(property_: Any) -> set[str]:
    if not isinstance(property_, dict):
        return set()
    said = property_.get("type", ())
    types = {said} if isinstance(said, str) else set(said)
    for choice in (*property_.get("anyOf", ()), *property_.get("oneOf", ())):
        types |= _types_of(choice)
    if any(isinstance(value, str) for value in property_.get("enum", ())):
        types.add("string")
    return types
