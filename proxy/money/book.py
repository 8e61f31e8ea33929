"""What every service costs by the user's word, else because it is on this machine, else by the catalogue."""

from functools import lru_cache
from typing import Final, Protocol

from msgspec.structs import replace

from proxy.config import Config, PriceConfig
from proxy.money.catalogue import Catalogue
from proxy.money.offers import NO_OFFER, Offer
from proxy.money.rates import FREE, Priced, Prices, PriceSource, Rate

_KEPT: Final = 4096
"""Names that are remembered. Clients may ask for any text as a model, so there must be an end to it."""

_ON_THIS_MACHINE: Final = Offer(Priced(FREE, PriceSource.LOCAL))


class OneModel(Protocol):
    """A model at a provider, by the names they have in the configuration."""

    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...


class PriceBook:
    """Prices by service. A new configuration has a new book."""

    def __init__(self, config: Config, catalogue: Catalogue) -> None:
        self._config = config
        self._catalogue = catalogue
        self._offer = lru_cache(_KEPT)(self._found)
        self._offer_requested = lru_cache(_KEPT)(self._found_requested)

    def of(self, service: OneModel, at: float) -> Priced:
        """What a service costs at a moment, in seconds since the epoch."""
        return self._offer(service.provider, service.model).at(at)

    def of_requested(self, model: str, at: float) -> Priced:
        """What the model that a client asked for costs: a service of ours, or else a vendor's own model."""
        return self._offer_requested(model).at(at)

    def _found(self, provider: str, model: str) -> Offer:
        table = self._config.providers.get(provider)
        if table is None:
            return NO_OFFER
        said = self._config.prices.get(f"{provider}/{model}")
        if not table.is_on_this_machine:
            return _corrected(self._catalogue.offer(table.kind, model, table.base_url), said)
        # What costs anything is not free because it is reached through this machine.
        is_free = table.keeps_here(model) and (said is None or said == PriceConfig())
        return _ON_THIS_MACHINE if is_free else _corrected(NO_OFFER, said)

    def _found_requested(self, model: str) -> Offer:
        provider, _, name = model.partition("/")
        if name and provider in self._config.providers:
            return self._found(provider, name)
        return self._catalogue.offer_by_name(model)


def _corrected(offer: Offer, said: PriceConfig | None) -> Offer:
    """The offer with the user's prices, whatever the time."""
    if said is None or said == PriceConfig():
        return offer
    return Offer(
        _overridden(offer.usual, said),
        tuple(replace(season, priced=_overridden(season.priced, said)) for season in offer.seasons),
    )


def _overridden(priced: Priced, said: PriceConfig) -> Priced:
    """Writing for an hour costs as many times what writing costs as it does in the catalogue."""
    told = {
        "input": said.input,
        "output": said.output,
        "cache_read": said.cache_read,
        "cache_write": said.cache_write,
        "cache_write_1h": _for_an_hour(said.cache_write, priced.prices),
    }
    rates = {kind: Rate(price) for kind, price in told.items() if price is not None}
    return Priced(replace(priced.prices or Prices(), **rates), PriceSource.USER, priced.id)


def _for_an_hour(said: float | None, listed: Prices | None) -> float | None:
    if said is None or listed is None or listed.cache_write is None or listed.cache_write_1h is None:
        return said
    usual = listed.cache_write.base
    return said * listed.cache_write_1h.base / usual if usual else said
