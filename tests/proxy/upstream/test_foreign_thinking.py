"""A conversation that moves takes along what was said, not what another provider signed."""

import json
from contextlib import AsyncExitStack
from typing import Any

from tests.fakes.provider import fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import running_gateway
from tests.proxy.talk import GOOD

SIGNATURE = "EqQBCkYIBxgCKkB-signed-by-one"
THOUGHT = {"type": "thinking", "thinking": "Let me see.", "signature": SIGNATURE}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "ping", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "pong"}


def thoughtful() -> bytes:
    return json.dumps({**json.loads(GOOD), "content": [THOUGHT, CALL], "stop_reason": "tool_use"}).encode()


def turn(model: str, *more: dict[str, Any]) -> bytes:
    messages = [{"role": "user", "content": "Hi"}, *more]
    tools = [{"name": "ping", "input_schema": {"type": "object", "properties": {}}}]
    return json.dumps({"model": model, "max_tokens": 2000, "messages": messages, "tools": tools}).encode()


async def test_thinking_goes_back_to_its_signer_untouched_and_to_nobody_else() -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(fake_provider(whole(thoughtful())))
        two = await stack.enter_async_context(fake_provider(whole(GOOD)))
        config = configured(
            providers={
                name: {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
                for name, fake in (("one", one), ("two", two))
            }
        )
        running = await stack.enter_async_context(running_gateway(config))
        history = (
            {"role": "assistant", "content": [THOUGHT, CALL]},
            {"role": "user", "content": [RESULT]},
        )
        for body in (turn("one/m"), turn("one/m", *history), turn("two/m", *history)):
            async with running.post("/v1/messages", body) as answer:
                assert answer.status == 200, await answer.read()

        (again,) = one.received[1:]
        assert again.body == turn("m", *history)
        (moved,) = two.received
        assistant = json.loads(moved.body)["messages"][1]
        assert [block["type"] for block in assistant["content"]] == ["tool_use"]
        assert SIGNATURE.encode() not in moved.body
        assert b"toolu_1" in moved.body


async def test_after_a_restart_nobody_is_known_and_bytes_pass() -> None:
    history = ({"role": "assistant", "content": [THOUGHT, CALL]}, {"role": "user", "content": [RESULT]})
    async with fake_provider(whole(GOOD)) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        async with running_gateway(p=table) as running:
            async with running.post("/v1/messages", turn("m", *history)) as answer:
                assert answer.status == 200
            assert fake.received[0].body == turn("m", *history)
