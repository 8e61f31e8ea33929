"""A request being written: for whom, and what could not be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Conversation
from proxy.wire.format import Format
from proxy.wire.names import NameRule, Naming
from proxy.wire.target import Loss, Target

NAMES = NameRule()


@dataclass(slots=True)
class Draft:
    target: Target
    own: bool
    """The client wrote in this format too, so what only this format knows may be said."""
    stored: bool
    """What the items refer to may be found at the provider."""
    naming: Naming
    lost: set[Loss] = field(default_factory=set)
    added: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, conversation: Conversation, target: Target, lost: frozenset[Loss]) -> "Draft":
        own = conversation.format is Format.RESPONSES
        stored = own and conversation.store is not False
        return cls(target, own, stored, Naming(conversation, NAMES), set(lost))

    def kept(self, extra: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Unknown members go back to where they came from, and to nobody else."""
        if not extra:
            return {}
        if self.own:
            return extra
        self.lost.add(Loss.UNKNOWN_FIELDS)
        return {}

    def without_mark(self, cache: Raw | None) -> None:
        if cache is not None:
            self.lost.add(Loss.CACHE_MARKS)
