"""A running gateway for tests: real sockets, made-up tokens, a configuration from keyword arguments."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import msgspec

from proxy.config import Config, ProviderConfig, TierName
from proxy.config.switch import Switch, Until, What
from proxy.exchange import Exchange
from proxy.gateway import Gateway
from proxy.ledger.ledger import Ledger
from proxy.local.found import LocalServer
from proxy.local.surroundings import Surroundings
from proxy.secret import Secret
from proxy.server.admin import Reloaded, Switched

CLIENT_TOKEN = "client-token"
ADMIN_TOKEN = "admin-token"


class KnownTokens:
    def client_of(self, token: str) -> str | None:
        return "sdk" if token == CLIENT_TOKEN else None

    def is_admin(self, token: str) -> bool:
        return token == ADMIN_TOKEN


@dataclass
class KnownSecrets:
    values: Mapping[str, str] = field(default_factory=dict)

    async def get(self, name: str) -> Secret | None:
        value = self.values.get(name)
        return None if value is None else Secret(value)


@dataclass
class CallsOfProgram:
    """The program around the gateway, reduced to what it was told."""

    calls: list[str] = field(default_factory=list)
    applied: bool = True

    async def reload(self) -> Reloaded:
        self.calls.append("reload")
        return Reloaded(applied=self.applied, config_version="v", problems=[], notices=[])

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded:
        self.calls.append(f"set_price {service} {dict(prices)}")
        return await self.reload()

    async def use_local(self, server: LocalServer, name: str, model: str, tier: TierName) -> Reloaded:
        self.calls.append(f"use_local {name} {server.base_url} {model} {tier}")
        return await self.reload()

    async def switch(self, *switches: Switch) -> Switched:
        self.calls += [f"switch {'.'.join(each.what)} {each.value} {each.lasting}" for each in switches]
        return Switched(applied=self.applied, config_version="v", problems=[], notices=[])

    def ends(self) -> Mapping[What, Until]:
        return {}

    def show(self) -> bool:
        self.calls.append("show")
        return False

    def request_stop(self) -> None:
        self.calls.append("stop")


@dataclass
class Recorded:
    """Keeps the exchanges that are over."""

    exchanges: list[Exchange] = field(default_factory=list)

    def record(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)


@dataclass
class Running:
    gateway: Gateway
    program: CallsOfProgram
    http: aiohttp.ClientSession
    recorder: Recorded
    secrets: dict[str, str]

    @property
    def url(self) -> str:
        return self.gateway.url

    def post(self, path: str, body: bytes, **headers: str) -> "aiohttp.client._RequestContextManager":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"x-api-key": CLIENT_TOKEN, "content-type": "application/json", **named}
        return self.http.post(self.url + path, data=body, headers=given)


@asynccontextmanager
async def running_gateway(
    config: Config | None = None,
    secrets: Mapping[str, str] | None = None,
    recorder: Recorded | None = None,
    ledger: Ledger | None = None,
    surroundings: Surroundings | None = None,
    clock: Callable[[], float] = time.monotonic,
    **providers: Mapping[str, object],
) -> AsyncIterator[Running]:
    """A gateway on a free port; `providers` are its [providers.NAME] tables. The ledger has started.

    Without surroundings it looks for no servers on this machine.
    """
    tables = msgspec.convert(providers, dict[str, ProviderConfig])
    if config is None:
        config = Config(providers=tables)
    program = CallsOfProgram()
    known = dict(secrets or {})
    recorder = recorder or Recorded()
    gateway = Gateway(
        config,
        KnownSecrets(known),
        KnownTokens(),
        program,
        recorder,
        ledger,
        clock=clock,
        surroundings=surroundings,
    )
    await gateway.start(0)
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as http:
            yield Running(gateway, program, http, recorder, known)
    finally:
        await gateway.stop()
