"""Who gets how much time, and who is blamed when it is over."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from proxy.exchange import Outcome
from proxy.secret import Secret
from tests.fakes.provider import fake_provider, whole
from tests.proxy import gateway_fixture
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets, Recorded, Running, running_gateway
from tests.proxy.talk import ASKED, GOOD
from tests.proxy.upstream.stage import Ended

LONG = json.dumps({**json.loads(GOOD), "content": [{"type": "text", "text": "x" * 20_000_000}]}).encode()
"""More than all buffers on the way together."""


@dataclass
class Provider:
    """Answers like its script, in turn; the last one holds from then on. None is no answer, ever."""

    script: list[bytes | None]
    asked: int = 0
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        body = self.script[min(self.asked, len(self.script) - 1)]
        self.asked += 1
        if body is None:
            await asyncio.Event().wait()
            raise AssertionError
        response = web.StreamResponse(headers={"content-type": "application/json"})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body)
        await response.write_eof()
        self.answered.set()
        return response


async def staged(
    stack: AsyncExitStack,
    *providers: Provider,
    table: Mapping[str, Any] | None = None,
    recorder: Recorded | None = None,
    **tables: Any,
) -> Running:
    given: dict[str, Any] = {}
    for number, provider in enumerate(providers):
        fake = await stack.enter_async_context(fake_provider(provider))
        given[f"p{number}"] = {
            "kind": "anthropic-compatible",
            "base_url": fake.url,
            "key": "none",
            **(table or {}),
        }
    tiers = {"COMPLEX": {"services": [f"{name}/m" for name in given]}}
    config = configured(providers=given, tiers=tiers, **tables)
    return await stack.enter_async_context(running_gateway(config, recorder=recorder))


async def ask(running: Running) -> tuple[int, str]:
    async with running.post("/v1/messages", json.dumps(ASKED).encode()) as answer:
        return answer.status, (await answer.read()).decode()


async def test_a_client_that_is_slow_to_read_a_whole_answer_keeps_nobody_waiting() -> None:
    provider = Provider([LONG, GOOD])
    async with AsyncExitStack() as stack:
        running = await staged(stack, provider, table={"max_concurrency": 1, "timeouts": {"idle": 0.3}})
        slow = await running.post("/v1/messages", json.dumps(ASKED).encode())
        await provider.answered.wait()
        assert (await ask(running))[0] == 200  # the one place is free again
        assert len(await slow.read()) == len(LONG)
    assert all(each.outcome is Outcome.ANSWERED for each in running.recorder.exchanges)
    assert all(each.attempts[0].outcome is Outcome.ANSWERED for each in running.recorder.exchanges)


async def test_a_client_that_leaves_in_the_midst_of_a_whole_answer_was_not_answered() -> None:
    provider, ended = Provider([LONG]), Ended()
    async with AsyncExitStack() as stack:
        running = await staged(stack, provider, recorder=ended)
        leaving = await running.post("/v1/messages", json.dumps(ASKED).encode())
        await provider.answered.wait()
        leaving.close()
        exchange = await ended.next()
    assert exchange.outcome is Outcome.CANCELLED
    assert [attempt.outcome for attempt in exchange.attempts] == [Outcome.ANSWERED]  # and has its price


async def test_waiting_for_a_place_is_not_on_the_providers_time() -> None:
    slow = Provider([GOOD])

    async def taking_its_time(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.4)  # what a provider needs is what this is about
        return await slow(request)

    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(fake_provider(taking_its_time))
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none", "max_concurrency": 1}
        config = configured(
            providers={"p": {**table, "timeouts": {"total": 0.7}}}, tiers={"COMPLEX": {"services": ["p/m"]}}
        )
        running = await stack.enter_async_context(running_gateway(config))
        answers = await asyncio.gather(*(ask(running) for _ in range(3)))
    assert [status for status, _ in answers] == [200, 200, 200]


async def test_who_lets_the_whole_deadline_pass_is_asked_first_no_longer() -> None:
    hanging, well = Provider([None]), Provider([GOOD])
    async with AsyncExitStack() as stack:
        running = await staged(stack, hanging, well, routing={"deadline": 1}, health={"failures": 2})
        answers = [await ask(running) for _ in range(3)]
    assert [status for status, _ in answers] == [504, 504, 200]
    assert (hanging.asked, well.asked) == (2, 1)
    assert "of the `deadline` under [routing] were over" in answers[0][1]


async def test_who_was_given_the_rest_of_a_deadline_is_not_blamed() -> None:
    first, second = Provider([None]), Provider([None])
    async with AsyncExitStack() as stack:
        running = await staged(
            stack,
            first,
            second,
            table={"timeouts": {"first_byte": 0.7}},
            routing={"deadline": 1},
            health={"failures": 1},
        )
        assert [(await ask(running))[0] for _ in range(2)] == [504, 504]
        (exchange, again) = running.recorder.exchanges
    assert [str(each.service) for each in exchange.attempts] == ["p0/m", "p1/m"]
    assert str(again.attempts[0].service) == "p1/m"  # only the first one's breaker is open


class SlowSecrets(KnownSecrets):
    async def get(self, name: str) -> Secret | None:
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_keyring_that_hangs_holds_nobody_beyond_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_fixture, "KnownSecrets", SlowSecrets)
    provider = Provider([GOOD])
    async with AsyncExitStack() as stack:
        running = await staged(stack, provider, table={"key": "keyring"}, routing={"deadline": 1})
        status, said = await ask(running)
    assert (status, provider.asked) == (504, 0)
    assert "its key or credentials were not there" in said


async def test_a_stop_does_not_wait_for_a_keyring_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()
    times = iter(range(10))

    class Hanging(SlowSecrets):
        async def get(self, name: str) -> Secret | None:
            if next(times):  # the gateway itself has looked for the key at its start
                asked.set()
            return await super().get(name)

    monkeypatch.setattr(gateway_fixture, "KnownSecrets", Hanging)
    async with AsyncExitStack() as stack:
        running = await staged(stack, Provider([GOOD]), table={"key": "keyring"})
        asking = asyncio.create_task(ask(running))
        await asked.wait()
        await running.gateway.stop()
        status, said = await asking
    assert status == 503
    assert "Tierwise is stopping" in said


async def test_an_empty_stream_is_an_empty_answer() -> None:
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(fake_provider(whole(b"", content_type="text/event-stream")))
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        config = configured(providers={"p": table}, tiers={"COMPLEX": {"services": ["p/m"]}})
        running = await stack.enter_async_context(running_gateway(config))
        status, said = await ask(running)
    assert (status, "sent an empty answer" in said) == (502, True)
