"""Streams stay alive while a provider is slow, and an early ping promises nothing that is not known."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from proxy.server import serving
from tests.fakes.provider import fake_provider, stream, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import running_gateway
from tests.proxy.talk import ASKED, END, START, TEXT, error

PING = b'event: ping\ndata: {"type": "ping"}\n\n'


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(serving, "PING_SECONDS", 0.05)
    return


def body(**more: object) -> bytes:
    return json.dumps({**ASKED, "model": "m", "stream": True, **more}).encode()


def table(url: str) -> dict[str, object]:
    return {"kind": "anthropic-compatible", "base_url": url, "key": "none"}


async def test_a_slow_beginning_is_bridged_with_pings() -> None:
    pinged = asyncio.Event()
    async with (
        fake_provider(stream(pinged, START, TEXT, END)) as fake,
        running_gateway(fake=table(fake.url)) as running,
        running.post("/v1/messages", body()) as answer,
    ):
        assert await answer.content.readexactly(len(PING)) == PING
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "x-tierwise-service" not in answer.headers
        pinged.set()
        rest = (await answer.content.read()).replace(PING, b"")
        assert rest == START + TEXT + END


async def test_a_pause_between_events_is_bridged_as_well() -> None:
    pinged = asyncio.Event()
    async with (
        fake_provider(stream(START, TEXT, pinged, END)) as fake,
        running_gateway(fake=table(fake.url)) as running,
        running.post("/v1/messages", body()) as answer,
    ):
        assert await answer.content.readexactly(len(START + TEXT)) == START + TEXT
        assert answer.headers["x-tierwise-service"] == "fake/m"
        assert await answer.content.readexactly(len(PING)) == PING
        pinged.set()
        assert (await answer.content.read()).replace(PING, b"") == END


async def test_nothing_is_put_into_the_middle_of_an_event() -> None:
    half, other_half = TEXT[:-20], TEXT[-20:]
    pinged = asyncio.Event()
    async with (
        fake_provider(stream(START, TEXT, half, pinged, other_half, END)) as fake,
        running_gateway(fake=table(fake.url)) as running,
        running.post("/v1/messages", body()) as answer,
    ):
        whole_events = half[: half.rfind(b"\n\n") + 2]
        expected = START + TEXT + whole_events + PING
        assert await answer.content.readexactly(len(expected)) == expected
        pinged.set()
        assert (await answer.content.read()).replace(PING, b"") == half[
            len(whole_events) :
        ] + other_half + END


async def test_after_a_ping_somebody_else_may_still_answer() -> None:
    pinged = asyncio.Event()
    broken = stream(pinged, b"event: error\ndata: " + error("overloaded_error") + b"\n\n")
    async with fake_provider(broken) as first, fake_provider(stream(START, TEXT, END)) as second:
        config = configured(
            providers={"a": table(first.url), "b": table(second.url)},
            tiers={"COMPLEX": {"services": ["a/m", "b/m"]}},
        )
        async with running_gateway(config) as running, running.post("/v1/messages", body()) as answer:
            assert await answer.content.readexactly(len(PING)) == PING
            pinged.set()
            assert (await answer.content.read()).replace(PING, b"") == START + TEXT + END


async def test_a_failure_after_a_ping_is_told_inside_the_stream() -> None:
    pinged = asyncio.Event()
    async with (
        fake_provider(stream(pinged, b"event: error\ndata: " + error("overloaded_error") + b"\n\n")) as fake,
        running_gateway(fake=table(fake.url)) as running,
        running.post("/v1/messages", body()) as answer,
    ):
        assert await answer.content.readexactly(len(PING)) == PING
        pinged.set()
        rest = (await answer.content.read()).replace(PING, b"")
        assert rest.startswith(b"event: error\n")
        assert b"overloaded_error" in rest


async def test_an_answer_in_one_piece_is_never_pinged() -> None:
    async with (
        fake_provider(whole(error("x"), status=400)) as fake,
        running_gateway(fake=table(fake.url)) as running,
        running.post("/v1/messages", body(stream=False)) as answer,
    ):
        assert answer.status == 400
