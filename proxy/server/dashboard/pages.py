"""The addresses of the pages, and what each of them is for."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from proxy.ledger.queries.logs import exchange, logs, said
from proxy.ledger.queries.usage import usage
from proxy.routing.service import Service
from proxy.server.dashboard import asked
from proxy.server.dashboard.events import Events
from proxy.server.dashboard.metrics import CONTENT_TYPE, metrics
from proxy.server.dashboard.overview import overview
from proxy.server.dashboard.parts import page
from proxy.server.dashboard.record import ask
from proxy.server.dashboard.routing import routing
from proxy.server.dashboard.state import State
from proxy.server.endpoint import Access, Endpoint
from proxy.wire.failure import Failure, FailureKind

_NO_TOKEN = "The admin token is missing or not valid."  # noqa: S105 -- a sentence
_BAD_QUERY = "The query asks for something that makes no sense."
_NO_RECORD = "The record cannot be read: `error` and `detail` say why."


def endpoints(state: State, events: Events) -> list[Endpoint]:
    return [*_numbers(state), *_exchanges(state, events), *_health(state)]


def _numbers(state: State) -> list[Endpoint]:
    async def get_overview(request: web.Request) -> dict[str, Any]:
        return await overview(state, asked.filters(request.query, state.origin))

    async def get_usage(request: web.Request) -> dict[str, Any]:
        window, filters = asked.window(request.query), asked.filters(request.query, state.origin)
        answer = await ask(state.ledger, lambda connection: usage(connection, window, state.now(), filters))
        return {**answer, "flagship": state.config().savings.reference or None}

    async def get_routing(request: web.Request) -> dict[str, Any]:
        return await routing(state, asked.filters(request.query, state.origin))

    return [
        _page("/api/overview", "overview", get_overview, "What runs, who can be used, today, what is wrong."),
        _page(
            "/api/usage",
            "usage",
            get_usage,
            "What was used, spent and saved in `window` (1d, 7d, 30d, all): in all, by provider, model, tier "
            "and client, and along time. `provider`, `model`, `tier`, `client` and `origin` narrow it.",
        ),
        _page(
            "/api/routing", "routing", get_routing, "The tiers, how they did, providers' times, and breakers."
        ),
    ]


def _exchanges(state: State, events: Events) -> list[Endpoint]:
    async def get_logs(request: web.Request) -> dict[str, Any]:
        wanted = asked.log_filters(request.query, state.origin)
        limit = asked.limit(request.query)
        return await ask(state.ledger, lambda connection: logs(connection, wanted, limit))

    async def get_exchange(request: web.Request) -> dict[str, Any]:
        id_ = request.match_info["id"]
        found = await ask(state.ledger, lambda connection: exchange(connection, id_))
        if found is None:
            raise Failure(FailureKind.NOT_FOUND, f"There is no exchange {id_[:100]} in the record.")
        if "bodies" in request.query:
            return {**found, "bodies": await ask(state.ledger, lambda connection: said(connection, id_))}
        return found

    return [
        _page(
            "/api/logs",
            "logs",
            get_logs,
            "Exchanges, the newest first. `limit` (at most 500), `since` (milliseconds since 1970 or ISO), "
            "`error`=true, `provider`, `model`, `tier`, `client` and `origin` narrow them; `before` is the "
            "`next` of another page.",
        ),
        _page(
            "/api/logs/{id}",
            "logs",
            get_exchange,
            "One exchange with its attempts and the reasons; with `bodies` in the query what was said, too.",
            {404: "There is no such exchange."},
        ),
        Endpoint(
            method="GET",
            path="/api/events",
            access=Access.ADMIN,
            handle=events.stream,
            summary="Server-sent events: `exchange` for each row when it is written, `ledger` for its state.",
            answers={200: "A stream that ends with the connection.", 401: _NO_TOKEN},
        ),
    ]


def _health(state: State) -> list[Endpoint]:
    async def get_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=metrics(state).encode(), headers={"content-type": CONTENT_TYPE})

    async def reset_breaker(request: web.Request) -> web.Response:
        service = Service.named(request.match_info["service"])
        if service is None or service.provider not in state.config().providers:
            raise Failure(FailureKind.NOT_FOUND, "No such service: provider/model is wanted.")
        state.board.reset(service)
        return web.Response(status=204)

    return [
        Endpoint(
            method="GET",
            path="/metrics",
            access=Access.ADMIN,
            handle=get_metrics,
            summary="Counts since the start, for monitoring programs.",
            answers={200: "Text in the Prometheus format.", 401: _NO_TOKEN},
        ),
        Endpoint(
            method="DELETE",
            path="/api/breakers/{service:.+}",
            access=Access.ADMIN,
            handle=reset_breaker,
            summary="Forget what keeps a service from being asked.",
            answers={204: "It may be asked again.", 401: _NO_TOKEN, 404: "There is no such provider."},
        ),
    ]


def _page(
    path: str,
    name: str,
    make: Callable[[web.Request], Awaitable[Any]],
    summary: str,
    more: dict[int, str] | None = None,
) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        access=Access.ADMIN,
        handle=page(name, make),
        summary=summary,
        answers={200: "The page.", 400: _BAD_QUERY, 401: _NO_TOKEN, **(more or {}), 503: _NO_RECORD},
    )
