"""Ollama behind the gateway: each request gets the room it needs, and nothing is cut without a word."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.wire.format import Format
from tests.fakes.local import ollama_prompt
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import OllamaModel
from tests.fakes.server import fake_llm
from tests.proxy.server.local.stage import (
    FROM_AFAR,
    GREETING,
    KEY,
    WAYS,
    Stage,
    against,
    among,
    hosted,
    ollama,
    prose,
)

NAME = "qwen3:8b"
OLD, OLDEST_THAT_REFUSES, NEW = "0.12.5", "0.12.6", "0.34.2"
by_way = pytest.mark.parametrize("way", WAYS)
whatever_the_version = pytest.mark.parametrize("version", [OLD, OLDEST_THAT_REFUSES, NEW])


def alone(server: FakeOllama, service: Any = f"near/{NAME}", **local: Any) -> dict[str, Any]:
    """The configuration of a gateway that has nothing but this server."""
    return {
        "providers": {"near": ollama(server.url)},
        "tiers": {"SIMPLE": {"services": [service]}},
        "local": local,
    }


def beside(server: FakeOllama, address_afar: str) -> dict[str, Any]:
    """With one elsewhere to go on to."""
    tables = alone(server)
    tables["providers"]["afar"] = hosted(address_afar)
    tables["tiers"]["COMPLEX"] = {"services": ["afar/m"]}
    return tables


@asynccontextmanager
async def behind(
    home: Path, server: FakeOllama, service: Any = f"near/{NAME}", *, looks: bool = True, **local: Any
) -> AsyncIterator[Stage]:
    """A gateway that has nothing but this server."""
    async with server.running(), among(home, looks=looks, **alone(server, service, **local)) as stage:
        yield stage


def contexts(server: FakeOllama) -> list[int | None]:
    """What each conversation was asked to be loaded with."""
    talks = [each for each in server.seen if each.line == "POST /api/chat" and each.body["messages"]]
    return [each.body.get("options", {}).get("num_ctx") for each in talks]


def whole(server: FakeOllama) -> bool:
    """Whether all that was asked has reached the model."""
    talks = [each for each in server.seen if each.line == "POST /api/chat" and each.body["messages"]]
    return [each.body["messages"] for each in talks] == [list(each) for each in server.talk.reached]


# -- how much room -----------------------------------------------------------------------------------


@by_way
async def test_it_is_asked_in_its_own_way_whatever_the_client_speaks(tmp_path: Path, way: str) -> None:
    server = FakeOllama()
    async with behind(tmp_path, server) as stage:
        answer = await stage.ask("Hi", way)
    assert (answer.status, answer.text, answer.service) == (200, GREETING, f"near/{NAME}")
    [asked] = [each for each in server.seen if each.method == "POST"]
    assert (asked.line, asked.body["truncate"], asked.body["options"]["num_ctx"]) == (
        "POST /api/chat",
        False,
        8192,
    )
    assert "shift" not in asked.body


@pytest.mark.parametrize(
    ("tokens", "context"), [(20, 8192), (3000, 8192), (4000, 16384), (10_000, 16384), (13_000, 32768)]
)
async def test_it_gets_as_much_as_the_request_needs_in_steps_that_double(
    tmp_path: Path, tokens: int, context: int
) -> None:
    server = FakeOllama()
    async with behind(tmp_path, server) as stage:
        assert (await stage.ask(prose(tokens))).text == GREETING
    assert (contexts(server), whole(server)) == ([context], True)


async def test_a_model_that_has_enough_keeps_what_it_has(tmp_path: Path) -> None:
    server = FakeOllama()
    server.memory.put(NAME, 20480)
    async with behind(tmp_path, server) as stage:
        for tokens in (20, 3000, 14_000):
            await stage.ask(prose(tokens))
    assert (contexts(server), server.memory.loads) == ([20480] * 3, [])


async def test_a_conversation_that_grows_loads_the_model_seldom(tmp_path: Path) -> None:
    server = FakeOllama()
    async with behind(tmp_path, server) as stage:
        for tokens in range(500, 16_000, 1500):
            assert (await stage.ask(prose(tokens))).text == GREETING
    assert [each.context for each in server.memory.loads] == [8192, 16384, 32768]
    assert whole(server)


async def test_a_small_request_after_a_large_one_does_not_load_it_anew(tmp_path: Path) -> None:
    """Also when nobody has looked in between."""
    server = FakeOllama()
    async with behind(tmp_path, server) as stage:
        await stage.ask(prose(10_000))
        await stage.ask("Hi")
    assert contexts(server) == [16384, 16384]


@pytest.mark.parametrize(
    ("limit", "trained", "context"), [(16384, 131072, 16384), (65536, 12288, 12288), (2048, 131072, 2048)]
)
async def test_it_never_gets_more_than_is_allowed_or_it_was_trained_for(
    tmp_path: Path, limit: int, trained: int, context: int
) -> None:
    model = OllamaModel(most_context=trained)
    server = FakeOllama(models=[model])
    async with behind(tmp_path, server, context=limit) as stage:
        assert (await stage.ask(prose(int(context * 0.6)))).text == GREETING
    assert contexts(server) == [context]


async def test_what_somebody_else_has_given_it_is_used_though_it_is_more(tmp_path: Path) -> None:
    model = OllamaModel(most_context=131072)
    server = FakeOllama(models=[model])
    server.memory.put(NAME, 65536)
    async with behind(tmp_path, server, context=8192) as stage:
        assert (await stage.ask(prose(20_000))).text == GREETING
    assert (contexts(server), server.memory.loads) == ([65536], [])


async def test_the_users_word_for_a_service_counts_more(tmp_path: Path) -> None:
    service = {"provider": "near", "model": NAME, "params": {"num_ctx": 5000, "keep_alive": "1h"}}
    server = FakeOllama()
    async with behind(tmp_path, server, service, keep_alive="2m") as stage:
        await stage.ask("Hi")
        told = await stage.explained(prose(4500))
    [asked] = [each for each in server.seen if each.method == "POST"]
    assert (asked.body["options"]["num_ctx"], asked.body["keep_alive"]) == (5000, "1h")
    assert "it has room for 5,000" in (against(told, f"near/{NAME}") or "")


@pytest.mark.parametrize(("said", "told"), [("30m", "1800s"), ("90s", "90s"), ("forever", "-1s"), ("", None)])
async def test_it_is_kept_in_memory_as_long_as_the_user_says(
    tmp_path: Path, said: str, told: str | None
) -> None:
    server = FakeOllama()
    async with behind(tmp_path, server, keep_alive=said) as stage:
        await stage.ask("Hi")
    [asked] = [each for each in server.seen if each.method == "POST"]
    assert asked.body.get("keep_alive") == told


@pytest.mark.parametrize("name", ["qwen3", "qwen3:latest", "library/qwen3", "QWEN3"])
async def test_a_model_is_known_by_every_name_it_answers_to(tmp_path: Path, name: str) -> None:
    model = OllamaModel(name="qwen3", most_context=12288)
    server = FakeOllama(models=[model])
    async with behind(tmp_path, server, f"near/{name}") as stage:
        assert "it has room for 12,288" in (
            against(await stage.explained(prose(12_000)), f"near/{name}") or ""
        )


# -- too long ----------------------------------------------------------------------------------------


@whatever_the_version
async def test_what_does_not_fit_goes_to_the_next_tier_and_it_is_said_why(
    tmp_path: Path, version: str
) -> None:
    model = OllamaModel(most_context=8192)
    async with (
        FakeOllama(models=[model], version=version).running() as server,
        fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar,
        among(tmp_path, **beside(server, afar.base_url)) as stage,
    ):
        short = await stage.ask(prose(3000), model="simple")
        told = await stage.explained(prose(8000), model="simple")
        long = await stage.ask(prose(8000), model="simple")
    assert (short.service, long.service, long.text) == (f"near/{NAME}", "afar/m", FROM_AFAR)
    why = against(told, f"near/{NAME}")
    assert why is not None
    assert "cut the prompt off in silence" in why
    assert any(why in reason for reason in long.reasons)
    assert whole(server)


@by_way
@whatever_the_version
async def test_without_anybody_else_a_client_hears_that_its_prompt_is_too_long(
    tmp_path: Path, way: str, version: str
) -> None:
    model = OllamaModel(most_context=8192)
    server = FakeOllama(models=[model], version=version)
    async with behind(tmp_path, server) as stage:
        answer = await stage.ask(prose(9000), way)
    assert answer.status == 400
    assert TOO_LONG[way] in answer.error
    assert "8192" in answer.error
    assert server.talk.reached == []


TOO_LONG = {
    "messages": "prompt is too long: ",
    "chat": "maximum context length is",
    "responses": "maximum context length is",
    "gemini": "exceeds the maximum number of tokens allowed",
}


def counting(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its models have so many times the tokens that are estimated."""
    usual = ollama_prompt.tokens
    monkeypatch.setattr(ollama_prompt, "tokens", lambda *told: int(factor * usual(*told)))


@pytest.fixture
def counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    counting(2.0, monkeypatch)


async def test_one_that_would_not_refuse_gets_more_room_to_begin_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting(1.5, monkeypatch)
    server = FakeOllama(version=OLD)
    async with behind(tmp_path, server) as stage:
        for tokens in (2000, 7000, 15_000):
            assert (await stage.ask(prose(tokens))).attempts == 1
    assert whole(server)


@pytest.mark.usefixtures("counts_twice")
@pytest.mark.parametrize("version", [OLDEST_THAT_REFUSES, NEW])
async def test_a_prompt_that_turns_out_longer_than_estimated_gets_more_room(
    tmp_path: Path, version: str
) -> None:
    server = FakeOllama(version=version)
    async with behind(tmp_path, server) as stage:
        answer = await stage.ask(prose(10_000))
        learned = await stage.ask(prose(13_000))
    assert (answer.text, answer.attempts, learned.attempts) == (GREETING, 2, 1)
    assert contexts(server) == [16384, 32768, 32768]
    assert [len(each) for each in server.talk.reached] == [1, 1]


@pytest.mark.usefixtures("counts_twice")
@pytest.mark.parametrize("version", [OLDEST_THAT_REFUSES, NEW])
async def test_one_that_cannot_be_given_more_is_left_for_the_next_one(tmp_path: Path, version: str) -> None:
    model = OllamaModel(most_context=16384)
    async with (
        FakeOllama(models=[model], version=version).running() as server,
        fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar,
        among(tmp_path, **beside(server, afar.base_url)) as stage,
    ):
        answer = await stage.ask(prose(9_000), model="simple")
    assert (answer.service, answer.attempts, server.talk.reached) == ("afar/m", 2, [])


@pytest.mark.parametrize(("version", "is_rendered"), [(OLDEST_THAT_REFUSES, True), (NEW, True), (NEW, False)])
async def test_its_own_refusal_leads_on_and_is_told_as_one_of_length(
    tmp_path: Path, version: str, is_rendered: bool
) -> None:
    """A model that is not listed gets what is usual, and turns out to be trained for less."""
    model = OllamaModel(most_context=1000, is_rendered=is_rendered)
    server = FakeOllama(models=[model], version=version)
    async with behind(tmp_path, server, looks=False, enabled=False) as stage:
        answer = await stage.ask(prose(2000), "messages")
    assert (answer.status, answer.told["error"]["type"]) == (400, "invalid_request_error")
    assert answer.error.startswith("prompt is too long")
    assert server.talk.reached == []


async def test_one_that_is_named_is_not_asked_for_what_it_would_cut(tmp_path: Path) -> None:
    model = OllamaModel(most_context=8192)
    server = FakeOllama(models=[model], version=OLD)
    async with behind(tmp_path, server) as stage:
        answer = await stage.ask(prose(9000), model=f"near/{NAME}")
        unlisted = await stage.ask(prose(9000), model="near/qwen3:8B")
    assert (answer.status, unlisted.status, server.talk.reached) == (400, 400, [])


async def test_where_it_cannot_be_told_it_has_what_it_has(tmp_path: Path) -> None:
    """By the interface of others, that is, where nobody can say how much context there is to be."""
    async with FakeOllama().running() as server:
        tables = alone(server)
        tables["providers"]["near"] = {
            "kind": "openai-compatible",
            "base_url": f"{server.url}/v1",
            "key": "none",
        }
        async with among(tmp_path, **tables) as stage:
            short = await stage.ask("Hi")
            long = await stage.ask(prose(6000))
            server.memory.put(NAME, 16384)
            await stage.look()
            loaded = await stage.ask(prose(6000))
    assert (short.text, long.status, loaded.text) == (GREETING, 400, GREETING)
    assert "not loaded yet" in long.error
    assert [len(each) for each in server.openai.reached] == [1, 1]


# -- what it can do ----------------------------------------------------------------------------------

PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
WITH_PICTURE = [
    {
        "role": "user",
        "content": [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": PICTURE}}],
    }
]
TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]


@pytest.mark.parametrize(
    ("capabilities", "asked", "why"),
    [
        (("completion",), {"tools": TOOLS}, "cannot call tools"),
        (("completion", "tools"), {"tools": TOOLS}, None),
        (("completion", "tools"), {"messages": WITH_PICTURE}, "sees no images"),
        (("completion", "vision"), {"messages": WITH_PICTURE}, None),
        (None, {"tools": TOOLS}, None),
        (None, {"messages": WITH_PICTURE}, None),
    ],
)
async def test_what_it_says_it_can_do_is_believed_and_what_it_does_not_say_is_unknown(
    tmp_path: Path, capabilities: tuple[str, ...] | None, asked: dict[str, Any], why: str | None
) -> None:
    model = OllamaModel(name="some:1b", family="some", capabilities=capabilities or ("completion",))
    server = FakeOllama(models=[model], lists_capabilities=capabilities is not None)
    async with behind(tmp_path, server, "near/some:1b") as stage:
        found = against(await stage.explained("Hi", **asked), "near/some:1b")
    assert (found is None) if why is None else (found is not None and why in found)


async def test_a_trial_of_it_does_not_take_away_what_it_was_given(tmp_path: Path) -> None:
    server = FakeOllama()
    server.memory.put(NAME, 20480)
    async with behind(tmp_path, server) as stage:
        await tried(stage, "near")
    assert set(contexts(server)) == {20480}
    assert server.memory.loads == []


async def tried(stage: Stage, provider: str) -> None:
    path = f"/api/providers/{provider}/test"
    async with stage.running.http.post(
        stage.running.url + path, headers={"x-tierwise-token": "admin-token"}, data=b"{}"
    ) as answer:
        assert answer.status == 200
        await answer.read()
