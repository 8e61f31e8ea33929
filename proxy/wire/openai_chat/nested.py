"""What nobody knows is kept, also one level down.

This format likes to wrap: a tool's name stands in its `function`, an image's address in its `image_url`.
Unknown members of such an inner object are kept in the outer `extra` as one object under the inner one's
name, where no unknown member of the outer one can stand.
"""

from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra
from proxy.wire.reading import Shapes, read_one

T = TypeVar("T", bound=Struct)


def read_inner(shapes: Shapes[T], raw: Raw, name: str, outer: Extra | None) -> tuple[T, Extra | None]:
    """The object inside member `name`, and the extras of both."""
    inner, more = read_one(shapes, raw)
    if not more:
        return inner, outer
    return inner, {**(outer or {}), name: Raw(msgspec.json.encode(more))}
