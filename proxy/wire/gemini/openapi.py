"""Two languages for schemas: JSON Schema, and the part of OpenAPI's that the API's older fields take.

Everyone else speaks JSON Schema, and so does the API in its newer fields. The older ones write types in
capitals and `nullable` beside them, and know neither references nor most keywords. What is translated keeps
its meaning as far as the language goes; a schema that reads the same in both stays as it is, byte for byte.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.reading import decoded

_ANYTHING: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_MAPS = ("properties", "$defs", "definitions")
_SINGLES = ("items", "additionalProperties")
_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
_KEPT = frozenset(
    (
        "title", "description", "default", "minimum", "maximum", "pattern", "example", "propertyOrdering",
        "required", *_COUNTS,
    )
)  # fmt: skip
_MOST_SCHEMAS = 10_000
"""References to references multiply; what comes after so many can be anything."""
_FORMATS = {
    "STRING": ("date-time", "enum"),
    "INTEGER": ("int32", "int64"),
    "NUMBER": ("float", "double"),
}


def from_openapi(raw: Raw) -> Raw:
    """The JSON Schema of the same meaning."""
    schema = decoded(_ANYTHING, raw)
    translated = _plain(schema)
    return raw if translated == schema else Raw(msgspec.json.encode(translated))


def _plain(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    plain = _with_inner(schema, _plain)
    kind = plain.get("type")
    if isinstance(kind, str):
        plain["type"] = kind.lower()
        if kind.upper() == "TYPE_UNSPECIFIED":
            del plain["type"]
    nullable = plain.pop("nullable", False)
    if nullable is True:
        plain = _or_null(plain)
    for name in _COUNTS:
        # Large integers are texts in the JSON of protocol buffers.
        if isinstance(plain.get(name), str) and plain[name].isdecimal():
            plain[name] = int(plain[name])
    return plain


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if not isinstance(kind, str):
        return {"anyOf": [schema, {"type": "null"}]}
    enum = schema.get("enum")
    allowed = {"enum": [*enum, None]} if isinstance(enum, list) and None not in enum else {}
    return {**schema, "type": [kind, "null"], **allowed}


def _with_inner(schema: dict[str, Any], translate: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy with the schemas inside it translated; properties may be called like keywords."""
    copy = dict(schema)
    for name in _SINGLES:
        if name in copy:
            copy[name] = translate(copy[name])
    for name in _LISTS:
        if isinstance(copy.get(name), list):
            copy[name] = [translate(inner) for inner in copy[name]]
    for name in _MAPS:
        if isinstance(copy.get(name), dict):
            copy[name] = {key: translate(inner) for key, inner in copy[name].items()}
    return copy


def to_openapi(raw: Raw) -> Raw:
    """The schema as far as OpenAPI's language goes: references are replaced by what they mean."""
    schema = decoded(_ANYTHING, raw)
    return Raw(msgspec.json.encode(_Narrowing(schema).narrowed(schema, ())))


class _Narrowing:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = _MOST_SCHEMAS

    def narrowed(self, schema: Any, inside: tuple[str, ...]) -> dict[str, Any]:
        """`inside` are the references that led here: one that leads back to itself ends as any object."""
        self._left -= 1
        if not isinstance(schema, dict) or self._left < 0:
            return {}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in inside:
                return {"type": "OBJECT"}
            rest = {name: value for name, value in schema.items() if name != "$ref"}
            return self.narrowed({**self._found(reference), **rest}, (*inside, reference))
        if isinstance(schema.get("allOf"), list):
            return self._joined(schema, inside)
        narrow = {name: value for name, value in schema.items() if name in _KEPT}
        for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(schema.get(name), int | float):
                narrow.setdefault(limit, schema[name])
        narrow |= self._type(schema, inside)
        self._values(schema, narrow)
        return narrow | self._inner(schema, narrow, inside)

    def _found(self, reference: str) -> dict[str, Any]:
        place = self._root
        for name in reference.removeprefix("#").split("/")[1:]:
            key = name.replace("~1", "/").replace("~0", "~")
            place = place.get(key) if isinstance(place, dict) else None
        return place if isinstance(place, dict) else {}

    def _joined(self, schema: dict[str, Any], inside: tuple[str, ...]) -> dict[str, Any]:
        """One schema for all that must hold together."""
        rest = {name: value for name, value in schema.items() if name != "allOf"}
        joined: dict[str, Any] = {}
        for part in (*schema["allOf"], rest):
            narrow = self.narrowed(part, inside)
            for name, value in narrow.items():
                there = joined.get(name)
                if isinstance(there, dict) and isinstance(value, dict):
                    joined[name] = there | value
                elif name == "required" and isinstance(there, list) and isinstance(value, list):
                    joined[name] = [*there, *(one for one in value if one not in there)]
                else:
                    joined[name] = value
        return joined

    def _type(self, schema: dict[str, Any], inside: tuple[str, ...]) -> dict[str, Any]:
        kind = schema.get("type")
        kinds = [k.upper() for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)]
        real = [k for k in kinds if k != "NULL"]
        nullable = {"nullable": True} if len(real) < len(kinds) else {}
        if len(real) == 1:
            form = schema.get("format")
            told = {"format": form} if form in _FORMATS.get(real[0], ()) else {}
            return {"type": real[0], **nullable, **told}
        if real:
            return {"anyOf": [self.narrowed({**schema, "type": k.lower()}, inside) for k in real], **nullable}
        return nullable

    def _values(self, schema: dict[str, Any], narrow: dict[str, Any]) -> None:
        """Only texts can be told apart; other values are told in words."""
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if not isinstance(values, list):
            return
        if all(isinstance(value, str) for value in values):
            narrow["enum"] = values
            narrow.setdefault("type", "STRING")
            return
        words = "One of " + ", ".join(msgspec.json.encode(value).decode() for value in values) + "."
        narrow["description"] = " ".join(filter(None, (str(narrow.get("description") or ""), words)))

    def _inner(
        self, schema: dict[str, Any], narrow: dict[str, Any], inside: tuple[str, ...]
    ) -> dict[str, Any]:
        inner: dict[str, Any] = {}
        properties = schema.get("properties")
        if isinstance(properties, dict):
            inner["properties"] = {name: self.narrowed(value, inside) for name, value in properties.items()}
        if isinstance(schema.get("items"), dict):
            inner["items"] = self.narrowed(schema["items"], inside)
        options = schema.get("anyOf") or schema.get("oneOf")
        if isinstance(options, list) and "anyOf" not in narrow:
            real = [option for option in options if option != {"type": "null"}]
            if len(real) < len(options):
                inner["nullable"] = True
            inner["anyOf"] = [self.narrowed(option, inside) for option in real]
        return inner
