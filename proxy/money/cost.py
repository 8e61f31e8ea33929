"""What tokens cost, in whole nano-dollars.

One dollar per million tokens is 1,000 nano-dollars per token, so that even a single cached token has a price
that an integer can hold, and sums over months are exact.
"""

from typing import Final

from msgspec import Struct

from proxy.money.rates import Prices, Rate
from proxy.wire.canonical import Usage

NANO: Final = 1_000_000_000
"""Nano-dollars in a dollar."""
_NANO_PER_TOKEN: Final = 1_000
"""Of a price of one dollar per million tokens."""


class Cost(Struct, frozen=True):
    """What each kind of token of one answer cost, in nano-dollars."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        return self.input + self.cache_read + self.cache_write + self.output


def cost_of(usage: Usage, prices: Prices) -> Cost | None:
    """The cost of what is known of the usage.

    None where no token was counted at all, or where tokens were counted whose price nobody knows: part of a
    bill must not pass for the whole. A count that is missing costs nothing, and it is for the caller to mark
    the cost as partial. Cached tokens without a price of their own are ordinary input. Reasoning is part of
    the output and never added.
    """
    fresh, read, written = usage.input or 0, usage.cache_read or 0, usage.cache_write or 0
    # A prompt that came from a cache altogether is billable, though its fresh part may not be told.
    if not (read or written or usage.is_known):
        return None
    kept_longer = min(usage.cache_write_1h or 0, written)
    prompt = fresh + read + written
    write_rate = prices.cache_write or prices.input
    input_, cached, short, long, output = (
        _charge(fresh, prices.input, prompt),
        _charge(read, prices.cache_read or prices.input, prompt),
        _charge(written - kept_longer, write_rate, prompt),
        _charge(kept_longer, prices.cache_write_1h or write_rate, prompt) if kept_longer else 0,
        _charge(usage.output or 0, prices.output, prompt),
    )
    if input_ is None or cached is None or short is None or long is None or output is None:
        return None
    return Cost(input_, cached, short + long, output)


def _charge(tokens: int, rate: Rate | None, prompt: int) -> int | None:
    if tokens == 0:
        return 0
    if rate is None:
        return None
    price = rate.for_prompt(prompt) if rate.steps else rate.base
    return round(tokens * price * _NANO_PER_TOKEN)
