"""What services cost in one number, so that they can be told apart at a glance."""

from collections.abc import Iterable, Mapping

from proxy.config import Config
from proxy.money.book import PriceBook
from proxy.money.catalogue import Catalogue
from proxy.money.rates import Prices
from proxy.routing.service import Candidate, Service

_INPUT, _CACHED, _OUTPUT = 0.3, 0.6, 0.1
"""The tokens of a usual turn of a coding agent: most of its prompt was there before."""


class UsualPrices:
    """US dollars per million tokens of a usual mix. Without a catalogue only what the user says is known."""

    def __init__(self) -> None:
        self._book: PriceBook | None = None
        self._catalogue: Catalogue | None = None
        self._config: Config | None = None
        self.revision = 0
        """Another one when what is known of prices is another."""

    def reconfigured(self, config: Config) -> None:
        self._config = config
        self.revision += 1
        if self._catalogue is not None:
            self._book = PriceBook(config, self._catalogue)

    def learn(self, catalogue: Catalogue) -> None:
        """The catalogue was read, which takes a moment after the start."""
        self._catalogue = catalogue
        if self._config is not None:
            self.reconfigured(self._config)

    def of(self, candidates: Iterable[Candidate], now: float) -> Mapping[Service, float]:
        found = ((each.service, self.price(each.service, now)) for each in candidates)
        return {service: price for service, price in found if price is not None}

    def price(self, service: Service, now: float) -> float | None:
        """None where it is not known; zero on this machine."""
        if self._book is not None:
            priced = self._book.of(service, now)
            return None if priced.prices is None else _mixed(priced.prices)
        provider = None if self._config is None else self._config.providers.get(service.provider)
        return 0.0 if provider is not None and provider.keeps_here(service.model) else None


def _mixed(prices: Prices) -> float | None:
    if prices.input is None or prices.output is None:
        return None
    cached = prices.cache_read or prices.input
    return prices.input.base * _INPUT + cached.base * _CACHED + prices.output.base * _OUTPUT
