"""What an answer used, in one vector whatever the provider's way of counting."""

from typing import Any

import msgspec
from msgspec import Struct


class Usage(Struct, frozen=True):
    """Tokens by kind. None is unknown, which is not zero.

    The input parts are disjoint: a prompt is `input` + `cache_read` + `cache_write`. `cache_write_1h` is
    the part of `cache_write` that is kept for an hour, `reasoning` the part of `output` that was thinking.
    """

    input: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_1h: int | None = None
    output: int | None = None
    reasoning: int | None = None
    cost_usd: float | None = None
    """What the provider says it charged."""

    @property
    def is_known(self) -> bool:
        return self.input is not None or self.output is not None

    @property
    def prompt(self) -> int | None:
        """The whole prompt, cached or not; unknown parts count as none of it."""
        if self.input is None:
            return None
        return self.input + (self.cache_read or 0) + (self.cache_write or 0)

    def updated(self, later: "Usage") -> "Usage":
        """This with whatever `later` knows."""
        if later is UNKNOWN:
            return self
        known = {name: value for name, value in msgspec.structs.asdict(later).items() if value is not None}
        return msgspec.structs.replace(self, **known)


def of_inclusive(
    prompt: int | None,
    output: int | None,
    cache_read: int | None = None,
    cache_write: int | None = None,
    reasoning: int | None = None,
    cost_usd: float | None = None,
) -> Usage:
    """Usage from counts where cached tokens are part of the prompt, as everyone but Anthropic counts."""
    fresh = None if prompt is None else max(0, prompt - (cache_read or 0) - (cache_write or 0))
    return Usage(
        input=fresh,
        cache_read=cache_read,
        cache_write=cache_write,
        output=output,
        reasoning=reasoning,
        cost_usd=cost_usd,
    )


def count_of(value: Any) -> int | None:
    """A count from JSON; one that makes no sense is one that nobody gave."""
    amount = amount_of(value)
    return None if amount is None or amount >= 2**63 else int(amount)


def amount_of(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return value


UNKNOWN = Usage()
