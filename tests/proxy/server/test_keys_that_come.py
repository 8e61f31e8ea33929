"""Keys that are stored and renewed while the gateway runs, as the requests notice that come next."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from proxy.server.choosing.world import World
from tests.fakes.provider import fake_provider
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import Running, running_gateway
from tests.proxy.talk import ASKED, GOOD, error

BAD = "sk-bad"


@dataclass
class Office:
    """Two providers with one door: `first` is preferred, and keys called bad are refused."""

    running: Running
    used: list[str] = field(default_factory=list)
    later: float = 0.0

    @property
    def world(self) -> World:
        return self.running.gateway._choosing.world

    async def ask(self, session: str = "s") -> tuple[int, list[str]]:
        """The status, and the keys that were used on the way."""
        before = len(self.used)
        body = json.dumps({**ASKED, "model": "auto"}).encode()
        async with self.running.post("/v1/messages", body, x_tierwise_session=session) as answer:
            await answer.read()
            return answer.status, self.used[before:]

    async def looked(self) -> None:
        while self.world.keys._looks._of:  # noqa: ASYNC110 -- nobody is told when a look is over
            await asyncio.sleep(0)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("x-api-key", "")
        self.used.append(key)
        if key == BAD:
            return web.Response(status=401, body=error("error"), content_type="application/json")
        return web.Response(body=GOOD, content_type="application/json")


@asynccontextmanager
async def office(*names: str, **secrets: str) -> AsyncIterator[Office]:
    async with fake_provider() as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "keyring"}
        config = configured(
            providers=dict.fromkeys(names, table),
            tiers={"COMPLEX": {"services": [f"{name}/m" for name in names]}},
        )
        known = {f"provider/{name}": secret for name, secret in secrets.items()}
        async with running_gateway(config, secrets=known) as running:
            found = Office(running)
            fake.script = found.serve
            await found.looked()
            now = time.monotonic()
            found.world.keys._clock = lambda: now + found.later
            yield found


async def test_a_key_that_was_just_stored_is_used_at_once() -> None:
    async with office("first") as desk:
        assert await desk.ask() == (503, [])
        desk.running.secrets["provider/first"] = "sk-good"
        assert await desk.ask() == (200, ["sk-good"])


async def test_a_key_that_replaces_a_rejected_one_is_used_at_once() -> None:
    async with office("first", first=BAD) as desk:
        assert await desk.ask() == (401, [BAD])
        assert await desk.ask() == (503, [])
        desk.running.secrets["provider/first"] = "sk-good"
        assert await desk.ask() == (200, ["sk-good"])


async def test_who_had_no_key_is_noticed_within_a_second_while_somebody_else_answers() -> None:
    async with office("first", "second", second="sk-2") as desk:
        assert await desk.ask() == (200, ["sk-2"])
        desk.running.secrets["provider/first"] = "sk-1"
        assert await desk.ask("b") == (200, ["sk-2"])
        desk.later = 1.0
        assert await desk.ask("c") == (200, ["sk-2"])
        await desk.looked()
        assert await desk.ask("d") == (200, ["sk-1"])


async def test_a_rejected_key_stays_rejected_until_its_secret_is_another_one() -> None:
    async with office("first", "second", first=BAD, second="sk-2") as desk:
        assert await desk.ask() == (200, [BAD, "sk-2"])
        for later in (11.0, 100.0, 1e5):
            desk.later = later
            assert await desk.ask(f"at {later}") == (200, ["sk-2"])
            await desk.looked()
        desk.running.secrets["provider/first"] = "sk-1"
        desk.later += 10.0
        await desk.ask("goes by")
        await desk.looked()
        assert await desk.ask("new") == (200, ["sk-1"])
