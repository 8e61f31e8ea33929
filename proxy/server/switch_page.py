"""Switching over HTTP: routing, tiers and providers, for good or for a while; and how they stand."""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from proxy.config import TIER_NAMES, Config, TierName
from proxy.config.switch import Switch, provider_enabled, tier_enabled
from proxy.server.admin import Program
from proxy.server.body import read_body
from proxy.server.endpoint import Access, Endpoint, Handler
from proxy.server.switch_wanted import (
    WantedOnOff,
    WantedRouting,
    WantedServices,
    no_provider,
    on_off_switch,
    routing_switches,
    schema,
    services_switch,
)
from proxy.server.switched import (
    ToldProvider,
    ToldTier,
    told_provider,
    told_providers,
    told_routing,
    told_tier,
    told_tiers,
)
from proxy.wire.failure import Failure, FailureKind

_HOW_LONG = (
    "`for` says how long: `always`, as if it were absent, writes it into config.toml; `run` is until "
    "Tierwise ends; a time such as 30m or 1h is that long. What config.toml says holds again afterwards."
)


class ToldTiers(msgspec.Struct, frozen=True):
    """The answer of /api/tiers."""

    tiers: list[ToldTier]


class ToldProviders(msgspec.Struct, frozen=True):
    """The answer of /api/providers."""

    providers: list[ToldProvider]


def endpoints(config: Callable[[], Config], program: Program) -> list[Endpoint]:
    """`config` is what the next request is served by."""
    page = _Page(config, program)
    return [
        _get("/api/tiers", page.tiers, "The tiers, and who answers for one that is off or empty.", ToldTiers),
        _get("/api/providers", page.providers, "The configured providers, without secrets.", ToldProviders),
        _put("/api/routing", page.put_routing, f"Switch routing. {_HOW_LONG}", WantedRouting),
        _put(
            "/api/tiers/{tier}/enabled",
            page.put_tier,
            f"Switch a tier on or off. {_HOW_LONG}",
            WantedOnOff,
            {404: "There is no such tier."},
        ),
        _put(
            "/api/tiers/{tier}/services",
            page.put_services,
            "Write into config.toml which services a tier has, in this order. A text provider/model leaves "
            "one that is there as it is.",
            WantedServices,
            {404: "There is no such tier, or no such provider."},
        ),
        _put(
            "/api/providers/{name:[^/]+}/enabled",
            page.put_provider,
            f"Switch a provider on or off. {_HOW_LONG}",
            WantedOnOff,
            {404: "There is no such provider."},
        ),
    ]


class _Page:
    """What is answered, by what is in force at that moment."""

    def __init__(self, config: Callable[[], Config], program: Program) -> None:
        self._config = config
        self._program = program

    async def tiers(self, _request: web.Request) -> web.Response:
        return _json(ToldTiers(told_tiers(self._config(), self._program.ends())))

    async def providers(self, _request: web.Request) -> web.Response:
        return _json(ToldProviders(told_providers(self._config(), self._program.ends())))

    async def put_routing(self, request: web.Request) -> web.Response:
        switches = routing_switches(await read_body(request, limit_mb=1))
        return await self._switched(switches, lambda: told_routing(self._config(), self._program.ends()))

    async def put_tier(self, request: web.Request) -> web.Response:
        tier = _tier(request)
        switch = on_off_switch(await read_body(request, limit_mb=1), tier_enabled(tier))
        return await self._switched([switch], lambda: self._told(tier))

    async def put_services(self, request: web.Request) -> web.Response:
        tier = _tier(request)
        switch = services_switch(await read_body(request, limit_mb=1), tier, self._config())
        return await self._switched([switch], lambda: self._told(tier))

    async def put_provider(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._config().providers:
            raise no_provider(name, self._config())
        switch = on_off_switch(await read_body(request, limit_mb=1), provider_enabled(name))
        return await self._switched(
            [switch], lambda: told_provider(self._config(), self._program.ends(), name)
        )

    def _told(self, tier: TierName) -> ToldTier:
        return told_tier(self._config(), self._program.ends(), tier)

    async def _switched(self, switches: list[Switch], told: Callable[[], Any]) -> web.Response:
        outcome = await self._program.switch(*switches)
        return _json(told()) if outcome.applied else _json(outcome, status=422)


def _tier(request: web.Request) -> TierName:
    named = request.match_info["tier"]
    tier = next((each for each in TIER_NAMES if each == named.strip().upper()), None)
    if tier is None:
        raise Failure(
            FailureKind.NOT_FOUND, f"There is no tier {named[:100]}; there are {', '.join(TIER_NAMES)}."
        )
    return tier


def _get(path: str, handle: Handler, summary: str, told: type[Any]) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        access=Access.ADMIN,
        handle=handle,
        summary=summary,
        answers={200: "As it is now.", 401: "The admin token is missing or not valid."},
        response=schema(told),
    )


def _put(
    path: str, handle: Handler, summary: str, wanted: type[Any], more: dict[int, str] | None = None
) -> Endpoint:
    return Endpoint(
        method="PUT",
        path=path,
        access=Access.ADMIN,
        handle=handle,
        summary=summary,
        answers={
            200: "As it is now; `until` is when that ends: seconds since 1970, `run`, or null.",
            400: "The body makes no sense; the answer says what does.",
            401: "The admin token is missing or not valid.",
            422: "config.toml is wrong or cannot be written; nothing changed.",
            **(more or {}),
        },
        request=schema(wanted),
    )


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")
