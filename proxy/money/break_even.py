"""Whether a conversation should go to another model: what its next turns cost here, and what they cost there.

A turn that follows another one reads from the prompt cache what that one has sent, and writes what is new.
The first turn at another model finds nothing there: the whole prompt is read uncached, and written to the
cache where writing has a price. That is what a switch costs once. What it saves, it saves on every turn that
follows, so it pays if the conversation stays there for long enough: for `once / saved per turn` turns. If it
is going to come back, the way back is a second switch.

The prompt grows with every turn, and a long prompt may cost more per token, so turns are priced one by one
and not as so many times the first one. A model on this machine costs nothing, however much it reads.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from proxy.money.caching import CacheRules
from proxy.money.rates import Prices, Rate

MOST_TURNS: Final = 200.0
"""Nobody knows what a conversation is going to be like after so many."""
NEVER: Final = -1.0

_HOUR: Final = 3600
_PER_MILLION: Final = 1e-6


class Side(Struct, frozen=True):
    """A service that could answer, and what it is believed to have of the conversation."""

    prices: Prices
    rules: CacheRules
    cached: int = 0
    """Tokens of the prompt that are in its cache now."""


class Turnover(Struct, frozen=True, kw_only=True):
    """What is going to be asked."""

    prompt: int
    """Tokens of this turn's prompt."""
    new: int = 2000
    """Tokens by which each turn's prompt is longer than the one before."""
    output: int = 800
    turns: float = 10.0
    """Requests that are expected to go where this one goes, this one included: until the conversation ends,
    or until it comes back."""
    back: float = 0.0
    """How likely it comes back after those turns, from 0 to 1. Then the way back is to be paid as well."""
    pace: float = 30.0
    """Seconds from one turn to the next: after so many of them what it left behind is cold."""
    asked_seconds: int = 300
    """For how long the client wants its prompt cached; zero where it sets no marks, and caches that want
    them keep nothing."""


class BreakEven(Struct, frozen=True):
    """In US dollars. `stay_usd - switch_usd` is `saved_per_turn_usd * expected - once_usd`."""

    pays: bool
    stay_usd: float
    """What the expected turns cost where the conversation is."""
    switch_usd: float
    once_usd: float
    """What the first turn there costs beyond a usual one, so far as the first turn here does not: a cold
    cache must be filled anew on either side. With the way back, as likely as that is."""
    back_usd: float
    """The way back in full: what was said meanwhile is read uncached, or all of it if it is cold by then."""
    saved_per_turn_usd: float
    """On a usual turn, as a mean over those expected."""
    turns: float
    """After so many the switch has paid for itself; NEVER where each turn costs as much or more."""
    expected: float


def break_even(stay: Side, switch: Side, turnover: Turnover) -> BreakEven | None:
    """None where a price is unknown on either side: what cannot be compared cannot pay."""
    if not (_is_priced(stay.prices) and _is_priced(switch.prices)):
        return None
    expected = min(max(turnover.turns, 1.0), MOST_TURNS)
    here, once_here = _usual(stay, turnover, expected), _once(stay, turnover)
    there, once_there = _usual(switch, turnover, expected), _once(switch, turnover)
    back = _way_back(stay, turnover, expected)
    once, saved = once_there - once_here + turnover.back * back, (here - there) / expected
    return BreakEven(
        pays=saved > 0 and once < saved * expected,
        stay_usd=here + once_here,
        switch_usd=there + once_there + turnover.back * back,
        once_usd=once,
        back_usd=back,
        saved_per_turn_usd=saved,
        turns=max(0.0, once / saved) if saved > 0 else NEVER,
        expected=expected,
    )


def _is_priced(prices: Prices) -> bool:
    return prices.input is not None and prices.output is not None


def _once(side: Side, turnover: Turnover) -> float:
    """What this turn costs beyond one that found all in the cache that the turn before has sent."""
    usual = max(0, turnover.prompt - turnover.new)
    return _turn(side, turnover, turnover.prompt, side.cached) - _turn(side, turnover, turnover.prompt, usual)


def _way_back(side: Side, turnover: Turnover, expected: float) -> float:
    """What the first turn after the expected ones costs here, beyond a usual one."""
    asked = 0 if side.rules.is_automatic else turnover.asked_seconds
    is_warm = expected * turnover.pace <= max(side.rules.seconds, asked)
    later = replace(turnover, prompt=turnover.prompt + round(expected * turnover.new))
    return _once(side if is_warm else replace(side, cached=0), later)


def _usual(side: Side, turnover: Turnover, expected: float) -> float:
    """What all of the turns cost if each finds in the cache what the one before has sent."""
    return sum(
        share * _turn(side, turnover, prompt, max(0, prompt - turnover.new))
        for prompt, share in _prompts(turnover, expected)
    )


def _prompts(turnover: Turnover, expected: float) -> Iterator[tuple[int, float]]:
    """How long the prompts are, and how much of its turn is expected of each."""
    whole = int(expected)
    for turn in range(whole):
        yield turnover.prompt + turn * turnover.new, 1.0
    if expected > whole:
        yield turnover.prompt + whole * turnover.new, expected - whole


def _turn(side: Side, turnover: Turnover, prompt: int, cached: int) -> float:
    """One turn whose prompt begins with so many cached tokens."""
    prices, rules = side.prices, side.rules
    is_kept = (rules.is_automatic or turnover.asked_seconds > 0) and prompt >= rules.least
    read = min(cached, prompt) if is_kept and cached >= rules.least else 0
    rest = (_writing(prices, rules, turnover.asked_seconds) if is_kept else None) or prices.input
    return _PER_MILLION * (
        read * _price(prices.cache_read or prices.input, prompt)
        + (prompt - read) * _price(rest, prompt)
        + turnover.output * _price(prices.output, prompt)
    )


def _writing(prices: Prices, rules: CacheRules, asked_seconds: int) -> Rate | None:
    """Some vendors charge it though nobody asks for it; None: it costs nothing beyond the input."""
    if not rules.is_automatic and asked_seconds >= _HOUR:
        return prices.cache_write_1h or prices.cache_write
    return prices.cache_write


def _price(rate: Rate | None, prompt: int) -> float:
    return 0.0 if rate is None else rate.for_prompt(prompt)
