"""A request being written: for whom, and what could not be said."""

import re
from dataclasses import dataclass, field
from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Conversation, Extra
from proxy.wire.format import Format
from proxy.wire.names import NameRule, Naming
from proxy.wire.reading import put_back
from proxy.wire.target import Loss, Target

_NAMES = NameRule(r"[a-zA-Z_][a-zA-Z0-9_.-]*")
_OLDER = re.compile(r"(^|/)gemini-[12]([.-]|$)")


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
        own = conversation.format is Format.GEMINI
        return cls(target, own, Naming(conversation, _NAMES), set(lost))

    @property
    def older(self) -> bool:
        """Models before the third generation: they think by budgets, take no pictures inside a tool's
        result, and cannot both call tools and answer in JSON."""
        return bool(_OLDER.search(self.target.model))

    def put_extra(self, members: dict[str, Any], extra: Extra | None) -> None:
        """Unknown fields go back to where they came from, and to nobody else."""
        if not extra:
            return
        if self.own:
            put_back(members, extra)
        else:
            self.lost.add(Loss.UNKNOWN_FIELDS)

    def note_cache(self, cache: Raw | None) -> None:
        """What is cached here is named from outside, not marked."""
        if cache is not None:
            self.lost.add(Loss.CACHE_MARKS)
