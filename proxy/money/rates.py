"""What a model charges for each kind of token, and where such a price comes from."""

from enum import StrEnum

from msgspec import Struct


class Rate(Struct, frozen=True, array_like=True):
    """US dollars per million tokens.

    A prompt longer than the start of a step pays that step's price for all its tokens, not only for those
    beyond it: vendors charge long prompts as a whole.
    """

    base: float
    steps: tuple[tuple[int, float], ...] = ()
    """Where a price begins, and the price; the shortest prompt first."""

    def for_prompt(self, tokens: int) -> float:
        """The price of every token that belongs to a prompt of so many."""
        price = self.base
        for start, higher in self.steps:
            if tokens <= start:
                break
            price = higher
        return price


class Prices(Struct, frozen=True, array_like=True):
    """The price of each kind of token; None where it is not known, which is not free."""

    input: Rate | None = None
    output: Rate | None = None
    cache_read: Rate | None = None
    cache_write: Rate | None = None
    cache_write_1h: Rate | None = None


_NOTHING = Rate(0.0)
FREE = Prices(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)


class PriceSource(StrEnum):
    """Whose word a price is."""

    USER = "user"
    CATALOGUE = "catalogue"
    LOCAL = "local"
    UNPRICED = "unpriced"


class Priced(Struct, frozen=True):
    """What is known of a model's prices at a moment."""

    prices: Prices | None
    source: PriceSource
    id: str = ""
    """The entry of the catalogue that the price is from, such as `anthropic/claude-haiku-4-5`."""


UNPRICED = Priced(None, PriceSource.UNPRICED)
