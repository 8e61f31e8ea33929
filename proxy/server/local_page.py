"""/api/local: the model servers of this machine, how that changes, and what can be done with them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from aiohttp import web

from proxy.config import TIER_NAMES, Config
from proxy.local.found import State
from proxy.local.watch import Watch
from proxy.routing.service import Service
from proxy.server.admin import Program
from proxy.server.body import read_body
from proxy.server.choosing.warming import Warming
from proxy.server.endpoint import Access, Endpoint
from proxy.server.event_stream import send_events
from proxy.server.local_told import ToldServers
from proxy.wire.failure import Failure, FailureKind

_QUIET_SECONDS = 10.0
_NO_TOKEN = "The admin token is missing or not valid."  # noqa: S105 -- a sentence


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which model is to serve a tier before all others of it."""

    server: str
    """Its name, or its address."""
    model: str
    tier: str


class Load(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which model is to be loaded, as provider/model."""

    service: str


class LocalPage:
    """One gateway's pages; `close` ends its streams."""

    def __init__(
        self,
        watch: Watch,
        config: Callable[[], Config],
        told: Callable[[], ToldServers],
        warming: Warming,
        program: Program,
    ) -> None:
        self._watch = watch
        self._config = config
        self._told = told
        self._warming = warming
        self._program = program
        self._streams: set[asyncio.Event] = set()
        self._is_closing = False

    def close(self) -> None:
        self._is_closing = True
        for woken in self._streams:
            woken.set()

    def endpoints(self) -> list[Endpoint]:
        return [
            _endpoint("GET", "/api/local", self._get, "What was found, and what each model can do now."),
            _endpoint("POST", "/api/local/look", self._look, "Look around now, and tell what is there."),
            _endpoint(
                "GET",
                "/api/local/events",
                self._events,
                "Server-sent events: `local`, all that /api/local tells, at once and after every change. "
                "While somebody listens changes are seen within seconds.",
            ),
            _endpoint(
                "POST",
                "/api/local/use",
                self._use,
                "Use a model of a server that was found for a tier, before all others: its provider and the "
                "tier are written into config.toml.",
                more={400: "No such tier.", 404: "No such server.", 422: "config.toml cannot be changed."},
                request=Use,
            ),
            _endpoint(
                "POST",
                "/api/local/load",
                self._load,
                "Load a model into memory now, with room for what coding agents ask; answers when it is in.",
                more={404: "No server here is known to have it.", 503: "Its server loads by itself."},
                request=Load,
            ),
        ]

    async def _get(self, _request: web.Request) -> web.Response:
        return _json(self._told())

    async def _look(self, _request: web.Request) -> web.Response:
        await self._watch.look()
        return _json(self._told())

    async def _use(self, request: web.Request) -> web.Response:
        wanted = _read(await read_body(request, limit_mb=1), Use)
        tier = next((name for name in TIER_NAMES if name == wanted.tier.strip().upper()), None)
        if tier is None:
            raise Failure(FailureKind.BAD_REQUEST, f"No such tier; there are {', '.join(TIER_NAMES)}.")
        meant = [each for each in self._told().servers if wanted.server in (each.name, each.url)]
        server = min(meant, key=lambda each: each.state == State.GONE, default=None)
        if server is None:
            raise Failure(
                FailureKind.NOT_FOUND, f"No server {wanted.server[:100]} was found on this machine."
            )
        if all(model.name != wanted.model for model in server.models):
            sentence = f"{server.label} at {server.url} has no model {wanted.model[:100]}."
            raise Failure(FailureKind.NOT_FOUND, sentence)
        found = next(each for each in self._watch.servers if each.place.url == server.url)
        outcome = await self._program.use_local(found, server.name, wanted.model, tier)
        if not outcome.applied:
            return _json(outcome, status=422)
        return _json(
            {
                "service": f"{server.name}/{wanted.model}",
                "tier": tier,
                "config_version": outcome.config_version,
            }
        )

    async def _load(self, request: web.Request) -> web.Response:
        wanted = _read(await read_body(request, limit_mb=1), Load)
        service = Service.named(wanted.service)
        if service is None:
            raise Failure(FailureKind.BAD_REQUEST, "A model to load is named as provider/model.")
        seconds = await self._warming.load(service, self._config())
        return _json({"service": str(service), "seconds": round(seconds, 2)})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        woken = asyncio.Event()
        self._streams.add(woken)
        stop = self._watch.listen(woken.set)
        try:
            with self._watch.watched():
                return await send_events(request, self._as_it_changes(woken))
        finally:
            stop()
            self._streams.discard(woken)

    async def _as_it_changes(self, woken: asyncio.Event) -> AsyncIterator[bytes]:
        told = None
        while not self._is_closing:
            woken.clear()
            now = msgspec.json.encode(self._told())
            if now != told:
                told = now
                yield b"event: local\ndata: " + now + b"\n\n"
            try:
                async with asyncio.timeout(_QUIET_SECONDS):
                    await woken.wait()
            except TimeoutError:
                yield b": quiet\n\n"


def _read(body: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Failure(FailureKind.BAD_REQUEST, f"That is not what is asked for here: {error}.") from error


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def _endpoint(
    method: str,
    path: str,
    handle: Any,
    summary: str,
    more: dict[int, str] | None = None,
    request: Any = None,
) -> Endpoint:
    return Endpoint(
        method=method,
        path=path,
        access=Access.ADMIN,
        handle=handle,
        summary=summary,
        answers={200: "As it is now.", 401: _NO_TOKEN, **(more or {})},
        request={} if request is None else _schema(request),
    )


def _schema(kind: type[Any]) -> dict[str, Any]:
    (only,), components = msgspec.json.schema_components([kind], ref_template="#/{name}")
    schema: dict[str, Any] = components[only["$ref"].rpartition("/")[2]]
    return schema
