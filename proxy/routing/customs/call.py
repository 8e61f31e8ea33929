"""What is looked at of one call, to learn what is usual for whoever makes it."""

from msgspec import Struct


class Call(Struct, frozen=True, gc=False):
    client: str
    session: int
    """A hash: which conversation it is matters to nobody, only that it is another one."""
    tools: frozenset[str] = frozenset()
    """The names of those that are offered."""
    shape: int = 0
    """Of a call without tools: how its prompt begins, and what it demands of the answer."""
    is_single: bool = False
    """Of a call without tools: a question by itself, with nothing that was said before it."""
    is_slight: bool = False
    """Little is asked, and only little may be answered."""
