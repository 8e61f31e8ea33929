"""A model that is being loaded keeps its client waiting, but not in silence, and nobody gives up too soon."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from proxy.config import ProviderConfig
from proxy.server import serving
from proxy.wire.format import Format
from tests.fakes.local.llamacpp import FakeLlamaCpp, FakeLlamaRouter
from tests.fakes.local.llamacpp_told import LlamaModel
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import OllamaModel
from tests.fakes.server import fake_llm
from tests.proxy.server.local.stage import (
    FROM_AFAR,
    GREETING,
    KEY,
    Stage,
    among,
    hosted,
    llamacpp,
    ollama,
)
from tests.proxy.upstream.hearing import told

PING = b'event: ping\ndata: {"type": "ping"}\n\n'
NAME, HERE = "qwen3:8b", "near/qwen3:8b"
HOSTED = "https://models.example/v1"


@pytest.mark.parametrize(
    ("table", "seconds"),
    [
        ({"kind": "ollama"}, 600),
        ({"kind": "openai-compatible", "base_url": "http://127.0.0.1:1234/v1"}, 600),
        ({"kind": "ollama", "timeouts": {"first_byte": 20}}, 20),
        ({"kind": "ollama", "timeouts": {"first_byte": 0}}, 0),
        ({"kind": "anthropic"}, 300),
        ({"kind": "openai-compatible", "base_url": HOSTED}, 300),
        ({"kind": "ollama", "base_url": "http://10.0.0.7:11434"}, 300),
        ({"kind": "anthropic", "timeouts": {"first_byte": 20}}, 20),
    ],
)
def test_what_is_here_may_take_longer_until_its_first_byte(table: dict[str, Any], seconds: float) -> None:
    assert msgspec.convert(table, ProviderConfig).first_byte_seconds == seconds


async def test_a_client_is_told_that_it_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PING_SECONDS", 0.05)
    server = FakeOllama()
    async with server.running():
        tiers = {"SIMPLE": {"services": [HERE]}}
        async with among(tmp_path, providers={"near": ollama(server.url)}, tiers=tiers) as stage:
            server.memory.loads_go_on.clear()
            async with stage.streaming("Hi", "messages") as stream:
                for _ in range(3):
                    assert await stream.content.readexactly(len(PING)) == PING
                server.memory.loads_go_on.set()
                rest = await stream.content.read()
    answer = told(Format.ANTHROPIC, 200, {"content-type": "text/event-stream"}, rest)
    assert (answer.text, answer.ends) == (GREETING, 1)
    assert [each.name for each in server.memory.loads] == [NAME]


async def test_a_server_that_is_not_ready_is_passed_by_until_it_is(tmp_path: Path) -> None:
    server = FakeLlamaCpp(is_loading=True)
    async with server.running(), fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar:
        providers = {"near": llamacpp(server.url), "afar": hosted(afar.base_url)}
        tiers = {"SIMPLE": {"services": ["near/m"]}, "COMPLEX": {"services": ["afar/m"]}}
        async with among(tmp_path, providers=providers, tiers=tiers) as stage:
            first = await stage.ask("Hi", model="simple")
            server.is_loading = False
            await stage.look()
            second = await stage.ask("Hi", model="simple")
    assert (first.service, first.attempts) == ("afar/m", 1)
    assert any("near/m is marked: " in reason for reason in first.reasons)
    assert (second.service, second.text) == ("near/m", GREETING)


# -- loading ahead -----------------------------------------------------------------------------------


async def test_with_warm_up_the_first_local_model_of_each_tier_is_loaded_once(tmp_path: Path) -> None:
    models = [OllamaModel(name=name) for name in ("small:1b", "other:1b", "large:30b")]
    server = FakeOllama(models=models)
    async with server.running(), FakeOllama(models=models).running() as second:
        tiers = {
            "SIMPLE": {"services": ["near/small:1b", "near/other:1b"]},
            "COMPLEX": {"services": ["near/large:30b"]},
            "REASONING": {"services": ["second/large:30b"]},
        }
        providers = {"near": ollama(server.url), "second": ollama(second.url)}
        local = {"warm_up": True, "keep_alive": "1h"}
        async with among(tmp_path, providers=providers, tiers=tiers, local=local) as stage:
            await stage.until(lambda: _loaded(stage) == {"small:1b", "large:30b"})
            answer = await stage.ask("Hi", model="simple")
            await stage.look()
    assert answer.service == "near/small:1b"
    assert [(each.name, each.context) for each in server.memory.loads] == [("small:1b", 32768)]
    assert [(each.name, each.context) for each in second.memory.loads] == [("large:30b", 32768)]
    assert {each.body.get("keep_alive") for each in server.seen if each.method == "POST"} <= {3600, "3600s"}


async def test_where_one_is_in_memory_already_none_is_loaded_in_its_place(tmp_path: Path) -> None:
    models = [OllamaModel(name=name) for name in ("small:1b", "large:30b")]
    server, second = FakeOllama(models=models), FakeOllama(models=models)
    server.memory.put("small:1b", 8192)
    async with server.running(), second.running():
        tiers = {
            "SIMPLE": {"services": ["near/small:1b"]},
            "COMPLEX": {"services": ["near/large:30b"]},
            "REASONING": {"services": ["second/large:30b"]},
        }
        providers = {"near": ollama(server.url), "second": ollama(second.url)}
        async with among(tmp_path, providers=providers, tiers=tiers, local={"warm_up": True}) as stage:
            await stage.until(lambda: _loaded(stage) == {"small:1b", "large:30b"})
    assert (len(server.memory.loads), len(second.memory.loads)) == (0, 1)


async def test_without_warm_up_nothing_is_loaded_that_nobody_asked_for(tmp_path: Path) -> None:
    server = FakeOllama()
    async with server.running():
        tiers = {"SIMPLE": {"services": [HERE]}}
        async with among(tmp_path, providers={"near": ollama(server.url)}, tiers=tiers) as stage:
            await stage.look()
    assert server.was_only_looked_at


async def test_a_router_of_llamacpp_is_told_as_well(tmp_path: Path) -> None:
    server = FakeLlamaRouter(models=[LlamaModel(name="a"), LlamaModel(name="b")])
    async with server.running():
        tiers = {"SIMPLE": {"services": ["near/b"]}}
        providers = {"near": llamacpp(server.url)}
        async with among(tmp_path, providers=providers, tiers=tiers) as stage:
            status, answered = await stage.admin("POST", "/api/local/load", {"service": "near/b"})
            await stage.until(lambda: _loaded(stage) == {"b"})
    assert (status, answered["service"], server.loads) == (200, "near/b", ["b"])


def _loaded(stage: Stage) -> set[str]:
    watch = stage.running.gateway.watch
    assert watch is not None
    return {model.name for server in watch.servers for model in server.models if model.is_loaded}


async def test_a_stop_does_not_wait_for_what_is_being_loaded(tmp_path: Path) -> None:
    server = FakeOllama()
    server.memory.loads_go_on.clear()
    async with server.running(), asyncio.timeout(10):
        tiers = {"SIMPLE": {"services": [HERE]}}
        providers = {"near": ollama(server.url)}
        async with among(tmp_path, providers=providers, tiers=tiers, local={"warm_up": True}):
            while not server.memory.loading:
                server.arrived.clear()
                await server.arrived.wait()
    assert server.memory.loads == []
