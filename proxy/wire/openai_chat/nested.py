"""What nobody knows is kept, also one level down.

This format likes to wrap: a tool's name stands in its `function`, an image's address in its `image_url`.
Unknown members of such an inner object are kept in the outer `extra` as one object under the inner one's
name, where no unknown member of the outer one can stand.
"""

from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra
from proxy.wire.reading import Shapes, members_of

T = TypeVar("T", bound=Struct)

ABSENT = Raw()
"""The default of members that are kept unread; msgspec allows no None beside Raw."""


def given(raw: Raw) -> Raw | None:
    """The member, if the client said anything there."""
    return None if bytes(raw) in (b"", b"null") else raw


def read_plain(shapes: Shapes[T], raw: bytes | Raw) -> tuple[T, Extra | None]:
    """An object of the only shape there is."""
    found = shapes.read(raw)
    if found is None:
        raise msgspec.ValidationError("Object of an unexpected type")
    return found


def read_inner(shapes: Shapes[T], raw: Raw, name: str, outer: Extra | None) -> tuple[T, Extra | None]:
    """The object inside member `name`, and the extras of both."""
    inner, more = read_plain(shapes, raw)
    if not more:
        return inner, outer
    return inner, {**(outer or {}), name: Raw(msgspec.json.encode(more))}


def add_extra(members: dict[str, Any], extra: Extra) -> None:
    """Puts back what was kept, where it was; what the members say already stands."""
    for name, raw in extra.items():
        there = members.get(name)
        if isinstance(there, dict):
            members[name] = {**members_of(raw), **there}
        else:
            members.setdefault(name, raw)
