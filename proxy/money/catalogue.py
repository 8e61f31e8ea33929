"""The prices that ship with the program, from resources/prices.json.

The file is long and most of it is never asked for, so a host's models are decoded when the first of them is
priced. Prices belong to a model *at a host*: the same open model costs something else at every host, and
nothing on this machine, so nothing is ever found by the name of a model alone. The one exception is what a
client asks for, which stands for the vendor's own model.

A name is tried as the provider calls it, and then with less and less packaging around it. The first model
that it means has the last word, also when it has no price: many clauses are wide, and those who wrote them
put the narrow ones first.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from proxy.money.hosts import HOSTS, NAMES_CARRY_MEANING, VENDORS
from proxy.money.matching import Clause, is_meant
from proxy.money.names import ever_shorter, whole_name
from proxy.money.offers import NO_OFFER, Offer, seasons
from proxy.money.rates import UNPRICED, Priced, Prices, PriceSource

FILE: Final = "prices.json"
"""Its name among the resources."""


class _Later(Struct, frozen=True, forbid_unknown_fields=True):
    prices: Prices
    since: str = ""
    hours: tuple[str, str] | None = None


class _Model(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    match: tuple[Clause, ...] = ()
    """Empty: only its id means it."""
    prices: Prices | None = None
    """None: it is billed by what is not a token of text, or nobody knows how."""
    later: tuple[_Later, ...] = ()


class _Host(Struct, frozen=True, forbid_unknown_fields=True):
    models: Raw
    address: str = ""
    """A regular expression for the beginning of its address."""
    also: tuple[str, ...] = ()
    """Whose models it serves beside its own, at their prices."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    date: str
    source: str
    licence: str
    url: str
    providers: Mapping[str, _Host]


class Catalogue:
    """Prices of models at their hosts."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._models: dict[str, tuple[_Model, ...]] = {}

    @cached_property
    def _file(self) -> _File:
        return msgspec.json.decode(self._data, type=_File)

    @property
    def date(self) -> str:
        """The day on which the prices were published, as an ISO date."""
        return self._file.date

    @property
    def licence(self) -> str:
        return self._file.licence

    @property
    def origin(self) -> str:
        """What they were taken from, and where that is at home."""
        return f"{self._file.source}, {self._file.url}"

    def find(self, kind: str, model: str, base_url: str = "", *, at: float) -> Priced | None:
        """What a model costs at a provider of that kind; None where the catalogue does not know."""
        return _known(self.offer(kind, model, base_url), at)

    def by_name(self, model: str, at: float) -> Priced | None:
        """What the vendor itself asks for a model that is only named."""
        return _known(self.offer_by_name(model), at)

    def offer(self, kind: str, model: str, base_url: str = "") -> Offer:
        """All prices of a model at a provider of that kind.

        An address that belongs to somebody else is believed rather than the kind: clients' formats are spoken
        by many, and some sell other models under familiar names.
        """
        usual = HOSTS.get(kind, ())
        there = self._host_at(base_url)
        hosts = usual if there is None or there in usual else (there,)
        return self._first(self._with_guests(hosts), whole_name(model))

    def offer_by_name(self, model: str) -> Offer:
        """The vendor's own prices. A name with a tag, as local servers have them, is not for sale."""
        whole = whole_name(model)
        *_, bare = ever_shorter(whole)
        if ":" in bare:
            return NO_OFFER
        vendors = next((vendors for beginning, vendors in VENDORS if beginning.match(bare)), ())
        return self._first(vendors, whole)

    def _host_at(self, base_url: str) -> str | None:
        if not base_url:
            return None
        addresses = ((name, host.address) for name, host in self._file.providers.items() if host.address)
        return next((name for name, start in addresses if re.match(start, base_url, re.IGNORECASE)), None)

    def _with_guests(self, hosts: tuple[str, ...]) -> tuple[str, ...]:
        guests = (guest for host in hosts for guest in self._file.providers[host].also)
        return (*hosts, *guests)

    def _first(self, hosts: tuple[str, ...], name: str) -> Offer:
        if not name:
            return NO_OFFER
        for host in hosts:
            names = (name,) if host in NAMES_CARRY_MEANING else tuple(ever_shorter(name))
            if (model := self._meant(host, names)) is not None:
                return _offer(f"{host}/{model.id}", model)
        return NO_OFFER

    def _meant(self, host: str, names: tuple[str, ...]) -> _Model | None:
        models = self._models_of(host)
        return next((model for name in names for model in models if _means(model, name)), None)

    def _models_of(self, host: str) -> tuple[_Model, ...]:
        if (models := self._models.get(host)) is None:
            models = msgspec.json.decode(self._file.providers[host].models, type=tuple[_Model, ...])
            self._models[host] = models
        return models


def _means(model: _Model, name: str) -> bool:
    return is_meant(model.match, name) if model.match else model.id.lower() == name


def _offer(entry: str, model: _Model) -> Offer:
    """What is said later in the catalogue has precedence."""
    if model.prices is None:
        return NO_OFFER
    usual = Priced(model.prices, PriceSource.CATALOGUE, entry)
    return Offer(
        usual,
        tuple(
            season
            for later in reversed(model.later)
            for season in seasons(replace(usual, prices=later.prices), later.since, later.hours)
        ),
    )


def _known(offer: Offer, at: float) -> Priced | None:
    priced = offer.at(at)
    return None if priced is UNPRICED else priced
