"""A request being written: for whom, and what could not be said."""

from dataclasses import dataclass, field
from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Conversation, Extra
from proxy.wire.format import Format
from proxy.wire.names import NameRule, Naming
from proxy.wire.reading import put_back
from proxy.wire.target import Loss, Target


@dataclass(slots=True)
class Draft:
    target: Target
    own: bool
    """The client wrote in this format too, so what only this format knows may be said."""
    naming: Naming
    lost: set[Loss] = field(default_factory=set)
    added: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, conversation: Conversation, target: Target, lost: frozenset[Loss]) -> "Draft":
        own = conversation.format is Format.OPENAI_CHAT
        return cls(target, own, Naming(conversation, NameRule()), set(lost))

    def put_extra(self, members: dict[str, Any], extra: Extra | None) -> None:
        """Unknown fields go back to where they came from, and to nobody else."""
        if not extra:
            return
        if self.own:
            put_back(members, extra)
        else:
            self.lost.add(Loss.UNKNOWN_FIELDS)

    def put_cache(self, members: dict[str, Any], cache: Raw | None) -> None:
        if cache is None:
            return
        if self.target.takes_cache_marks:
            members["cache_control"] = cache
        else:
            self.lost.add(Loss.CACHE_MARKS)
