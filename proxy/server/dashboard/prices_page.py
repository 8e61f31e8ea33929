"""What services cost and what has no price; and the user's own prices, set and taken back."""

import time
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from proxy.config import Config
from proxy.ledger.ledger import Ledger
from proxy.ledger.repricing import Repricing
from proxy.routing.service import Service
from proxy.server.admin import Program
from proxy.server.body import read_body
from proxy.server.dashboard.price_list import prices
from proxy.server.endpoint import Access, Endpoint, Handler
from proxy.wire.failure import Failure, FailureKind

_MOST_DOLLARS = 1_000_000
"""Per million tokens. Beyond this it is a slip, and the sums of months must fit into the record."""
_KINDS = ("input", "output", "cache_read", "cache_write")
_SCHEMA = {
    "type": "object",
    "properties": {kind: {"type": "number", "minimum": 0, "maximum": _MOST_DOLLARS} for kind in _KINDS},
    "additionalProperties": False,
}

_Dollars = Annotated[float, Meta(ge=0, le=_MOST_DOLLARS)]


class GivenPrices(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """US dollars per million tokens; an absent one is the catalogue's."""

    input: _Dollars | None = None
    output: _Dollars | None = None
    cache_read: _Dollars | None = None
    cache_write: _Dollars | None = None


def endpoints(
    config: Callable[[], Config],
    ledger: Ledger,
    repricing: Repricing,
    program: Program,
    now: Callable[[], float] = time.time,
    leaves: Callable[[Service], bool] = lambda _service: False,
) -> list[Endpoint]:
    """`leaves` is whether a server here passes a service on."""

    async def get_prices(_request: web.Request) -> web.Response:
        return _json(await prices(config(), ledger, now(), leaves, repricing.progress))

    async def put_price(request: web.Request) -> web.Response:
        service = _service(request.match_info["service"], config())
        return await changed(service, _given(await read_body(request, limit_mb=1)))

    async def delete_price(request: web.Request) -> web.Response:
        service = request.match_info["service"]
        if service not in config().prices:
            raise Failure(FailureKind.NOT_FOUND, f"No price is set for {_short(service)} in config.toml.")
        return await changed(service, GivenPrices())

    async def changed(service: str, prices: GivenPrices) -> web.Response:
        outcome = await program.set_price(service, msgspec.to_builtins(prices))
        if not outcome.applied:
            return _json(outcome, status=422)
        progress = await repricing.begun()
        total = 0 if progress is None else progress.total
        return _json({"service": service, "prices": prices, "repricing": {"total": total}})

    return _table(get_prices, put_price, delete_price)


def _table(get_prices: Handler, put_price: Handler, delete_price: Handler) -> list[Endpoint]:
    no_token = {401: "The admin token is missing or not valid."}
    changed = {
        200: "It holds; `repricing` tells how many exchanges of the record are being priced anew.",
        422: "config.toml is wrong or cannot be written; nothing changed.",
        **no_token,
    }
    return [
        Endpoint(
            method="GET",
            path="/api/prices",
            access=Access.ADMIN,
            handle=get_prices,
            summary="What every listed service costs and by whose word; what has no price, and what cannot "
            "be compared; how far the record is priced anew.",
            answers={200: "Dollars per million tokens; null is unknown.", **no_token},
        ),
        Endpoint(
            method="PUT",
            path="/api/prices/{service:.+}",
            access=Access.ADMIN,
            handle=put_price,
            summary="Set what a service, provider/model, costs. What was recorded is priced anew. An empty "
            "object takes the price back.",
            answers={
                **changed,
                400: "A price makes no sense, or the name is not provider/model.",
                404: "No provider has that name.",
            },
            request=_SCHEMA,
        ),
        Endpoint(
            method="DELETE",
            path="/api/prices/{service:.+}",
            access=Access.ADMIN,
            handle=delete_price,
            summary="Take a price back that was set; what the catalogue says holds again.",
            answers={**changed, 404: "config.toml sets no price for it."},
        ),
    ]


def _service(name: str, config: Config) -> str:
    service = Service.named(name)
    if service is None:
        raise Failure(
            FailureKind.BAD_REQUEST, f"A price belongs to a service, provider/model; {_short(name)} is none."
        )
    if service.provider not in config.providers:
        raise Failure(
            FailureKind.NOT_FOUND, f"No provider is called {_short(service.provider)}; add it first."
        )
    return name


def _given(body: bytes) -> GivenPrices:
    try:
        return msgspec.json.decode(body, type=GivenPrices)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Failure(
            FailureKind.BAD_REQUEST,
            f"Prices are a JSON object with any of {', '.join(_KINDS)}, each in dollars per million tokens "
            f"and from 0 to {_MOST_DOLLARS}. This is not: {error}.",
        ) from error


def _short(name: str) -> str:
    return name[:100]


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")
