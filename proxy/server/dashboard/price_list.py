"""What every listed service costs now, and by whose word; and what has no price."""

import asyncio
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import msgspec

from proxy.config import Config
from proxy.ledger.ledger import Ledger
from proxy.ledger.queries.unpriced import uncompared, unpriced
from proxy.money.book import PriceBook
from proxy.money.catalogue import Catalogue
from proxy.money.rates import UNPRICED, Priced, Prices, PriceSource, Rate
from proxy.routing.service import Service
from proxy.server.dashboard.parts import answered


class ServicePrices(msgspec.Struct, frozen=True, kw_only=True):
    """The prices of one service in US dollars per million tokens; null is unknown."""

    service: str
    prices: Mapping[str, float | None] | None
    steps: Mapping[str, tuple[tuple[int, float], ...]]
    """By kind of token: a prompt with more tokens than this pays this price for all of them."""
    source: PriceSource
    id: str
    """Its place in the catalogue; empty where it has none."""


async def prices(
    config: Config,
    ledger: Ledger,
    moment: float,
    leaves: Callable[[Service], bool],
    repricing: object,
    beside: Iterable[str] = (),
) -> dict[str, Any]:
    """All that is known of them at a moment; `repricing` is how far the record is priced anew.

    `leaves` is whether a server here passes a service on; those `beside` need not be listed.
    """
    wanted = tuple(services(config, beside))
    catalogue = await asyncio.to_thread(lambda: ledger.catalogue)
    passed_on = {each for each in wanted if leaves(each)}
    missing = await answered(
        ledger,
        {
            "unpriced": lambda connection: unpriced(connection, moment),
            "uncompared": lambda connection: uncompared(connection, moment),
        },
    )
    told = {
        "date": catalogue.date,
        "source": catalogue.origin,
        "licence": catalogue.licence,
        "services": await asyncio.to_thread(price_list, config, wanted, catalogue, moment, passed_on),
        **missing,
        "repricing": repricing,
    }
    plain: dict[str, Any] = msgspec.to_builtins(told)
    return plain


def price_list(
    config: Config,
    wanted: Iterable[Service],
    catalogue: Catalogue,
    at: float,
    passed_on: Container[Service] = (),
) -> list[ServicePrices]:
    """`at` is in seconds since 1970. Reading the catalogue takes a moment, so not on the loop.

    What servers here have passed on is not free because they are here.
    """
    book = PriceBook(config, catalogue)

    def priced(service: Service) -> Priced:
        found = book.of(service, at)
        return UNPRICED if found.source is PriceSource.LOCAL and service in passed_on else found

    return [_told(each, priced(each)) for each in wanted]


def services(config: Config, beside: Iterable[str] = ()) -> Iterable[Service]:
    """Those in tiers and routes, those that have a price of the user's, and others; each once."""
    listed = [Service(each.provider, each.model) for each in config.services]
    named = [Service.named(name) for name in (*config.prices, *beside)]
    return dict.fromkeys([*listed, *(each for each in named if each is not None)])


def _told(service: Service, priced: Priced) -> ServicePrices:
    rates = _rates(priced.prices)
    known = {kind: rate for kind, rate in rates.items() if rate is not None}
    return ServicePrices(
        service=str(service),
        prices=None
        if not known
        else {kind: None if rate is None else rate.base for kind, rate in rates.items()},
        steps={kind: rate.steps for kind, rate in known.items() if rate.steps},
        source=priced.source,
        id=priced.id,
    )


def _rates(prices: Prices | None) -> dict[str, Rate | None]:
    return msgspec.structs.asdict(prices or Prices())
