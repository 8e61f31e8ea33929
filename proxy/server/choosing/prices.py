"""What services cost in one number, so that they can be told apart at a glance."""

from collections.abc import Callable, Iterable, Mapping

from proxy.config import Config
from proxy.money.book import PriceBook
from proxy.money.caching import cache_rules
from proxy.money.catalogue import Catalogue
from proxy.money.rates import FREE, Prices, PriceSource
from proxy.routing.selection.snapshot import Terms
from proxy.routing.service import Candidate, Service
from proxy.server.choosing.terms import rules_of

_INPUT, _CACHED, _OUTPUT = 0.3, 0.6, 0.1
"""The tokens of a usual turn of a coding agent: most of its prompt was there before."""


class UsualPrices:
    """US dollars per million tokens of a usual mix. Without a catalogue only what the user says is known."""

    def __init__(self) -> None:
        self._book: PriceBook | None = None
        self._catalogue: Catalogue | None = None
        self._config: Config | None = None
        self.leaves: Callable[[Service], bool] = lambda _service: False
        """Whether a server here passes it on, so that it is not free; whoever sees that puts it here."""
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
        prices = self.rates(service, now)
        return None if prices is None else _mixed(prices)

    def rates(self, service: Service, now: float) -> Prices | None:
        """What each kind of token costs."""
        if self._book is None:
            return FREE if self._keeps_here(service) else None
        priced = self._book.of(service, now)
        return None if priced.source is PriceSource.LOCAL and self.leaves(service) else priced.prices

    def terms(self, candidates: Iterable[Candidate], now: float) -> Mapping[Service, Terms]:
        return {each.service: self._terms(each.service, now) for each in candidates}

    def _terms(self, service: Service, now: float) -> Terms:
        provider = None if self._config is None else self._config.providers.get(service.provider)
        rules = cache_rules("") if provider is None else rules_of(provider, service.model)
        return Terms(self.rates(service, now), rules, self._keeps_here(service))

    def _keeps_here(self, service: Service) -> bool:
        provider = None if self._config is None else self._config.providers.get(service.provider)
        return provider is not None and provider.keeps_here(service.model) and not self.leaves(service)


def _mixed(prices: Prices) -> float | None:
    if prices.input is None or prices.output is None:
        return None
    cached = prices.cache_read or prices.input
    return prices.input.base * _INPUT + cached.base * _CACHED + prices.output.base * _OUTPUT
