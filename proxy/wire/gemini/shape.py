"""JSON objects by their shape, in either spelling of the names.

The API writes `functionCall` and takes `function_call` as well, for that is how protocol buffers are spelled
in JSON; clients in Python send the latter. What a struct does not name is kept beside it. Unknown members of
an inner object are kept in the outer `extra` as one object under the inner one's name.
"""

from typing import Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra
from proxy.wire.reading import decoded, members_of

T = TypeVar("T", bound=Struct)


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


def whole(number: float | None) -> int | None:
    """Counts come as 40.0 from clients whose language knows no integers."""
    return None if number is None else int(number)
