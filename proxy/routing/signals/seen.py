"""One message taken apart as far as routing needs it, whatever format it is written in."""

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Raw, Struct

from proxy.routing.signals.blocks import Shown
from proxy.wire.reading import ABSENT

Role = Literal["user", "assistant", "system", "other"]
"""The last is what belongs to nobody's turn: reasoning, references, what we do not know."""

ROLES: dict[str | None, Role] = {
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
    "system": "system",
    "developer": "system",
    "tool": "user",
    "function": "user",
}
"""Results of tools come from the user's side in every format, under one name or another."""


class Called(Struct, frozen=True, gc=False):
    name: str = ""
    id: str = ""
    arguments: Raw | str = ABSENT
    """As they are written, in an object or in a string."""


class Answered(Struct, frozen=True, gc=False):
    call: str
    """The id of the call, or the name of its tool where calls have no ids."""
    content: str | Sequence[Shown] | Shown | Raw | None = None
    is_error: bool | None = None
    """None where the format has no word for it."""


class Seen(Struct, frozen=True, gc=False):
    role: Role
    texts: tuple[str, ...] = ()
    """Of users and systems only; what models and tools say is no signal."""
    calls: tuple[Called, ...] = ()
    answers: tuple[Answered, ...] = ()
    is_open: bool = False
    """A call stands here that its own message does not answer."""
    has_tools: bool = False
    images: int = 0
    documents: int = 0
    is_text: bool = False
    """It is known to hold nothing but words, so its size is theirs."""

    @property
    def results(self) -> tuple[str, ...]:
        """The ids of the calls that are answered here."""
        return tuple([answer.call for answer in self.answers])

    @property
    def called(self) -> tuple[str, ...]:
        """The names of the tools that are called here."""
        return tuple([call.name for call in self.calls if call.name])


NOTHING = Seen("other")

See = Callable[[Sequence[bytes]], list[Seen]]
"""How a format takes messages apart: many at one go, for it costs more to begin than to read."""
