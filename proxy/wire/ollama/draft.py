"""A request being written: for whom, and what could not be said."""

from dataclasses import dataclass, field

from msgspec import Raw

from proxy.wire.canonical import Conversation, Extra
from proxy.wire.names import NameRule, Naming
from proxy.wire.target import Loss, Target


@dataclass(slots=True)
class Draft:
    target: Target
    naming: Naming
    lost: set[Loss] = field(default_factory=set)

    @classmethod
    def of(cls, conversation: Conversation, target: Target, lost: frozenset[Loss]) -> "Draft":
        return cls(target, Naming(conversation, NameRule()), set(lost))

    def note(self, extra: Extra | None, cache: Raw | None = None) -> None:
        """No client speaks this format, so what another format alone knows can never be said in it."""
        if extra:
            self.lost.add(Loss.UNKNOWN_FIELDS)
        if cache is not None:
            self.lost.add(Loss.CACHE_MARKS)
