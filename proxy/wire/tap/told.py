"""What an answer told, and how its members are read where any of them may be missing."""

from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure
from proxy.wire.reading import UNREADABLE, decoded, members_of


class Told(Struct, frozen=True, kw_only=True):
    usage: Usage = UNKNOWN
    model: str | None = None
    """The model that answers, as the provider calls it."""
    id: str | None = None
    stop_reason: str | None = None
    """In the format's own words."""
    calls: tuple[str, ...] = ()
    """The ids of the tool calls that the client is to answer."""
    sequence_number: int | None = None
    """Of the last event, in the format that numbers them."""
    is_over: bool = False
    """Whether a stream told its own end, so that nothing is missing if the connection breaks now."""
    failure: Failure | None = None
    """What a stream that began well says went wrong."""


NOTHING = Told()

T = TypeVar("T")

_TEXT = msgspec.json.Decoder(str)
_NUMBER = msgspec.json.Decoder(int)
_LIST = msgspec.json.Decoder(list[Raw])


Object = bytes | Raw | dict[str, Raw] | None
"""JSON that should be an object, or one that was already read."""


def members(data: Object) -> dict[str, Raw]:
    """The members of what should be an object; none of what is not."""
    if isinstance(data, dict):
        return data
    try:
        return members_of(data) if data is not None else {}
    except UNREADABLE:
        return {}


def at(data: Object, *path: str) -> Raw | None:
    """The member at a path of keys; None where something on the way is not there, and for null."""
    *outer, last = path
    for key in outer:
        data = members(data).get(key)
    value = members(data).get(last)
    return None if value is None or bytes(value) == b"null" else value


def text_at(data: Object, *path: str) -> str | None:
    value = at(data, *path)
    return _read(_TEXT, value) if value is not None else None


def number_at(data: Object, *path: str) -> int | None:
    value = at(data, *path)
    return _read(_NUMBER, value) if value is not None else None


def items(value: bytes | Raw | None) -> list[Raw]:
    """The items of what should be a list; none of what is not."""
    return (_read(_LIST, value) or []) if value is not None else []


def failure_in(data: bytes | None) -> Failure | None:
    return read_error(None, data) if data is not None else None


def _read(decoder: msgspec.json.Decoder[T], value: bytes | Raw) -> T | None:
    try:
        return decoded(decoder, value)
    except UNREADABLE:
        return None
