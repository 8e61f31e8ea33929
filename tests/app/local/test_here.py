"""Who is asked for the model servers here: a running Tierwise, and without one the servers themselves."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.commands.context import Context
from app.home import Home
from app.instance import Instance, InstanceLock
from app.local import here
from app.local.here import as_servers, look, told_here
from proxy.config import Config, LocalConfig, ProviderConfig
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from tests.app.local.told import model, server, told
from tests.app.test_remote import answering
from tests.fakes.local.memory import Memory
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import OllamaModel

FAR = "http://127.0.0.1:9"
"""Nobody is there: who tells of it has it from hearsay."""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    home = Home(tmp_path)
    home.prepare()
    return Context(home=home, environ={"HOME": str(tmp_path)})


@contextmanager
def announced(context: Context, instance: Instance) -> Iterator[None]:
    """It runs, as far as anybody can see."""
    with InstanceLock(context.home) as lock:
        lock.announce(msgspec.structs.replace(instance, pid=os.getpid()))
        yield


def has_entry(context: Context, url: str, more: str = "") -> None:
    context.home.config.write_text(f'[local]\n{more}\n[[local.servers]]\nurl = "{url}"\n')


@contextmanager
def running_that_says(context: Context, said: object, status: str = "200 OK") -> Iterator[None]:
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    with answering(head + body) as instance, announced(context, instance):
        yield


def at(told_servers: Any, url: str) -> Any:
    """Other servers may well run on the machine of the tests."""
    return next((each for each in told_servers if each.url == url), None)


def test_a_running_tierwise_is_asked_and_its_measurements_are_told(context: Context) -> None:
    said = told(server(model(tokens_per_second=41.5, tiers=["SIMPLE"]), url=FAR, configured=True))
    with running_that_says(context, msgspec.to_builtins(said)):
        assert told_here(context) == said


def test_what_it_tells_becomes_servers_again(context: Context) -> None:
    able = model(loaded=True, context=8192, vision=None, thinking=True)
    cloud = model("glm:cloud", local=False, size=None, tools=False)
    said = told(server(able, cloud, url=FAR, slots=2, exposed=True, state="loading"))
    with running_that_says(context, msgspec.to_builtins(said)):
        assert as_servers(told_here(context)) == [
            LocalServer(
                kind=ServerKind.OLLAMA,
                place=Place("127.0.0.1", 9),
                version="0.34.2",
                state=State.LOADING,
                slots=2,
                is_exposed=True,
                models=(
                    LocalModel(
                        name="qwen3:8b",
                        is_loaded=True,
                        context=8192,
                        most_context=40960,
                        tools=True,
                        vision=None,
                        thinking=True,
                        size=5_200_000_000,
                        parameters="8.2B",
                        quantisation="Q4_K_M",
                    ),
                    LocalModel(
                        name="glm:cloud",
                        is_loaded=False,
                        most_context=40960,
                        tools=False,
                        vision=False,
                        thinking=False,
                        parameters="8.2B",
                        quantisation="Q4_K_M",
                        is_remote=True,
                    ),
                ),
            )
        ]


@pytest.mark.parametrize("said", [{"kind": "a later one"}, {"state": "a later one"}, {"url": "nowhere"}])
def test_what_only_a_later_version_knows_is_no_server_of_ours(context: Context, said: dict[str, str]) -> None:
    servers = told(server(**{"url": FAR, **said}), server(url="http://127.0.0.1:10"))
    with running_that_says(context, msgspec.to_builtins(servers)):
        assert [each.place.port for each in as_servers(told_here(context))] == [10]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (msgspec.to_builtins(told(server(url=FAR), enabled=False)), "200 OK"),
        ({"error": {"message": "There is no such path."}}, "404 Not Found"),
        ({"servers": "in another form"}, "200 OK"),
        ([], "200 OK"),
    ],
    ids=["does not look", "an older version", "another version", "no Tierwise"],
)
async def test_who_cannot_get_it_from_the_running_one_looks_by_themselves(
    context: Context, said: object, status: str
) -> None:
    async with FakeOllama().running() as ollama:
        has_entry(context, ollama.url)
        with running_that_says(context, said, status):
            found = await asyncio.to_thread(told_here, context)
    assert at(found.servers, ollama.url).label == "Ollama"
    assert at(found.servers, FAR) is None


async def test_one_that_hangs_is_not_waited_for_long(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here, "_PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(here, "_SHORT_PATIENCE_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        hanging = Instance(pid=0, url=url, admin_token="t", version="v")
        async with FakeOllama().running() as ollama:
            has_entry(context, ollama.url)
            with announced(context, hanging):
                found = await asyncio.to_thread(told_here, context)
    assert at(found.servers, ollama.url) is not None


async def test_one_that_looks_for_long_tells_what_it_knows(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here, "_PATIENCE_SECONDS", 0.1)
    said = told(server(model(), url=FAR))
    body = msgspec.json.encode(said)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /api/local "):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        else:
            await reader.read()  # it looks until nobody waits any more
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as running:
        url = f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"
        with announced(context, Instance(pid=0, url=url, admin_token="t", version="v")):
            assert await asyncio.to_thread(told_here, context) == said


async def test_one_that_is_just_ending_is_no_obstacle(context: Context) -> None:
    dying = Instance(pid=0, url=FAR, admin_token="t", version="v")
    async with FakeOllama().running() as ollama:
        has_entry(context, ollama.url)
        with announced(context, dying):
            found = await asyncio.to_thread(told_here, context)
    assert at(found.servers, ollama.url) is not None


async def test_without_one_it_looks_by_itself_and_only_looks(context: Context) -> None:
    models = [OllamaModel(name="qwen3:8b"), OllamaModel(name="glm:cloud", remote_host="https://ollama.com")]
    memory = Memory()
    memory.put("qwen3:8b", 8192)
    async with FakeOllama(models=models, memory=memory).running() as ollama:
        has_entry(context, ollama.url)
        found = await asyncio.to_thread(told_here, context)
    mine = at(found.servers, ollama.url)
    assert (mine.name, mine.configured, mine.exposed) == ("ollama", False, False)
    assert [(each.name, each.loaded, each.context, each.local) for each in mine.models] == [
        ("qwen3:8b", True, 8192, True),
        ("glm:cloud", None, None, False),
    ]
    assert ollama.was_only_looked_at


async def test_what_is_switched_off_may_still_be_asked_for_by_hand(context: Context) -> None:
    async with FakeOllama().running() as ollama:
        has_entry(context, ollama.url, "enabled = false")
        found = await asyncio.to_thread(told_here, context)
    assert found.enabled is False
    assert at(found.servers, ollama.url) is not None


async def test_what_is_configured_and_does_not_answer_is_told_of_once() -> None:
    config = Config(
        providers={
            "gone": ProviderConfig(kind="vllm", base_url=f"{FAR}/v1"),
            "again": ProviderConfig(kind="vllm", base_url=f"{FAR}/v1"),
            "afar": ProviderConfig(kind="openai", base_url="https://api.example"),
            "off": ProviderConfig(kind="lmstudio", base_url="http://127.0.0.1:10/v1", enabled=False),
        },
        local=LocalConfig(enabled=False),
    )
    gone = [each for each in await look(config, {}) if each.state is State.GONE]
    assert gone == [LocalServer(kind=ServerKind.VLLM, place=Place("127.0.0.1", 9), state=State.GONE)]
