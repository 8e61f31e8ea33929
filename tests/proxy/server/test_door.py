"""What happens where something goes wrong that nobody has thought of."""

import json

import aiohttp
import pytest
from aiohttp import web

from proxy.config import Config
from proxy.exchange import Outcome
from proxy.server import serving
from proxy.server.application import build
from proxy.server.endpoint import Access, Endpoint
from proxy.wire.failure import FailureKind
from tests.proxy.gateway_fixture import KnownTokens, running_gateway
from tests.proxy.talk import ASKED


async def test_an_answer_that_has_begun_is_cut_and_no_second_one_is_written_into_it() -> None:
    async def breaks(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        raise RuntimeError

    endpoint = Endpoint(
        method="GET", path="/broken", access=Access.OPEN, handle=breaks, summary="Breaks.", answers={}
    )
    runner = web.AppRunner(build([endpoint], KnownTokens(), Config, lambda: "id"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{runner.addresses[0][1]}/broken") as answer,
        ):
            assert await answer.content.readany() == b"half"
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.read()
    finally:
        await runner.cleanup()


async def test_our_own_mistake_is_recorded_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(serving, "plan_of", mistaken)
    async with running_gateway() as running:
        async with running.post("/v1/messages", json.dumps(ASKED).encode()) as answer:
            assert answer.status == 500
        (exchange,) = running.recorder.exchanges
    assert (exchange.outcome, exchange.status) == (Outcome.FAILED, 500)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.INTERNAL
