"""A gateway in front of real llama.cpp servers, configured as they were found, and a hosted provider."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from proxy.exchange import Exchange
from proxy.gateway import Gateway
from proxy.local.asking import asking_session
from proxy.local.glancing import glance
from proxy.local.place import Place
from proxy.local.surroundings import Surroundings
from proxy.local.where.scene import NOTHING_SEEN
from proxy.wire.format import Format
from tests.fakes.server import fake_llm
from tests.llama.asking import user
from tests.llama.server import LlamaServer
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import (
    ADMIN_TOKEN,
    CLIENT_TOKEN,
    CallsOfProgram,
    KnownSecrets,
    KnownTokens,
    Recorded,
)
from tests.proxy.upstream.hearing import Told, told

CHAT = "/v1/chat/completions"
GREETING = "Hello from the tiny local model."
FROM_AFAR = "Hello from afar."
KEY = "key-of-the-provider"

whole_and_streamed = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])


@pytest.fixture
def nobody_else(tmp_path: Path) -> Surroundings:
    """Nothing is found on this machine but what is configured."""
    return Surroundings(environ={}, home=tmp_path, look_around=lambda _promising: NOTHING_SEEN)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Stage:
    url: str
    clock: Clock
    exchanges: list[Exchange]

    async def ask(self, said: str, **more: Any) -> Told:
        async with self.asked(CHAT, _chat(said, **more)) as answer:
            return told(Format.OPENAI_CHAT, answer.status, answer.headers, await answer.read())

    async def choice(self, said: str, **more: Any) -> Any:
        async with self.asked(CHAT, _chat(said, **more)) as answer:
            [choice] = (await answer.json())["choices"]
            return choice

    async def looked(self) -> dict[str, str]:
        """The state of each llama.cpp, after looking now."""
        async with (
            aiohttp.ClientSession(headers={"x-tierwise-token": ADMIN_TOKEN}) as session,
            session.post(self.url + "/api/local/look") as answer,
        ):
            servers = (await answer.json())["servers"]
            return {each["name"]: each["state"] for each in servers if each["kind"] == "llamacpp"}

    @asynccontextmanager
    async def asked(self, path: str, body: Mapping[str, Any]) -> AsyncIterator[aiohttp.ClientResponse]:
        async with (
            aiohttp.ClientSession(headers={"x-api-key": CLIENT_TOKEN}) as session,
            session.post(self.url + path, json={"model": "auto", **body}) as answer,
        ):
            yield answer


def _chat(said: str, **more: Any) -> Mapping[str, Any]:
    return {"messages": user(said), "max_tokens": 100, **more}


def served(answer: Told) -> tuple[str, str]:
    """By whom, and at which attempt."""
    return answer.headers["x-tierwise-service"], answer.headers["x-tierwise-attempts"]


@asynccontextmanager
async def gateway(surroundings: Surroundings | None = None, **tables: Any) -> AsyncIterator[Stage]:
    """Without surroundings it knows of no servers but by asking them."""
    clock, recorded, secrets = Clock(), Recorded(), KnownSecrets({"provider/afar": KEY})
    running = Gateway(
        configured(**tables),
        secrets,
        KnownTokens(),
        CallsOfProgram(),
        recorder=recorded,
        clock=clock,
        surroundings=surroundings,
    )
    await running.start(0)
    try:
        yield Stage(running.url, clock, recorded.exchanges)
    finally:
        await running.stop()


@asynccontextmanager
async def before(
    *servers: LlamaServer, surroundings: Surroundings | None = None, order: Sequence[str] = ()
) -> AsyncIterator[Stage]:
    """Of one tier: these servers, near0, near1 ..., and then a provider that is hosted, as it were."""
    async with fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar:
        providers = {f"near{place}": await provider_of(server) for place, server in enumerate(servers)}
        providers["afar"] = {"kind": "openai-compatible", "base_url": afar.base_url, "key": "keyring"}
        services = order or [*(f"near{place}/tiny" for place in range(len(servers))), "afar/m"]
        tiers = {"COMPLEX": {"services": list(services)}}
        async with gateway(surroundings, providers=providers, tiers=tiers) as stage:
            yield stage


async def provider_of(server: LlamaServer) -> dict[str, str]:
    """As it is configured once it was found."""
    place = Place.from_url(server.url)
    assert place is not None
    async with asking_session() as session:
        found = (await glance(session, place)).server
    assert found is not None
    return {"kind": found.sort.provider, "base_url": found.base_url}
