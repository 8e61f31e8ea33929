"""JSON into typed values: what a body must hold is declared as structs, and what they do not name is kept.

msgspec reads straight into structs at the speed of plain objects and says in one sentence what is wrong.
It is strict about one thing clients do: cutting text inside an emoji leaves half a surrogate pair, which
msgspec refuses. Such a body is read once more with the half pairs replaced.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw

from proxy.wire.canonical.blocks import Extra
from proxy.wire.failure import Failure, FailureKind

T = TypeVar("T")

UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError)
"""Everything that reading bytes as JSON can raise."""


@contextmanager
def reading_request() -> Iterator[None]:
    """What cannot be read in here is the client's mistake."""
    try:
        yield
    except UNREADABLE as error:
        raise Failure(FailureKind.BAD_REQUEST, f"The request body {_complaint(error)}") from error


@contextmanager
def reading_answer() -> Iterator[None]:
    """What cannot be read in here is the provider's mistake."""
    try:
        yield
    except UNREADABLE as error:
        raise bad_answer(error) from error


def bad_answer(error: Exception) -> Failure:
    return Failure(FailureKind.BAD_ANSWER, f"The provider's answer {_complaint(error)}")


def decoded(decoder: msgspec.json.Decoder[T], data: bytes | Raw) -> T:
    """The value that `data` holds; raises what UNREADABLE lists."""
    try:
        return decoder.decode(data)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return decoder.decode(_mended(bytes(data)))


class Shapes(Generic[T]):
    """JSON objects that are each one of some structs, which their tag tells apart.

    The structs declare `forbid_unknown_fields`, so the fast way serves whatever they name in full; an
    object with more in it is read a second time, and its other members come back beside the struct.
    """

    def __init__(self, *structs: type[T]) -> None:
        self._structs = {struct.__struct_config__.tag: struct for struct in structs}  # type: ignore[attr-defined] # mypy does not know that they are structs
        self._tag_field: str | None = structs[0].__struct_config__.tag_field  # type: ignore[attr-defined] # the same
        union: Any = structs[0]
        for struct in structs[1:]:
            union = union | struct
        self._whole: msgspec.json.Decoder[T] = msgspec.json.Decoder(union)
        self._named = {
            tag: frozenset(field.encode_name for field in msgspec.structs.fields(struct))  # type: ignore[arg-type] # the same
            for tag, struct in self._structs.items()
        }

    def read(self, raw: bytes | Raw) -> tuple[T, Extra | None] | None:
        """The struct and what it does not name, or None for a tag that no struct has."""
        try:
            return self._whole.decode(raw), None
        except msgspec.MsgspecError:
            return self._read_members(decoded(_MEMBERS, raw))

    def _read_members(self, members: dict[str, Raw]) -> tuple[T, Extra | None] | None:
        tag = tag_of(members, self._tag_field) if self._tag_field else None
        if tag not in self._structs:
            return None
        named = self._named[tag] | {self._tag_field}
        extra = {name: raw for name, raw in members.items() if name not in named}
        known = msgspec.json.encode({name: raw for name, raw in members.items() if name in named})
        return decoded(self._whole, known), extra or None


def read_one(shapes: Shapes[T], raw: bytes | Raw) -> tuple[T, Extra | None]:
    """An object of the only shape there is."""
    found = shapes.read(raw)
    if found is None:
        raise msgspec.ValidationError("Object of an unexpected type")
    return found


ABSENT = Raw()
"""The default of members that are kept unread; msgspec allows no None beside Raw."""


def given(raw: Raw) -> Raw | None:
    """The member, if anything is said there."""
    return None if raw is ABSENT or bytes(raw) in (b"", b"null") else raw


_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_TEXT = msgspec.json.Decoder(str)


def members_of(raw: bytes | Raw) -> dict[str, Raw]:
    """An object's members by name, none of them taken apart."""
    return decoded(_MEMBERS, raw)


def tag_of(members: dict[str, Raw], field: str) -> str:
    """The string that tells what sort of object this is."""
    if field not in members:
        raise msgspec.ValidationError(f"Object missing required field `{field}`")
    return decoded(_TEXT, members[field])


def put_back(members: dict[str, Any], extra: Mapping[str, Raw]) -> None:
    """Puts what was kept where it was, also one level down; what the members say already stands."""
    for name, raw in extra.items():
        there = members.get(name)
        if isinstance(there, dict):
            members[name] = {**members_of(raw), **there}
        else:
            members.setdefault(name, raw)


def is_json_object(text: str) -> bool:
    """Whether a text is one: what a tool can be called with, what an error can be read from."""
    try:
        return isinstance(decoded(_ANYTHING, text.encode("utf-8", "surrogatepass")), dict)
    except UNREADABLE:
        return False


_ANYTHING: msgspec.json.Decoder[Any] = msgspec.json.Decoder()


def _mended(data: bytes) -> bytes:
    value = json.loads(data)
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _complaint(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply."
    if isinstance(error, msgspec.ValidationError):
        return f"is not as expected: {error}."
    return f"is not valid JSON: {error}."
