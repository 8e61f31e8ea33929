"""LM Studio behind the gateway: what a loaded model takes, and what nobody knows of another one."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.wire.format import Format
from tests.fakes.local.lmstudio import LOADED_BY_HAND, Api, FakeLmStudio
from tests.fakes.local.lmstudio_told import LmStudioModel
from tests.fakes.server import fake_llm
from tests.proxy.server.local.stage import (
    FROM_AFAR,
    GREETING,
    KEY,
    WAYS,
    Stage,
    against,
    among,
    free_port,
    hosted,
    lmstudio,
    prose,
)

NAME = "qwen/qwen3-8b"
HERE = f"near/{NAME}"
SECRET = "sk-lm-7f3a9c2e5d8b1406"
SECRETS = {"env:LM_KEY": SECRET}


@asynccontextmanager
async def behind(
    home: Path, server: FakeLmStudio, *, looks: bool = True, **local: Any
) -> AsyncIterator[Stage]:
    """A gateway with this server in its simple tier, and a hosted service above it."""
    async with server.running(), fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar:
        providers = {"near": lmstudio(server.url, key="env:LM_KEY"), "afar": hosted(afar.base_url)}
        tiers = {"SIMPLE": {"services": [HERE]}, "COMPLEX": {"services": ["afar/m"]}}
        async with among(
            home, secrets=SECRETS, looks=looks, providers=providers, tiers=tiers, local=local
        ) as stage:
            yield stage


@asynccontextmanager
async def alone(home: Path, server: FakeLmStudio, **more: Any) -> AsyncIterator[Stage]:
    tiers = {"SIMPLE": {"services": [HERE]}}
    async with server.running():
        providers = {"near": lmstudio(server.url, **more)}
        async with among(home, secrets=SECRETS, providers=providers, tiers=tiers) as stage:
            yield stage


def loaded(context: int = 8192, **more: Any) -> FakeLmStudio:
    server = FakeLmStudio(**more)
    server.memory.put(NAME, context, how=LOADED_BY_HAND)
    return server


def reached(server: FakeLmStudio) -> list[bool]:
    """Of everything that the model was given: whether it was whole."""
    asked = [each.body["messages"] for each in server.seen if each.line == "POST /v1/chat/completions"]
    return [list(left) == told for left, told in zip(server.talk.reached, asked, strict=False)]


def conversation(tokens: int) -> list[dict[str, str]]:
    """Many short turns, so that its middle can be lost."""
    turns = 20
    roles = ("user", "assistant")
    said = [{"role": roles[turn % 2], "content": prose(tokens // turns)} for turn in range(turns)]
    return [{"role": "system", "content": "Be brief."}, *said, {"role": "user", "content": "And now?"}]


@pytest.mark.parametrize("api", ["v1", "v0"])
async def test_a_loaded_model_takes_what_it_was_loaded_with_and_not_what_it_could(
    tmp_path: Path, api: Api
) -> None:
    server = loaded(api=api)
    async with behind(tmp_path, server) as stage:
        fits = await stage.ask("", messages=conversation(5000), model="simple")
        told = await stage.explained("", messages=conversation(9000), model="simple")
        long = await stage.ask("", messages=conversation(9000), model="simple")
    assert (fits.service, fits.text, long.service) == (HERE, GREETING, "afar/m")
    assert "it has room for 8,192" in (against(told, HERE) or "")
    assert reached(server) == [True]


async def test_what_might_not_fit_is_not_tried_where_nobody_would_tell(tmp_path: Path) -> None:
    """An estimate may be a quarter too low, and a client that wants a short answer needs no room for it."""
    server = loaded()
    async with behind(tmp_path, server) as stage:
        answer = await stage.ask("", messages=conversation(7000), model="simple", max_tokens=10)
    assert (answer.service, server.talk.reached) == ("afar/m", [])


@pytest.mark.parametrize("api", ["v1", "v0"])
@pytest.mark.parametrize(("trained", "room"), [(32768, "4,096"), (2048, "2,048")])
async def test_one_that_is_not_loaded_counts_with_what_it_is_usually_loaded_with(
    tmp_path: Path, api: Api, trained: int, room: str
) -> None:
    server = FakeLmStudio(models=[LmStudioModel(most_context=trained)], api=api)
    async with behind(tmp_path, server) as stage:
        told = await stage.explained(prose(5000), model="simple")
        long = await stage.ask(prose(5000), model="simple")
        short = await stage.ask("Hi", model="simple")
    why = against(told, HERE) or ""
    assert "its model is not loaded" in why
    assert room in why
    assert any(why in reason for reason in long.reasons)
    assert (long.service, short.service, short.text) == ("afar/m", HERE, GREETING)


@pytest.mark.parametrize("way", WAYS)
async def test_a_user_who_has_nothing_else_reads_what_to_do(tmp_path: Path, way: str) -> None:
    server = FakeLmStudio()
    async with alone(tmp_path, server) as stage:
        answer = await stage.ask(prose(20_000), way)
    assert answer.status == 400
    assert "too long" in answer.error
    assert "load it with more context" in answer.error
    assert server.talk.reached == []


async def test_nothing_is_cut_because_it_was_asked_too_soon(tmp_path: Path) -> None:
    """Before anybody could have looked at it."""
    server = loaded()
    async with behind(tmp_path, server, looks=False) as stage:
        answer = await stage.ask("", messages=conversation(9000), model="simple")
    assert (answer.service, server.talk.reached) == ("afar/m", [])


async def test_one_that_was_loaded_by_us_is_known_at_once_with_all_its_room(tmp_path: Path) -> None:
    server = FakeLmStudio()
    async with behind(tmp_path, server) as stage:
        status, told = await stage.admin("POST", "/api/local/load", {"service": HERE})
        assert (status, told["service"]) == (200, HERE)
        await stage.until(lambda: _context(stage) == 32768)
        answer = await stage.ask("", messages=conversation(15_000), model="simple")
    assert (answer.service, reached(server)) == (HERE, [True])
    assert [each.context for each in server.memory.loads] == [32768]


def _context(stage: Stage) -> int | None:
    watch = stage.running.gateway.watch
    assert watch is not None
    [model] = [model for server in watch.servers for model in server.models]
    return model.context


async def test_with_warm_up_it_is_loaded_before_anybody_asks(tmp_path: Path) -> None:
    server = FakeLmStudio()
    async with behind(tmp_path, server, warm_up=True) as stage:
        await stage.until(lambda: _context(stage) == 32768)
        answer = await stage.ask("", messages=conversation(15_000), model="simple")
    assert (answer.service, reached(server)) == (HERE, [True])
    assert [each.how for each in server.memory.loads] == [LOADED_BY_HAND]


@pytest.mark.parametrize("api", ["v1", "v0", "openai"])
async def test_its_refusal_leads_on_whatever_its_words(tmp_path: Path, api: Api) -> None:
    """Where nobody had looked at it, its words are all there is."""
    server = loaded(2048, api=api)
    async with behind(tmp_path, server, enabled=False) as stage:
        answer = await stage.ask(prose(5000), model="simple")
    assert (answer.service, answer.attempts, server.talk.reached) == ("afar/m", 2, [])


async def test_one_that_loads_nothing_by_itself_leaves_requests_to_others(tmp_path: Path) -> None:
    server = FakeLmStudio(loads_on_demand=False)
    async with behind(tmp_path, server) as stage:
        answer = await stage.ask("Hi", model="simple")
    assert (answer.service, answer.attempts) == ("afar/m", 2)


@pytest.mark.parametrize(("said", "ttl"), [("30m", 1800), ("forever", None), ("", None)])
async def test_it_is_kept_in_memory_as_long_as_the_user_says(
    tmp_path: Path, said: str, ttl: int | None
) -> None:
    server = FakeLmStudio()
    async with behind(tmp_path, server, keep_alive=said) as stage:
        await stage.ask("Hi", model="simple")
    [asked] = [each for each in server.seen if each.method == "POST"]
    assert asked.body.get("ttl") == ttl


async def test_it_is_shown_its_key_by_requests_and_not_by_looking(tmp_path: Path) -> None:
    server = loaded(key=SECRET)
    async with behind(tmp_path, server) as stage:
        found = (await stage.look())["near"]
        answer = await stage.ask("Hi", model="simple")
    assert (found["state"], found["models"], answer.service) == ("locked", [], HERE)
    assert {each.key for each in server.seen if each.method == "GET"} == {""}


@pytest.mark.parametrize("way", WAYS)
async def test_a_key_that_it_refuses_is_repeated_to_nobody(
    tmp_path: Path, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It quotes how the key begins."""
    server = loaded(key="another")
    with caplog.at_level(logging.DEBUG):
        async with alone(tmp_path, server, key="env:LM_KEY") as stage:
            answer = await stage.ask("Hi", way)
            await stage.recorded()
            pages = [await stage.admin("GET", path) for path in ("/api/local", "/api/recent", "/api/health")]
    [exchange] = stage.running.recorder.exchanges
    assert exchange.failure is not None
    assert answer.status == 401
    shown = [answer.told, dict(answer.headers), exchange.failure.sentence, exchange.failure.for_log, pages]
    leaking = [text for text in [*shown, caplog.text] if SECRET[:8] in str(text)]
    assert leaking == []


async def test_one_that_is_back_is_known_again_before_it_is_asked(tmp_path: Path) -> None:
    """It was gone at the last look, and is the only one there is."""
    server = loaded(4096)
    port = free_port()
    providers = {"near": lmstudio(f"http://127.0.0.1:{port}")}
    async with among(
        tmp_path, providers=providers, tiers={"SIMPLE": {"services": [HERE]}}, looks=False
    ) as stage:
        assert (await stage.look())["near"]["state"] == "gone"
        server.port = port
        async with server.running():
            answer = await stage.ask("", messages=conversation(9000))
    assert answer.status == 400
    assert "4096" in str(answer.told)
    assert reached(server) == []


async def test_what_it_was_loaded_with_may_have_changed_since_the_last_look(tmp_path: Path) -> None:
    """Somebody has loaded the model anew, with as little as is usual."""
    server = loaded(32768)
    async with alone(tmp_path, server) as stage:
        assert (await stage.ask("", messages=conversation(1000))).status == 200
        server.memory.put(NAME, 4096, how=LOADED_BY_HAND)
        answer = await stage.ask("", messages=conversation(9000))
    assert answer.status == 400
    assert "4096" in str(answer.told)
    assert reached(server) == [True]
