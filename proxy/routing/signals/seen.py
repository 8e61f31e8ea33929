"""One message taken apart as far as routing needs it, whatever format it is written in."""

from enum import Enum

from msgspec import Struct


class Role(Enum):
    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    OTHER = "other"
    """What belongs to nobody's turn: reasoning, references, what we do not know."""


ROLES = {
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "tool": Role.USER,
    "function": Role.USER,
}
"""Results of tools come from the user's side in every format, under one name or another."""


class Seen(Struct, frozen=True, gc=False):
    role: Role
    texts: tuple[str, ...] = ()
    """Of users and systems only; what models and tools say is no signal."""
    results: tuple[str, ...] = ()
    """The ids of the calls that are answered here."""
    called: tuple[str, ...] = ()
    """The names of the tools that are called here."""
    is_open: bool = False
    """A call stands here that its own message does not answer."""
    has_tools: bool = False
    images: int = 0
    documents: int = 0


NOTHING = Seen(Role.OTHER)
