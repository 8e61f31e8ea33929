"""What a turn of a coding agent costs at list prices, which also hints best at how strong a model is."""

import math
from dataclasses import dataclass
from statistics import mode
from typing import Final

from msgspec.structs import replace

from proxy.config import Config, ProviderConfig
from proxy.money.book import PriceBook
from proxy.money.catalogue import Catalogue
from proxy.money.rates import Prices
from proxy.routing.service import Service

_READ: Final = 30_000
_WRITTEN: Final = 1_000
_PER_MILLION: Final = 1e-6
_HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class ListPrices:
    """The prices of a day that holds a moment, in seconds since the epoch."""

    catalogue: Catalogue
    at: float

    def of(self, config: Config, name: str, provider: ProviderConfig, model: str) -> Prices | None:
        """What a model costs at a provider, which need not be configured yet; None: not known.

        Some ask for more at certain hours. What they ask for in most of them is what counts, or else every
        hour would have a proposal of its own.
        """
        book = PriceBook(replace(config, providers={**config.providers, name: provider}), self.catalogue)
        service = Service(name, model)
        hours = (self.at + hour * _HOUR for hour in range(24))
        return mode(book.of(service, at).prices for at in hours)


def cost_of_turn(prices: Prices | None) -> float | None:
    """Dollars for a long prompt and a short answer, nothing of it cached."""
    if prices is None or prices.input is None or prices.output is None:
        return None
    cost = _READ * prices.input.for_prompt(_READ) + _WRITTEN * prices.output.for_prompt(_READ)
    return cost * _PER_MILLION


def in_words(prices: Prices | None) -> str:
    if prices is None or prices.input is None or prices.output is None:
        return "its price is not known"
    return f"{_dollars(prices.input.base)} in, {_dollars(prices.output.base)} out per million tokens"


def distance(one: float, other: float) -> float:
    """How far apart two costs are, by how many times one is the other."""
    return abs(math.log(one) - math.log(other)) if one > 0 and other > 0 else math.inf


def _dollars(price: float) -> str:
    return f"${price:.3f}".rstrip("0").ljust(len(f"${price:.2f}"), "0")
