"""A real llama.cpp behind the gateway: what it can do arrives, and what is too much for it goes elsewhere."""

import asyncio
from pathlib import Path

import pytest

from proxy.local.surroundings import Surroundings
from tests.llama.asking import PING, WEATHER, busy
from tests.llama.fixtures import llama, need_llama
from tests.llama.server import LlamaServer, llama_server
from tests.proxy.local.llama_stage import (
    GREETING,
    before,
    gateway,
    nobody_else,
    provider_of,
    served,
    whole_and_streamed,
)

__all__ = ["llama", "nobody_else"]


@whole_and_streamed
async def test_it_answers(llama: LlamaServer, streamed: bool) -> None:
    async with before(llama) as stage:
        answer = await stage.ask("Hi", stream=streamed)
    assert (answer.text, answer.ends, served(answer)) == (GREETING, 1, ("near0/tiny", "1"))


async def test_it_calls_a_tool(llama: LlamaServer) -> None:
    async with before(llama) as stage:
        choice = await stage.choice("And now?", tools=[WEATHER, PING])
    [call] = choice["message"]["tool_calls"]
    assert (call["function"]["name"], choice["finish_reason"]) == ("ping", "tool_calls")


async def test_it_thinks(llama: LlamaServer) -> None:
    async with before(llama) as stage:
        choice = await stage.choice("[think]")
    message = choice["message"]
    assert (message["reasoning_content"], message["content"]) == ("Let me see this.", GREETING)


async def test_it_says_how_sure_it_is(llama: LlamaServer) -> None:
    async with before(llama) as stage:
        choice = await stage.choice("[unsure]", temperature=0, logprobs=True, top_logprobs=4)
    first = choice["logprobs"]["content"][0]
    assert [each["token"] for each in first["top_logprobs"]] == ["Maybe", "Perhaps", "Possibly", "Probably"]
    assert first["logprob"] == pytest.approx(-1.05, abs=0.001)


@whole_and_streamed
async def test_what_is_too_long_for_it_goes_to_the_next_tier(
    llama: LlamaServer, tmp_path: Path, streamed: bool
) -> None:
    need_llama()
    with llama_server(tmp_path, context=2048) as small:
        providers = {"small": await provider_of(small), "large": await provider_of(llama)}
        tiers = {"SIMPLE": {"services": ["small/tiny"]}, "COMPLEX": {"services": ["large/tiny"]}}
        async with gateway(providers=providers, tiers=tiers) as stage:
            short = await stage.ask("Hi", model="simple", stream=streamed)
            long = await stage.ask("x" * 3000, model="simple", stream=streamed)
            short_again = await stage.ask("Hi", model="simple", stream=streamed)
    answers = (short, long, short_again)
    assert [answer.text for answer in answers] == [GREETING] * 3
    assert [served(answer)[0] for answer in answers] == ["small/tiny", "large/tiny", "small/tiny"]


async def test_what_is_too_much_at_once_for_it_goes_elsewhere(tmp_path: Path) -> None:
    """Each would fit, and all together do not; the server then sends all of them away."""
    need_llama()
    with llama_server(tmp_path, slots=2, context=8192, sharing="whole") as server:
        async with before(server) as stage:
            first = asyncio.create_task(stage.ask("[loop]" + "x" * 5000, max_tokens=60000))
            await busy(server)
            second = await stage.ask("x" * 5000)
            assert [served(each) for each in (await first, second)] == [("afar/m", "2")] * 2
            alone = await stage.ask("x" * 6000)
    assert (alone.text, served(alone)) == (GREETING, ("near0/tiny", "1"))


@whole_and_streamed
async def test_what_is_known_to_be_too_long_for_it_is_not_sent_to_it(
    llama: LlamaServer, tmp_path: Path, nobody_else: Surroundings, streamed: bool
) -> None:
    need_llama()
    with llama_server(tmp_path, context=4096) as small:
        async with before(small, llama, surroundings=nobody_else) as stage:
            assert await stage.looked() == {"near0": "ready", "near1": "ready"}
            fits = await stage.ask("x" * 1500, stream=streamed)
            too_long = await stage.ask("x" * 7000, stream=streamed)
    assert (fits.text, served(fits)) == (GREETING, ("near0/tiny", "1"))
    assert (too_long.text, served(too_long)) == (GREETING, ("near1/tiny", "1"))
