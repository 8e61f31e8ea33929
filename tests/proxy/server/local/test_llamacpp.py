"""A real llama.cpp behind the gateway: it counts exactly, does so much at a time, goes and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from proxy.wire.format import Format
from tests.fakes.server import FakeLlm, fake_llm
from tests.llama.asking import PING, busy
from tests.llama.fixtures import llama, need_llama
from tests.llama.server import LlamaServer, llama_server
from tests.proxy.server.local.stage import FROM_AFAR, KEY, Stage, against, among, free_port, hosted, llamacpp

__all__ = ["llama"]

GREETING = "Hello from the tiny local model."
HERE, AFAR = "near/tiny", "afar/m"
LARGE = 262_144
Others = Literal["afar", "gone"] | None
FINE, COARSE = "\N{CJK UNIFIED IDEOGRAPH-4F60}", "\x01"
"""Letters of which the tiny model has more tokens than are estimated, and fewer."""


@asynccontextmanager
async def before(
    home: Path, server: LlamaServer, *, others: Others = "afar", **local: Any
) -> AsyncIterator[tuple[Stage, FakeLlm]]:
    """It serves the simple tier, and a hosted service the one above, or a server that is gone, or nobody."""
    async with fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar:
        tiers = {"SIMPLE": {"services": [HERE]}}
        providers = {"near": llamacpp(server.url)}
        if others is not None:
            tiers["COMPLEX"] = {"services": [f"{others}/m"]}
            there = {"afar": hosted(afar.base_url), "gone": llamacpp(f"http://127.0.0.1:{free_port()}")}
            providers[others] = there[others]
        async with among(home, providers=providers, tiers=tiers, local=local) as stage:
            yield stage, afar


async def simple(stage: Stage, text: str, **more: Any) -> str:
    """Who served it."""
    return (await stage.ask(text, model="simple", **more)).service


# -- exact counts ------------------------------------------------------------------------------------


async def test_what_only_seems_too_long_is_served_here(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=4096) as server:
        async with before(tmp_path, server) as (stage, _):
            told = await stage.explained(COARSE * 3300, model="simple")
            answer = await stage.ask(COARSE * 3300, model="simple")
            long = await simple(stage, COARSE * 5000)
    assert (answer.service, answer.text, answer.attempts) == (HERE, GREETING, 1)
    assert (told["service"], long) == (HERE, AFAR)


async def test_what_only_seems_to_fit_goes_on_at_once_and_it_is_said_why(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=4096) as server:
        async with before(tmp_path, server) as (stage, _):
            told = await stage.explained(FINE * 2000, model="simple")
            answer = await stage.ask(FINE * 2000, model="simple")
    why = against(told, HERE) or ""
    assert (answer.service, answer.attempts, told["service"]) == (AFAR, 1, AFAR)
    assert why.endswith("tokens, as its server counts them, and the model takes 4,096")
    assert any(why in reason for reason in answer.reasons)


async def test_alone_it_has_its_client_hear_the_exact_count(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=4096) as server:
        async with before(tmp_path, server, others=None) as (stage, _):
            answer = await stage.ask(FINE * 2000, "messages")
    words = answer.error.removeprefix("prompt is too long: ").split()
    assert (answer.status, int(words[0]) > 6000, words[-2:]) == (400, True, ["4096", "maximum"])


async def test_a_prompt_that_is_far_from_the_window_is_not_counted(
    tmp_path: Path, llama: LlamaServer
) -> None:
    async with before(tmp_path, llama) as (stage, _):
        counted = 0
        tokens = stage.running.gateway._outward.counter.tokens

        async def counting(*asked: Any) -> int | None:
            nonlocal counted
            counted += 1
            return await tokens(*asked)

        stage.running.gateway._choosing._count = counting
        assert await simple(stage, "Hi") == HERE
        assert counted == 0
        assert await simple(stage, COARSE * 7000) == HERE
        assert counted == 1


# -- slots -------------------------------------------------------------------------------------------


@asynccontextmanager
async def at_work(stage: Stage, server: LlamaServer) -> AsyncIterator[None]:
    """One slot has an endless answer to give."""
    async with stage.streaming("[loop]", model="simple", max_tokens=100_000) as answer:
        assert answer.headers["x-tierwise-service"] == HERE
        await busy(server)
        yield


async def test_the_third_of_two_waits_a_moment_and_goes_to_the_next(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=2, context=LARGE) as server:
        async with before(tmp_path, server, queue_seconds=0.05) as (stage, _):
            async with at_work(stage, server), at_work(stage, server):
                third = await stage.ask("Hi", model="simple")
            assert (third.service, third.text) == (AFAR, FROM_AFAR)
            await stage.recorded()
            assert await simple(stage, "Hi") == HERE


@pytest.mark.parametrize("others", [None, "gone"], ids=["nobody else", "somebody who is gone"])
async def test_without_anybody_to_go_to_it_waits_on(tmp_path: Path, others: Others) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=LARGE) as server:
        async with before(tmp_path, server, others=others, queue_seconds=0.01) as (stage, _):
            async with at_work(stage, server):
                waiting = asyncio.create_task(stage.ask("Hi", model="simple"))
                done, _ = await asyncio.wait([waiting], timeout=0.2)
                assert not done
            answer = await waiting
    assert (answer.service, answer.text) == (HERE, GREETING)


async def test_who_came_first_is_served_first(tmp_path: Path) -> None:
    need_llama()
    served: list[str] = []

    async def ask(stage: Stage, text: str) -> None:
        assert (await stage.ask(text, model="simple")).service == HERE
        served.append(text)

    with llama_server(tmp_path, slots=1, context=LARGE) as server:
        async with (
            before(tmp_path, server, others=None) as (stage, _),
            asyncio.TaskGroup() as tasks,
            at_work(stage, server),
        ):
            for text in ("first", "second", "third"):
                before_it = len(waiting_at(stage))
                tasks.create_task(ask(stage, text))
                while len(waiting_at(stage)) == before_it:  # noqa: ASYNC110 -- it tells nobody
                    await asyncio.sleep(0)
    assert served == ["first", "second", "third"]


def waiting_at(stage: Stage) -> list[Any]:
    """Those who wait for a seat of the only server there is."""
    rooms = stage.running.gateway._outward.upstream._caller._seats._rooms
    return [waiting for room in rooms.values() for waiting in room.waiting]


# -- gone and back -----------------------------------------------------------------------------------


async def test_one_that_is_gone_is_passed_by_and_it_is_said_why(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server:
        async with before(tmp_path, server) as (stage, _):
            server.kill()
            assert (await stage.look())["near"]["state"] == "gone"
            answer = await stage.ask("Hi", model="simple")
    assert (answer.service, answer.attempts) == (AFAR, 1)
    assert f"{HERE} is marked: Its server is not running." in answer.reasons


async def test_one_that_crashes_is_seen_to_be_gone_without_anybody_looking(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server:
        async with before(tmp_path, server) as (stage, _):
            server.kill()
            first = await stage.ask("Hi", model="simple")
            await stage.until(lambda: state(stage) == "gone")
            second = await stage.ask("Hi", model="simple")
    assert [(each.service, each.attempts) for each in (first, second)] == [(AFAR, 2), (AFAR, 1)]


async def test_one_that_is_back_is_asked_again_because_it_is_wanted(tmp_path: Path) -> None:
    """Nobody looks but for the requests; and that it crashed before it came back is forgotten."""
    need_llama()
    with llama_server(tmp_path) as server:
        async with before(tmp_path, server) as (stage, _):
            server.kill()
            assert await simple(stage, "Hi") == AFAR
            await stage.until(lambda: state(stage) == "gone")
            with llama_server(tmp_path, port=server.port):
                assert await simple(stage, "Hi") == AFAR
                await stage.until(lambda: state(stage) == "ready")
                back = await stage.ask("Hi", model="simple")
    assert (back.service, back.text, back.attempts) == (HERE, GREETING, 1)


def state(stage: Stage) -> str:
    watch = stage.running.gateway.watch
    assert watch is not None
    [server] = [each for each in watch.servers if each.kind == "llamacpp"]
    return server.state


async def test_a_tools_result_for_one_that_is_gone_goes_elsewhere_whole(tmp_path: Path) -> None:
    need_llama()
    headers = {"x-claude-code-session-id": "s"}
    typed = [{"role": "user", "content": "And now?"}]
    with llama_server(tmp_path) as server:
        async with before(tmp_path, server) as (stage, afar):
            called = await stage.ask("", messages=typed, tools=[PING], model="simple", headers=headers)
            message = called.told["choices"][0]["message"]
            [call] = message["tool_calls"]
            server.kill()
            await stage.look()
            result = {"role": "tool", "tool_call_id": call["id"], "content": "pong"}
            messages = [*typed, message, result]
            answer = await stage.ask("", messages=messages, tools=[PING], model="simple", headers=headers)
    assert (called.service, answer.service, answer.text) == (HERE, AFAR, FROM_AFAR)
    [asked] = afar.asked
    sent: Mapping[str, Any] = asked.body
    [calling] = [each for each in sent["messages"] if each.get("tool_calls")]
    assert calling["tool_calls"][0]["id"] == call["id"]
    assert sent["messages"][-1] == result
    assert [each["function"]["name"] for each in sent["tools"]] == ["ping"]


# -- what it tells -----------------------------------------------------------------------------------


async def test_how_fast_it_is_is_told_after_an_answer(tmp_path: Path, llama: LlamaServer) -> None:
    async with before(tmp_path, llama) as (stage, _):
        [before_it] = (await stage.look())["near"]["models"]
        async with stage.streaming("[loop]", model="simple", max_tokens=3000) as answer:
            await answer.read()
        await stage.recorded()
        [after_it] = (await stage.look())["near"]["models"]
    assert (before_it["tokens_per_second"], before_it["tiers"]) == (None, ["SIMPLE"])
    assert after_it["tokens_per_second"] > 0


async def test_nothing_of_where_its_model_lies_is_told(tmp_path: Path, llama: LlamaServer) -> None:
    async with before(tmp_path, llama) as (stage, _):
        told = [json.dumps((await stage.admin("GET", path))[1]) for path in ("/api/local", "/api/health")]
        told.append(json.dumps(await stage.look()))
    assert all(str(llama.model.parent) not in text for text in told)
