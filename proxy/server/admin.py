"""The entrance for the user's own tools: is it well, what does it offer, and what it can be told."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec
from aiohttp import web

from proxy.config import TierName
from proxy.config.switch import Switch, Until, What
from proxy.local.found import LocalServer
from proxy.server.endpoint import Access, Endpoint

_ADMIN_ANSWERS = {401: "The admin token is missing or not valid."}


class Health(msgspec.Struct, frozen=True):
    """The answer of /api/health."""

    status: str
    version: str
    uptime_seconds: float
    open_requests: int


class Reloaded(msgspec.Struct, frozen=True):
    """The answer of a reload: what runs now, and what was found wrong with the file."""

    applied: bool
    config_version: str
    problems: list[str]
    notices: list[str]


class Switched(Reloaded, frozen=True, omit_defaults=True):
    """The same of a switch, with the switches that would take it back, in their order."""

    undo: tuple[Switch, ...] = ()


class Program(Protocol):
    """What the program around the gateway does on request."""

    async def reload(self) -> Reloaded: ...

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded:
        """Write a service's prices into config.toml and apply them; without any they are taken back."""
        ...

    async def use_local(self, server: LocalServer, name: str, model: str, tier: TierName) -> Reloaded:
        """Let a model of a server that was found, and is called so, serve a tier before all others."""
        ...

    async def switch(self, *switches: Switch) -> Switched:
        """Make all of these switches or none, from the next request on."""
        ...

    def ends(self) -> Mapping[What, Until]:
        """What is switched for a while, and until when."""
        ...

    async def proposal(self) -> Mapping[str, Any]:
        """What could be added to the configuration, by what is on this machine now; without secrets."""
        ...

    def show(self) -> bool:
        """Bring the window to the front; False where there is none."""
        ...

    def request_stop(self) -> None: ...


def endpoints(
    program: Program, health: Callable[[], Health], describe: Callable[[], dict[str, Any]]
) -> list[Endpoint]:
    return [*_questions(health, describe), *_orders(program)]


def _questions(health: Callable[[], Health], describe: Callable[[], dict[str, Any]]) -> list[Endpoint]:
    async def get_health(_request: web.Request) -> web.Response:
        return _json(health())

    async def get_description(_request: web.Request) -> web.Response:
        return _json(describe())

    return [
        Endpoint(
            method="GET",
            path="/api/health",
            access=Access.OPEN,
            handle=get_health,
            summary="Whether Tierwise is well, its version, and how busy it is.",
            answers={200: "It is well."},
            response=_schema(Health),
        ),
        Endpoint(
            method="GET",
            path="/api/openapi.json",
            access=Access.ADMIN,
            handle=get_description,
            summary="This description.",
            answers={200: "An OpenAPI 3.1 document.", **_ADMIN_ANSWERS},
        ),
    ]


def _orders(program: Program) -> list[Endpoint]:
    async def reload(_request: web.Request) -> web.Response:
        outcome = await program.reload()
        return _json(outcome, status=200 if outcome.applied else 422)

    async def show(_request: web.Request) -> web.Response:
        return _json({"shown": program.show()})

    async def stop(_request: web.Request) -> web.Response:
        program.request_stop()
        return _json({"stopping": True}, status=202)

    return [
        Endpoint(
            method="POST",
            path="/api/reload",
            access=Access.ADMIN,
            handle=reload,
            summary="Read config.toml again now. Open requests finish on what they started with.",
            answers={
                200: "The file is in force.",
                422: "The file is wrong; nothing changed.",
                **_ADMIN_ANSWERS,
            },
            response=_schema(Reloaded),
        ),
        Endpoint(
            method="POST",
            path="/api/show",
            access=Access.ADMIN,
            handle=show,
            summary="Bring the window to the front.",
            answers={200: "`shown` is false where this instance has no window.", **_ADMIN_ANSWERS},
        ),
        Endpoint(
            method="POST",
            path="/api/stop",
            access=Access.ADMIN,
            handle=stop,
            summary="Stop the program, as a signal would.",
            answers={202: "It is stopping.", **_ADMIN_ANSWERS},
        ),
    ]


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def _schema(type_: type) -> dict[str, Any]:
    (only,), components = msgspec.json.schema_components([type_], ref_template="#/components/schemas/{name}")
    schema: dict[str, Any] = components[only["$ref"].rpartition("/")[2]]
    return schema
