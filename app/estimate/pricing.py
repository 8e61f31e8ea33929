"""What a request costs at the prices that Tierwise brings along."""

from functools import cache

from app.estimate.request import Request
from app.estimate.rows import Pricing
from proxy.money.catalogue import FILE, Catalogue
from proxy.money.cost import cost_of
from resources import resource


def shipped_catalogue() -> Catalogue:
    return Catalogue(resource(FILE).read_bytes())


def at_list_prices(catalogue: Catalogue) -> Pricing:
    """The price that the maker of a model asked for it when the request was made: the logs tell no more than
    a name. A model is looked up once, for the catalogue tries every name with all its packaging."""
    offer_of = cache(catalogue.offer_by_name)

    def price(request: Request) -> int | None:
        prices = offer_of(request.model).at(request.at).prices
        cost = cost_of(request.usage, prices) if prices is not None else None
        return cost.total if cost is not None else None

    return price
