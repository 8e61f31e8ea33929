"""The addresses of the pages, and what each of them is for."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from proxy.server.answers import Answers
from proxy.server.dashboard import asked
from proxy.server.dashboard.events import Events
from proxy.server.dashboard.metrics import CONTENT_TYPE, metrics
from proxy.server.dashboard.parts import page
from proxy.server.dashboard.state import State
from proxy.server.endpoint import Access, Endpoint

_NO_TOKEN = "The admin token is missing or not valid."  # noqa: S105 -- a sentence
_BAD_QUERY = "The query asks for something that makes no sense."
_NO_RECORD = "The record cannot be read: `error` and `detail` say why."


def endpoints(answers: Answers, state: State, events: Events) -> list[Endpoint]:
    return [*_numbers(answers, state), *_exchanges(answers, state, events), *_health(answers, state)]


def _numbers(answers: Answers, state: State) -> list[Endpoint]:
    async def get_overview(request: web.Request) -> dict[str, Any]:
        return await answers.overview(asked.filters(request.query, state.origin))

    async def get_usage(request: web.Request) -> dict[str, Any]:
        query = request.query
        return await answers.usage(asked.window(query, state.now()), asked.filters(query, state.origin))

    async def get_routing(request: web.Request) -> dict[str, Any]:
        return await answers.routing(asked.filters(request.query, state.origin))

    return [
        _page("/api/overview", "overview", get_overview, "What runs, who can be used, today, what is wrong."),
        _page(
            "/api/usage",
            "usage",
            get_usage,
            "What was used, spent and saved in `window` (1d, 7d, 30d, all): in all, by provider, model, tier "
            "and client, and along time; or from the day `since` to the day `until`. `provider`, `model`, "
            "`tier`, `client` and `origin` narrow it.",
        ),
        _page(
            "/api/routing", "routing", get_routing, "The tiers, how they did, providers' times, and breakers."
        ),
    ]


def _exchanges(answers: Answers, state: State, events: Events) -> list[Endpoint]:
    async def get_logs(request: web.Request) -> dict[str, Any]:
        return await answers.logs(asked.log_filters(request.query, state.origin), asked.limit(request.query))

    async def get_exchange(request: web.Request) -> dict[str, Any]:
        id_ = request.match_info["id"]
        found = await answers.exchange(id_)
        if "bodies" in request.query:
            return {**found, "bodies": await answers.said(id_)}
        return found

    return [
        _page(
            "/api/logs",
            "logs",
            get_logs,
            "Exchanges, the newest first. `limit` (at most 500), `since` (milliseconds since 1970 or ISO), "
            "`until`, `error`=true, `outcome`, `status` (2xx, 4xx, 5xx), `session`, `provider`, `model`, "
            "`tier`, `client` and `origin` narrow them; `before` is the `next` of another page.",
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


def _health(answers: Answers, state: State) -> list[Endpoint]:
    async def get_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=metrics(state).encode(), headers={"content-type": CONTENT_TYPE})

    async def reset_breaker(request: web.Request) -> web.Response:
        await answers.reset_breaker(request.match_info["service"])
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
            summary="Forget what keeps a service from being asked; `provider/*` is all services of one.",
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
