"""What an exchange is compared with: the model that the client asked for, or the reference model.

A client that asks for an alias or a tier, or for a model without a price, has named nothing that could be
compared with; then it is the reference model of the configuration, and that is said beside the number.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from proxy.config import Config
from proxy.money.book import PriceBook
from proxy.money.caching import CacheRules, cache_rules
from proxy.money.rates import Priced, Prices
from proxy.routing.names import is_auto, plain, spelled, tier_named
from proxy.routing.service import Service

_KEPT = 4096
"""Names that are remembered; clients may ask for any."""

_Lookup = Callable[[float], Priced]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What else would have answered. `name` is a service, or a model as its vendor sells it."""

    name: str
    prices: Prices
    rules: CacheRules
    is_reference: bool
    entry: str = ""
    """Its place in the catalogue, where no service of ours is meant."""


@dataclass(frozen=True, slots=True)
class _Other:
    """A model to compare with, whose prices depend on the time."""

    name: str
    priced: _Lookup
    rules: CacheRules
    is_reference: bool = False
    is_vendors: bool = False

    def at(self, moment: float) -> Baseline | None:
        priced = self.priced(moment)
        if priced.prices is None:
            return None
        entry = priced.id if self.is_vendors else ""
        return Baseline(self.name, priced.prices, self.rules, self.is_reference, entry)


class Baselines:
    """Finds what to compare with, under one configuration."""

    def __init__(self, config: Config, book: PriceBook) -> None:
        self._config = config
        self._book = book
        self._named = lru_cache(_KEPT)(self._meant)
        self._reference = self._meant_by_reference(config.savings.reference)

    def of(self, requested: str | None, at: float) -> Baseline | None:
        """For what a client has asked for at this moment; None: there is nothing to compare with."""
        for other in self._named(requested or ""):
            if (found := other.at(at)) is not None:
                return found
        return None if self._reference is None else self._reference.at(at)

    def _meant(self, requested: str) -> tuple[_Other, ...]:
        """What the name means, the likeliest first: a service here, else its vendor's model."""
        model = plain(requested)
        if not model or is_auto(model) or tier_named(model):
            return ()
        service = self._service(model)
        vendors = self._of_vendor(model)
        return (vendors,) if service is None else (self._of_service(service), vendors)

    def _meant_by_reference(self, reference: str) -> _Other | None:
        service = Service.named(reference)
        if service is None:
            return None
        is_here = service.provider in self._config.providers
        return replace(
            self._of_service(service) if is_here else self._of_vendor(service.model),
            name=reference,
            is_reference=True,
        )

    def _service(self, model: str) -> Service | None:
        """The configured service that the name means."""
        for entry in self._config.services:
            table = self._config.providers.get(entry.provider)
            if entry.active and entry.model == model and table is not None and table.enabled:
                return Service(entry.provider, entry.model)
        named = Service.named(model)
        return None if named is None else spelled(self._config, named)

    def _of_service(self, service: Service) -> _Other:
        kind = self._config.providers[service.provider].kind
        return _Other(str(service), lambda at: self._book.of(service, at), cache_rules(kind))

    def _of_vendor(self, model: str) -> _Other:
        vendor, _, _ = self._book.of_requested(model, 0.0).id.partition("/")
        rules = cache_rules(vendor)
        return _Other(model, lambda at: self._book.of_requested(model, at), rules, is_vendors=True)
