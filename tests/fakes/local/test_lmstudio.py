"""The pretended LM Studio says yes to every path, and loads and cuts as the real one does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes.local.lmstudio import LOADED_BY_HAND, Api, FakeLmStudio
from tests.fakes.local.lmstudio_told import LmStudioModel
from tests.fakes.local.memory import Memory

NAME = "qwen/qwen3-8b"
OTHER = "google/gemma-3-4b"
LONG = "x" * 4096


def chat(*texts: str, model: str = NAME, **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text} for text in texts], **more}


async def ask(server: FakeLmStudio, line: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    method, path = line.split()
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.url + path, json=body, headers=headers) as told,
    ):
        return told.status, await told.json()


async def test_it_greets_and_says_200_to_everything_else() -> None:
    async with FakeLmStudio().running() as server:
        assert await ask(server, "GET /lmstudio-greeting") == (200, {"lmstudio": True})
        status, answer = await ask(server, "GET /api/version")
    assert (status, answer) == (200, {"error": "Unexpected endpoint or method. (GET /api/version)"})
    assert server.was_only_looked_at


@pytest.mark.parametrize(
    ("api", "has"), [("v1", (True, True)), ("v0", (False, True)), ("openai", (False, False))]
)
async def test_older_ones_have_fewer_lists(api: Api, has: tuple[bool, bool]) -> None:
    async with FakeLmStudio(api=api).running() as server:
        _, newest = await ask(server, "GET /api/v1/models")
        _, older = await ask(server, "GET /api/v0/models")
        _, oldest = await ask(server, "GET /v1/models")
    assert ("models" in newest, "data" in older) == has
    assert oldest["data"][0]["id"] == NAME


async def test_both_lists_tell_what_is_loaded_and_how_large() -> None:
    models = [LmStudioModel(), LmStudioModel(key="nomic-embed", type="embedding")]
    async with FakeLmStudio(models=models).running() as server:
        server.memory.put(NAME, 8192, how=LOADED_BY_HAND)
        _, newest = await ask(server, "GET /api/v1/models")
        _, older = await ask(server, "GET /api/v0/models")
    assert newest["models"][0]["loaded_instances"][0]["config"]["context_length"] == 8192
    assert newest["models"][1]["loaded_instances"] == []
    assert "capabilities" not in newest["models"][1]
    assert [each["state"] for each in older["data"]] == ["loaded", "not-loaded"]
    assert older["data"][0]["loaded_context_length"] == 8192


async def test_a_request_loads_its_model_and_drives_out_what_the_last_one_loaded() -> None:
    models = [LmStudioModel(), LmStudioModel(key=OTHER), LmStudioModel(key="by/hand")]
    async with FakeLmStudio(models=models).running() as server:
        server.memory.put("by/hand", 8192, how=LOADED_BY_HAND)
        await ask(server, "POST /v1/chat/completions", chat("hello"))
        await ask(server, "POST /v1/chat/completions", chat("hello", model=OTHER))
        assert set(server.memory.loaded) == {"by/hand", OTHER}
    assert [each.name for each in server.memory.loads] == [NAME, OTHER]


async def test_what_a_request_loaded_goes_when_nobody_asks_for_it_any_more() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    memory = Memory(now=lambda: now)
    async with FakeLmStudio(memory=memory).running() as server:
        await ask(server, "POST /v1/chat/completions", chat("hello", ttl=300))
        now += timedelta(seconds=299)
        assert set(memory.loaded) == {NAME}
        await ask(server, "POST /v1/chat/completions", chat("hello"))
        now += timedelta(seconds=299)
        assert set(memory.loaded) == {NAME}
        now += timedelta(seconds=1)
        assert memory.loaded == {}


async def test_it_can_be_told_to_load_with_a_context_and_to_unload() -> None:
    async with FakeLmStudio().running() as server:
        wanted = {"model": NAME, "context_length": 16384, "echo_load_config": True}
        status, answer = await ask(server, "POST /api/v1/models/load", wanted)
        assert (status, answer["status"], answer["load_config"]["context_length"]) == (200, "loaded", 16384)
        assert server.memory.loaded[NAME].context == 16384
        assert await ask(server, "POST /api/v1/models/unload", {"instance_id": NAME}) == (
            200,
            {"instance_id": NAME},
        )
        assert server.memory.loaded == {}


async def test_without_loading_on_demand_only_what_is_loaded_is_listed_and_answers() -> None:
    async with FakeLmStudio(loads_on_demand=False).running() as server:
        assert (await ask(server, "GET /v1/models"))[1]["data"] == []
        status, answer = await ask(server, "POST /v1/chat/completions", chat("hello"))
        assert (status, answer["error"]["message"][:17]) == (400, "No models loaded.")
        server.memory.put(NAME, 8192)
        assert (await ask(server, "POST /v1/chat/completions", chat("hello")))[0] == 200
        status, answer = await ask(server, "POST /v1/chat/completions", chat("hello", model=OTHER))
    assert (status, answer["error"]["code"]) == (400, "model_not_found")
    assert server.memory.loads == []


async def test_the_middle_of_a_long_conversation_is_lost_in_silence() -> None:
    async with FakeLmStudio(default_context=2500).running() as server:
        told = chat("first " + LONG, "second " + LONG, "third " + LONG)
        told["messages"].insert(0, {"role": "system", "content": "rules"})
        status, answer = await ask(server, "POST /v1/chat/completions", told)
        assert [each["content"][:5] for each in server.talk.reached[0]] == ["rules", "first", "third"]
    assert (status, answer["usage"]["prompt_tokens"] < 2500) == (200, True)


@pytest.mark.parametrize(
    ("api", "words"), [("v1", "Cannot truncate prompt with n_keep"), ("v0", "Trying to keep the first")]
)
async def test_a_beginning_that_does_not_fit_is_refused_in_a_text(api: Api, words: str) -> None:
    async with FakeLmStudio(api=api, default_context=1000).running() as server:
        status, answer = await ask(server, "POST /v1/chat/completions", chat(LONG))
    assert status == 400
    assert answer["error"].startswith(words)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer no"}, 401), ({"Authorization": "Bearer key"}, 200)],
)
async def test_with_a_key_only_the_greeting_is_free(headers: dict[str, str], status: int) -> None:
    async with FakeLmStudio(key="key").running() as server:
        assert (await ask(server, "GET /lmstudio-greeting"))[0] == 200
        assert (await ask(server, "GET /api/v1/models", **headers))[0] == status
        assert (await ask(server, "GET /nowhere", **headers))[0] == status
