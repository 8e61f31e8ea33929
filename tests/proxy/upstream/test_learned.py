"""A request that we altered and a vendor refused is asked once more, without what it does not take."""

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest

from proxy.providers.fitting import Correction
from proxy.routing.service import Service
from proxy.upstream.learned import NOTHING, Learned
from tests.fakes import faults
from tests.fakes.script import Asked, Step, Turn
from tests.fakes.server import FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import Running, running_gateway

SMALL = Service("p", "vendor/small")
TURN: Mapping[str, Any] = {
    "max_tokens": 64000,
    "thinking": {"type": "adaptive"},
    "output_config": {"effort": "high"},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "system": [{"type": "text", "text": "You are a coding agent.", "cache_control": {"type": "ephemeral"}}],
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello?"}]}],
}
"""What an agent asks a large model for, which smaller ones do not all have."""


def refusing(sentence: str, is_asked: Any) -> Any:
    """A vendor who says this sentence to whoever asks for that."""

    def script(asked: Asked) -> Step:
        return faults.bad_request(sentence) if is_asked(asked.body) else Turn("Hello!")

    return script


def thinks(way: str) -> Any:
    return lambda body: body.get("thinking", {}).get("type") == way


REFUSALS = [
    pytest.param("adaptive thinking is not supported on this model", thinks("adaptive"), id="adaptive"),
    pytest.param(
        "This model does not support the effort parameter.",
        lambda body: "effort" in body.get("output_config", {}),
        id="effort",
    ),
    pytest.param(
        "context_management: Extra inputs are not permitted",
        lambda body: "context_management" in body,
        id="context management",
    ),
    pytest.param(
        "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for this model",
        lambda body: body["max_tokens"] > 32000,
        id="max_tokens",
    ),
]


async def staged(stack: AsyncExitStack, script: Any) -> tuple[FakeLlm, Running]:
    fake = await stack.enter_async_context(fake_llm("anthropic", script))
    table = {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "none"}
    config = configured(providers={"p": table}, tiers={"COMPLEX": {"services": [str(SMALL)]}})
    return fake, await stack.enter_async_context(running_gateway(config))


async def ask(running: Running, model: str, **more: Any) -> tuple[int, dict[str, str], Any]:
    body = json.dumps({"model": model, **TURN, **more}).encode()
    async with running.post("/v1/messages", body) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, headers, json.loads(await answer.read())


@pytest.mark.parametrize(("sentence", "is_asked"), REFUSALS)
async def test_what_a_vendor_refuses_is_left_out_at_once_and_from_then_on(
    sentence: str, is_asked: Any
) -> None:
    async with AsyncExitStack() as stack:
        fake, running = await staged(stack, refusing(sentence, is_asked))
        status, headers, answer = await ask(running, "claude-opus-4-8")
        assert (status, answer["content"]) == (200, [{"type": "text", "text": "Hello!"}])
        assert headers["x-tierwise-attempts"] == "2"
        assert [is_asked(asked.body) for asked in fake.asked] == [True, False]

        status, headers, _ = await ask(running, "claude-opus-4-8")
        assert (status, headers["x-tierwise-attempts"]) == (200, "1")
        assert not is_asked(fake.asked[2].body)
        said = [asked.body[name] for asked in fake.asked for name in ("system", "messages")]
        assert said == [TURN["system"], TURN["messages"]] * 3


@pytest.mark.parametrize(("sentence", "is_asked"), REFUSALS)
async def test_who_asks_for_it_in_bytes_that_pass_unaltered_is_told_so(sentence: str, is_asked: Any) -> None:
    async with AsyncExitStack() as stack:
        fake, running = await staged(stack, refusing(sentence, is_asked))
        body = json.dumps({"model": SMALL.model, **TURN}).encode()
        async with running.post("/v1/messages", body) as answer:
            told = json.loads(await answer.read())
            assert answer.status == 400
            assert answer.headers["x-tierwise-attempts"] == "1"
        assert told["error"] == {"type": "invalid_request_error", "message": sentence}
        assert [json.dumps(asked.body).encode() for asked in fake.asked] == [body]


async def test_who_refuses_again_is_not_asked_a_third_time() -> None:
    sentence = "context_management: Extra inputs are not permitted"
    async with AsyncExitStack() as stack:
        fake, running = await staged(stack, faults.bad_request(sentence))
        status, headers, answer = await ask(running, "claude-opus-4-8")
        assert (status, answer["error"]["message"]) == (400, sentence)
        assert headers["x-tierwise-attempts"] == "2"
        assert len(fake.asked) == 2


async def test_what_is_wrong_with_the_clients_own_words_is_not_asked_again() -> None:
    sentence = "messages.0.content.0.text: Field required"
    async with AsyncExitStack() as stack:
        fake, running = await staged(stack, faults.bad_request(sentence))
        status, _, answer = await ask(running, "claude-opus-4-8")
        assert (status, answer["error"]["message"], len(fake.asked)) == (400, sentence, 1)


async def test_another_configuration_may_be_another_model_under_the_same_name() -> None:
    async with AsyncExitStack() as stack:
        fake, running = await staged(
            stack, refusing("adaptive thinking is not supported on this model", thinks("adaptive"))
        )
        await ask(running, "claude-opus-4-8")
        table = {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "none"}
        running.gateway.apply(
            configured(providers={"p": table}, tiers={"COMPLEX": {"services": [str(SMALL)]}})
        )
        await ask(running, "claude-opus-4-8")
        assert [thinks("adaptive")(asked.body) for asked in fake.asked] == [True, False, True, False]


def test_lessons_add_up() -> None:
    learned = Learned()
    learned.learn(SMALL, Correction(refuses=frozenset({"temperature"}), max_output=32000))
    learned.learn(SMALL, Correction(refuses=frozenset({"top_p"})))
    assert learned.of(SMALL).refuses == {"temperature", "top_p"}
    assert learned.of(SMALL).max_output == 32000
    assert learned.of(Service("p", "vendor/other")) == NOTHING


def test_lessons_about_new_services_end_where_memory_does_and_old_ones_go_on() -> None:
    learned = Learned()
    refuses = Correction(refuses=frozenset({"temperature"}))
    for number in range(1000):
        learned.learn(Service("p", f"m{number}"), refuses)
    learned.learn(Service("p", "m0"), Correction(refuses=frozenset({"top_p"})))
    assert learned.of(Service("p", "m0")).refuses == {"temperature", "top_p"}
    assert learned.of(Service("p", "m999")) == NOTHING


def test_what_was_learned_can_be_forgotten() -> None:
    learned = Learned()
    learned.learn(SMALL, Correction(max_output=1000))
    learned.forget()
    assert learned.of(SMALL) == NOTHING
