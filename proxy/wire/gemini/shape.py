"""JSON objects by their shape, in either spelling of the names.

The API writes `functionCall` and takes `function_call` as well, for that is how protocol buffers are spelled
in JSON; clients in Python send the latter. What a struct does not name is kept beside it. Unknown members of
an inner object are kept in the outer `extra` as one object under the inner one's name.
"""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra
from proxy.wire.reading import decoded, members_of

T = TypeVar("T", bound=Struct)

ABSENT = Raw()
"""The default of members that are kept unread; msgspec allows no None beside Raw."""


def given(raw: Raw) -> Raw | None:
    """The member, if anything is said there."""
    if raw is ABSENT or bytes(raw) in (b"", b"null"):
        return None
    return raw


class Shape(Generic[T]):
    """Objects of one shape. The struct forbids unknown members, so what is named in full is read fast."""

    def __init__(self, struct: type[T]) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(struct)
        fields = msgspec.structs.fields(struct)
        self._names = {
            name: field.encode_name for field in fields for name in (field.name, field.encode_name)
        }

    def read(self, raw: bytes | Raw) -> tuple[T, Extra | None]:
        """The struct, and what it does not name."""
        try:
            return self._decoder.decode(raw), None
        except msgspec.MsgspecError:
            members = members_of(raw)
        known: dict[str, Raw] = {}
        extra: Extra = {}
        for name, value in members.items():
            if name in self._names:
                known[self._names[name]] = value
            else:
                extra[name] = value
        return decoded(self._decoder, msgspec.json.encode(known)), extra or None

    def read_inner(self, raw: Raw, name: str, outer: Extra | None) -> tuple[T, Extra | None]:
        """The object in member `name`, and the extras of both."""
        inner, more = self.read(raw)
        if not more:
            return inner, outer
        return inner, {**(outer or {}), name: Raw(msgspec.json.encode(more))}


def add_extra(members: dict[str, Any], extra: Mapping[str, Raw]) -> None:
    """Puts back what was kept, where it was; what the members say already stands."""
    for name, raw in extra.items():
        there = members.get(name)
        if isinstance(there, dict):
            members[name] = {**members_of(raw), **there}
        else:
            members.setdefault(name, raw)


def whole(number: float | None) -> int | None:
    """Counts come as 40.0 from clients whose language knows no integers."""
    return None if number is None else int(number)
