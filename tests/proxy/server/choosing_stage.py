"""A gateway whose clocks stand still, among named providers that do what their scripts say."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from proxy.config import Config
from proxy.gateway import Gateway
from proxy.ledger.ledger import Ledger
from proxy.routing.health.breaker import State
from proxy.routing.service import Service
from proxy.server.choosing.world import World
from proxy.wire.format import Format
from tests.fakes.server import AnyScript, FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CallsOfProgram, KnownSecrets, Recorded

HI = {"max_tokens": 10, "messages": [{"role": "user", "content": "Hi"}]}


def result_of(*calls: str) -> dict[str, Any]:
    """The body of a turn that brings what the tools came to."""
    uses = [{"type": "tool_use", "id": call, "name": "look", "input": {}} for call in calls]
    results = [{"type": "tool_result", "tool_use_id": call, "content": "text"} for call in calls]
    messages = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": uses},
        {"role": "user", "content": results},
    ]
    return {"max_tokens": 10, "messages": messages}


@dataclass
class Clock:
    at: float

    def __call__(self) -> float:
        return self.at


class NamedTokens:
    """The token of each client is its name."""

    def client_of(self, token: str) -> str | None:
        return token.removeprefix("token-of-") if token.startswith("token-of-") else None

    def is_admin(self, token: str) -> bool:
        return token == "admin-token"


@dataclass(frozen=True)
class Told:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def served(self) -> str:
        """Who is said to have served it, with the source."""
        return self.headers.get("x-tierwise-service", "")

    @property
    def source(self) -> str:
        return self.headers.get("x-tierwise-source", "")

    @property
    def sentence(self) -> str:
        return str(self.body["error"]["message"])


@dataclass
class Stage:
    gateway: Gateway
    http: aiohttp.ClientSession
    fakes: Mapping[str, FakeLlm]
    recorded: Recorded
    now: Clock
    steady: Clock

    @property
    def world(self) -> World:
        return self.gateway._choosing.world

    @property
    def asked(self) -> dict[str, int]:
        """How often each provider was asked; those that never were are left out."""
        return {name: len(fake.asked) for name, fake in self.fakes.items() if fake.asked}

    def post(
        self, path: str, body: Mapping[str, Any], client: str, headers: Mapping[str, str]
    ) -> "aiohttp.client._RequestContextManager":
        given = {"authorization": f"Bearer token-of-{client}", "content-type": "application/json", **headers}
        return self.http.post(self.gateway.url + path, data=json.dumps(body).encode(), headers=given)

    async def ask(
        self,
        body: Mapping[str, Any] = HI,
        *,
        model: str = "auto",
        session: str | None = "s1",
        client: str = "sdk",
        path: str = "/v1/messages",
        **headers: str,
    ) -> Told:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if session is not None:
            named["x-tierwise-session"] = session
        async with self.post(path, {"model": model, **body}, client, named) as answer:
            lower = {name.lower(): value for name, value in answer.headers.items()}
            return Told(answer.status, lower, json.loads(await answer.read()))

    def tried(self, at: int = -1) -> list[str]:
        """Whom the gateway has asked for one exchange, in this order."""
        return [str(attempt.service) for attempt in self.recorded.exchanges[at].attempts]

    def breakers(self) -> dict[str, State]:
        """Those that are not closed."""
        views = self.world.board.snapshot().breakers
        return {str(each.service): each.state for each in views if each.state is not State.CLOSED}

    def pins(self) -> list[Service]:
        return [each.pin.service for each in self.world.affinity.live(self.now())]

    def pass_time(self, seconds: float) -> None:
        self.now.at += seconds
        self.steady.at += seconds


@dataclass
class Cast:
    """The providers, before there is a gateway: it may be started more than once among them."""

    fakes: Mapping[str, FakeLlm]
    providers: Mapping[str, Mapping[str, Any]]
    now: Clock = field(default_factory=lambda: Clock(1_790_000_000.0))
    steady: Clock = field(default_factory=lambda: Clock(50_000.0))

    def config(self, **tables: Any) -> Config:
        return configured(providers=self.providers, **tables)

    @asynccontextmanager
    async def running(self, ledger: Ledger | None = None, **tables: Any) -> AsyncIterator[Stage]:
        recorded = Recorded()
        gateway = Gateway(
            self.config(**tables),
            KnownSecrets(),
            NamedTokens(),
            CallsOfProgram(),
            recorded,
            ledger,
            now=self.now,
            clock=self.steady,
        )
        await gateway.start(0)
        try:
            async with aiohttp.ClientSession() as http:
                yield Stage(gateway, http, self.fakes, recorded, self.now, self.steady)
        finally:
            await gateway.stop()


@asynccontextmanager
async def cast(cloud: str = "", **scripts: AnyScript) -> AsyncIterator[Cast]:
    """A provider for each script. Those whose names are in `cloud` have an address beyond this machine."""
    async with AsyncExitStack() as stack:
        fakes = {
            name: await stack.enter_async_context(fake_llm(Format.ANTHROPIC, script))
            for name, script in scripts.items()
        }
        providers = {name: _far(fake) if name in cloud else _near(fake) for name, fake in fakes.items()}
        yield Cast(fakes, providers)


def _near(fake: FakeLlm) -> dict[str, Any]:
    return {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "none"}


def _far(fake: FakeLlm) -> dict[str, Any]:
    """Not on this machine, but for the proxy on the way, which answers in its place."""
    return {**_near(fake), "base_url": "http://far.invalid", "proxy": fake.url}


@asynccontextmanager
async def staged(
    scripts: Mapping[str, AnyScript] | None = None,
    *,
    cloud: str = "",
    ledger: Ledger | None = None,
    **tables: Any,
) -> AsyncIterator[Stage]:
    """The gateway of one test; without scripts there are A and B, which answer."""
    async with (
        cast(cloud, **(scripts or {"A": "Hello", "B": "Hello"})) as players,
        players.running(ledger, **tables) as stage,
    ):
        yield stage


def pool(*services: Any, **more: Any) -> dict[str, Any]:
    return {"name": "r", "use": "pool", "services": list(services), **more}


def ranked(name: str, priority: int, model: str = "m") -> dict[str, Any]:
    return {"provider": name, "model": model, "priority": priority}
