"""Codex's running totals, and what lies between two of them."""

from typing import Annotated, Optional

import msgspec
from msgspec import Meta, Struct

from proxy.wire.canonical import Usage
from proxy.wire.canonical.usage import of_inclusive

_Count = Annotated[int, Meta(ge=0)]


class Totals(Struct, frozen=True):
    """Tokens as Codex counts them: cached ones are part of the input, reasoning is part of the output."""

    input_tokens: _Count = 0
    cached_input_tokens: _Count = 0
    cache_write_input_tokens: _Count = 0
    output_tokens: _Count = 0
    reasoning_output_tokens: _Count = 0

    def since(self, before: Optional["Totals"], last: Optional["Totals"]) -> "Totals":
        """What was used between `before` and this. A first total may hold more than this file tells of, and
        one that fell has begun anew: then what Codex calls the last request is all that is known."""
        if before is None or self._is_below(before):
            return last or self
        return Totals(*(mine - old for mine, old in zip(_counts(self), _counts(before), strict=True)))

    @property
    def is_nothing(self) -> bool:
        return self.input_tokens == 0 and self.output_tokens == 0

    @property
    def usage(self) -> Usage:
        return of_inclusive(
            prompt=self.input_tokens,
            output=self.output_tokens,
            cache_read=self.cached_input_tokens,
            cache_write=self.cache_write_input_tokens,
            reasoning=self.reasoning_output_tokens,
        )

    def _is_below(self, before: "Totals") -> bool:
        return any(mine < old for mine, old in zip(_counts(self), _counts(before), strict=True))


def _counts(totals: Totals) -> tuple[int, ...]:
    return msgspec.structs.astuple(totals)
